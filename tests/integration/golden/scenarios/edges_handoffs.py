"""Harder cases of handoffs and of the time that people spent."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "a handoff and an operator in the same second",
        """
        10:00:00 customer Позовите человека
        10:00:02 bot Зову
        10:00:05 event handoff_started
        10:00:05 operator Слушаю
        """,
        {"outcome": "handoff_handled", "ttr_human_seconds": 0, "handoff_type": "bot_failed"},
    ),
    scenario(
        "a handoff that is told after the operator took over",
        """
        10:00:00 customer Позовите человека
        10:00:02 bot Секунду
        10:01:00 operator Слушаю
        10:01:30 event handoff_started
        10:02:30 operator Записала вас
        """,
        {"outcome": "handoff_handled", "handoff_type": "bot_failed", "ttr_human_seconds": 60},
    ),
    scenario(
        "two operators each with a wait of their own",
        """
        10:00:00 customer Хочу на стрижку
        10:01:00 operator Передам коллеге | operator=olga
        10:02:00 operator Здравствуйте, это Вера | operator=vera
        10:02:30 operator На какой день вас записать? | operator=olga
        """,
        {"operator_messages": 3, "ttr_human_seconds": 60},
    ),
    scenario(
        "an operator's wait is counted up to five minutes",
        """
        10:00:00 customer Хочу на стрижку
        10:20:00 operator На какой день?
        10:21:00 customer На среду
        10:21:20 operator Записала
        """,
        {"human_handle_seconds": 320},
    ),
    scenario(
        "an operator's wait is not counted over a message of the bot",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Секунду
        10:01:00 operator На какой день?
        """,
        {"human_handle_seconds": 60, "bot_handle_seconds": 2},
    ),
    scenario(
        "a note of the operator that answers nobody",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        10:10:00 operator Оцените нашу работу | ack
        """,
        {"ttr_human_seconds": None, "operator_messages": 1},
    ),
    scenario(
        "the bot speaks again after a handoff that nobody took",
        """
        10:00:00 customer Позовите человека
        10:00:02 bot Зову
        10:00:03 event handoff_requested
        10:30:00 customer Алло, есть кто
        10:30:02 bot Все заняты, я передам
        """,
        {"outcome": "handoff_unanswered", "loss_reason": "handoff_unanswered"},
        day="2026-10-09",
    ),
    scenario(
        "a handoff ends that never began",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        10:01:00 event handoff_ended
        """,
        {"has_handoff": False, "handoff_type": None, "outcome": "bot_assumed"},
    ),
    scenario(
        "the bot only asked and the session is not over yet",
        """
        09:30:00 customer Позовите человека
        09:30:02 bot Зову
        09:30:03 event handoff_requested
        """,
        {"outcome": "pending", "has_handoff": True, "handoff_type": "requested"},
        day="2026-11-02",
    ),
]
