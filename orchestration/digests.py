"""Send the digest of the week to the businesses that have a chat for it."""

import duckdb

from orchestration.config import Settings
from orchestration.delivering import passed_over
from orchestration.errors import ActionableError
from orchestration.publish.files import MARTS_FILE
from orchestration.publish.offers import unknown_names, variable_name
from orchestration.reports import StepReport

STEP = "telegram"
_MEMORY = "digests.json"


def send_digests(settings: Settings) -> StepReport:
    """Tell every configured chat its digest, once a week."""
    token, chats = settings.telegram_bot_token, settings.telegram_chats()
    if token is None and not chats:
        return passed_over(STEP)
    if token is None or not chats:
        missing = "TELEGRAM_CHAT_<BUSINESS>" if token else "TELEGRAM_BOT_TOKEN"
        raise ActionableError(
            f"The digest needs a bot and a chat: set {missing} too (see docs/destinations.md), or "
            "take the other away."
        )
    from orchestration.publish.telegram import Bot, tell_digests

    weeks = _weeks(settings)
    strangers = unknown_names(chats, weeks)
    if strangers:
        raise ActionableError(
            f"TELEGRAM_CHAT_{strangers[0]} names no business: its end is the name of a folder of "
            "the landing zone in capitals, with - as _."
        )
    named = {
        business: chats[name] for business in weeks if (name := variable_name(business)) in chats
    }
    bot = Bot(token, settings.telegram_endpoint)
    memory = settings.dagster_home / _MEMORY
    told = tell_digests(bot, named, weeks, settings.export_dir, memory)
    return StepReport({STEP: told}, details={"businesses": len(named)})


def _weeks(settings: Settings) -> dict[str, str]:
    """Return the ISO week in which each business is at the time of the last export."""
    with duckdb.connect(settings.export_dir / MARTS_FILE, read_only=True) as connection:
        rows = connection.execute("select business_id, as_of_date from dim_businesses").fetchall()
    return {business: "{}-W{:02}".format(*day.isocalendar()[:2]) for business, day in rows}
