"""The same second, skewed clocks and the platform's own numbers."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "the bot and an operator in the same second",
        """
        10:00:02 operator Сейчас посмотрю
        10:00:02 bot Записываю вас
        10:00:00 customer Хочу на стрижку
        """,
        {
            **{"ttr_seconds": 2, "ttr_bot_seconds": 2, "is_answered_in_target": True},
            **{"has_handoff": True, "handoff_type": "took_over", "outcome": "handoff_handled"},
        },
    ),
    scenario(
        "the customer and the bot in the same second",
        """
        10:00:00 bot Записываю вас | id=1
        10:00:00 customer Хочу на стрижку | id=2
        """,
        {"ttr_seconds": 0, "session_kind": "inbound", "is_answered_in_target": True},
    ),
    scenario(
        "the customer and an operator in the same second",
        """
        10:00:00 operator Записываю вас | id=1
        10:00:00 customer Хочу на стрижку | id=2
        """,
        {"ttr_seconds": 0, "ttr_human_seconds": 0, "session_kind": "inbound"},
    ),
    scenario(
        "the platform's numbers order what bears the same second",
        """
        10:00:00 customer Хочу на стрижку | sequence=1
        10:00:09 bot Записываю | sequence=3
        10:00:09 customer И на маникюр | sequence=2
        """,
        {"ttr_seconds": 9, "outcome": "bot_assumed"},
    ),
    scenario(
        "a message after the answer of the same second by the platform's number",
        """
        10:00:00 customer Хочу на стрижку | sequence=1
        10:00:09 bot Записываю | sequence=2
        10:00:09 customer И на маникюр | sequence=3
        """,
        {"ttr_seconds": 9, "outcome": "abandoned"},
    ),
    scenario(
        "the bot's clock is two seconds behind",
        """
        10:00:02 customer Хочу на стрижку | sequence=1
        10:00:00 bot Записываю | sequence=2
        """,
        {"ttr_seconds": 0, "is_answered": True, "is_answered_in_target": True},
    ),
    scenario(
        "the bot's clock is three seconds behind",
        """
        10:00:03 customer Хочу на стрижку | sequence=1
        10:00:00 bot Записываю | sequence=2
        """,
        {"ttr_seconds": None, "ttr_bot_seconds": None},
    ),
    scenario(
        "the bot answers in one second and a half",
        """
        10:00:00.25 customer Хочу на стрижку
        10:00:01.75 bot Записываю
        """,
        {"ttr_seconds": 1.5},
    ),
]
