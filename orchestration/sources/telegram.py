"""Telegram: exports of Telegram Desktop, and updates of the Bot API.

`<business>/telegram/<any name>.{json,jsonl}` as downloaded, or `<business>/telegram/updates/…` for
a bot's log; either may be packed by gzip. What a file is its content shows, not its folder.
"""

from collections.abc import Iterator
from pathlib import Path

from orchestration.sources.contract import Feed, Reading, Record, System, outputs_of, union_of
from orchestration.sources.json_document import json_objects
from orchestration.sources.telegram_export import read_export
from orchestration.sources.telegram_updates import is_update, read_updates
from orchestration.streams import MESSAGES

_FORMATS = {".json": "json", ".json.gz": "json", ".jsonl": "updates", ".jsonl.gz": "updates"}


def _read(path: Path, reading: Reading) -> Iterator[Record]:
    first = next(iter(json_objects(path)), None)
    has_updates = first is not None and first.value is not None and is_update(first.value)
    is_log = path.name.lower().removesuffix(".gz").endswith(".jsonl")
    return read_updates(path, reading) if has_updates or is_log else read_export(path, reading)


_FEED = Feed(union_of("telegram", MESSAGES), outputs_of(MESSAGES), formats=_FORMATS, read=_read)

SYSTEM = System("telegram", {"": _FEED, "updates": _FEED})
