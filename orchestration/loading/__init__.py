"""Landing files become rows of `raw`, exactly once, with a ledger and the rejects."""

from orchestration.loading.businesses import BusinessesReport, load_businesses
from orchestration.loading.context import write_refresh_context
from orchestration.loading.stream import LoadReport, load_stream
from orchestration.loading.tables import create_raw_tables

__all__ = [
    "BusinessesReport",
    "LoadReport",
    "create_raw_tables",
    "load_businesses",
    "load_stream",
    "write_refresh_context",
]
