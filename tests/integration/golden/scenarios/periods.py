"""Windows that are still open. It is 12:00 in Moscow on Tuesday, 3 November 2026."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "a session of this morning",
        """
        11:00:00 customer Хочу на стрижку
        11:00:02 bot Записываю
        """,
        {
            **{"outcome": "pending", "is_settled": False, "is_mature": False, "is_answered": True},
            **{"ttr_seconds": 2, "loss_reason": None, "returned_within_24h": None},
        },
        day="2026-11-03",
    ),
    scenario(
        "a session of this morning that nobody answers yet",
        """
        11:10:00 customer Хочу на стрижку
        """,
        {"outcome": "pending", "is_answered_in_target": None, "ttr_seconds": None},
        day="2026-11-03",
    ),
    scenario(
        "a greeting of this morning",
        """
        11:20:00 customer Привет
        11:20:02 bot Здравствуйте!
        """,
        {"outcome": "pending", "is_qualified": True},
        day="2026-11-03",
    ),
    scenario(
        "a lead of this morning",
        """
        11:30:00 customer Хочу на стрижку
        11:30:02 bot Записываю
        11:35:00 lead L1 | user={user}
        """,
        {"outcome": "pending", "leads": 1, "is_converted": True, "is_mature": False},
        day="2026-11-03",
    ),
    scenario(
        "seventy-two hours to the second",
        """
        11:50:00 customer Хочу на стрижку
        12:00:00 bot Записываю
        """,
        {"is_settled": True, "is_mature": False, "outcome": "bot_assumed", "is_resolved": True},
        day="2026-10-31",
    ),
    scenario(
        "a second less than seventy-two hours",
        """
        11:51:00 customer Хочу на стрижку
        12:00:01 bot Записываю
        """,
        {"is_settled": False, "is_mature": False, "outcome": "pending"},
        day="2026-10-31",
    ),
    scenario(
        "an unanswered session of five days ago is settled and not mature",
        """
        11:00:00 customer Хочу на стрижку
        """,
        {
            **{"is_settled": True, "is_mature": False, "is_answered_in_target": False},
            **{"outcome": "operator_only", "loss_reason": None},
        },
        day="2026-10-29",
    ),
    scenario(
        "a session of five days ago with a lead",
        """
        11:05:00 customer Хочу на стрижку
        11:05:02 bot Записываю
        day+1 11:00:00 lead L1 | user={user}
        """,
        {"is_mature": False, "is_converted": True, "outcome": "bot_goal"},
        day="2026-10-29",
    ),
    scenario(
        "a lead window that closed this very second",
        """
        11:59:58 customer Хочу на стрижку
        12:00:00 bot Записываю
        """,
        {"is_settled": True, "is_mature": True},
        day="2026-10-27",
    ),
    scenario(
        "a lead window that closes in a second",
        """
        11:58:58 customer Хочу на стрижку
        12:00:01 bot Записываю
        """,
        {"is_settled": True, "is_mature": False},
        day="2026-10-27",
    ),
    scenario(
        "a window of three days closes when the session settles",
        """
        09:59:00 customer I need an appointment
        10:00:00 bot Booked
        """,
        {"is_settled": True, "is_mature": True},
        day="2026-10-31",
        business="havel",
    ),
    scenario(
        "a window of fourteen days is open after ten",
        """
        10:00:00 customer I want to train
        10:00:02 bot Booked
        """,
        {"is_settled": True, "is_mature": False},
        day="2026-10-24",
        business="kochi",
    ),
    scenario(
        "what is stamped in the future is not seen yet",
        """
        11:40:00 customer Хочу на стрижку
        11:40:02 bot Записываю
        day+1 11:00:00 customer Хочу отменить
        """,
        {"messages": 2, "outcome": "pending"},
        day="2026-11-03",
    ),
    scenario(
        "a session that lies in the future altogether",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        """,
        day="2026-11-05",
    ),
    scenario(
        "a lead that is deleted in the future is still there",
        """
        11:00:00 customer Хочу на стрижку
        11:00:02 bot Записываю
        11:05:00 lead L1 | user={user}
        day+40 10:00:00 lead L1 | deleted
        """,
        {"leads": 1},
        day="2026-10-12",
    ),
    scenario(
        "a return window that is still open",
        """
        11:00:00 customer Хочу на стрижку
        11:00:02 bot Записываю
        """,
        {"returned_within_24h": False, "returned_within_72h": False, "returned_within_168h": None},
        day="2026-10-30",
    ),
    scenario(
        "a return within a window that is still open",
        """
        11:01:00 customer Хочу на стрижку
        11:01:02 bot Записываю
        day+2 11:01:00 customer Хочу отменить
        day+2 11:01:02 bot Отменяю
        """,
        {"returned_within_24h": False, "returned_within_72h": True, "is_resolved": False},
        {"is_settled": False, "returned_within_72h": None},
        day="2026-10-30",
    ),
    scenario(
        "yesterday",
        """
        11:00:00 customer Хочу на стрижку
        11:00:04 bot Записываю
        """,
        {"session_date": "2026-11-02", "outcome": "pending"},
        day="2026-11-02",
    ),
    scenario(
        "the last second of the month before",
        """
        23:59:59 customer Хочу на стрижку
        +4s bot Записываю
        """,
        {"session_date": "2026-10-31"},
        day="2026-10-31",
    ),
    scenario(
        "the first second of this month",
        """
        00:00:00 customer Хочу на стрижку
        +4s bot Записываю
        """,
        {"session_date": "2026-11-01"},
        day="2026-11-01",
    ),
]
# The bare business has no business.yml: everything from the defaults, and too little for most.
SCENARIOS += [
    scenario(
        "the defaults hold where nothing is set",
        """
        10:00:00 customer Сколько стоит стрижка
        10:05:00 operator Расскажу по телефону
        """,
        {
            **{"is_answered_in_target": True, "daypart": "morning", "loss_reason": "other"},
            **{"ttr_human_business_seconds": None},
        },
        business="bare",
    ),
    scenario(
        "the default gap of a day",
        """
        10:00:00 customer Сколько стоит стрижка
        10:00:02 bot Полторы тысячи
        +24h customer А борода
        +24h1s customer А усы
        """,
        {"messages": 3},
        {"messages": 1},
        business="bare",
    ),
]
