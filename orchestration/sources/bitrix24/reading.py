"""Read what a portal answered: lines that were fetched, and answers saved by hand.

A line, or a whole `.json` file, is one of: an envelope as fetching writes it; an answer of the
REST API (`{"result": …}`), of which every record counts; a record of crm.lead.*, crm.deal.*,
crm.item.*, crm.stagehistory.list or booking.v1.booking.list; the history of a session; an event
OnSessionFinish. OnSessionStart, crm.status.list, lists of custom fields, user.get and
imopenlines.dialog.get say nothing that a stream holds.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from orchestration.sources.bitrix24.chats import chat_rows, event_rows
from orchestration.sources.bitrix24.crm import deal_rows, lead_rows, stage_rows
from orchestration.sources.bitrix24.fields import Settings, Values, settings_of
from orchestration.sources.bitrix24.records import Given, Rows
from orchestration.sources.bitrix24.visits import booking_rows
from orchestration.sources.contract import Reading, Record, reject, row
from orchestration.sources.json_document import ANY, json_values
from orchestration.sources.lines import BROKEN_CONTENT, json_lines, open_content, parse_json

_LEAD_TYPE, _DEAL_TYPE = "1", "2"
# Whole answers are taken as they are; longer ones are read record by record.
_WHOLE_BYTES = 4 << 20
# Of a record in raw.rejected: a long conversation would stand there once for every message.
_SHOWN_CHARACTERS = 20_000
_LISTS = frozenset({(ANY,), ("result", ANY), ("result", "items", ANY)})

# Stages and sources, an open chat, custom fields, users: by fields that only these have.
_SILENT = (
    ("entityid", "statusid"),
    ("dialogid", "entitytype"),
    ("fieldname", "usertypeid"),
    ("usertype", "active"),
)

Read = Callable[[Given, Settings], Rows]


def read_json_lines(path: Path, reading: Reading) -> Iterator[Record]:
    """Give the rows of a file of lines; what cannot be read is a reject with the line's text."""
    settings = settings_of(reading)
    number = 0
    for line in json_lines(path):
        if line.value is None:
            number += 1
            yield reject(number, line.fault or "not_json", line.raw_text, line.number)
            continue
        for record in records_of(line.value, line.raw_text, settings, reading, number + 1):
            number = record.number
            yield Record(record.number, record.text, record.raw_text, record.fault, line.number)


def read_json_document(path: Path, reading: Reading) -> Iterator[Record]:
    """Give the rows of one saved answer, or of an array of records."""
    settings = settings_of(reading)
    number = 0
    for value, fault in _documents(path):
        if fault or not isinstance(value, dict):
            number += 1
            yield reject(number, fault or "not_object", None)
            continue
        for record in records_of(value, None, settings, reading, number + 1):
            number = record.number
            yield record


def records_of(
    value: dict[str, Any],
    raw_text: str | None,
    settings: Settings,
    reading: Reading,
    number: int,
) -> Iterator[Record]:
    """Give the records of one JSON object, numbered from `number` on.

    An answer is taken apart first, so that a reject bears its own record and not all of them.
    """
    for unit in _units(value):
        if raw_text is None or unit is not value:
            text = json.dumps(unit, ensure_ascii=False)[:_SHOWN_CHARACTERS]
        else:
            text = raw_text[:_SHOWN_CHARACTERS]
        rows = _rows(unit, settings, reading) if isinstance(unit, dict) else None
        if rows is None:
            yield reject(number, "unknown_type", text)
            number += 1
            continue
        for stream, values in rows:
            yield row(stream, number, values, text)
            number += 1


def _units(value: dict[str, Any]) -> list[Any]:
    """The records of an answer, or the object itself without what lets one into the portal."""
    if "auth" in value:
        return [{name: part for name, part in value.items() if name != "auth"}]
    if "result" not in value:
        return [value]
    result = value["result"]
    for name in ("items", "booking"):
        if isinstance(result, dict) and isinstance(result.get(name), list):
            result = result[name]
    return result if isinstance(result, list) else [result]


def _rows(value: dict[str, Any], settings: Settings, reading: Reading) -> Rows | None:
    """The rows of one object; None where it is nothing that is known."""
    payload = value.get("payload")
    if "_entity" in value and isinstance(payload, dict):
        return _envelope_rows(value, payload, settings, reading)
    if str(value.get("event")).upper() in {"ONSESSIONFINISH", "ONSESSIONSTART"}:
        return event_rows(value, settings)
    if "message" in value and ("users" in value or "sessionId" in value):
        return chat_rows(value, settings, reading)
    read = _reader_of(Values(value))
    return read(Given(value), settings) if read else None


def _envelope_rows(
    envelope: dict[str, Any], payload: dict[str, Any], settings: Settings, reading: Reading
) -> Rows | None:
    entity = envelope["_entity"]
    known = envelope.get("known")
    known = known if isinstance(known, dict) else {}
    loaded_at, changed_at = envelope.get("_loaded_at"), envelope.get("_changed_at")
    if entity == "booking":
        # Nothing in a booking says when it changed.
        changed_at = loaded_at
    given = Given(payload, known, changed_at, envelope.get("_gone") is True)
    if entity == "chat":
        history = payload.get("history")
        return chat_rows(history if isinstance(history, dict) else {}, settings, reading)
    reads: Mapping[object, Read] = {
        "lead": lead_rows,
        "deal": deal_rows,
        "lead_history": stage_rows,
        "deal_history": stage_rows,
        "booking": booking_rows,
    }
    read = reads.get(entity)
    return read(given, settings) if read else None


def _reader_of(values: Values) -> Read | None:
    """What kind of record has these fields."""
    if "dateperiod" in values:
        return booking_rows
    if "ownerid" in values and ("statusid" in values or "stageid" in values):
        return stage_rows
    if any(all(name in values for name in names) for names in _SILENT):
        return _nothing
    entity_type = values.text("entitytypeid")
    if "statusid" in values or entity_type == _LEAD_TYPE:
        return lead_rows
    if "stageid" in values and (entity_type in (None, _DEAL_TYPE)):
        return deal_rows
    return None


def _nothing(_given: Given, _settings: Settings) -> Rows:
    return iter(())


def _documents(path: Path) -> Iterator[tuple[Any, str | None]]:
    with open_content(path) as content:
        try:
            start = content.read(_WHOLE_BYTES + 1)
        except BROKEN_CONTENT:
            yield None, "broken_file"
            return
    if len(start) <= _WHOLE_BYTES:
        yield from _whole_documents(start)
        return
    with open_content(path) as content:
        for found in json_values(content, _LISTS):
            yield found.value, found.fault


def _whole_documents(content: bytes) -> Iterator[tuple[Any, str | None]]:
    if not content.strip():
        yield None, "empty_file"
        return
    try:
        value = parse_json(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        yield None, "not_utf8"
    except ValueError:
        yield None, "not_json"
    else:
        yield from ((each, None) for each in (value if isinstance(value, list) else [value]))
