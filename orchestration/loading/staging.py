"""Bring the records of a batch of files into temporary tables, checked, before any is stored.

`batch_files` has a row per file, `checked` a row per record (`checked_select`), `line_bases` what
to take off the row id of a file's records for the line where `source_line` does not say it, and
`unknown_columns` the names in a file that its records do not have. Nothing here is in a
transaction: a reader that fails must not undo what others gave.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.loading.fast import read_csv, read_parquet
from orchestration.loading.fast_batch import FastBatch
from orchestration.loading.fast_lines import read_jsonl
from orchestration.loading.inspection import Arrival, TextFacts, inspect_text
from orchestration.loading.readers_json import spooled_select, spooled_unknown
from orchestration.loading.tables import SQL_TYPES
from orchestration.loading.transactions import insert_rows
from orchestration.sources.contract import Feed, Record
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
    """Make these tables for `arrivals`, whose records are read, and `twins`, only named."""
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

    if feed.read is not None:
        texts: dict[int, _Text] = {}
        fast: set[int] = set()
    else:
        texts = _look_at_texts(arrivals, feed)
        fast = _stage_fast(_batch(connection, feed, arrivals), texts)
    records = {
        file_id: _records(feed, arrival, texts.get(file_id))
        for file_id, arrival in enumerate(arrivals)
        if file_id not in fast
    }
    _stage_exactly(_batch(connection, feed, arrivals), records)


def _make_tables(connection: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in _FILE_COLUMNS.items())
    connection.execute(f"create or replace temp table batch_files ({columns})")
    columns = ", ".join(f"{column.name} {SQL_TYPES[column.type]}" for column in feed.record.columns)
    connection.execute(
        "create or replace temp table checked (file_id bigint, source_line bigint, "
        f"_reason varchar, _raw_text varchar, {columns})"
    )
    connection.execute("create or replace temp table line_bases (file_id bigint, _base bigint)")
    connection.execute(
        "create or replace temp table unknown_columns (file_id bigint, name varchar)"
    )


def _batch(
    connection: duckdb.DuckDBPyConnection, feed: Feed, arrivals: Sequence[Arrival]
) -> FastBatch:
    return FastBatch(
        connection,
        feed.record,
        [arrival.file.path for arrival in arrivals],
        [arrival.reading.time_zone for arrival in arrivals],
        [arrival.file.format for arrival in arrivals],
    )


def _look_at_texts(arrivals: Sequence[Arrival], feed: Feed) -> dict[int, _Text]:
    texts = {
        file_id: arrival
        for file_id, arrival in enumerate(arrivals)
        if arrival.file.format in {"jsonl", "csv"}
    }
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        looks = pool.map(lambda arrival: _look_at(arrival, feed), texts.values())
        return dict(zip(texts, looks, strict=True))


def _stage_fast(batch: FastBatch, texts: Mapping[int, _Text]) -> set[int]:
    """Read with DuckDB's readers what they read exactly; give the files."""
    jsonl: dict[str, dict[int, int]] = {}
    csv: dict[tuple[str, Header], set[int]] = {}
    for file_id, text in texts.items():
        if not text.facts.is_plain:
            continue
        compression = "gzip" if text.facts.is_gzip else "none"
        if text.header is None:
            jsonl.setdefault(compression, {})[file_id] = text.facts.lines
        elif text.header.is_sound and text.header.is_one_line:
            csv.setdefault((compression, text.header), set()).add(file_id)
    done: set[int] = set()
    for compression, lines in jsonl.items():
        done |= read_jsonl(batch, lines, compression)
    for (compression, header), file_ids in csv.items():
        done |= read_csv(batch, file_ids, header, compression)
    parquet = set(range(len(batch.paths))) - texts.keys()
    return done | read_parquet(batch, parquet)


def _look_at(arrival: Arrival, feed: Feed) -> _Text:
    if arrival.file.format == "jsonl":
        return _Text(inspect_text(arrival.file.path, is_json=True), None)
    facts = inspect_text(arrival.file.path)
    known = feed.record.column_names()
    return _Text(facts, read_header(arrival.file.path, facts.encoding, known))


def _stage_exactly(batch: FastBatch, records: Mapping[int, Iterable[Record]]) -> None:
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
        batch.insert_checked(spooled_select(batch.record), paths=[str(spool)])
        batch.insert_unknown(spooled_unknown(batch.record), paths=[str(spool)])


def _records(feed: Feed, arrival: Arrival, text: _Text | None) -> Iterable[Record]:
    path = arrival.file.path
    if feed.read is not None:
        return feed.read(path, arrival.reading)
    if text is None:
        return [Record(1, None, None, "not_parquet")]
    if text.header is None:
        return jsonl_records(path)
    return csv_records(path, text.facts.encoding, text.header)
