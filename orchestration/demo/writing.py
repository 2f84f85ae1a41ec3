"""How the diarys become files: every business exports in a format of its own."""

import csv
import gzip
import io
import json
import tempfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import yaml

from orchestration.demo.diary import Delivery, Diary, Row
from orchestration.demo.formats import EXPORTS, CsvStyle, Export, Times
from orchestration.demo.stories import FIRST_WEEKS_DAYS
from orchestration.streams import STREAMS

SYSTEM = "generic"
_PARQUET_TYPES = {
    "text": "VARCHAR",
    "timestamp": "TIMESTAMPTZ",
    "date": "DATE",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
}


def write_diary(diary: Diary, landing_dir: Path) -> None:
    """Write one business's folder: `business.yml` and its streams, a file per week or month."""
    folder = landing_dir / diary.business.business_id
    first_weeks = {"from": diary.day(0), "to": diary.day(FIRST_WEEKS_DAYS - 1)}
    settings = {**diary.business.settings, "baseline": first_weeks}
    text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
    _write_whole(folder / "business.yml", text.encode())
    export = EXPORTS[diary.business.business_id]
    for stream, deliveries in diary.rows.items():
        files: dict[str, list[Delivery]] = {}
        for delivery in deliveries:
            files.setdefault(_period(diary, export, stream, delivery), []).append(delivery)
        columns = _used_columns(stream, deliveries)
        for period, content in files.items():
            content.sort(key=lambda delivery: (delivery.arrives_at, delivery.number))
            path = folder / SYSTEM / stream / f"{stream}_{period}.{export.extension}"
            rows = [delivery.row for delivery in content]
            _write_rows(diary, export, stream, columns, rows, path)


def _period(diary: Diary, export: Export, stream: str, delivery: Delivery) -> str:
    day = diary.local_date(delivery.arrives_at)
    return day.strftime("%G-W%V" if stream in export.weekly else "%Y-%m")


def _used_columns(stream: str, deliveries: Iterable[Delivery]) -> tuple[str, ...]:
    used = {
        name for delivery in deliveries for name, value in delivery.row.items() if value is not None
    }
    unknown = used - set(STREAMS[stream].column_names())
    if unknown:
        raise ValueError(f"the demo made up columns of {stream}: {', '.join(sorted(unknown))}")
    return tuple(name for name in STREAMS[stream].column_names() if name in used)


def _write_rows(
    diary: Diary,
    export: Export,
    stream: str,
    columns: tuple[str, ...],
    rows: list[Row],
    path: Path,
) -> None:
    if stream == "messages":
        words = export.speakers
        rows = [row | {"sender": words.get(str(row["sender"]), row["sender"])} for row in rows]
    spell = _spelling(diary, export.times.get(stream, export.usual_times))
    match export.extension:
        case "jsonl.gz":
            # No name and no time in the header: the same rows are the same bytes.
            _write_whole(path, gzip.compress(_as_json_lines(columns, rows, spell), 6, mtime=0))
        case "csv":
            style = export.csv.get(stream, CsvStyle())
            _write_whole(path, _as_csv(columns, rows, spell, style))
        case "parquet":
            _write_parquet(stream, columns, _as_json_lines(columns, rows, spell), path)


def _spelling(diary: Diary, times: Times) -> Callable[[object], object]:
    zone = ZoneInfo(diary.business.timezone)

    def spell(value: object) -> object:
        if isinstance(value, datetime):
            match times:
                case "iso_with_offset":
                    return value.astimezone(zone).isoformat()
                case "local_without_offset":
                    return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
                case "epoch_seconds":
                    return int(value.timestamp())
                case "epoch_milliseconds":
                    return int(value.timestamp()) * 1000
        return value.isoformat() if isinstance(value, date) else value

    return spell


def _as_json_lines(
    columns: tuple[str, ...], rows: list[Row], spell: Callable[[object], object]
) -> bytes:
    lines = (
        json.dumps(
            {name: spell(row[name]) for name in columns if row.get(name) is not None},
            ensure_ascii=False,
        )
        for row in rows
    )
    return "".join(f"{line}\n" for line in lines).encode()


def _as_csv(
    columns: tuple[str, ...],
    rows: list[Row],
    spell: Callable[[object], object],
    style: CsvStyle,
) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=style.delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(_as_cell(spell(row.get(name))) for name in columns)
    return text.getvalue().encode(style.encoding)


def _as_cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _write_parquet(stream: str, columns: tuple[str, ...], lines: bytes, path: Path) -> None:
    types = {column.name: _PARQUET_TYPES[column.type] for column in STREAMS[stream].columns}
    described = ", ".join(f"{name}: '{types[name]}'" for name in columns)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        # Named by us, these two need no quoting, whatever the landing zone's own path holds.
        source, packed = Path(folder) / "rows.jsonl", Path(folder) / "rows.parquet"
        source.write_bytes(lines)
        connection.execute("set threads = 1")
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(
            f"copy (select * from read_json('{source}', format = 'newline_delimited', "  # noqa: S608
            f"columns = {{{described}}})) to '{packed}' (format parquet, compression zstd)"
        )
        _write_whole(path, packed.read_bytes())


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = _part(path)
    part.write_bytes(content)
    part.replace(path)


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")
