"""Why a session gave no lead, as a person said it."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "a person says why at the close",
        """
        11:10:00 customer Как вас найти
        11:10:02 bot Мы на Арбате
        11:15:00 event closed | reason=price
        """,
        {"loss_reason": "price", "loss_reason_by_rule": "other", "is_loss_labelled": True},
        day="2026-10-12",
    ),
    scenario(
        "a person says why twice, the last time otherwise",
        """
        11:20:00 customer Как вас найти
        11:20:02 bot Мы на Арбате
        11:25:00 event closed | reason=price
        11:35:00 event closed | reason=wrong_channel
        """,
        {"loss_reason": "wrong_channel", "loss_reason_by_rule": "other"},
        day="2026-10-12",
    ),
    scenario(
        "a close in words that are no reason",
        """
        11:40:00 customer Как вас найти
        11:40:02 bot Мы на Арбате
        11:45:00 event closed | reason=timeout
        """,
        {"loss_reason": "other", "is_loss_labelled": False},
        day="2026-10-12",
    ),
    scenario(
        "a reason is told of a session with a lead",
        """
        11:50:00 customer Запишите меня
        11:50:02 bot Записала
        11:55:00 event closed | reason=price
        11:56:00 lead L1 | user={user}
        """,
        {"loss_reason": None, "leads": 1},
        day="2026-10-12",
    ),
]
