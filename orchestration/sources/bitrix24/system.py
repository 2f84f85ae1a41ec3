"""The folders of Bitrix24 in the landing zone.

`<business>/bitrix24/<leads|deals|stage_history|messages|bookings>/<any name>.{jsonl.gz,jsonl,json}`
is what was fetched by the webhook, or an answer of the portal saved by hand;
`<business>/bitrix24/<any name>.{csv,xls,xlsx}` is an export of the grid of leads or deals.
"""

from collections.abc import Iterator
from pathlib import Path

from orchestration.sources.bitrix24.fields import FIELDS
from orchestration.sources.bitrix24.grid import read_grid
from orchestration.sources.bitrix24.reading import read_json_document, read_json_lines
from orchestration.sources.contract import Feed, Reading, Record, System, outputs_of, union_of
from orchestration.streams import (
    BOOKINGS,
    DEALS,
    LEADS,
    MESSAGES,
    SESSION_EVENTS,
    STAGE_HISTORY,
    Stream,
)

_ANSWERS = {".jsonl": "bitrix24", ".jsonl.gz": "bitrix24", ".json": "bitrix24"}
_GRIDS = {".csv": "bitrix24", ".csv.gz": "bitrix24", ".xls": "bitrix24", ".xlsx": "bitrix24"}


def _read(path: Path, reading: Reading) -> Iterator[Record]:
    name = path.name.lower()
    if name.endswith((".csv", ".csv.gz", ".xls", ".xlsx")):
        return read_grid(path, reading)
    if name.endswith(".json"):
        return read_json_document(path, reading)
    return read_json_lines(path, reading)


def _feed(formats: dict[str, str], *streams: Stream) -> Feed:
    return Feed(union_of("bitrix24", *streams), outputs_of(*streams), formats, _read)


SYSTEM = System(
    "bitrix24",
    {
        "": _feed(
            _ANSWERS | _GRIDS, LEADS, DEALS, BOOKINGS, STAGE_HISTORY, MESSAGES, SESSION_EVENTS
        ),
        "leads": _feed(_ANSWERS, LEADS, BOOKINGS),
        "deals": _feed(_ANSWERS, DEALS, LEADS, BOOKINGS),
        "stage_history": _feed(_ANSWERS, STAGE_HISTORY),
        "messages": _feed(_ANSWERS, MESSAGES, SESSION_EVENTS),
        "bookings": _feed(_ANSWERS, BOOKINGS),
    },
    FIELDS,
)
