"""Rasa's tracker events: what customers and the bot said, what was understood, who took over.

`<business>/rasa/<any name>.{json,jsonl,csv,parquet}` (text also `.gz`), told apart by content:
events as JSON lines in the form of the `data` column with `sender_id`, rows of the SQL table
`events` (with `data` as text or object), or trackers `{sender_id, events: […]}`. A file may hold
many conversations in any order: the events of each are sorted by time outside of memory.

A session is what lies between two `session_started` (`rasa-<sender>-<microseconds>`, or Rasa's own
`metadata.session_id`); what comes before the first has no id and is parted by silence. A customer's
message is a fallback where its intent is `nlu_fallback`, or where before the next one
`action_default_fallback`, `action_two_stage_fallback`, any policy named …FallbackPolicy or
`pattern_cannot_handle` answered. A button (`/intent`) is no text; what a reminder or the API
triggered (`EXTERNAL: …`) nobody said. The scenario is the active loop, the flow or the declared
slot. `pause` hands over to a person, as Rasa documents it, and `resume` hands back.

Deliberately nothing: actions other than handoffs and fallbacks, slots other than the declared one,
and the events named in `IGNORED_EVENTS`. Roles are given by the format; nothing is guessed.
"""

import json
import math
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import count, groupby
from operator import itemgetter
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
from orchestration.sources.documents import Item
from orchestration.sources.lines import parse_json
from orchestration.sources.rasa_events import Conversation
from orchestration.sources.rasa_log import IGNORED_EVENTS, READ_EVENTS, Event
from orchestration.sources.tables import TABLE_FORMATS, table_items
from orchestration.streams import MESSAGES, SESSION_EVENTS

_COLUMNS = ("id", "sender_id", "type_name", "timestamp", "intent_name", "action_name", "data")
_LATEST = 4_133_980_800  # 2101-01-01

_ORDERED = """
    select events.sender, events.at, events.line, events.value, channels.channel
    from events
    left join (
        select sender, channel, min(at) from events where channel is not null group by sender
    ) as channels using (sender)
    order by events.sender, events.at, events.rowid
"""


def read(path: Path, reading: Reading) -> Iterator[Record]:
    """Give what cannot be read, in the file's order, then the rows of each conversation."""
    numbers = count(1)
    # An SQLite database without a name lies in a temporary file and vanishes when closed.
    with closing(sqlite3.connect("")) as events:
        events.execute("create table events (sender, at, line, value, channel)")
        for item in table_items(path, ("events",), _COLUMNS):
            fault = item.fault or _keep(events, item)
            if fault:
                yield reject(next(numbers), fault, item.raw_text, item.line)
        rows = events.execute(_ORDERED)
        for (sender, channel), of_sender in groupby(rows, key=itemgetter(0, 4)):
            conversation = Conversation(json.loads(sender), reading, channel)
            logged = (
                Event(json.loads(value), at, value, line) for _, at, line, value, _ in of_sender
            )
            for found in conversation.rows(logged):
                for _ in range(found.times):
                    event = found.event
                    yield row(found.stream, next(numbers), found.values, event.raw_text, event.line)


def _keep(events: sqlite3.Connection, item: Item) -> str | None:
    """Store the event of an item; give the fault where it cannot be."""
    stored = item.value or {}
    event = _event(stored)
    if event is None:
        return "bad_value:data" if "type_name" in stored else "missing_field:event"
    name = event["event"]
    if name in IGNORED_EVENTS:
        return None
    if name not in READ_EVENTS:
        return "unknown_event"
    sender = next(
        filter(None, (held.get("sender_id") for held in (stored, event, item.context))), ""
    )
    if not str(sender).strip():
        return "missing_field:sender_id"
    given = event.get("timestamp", stored.get("timestamp"))
    if given in (None, ""):
        return "missing_field:timestamp"
    at = _seconds(given)
    if at is None:
        return "bad_timestamp:timestamp"
    channel = event.get("input_channel") or item.context.get("latest_input_channel")
    events.execute(
        "insert into events values (?, ?, ?, ?, ?)",
        [
            json.dumps(sender),
            at,
            item.line,
            json.dumps(event),
            channel.lower() if isinstance(channel, str) else None,
        ],
    )
    return None


def _event(stored: Mapping[str, Any]) -> dict[str, Any] | None:
    """The event itself, which a row of the SQL table holds in `data`."""
    data = stored.get("data")
    if isinstance(data, str):
        try:
            data = parse_json(data)
        except ValueError:
            data = None
    for event in (data, stored):
        if isinstance(event, dict) and isinstance(event.get("event"), str):
            return event
    return None


def _seconds(given: Any) -> float | None:
    try:
        at = float(given)
    except (TypeError, ValueError, OverflowError):
        return None
    return at if math.isfinite(at) and 0 < at < _LATEST else None


_FEED = Feed(
    union_of("rasa_events", MESSAGES, SESSION_EVENTS),
    outputs_of(MESSAGES, SESSION_EVENTS),
    formats=TABLE_FORMATS,
    read=read,
)

SYSTEM = System(
    "rasa",
    {"": _FEED, "events": _FEED, "trackers": _FEED},
    fields={
        "handoff_actions": "actions that hand over to a person, a list",
        "scenario_slot": "the slot whose value names the scenario",
        "channel": "where customers write, if the log names no channel or only rest, socketio, …",
    },
)
