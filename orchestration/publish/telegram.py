"""Destination: a chat per business, which a Telegram bot tells the digest of the week.

Sent once a week, by the first refresh of it that has new exports. A chat keeps no state that a bot
could read, so that a file says which week each business was told last.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from orchestration.errors import ActionableError
from orchestration.quiet_http import quiet_client

TELEGRAM = "https://api.telegram.org"
_TIMEOUT = httpx.Timeout(30, connect=10)
_TRIES = 4
_LONGEST_WAIT = 60.0
_PASSING = frozenset({429, 500, 502, 503, 504})
_LONGEST_TEXT = 4096


@dataclass(frozen=True)
class Bot:
    """A bot that may write to chats; `token` is its secret, which is part of every address."""

    token: SecretStr
    endpoint: str = TELEGRAM
    sleep: Callable[[float], None] = time.sleep

    def tell(self, chat: str, text: str) -> None:
        """Send the text to a chat, a few times where that may help.

        Raises ActionableError in Telegram's own words, without the token.
        """
        address = f"{self.endpoint}/bot{self.token.get_secret_value()}/sendMessage"
        body = {
            "chat_id": chat,
            "text": text[:_LONGEST_TEXT],
            "link_preview_options": {"is_disabled": True},
        }
        reason = "no answer"
        with quiet_client(_TIMEOUT) as client:
            for attempt in range(_TRIES):
                status, said = _asked(client, address, body)
                if said.get("ok"):
                    return
                reason = str(said.get("description", reason))
                if status not in _PASSING and status != 0:
                    break
                asked_for = said.get("parameters", {}).get("retry_after", 2.0**attempt)
                if attempt + 1 < _TRIES:
                    self.sleep(min(float(asked_for), _LONGEST_WAIT))
        raise ActionableError(
            f"Telegram did not take the digest for the chat {chat} ({reason}): check "
            "TELEGRAM_BOT_TOKEN and TELEGRAM_CHAT_<BUSINESS>, and that the bot is in the chat."
        )


def tell_digests(
    bot: Bot, chats: Mapping[str, str], weeks: Mapping[str, str], export_dir: Path, memory: Path
) -> int:
    """Tell each business of `chats` its digest unless `memory` says that it was told this week.

    `weeks` names the present week of each business. Returns how many were told. What was told is
    remembered at once, so that a failure for one business repeats nothing for another.
    """
    told = _read(memory)
    count = 0
    for business, chat in sorted(chats.items()):
        digest = export_dir / business / "digest.txt"
        if told.get(business) == weeks[business] or not digest.is_file():
            continue
        bot.tell(chat, digest.read_text(encoding="utf-8"))
        told[business] = weeks[business]
        _write(memory, told)
        count += 1
    return count


def _asked(client: httpx.Client, address: str, body: object) -> tuple[int, Mapping[str, Any]]:
    """Return status and answer; 0 where nobody answered, with nothing of httpx's own errors."""
    try:
        answer = client.post(address, json=body)
    except httpx.HTTPError:
        return 0, {}
    try:
        said = answer.json()
    except ValueError:
        said = None
    return answer.status_code, said if isinstance(said, dict) else {}


def _read(memory: Path) -> dict[str, str]:
    try:
        said = json.loads(memory.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(name): str(week) for name, week in said.items()} if isinstance(said, dict) else {}


def _write(memory: Path, told: Mapping[str, str]) -> None:
    beside = memory.with_suffix(".new")
    beside.write_text(json.dumps(told, sort_keys=True), encoding="utf-8")
    beside.replace(memory)
