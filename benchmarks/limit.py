"""Competitor: DuckDB with the hand-written query of limit.sql, over files of any format.

python -m benchmarks.limit <landing> <format> <figures.csv>
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb

QUERY = Path(__file__).with_name("limit.sql")

# What generate.py writes, in its order; the types are what the query wants to read.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "messages": {
        "message_id": "varchar",
        "channel": "varchar",
        "chat_id": "varchar",
        "session_id": "varchar",
        "user_id": "varchar",
        "sent_at": "timestamptz",
        "sender": "varchar",
        "body": "varchar",
        "intent": "varchar",
        "intent_confidence": "double",
        "is_fallback": "boolean",
        "scenario": "varchar",
        "bot_version": "varchar",
        "operator_id": "varchar",
        "phone": "varchar",
    },
    "leads": {
        "lead_id": "varchar",
        "created_at": "timestamptz",
        "modified_at": "timestamptz",
        "status": "varchar",
        "status_semantic": "varchar",
        "amount": "double",
        "currency": "varchar",
        "session_id": "varchar",
        "phone": "varchar",
    },
}
# What limit.sql does not read; apart, as whoever runs its text loads all of COLUMNS.
FOLLOWING_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "ratings": {
        "rating_id": "varchar",
        "session_id": "varchar",
        "user_id": "varchar",
        "survey": "varchar",
        "metric": "varchar",
        "score": "double",
        "scale_max": "double",
        "rated_at": "timestamptz",
    },
    "intent_labels": {
        "message_id": "varchar",
        "true_intent": "varchar",
        "labeller": "varchar",
        "labelled_at": "timestamptz",
        "selection_probability": "double",
    },
}
# Every stream that is generated.
STREAM_COLUMNS: Mapping[str, Mapping[str, str]] = {**COLUMNS, **FOLLOWING_COLUMNS}


def reading(landing_dir: Path, stream: str, file_format: str) -> str:
    """Return SQL that reads all files of a stream, with `business_id` from their folders."""
    paths = f"'{landing_dir}/*/generic/{stream}/*.{file_format}'"
    types = STREAM_COLUMNS[stream].items()
    columns = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in types) + "}"
    match file_format:
        case "parquet":
            reader = f"read_parquet({paths}, filename = true)"
        case "csv":
            reader = (
                f"read_csv({paths}, filename = true, header = true, auto_detect = false, "
                f"columns = {columns})"
            )
        case _:
            reader = (
                f"read_json({paths}, filename = true, format = 'newline_delimited', "
                f"columns = {columns})"
            )
    return f"select *, split_part(filename, '/', -4) as business_id from {reader}"


def write_figures(landing_dir: Path, file_format: str, place: Path) -> None:
    """Read the landing zone once and write the figures to `place`."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set preserve_insertion_order = false")
        for stream in COLUMNS:
            connection.execute(
                f"create view {stream} as {reading(landing_dir, stream, file_format)}"
            )
        query = QUERY.read_text(encoding="utf-8")
        connection.execute(f"copy ({query}) to '{place}' (format csv, header)")


if __name__ == "__main__":
    write_figures(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
