"""What one file would give if it lay in the landing zone, found out without loading it.

The file is recognised from where it lies, or from its content by every reader that takes its name,
and then loaded by the loader itself into a warehouse that is thrown away.
"""

import itertools
import json
import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.errors import ActionableError
from orchestration.landing import SETTINGS_NAME
from orchestration.loading import load_businesses, load_stream
from orchestration.loading.inspection import inspect_text
from orchestration.sources.contract import Feed, Reading
from orchestration.sources.lines import json_lines
from orchestration.sources.records import read_header
from orchestration.sources.systems import SYSTEMS
from orchestration.streams import Stream

_PROBED_RECORDS = 200
_MOST_SPEAKERS = 10_000
_LINES_NAMED = 5
# The column that says when, by stream.
_MOMENTS = {
    "messages": "sent_at",
    "session_events": "event_at",
    "ratings": "rated_at",
    "intent_labels": "labelled_at",
    "leads": "created_at",
    "deals": "created_at",
    "stage_history": "entered_at",
    "bookings": "starts_at",
    "costs": "cost_date",
}


@dataclass(frozen=True)
class Kind:
    """What a file is: a system, one of its folders, and the feed that reads it."""

    system: str
    folder: str
    feed: Feed


@dataclass(frozen=True)
class Trial:
    """What a file would give.

    `rows` by stream; `rejects` by reason, each with how many and the first lines; `speakers` by
    name (or id) and role; `first` and `last` are times in UTC; `warnings` are the reader's own.
    """

    rows: dict[str, int]
    rejects: dict[str, tuple[int, list[int]]]
    first: datetime | None
    last: datetime | None
    speakers: Counter[tuple[str, str]] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)


def recognise(path: Path, reading: Reading) -> Kind | None:
    """What the file is, by its content; None where no reader can make anything of it."""
    found: list[tuple[float, int, Kind]] = []
    with _warnings():
        for system in SYSTEMS.values():
            for folder, feed in system.feeds.items():
                if any(path.name.lower().endswith(ending) for ending in feed.formats):
                    share, fields = _fit(path, feed, reading)
                    found.append((share, fields, Kind(system.name, folder, feed)))
    # Of readers that fit equally the first registered one, which is the more general.
    best = max(found, key=lambda candidate: candidate[:2], default=None)
    return best[2] if best and best[0] > 0 else None


def try_file(path: Path, kind: Kind, reading: Reading, settings: Path) -> Trial:
    """Load the file for the business of `settings` into nothing, and say what came of it.

    Raises ActionableError where the loader would refuse it for another reason than its rejects.
    """
    with tempfile.TemporaryDirectory(prefix="check-") as place, _warnings() as warnings:
        landing_dir = Path(place, "landing")
        business = landing_dir / reading.business_id
        (business / kind.system / kind.folder).mkdir(parents=True)
        # A name that the landing zone passes over is read here all the same.
        name = path.name.lstrip("._") or "file"
        (business / kind.system / kind.folder / name).symlink_to(path.resolve())
        if settings.is_file():
            shutil.copyfile(settings, business / SETTINGS_NAME)
        with duckdb.connect(str(Path(place, "trial.duckdb"))) as connection:
            load_businesses(connection, landing_dir)
            try:
                load_stream(connection, landing_dir, kind.feed.owner())
            except ActionableError:
                if not _count(connection, "loaded_files"):
                    raise
            trial = _what_came(connection, kind)
        said = sorted(set(warnings))
        if kind.feed.read:
            trial = replace(trial, speakers=_speakers(path, kind.feed, reading))
    return replace(trial, warnings=said)


class _Collector(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """Collect what readers warn of instead of logging it."""
    logger, handler = logging.getLogger("orchestration.sources"), _Collector()
    logger.addHandler(handler)
    propagates, logger.propagate = logger.propagate, False
    try:
        yield handler.messages
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagates


def _fit(path: Path, feed: Feed, reading: Reading) -> tuple[float, int]:
    """Share of good records among the first, and how many known columns a table has."""
    if feed.read is None:
        return _fit_columns(_columns(path, feed), feed.record)
    try:
        records = list(itertools.islice(feed.read(path, reading), _PROBED_RECORDS))
    except ActionableError:
        return 0, 0
    good = sum(record.fault is None for record in records)
    return (good / len(records) if records else 0), 0


def _fit_columns(columns: set[str], record: Stream) -> tuple[float, int]:
    required = {column.name for column in record.columns if column.required}
    groups = record.required_groups
    has_all = required <= columns and (
        not groups or any(columns.issuperset(group) for group in groups)
    )
    return (1 if has_all else 0), len(columns & set(record.column_names()))


def _columns(path: Path, feed: Feed) -> set[str]:
    """Names of the columns of a table, of whatever the feed's own formats are."""
    ending = max((e for e in feed.formats if path.name.lower().endswith(e)), key=len)
    match feed.formats[ending]:
        case "csv":
            encoding = inspect_text(path).encoding
            return set(read_header(path, encoding, feed.record.column_names()).names)
        case "jsonl":
            lines = itertools.islice(json_lines(path), _PROBED_RECORDS)
            return {name for line in lines for name in line.value or {}}
        case _:
            with duckdb.connect() as connection:
                try:
                    rows = connection.execute(
                        "select name from parquet_schema(?)", [str(path)]
                    ).fetchall()
                except duckdb.Error:
                    return set()
            return {str(name).lower() for (name,) in rows}


def _what_came(connection: duckdb.DuckDBPyConnection, kind: Kind) -> Trial:
    rows = {stream: _count(connection, stream) for stream in kind.feed.outputs}
    moments = " union all ".join(
        f"select {_MOMENTS[stream]}::timestamp as moment from raw.{stream}"  # noqa: S608
        for stream in kind.feed.outputs
    )
    bounds = connection.execute(
        f"select min(moment), max(moment) from ({moments})"  # noqa: S608
    ).fetchone()
    rejects = connection.execute(
        "select reason, count(*), list(source_line order by source_line)[:$lines] "
        "from raw.rejected group by all order by count(*) desc, reason",
        {"lines": _LINES_NAMED},
    ).fetchall()
    speakers: Counter[tuple[str, str]] = Counter()
    if "messages" in rows:
        for name, role, count in connection.execute(
            "select coalesce(operator_id, case when sender = 'customer' then user_id end, ''), "
            "sender, count(*) from raw.messages where sender <> 'system' group by all"
        ).fetchall():
            speakers[name, role] = count
    first, last = bounds or (None, None)
    return Trial(
        rows, {reason: (count, lines) for reason, count, lines in rejects}, first, last, speakers
    )


def _speakers(path: Path, feed: Feed, reading: Reading) -> Counter[tuple[str, str]]:
    """Who speaks, by the name that the file has for them, or else by id."""
    assert feed.read is not None  # noqa: S101
    speakers: Counter[tuple[str, str]] = Counter()
    for record in feed.read(path, reading):
        values = json.loads(record.text) if record.text else {}
        role = values.get("sender")
        if role in {None, "system"}:
            continue
        user = values.get("user_id") if role == "customer" else None
        key = str(record.speaker or values.get("operator_id") or user or ""), str(role)
        if key in speakers or len(speakers) < _MOST_SPEAKERS:
            speakers[key] += 1
    return speakers


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    counted = connection.execute(f"select count(*) from raw.{table}").fetchone()  # noqa: S608
    return int(counted[0]) if counted else 0
