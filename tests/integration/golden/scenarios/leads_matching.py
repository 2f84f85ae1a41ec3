"""How a lead finds its session: the five steps, the window, and why it finds none."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "a lead that names its session",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        10:05:00 lead L1 | session=S1 amount=3000 semantic=open
        """,
        {"leads": 1, "match_method": "session_id", "lead_amount": 3000, "outcome": "bot_goal"},
        leads={"L1": {"match_method": "session_id", "match_confidence": 1.0, "amount": 3000}},
        shared="session=S1",
    ),
    scenario(
        "a lead that names its session long after it",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        day+40 10:05:00 lead L1 | session=S1
        """,
        {"leads": 1, "match_method": "session_id", "is_converted": True},
        shared="session=S1",
        day="2026-08-12",
    ),
    scenario(
        "a lead that names a session that is not there",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        10:05:00 lead L1 | session=S9
        """,
        {"leads": 0},
        leads={"L1": {"match_method": None, "unmatched_reason": "session_not_found"}},
        shared="session=S1",
    ),
    scenario(
        "a lead that names a session that is not there but also a person",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        10:05:00 lead L1 | session=S9 user={user}
        """,
        {"leads": 1, "match_method": "user_id"},
        shared="session=S1",
    ),
    scenario(
        "a lead that names a session which began after it",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        09:59:00 lead L1 | session=S1
        """,
        {"leads": 0, "is_converted": False},
        leads={"L1": {"match_method": None, "unmatched_reason": "created_before_session"}},
        shared="session=S1",
    ),
    scenario(
        "a lead that names a session which began two seconds after it",
        """
        10:00:02 customer Хочу на стрижку
        10:00:04 bot Записываю
        10:00:00 lead L1 | session=S1
        """,
        {"leads": 1, "match_method": "session_id"},
        shared="session=S1",
    ),
    scenario(
        "a lead by the chat of an open line",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        10:05:00 lead L1 | reference=imol|telegram|1|{chat}|{user}
        """,
        {"leads": 1, "match_method": "chat_reference"},
        leads={"L1": {"match_confidence": 0.98}},
        shared="chat=C",
    ),
    scenario(
        "a lead by the messenger's user id",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        10:05:00 lead L1 | user={user} channel=telegram
        """,
        {"leads": 1, "match_method": "user_id"},
        leads={"L1": {"match_confidence": 0.95, "channel": "telegram"}},
    ),
    scenario(
        "a lead by a phone written in another way",
        """
        10:00:00 customer Хочу на стрижку | phone="8 (912) 555-01-02"
        10:00:02 bot Записываю
        10:05:00 lead L1 | phone="+7 912 555 01 02"
        """,
        {"leads": 1, "match_method": "phone"},
        leads={"L1": {"match_confidence": 0.9}},
    ),
    scenario(
        "a lead by an e-mail in other letters",
        """
        10:00:00 customer Хочу на стрижку | email=Anna@Golden.Example
        10:00:02 bot Записываю
        10:05:00 lead L1 | email=anna@golden.example
        """,
        {"leads": 1, "match_method": "email"},
        leads={"L1": {"match_confidence": 0.85}},
    ),
    scenario(
        "a phone given in an earlier conversation",
        """
        10:00:00 customer Хочу на стрижку | phone=A
        10:00:02 bot Записываю
        day+9 10:00:00 customer Хочу снова
        day+9 10:00:02 bot Записываю
        day+9 10:05:00 lead L1 | phone=A
        """,
        {"leads": 0},
        {"leads": 1, "match_method": "phone"},
    ),
    scenario(
        "a surer step that finds somebody ends the search",
        """
        10:00:00 customer Хочу на стрижку | user=A
        10:00:02 bot Записываю | user=A
        10:10:00 customer Хочу на маникюр | user=B phone=A
        10:10:02 bot Записываю | user=B
        10:15:00 lead L1 | user=A phone=A
        """,
        {"leads": 1, "match_method": "user_id"},
        {"leads": 0},
    ),
    scenario(
        "a surer step that finds nobody passes on",
        """
        10:00:00 customer Хочу на стрижку | user=A phone=A
        10:00:02 bot Записываю | user=A
        10:15:00 lead L1 | user=B phone=A
        """,
        {"leads": 1, "match_method": "phone"},
    ),
    scenario(
        "a lead without a session id and without anything else",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        10:05:00 lead L1
        """,
        {"leads": 0},
        leads={"L1": {"match_method": None, "unmatched_reason": "no_identity"}},
    ),
    scenario(
        "a lead of somebody who never wrote",
        """
        10:05:00 lead L1 | phone=B
        """,
        leads={"L1": {"match_method": None, "unmatched_reason": "no_session_in_window"}},
    ),
]
