"""What the bot understood. Havel's threshold is 0.6, its `unclear` is a fallback."""

from tests.integration.golden.scenario import scenario


def _counts(classifiable: int, no_match: int, labelled: int, correct: int) -> dict[str, int]:
    return {
        "classifiable_messages": classifiable,
        "no_match_messages": no_match,
        "labelled_messages": labelled,
        "correct_messages": correct,
    }


SCENARIOS = [
    scenario(
        "an intent that nobody labelled",
        """
        09:00:00 customer Do you do vaccinations | intent=vaccination confidence=0.9
        09:00:02 bot We do
        """,
        _counts(1, 0, 0, 0),
        business="havel",
    ),
    scenario(
        "a label that agrees",
        """
        09:00:00 customer Do you do vaccinations | intent=vaccination confidence=0.9
        09:00:02 bot We do
        12:00:00 label vaccination | of=1 p=0.25
        """,
        _counts(1, 0, 1, 1),
        business="havel",
    ),
    scenario(
        "a label that disagrees",
        """
        09:00:00 customer Do you do vaccinations | intent=prices confidence=0.9
        09:00:02 bot It is free
        12:00:00 label vaccination | of=1 p=0.5
        """,
        _counts(1, 0, 1, 0),
        business="havel",
    ),
    scenario(
        "a confidence below the threshold",
        """
        09:00:00 customer Do you do vaccinations | intent=vaccination confidence=0.59
        09:00:02 bot Sorry
        12:00:00 label vaccination | of=1
        """,
        _counts(1, 1, 1, 0),
        business="havel",
    ),
    scenario(
        "a confidence exactly at the threshold",
        """
        09:00:00 customer Do you do vaccinations | intent=vaccination confidence=0.6
        09:00:02 bot We do
        12:00:00 label vaccination | of=1
        """,
        _counts(1, 0, 1, 1),
        business="havel",
    ),
    scenario(
        "an intent without a confidence",
        """
        09:00:00 customer Do you do vaccinations | intent=vaccination
        09:00:02 bot We do
        """,
        _counts(1, 0, 0, 0),
        business="havel",
    ),
    scenario(
        "a low confidence where no threshold is set",
        """
        09:00:00 customer Запишите | intent=booking confidence=0.1
        09:00:02 bot Записываю
        """,
        _counts(1, 0, 0, 0),
    ),
    scenario(
        "a fallback by the log's flag",
        """
        09:00:00 customer Бу бу бу | intent=booking confidence=0.9 fallback
        09:00:02 bot Не понимаю
        12:00:00 label booking | of=1
        """,
        _counts(1, 1, 1, 0),
    ),
    scenario(
        "a fallback by the flag without any intent",
        """
        09:00:00 customer Бу бу бу | fallback
        09:00:02 bot Не понимаю
        """,
        _counts(1, 1, 0, 0),
    ),
    scenario(
        "a fallback intent of the business's own",
        """
        09:00:00 customer Blah | intent=unclear confidence=0.95
        09:00:02 bot Sorry
        12:00:00 label vaccination | of=1
        """,
        _counts(1, 1, 1, 0),
        business="havel",
    ),
    scenario(
        "a known system's fallback intent where the business lists none",
        """
        09:00:00 customer Бу бу бу | intent=nlu_fallback confidence=0.3
        09:00:02 bot Не понимаю
        """,
        _counts(1, 1, 0, 0),
    ),
    scenario(
        "a known system's fallback intent where the business lists its own",
        """
        09:00:00 customer Blah | intent=nlu_fallback confidence=0.95
        09:00:02 bot Sorry
        """,
        _counts(1, 0, 0, 0),
        business="havel",
    ),
    scenario(
        "a fallback is right where the truth is out of scope",
        """
        09:00:00 customer Who won the match | intent=vaccination confidence=0.2
        09:00:02 bot Sorry
        12:00:00 label out_of_scope | of=1
        """,
        _counts(1, 1, 1, 1),
        business="havel",
    ),
    scenario(
        "a fallback is right where the truth is out of the business's scope",
        """
        09:00:00 customer Tell me a joke | fallback
        09:00:02 bot Sorry
        12:00:00 label jokes | of=1
        """,
        _counts(1, 1, 1, 1),
        business="havel",
    ),
    scenario(
        "an intent is wrong where the truth is out of scope",
        """
        09:00:00 customer Who won the match | intent=vaccination confidence=0.8
        09:00:02 bot We do
        12:00:00 label out_of_scope | of=1
        """,
        _counts(1, 0, 1, 0),
        business="havel",
    ),
    scenario(
        "a name that is out of scope in another business",
        """
        09:00:00 customer Расскажи анекдот | fallback
        09:00:02 bot Не понимаю
        12:00:00 label jokes | of=1
        """,
        _counts(1, 1, 1, 0),
    ),
    scenario(
        "buttons and media are not for the classifier",
        """
        09:00:00 customer Записаться | button intent=booking confidence=1
        09:00:02 bot На какой день?
        09:01:00 customer | media intent=booking confidence=0.7
        09:01:02 bot Не вижу
        09:02:00 customer Завтра
        09:02:02 bot Записываю
        """,
        _counts(0, 0, 0, 0),
    ),
    scenario(
        "what is written to a person is not for the classifier",
        """
        09:00:00 customer Запишите | intent=booking confidence=0.8
        09:00:02 bot Зову администратора
        09:00:03 event handoff_started
        09:00:30 customer Алло | intent=greeting confidence=0.9
        09:01:00 operator Слушаю
        09:02:00 customer На завтра | intent=nlu_fallback
        09:03:00 operator Записала
        """,
        _counts(1, 0, 0, 0),
    ),
    scenario(
        "the bot classifies again after the handoff has ended",
        """
        09:00:00 customer Запишите | intent=booking confidence=0.8
        09:00:02 bot Зову администратора
        09:00:03 event handoff_started
        09:01:00 operator Слушаю
        09:02:00 customer На завтра | intent=nlu_fallback
        09:03:00 operator Записала
        09:04:00 event handoff_ended
        09:05:00 customer А где вы | intent=address confidence=0.9
        09:05:02 bot На Арбате
        """,
        _counts(2, 0, 0, 0),
    ),
    scenario(
        "the bot classifies again after it spoke again",
        """
        09:00:00 customer Запишите | intent=booking confidence=0.8
        09:00:02 bot Записываю
        09:01:00 operator Это ко мне
        09:02:00 customer Хорошо, жду вас завтра | intent=booking confidence=0.7
        09:02:02 bot Готово
        09:03:00 customer А где вы | intent=address confidence=0.9
        09:03:02 bot На Арбате
        """,
        _counts(2, 0, 0, 0),
    ),
    scenario(
        "three messages of which one is not understood",
        """
        09:00:00 customer Do you do vaccinations | intent=vaccination confidence=0.9
        09:00:02 bot We do
        09:01:00 customer Foo bar | intent=unclear confidence=0.9
        09:01:02 bot Sorry
        09:02:00 customer How much is it | intent=prices confidence=0.9
        09:02:02 bot It is free
        10:00:00 label vaccination | of=1 p=0.2
        10:00:00 label prices | of=3 p=1
        10:00:00 label vaccination | of=5 p=0.1
        """,
        _counts(3, 1, 3, 1),
        business="havel",
    ),
]
