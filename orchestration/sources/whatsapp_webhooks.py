"""Webhooks of WhatsApp's Cloud API, one payload a line, as messages.

A webhook's message comes from the customer; the business's own number, and whatever is an echo of
the phone app (`smb_message_echoes`), is an operator, or the bot where business.yml declares the
number as one. What the bot sends is in no webhook and has to be logged as an echo. One of our
messages that does not say to whom it went is taken to answer the message before it. The history
that Meta sends once is read too. An edit has the id of what it changes. A conversation is a
customer.

Deliberately nothing: statuses (sent, delivered, read), reactions, deletions, errors of the
platform, and what Meta says of the account and its templates.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.sources.contract import Reading, Record, reject, row
from orchestration.sources.json_document import json_objects
from orchestration.sources.lines import as_json
from orchestration.streams import MESSAGES

_MESSAGE_FIELDS = {"messages", "smb_message_echoes", "message_echoes", "history"}
_NOTHING_FIELDS = {
    "account_alerts",
    "account_review_update",
    "account_settings_update",
    "account_update",
    "business_capability_update",
    "business_status_update",
    "calls",
    "flows",
    "message_template_components_update",
    "message_template_quality_update",
    "message_template_status_update",
    "messaging_handovers",
    "partner_solutions",
    "payment_configuration_update",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
    "smb_app_state_sync",
    "template_category_update",
    "template_correct_category_detection",
    "tracking_events",
    "user_preferences",
}
_NOTHING_TYPES = {"reaction", "revoke", "errors"}
_MEDIA_TYPES = {
    "image",
    "video",
    "audio",
    "voice",
    "document",
    "sticker",
    "location",
    "contacts",
    "order",
    "media_placeholder",
    # Something was said that the API cannot show.
    "unsupported",
    "unknown",
}
_SERVICE_TYPES = {"system", "request_welcome", "ephemeral"}

_Object = dict[str, Any]


def read_webhooks(path: Path, reading: Reading) -> Iterator[Record]:
    """Give a record for every message in a file of payloads."""
    number, last_customer = 0, None
    for line in json_objects(path):
        if line.value is None:
            number += 1
            yield reject(number, line.fault or "not_json", line.raw_text, line.number)
            continue
        for change in _changes(line.value):
            name, value = change.get("field"), _object(change, "value")
            if name in _NOTHING_FIELDS:
                continue
            if name not in _MESSAGE_FIELDS or not value:
                number += 1
                yield reject(number, "unknown_event", as_json(change), line.number)
                continue
            for message, user in _messages(value):
                if message.get("type") in _NOTHING_TYPES:
                    continue
                number += 1
                raw_text = as_json(message)
                values = _values(message, user or last_customer, value, reading)
                if values is None:
                    yield reject(number, "unknown_type", raw_text, line.number)
                else:
                    last_customer = values["user_id"]
                    yield row(MESSAGES, number, values, raw_text, line.number)


def _changes(payload: _Object) -> Iterator[_Object]:
    """The changes of a payload; one that is none is given as it is, to be rejected."""
    if "field" in payload:
        yield payload
        return
    entries = payload.get("entry")
    if not isinstance(entries, list):
        yield payload
        return
    for entry in entries:
        changes = entry.get("changes") if isinstance(entry, dict) else None
        for change in changes if isinstance(changes, list) else [entry]:
            yield change if isinstance(change, dict) else {"field": None}


def _messages(value: _Object) -> Iterator[tuple[_Object, str | None]]:
    """Messages of a change, each with the customer's id where the message itself does not say."""
    for message in (*_objects(value, "messages"), *_objects(value, "message_echoes")):
        yield message, None
    for history in _objects(value, "history"):
        for thread in _objects(history, "threads"):
            user = thread.get("id")
            for message in _objects(thread, "messages"):
                yield message, user if isinstance(user, str) else None


def _values(message: _Object, user: str | None, value: _Object, reading: Reading) -> _Object | None:
    """Columns of a message; None for a type that is not known."""
    number = _digits(_object(value, "metadata").get("display_phone_number"))
    sender = message.get("from") or message.get("from_user_id")
    is_ours = "message_echoes" in value or (number and _digits(sender) == number)
    addressee = message.get("to") or message.get("to_user_id") or _contact(value, number) or user
    customer = addressee if is_ours else sender
    content, edited_id = message, None
    if message.get("type") == "edit":
        edit = _object(message, "edit")
        content, edited_id = _object(edit, "message"), edit.get("original_message_id")
    said = _said(content)
    if said is None:
        return None
    kind, body = said
    role = "customer"
    if kind == "service":
        role = "system"
    elif is_ours:
        role = reading.declared_role(number, _text(sender)) or "operator"
    phone = _digits(customer)
    values: _Object = {
        "message_id": edited_id or message.get("id"),
        "channel": "whatsapp",
        "chat_id": phone or customer,
        "user_id": phone or customer,
        "sent_at": message.get("timestamp"),
        "sender": role,
        "kind": kind,
        "body": body,
    }
    if role == "operator":
        values["operator_id"] = sender
    if role == "customer":
        referral = _object(message, "referral")
        values |= {
            "phone": f"+{phone}" if phone else None,
            "utm_source": referral.get("source_type"),
            "utm_campaign": referral.get("source_id"),
        }
    return values


def _contact(value: _Object, number: str) -> object:
    """Id of the customer whom a change is about, where it says so beside its messages."""
    ids = (contact.get("wa_id") for contact in _objects(value, "contacts"))
    return next((given for given in ids if given and _digits(given) != number), None)


def _said(message: _Object) -> tuple[str, object] | None:
    """Kind and words of a message."""
    kind = message.get("type")
    content = _object(message, str(kind))
    if kind == "text":
        return "text", content.get("body")
    if kind == "button":
        return "button", content.get("text")
    if kind == "interactive":
        reply = _object(content, str(content.get("type")))
        return "button", reply.get("title") or reply.get("name") or reply.get("body")
    if kind in _MEDIA_TYPES:
        caption = content.get("caption")
        return ("text" if caption else "media"), caption
    if kind in _SERVICE_TYPES:
        return "service", content.get("body") or kind
    return None


def _object(holder: _Object, key: str) -> _Object:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _objects(holder: _Object, key: str) -> list[_Object]:
    value = holder.get(key)
    return (
        [item if isinstance(item, dict) else {} for item in value]
        if isinstance(value, list)
        else []
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _digits(value: object) -> str:
    """Digits of a phone; "" for an id that is none."""
    text = str(value or "").lstrip("+").replace(" ", "").replace("-", "")
    return text if text.isdecimal() else ""
