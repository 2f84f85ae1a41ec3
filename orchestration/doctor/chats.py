"""The Telegram bot that tells the digest, and whether it sees every chat."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from pydantic import SecretStr

from orchestration.config import Settings
from orchestration.doctor.findings import Finding, absent, good, wrong
from orchestration.doctor.landing import businesses_of
from orchestration.publish.offers import unknown_names
from orchestration.quiet_http import quiet_client

_AREA = "telegram"
_TIMEOUT = httpx.Timeout(10, connect=5)


def examine_telegram(settings: Settings) -> Iterator[Finding]:
    """Ask the bot who it is and whether it sees every chat; nothing is sent to anybody."""
    token, chats = settings.telegram_bot_token, settings.telegram_chats()
    if token is None and not chats:
        yield absent(_AREA, "no_telegram")
        return
    if token is None or not chats:
        names = ("TELEGRAM_CHAT_<BUSINESS>", "TELEGRAM_BOT_TOKEN")
        there, missing = names if token is None else names[::-1]
        yield wrong(_AREA, "half", there=there, missing=missing)
        return
    bot = _ask(settings, token, "getMe")
    if not bot.get("ok"):
        yield wrong(_AREA, "telegram_refused", told=_reason(bot))
        return
    yield good(_AREA, "telegram", bot=bot["result"].get("username", ""))
    for name, chat in sorted(chats.items()):
        said = _ask(settings, token, "getChat", chat_id=chat)
        if said.get("ok"):
            yield good(_AREA, "telegram_chat", business=name)
        else:
            yield wrong(_AREA, "telegram_no_chat", business=name, told=_reason(said))
    for name in unknown_names(chats, businesses_of(settings)):
        # Unlike the other destinations, the digest refuses to be sent then.
        yield wrong(_AREA, "names_nobody", variable=f"TELEGRAM_CHAT_{name}")


def _ask(settings: Settings, token: SecretStr, method: str, **parameters: str) -> Mapping[str, Any]:
    """Return the bot's answer, an empty one where there is none; errors would show the token."""
    address = f"{settings.telegram_endpoint}/bot{token.get_secret_value()}/{method}"
    try:
        with quiet_client(_TIMEOUT) as client:
            said = client.post(address, json=parameters).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _reason(said: Mapping[str, Any]) -> str:
    return str(said.get("description") or "—")
