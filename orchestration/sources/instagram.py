"""Instagram: the account's export as JSON, and webhooks of the messaging API.

`<business>/instagram/<any name>.{zip,json}` is what Instagram lets one download, whole or one
`message_1.json` of it; `<business>/instagram/webhooks/…jsonl` has one payload a line.

A webhook's echo is our side: an operator, or the bot where business.yml declares the account or the
app that sent it (`app_id`); everything else comes from the customer. An edit has the id of what it
changes. A conversation is a customer, whose id is the account's own name for them and no phone.

Deliberately nothing: reactions, read marks, deliveries, referrals without a message, consents,
handovers between apps, deletions, and what is no message (comments, mentions, insights).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.sources.contract import (
    Feed,
    Reading,
    Record,
    System,
    outputs_of,
    reject,
    row,
    union_of,
)
from orchestration.sources.instagram_export import read_export
from orchestration.sources.json_document import json_objects
from orchestration.sources.lines import as_json
from orchestration.streams import MESSAGES

_SAYING = ("message", "postback", "message_edit")
_NOTHING_EVENTS = {
    "reaction",
    "read",
    "delivery",
    "referral",
    "optin",
    "pass_thread_control",
    "take_thread_control",
    "request_thread_control",
    "app_roles",
    "policy_enforcement",
    "typing",
}
_MESSAGE_FIELDS = {"messages", "messaging_postbacks", "message_edit", "standby", "message_echoes"}
_NOTHING_FIELDS = {
    "comments",
    "live_comments",
    "mentions",
    "message_reactions",
    "messaging_handover",
    "messaging_optins",
    "messaging_policy_enforcement",
    "messaging_referral",
    "messaging_seen",
    "response_feedback",
    "story_insights",
}

_Object = dict[str, Any]


def read_webhooks(path: Path, reading: Reading) -> Iterator[Record]:
    """Give a record for every message in a file of payloads."""
    number = 0
    for line in json_objects(path):
        if line.value is None:
            number += 1
            yield reject(number, line.fault or "not_json", line.raw_text, line.number)
            continue
        for event in _events(line.value):
            if not _is_told(event):
                continue
            number += 1
            raw_text = as_json(event)
            values = _values(event, reading)
            if values is None:
                yield reject(number, "unknown_event", raw_text, line.number)
            else:
                yield row(MESSAGES, number, values, raw_text, line.number)


def _events(payload: _Object) -> Iterator[_Object]:
    """The events of a payload; a payload that is none is given as it is, to be rejected."""
    entries = payload.get("entry")
    if not isinstance(entries, list):
        yield _of_change(payload) if "field" in payload else payload
        return
    for entry in entries:
        if not isinstance(entry, dict):
            yield {}
            continue
        events = [*_list(entry, "messaging"), *_list(entry, "standby")]
        changes = _list(entry, "changes")
        if not events and not changes:
            yield entry
        for event in events:
            yield event if isinstance(event, dict) else {}
        for change in changes:
            yield _of_change(change) if isinstance(change, dict) else {}


def _of_change(change: _Object) -> _Object:
    """The event in a change, under the name that an event of `messaging` would have."""
    field, value = change.get("field"), _object(change, "value")
    if field in _MESSAGE_FIELDS and value:
        return value
    return {"nothing": value} if field in _NOTHING_FIELDS else change


def _is_told(event: _Object) -> bool:
    """Whether the event is a message, or unknown, and not one that is deliberately nothing."""
    if "nothing" in event or (event.keys() & _NOTHING_EVENTS and not event.keys() & set(_SAYING)):
        return False
    return not _object(event, "message").get("is_deleted")


def _values(event: _Object, reading: Reading) -> _Object | None:
    name = next((name for name in _SAYING if _object(event, name)), None)
    if name is None:
        return None
    said = _object(event, name)
    sender, recipient = _object(event, "sender").get("id"), _object(event, "recipient").get("id")
    is_ours = bool(said.get("is_echo"))
    customer = recipient if is_ours else sender
    text = said.get("text") or said.get("title")
    quick_reply = _object(said, "quick_reply")
    role = "customer"
    if is_ours:
        names = (said.get("app_id"), sender)
        role = reading.declared_role(*(str(name) for name in names if name)) or "operator"
    referral = _object(said, "referral") or _object(event, "referral")
    return {
        "message_id": said.get("mid"),
        "channel": "instagram",
        "chat_id": customer,
        "user_id": customer,
        "sent_at": event.get("timestamp"),
        "sender": role,
        "kind": "button" if name == "postback" or quick_reply else "text" if text else "media",
        "body": text,
        "operator_id": sender if role == "operator" else None,
        "utm_source": referral.get("source"),
        "utm_campaign": referral.get("ad_id") or referral.get("ref"),
    }


def _object(holder: _Object, key: str) -> _Object:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _list(holder: _Object, key: str) -> list[Any]:
    value = holder.get(key)
    return value if isinstance(value, list) else []


SYSTEM = System(
    "instagram",
    {
        "": Feed(
            union_of("instagram_export", MESSAGES),
            outputs_of(MESSAGES),
            formats={".json": "export", ".json.gz": "export", ".zip": "zip"},
            read=read_export,
        ),
        "webhooks": Feed(
            union_of("instagram_webhooks", MESSAGES),
            outputs_of(MESSAGES),
            formats={".jsonl": "payloads", ".jsonl.gz": "payloads", ".json": "payloads"},
            read=read_webhooks,
        ),
    },
)
