"""All or nothing, and few rows from Python in one statement."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import duckdb


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what the block did, or nothing of it if the block raises."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def insert_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[object]],
) -> None:
    """Insert `rows`, each in the order of `columns` (name: SQL type), by one statement.

    Values are what JSON can hold; dates and times go as ISO text. Columns left out are NULL.
    """
    if not rows:
        return
    shape = json.dumps([dict(columns)])
    values = json.dumps([dict(zip(columns, row, strict=True)) for row in rows])
    connection.execute(
        f"insert into {table} by name "
        "select unnest(from_json($rows::json, $shape), recursive := true)",
        {"rows": values, "shape": shape},
    )
