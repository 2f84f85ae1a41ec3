"""The reports of one business, as the page and the workbook show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import duckdb

from orchestration.publish.release import BUSINESS

Cell = str | int | float | bool | None

# What is shown, in the order in which it is shown; a report without rows is a table without rows.
_REPORTS: Mapping[str, str] = {
    "rpt_scorecard": "period, kpi",
    "rpt_segments": "period, dimension, segment, kpi",
    "rpt_funnel": "period, channel, position",
    "rpt_loss_reasons": "period, channel, money_lost_base desc nulls last, sessions desc, position",
    "rpt_speed_heatmap": "period, weekday, hour",
    "rpt_intent_quality": "period",
    "rpt_intents": "period, messages desc, intent",
    "rpt_intent_confusions": "period, messages desc, predicted_intent, true_intent",
    "rpt_review_queue": "position",
    "rpt_operators": "period, sessions desc, operator_id",
    "rpt_economics": "month_starts_date desc, array_position(['low', 'base', 'high'], scenario)",
    "rpt_before_after": "position",
    "rpt_experiments": "experiment, metric, variant_b",
    "rpt_resolution_definitions": "period, position",
    "rpt_gap_sensitivity": "gap_hours",
    "rpt_reconciliation": "arrival_date desc, stream, system",
    "rpt_alerts": "position",
    "dim_funnel_steps": "position",
    "dim_periods": "position",
}
_SHARED: Mapping[str, str] = {
    "dim_kpis": "position",
    "dim_channels": "channel",
    "dim_loss_reasons": "position",
}
_KEPT_TYPES = frozenset({"BOOLEAN", "INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "VARCHAR"})
# Every mart that is read: where one is missing there is nothing to show.
SHOWN = frozenset({*_REPORTS, *_SHARED, "dim_businesses", "fct_days"})


@dataclass(frozen=True)
class Table:
    """Rows of one report; cells are what JSON and a sheet can hold: dates are ISO texts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def objects(self) -> Sequence[Mapping[str, Cell]]:
        """Return the rows by column name."""
        return self._objects

    @cached_property
    def by_first(self) -> Mapping[Cell, Mapping[str, Cell]]:
        """The rows by the value of their first column, which no two of them share."""
        return {row[self.columns[0]]: row for row in self._objects}

    @cached_property
    def _objects(self) -> list[dict[str, Cell]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Contents:
    """All that is shown of one business. `days` holds its sums per local date, oldest first."""

    business: Mapping[str, Cell]
    tables: dict[str, Table]
    days: Table


def read_contents(
    connection: duckdb.DuckDBPyConnection, businesses: Sequence[str]
) -> dict[str, Contents]:
    """Read what is shown of each business from the marts file that is attached as `exported`.

    What is read of many costs hardly more statements than what is read of one.
    """
    shared = {name: _read_shared(connection, name, order) for name, order in _SHARED.items()}
    own = {name: _read_own(connection, name, order, businesses) for name, order in _REPORTS.items()}
    days = _read_own(connection, "fct_days", "session_date", businesses, "dimension = 'all'")
    described = _read_own(connection, "dim_businesses", BUSINESS, businesses)
    return {
        business: Contents(
            described[business].objects()[0],
            {name: tables[business] for name, tables in own.items()} | shared,
            days[business],
        )
        for business in businesses
    }


def _read_shared(connection: duckdb.DuckDBPyConnection, table: str, order: str) -> Table:
    columns, cells = _described(connection, table)
    rows = connection.execute(
        f"select {cells} from exported.{table} order by {order}"  # noqa: S608
    ).fetchall()
    return Table(columns, tuple(rows))


def _read_own(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    order: str,
    businesses: Sequence[str],
    condition: str = "true",
) -> dict[str, Table]:
    columns, cells = _described(connection, table)
    found = connection.execute(
        f"select {BUSINESS}, {cells} from exported.{table} "  # noqa: S608
        f"where {BUSINESS} in (select unnest(?)) and {condition} order by {BUSINESS}, {order}",
        [list(businesses)],
    ).fetchall()
    rows: dict[str, list[tuple[Cell, ...]]] = {business: [] for business in businesses}
    for business, *cells_of_row in found:
        rows[business].append(tuple(cells_of_row))
    return {business: Table(columns, tuple(of_one)) for business, of_one in rows.items()}


def _described(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[tuple[str, ...], str]:
    """Return the columns that are shown, and the select list of their cells."""
    described = connection.execute(f"describe exported.{table}").fetchall()
    kept = [(name, of_type) for name, of_type, *_ in described if name != BUSINESS]
    return tuple(name for name, _ in kept), ", ".join(_cell(*column) for column in kept)


def _cell(column: str, of_type: str) -> str:
    """Return the SQL of a cell: the engine converts faster than Python, which has each in hand."""
    name = f'"{column}"'
    if of_type in _KEPT_TYPES:
        return name
    if of_type.startswith("DECIMAL"):
        return f"cast({name} as double) as {name}"
    if of_type == "TIMESTAMP":
        return f"strftime({name}, '%Y-%m-%d %H:%M:%S') as {name}"
    return f"cast({name} as varchar) as {name}"
