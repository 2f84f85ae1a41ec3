"""What people and the log say of what the bot understood."""

from tests.integration.golden.scenario import scenario


def _judged(labelled: int, correct: int, messages: int = 1) -> dict[str, int]:
    return {
        "classifiable_messages": messages,
        "labelled_messages": labelled,
        "correct_messages": correct,
    }


SCENARIOS = [
    scenario(
        "the log says that the intent was right",
        """
        09:00:00 customer Запишите | intent=booking confidence=0.8 right
        09:00:02 bot Записываю
        """,
        _judged(1, 1),
    ),
    scenario(
        "the log says that the intent was wrong",
        """
        09:00:00 customer Запишите | intent=prices confidence=0.8 wrong
        09:00:02 bot От тысячи
        """,
        _judged(1, 0),
    ),
    scenario(
        "a person's label rules over the log",
        """
        09:00:00 customer Запишите | intent=prices confidence=0.8 right
        09:00:02 bot От тысячи
        12:00:00 label booking | of=1
        """,
        _judged(1, 0),
    ),
    scenario(
        "two labellers who disagree",
        """
        09:00:00 customer Запишите | intent=booking confidence=0.8
        09:00:02 bot Записываю
        12:00:00 label booking | of=1 by=ann
        12:01:00 label prices | of=1 by=bob
        """,
        _judged(0, 0),
    ),
    scenario(
        "two labellers who disagreed and settled it",
        """
        09:00:00 customer Запишите | intent=booking confidence=0.8
        09:00:02 bot Записываю
        12:00:00 label booking | of=1 by=ann
        12:01:00 label prices | of=1 by=bob
        13:00:00 label booking | of=1 by=bob
        """,
        _judged(1, 1),
    ),
    scenario(
        "two labellers who agree",
        """
        09:00:00 customer Запишите | intent=prices confidence=0.8
        09:00:02 bot От тысячи
        12:00:00 label booking | of=1 by=ann p=0.5
        12:01:00 label booking | of=1 by=bob p=0.5
        """,
        _judged(1, 0),
    ),
    scenario(
        "a labeller who changed their mind, delivered the other way round",
        """
        09:00:00 customer Запишите | intent=booking confidence=0.8
        09:00:02 bot Записываю
        13:00:00 label booking | of=1 by=ann
        12:00:00 label prices | of=1 by=ann
        """,
        _judged(1, 1),
    ),
    scenario(
        "a label on an id that two messages bear",
        """
        09:00:00 customer Запишите | id=1 chat=A intent=booking confidence=0.8
        09:00:02 bot Записываю | chat=A
        09:01:00 customer Сколько стоит | id=1 chat=B intent=prices confidence=0.8
        09:01:02 bot От тысячи | chat=B
        12:00:00 label booking | of=1
        """,
        _judged(0, 0, 2),
    ),
]
