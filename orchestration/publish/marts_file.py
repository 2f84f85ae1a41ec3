"""`marts.duckdb`: all marts in one file, sorted by business."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.publish.fingerprint import Contents, row_hash
from orchestration.publish.release import BUSINESS, Mart, Release, read_contents
from orchestration.publish.state import literal

# The oldest format, which every DuckDB from 1.0 on can read.
_STORAGE_VERSION = "v1.0.0"
# To compare more columns takes longer and changes nothing.
_SORTED_COLUMNS = 8


@contextmanager
def exported(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Attach a DuckDB file, new or not, as `exported`; on leaving it is whole on the disk.

    The marts lie in its main schema: a schema `marts` in a file of that name would make
    `marts.fct_sessions` ambiguous, as it is both a catalog's name and a schema's.
    Raises duckdb.IOException where there is no room for it.
    """
    connection.execute(
        f"attach {literal(path)} as exported (read_write, storage_version '{_STORAGE_VERSION}')"
    )
    try:
        yield
    finally:
        connection.execute("detach exported")


def write_marts(release: Release) -> Contents:
    """Write all marts to the empty file that is attached as `exported`; return what they hold."""
    for mart in release.marts:
        write_mart(release.connection, mart)
    # Read from the copy, where the digests have been computed already.
    return {
        mart.name: read_contents(release.connection, f"exported.{mart.name}", mart)
        for mart in release.marts
    }


def write_mart(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    """Write one mart, sorted, to the file attached as `exported`, in the place of the old one."""
    connection.execute(
        f"create or replace table exported.{mart.name} as from {mart.name} "
        f"order by {stored_order(mart)}"
    )


def stored_order(mart: Mart) -> str:
    """Return the SQL of the order in which rows are kept: facts by time, others by their columns.

    The hash settles what the columns before it leave open, so that there is one order.
    """
    # Sorted by business first, a business is read without touching the others' rows.
    first = [BUSINESS] if mart.has_business else []
    if mart.moment:
        # Facts are large: a time and a hash are cheap to compare, text is not.
        return ", ".join([*first, f'"{mart.moment}"', row_hash(mart.columns)])
    # What tells rows apart stands before what was measured.
    named = [f'"{column}"' for column in list(mart.columns)[:_SORTED_COLUMNS]]
    return ", ".join([*first, *named, row_hash(mart.columns)])
