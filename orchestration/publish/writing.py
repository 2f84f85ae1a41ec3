"""The files of a business: CSV of the reports, Parquet of all marts."""

import os
import shutil
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.publish.fingerprint import UNDATED, WHOLE, Content, Contents
from orchestration.publish.folder import (
    csv_file,
    is_for_businesses,
    is_report,
    mart_files,
    parquet_file,
)
from orchestration.publish.plan import Plan
from orchestration.publish.release import BUSINESS, Mart
from orchestration.publish.state import literal

_CSV_OPTIONS = "format csv, header, dateformat '%Y-%m-%d', timestampformat '%Y-%m-%d %H:%M:%S'"
# The lowest level: the files are 4 % larger than at the usual one, in three quarters of its time.
_PARQUET_OPTIONS = "format parquet, compression zstd, compression_level 1"
_SMALL_OPTIONS = "format parquet, compression snappy"
# So few rows that what a statement costs by itself prevails, and so many businesses at once that
# DuckDB keeps each file open until it is whole: up to 100 files and half a million rows.
_SMALL_ROWS = 5_000
_SMALL_AT_ONCE = 100
_FOLDER = "__folder"
_FORMULA_START = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$"


@dataclass(frozen=True)
class _Task:
    """Rows of a mart to write: of one part where it has a name."""

    rows: int
    mart: str
    businesses: list[str]
    part: str = WHOLE


def write_businesses(
    connection: duckdb.DuckDBPyConnection,
    marts: Collection[Mart],
    contents: Contents,
    plan: Plan,
    staging: Path,
) -> None:
    """Write the planned files to a folder per business, from `exported`, on all cores.

    A statement costs 1 to 4 ms, whatever the number of rows: what many businesses have alike, a
    mart without businesses or one without rows, is written once and copied; of small businesses
    many are written by one statement.
    """
    planned = {name for of_business in plan.values() for name in of_business}
    by_name = {mart.name: mart for mart in marts if mart.name in planned}
    alike: dict[str, list[str]] = {name: [] for name in by_name}
    small: dict[str, list[str]] = {name: [] for name in by_name}
    large: list[_Task] = []
    for business, of_business in plan.items():
        _make_folders(staging / business)
        for name, parts in of_business.items():
            content = contents[name].get(business, Content())
            if content.rows > _SMALL_ROWS:
                large += [
                    _Task(
                        content.parts[part].rows if part else content.rows, name, [business], part
                    )
                    for part in parts
                ]
            else:
                (small if content.rows else alike)[name].append(business)
    for name, businesses in alike.items():
        _write_alike(connection, by_name[name], businesses, staging)
    ranges = {name: _row_ranges(connection, mart) for name, mart in by_name.items()}

    def write(task: _Task) -> None:
        with connection.cursor() as cursor:
            if task.part != WHOLE:
                _write_part(cursor, by_name[task.mart], task, staging)
                return
            counts = {business: contents[task.mart][business].rows for business in task.businesses}
            _write_several(cursor, by_name[task.mart], counts, ranges[task.mart], staging)

    # The largest first, so that no core waits for the last one.
    _on_all_cores(write, sorted(large, key=lambda task: -task.rows))
    # With more threads one statement for many files would not give the same ones each time.
    connection.execute("set threads = 1")
    try:
        _on_all_cores(
            write,
            [
                _Task(0, name, businesses[start : start + _SMALL_AT_ONCE])
                for name, businesses in small.items()
                for start in range(0, len(businesses), _SMALL_AT_ONCE)
            ],
        )
    finally:
        connection.execute("reset threads")


def _on_all_cores(write: Callable[[_Task], None], tasks: list[_Task]) -> None:
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as workers:
        for _ in workers.map(write, tasks):
            pass


def _make_folders(folder: Path) -> None:
    (folder / "csv").mkdir(parents=True)
    (folder / "parquet").mkdir()


def _write_alike(
    connection: duckdb.DuckDBPyConnection, mart: Mart, businesses: list[str], staging: Path
) -> None:
    condition = "false" if mart.has_business else "true"
    for first in businesses[:1]:
        for name, cells, options in _outputs(mart, _SMALL_OPTIONS):
            _copy(connection, mart, cells, condition, staging / first / name, options)
        for other in businesses[1:]:
            for name in mart_files(mart, Content()):
                shutil.copyfile(staging / first / name, staging / other / name)


def _row_ranges(connection: duckdb.DuckDBPyConnection, mart: Mart) -> dict[str, tuple[int, int]]:
    # Without them each statement would read a whole row group of 122,880 rows.
    if not mart.has_business:
        return {}
    rows = connection.execute(
        f"select {BUSINESS}, min(rowid), max(rowid) from exported.{mart.name} group by all"  # noqa: S608
    ).fetchall()
    return {business: (first, last) for business, first, last in rows}


def _write_part(
    connection: duckdb.DuckDBPyConnection, mart: Mart, task: _Task, staging: Path
) -> None:
    [business] = task.businesses
    path = staging / business / parquet_file(mart.name, task.part)
    path.parent.mkdir(exist_ok=True)
    # A span of time, unlike its year, finds its rows without reading the others.
    year = None if task.part == UNDATED else int(task.part)
    when = (
        f""""{mart.moment}" >= '{year}-01-01' and "{mart.moment}" < '{year + 1}-01-01'"""
        if year
        else f'"{mart.moment}" is null'
    )
    _copy(connection, mart, "*", f"{BUSINESS} = '{business}' and {when}", path, _PARQUET_OPTIONS)


def _write_one(
    connection: duckdb.DuckDBPyConnection, mart: Mart, business: str, rows: str, staging: Path
) -> None:
    for name, cells, options in _outputs(mart, _PARQUET_OPTIONS):
        _copy(connection, mart, cells, rows, staging / business / name, options)


def _write_several(
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    counts: Mapping[str, int],
    ranges: Mapping[str, tuple[int, int]],
    staging: Path,
) -> None:
    """Write the files of a mart for each business, which has as many rows as `counts` says."""
    businesses = sorted(counts)
    if len(businesses) == 1:
        _write_one(connection, mart, businesses[0], _rows_of(businesses, ranges), staging)
        return
    for name, cells, options in _outputs(mart, _SMALL_OPTIONS):
        parts = staging / ".parts" / businesses[0] / name
        parts.parent.mkdir(parents=True, exist_ok=True)
        rows = _rows_of(businesses, ranges)
        if name != csv_file(mart.name):
            cells = f"{BUSINESS} as {_FOLDER}, {cells}"
            _copy(connection, mart, cells, rows, parts, f"{options}, partition_by ({_FOLDER})")
            for business in businesses:
                [part] = (parts / f"{_FOLDER}={business}").iterdir()
                part.rename(staging / business / name)
            continue
        # One statement for many files gives each its rows in an order of its own: not for people.
        _copy(connection, mart, cells, rows, parts, options)
        parted = _lines_of_each(parts.read_bytes(), counts)
        for business in businesses:
            path = staging / business / name
            if business in parted:
                path.write_bytes(parted[business])
            else:
                _copy(connection, mart, cells, _rows_of([business], ranges), path, options)


def _lines_of_each(text: bytes, counts: Mapping[str, int]) -> dict[str, bytes]:
    """Part a CSV of many businesses, in their order, into one for each, with the heading.

    Nothing is returned where a row may have more than one line.
    """
    heading, *lines = text.removesuffix(b"\n").split(b"\n")
    if len(lines) != sum(counts.values()):
        return {}
    parted, start = {}, 0
    for business in sorted(counts):
        of_one = lines[start : start + counts[business]]
        start += counts[business]
        parted[business] = b"\n".join([heading, *of_one, b""])
    return parted


def _rows_of(businesses: list[str], ranges: Mapping[str, tuple[int, int]]) -> str:
    names = ", ".join(f"'{business}'" for business in businesses)
    first = min(ranges[business][0] for business in businesses)
    last = max(ranges[business][1] for business in businesses)
    return f"{BUSINESS} in ({names}) and rowid between {first} and {last}"


def _copy(
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    cells: str,
    condition: str,
    path: Path,
    options: str,
) -> None:
    connection.execute(
        f"copy (select {cells} from exported.{mart.name} where {condition}) "  # noqa: S608
        f"to {literal(path)} ({options})"
    )


def _outputs(mart: Mart, parquet_options: str) -> list[tuple[str, str, str]]:
    """Return name, select list and options of each file of a mart."""
    outputs = []
    if is_for_businesses(mart):
        outputs.append((parquet_file(mart.name), "*", parquet_options))
    if is_report(mart):
        cells = ", ".join(_cell(name, of_type) for name, of_type in mart.columns.items())
        outputs.append((csv_file(mart.name), cells, _CSV_OPTIONS))
    return outputs


def _cell(column: str, data_type: str) -> str:
    if data_type != "VARCHAR":
        return f'"{column}"'
    return (
        f"""case when regexp_matches("{column}", '{_FORMULA_START}') """
        f"""and not regexp_matches("{column}", '{_NUMBER}') """
        f"""then '''' || "{column}" else "{column}" end as "{column}\""""
    )
