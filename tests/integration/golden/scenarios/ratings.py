"""What customers said of it: the last answer of each survey, on its own scale."""

from tests.integration.golden.scenario import scenario

_TALK = """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
"""

SCENARIOS = [
    scenario(
        "a survey answered twice",
        _TALK
        + """
        10:30:00 rating chat csat 2/5
        11:30:00 rating chat csat 5/5
        """,
        {"csat_chat": 5, "outcome": "bot_confirmed"},
    ),
    scenario(
        "a survey answered twice, delivered the other way round",
        _TALK
        + """
        11:30:00 rating chat csat 2/5
        10:30:00 rating chat csat 5/5
        """,
        {"csat_chat": 2, "outcome": "bot_assumed"},
    ),
    scenario(
        "one answer delivered twice",
        _TALK
        + """
        10:30:00 rating chat csat 1/5 | rating_id=rated-twice
        10:30:00 rating chat csat 1/5 | rating_id=rated-twice
        """,
        {"csat_chat": 1, "csat_visit": None, "nps_score": None},
    ),
    scenario(
        "a rating of the chat on a scale of ten",
        _TALK
        + """
        10:30:00 rating chat csat 9/10
        """,
        {"csat_chat": None, "outcome": "bot_assumed"},
    ),
    scenario(
        "a good rating and then one on another scale",
        _TALK
        + """
        10:30:00 rating chat csat 4/5
        10:40:00 rating chat csat 9/10
        """,
        {"csat_chat": 4},
    ),
    scenario(
        "a recommendation on a scale of five",
        _TALK
        + """
        10:30:00 rating chat nps 5/5
        """,
        {"nps_score": None, "outcome": "bot_assumed"},
    ),
    scenario(
        "a detractor",
        _TALK
        + """
        10:30:00 rating chat nps 6/10
        """,
        {"nps_score": 6, "outcome": "bot_assumed"},
    ),
    scenario(
        "a passive",
        _TALK
        + """
        10:30:00 rating chat nps 7/10
        """,
        {"nps_score": 7, "outcome": "bot_assumed"},
    ),
    scenario(
        "the worst recommendation",
        _TALK
        + """
        10:30:00 rating chat nps 0/10
        """,
        {"nps_score": 0},
    ),
    scenario(
        "a rating of the visit by the lead",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        day+3 18:00:00 rating visit csat 3/5 | lead=L1
        """,
        {"csat_visit": 3, "csat_chat": None, "leads": 1, "outcome": "bot_goal"},
    ),
    scenario(
        "a rating of the visit by a lead without a session",
        _TALK
        + """
        10:05:00 lead L1
        day+3 18:00:00 rating visit csat 3/5 | lead=L1
        """,
        {"csat_visit": None},
    ),
    scenario(
        "a rating of the visit by a lead that was merged",
        _TALK
        + """
        10:05:00 lead L1 | user={user}
        10:06:00 lead L2 | user={user}
        12:00:00 lead L1 | merged=L2
        day+3 18:00:00 rating visit csat 4/5 | lead=L1
        """,
        {"csat_visit": 4, "leads": 1},
    ),
    scenario(
        "a rating of a platform's session",
        _TALK
        + """
        day+2 10:30:00 rating chat csat 4/5
        """,
        {"csat_chat": 4},
        shared="session=S1",
    ),
    scenario(
        "a rating by person belongs to the last session begun",
        _TALK
        + """
        day+3 10:00:00 customer А парковка есть
        day+3 10:00:02 bot Есть
        day+3 10:30:00 rating chat csat 5/5
        """,
        {"csat_chat": None},
        {"csat_chat": 5},
    ),
    scenario(
        "a rating by person before the next session begins",
        _TALK
        + """
        day+3 10:00:00 customer А парковка есть
        day+3 10:00:02 bot Есть
        day+2 10:30:00 rating chat csat 5/5
        """,
        {"csat_chat": 5},
        {"csat_chat": None},
    ),
    scenario(
        "a rating of the chat and one of the visit",
        _TALK
        + """
        10:30:00 rating chat csat 5/5
        day+2 10:30:00 rating visit csat 1/5
        day+2 10:31:00 rating visit nps 3/10
        """,
        {"csat_chat": 5, "csat_visit": 1, "nps_score": 3},
        shared="session=S1",
    ),
]
# Enough answers for a figure, each told at sight.
SCENARIOS += [
    scenario(
        f"patient {number} of those who rate",
        f"""
        09:00:00 customer I need an appointment
        09:00:02 bot Booked
        09:01:00 rating chat csat {csat}/5
        09:02:00 rating visit nps {nps}/10
        """,
        {"csat_chat": csat, "nps_score": nps},
        business="havel",
        shared="session=S1",
    )
    for number, (csat, nps) in enumerate(
        [
            *((5, 10), (5, 9), (5, 10), (4, 8), (4, 9), (3, 7), (5, 10), (2, 5)),
            *((1, 0), (5, 9), (4, 6), (5, 10), (5, 8), (4, 10), (5, 9), (3, 3)),
        ],
        start=1,
    )
]
