"""Bring the records of a batch of files into temporary tables, checked, before any is stored.

`batch_files` has a row per file, `checked` a row per record (`checked_select`; the reason `blank`
is no record at all), `line_bases` what to take off `source_line` where a reader counted through
many files. Nothing here is in a transaction: a reader that fails must not undo what others gave.
"""

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.loading.checking import checked_select
from orchestration.loading.fast import FastReader
from orchestration.loading.inspection import Arrival, TextFacts, inspect_text
from orchestration.loading.readers import spooled_select
from orchestration.loading.tables import SQL_TYPES
from orchestration.loading.transactions import insert_rows
from orchestration.sources.contract import Feed, Reading, Record
from orchestration.sources.records import Header, csv_records, jsonl_records, read_header

_FILE_COLUMNS = {
    "file_id": "bigint",
    "path": "varchar",
    "format": "varchar",
    "time_zone": "varchar",
    "read_with": "varchar",
    "business_id": "varchar",
    "system": "varchar",
    "stream": "varchar",
    "source_file": "varchar",
    "size_bytes": "bigint",
    "content_hash": "varchar",
    "is_twin": "boolean",
}


@dataclass(frozen=True)
class _Text:
    """How one text file is written, and its header if it is CSV."""

    facts: TextFacts
    header: Header | None


def stage_files(
    connection: duckdb.DuckDBPyConnection,
    feed: Feed,
    arrivals: Sequence[Arrival],
    twins: Sequence[Arrival],
) -> None:
    """Make the three tables for `arrivals`, whose records are read, and `twins`, only named."""
    _make_tables(connection, feed)
    rows = [
        (
            file_id,
            str(arrival.file.path),
            arrival.file.format,
            arrival.reading.time_zone,
            arrival.reading.fingerprint(),
            arrival.file.business_id,
            arrival.file.system,
            arrival.file.stream,
            arrival.file.source_file,
            arrival.size_bytes,
            arrival.content_hash,
            file_id >= len(arrivals),
        )
        for file_id, arrival in enumerate([*arrivals, *twins])
    ]
    insert_rows(connection, "batch_files", _FILE_COLUMNS, rows)

    readings = {file_id: arrival.reading for file_id, arrival in enumerate(arrivals)}
    paths = {file_id: arrival.file.path for file_id, arrival in enumerate(arrivals)}
    texts = {
        file_id: _look_at(arrival, feed)
        for file_id, arrival in enumerate(arrivals)
        if feed.read is None and arrival.file.format in {"jsonl", "csv"}
    }
    exact = set(paths)
    fast = FastReader(connection, feed.record, paths)
    jsonl: dict[bool, dict[int, int]] = {}
    csv: dict[tuple[bool, Header], set[int]] = {}
    for file_id, text in texts.items():
        if not text.facts.is_plain:
            continue
        if text.header is None:
            jsonl.setdefault(text.facts.is_gzip, {})[file_id] = text.facts.lines
        elif text.header.is_sound and text.header.is_one_line:
            csv.setdefault((text.facts.is_gzip, text.header), set()).add(file_id)
    for is_gzip, lines in jsonl.items():
        exact -= fast.read_jsonl(lines, is_gzip)
    for (is_gzip, header), file_ids in csv.items():
        exact -= fast.read_csv(file_ids, header, is_gzip)
    if feed.read is None:
        exact -= fast.read_parquet(paths.keys() - texts.keys())
    records = {
        file_id: _records(feed, paths[file_id], readings[file_id], texts.get(file_id))
        for file_id in sorted(exact)
    }
    _stage_exactly(connection, feed, records)


def _make_tables(connection: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in _FILE_COLUMNS.items())
    connection.execute(f"create or replace temp table batch_files ({columns})")
    columns = ", ".join(f"{column.name} {SQL_TYPES[column.type]}" for column in feed.record.columns)
    connection.execute(
        "create or replace temp table checked (file_id bigint, source_line bigint, "
        f"_reason varchar, _raw_text varchar, _unknown_columns varchar[], {columns})"
    )
    connection.execute("create or replace temp table line_bases (file_id bigint, _base bigint)")


def _look_at(arrival: Arrival, feed: Feed) -> _Text:
    facts = inspect_text(arrival.file.path)
    if arrival.file.format == "jsonl":
        return _Text(facts, None)
    known = feed.record.column_names()
    return _Text(facts, read_header(arrival.file.path, facts.encoding, known))


def _stage_exactly(
    connection: duckdb.DuckDBPyConnection,
    feed: Feed,
    records: Mapping[int, Iterable[Record]],
) -> None:
    if not records:
        return
    with tempfile.TemporaryDirectory(prefix="landing-") as folder:
        spool = Path(folder, "records.jsonl")
        # A vendor's JSON may hold half of a character, which nothing can store.
        with spool.open("w", encoding="utf-8", errors="replace") as lines:
            for file_id, records_of_file in records.items():
                for record in records_of_file:
                    is_reject = record.fault is not None and record.line is not None
                    row = {
                        "file_id": file_id,
                        "source_line": record.line if is_reject else record.number,
                        "record_text": record.text,
                        "raw_text": record.raw_text,
                        "record_fault": record.fault,
                    }
                    lines.write(json.dumps(row, ensure_ascii=False) + "\n")
        connection.execute(
            "insert into checked by name "
            + checked_select(feed.record, spooled_select(feed.record)),
            {"paths": [str(spool)]},
        )


def _records(feed: Feed, path: Path, reading: Reading, text: _Text | None) -> Iterable[Record]:
    if feed.read is not None:
        return feed.read(path, reading)
    if text is None:
        return [Record(1, None, None, "not_parquet")]
    if text.header is None:
        return jsonl_records(path)
    return csv_records(path, text.facts.encoding, text.header)
