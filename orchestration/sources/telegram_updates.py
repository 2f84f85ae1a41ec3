"""Updates of Telegram's Bot API, one JSON object a line, as messages.

A line is an update as the bot gets it (or the whole answer of getUpdates), a message as the API
answers when the bot sends one (`{"ok": true, "result": {…}}`), or a bare message. Updates hold
only what comes in, so that a bot has to log its own answers in one of the last two ways.

The message of another update of the same id is its edit: the first time stands, the last text
counts. A press of a button (`callback_query`) bears no time of its own and gets that of the message
it is under, or of the update before it in the file, whichever is later. `message_id` counts through
the bot's chats; in chats of a business account through that account, so that those ids begin with
`account-`, as in Telegram Desktop's export. A conversation is a chat.

Who is who, unless business.yml says it: what `is_bot` or was sent by a business account's bot is
the bot; in a private chat the person it is with is the customer and everybody else an operator; in
groups who writes as the group is an operator and everybody else a customer.

What nobody said (joins, pins, a user who blocks the bot) and posts of channels are kept as
`service`. Deliberately nothing: reactions, polls, inline queries, payments' questions, boosts,
connections of business accounts, deletions, and answers of the API that hold no message.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.sources.contract import Reading, Record, reject, row
from orchestration.sources.json_document import json_objects
from orchestration.sources.lines import as_json
from orchestration.sources.telegram_words import ENVELOPE, MEDIA, NOTHING
from orchestration.streams import MESSAGES

_MESSAGES = ("message", "edited_message", "business_message", "edited_business_message")
_POSTS = ("channel_post", "edited_channel_post")
_MEMBERS = ("my_chat_member", "chat_member", "chat_join_request")

_Values = dict[str, object]


def is_update(value: dict[str, Any]) -> bool:
    """Whether a line's object is one that this module reads."""
    return "update_id" in value or "ok" in value or {"message_id", "chat"} <= value.keys()


def read_updates(path: Path, reading: Reading) -> Iterator[Record]:
    """Give a record for every message and event of a file of updates."""
    number, clock = 0, 0
    for line in json_objects(path):
        if line.value is None:
            number += 1
            yield reject(number, line.fault or "not_json", line.raw_text, line.number)
            continue
        for update in _updates(line.value):
            fault, values = _values(update, clock, reading)
            if fault is None and not values:
                continue
            number += 1
            if fault:
                yield reject(number, fault, as_json(update), line.number)
                continue
            sent_at = values["sent_at"]
            clock = max(clock, sent_at) if isinstance(sent_at, int) else clock
            speaker = _speaker(update)
            yield row(MESSAGES, number, values, as_json(update), line.number, speaker)


def _updates(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The updates in a line's object, which is one, an answer of the API, or a bare message."""
    if "update_id" in value:
        return [value]
    if "ok" not in value:
        return [{"message": value}]
    result = value.get("result")
    if isinstance(result, list):
        return [item if isinstance(item, dict) else {} for item in result]
    is_message = isinstance(result, dict) and "message_id" in result
    return [{"message": result}] if is_message else []


def _values(update: dict[str, Any], clock: int, reading: Reading) -> tuple[str | None, _Values]:
    """Columns of a message, or none for what is deliberately nothing, or the fault."""
    for kind, given in update.items():
        if kind in NOTHING:
            return None, {}
        if not isinstance(given, dict):
            continue
        if kind in _MESSAGES:
            return _message(given, reading, is_business="business" in kind)
        if kind in _POSTS:
            _, values = _message(given, reading, is_business=False)
            return None, values | {"sender": "system", "kind": "service"}
        if kind == "callback_query":
            return None, _press(given, clock)
        if kind in _MEMBERS:
            return None, _membership(kind, given, update.get("update_id"))
    return "unknown_update", {}


def _message(
    message: dict[str, Any], reading: Reading, is_business: bool
) -> tuple[str | None, _Values]:
    chat, sender = _object(message, "chat"), _object(message, "from")
    kind, body = _said(message)
    if kind is None:
        return "unknown_content", {}
    given_id = message.get("message_id")
    role = "system" if kind == "service" else _role(message, chat, sender, reading)
    is_sequence = not is_business and chat.get("type") == "private"
    values: _Values = {
        "message_id": f"account-{given_id}" if is_business and given_id else given_id,
        "channel": "telegram",
        "chat_id": chat.get("id"),
        "user_id": chat.get("id"),
        "sent_at": message.get("edit_date") or message.get("date"),
        "sequence": given_id if is_sequence else None,
        "sender": role,
        "kind": kind,
        "body": body,
    }
    if role == "operator":
        values["operator_id"] = sender.get("id")
    contact = _object(message, "contact")
    if role == "customer" and contact.get("user_id") == sender.get("id"):
        values["phone"] = contact.get("phone_number")
    return None, values


def _said(message: dict[str, Any]) -> tuple[str | None, object]:
    """Kind and words of a message; None for one of which nothing is known."""
    text = message.get("text") or message.get("caption")
    if text:
        return "text", text
    if "web_app_data" in message:
        return "button", _object(message, "web_app_data").get("button_text")
    if MEDIA & message.keys():
        return "media", None
    # What the platform notes of itself is named after what happened.
    happened = sorted(message.keys() - ENVELOPE)
    return ("service" if happened else None), ", ".join(happened)


def _speaker(update: dict[str, Any]) -> str | None:
    """Name of who wrote or pressed."""
    events = (event for event in update.values() if isinstance(event, dict))
    sender: dict[str, Any] = next((_object(e, "from") for e in events if "from" in e), {})
    return _full_name(sender) or None


def _full_name(sender: dict[str, Any]) -> str:
    return f"{sender.get('first_name', '')} {sender.get('last_name', '')}".strip()


def _role(
    message: dict[str, Any], chat: dict[str, Any], sender: dict[str, Any], reading: Reading
) -> str:
    full_name = _full_name(sender)
    names = (sender.get("id"), sender.get("username"), sender.get("first_name"), full_name)
    declared = reading.declared_role(*(str(name) for name in names if name))
    if declared:
        return declared
    if "sender_chat" in message:
        return "operator"
    if sender.get("is_bot") or "sender_business_bot" in message:
        return "bot"
    if chat.get("type") == "private" and sender.get("id") != chat.get("id"):
        return "operator"
    return "customer"


def _press(query: dict[str, Any], clock: int) -> _Values:
    message, sender = _object(query, "message"), _object(query, "from")
    chat = _object(message, "chat") or sender
    # The date of a message that is gone is 0.
    shown_at = message.get("date")
    return {
        "message_id": f"callback-{query['id']}" if query.get("id") else None,
        "channel": "telegram",
        "chat_id": chat.get("id"),
        "user_id": chat.get("id"),
        "sent_at": max(clock, shown_at if isinstance(shown_at, int) else 0) or None,
        "sender": "customer",
        "kind": "button",
        "body": query.get("data") or query.get("game_short_name"),
    }


def _membership(kind: str, event: dict[str, Any], update_id: object) -> _Values:
    chat, member = _object(event, "chat"), _object(event, "new_chat_member")
    return {
        "message_id": f"update-{update_id}",
        "channel": "telegram",
        "chat_id": chat.get("id"),
        "user_id": chat.get("id"),
        "sent_at": event.get("date"),
        "sender": "system",
        "kind": "service",
        "body": " ".join(str(part) for part in (kind, member.get("status")) if part),
    }


def _object(holder: dict[str, Any], key: str) -> dict[str, Any]:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}
