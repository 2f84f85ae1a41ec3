"""What comes after the first refresh (`late`): the result is that of everything at once."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "a late record joins two sessions",
        """
        10:00:00 customer Хочу на стрижку
        10:00:03 bot Записываю
        +23h customer Я передумал, можно в среду | late
        day+2 07:00:00 customer Приду с сыном
        day+2 07:00:07 bot Хорошо
        """,
        {"messages": 5, "ttr_seconds": 3, "customer_messages": 3},
    ),
    scenario(
        "a late record between two sessions joins none",
        """
        10:00:30 customer Хочу на стрижку
        10:00:33 bot Записываю
        day+2 10:00:00 customer Я передумал | late
        day+4 07:00:00 customer Приду с сыном
        day+4 07:00:07 bot Хорошо
        """,
        {"messages": 2, "returned_within_72h": True, "is_resolved": False},
        {"messages": 1, "is_answered": False, "returned_within_72h": True},
        {"messages": 2, "ttr_seconds": 7},
    ),
    scenario(
        "a late record within a session splits none",
        """
        10:01:00 customer Хочу на стрижку
        10:01:03 bot Записываю
        10:05:00 customer Приду с сыном | late
        10:09:00 bot Ждём
        """,
        {"messages": 4, "ttr_seconds": 3},
    ),
    scenario(
        "a late record before the first makes the session begin earlier",
        """
        09:58:00 customer Алло, вы открыты | late
        10:02:00 customer Хочу на стрижку
        10:02:03 bot Записываю
        """,
        {"messages": 3, "ttr_seconds": 243},
    ),
    scenario(
        "a late answer of the bot",
        """
        10:03:00 customer Хочу на стрижку
        10:03:02 bot Записываю | late
        10:08:00 operator Подтверждаю
        """,
        {"ttr_seconds": 2, "is_bot_involved": True, "handoff_type": "took_over"},
    ),
    scenario(
        "a late message after an explicit close opens a session",
        """
        10:04:00 customer Хочу на стрижку
        10:04:03 bot Записываю
        10:10:00 event closed
        11:00:00 customer Хочу отменить | late
        """,
        {"messages": 2, "returned_within_24h": True},
        {"messages": 1, "is_answered": False},
    ),
    scenario(
        "a late close parts what was one session",
        """
        10:05:00 customer Хочу на стрижку
        10:05:03 bot Записываю
        10:10:00 event closed | late
        11:00:00 customer Хочу отменить
        11:00:05 bot Отменяю
        """,
        {"messages": 2},
        {"messages": 2, "ttr_seconds": 5},
    ),
    scenario(
        "a late line of the conversation three days later on the platform's session",
        """
        10:06:00 customer Хочу на стрижку
        10:06:03 bot Записываю
        day+3 10:06:00 customer Спасибо, всё понравилось, запишите ещё раз | late
        """,
        {"messages": 3, "outcome": "abandoned"},
        shared="session=S1",
    ),
    scenario(
        "a late handoff turns a takeover into a request",
        """
        10:07:00 customer Хочу на стрижку
        10:07:03 bot Записываю
        10:08:00 event handoff_requested | late
        10:09:00 operator Слушаю вас
        """,
        {"handoff_type": "requested", "ttr_human_seconds": 60},
    ),
    scenario(
        "a late lead converts",
        """
        10:08:00 customer Хочу на стрижку
        10:08:03 bot Записываю
        11:00:00 lead L1 | user={user} late
        """,
        {"leads": 1, "is_converted": True, "match_method": "user_id", "outcome": "bot_goal"},
    ),
    scenario(
        "a late deletion takes the lead away",
        """
        10:09:00 customer Хочу на стрижку
        10:09:03 bot Записываю
        11:00:00 lead L1 | user={user}
        day+1 11:00:00 lead L1 | deleted late
        """,
        {"leads": 0, "is_converted": False, "outcome": "bot_assumed"},
    ),
    scenario(
        "a late rating and a late label",
        """
        10:10:00 customer Сколько стоит стрижка | intent=booking confidence=0.8
        10:10:03 bot Записываю
        day+1 12:00:00 label price | of=1 late
        day+1 13:00:00 rating chat csat 5/5 | late
        """,
        {
            **{"labelled_messages": 1, "correct_messages": 0, "csat_chat": 5},
            **{"outcome": "bot_confirmed"},
        },
    ),
    scenario(
        "a late edit changes the outcome",
        """
        10:11:00 customer Хочу на стрижку | id=1
        10:11:03 bot Записываю | id=2
        10:12:00 bot Когда вам удобно? | id=2 late
        """,
        {"outcome": "abandoned"},
    ),
    scenario(
        "a late record of the same person makes a return",
        """
        10:13:00 customer Хочу на стрижку
        10:13:03 bot Записываю
        day+2 09:00:00 customer Хочу отменить запись | late
        day+2 09:00:04 bot Отменяю | late
        """,
        {"returned_within_24h": False, "returned_within_72h": True, "is_resolved": False},
        {"is_resolved": True, "ttr_seconds": 4},
    ),
]
