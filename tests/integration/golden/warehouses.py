"""Warehouses in memory, filled by the real loader and the compiled models."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.loading import load_businesses, load_stream, write_refresh_context
from orchestration.scope import Scope
from orchestration.streams import STREAMS
from tests.integration.golden.told import AS_OF
from tests.integration.models_in_memory import Models

Row = Mapping[str, Any]


def deliver(
    models: Models,
    connection: duckdb.DuckDBPyConnection,
    landing: Path,
    write: Callable[[Path], None],
) -> Scope:
    """Put files into the landing zone, load them and refresh; say what was computed."""
    landing.mkdir(exist_ok=True)
    write(landing)
    load_businesses(connection, landing)
    for stream in STREAMS:
        load_stream(connection, landing, stream)
    write_refresh_context(connection, AS_OF)
    return models.refresh(connection)


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query by name, dates as ISO texts and times in UTC."""
    cursor = connection.execute(query)
    names = [name for name, *_ in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
