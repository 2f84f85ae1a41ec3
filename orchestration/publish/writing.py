"""The files of a business: CSV of the reports, Parquet of all marts."""

import os
import shutil
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from orchestration.publish.fingerprint import Content, Contents
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

# Marts to write per business.
Plan = Mapping[str, Collection[Mart]]


def business_files(marts: Collection[Mart]) -> list[str]:
    """Name every file in the folder of a business, relative to it."""
    return [name for mart in marts for name in mart_files(mart)]


def mart_files(mart: Mart) -> list[str]:
    """Name the files of a mart in the folder of a business, relative to it."""
    names = [csv_file(mart.name)] if _is_report(mart) else []
    return [*names, parquet_file(mart.name)] if _is_for_businesses(mart) else names


def csv_file(table: str) -> str:
    """Name the table's CSV file in the folder of a business."""
    return f"csv/{table}.csv"


def parquet_file(table: str) -> str:
    """Name the table's Parquet file in the folder of a business."""
    return f"parquet/{table}.parquet"


def _is_report(mart: Mart) -> bool:
    return mart.name.startswith("rpt_") and mart.has_business


def _is_for_businesses(mart: Mart) -> bool:
    return mart.has_business or mart.name.startswith("dim_")


def write_businesses(
    connection: duckdb.DuckDBPyConnection, contents: Contents, plan: Plan, staging: Path
) -> None:
    """Write the planned files to a folder per business, from `exported`, on all cores.

    A statement costs 1 to 4 ms, whatever the number of rows: what many businesses have alike, a
    mart without businesses or one without rows, is written once and copied; of small businesses
    many are written by one statement.
    """
    marts = {mart.name: mart for of_business in plan.values() for mart in of_business}
    alike: dict[str, list[str]] = {name: [] for name in marts}
    small: dict[str, list[str]] = {name: [] for name in marts}
    large: list[tuple[int, Mart, list[str]]] = []
    for business, of_business in plan.items():
        _make_folders(staging / business)
        for mart in of_business:
            rows = contents[mart.name].get(business, Content()).rows
            if rows > _SMALL_ROWS:
                large.append((rows, mart, [business]))
            else:
                (small if rows else alike)[mart.name].append(business)
    for name, businesses in alike.items():
        _write_alike(connection, marts[name], businesses, staging)
    ranges = {name: _row_ranges(connection, mart) for name, mart in marts.items()}

    def write(task: tuple[int, Mart, list[str]]) -> None:
        _, mart, businesses = task
        with connection.cursor() as cursor:
            _write_several(cursor, mart, businesses, ranges[mart.name], staging)

    # The largest first, so that no core waits for the last one.
    _on_all_cores(write, sorted(large, key=lambda task: -task[0]))
    # With more threads one statement for many files would not give the same ones each time.
    connection.execute("set threads = 1")
    try:
        _on_all_cores(
            write,
            [
                (len(businesses), marts[name], businesses[start : start + _SMALL_AT_ONCE])
                for name, businesses in small.items()
                for start in range(0, len(businesses), _SMALL_AT_ONCE)
            ],
        )
    finally:
        connection.execute("reset threads")


def _on_all_cores(
    write: Callable[[tuple[int, Mart, list[str]]], None], tasks: list[tuple[int, Mart, list[str]]]
) -> None:
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
            for name in mart_files(mart):
                shutil.copyfile(staging / first / name, staging / other / name)


def _row_ranges(connection: duckdb.DuckDBPyConnection, mart: Mart) -> dict[str, tuple[int, int]]:
    # Without them each statement would read a whole row group of 122,880 rows.
    if not mart.has_business:
        return {}
    rows = connection.execute(
        f"select {BUSINESS}, min(rowid), max(rowid) from exported.{mart.name} group by all"  # noqa: S608
    ).fetchall()
    return {business: (first, last) for business, first, last in rows}


def _write_several(
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    businesses: list[str],
    ranges: Mapping[str, tuple[int, int]],
    staging: Path,
) -> None:
    is_one = len(businesses) == 1
    for name, cells, options in _outputs(mart, _PARQUET_OPTIONS if is_one else _SMALL_OPTIONS):
        # One statement for many files gives each its rows in an order of its own: not for people.
        if is_one or name == csv_file(mart.name):
            for business in businesses:
                condition = _rows_of([business], ranges)
                _copy(connection, mart, cells, condition, staging / business / name, options)
            continue
        parts = staging / ".parts" / businesses[0] / name
        parts.parent.mkdir(parents=True, exist_ok=True)
        cells = f"{BUSINESS} as {_FOLDER}, {cells}"
        options = f"{options}, partition_by ({_FOLDER})"
        _copy(connection, mart, cells, _rows_of(businesses, ranges), parts, options)
        for business in businesses:
            [part] = (parts / f"{_FOLDER}={business}").iterdir()
            part.rename(staging / business / name)


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
    if _is_for_businesses(mart):
        outputs.append((parquet_file(mart.name), "*", parquet_options))
    if _is_report(mart):
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
