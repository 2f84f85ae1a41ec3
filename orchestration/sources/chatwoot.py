"""Chatwoot's conversations, messages and ratings, from its API or its webhooks.

`<business>/chatwoot/<any name>.{json,jsonl}` (also `.gz`), told apart by content: what the API
answers (`{"payload": […]}`, `{"data": {"payload": […]}}`, a list, one record; JSON lines of any of
these), where types are numbers and times epoch seconds, and the bodies of webhooks, where types are
words and times ISO 8601.

The contact is the customer, AgentBot and Captain are the bot, a User is the operator, unless
business.yml declares that name, e-mail or id otherwise; without a sender it was an integration, a
bot, or, with `external_echo`, the owner's own phone. Templates are automatic notes (`is_ack`).
A session is a conversation: `chatwoot-<conversation>`, with the account's id before it where that
is another than the declared `account`. A status that changes from pending to open is a handoff,
back to pending its end, resolved closes and what follows it reopens; a conversation that the API
shows as resolved closed with its last activity. Ratings are of 5.

Deliberately nothing: private notes and activities (also inside conversations), the last message
that a webhook's conversation repeats, statuses that say no such change, inboxes, and the events
named in `_IGNORED_EVENTS`; answers that a customer gave inside a bot's form, as they have no time.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from orchestration.sources.chatwoot_places import Places, identity, part
from orchestration.sources.chatwoot_rows import Rows, happening, message_rows, rating
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
from orchestration.sources.documents import JSON_FORMATS, json_items
from orchestration.streams import MESSAGES, RATINGS, SESSION_EVENTS

_LISTS = ("payload", "data.payload", "data", "payload.messages", "payload.conversations")
_CHANGES = {
    ("pending", "open"): "handoff_started",
    ("open", "pending"): "handoff_ended",
    ("resolved", "open"): "reopened",
    ("resolved", "pending"): "reopened",
}
_MESSAGE_EVENTS = {"message_created", "message_updated"}
_CONVERSATION_EVENTS = {
    "conversation_created",
    "conversation_updated",
    "conversation_status_changed",
    "conversation_resolved",
    "conversation_opened",
}
_IGNORED_EVENTS = {
    "webwidget_triggered",
    "contact_created",
    "contact_updated",
    "inbox_created",
    "inbox_updated",
    "conversation_typing_on",
    "conversation_typing_off",
}


def read(path: Path, reading: Reading) -> Iterator[Record]:
    """Give the rows of each record, or its reject."""
    numbers = count(1)
    places = Places(reading)
    for item in json_items(path, _LISTS):
        record = _unwrapped(item.value or {})
        found = iter([item.fault]) if item.fault else _rows(record, item.context, places)
        speaker = identity(part(record, "sender"), "name")
        for result in found:
            number = next(numbers)
            if isinstance(result, str):
                yield reject(number, result, item.raw_text, item.line)
            else:
                yield row(result[0], number, result[1], item.raw_text, item.line, speaker)


def _unwrapped(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an answer about one record, or a tool that received the webhook, has around it."""
    if not record.keys() & {"event", "id"}:
        for wrapper in ("payload", "data", "body"):
            if isinstance(record.get(wrapper), dict):
                return part(record, wrapper)
    return record


def _rows(record: Mapping[str, Any], page: Mapping[str, Any], places: Places) -> Rows:
    event = record.get("event")
    if isinstance(event, str):
        yield from _webhook_rows(event, record, places)
    elif "rating" in record:
        yield RATINGS, rating(record, record.get("rating"), places.find(record, page))
    elif "message_type" in record:
        yield from message_rows(record, places.find(record, page), places.reading)
    elif "status" in record and ("meta" in record or "inbox_id" in record):
        yield from _conversation_rows(record, places)
    elif "channel_type" in record:
        places.find({"inbox": record}, {})
    else:
        yield "unknown_type"


def _webhook_rows(event: str, record: Mapping[str, Any], places: Places) -> Rows:
    place = places.find(record, {})
    if event in _MESSAGE_EVENTS:
        yield from message_rows(record, place, places.reading)
    elif event in _CONVERSATION_EVENTS:
        happened = _change(event, record)
        if happened:
            moments = (record.get(name) for name in ("updated_at", "last_activity_at", "timestamp"))
            yield SESSION_EVENTS, happening(happened, next(filter(None, moments), None), place)
    elif "rating" in record:
        yield RATINGS, rating(record, record.get("rating"), place)
    elif event not in _IGNORED_EVENTS:
        yield "unknown_event"


def _conversation_rows(record: Mapping[str, Any], places: Places) -> Rows:
    if record["status"] == "resolved":
        at = record.get("last_activity_at") or record.get("timestamp") or record.get("updated_at")
        yield SESSION_EVENTS, happening("closed", at, places.find(record, {}))
    messages = record.get("messages")
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, dict) and "message_type" in message:
            # The message says less of its conversation than the conversation itself.
            whole = {**message, "conversation": {**part(message, "conversation"), **record}}
            yield from message_rows(whole, places.find(whole, {}), places.reading)
        else:
            yield "unknown_type"


def _change(event: str, record: Mapping[str, Any]) -> str | None:
    """What a change of status means here; None = nothing."""
    before, after = _status_change(record.get("changed_attributes"))
    if after is None and event in {"conversation_resolved", "conversation_status_changed"}:
        after = record.get("status")
    if after == "resolved":
        return "closed"
    return _CHANGES.get((str(before), str(after)))


def _status_change(changes: Any) -> tuple[Any, Any]:
    for change in changes if isinstance(changes, list) else [changes]:
        status = change.get("status") if isinstance(change, dict) else None
        if isinstance(status, dict):
            return status.get("previous_value"), status.get("current_value")
        if isinstance(status, list) and len(status) == 2:
            return status[0], status[1]
    return None, None


_FEED = Feed(
    union_of("chatwoot_records", MESSAGES, SESSION_EVENTS, RATINGS),
    outputs_of(MESSAGES, SESSION_EVENTS, RATINGS),
    formats=JSON_FORMATS,
    read=read,
)

SYSTEM = System(
    "chatwoot",
    dict.fromkeys(("", "conversations", "messages", "csat", "webhooks"), _FEED),
    fields={
        "account": "the id of the account, where the business has several",
        "channel": "where customers write, if an export does not name the inbox's channel",
    },
)
