"""What the page and the workbook have to show, read from the exported marts by plain SQL."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import duckdb

from orchestration.publish.pages.contents import Contents, read_contents

Rows = list[dict[str, Any]]


class Marts:
    """The exported marts, opened to read."""

    def __init__(self, path: str) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(f"attach '{path}' as exported (read_only)")

    def contents(self, business: str) -> Contents:
        return read_contents(self.connection, [business])[business]

    def rows(self, sql: str, **parameters: object) -> Rows:
        found = self.connection.execute(sql, parameters)
        columns = [column[0] for column in found.description or ()]
        return [dict(zip(columns, map(_plain, row), strict=True)) for row in found.fetchall()]

    def columns(self, mart: str) -> set[str]:
        return {row["column_name"] for row in self.rows(f"describe exported.{mart}")}

    def periods(self, business: str) -> list[str]:
        sql = "select period from exported.dim_periods where business_id = $business"
        return [row["period"] for row in self.rows(sql, business=business)]

    def values(self, business: str, period: str) -> dict[str, Any]:
        """The figures of a period by KPI, without those for which there is no data."""
        sql = """
            select kpi, value from exported.rpt_scorecard
            where business_id = $business and period = $period and status <> 'no_data'
        """
        return {
            row["kpi"]: row["value"] for row in self.rows(sql, business=business, period=period)
        }

    def segment_values(
        self, business: str, period: str, dimension: str, segment: str
    ) -> dict[str, Any]:
        sql = """
            select kpi, value from exported.rpt_segments
            where business_id = $business and period = $period and status <> 'no_data'
                and dimension = $dimension and segment = $segment
        """
        found = self.rows(
            sql, business=business, period=period, dimension=dimension, segment=segment
        )
        return {row["kpi"]: row["value"] for row in found}

    def table(
        self, business: str, period: str, table: Mapping[str, Any], channel: str = "all"
    ) -> Rows:
        """All rows of a report from which a table of the layout may show some."""
        columns = self.columns(table["report"])
        conditions = ["business_id = $business"]
        parameters = {"business": business}
        if "period" in columns:
            conditions.append("period = $period")
            parameters["period"] = period
        if "channel" in columns:
            conditions.append("channel = $channel")
            parameters["channel"] = channel
        if "without" in table:
            conditions.append(f"not {table['without']}")
        if "above" in table:
            name, least = table["above"]
            conditions.append(f"{name} > {least}")
        return self.rows(
            f"from exported.{table['report']} where {' and '.join(conditions)}", **parameters
        )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
