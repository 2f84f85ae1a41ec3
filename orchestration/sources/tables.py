"""The rows of a table that a person saved from a database: as CSV, Parquet or JSON lines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from orchestration.sources.documents import JSON_FORMATS, Item, json_items
from orchestration.sources.records import csv_records, read_header

TABLE_FORMATS: Mapping[str, str] = {
    **JSON_FORMATS,
    ".csv": "csv",
    ".csv.gz": "csv",
    ".parquet": "parquet",
}
_ROWS_AT_ONCE = 1000


def table_items(path: Path, lists: Sequence[str], known: Sequence[str]) -> Iterator[Item]:
    """Give the rows of `path` by its ending; cells are texts in CSV, values elsewhere.

    `lists` are for JSON as in `json_items`, `known` are names that tell the header of a CSV file
    from one cut at the wrong delimiter, or from none. Faults are theirs and those of `csv_records`,
    `not_parquet`, and `unknown_format` of a CSV file without any of the names.
    """
    name = path.name.lower()
    if name.endswith(".parquet"):
        yield from _parquet_items(path)
    elif name.endswith((".csv", ".csv.gz")):
        header = read_header(path, "utf-8", known)
        if header.names and not set(known) & set(header.names):
            yield Item(None, header.delimiter.join(header.names), "unknown_format", 1)
            return
        for record in csv_records(path, "utf-8", header):
            value = json.loads(record.text) if record.text else None
            yield Item(value, record.raw_text or "", record.fault, record.number)
    else:
        yield from json_items(path, lists)


def _parquet_items(path: Path) -> Iterator[Item]:
    with duckdb.connect() as connection:
        try:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(
                "select to_json(rows)::varchar from read_parquet(?) as rows", [str(path)]
            )
            while rows := connection.fetchmany(_ROWS_AT_ONCE):
                for (text,) in rows:
                    yield Item(json.loads(text), text)
        except duckdb.Error:
            yield Item(None, "", "not_parquet")
