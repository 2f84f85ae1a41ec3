"""The moment from which a refresh looks at the data."""

from datetime import UTC, datetime

import duckdb

from orchestration.loading.tables import create_raw_tables
from orchestration.loading.transactions import transaction


def write_refresh_context(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    """Store `as_of` (an aware time; a naive one is taken as UTC) as the only row, in UTC."""
    create_raw_tables(connection)
    moment = as_of.astimezone(UTC).replace(tzinfo=None) if as_of.tzinfo else as_of
    with transaction(connection):
        connection.execute("delete from raw.refresh_context")
        connection.execute("insert into raw.refresh_context values (?)", [moment])
