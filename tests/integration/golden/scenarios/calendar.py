"""Dates, dayparts and hours: a session lies wholly where its first customer message does."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "a conversation over midnight",
        """
        23:58:00 customer Вы ещё работаете
        23:58:04 bot Нет, мы закрыты
        day+1 00:03:00 customer А завтра
        day+1 00:03:03 bot Завтра с десяти
        """,
        {"session_date": "2026-09-08", "weekday": 2, "hour": 23, "daypart": "night"},
        day="2026-09-08",
    ),
    scenario(
        "a conversation over the end of a month",
        """
        23:59:59 customer Вы ещё работаете
        +3s bot Нет, мы закрыты
        """,
        {"session_date": "2026-08-31", "weekday": 1, "daypart": "night", "ttr_seconds": 3},
        day="2026-08-31",
    ),
    scenario(
        "the first second of a month",
        """
        00:00:00 customer Вы ещё работаете
        +3s bot Нет, мы закрыты
        """,
        {"session_date": "2026-09-01", "weekday": 2, "hour": 0, "daypart": "night"},
        day="2026-09-01",
    ),
    scenario(
        "evening in utc is the next day in the business's zone",
        """
        21:30:00Z customer Вы ещё работаете
        +3s bot Нет, мы закрыты
        """,
        {"session_date": "2026-08-21", "hour": 0, "weekday": 5},
        day="2026-08-20",
    ),
    scenario(
        "half an hour off the full hours of utc",
        """
        18:40:00Z customer Are you open now
        +3s bot No
        """,
        {"session_date": "2026-08-21", "hour": 0, "daypart": "night"},
        day="2026-08-20",
        business="kochi",
    ),
    scenario(
        "the last second of a daypart",
        """
        11:59:59 customer Хочу на стрижку
        +3s bot Записываю
        """,
        {"daypart": "morning", "hour": 11},
    ),
    scenario(
        "the first second of a daypart",
        """
        12:00:00 customer Хочу на стрижку
        +3s bot Записываю
        """,
        {"daypart": "afternoon", "hour": 12},
    ),
    scenario(
        "the first second of the evening",
        """
        18:00:00 customer Хочу на стрижку
        +3s bot Записываю
        """,
        {"daypart": "evening"},
    ),
    scenario(
        "the last second of the night",
        """
        05:59:59 customer Хочу на стрижку
        +3s bot Записываю
        """,
        {"daypart": "night", "hour": 5},
    ),
    scenario(
        "the first second of the morning",
        """
        06:00:00 customer Хочу на стрижку
        +3s bot Записываю
        """,
        {"daypart": "morning", "hour": 6},
    ),
    scenario(
        "a daypart of its own begins at half past",
        """
        22:30:00 customer Is somebody there
        +3s bot Yes
        """,
        {"daypart": "night", "hour": 22},
        business="havel",
    ),
    scenario(
        "a daypart of its own ends at half past",
        """
        22:29:59 customer Is somebody there
        +3s bot Yes
        """,
        {"daypart": "late", "hour": 22},
        business="havel",
    ),
    scenario(
        "the night of its own crosses midnight",
        """
        04:59:59 customer Is somebody there
        +3s bot Yes
        """,
        {"daypart": "night", "hour": 4},
        business="havel",
    ),
    scenario(
        "a daypart of its own begins after the night",
        """
        05:00:00 customer Is somebody there
        +3s bot Yes
        """,
        {"daypart": "early", "hour": 5},
        business="havel",
    ),
    scenario(
        "the night the clocks go forward",
        """
        01:50:00 customer Is somebody there
        03:10:00 operator Yes, what is it
        """,
        {"ttr_seconds": 1_200, "session_date": "2026-03-29", "hour": 1, "weekday": 7},
        business="havel",
        day="2026-03-29",
    ),
    scenario(
        "the gap is counted in real minutes when the clocks go forward",
        """
        01:30:00 customer Is somebody there
        03:30:00 customer Hello
        03:30:02 bot Yes
        """,
        {"messages": 3, "ttr_seconds": 3_602},
        business="havel",
        day="2026-03-29",
    ),
    scenario(
        "the hour that comes twice, for the first time",
        """
        00:30:00Z customer Is somebody there
        01:20:00Z bot Yes
        """,
        {"ttr_seconds": 3_000, "session_date": "2026-10-25", "hour": 2},
        business="havel",
        day="2026-10-25",
    ),
    scenario(
        "the hour that comes twice, for the second time",
        """
        01:35:00Z customer Is somebody there
        01:35:04Z bot Yes
        """,
        {"ttr_seconds": 4, "session_date": "2026-10-25", "hour": 2},
        business="havel",
        day="2026-10-25",
    ),
    scenario(
        "the gap is counted in real minutes when the clocks go back",
        """
        02:10:00 customer Is somebody there
        03:05:00 customer Hello
        """,
        {"messages": 1, "session_date": "2026-10-25"},
        {"messages": 1, "hour": 3},
        business="havel",
        day="2026-10-25",
    ),
    scenario(
        "the last hour of a day of 25 hours",
        """
        22:59:59Z customer Is somebody there
        +2s bot Yes
        """,
        {"session_date": "2026-10-25", "hour": 23, "daypart": "night"},
        business="havel",
        day="2026-10-25",
    ),
    scenario(
        "the last hour of a day of 23 hours",
        """
        21:59:59Z customer Is somebody there
        +2s bot Yes
        """,
        {"session_date": "2026-03-29", "hour": 23},
        business="havel",
        day="2026-03-29",
    ),
]
