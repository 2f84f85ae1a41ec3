"""Which tables a page shows, for the browser and the workbook alike: assets/layout.json."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from orchestration.config import Locale
from orchestration.publish.pages.contents import Cell, Contents
from orchestration.publish.pages.words import words

Column = Mapping[str, str]
Row = Mapping[str, Cell]

# Periods are offered in this order where nobody chose: the first that has something to show.
_PREFERRED_PERIODS = ("last_28_days", "last_90_days", "all_time")
ALL_CHANNELS = "all"


@cache
def layout() -> dict[str, list[dict[str, Any]]]:
    """Return the tables of each page: title, report, columns, and which rows are shown."""
    path = files(__package__).joinpath("assets", "layout.json")
    found: dict[str, list[dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def preferred_period(contents: Contents) -> str:
    """Return the period that is shown first: the last 28 days unless they are empty."""
    counted = {
        row["period"]: row["value"]
        for row in contents.tables["rpt_scorecard"].objects()
        if row["kpi"] == "sessions"
    }
    return next((period for period in _PREFERRED_PERIODS if counted.get(period)), "all_time")


def shown_rows(contents: Contents, table: Mapping[str, Any], period: str) -> list[Row]:
    """Return the rows of a table of the layout for a period, all channels together."""
    report = contents.tables[table["report"]]
    rows: list[Row] = list(report.objects())
    if "period" in report.columns:
        rows = [row for row in rows if row["period"] == period]
    if "channel" in report.columns:
        rows = [row for row in rows if row["channel"] == ALL_CHANNELS]
    if "without" in table:
        rows = [row for row in rows if not row[table["without"]]]
    if "above" in table:
        name, least = table["above"]
        rows = [row for row in rows if (row[name] or 0) > least]
    return rows[: table.get("limit")]


def cell_of(contents: Contents, row: Row, column: Column, locale: Locale) -> Cell:
    """Return what stands in a cell: a name for an id, else the report's own value."""
    value = row[column["name"].replace("{locale}", locale)]
    match column["unit"]:
        case "words":
            return str(words(locale)[column["words"]].get(value, value))
        case "light" if value == "undecided" and row.get("target", "") is None:
            # Without a target there is nothing to decide.
            return None
        case "light":
            return str(words(locale)["lights"].get(value, value))
        case "named":
            return _name(contents, column, value, locale)
        case _:
            return value


def heading(column: Column, locale: Locale) -> str:
    """Return the heading of a column in words."""
    name = column.get("label", column["name"])
    return str(words(locale)["columns"].get(name, name))


def _name(contents: Contents, column: Column, value: Cell, locale: Locale) -> Cell:
    row = contents.tables[column["of"]].by_first.get(value)
    return row[f"{column.get('show', 'name')}_{locale}"] if row else value
