"""The tables of schema `raw`: what a fresh warehouse holds before anything is loaded."""

import hashlib

import duckdb

from orchestration.loading.transactions import transaction
from orchestration.sources.systems import SYSTEMS
from orchestration.streams import STREAMS

# Raised whenever the same file would give other rows than before: all files are then read again.
LOADER_VERSION = 1

SQL_TYPES = {
    "text": "varchar",
    "timestamp": "timestamp",
    "date": "date",
    "integer": "bigint",
    "number": "double",
    "boolean": "boolean",
}

_LEDGER = "loaded_files"

BUSINESS_TABLES: dict[str, dict[str, str]] = {
    "businesses": {
        "business_id": "varchar",
        "name": "varchar",
        "timezone": "varchar",
        "currency": "varchar",
        "session_gap_minutes": "bigint",
        "lead_window_days": "bigint",
        "intent_threshold": "double",
        "operator_hourly_cost": "double",
        "bot_monthly_cost": "double",
        "margin_share": "double",
        "baseline_from": "date",
        "baseline_to": "date",
        "has_opening_hours": "boolean",
    },
    "business_targets": {"business_id": "varchar", "kpi": "varchar", "target": "double"},
    "business_dayparts": {
        "business_id": "varchar",
        "daypart": "varchar",
        "starts_at": "varchar",
        "ends_at": "varchar",
    },
    "business_opening_hours": {
        "business_id": "varchar",
        "weekday": "bigint",
        "opens_at": "varchar",
        "closes_at": "varchar",
    },
    "business_holidays": {"business_id": "varchar", "holiday": "varchar"},
    "business_values": {"business_id": "varchar", "setting": "varchar", "value": "varchar"},
    "unread_files": {"business_id": "varchar", "source_file": "varchar", "reason": "varchar"},
}

_LOADING_TABLES: dict[str, dict[str, str]] = {
    _LEDGER: {
        "business_id": "varchar",
        "system": "varchar",
        "stream": "varchar",
        "source_file": "varchar",
        "size_bytes": "bigint",
        "content_hash": "varchar",
        "rows_read": "bigint",
        "rows_loaded": "bigint",
        "rows_duplicate": "bigint",
        "rows_rejected": "bigint",
        "unknown_columns": "varchar",
        "time_zone": "varchar",
        "read_with": "varchar",
        "loaded_at": "timestamp",
    },
    "rejected": {
        "business_id": "varchar",
        "system": "varchar",
        "stream": "varchar",
        "source_file": "varchar",
        "source_line": "bigint",
        "reason": "varchar",
        "raw_text": "varchar",
        "loaded_at": "timestamp",
    },
    "refresh_context": {"as_of": "timestamp"},
}


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every table of `raw` that is absent; a no-op on a warehouse of this version.

    Tables made under another contract or loader are dropped first, as everything in them can be
    read again from the landing zone.
    """
    fingerprint = _fingerprint()
    connection.execute("create schema if not exists raw")
    made_under = connection.execute(
        "select comment from duckdb_tables() where schema_name = 'raw' and table_name = ? "
        "and database_name = current_database()",
        [_LEDGER],
    ).fetchone()
    with transaction(connection):
        for table, columns in _tables().items():
            if made_under is not None and made_under[0] != fingerprint:
                connection.execute(f"drop table if exists raw.{table}")
            definition = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            connection.execute(f"create table if not exists raw.{table} ({definition})")
        connection.execute(f"comment on table raw.{_LEDGER} is '{fingerprint}'")


def _tables() -> dict[str, dict[str, str]]:
    streams = {
        stream.name: {
            "business_id": "varchar",
            "system": "varchar",
            **{column.name: SQL_TYPES[column.type] for column in stream.columns},
            "source_file": "varchar",
            "source_line": "bigint",
            "loaded_at": "timestamp",
        }
        for stream in STREAMS.values()
    }
    return {**streams, **_LOADING_TABLES, **BUSINESS_TABLES}


def _fingerprint() -> str:
    feeds = [
        (system.name, folder, feed.record, dict(feed.outputs))
        for system in SYSTEMS.values()
        for folder, feed in system.feeds.items()
    ]
    contract = repr((LOADER_VERSION, _tables(), feeds))
    return hashlib.sha256(contract.encode()).hexdigest()
