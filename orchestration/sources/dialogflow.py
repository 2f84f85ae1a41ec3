"""Dialogflow's log of turns: what the customer said, what was understood, what the bot answered.

`<business>/dialogflow/<any name>.{json,jsonl,csv,parquet}` (text also `.gz`), by content: rows of
the table that Dialogflow CX exports to BigQuery, with `request`, `response` and the other JSON
columns as text or as objects; and answers of ES's detectIntent (or requests to its webhook), bare
or in an entry of Cloud Logging, to which whoever logged them added a `timestamp`.

A turn is one customer message, if the customer said anything or chose an intent by a button, and a
message of the bot for each text it answered. A session is the last part of `conversation_name` (ES:
`session`) as it stands, since whoever calls Dialogflow chose it and may have told it to the CRM; a
mere number gets the prefix `dialogflow-`. The log knows no time of the answer: it is the turn's, so
that time to first response is 0 wherever the bot answered. NO_MATCH and ES's `isFallback` are
fallbacks; the scenario is the flow. `liveAgentHandoff` and a call transfer hand over to a person,
`endInteraction` closes. Roles are given by the format; nothing is guessed.

Deliberately nothing: the customer's side of a turn without words (NO_INPUT, events such as the
welcome), what is shown beside a text, `conversationSuccess`, tool calls, ES messages for other
messengers than the customer's, conversation signals and feedback.
"""

import hashlib
from collections.abc import Iterator
from itertools import count
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
from orchestration.sources.dialogflow_turns import Turn, cx_turn, es_turn
from orchestration.sources.documents import Item
from orchestration.sources.tables import TABLE_FORMATS, table_items
from orchestration.streams import MESSAGES, SESSION_EVENTS, Stream

_COLUMNS = ("conversation_name", "turn_position", "request_time", "request", "response")

_Rows = Iterator[tuple[Stream, dict[str, Any]] | str]


def read(path: Path, reading: Reading) -> Iterator[Record]:
    """Give the rows of each turn, or its reject."""
    numbers = count(1)
    for item in table_items(path, (), _COLUMNS):
        found = iter([item.fault]) if item.fault else _rows(item, reading)
        for result in found:
            number = next(numbers)
            if isinstance(result, str):
                yield reject(number, result, item.raw_text, item.line)
            else:
                yield row(result[0], number, result[1], item.raw_text, item.line)


def _rows(item: Item, reading: Reading) -> _Rows:
    record = item.value or {}
    if "conversation_name" in record:
        turn = cx_turn(record)
    elif "queryResult" in record or "jsonPayload" in record:
        turn = es_turn(record)
    else:
        yield "unknown_type"
        return
    if isinstance(turn, str):
        yield turn
        return
    yield from _turn_rows(turn, reading)
    yield from turn.faults


def _turn_rows(turn: Turn, reading: Reading) -> _Rows:
    session_id = f"dialogflow-{turn.session}" if turn.session.isdigit() else turn.session
    turn_id = turn.response_id or _content_id(turn)
    shared = {
        "channel": reading.fields.get("channel") or turn.channel or "dialogflow",
        "session_id": session_id,
        "user_id": turn.user_id or turn.session,
    }
    said = {"chat_id": session_id, "sent_at": turn.at, "scenario": turn.scenario, **shared}
    if turn.text or turn.kind == "button":
        yield (
            MESSAGES,
            {
                "message_id": f"{turn_id}-question",
                "sequence": turn.sequence(0),
                "sender": "customer",
                "kind": turn.kind,
                "body": turn.text,
                "intent": turn.intent,
                "intent_confidence": turn.confidence if turn.intent else None,
                "is_fallback": turn.is_fallback,
                **said,
            },
        )
    for number, (kind, answer) in enumerate(turn.answers, start=1):
        yield (
            MESSAGES,
            {
                "message_id": f"{turn_id}-answer-{number}",
                "sequence": turn.sequence(number),
                "sender": "bot",
                "kind": kind,
                "body": answer,
                **said,
            },
        )
    for event in turn.events:
        yield (
            SESSION_EVENTS,
            {"event_id": f"{turn_id}-{event}", "event": event, "event_at": turn.at, **shared},
        )


def _content_id(turn: Turn) -> str:
    content = f"{turn.session} {turn.position} {turn.at}"
    return hashlib.sha256(content.encode(errors="replace")).hexdigest()[:32]


_FEED = Feed(
    union_of("dialogflow_turns", MESSAGES, SESSION_EVENTS),
    outputs_of(MESSAGES, SESSION_EVENTS),
    formats=TABLE_FORMATS,
    read=read,
)

SYSTEM = System(
    "dialogflow",
    dict.fromkeys(("", "turns"), _FEED),
    fields={"channel": "where customers write, as the log does not say"},
)
