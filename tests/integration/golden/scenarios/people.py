"""The same person again, in another channel, on another's phone; versions and experiments."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "a return just under a day",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        10:00:03 event closed
        day+1 10:00:01 customer А парковка есть
        day+1 10:00:03 bot Есть
        """,
        {"returned_within_24h": True, "returned_within_72h": True, "is_resolved": False},
        {"returned_within_24h": False},
    ),
    scenario(
        "a return after two days",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        day+2 10:00:00 customer А парковка есть
        day+2 10:00:03 bot Есть
        """,
        {"returned_within_24h": False, "returned_within_72h": True, "is_resolved": False},
        {"is_resolved": True},
    ),
    scenario(
        "a return after five days",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        day+5 10:00:00 customer А парковка есть
        day+5 10:00:03 bot Есть
        """,
        {
            **{"returned_within_72h": False, "returned_within_168h": True, "is_resolved": True},
            **{"is_returning_person": False},
        },
        {"is_returning_person": True},
    ),
    scenario(
        "a return after eight days",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        day+8 10:00:00 customer А парковка есть
        day+8 10:00:03 bot Есть
        """,
        {"returned_within_168h": False, "is_resolved": True},
        {"is_returning_person": True},
    ),
    scenario(
        "a broadcast in between is no return",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        day+2 10:00:00 bot Скидки! | broadcast
        """,
        {"returned_within_72h": False, "is_resolved": True},
        {"session_kind": "broadcast_silent"},
    ),
    scenario(
        "somebody else's session is no return",
        """
        10:00:00 customer Вы работаете в субботу | user=A
        10:00:02 bot Да, с 11 до 18 | user=A
        day+2 10:00:00 customer А парковка есть | user=B
        day+2 10:00:02 bot Есть | user=B
        """,
        {"returned_within_72h": False, "is_resolved": True},
        {"is_returning_person": False},
    ),
    scenario(
        "one person in two channels with one phone and a lead by it",
        """
        10:00:00 customer Хочу на стрижку | user=A phone=A
        10:00:02 bot Записываю | user=A
        10:20:00 customer Хочу на стрижку | user=B phone=A channel=whatsapp
        10:20:02 bot Записываю | user=B channel=whatsapp
        10:30:00 lead L1 | phone=A
        """,
        {"leads": 0, "is_converted": False, "loss_reason": "wrong_channel"},
        {"leads": 1, "is_converted": True, "match_method": "phone"},
        leads={"L1": {"match_method": "phone", "match_confidence": 0.9}},
    ),
    scenario(
        "two people on one phone",
        """
        10:00:00 customer Хочу на стрижку | user=A phone=A
        10:00:02 bot Записываю | user=A
        10:20:00 customer Хочу на маникюр | user=B phone=A
        10:20:02 bot Записываю | user=B
        10:30:00 lead L1 | phone=A
        """,
        {"leads": 0},
        {"leads": 0},
        leads={"L1": {"match_method": None, "unmatched_reason": "ambiguous_phone"}},
    ),
    scenario(
        "two people on one phone where the lead names one of them",
        """
        10:00:00 customer Хочу на стрижку | user=A phone=A
        10:00:02 bot Записываю | user=A
        10:20:00 customer Хочу на маникюр | user=B phone=A
        10:20:02 bot Записываю | user=B
        10:30:00 lead L1 | phone=A user=A
        """,
        {"leads": 1, "match_method": "user_id"},
        {"leads": 0},
    ),
    scenario(
        "the variant changes in the middle",
        """
        10:00:00 customer Хочу на стрижку | experiment=hello variant=a
        10:00:02 bot Записываю | experiment=hello variant=a
        10:05:00 customer На пять | experiment=hello variant=b
        10:05:02 bot Хорошо | experiment=hello variant=b
        """,
        {"experiment": "hello", "variant": "a"},
    ),
    scenario(
        "another variant in the next session",
        """
        10:00:00 customer Хочу на стрижку | experiment=hello variant=a
        10:00:02 bot Записываю | experiment=hello variant=a
        day+3 10:00:00 customer На пять | experiment=hello variant=b
        day+3 10:00:02 bot Хорошо | experiment=hello variant=b
        """,
        {"variant": "a"},
        {},
    ),
    scenario(
        "the bot's version comes with its first message",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю | version=2.0
        """,
        {"bot_version": "2.0", "variant": None},
    ),
]
