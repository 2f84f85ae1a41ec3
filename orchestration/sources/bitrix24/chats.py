"""Open-line conversations become messages, and the end of a session an event.

The customer is who came through the connector, the bot who is marked as one, sender 0 the portal
itself, anybody else an operator; business.yml may declare who is a bot or an operator otherwise.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.sources.bitrix24.channels import channel_of, chat_parts
from orchestration.sources.bitrix24.fields import Settings
from orchestration.sources.bitrix24.records import Rows
from orchestration.sources.contract import Reading
from orchestration.streams import MESSAGES, SESSION_EVENTS

_SYSTEM_ID = "0"
_END = "bx-messenger-content-item-ol-end"


def chat_rows(history: Mapping[str, Any], settings: Settings, reading: Reading) -> Rows:
    """Messages of one answer of imopenlines.session.history.get, in the order of their ids."""
    parts = _parts(history, settings)
    channel, chat_id, user_id = (parts[0], parts[2], parts[3]) if parts else (None, None, None)
    session = history.get("sessionId")
    session_id = f"bitrix24-{session}" if session else None
    users = _entries(history.get("users"))
    customers = [key for key, user in users.items() if user.get("connector") is True]
    for message in _messages(history):
        sender_id = str(message.get("senderid"))
        sender = _sender(sender_id, user_id, users.get(sender_id, {}), reading)
        params = message.get("params")
        params = params if isinstance(params, dict) else {}
        is_system = sender == "system"
        yield (
            MESSAGES,
            {
                "message_id": str(message.get("id") or ""),
                "channel": channel,
                "chat_id": chat_id or str(message.get("chatid") or "") or None,
                "session_id": session_id,
                "user_id": user_id or (customers[0] if customers else None),
                "sent_at": message.get("date"),
                "sequence": message.get("id"),
                "sender": sender,
                "kind": "service" if is_system else "media" if params.get("fileId") else "text",
                "body": message.get("text"),
                "operator_id": sender_id if sender == "operator" else None,
            },
        )
        if is_system and params.get("class") == _END:
            yield (
                SESSION_EVENTS,
                {
                    "event_id": f"{session_id}-closed-{message.get('id')}",
                    "session_id": session_id,
                    "channel": channel,
                    "user_id": user_id,
                    "event": "closed",
                    "event_at": message.get("date"),
                },
            )


def event_rows(event: Mapping[str, Any], settings: Settings) -> Rows:
    """The end of a session, as the portal tells it to a web hook; its beginning is nothing."""
    if str(event.get("event")).upper() != "ONSESSIONFINISH":
        return
    data = event.get("data")
    told = data.get("DATA") if isinstance(data, dict) else None
    for entry in told if isinstance(told, list) else []:
        connector, session = (_entry(entry, name) for name in ("connector", "session"))
        session_id = f"bitrix24-{session['id']}" if session.get("id") else None
        yield (
            SESSION_EVENTS,
            {
                "event_id": f"{session_id}-closed-{event.get('ts')}",
                "session_id": session_id,
                "channel": channel_of(str(connector.get("connector_id")), settings.channels),
                "user_id": str(connector.get("user_id") or "") or None,
                "event": "closed",
                "event_at": event.get("ts"),
            },
        )


def _parts(history: Mapping[str, Any], settings: Settings) -> tuple[str, str, str, str] | None:
    for chat in _entries(history.get("chat")).values():
        parts = chat_parts(str(chat.get("entityId")), settings.channels)
        if parts:
            return parts
    return None


def _messages(history: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    messages = _entries(history.get("message")).values()
    return iter(sorted(messages, key=lambda message: _number(message.get("id"))))


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isdecimal() else 0


def _sender(sender_id: str, user_id: str | None, user: Mapping[str, Any], reading: Reading) -> str:
    if sender_id == _SYSTEM_ID:
        return "system"
    name = user.get("name")
    declared = reading.declared_role(sender_id, str(name) if name else None)
    if declared:
        return declared
    if user.get("bot") is True:
        return "bot"
    return "customer" if user.get("connector") is True or sender_id == user_id else "operator"


def _entry(value: object, name: str) -> dict[str, Any]:
    entry = value.get(name) if isinstance(value, dict) else None
    return entry if isinstance(entry, dict) else {}


def _entries(value: object) -> dict[str, dict[str, Any]]:
    """Entries by key; PHP writes a map whose keys are 0, 1, 2 … as a list."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    pairs = value.items() if isinstance(value, dict) else ()
    return {str(key): entry for key, entry in pairs if isinstance(entry, dict)}
