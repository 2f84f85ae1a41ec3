"""Load what every business says of itself, and list the files that nobody reads."""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.business import Business, read_business
from orchestration.landing import find_files
from orchestration.loading.stream import refuse_empty_zone
from orchestration.loading.tables import BUSINESS_TABLES, create_raw_tables
from orchestration.loading.transactions import insert_rows, transaction

_LISTS = (
    "fallback_intents",
    "out_of_scope_intents",
    "planned_handoff_scenarios",
    "staff_user_ids",
    "test_user_ids",
    "spam_patterns",
)


@dataclass(frozen=True)
class BusinessesReport:
    """How many businesses there are, and how many files lie in the landing zone unread."""

    businesses: int
    files_unread: int


def load_businesses(connection: duckdb.DuckDBPyConnection, landing_dir: Path) -> BusinessesReport:
    """Rewrite the tables of businesses and `raw.unread_files` from the landing zone.

    A folder without files is a business too. Raises ActionableError for a business.yml that cannot
    be used (nothing is changed then) and for a landing zone that is empty but was not.
    """
    create_raw_tables(connection)
    zone = find_files(landing_dir)
    refuse_empty_zone(connection, zone)
    businesses = {
        business_id: read_business(zone.settings_path(business_id))
        for business_id in zone.businesses
    }
    rows = _rows(businesses)
    rows["unread_files"] = [
        (file.business_id, file.source_file, file.reason) for file in zone.unread_files
    ]
    with transaction(connection):
        for table, columns in BUSINESS_TABLES.items():
            connection.execute(f"delete from raw.{table}")
            insert_rows(connection, f"raw.{table}", columns, rows[table])
    return BusinessesReport(len(businesses), len(zone.unread_files))


def _rows(businesses: dict[str, Business]) -> dict[str, Sequence[Sequence[object]]]:
    rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in BUSINESS_TABLES}
    for business_id, business in businesses.items():
        rows["businesses"].append(_business_row(business_id, business))
        rows["business_targets"] += [(business_id, *item) for item in business.targets.items()]
        rows["business_dayparts"] += [
            (business_id, name, *interval.texts())
            for name, interval in (business.dayparts or {}).items()
        ]
        rows["business_opening_hours"] += [
            (business_id, weekday, *interval.texts())
            for weekday, intervals in sorted((business.opening_hours or {}).items())
            for interval in intervals
        ]
        rows["business_holidays"] += [
            (business_id, holiday) for holiday in dict.fromkeys(business.holidays)
        ]
        rows["business_values"] += [
            (business_id, setting, value)
            for setting in _LISTS
            for value in dict.fromkeys(getattr(business, setting))
        ]
    return {**rows}


def _business_row(business_id: str, business: Business) -> tuple[object, ...]:
    baseline = business.baseline
    return (
        business_id,
        business.name or business_id,
        business.timezone,
        business.currency,
        business.session_gap_minutes,
        business.lead_window_days,
        business.intent_threshold,
        business.operator_hourly_cost,
        business.bot_monthly_cost,
        business.margin_share,
        baseline.start.isoformat() if baseline else None,
        baseline.end.isoformat() if baseline else None,
        any((business.opening_hours or {}).values()),
    )
