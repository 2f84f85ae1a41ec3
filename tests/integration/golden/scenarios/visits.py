"""What became of leads: deals, payments, bookings and visits."""

from tests.integration.golden.scenario import scenario

_TALK = """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
"""

SCENARIOS = [
    scenario(
        "a lead with a deal that was paid",
        _TALK
        + """
        10:05:00 lead L1 | user={user} amount=3000
        11:00:00 deal D1 | lead=L1 amount=3000
        day+3 12:00:00 deal D1 | stage=won semantic=won paid=2800 paid_at="day+3 12:00"
        """,
        {"leads": 1, "paid_amount": 2800, "lead_amount": 3000},
        leads={"L1": {"paid_amount": 2800, "paid_at": "day+3 12:00:00"}},
    ),
    scenario(
        "a lead with two deals that were paid",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        11:00:00 deal D1 | lead=L1 paid=1000 paid_at="day+1 12:00"
        11:00:00 deal D2 | lead=L1 paid=2000 paid_at="day+2 12:00"
        """,
        {"paid_amount": 3000},
        leads={"L1": {"paid_amount": 3000}},
    ),
    scenario(
        "a lead with a deal that was never paid",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        11:00:00 deal D1 | lead=L1 amount=5000 semantic=lost stage=lost
        """,
        {"leads": 1},
        leads={"L1": {"paid_at": None}},
    ),
    scenario(
        "a payment a day before ninety days are over",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        11:00:00 deal D1 | lead=L1 paid=1000 paid_at="day+89 10:05"
        """,
        {"leads": 1, "paid_amount": 1000},
        day="2026-07-01",
    ),
    scenario(
        "a payment a day after ninety days",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        11:00:00 deal D1 | lead=L1 paid=1000 paid_at="day+91 10:05"
        """,
        {"leads": 1},
        day="2026-07-02",
    ),
    scenario(
        "a deal that was deleted pays nothing",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        11:00:00 deal D1 | lead=L1 paid=1000 paid_at="day+1 12:00"
        day+2 11:00:00 deal D1 | deleted
        """,
        {"leads": 1},
        leads={"L1": {"paid_at": None}},
    ),
    scenario(
        "a booking and an arrival",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 booking B1 | lead=L1 starts="day+2 12:00"
        day+2 13:00:00 booking B1 | status=arrived
        """,
        {"leads": 1},
        leads={"L1": {"visit_status": "arrived", "booked_at": "10:06:00"}},
    ),
    scenario(
        "a booking and a no-show",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 booking B1 | lead=L1 starts="day+2 12:00"
        day+2 13:00:00 booking B1 | status=no_show
        """,
        {"leads": 1},
        leads={"L1": {"visit_status": "no_show"}},
    ),
    scenario(
        "a booking that was cancelled",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 booking B1 | lead=L1 starts="day+2 12:00"
        day+1 13:00:00 booking B1 | status=cancelled
        """,
        {"leads": 1},
        leads={"L1": {"visit_status": "cancelled"}},
    ),
    scenario(
        "a booking that is still to come",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 booking B1 | lead=L1 starts="day+60 12:00"
        """,
        {"leads": 1},
        leads={"L1": {"visit_status": "booked"}},
        day="2026-10-14",
    ),
    scenario(
        "a booking by the deal",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 deal D1 | lead=L1
        10:07:00 booking B1 | deal=D1 starts="day+2 12:00"
        day+2 13:00:00 booking B1 | status=arrived
        """,
        {"leads": 1},
        leads={"L1": {"visit_status": "arrived", "booked_at": "10:07:00"}},
    ),
]
