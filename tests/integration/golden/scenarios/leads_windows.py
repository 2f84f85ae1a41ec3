"""When a lead was made: within the window or not, and to which of several sessions."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "a lead exactly at the end of the window",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        day+7 10:00:02 lead L1 | user={user}
        """,
        {"leads": 1, "is_converted": True},
    ),
    scenario(
        "a lead a second after the window",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        day+7 10:00:03 lead L1 | user={user}
        """,
        {"leads": 0, "is_converted": False},
        leads={"L1": {"unmatched_reason": "no_session_in_window"}},
    ),
    scenario(
        "a lead at the end of a window of its own",
        """
        09:00:00 customer I need an appointment
        09:00:02 bot Booked
        day+3 09:00:02 lead L1 | user={user}
        day+3 09:00:03 lead L2 | user={user}
        """,
        {"leads": 1},
        business="havel",
    ),
    scenario(
        "a lead ten days later in a longer window",
        """
        09:00:00 customer I want to train
        09:00:02 bot Booked
        day+10 09:00:00 lead L1 | user={user}
        """,
        {"leads": 1, "is_converted": True},
        business="kochi",
    ),
    scenario(
        "a lead exactly at the first message",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        10:00:00 lead L1 | user={user}
        """,
        {"leads": 1},
    ),
    scenario(
        "a lead before the session",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        09:00:00 lead L1 | user={user}
        """,
        {"leads": 0, "is_converted": False},
        leads={"L1": {"unmatched_reason": "no_session_in_window"}},
    ),
    scenario(
        "a lead between two sessions belongs to the first",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        day+2 09:00:00 lead L1 | user={user}
        day+3 10:00:00 customer Хочу перенести
        day+3 10:00:02 bot Переношу
        """,
        {"leads": 1},
        {"leads": 0},
    ),
    scenario(
        "a lead after two sessions belongs to the last",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        day+3 10:00:00 customer Хочу перенести
        day+3 10:00:02 bot Переношу
        day+4 09:00:00 lead L1 | user={user}
        """,
        {"leads": 0},
        {"leads": 1},
    ),
    scenario(
        "several leads in one session",
        """
        10:00:00 customer Хочу на стрижку и на маникюр
        10:00:02 bot Записываю
        10:05:00 lead L1 | user={user} amount=1500
        10:06:00 lead L2 | user={user} amount=2000
        """,
        {"leads": 2, "is_converted": True, "lead_amount": 3500},
    ),
    scenario(
        "one lead and several sessions",
        """
        10:00:00 customer Хочу на стрижку | session=S1
        10:00:02 bot Записываю | session=S1
        10:30:00 customer И ещё вопрос | session=S2
        10:30:02 bot Слушаю | session=S2
        10:35:00 lead L1 | user={user}
        """,
        {"leads": 0},
        {"leads": 1},
    ),
    scenario(
        "a lead by a phone on two channels belongs to the last session",
        """
        10:00:00 customer Хочу на стрижку | user=A phone=A
        10:00:02 bot Записываю | user=A
        day+2 10:00:00 customer Хочу на стрижку | user=B phone=A channel=whatsapp
        day+2 10:00:02 bot Записываю | user=B channel=whatsapp
        day+3 10:00:00 lead L1 | phone=A
        """,
        {"leads": 0},
        {"leads": 1, "channel": "whatsapp"},
    ),
]
