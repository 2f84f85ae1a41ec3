"""Leads that change: versions, mergers, deletions, bookings, visits and money."""

from tests.integration.golden.scenario import scenario

_TALK = """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
"""

SCENARIOS = [
    scenario(
        "the last version of a lead is its state",
        _TALK
        + """
        10:05:00 lead L1 | user={user} amount=1000 semantic=open
        12:00:00 lead L1 | amount=3000 status=done semantic=won
        11:00:00 lead L1 | amount=2000 status=working semantic=open
        """,
        {"leads": 1, "lead_amount": 3000},
        leads={"L1": {"status": "done", "status_semantic": "won", "amount": 3000}},
    ),
    scenario(
        "a deleted lead",
        _TALK
        + """
        10:05:00 lead L1 | user={user} amount=1000
        12:00:00 lead L1 | deleted
        """,
        {"leads": 0, "is_converted": False, "outcome": "bot_assumed"},
        leads={"L1": {"is_deleted": True}},
    ),
    scenario(
        "a deleted lead beside a living one",
        _TALK
        + """
        10:05:00 lead L1 | user={user} amount=1000
        10:06:00 lead L2 | user={user} amount=1500
        12:00:00 lead L1 | deleted
        """,
        {"leads": 1, "is_converted": True, "lead_amount": 1500},
    ),
    scenario(
        "a lead that was deleted and restored",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        12:00:00 lead L1 | deleted
        13:00:00 lead L1 | kept
        """,
        {"leads": 1},
    ),
    scenario(
        "a merged lead counts once",
        _TALK
        + """
        10:05:00 lead L1 | user={user} amount=1000
        10:06:00 lead L2 | user={user} amount=1500
        12:00:00 lead L1 | merged=L2
        """,
        {"leads": 1, "lead_amount": 1500},
        leads={"L2": {"created_at": "10:05:00", "match_method": "user_id"}},
    ),
    scenario(
        "a merged lead counts at the earliest creation, in that session",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        day+4 10:00:00 customer Хочу перенести
        day+4 10:00:02 bot Переношу
        day+4 10:06:00 lead L2 | user={user}
        day+4 12:00:00 lead L1 | merged=L2
        """,
        {"leads": 1},
        {"leads": 0},
        leads={"L2": {"created_at": "10:05:00"}},
    ),
    scenario(
        "a merged lead names the session for its survivor",
        _TALK
        + """
        10:05:00 lead L1 | session=S1
        10:06:00 lead L2
        12:00:00 lead L1 | merged=L2
        """,
        {"leads": 1, "match_method": "session_id"},
        shared="session=S1",
    ),
    scenario(
        "three leads merged one into another",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 lead L2 | user={user}
        10:07:00 lead L3 | user={user}
        12:00:00 lead L1 | merged=L2
        13:00:00 lead L2 | merged=L3
        """,
        {"leads": 1},
        leads={"L3": {"created_at": "10:05:00"}},
    ),
    scenario(
        "two leads merged in a circle",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 lead L2 | user={user}
        12:00:00 lead L1 | merged=L2
        13:00:00 lead L2 | merged=L1
        """,
        {"leads": 2},
    ),
    scenario(
        "a lead that became qualified",
        _TALK
        + """
        10:05:00 lead L1 | user={user} semantic=open
        11:00:00 stage lead L1 new | semantic=open
        12:00:00 stage lead L1 in_work | semantic=open
        15:00:00 stage lead L1 converted | semantic=won
        15:00:00 lead L1 | status=converted semantic=won
        """,
        {"leads": 1},
        leads={"L1": {"status_semantic": "won"}},
    ),
    scenario(
        "a lead with marks of an advertisement",
        """
        10:00:00 customer Хочу на стрижку | utm_source=yandex utm_medium=cpc utm_campaign=autumn
        10:00:02 bot Записываю
        10:05:00 lead L1 | user={user} utm_source=vk utm_medium=post utm_campaign=hair
        """,
        {"leads": 1},
        leads={"L1": {"utm_source": "vk", "utm_medium": "post", "utm_campaign": "hair"}},
    ),
    scenario(
        "a lead in another currency",
        _TALK
        + """
        10:05:00 lead L1 | user={user} amount=100 currency=EUR
        """,
        {"leads": 1},
        leads={"L1": {"currency": "EUR", "amount": 100}},
    ),
]
