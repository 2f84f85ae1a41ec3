"""Harder cases of leads, bookings and payments."""

from tests.integration.golden.scenario import scenario

_TALK = """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
"""

SCENARIOS = [
    scenario(
        "a lead that only was a deletion",
        _TALK
        + """
        10:05:00 lead L1 | user={user} deleted
        """,
        {"leads": 0, "outcome": "bot_assumed"},
    ),
    scenario(
        "a lead merged into one that is deleted",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 lead L2 | user={user}
        11:00:00 lead L1 | merged=L2
        12:00:00 lead L2 | deleted
        """,
        {"leads": 0},
    ),
    scenario(
        "a lead merged into one that nobody knows",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        11:00:00 lead L1 | merged=L9
        """,
        {"leads": 1},
    ),
    scenario(
        "a pasted session and a person who wrote it",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        09:00:00 lead L1 | session=S1 user={user}
        """,
        {"leads": 0},
        shared="session=S1",
    ),
    scenario(
        "two people on one phone of whom one wrote within the window",
        """
        10:00:00 customer Хочу на стрижку | user=A phone=A
        10:00:02 bot Записываю | user=A
        day+20 10:00:00 customer Хочу на маникюр | user=B phone=A
        day+20 10:00:02 bot Записываю | user=B
        day+20 10:05:00 lead L1 | phone=A
        """,
        {"leads": 0},
        {},
    ),
    scenario(
        "a lead by the user's part of a chat's reference",
        _TALK
        + """
        10:05:00 lead L1 | reference=imol|telegram|1|77|{user}
        """,
        {"leads": 1, "match_method": "chat_reference"},
    ),
    scenario(
        "a lead by the chat's part of a chat's reference",
        _TALK
        + """
        10:05:00 lead L1 | reference=imol|telegram|1|{chat}|4711
        """,
        {"leads": 1, "match_method": "chat_reference"},
        shared="chat=C",
    ),
    scenario(
        "a lead of another channel's user id",
        _TALK
        + """
        10:05:00 lead L1 | user={user} channel=vk
        """,
        {"leads": 0},
    ),
    scenario(
        "a cancelled booking of the session",
        _TALK
        + """
        10:05:00 booking B1 | session=S1 starts="day+3 17:00"
        11:05:00 booking B1 | status=cancelled
        """,
        {"leads": 0},
        shared="session=S1",
    ),
    scenario(
        "a cancelled booking whose time is still to come",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 booking B1 | lead=L1 starts="day+30 12:00"
        11:06:00 booking B1 | status=cancelled
        """,
        {"leads": 1},
        leads={"L1": {"visit_status": "cancelled", "arrived_bookings": 0}},
        day="2026-10-15",
    ),
    scenario(
        "two bookings of which one was missed",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 booking B1 | lead=L1 starts="day+2 12:00"
        10:07:00 booking B2 | lead=L1 starts="day+9 12:00"
        day+2 13:00:00 booking B1 | status=no_show
        day+9 13:00:00 booking B2 | status=arrived
        """,
        {"leads": 1},
        leads={"L1": {"no_show_bookings": 1, "arrived_bookings": 1, "booked_at": "10:06:00"}},
    ),
    scenario(
        "a booking by the contact",
        _TALK
        + """
        10:05:00 lead L1 | user={user} contact=K1
        10:06:00 booking B1 | contact=K1 starts="day+2 12:00"
        day+2 13:00:00 booking B1 | status=arrived
        """,
        {"leads": 1},
        leads={"L1": {"visit_status": "arrived", "arrived_bookings": 1}},
    ),
    scenario(
        "a payment by the contact belongs to the last lead by then",
        _TALK
        + """
        10:05:00 lead L1 | user={user} contact=K1
        day+3 10:00:00 lead L2 | user={user} contact=K1
        day+4 10:00:00 deal D1 | contact=K1 paid=700 paid_at="day+4 10:00"
        """,
        {"leads": 2, "paid_amount": 700},
        leads={"L1": {"revenue_amount": 0}, "L2": {"revenue_amount": 700}},
    ),
    scenario(
        "an arrival that is told before its time",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 booking B1 | lead=L1 starts="day+30 12:00"
        11:06:00 booking B1 | status=arrived
        """,
        {"leads": 1},
        leads={"L1": {"arrived_bookings": 0}},
        day="2026-10-13",
    ),
    scenario(
        "a payment exactly at ninety days",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 deal D1 | lead=L1 paid=700 paid_at="day+90 10:05"
        """,
        {"leads": 1},
        leads={"L1": {"revenue_amount": 700, "is_revenue_mature": True}},
        day="2026-07-03",
    ),
    scenario(
        "a revenue window that is still open",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 deal D1 | lead=L1 paid=700 paid_at="day+5 10:05"
        """,
        {"leads": 1},
        leads={"L1": {"revenue_amount": 700, "is_revenue_mature": False}},
        day="2026-09-04",
    ),
    scenario(
        "a payment in another currency",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 deal D1 | lead=L1 paid=700 paid_at="day+5 10:05" currency=EUR
        """,
        {"leads": 1},
        leads={"L1": {"revenue_amount": None}},
    ),
]
