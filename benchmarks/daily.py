"""Competitor: DuckDB with the hand-written query of daily.sql, the whole daily KPI table.

    python -m benchmarks.daily <landing> <format> <figures.csv>

The landing zone holds the streams of generate.py and no business.yml; the rules that others would
bring are not in the query.
"""

import sys
from pathlib import Path

import duckdb

from benchmarks.generate import AS_OF, STREAMS
from benchmarks.limit import reading
from benchmarks.measure import PROJECT_DIR
from orchestration import streams

QUERY = Path(__file__).with_name("daily.sql")
SEEDS = ("phrases", "intent_roles")

_TYPES = {
    "text": "varchar",
    "timestamp": "timestamptz",
    "integer": "bigint",
    "number": "double",
    "boolean": "boolean",
}


def write_figures(landing_dir: Path, file_format: str, place: Path, as_of: str = AS_OF) -> None:
    """Read the landing zone once and write the daily KPI table as of `as_of` to `place`."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"set variable as_of = timestamptz '{as_of}'")
        for stream in STREAMS:
            _create_view(connection, stream, reading(landing_dir, stream, file_format))
        for seed in SEEDS:
            file = PROJECT_DIR / "seeds" / f"{seed}.csv"
            connection.execute(f"create view {seed} as from read_csv('{file}', header = true)")
        query = QUERY.read_text(encoding="utf-8")
        connection.execute(f"copy ({query}) to '{place}' (format csv, header)")


def _create_view(connection: duckdb.DuckDBPyConnection, stream: str, files: str) -> None:
    """Make a view with all columns of the stream; those that no file has are NULL."""
    given = {name for name, *_ in connection.execute(f"describe {files}").fetchall()}
    columns = ", ".join(
        column.name if column.name in given else f"null::{_TYPES[column.type]} as {column.name}"
        for column in streams.STREAMS[stream].columns
    )
    connection.execute(f"create view {stream} as select business_id, {columns} from ({files})")


if __name__ == "__main__":
    write_figures(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
