"""Write a landing zone of any size, the same bytes for the same shape.

    python -m benchmarks.generate <folder> --scale 0.01 --format csv

A message is about 170 bytes, a session six messages. The rows are made
by generate_messages.sql and generate_records.sql.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

import duckdb

Format = Literal["csv", "jsonl", "jsonl.gz", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
STREAMS = ("messages", "leads", "ratings", "intent_labels")
LAST_DAY = date(2026, 9, 30)
# The file of LAST_DAY, as the scripts name it.
LAST_DAY_NAME = "last_day"
# Late enough for all windows to have closed.
AS_OF = "2026-11-01T00:00:00Z"

_SCRIPTS = ("generate_messages.sql", "generate_records.sql")
_MESSAGES_PER_SESSION = 6.06
_SESSIONS_PER_USER = 3
_OPTIONS: dict[Format, str] = {
    "csv": "format csv, header",
    "jsonl": "format json",
    "jsonl.gz": "format json, compression gzip",
    "parquet": "format parquet, compression zstd",
}


@dataclass(frozen=True)
class Shape:
    """What is generated: about `scale` million messages over `days` days up to LAST_DAY.

    They are spread evenly over the businesses. Each stream has a file per business and month, and
    one for the last day.
    """

    scale: float = 1.0
    businesses: int = 3
    days: int = 90
    format: Format = "csv"

    @property
    def sessions(self) -> int:
        """How many conversations there are: one per business at least."""
        return max(self.businesses, round(self.scale * 1_000_000 / _MESSAGES_PER_SESSION))


@dataclass(frozen=True)
class Written:
    """What was written: rows per stream, messages of the last day, files and their bytes."""

    rows: dict[str, int]
    messages_of_last_day: int
    files: int
    size_bytes: int


def generate(landing_dir: Path, shape: Shape) -> Written:
    """Write the landing zone below `landing_dir`, which is made and should be empty."""
    landing_dir.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=landing_dir, prefix=".generating-") as scratch,
        duckdb.connect(Path(scratch) / "rows.duckdb") as connection,
    ):
        _make_rows(connection, shape)
        rows = {stream: _count(connection, stream) for stream in STREAMS}
        last_day = _count(connection, f"messages where file_name = '{LAST_DAY_NAME}'")
        files = [
            file
            for stream in STREAMS
            for file in _write_stream(connection, landing_dir, stream, shape.format)
        ]
    return Written(rows, last_day, len(files), sum(file.stat().st_size for file in files))


def _make_rows(connection: duckdb.DuckDBPyConnection, shape: Shape) -> None:
    # Three conversations a person, unless the days are too few to keep them a gap apart.
    per_user = max(1, min(_SESSIONS_PER_USER, shape.days // 3))
    connection.execute("set TimeZone = 'UTC'")
    for name, value in {
        "sessions": shape.sessions,
        "businesses": shape.businesses,
        "days": shape.days,
        "last_day": LAST_DAY.isoformat(),
        "sessions_per_user": per_user,
    }.items():
        connection.execute(f"set variable {name} = $value", {"value": value})
    for script in _SCRIPTS:
        connection.execute(Path(__file__).with_name(script).read_text(encoding="utf-8"))


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.execute(f"select count(*) from {relation}").fetchall()[0][0])


def _write_stream(
    connection: duckdb.DuckDBPyConnection, landing_dir: Path, stream: str, file_format: Format
) -> Iterator[Path]:
    columns = _columns(connection, stream, is_text=file_format != "parquet")
    parts = connection.execute(
        f"select distinct business_id, file_name from {stream} order by all"
    ).fetchall()
    for business_id, file_name in parts:
        folder = landing_dir / business_id / "generic" / stream
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{file_name}.{file_format}"
        # Rows lie in the order in which the table was made.
        connection.execute(
            f"copy (select {columns} from {stream} "
            f"where business_id = '{business_id}' and file_name = '{file_name}') "
            f"to '{path}' ({_OPTIONS[file_format]})"
        )
        yield path


def _columns(connection: duckdb.DuckDBPyConnection, stream: str, *, is_text: bool) -> str:
    described = connection.execute(f"describe {stream}").fetchall()
    return ", ".join(
        f"strftime({name}, '%Y-%m-%dT%H:%M:%S.%gZ') as {name}"
        if is_text and kind == "TIMESTAMP WITH TIME ZONE"
        else name
        for name, kind, *_ in described
        if name not in {"business_id", "file_name"}
    )


def main() -> None:
    """Write a landing zone as the command line says, and print what was written."""
    parser = argparse.ArgumentParser(prog="benchmarks.generate", description=__doc__)
    parser.add_argument("landing_dir", type=Path)
    parser.add_argument("--scale", type=float, default=Shape.scale, help="millions of messages")
    parser.add_argument("--businesses", type=int, default=Shape.businesses)
    parser.add_argument("--days", type=int, default=Shape.days)
    parser.add_argument("--format", choices=FORMATS, default=Shape.format)
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")
    given = vars(parser.parse_args())
    is_json = given.pop("json")
    written = generate(given.pop("landing_dir"), Shape(**given))
    if is_json:
        print(json.dumps(asdict(written)))
        return
    streams = ", ".join(f"{count:,} {stream}" for stream, count in written.rows.items())
    print(f"{streams} in {written.files:,} files of {written.size_bytes / 1e6:,.1f} MB")


if __name__ == "__main__":
    main()
