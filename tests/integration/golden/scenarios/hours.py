"""Opening hours: what a wait is in seconds of open doors."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "the whole sunday of 25 hours is open",
        """
        day+0 00:05:00 customer Is somebody there | session=S1
        day+1 00:05:00 operator Yes | session=S1
        """,
        {"ttr_human_seconds": 90_000, "ttr_human_business_seconds": 89_700},
        business="havel",
        day="2026-10-25",
    ),
    scenario(
        "a person answers over the lunch break",
        """
        11:59:00 customer Is somebody there | session=S1
        13:02:00 operator Yes | session=S1
        """,
        {"ttr_human_seconds": 3_780, "ttr_human_business_seconds": 180},
        business="havel",
        day="2026-09-15",
    ),
    scenario(
        "a person answers after the weekend",
        """
        19:50:00 customer Есть окно
        day+2 10:10:00 operator Есть
        """,
        {"ttr_human_seconds": 138_000, "ttr_human_business_seconds": 600},
        day="2026-09-12",
    ),
    scenario(
        "a person answers within the hours",
        """
        13:50:00 customer Есть окно на неделе
        15:05:00 operator Есть
        """,
        {"ttr_human_seconds": 4_500, "ttr_human_business_seconds": 900},
        day="2026-09-11",
    ),
    scenario(
        "a person answers before the doors open",
        """
        08:00:00 customer Есть окно на неделе
        08:04:00 operator Есть
        """,
        {"ttr_human_seconds": 240, "ttr_human_business_seconds": 0},
        day="2026-09-10",
    ),
    scenario(
        "a person answers over a holiday of the business",
        """
        19:58:00 customer Есть окно на неделе | session=S1
        day+2 10:03:00 operator Есть | session=S1
        """,
        {"ttr_human_business_seconds": 300},
        day="2026-09-08",
    ),
    scenario(
        "a person answers over a national holiday",
        """
        19:58:00 customer Есть окно на неделе | session=S1
        day+2 11:03:00 operator Есть | session=S1
        """,
        {"ttr_human_business_seconds": 300},
        day="2026-06-11",
    ),
    scenario(
        "a working day that was made a day off",
        """
        12:00:00 customer Есть окно на неделе | session=S1
        day+1 10:04:00 operator Есть | session=S1
        """,
        {"is_in_hours": False, "ttr_human_business_seconds": 240},
        day="2026-05-11",
    ),
    scenario(
        "the last minute of open doors",
        """
        19:59:59 customer Есть окно на неделе
        20:00:01 bot Есть
        """,
        {"is_in_hours": True},
        day="2026-09-15",
    ),
    scenario(
        "the first minute of closed doors",
        """
        20:00:00 customer Есть окно на неделе
        20:00:02 bot Есть
        """,
        {"is_in_hours": False, "loss_reason": "out_of_hours"},
        day="2026-09-16",
    ),
    scenario(
        "a business without hours has no business seconds",
        """
        10:00:00 customer Can I come
        10:05:00 operator Yes
        """,
        {"ttr_human_seconds": 300, "ttr_human_business_seconds": None},
        business="kochi",
    ),
]
