"""The workbook of a business: the pages as sheets, with native charts and lights."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from orchestration.config import Locale
from orchestration.figures import day
from orchestration.publish.pages.contents import Cell, Contents
from orchestration.publish.pages.layout import (
    Column,
    Row,
    layout,
    preferred_period,
    shown_rows,
)
from orchestration.publish.pages.sheets import Sheets

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
    "remove_timezone": True,
}
_SCORECARD: tuple[Column, ...] = (
    {"name": "kpi", "unit": "named", "of": "dim_kpis"},
    {"name": "value", "unit": "kpi", "lower": "lower", "upper": "upper"},
    {"name": "target", "unit": "kpi"},
    {"name": "status", "unit": "light"},
    {"name": "previous_value", "unit": "kpi"},
    {"name": "change", "unit": "kpi"},
    {"name": "is_change_significant", "unit": "yes"},
    {"name": "share_mature", "unit": "rate"},
    {"name": "numerator", "unit": "count"},
    {"name": "denominator", "unit": "count"},
)
_DICTIONARY: tuple[Column, ...] = (
    {"name": "name_{locale}", "label": "kpi", "unit": "text"},
    {"name": "definition_{locale}", "label": "explanation", "unit": "text"},
    {"name": "kpi", "label": "id", "unit": "text"},
)
# Sums per day that every business has, drawn as lines.
_TRENDS: tuple[Column, ...] = (
    {"name": "session_date", "unit": "date"},
    {"name": "qualified_sessions", "unit": "count"},
    {"name": "unanswered_sessions", "unit": "count"},
    {"name": "handoff_sessions", "unit": "count"},
    {"name": "converted_sessions", "unit": "count"},
)
_TREND_DAYS = 400
_HEAT_MAPS = {"requests_by_hour": "sessions", "unanswered_by_hour": "unanswered_sessions"}
# Tables with a chart below them, and what it shows.
_CHARTS = {"funnel": "converted", "losses": "sessions"}
_ROWS_OF_A_CHART = 17


def render_workbook(contents: Contents, locale: Locale) -> bytes:
    """Return the workbook's bytes: the same contents give the same bytes."""
    place = BytesIO()
    with Workbook(place, _OPTIONS) as book:
        as_of = datetime.fromisoformat(str(contents.business["as_of_date"])).replace(tzinfo=UTC)
        book.set_properties({"title": str(contents.business["name"]), "created": as_of})
        units = {str(kpi["kpi"]): _unit_of(kpi) for kpi in contents.tables["dim_kpis"].objects()}
        sheets = Sheets(book, contents, locale, units)
        period = preferred_period(contents)
        _overview(sheets, period)
        _trends(sheets)
        _heat_maps(sheets, period)
        for page, tables in layout().items():
            _page(sheets, page, tables, period)
        _all_periods(sheets)
        _dictionary(sheets)
    return place.getvalue()


def _unit_of(kpi: Row) -> str:
    if kpi["kind"] == "count":
        return "count"
    # Of so many per hundred sessions, not a count of them.
    return "number" if kpi["unit"] in ("count", "minutes") else str(kpi["unit"])


def _overview(sheets: Sheets, period: str) -> None:
    [shown] = [
        row for row in sheets.contents.tables["dim_periods"].objects() if row["period"] == period
    ]
    sheet = sheets.add(
        sheets.words["pages"]["overview"]["short"],
        f"{sheets.contents.business['name']} · {shown[f'name_{sheets.locale}']} "
        f"({_day(sheets, shown['period_start'])} – {_day(sheets, shown['period_end'])})",
    )
    sheets.table(sheet, 2, _SCORECARD, _scorecard(sheets.contents, period))
    sheet.freeze_panes(3, 1)


def _day(sheets: Sheets, value: Cell) -> str:
    return day(date.fromisoformat(str(value)), sheets.locale)


def _scorecard(contents: Contents, period: str) -> list[Row]:
    rows = {
        row["kpi"]: row
        for row in contents.tables["rpt_scorecard"].objects()
        if row["period"] == period
    }
    registered = [kpi["kpi"] for kpi in contents.tables["dim_kpis"].objects()]
    return [rows[kpi] for kpi in registered if kpi in rows]


def _all_periods(sheets: Sheets) -> None:
    sheet = sheets.add(sheets.words["all_periods"], sheets.words["all_periods"])
    columns = ({"name": "period", "unit": "named", "of": "dim_periods"}, *_SCORECARD)
    rows = [
        row
        for period in sheets.contents.tables["dim_periods"].objects()
        for row in _scorecard(sheets.contents, str(period["period"]))
    ]
    last = sheets.table(sheet, 2, columns, rows)
    sheet.autofilter(2, 0, last - 1, len(columns) + 1)
    sheet.freeze_panes(3, 2)


def _trends(sheets: Sheets) -> None:
    sheet = sheets.add(sheets.words["trends"], sheets.words["trends"])
    rows = sheets.contents.days.objects()[-_TREND_DAYS:]
    last = sheets.table(sheet, 2, _TRENDS, rows)
    sheet.freeze_panes(3, 1)
    if rows:
        chart = sheets.book.add_chart({"type": "line"})
        for column in range(1, len(_TRENDS)):
            chart.add_series(_series(sheet, 2, last, column))
        chart.set_x_axis({"date_axis": True, "num_format": "dd.mm"})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 820, "height": 380})
        sheet.insert_chart(2, len(_TRENDS) + 1, chart)


def _series(sheet: Worksheet, top: int, last: int, column: int) -> dict[str, list[object]]:
    """Return one series of a chart over a table whose headings are in row `top`."""
    return {
        "name": [sheet.name, top, column],
        "categories": [sheet.name, top + 1, 0, last - 1, 0],
        "values": [sheet.name, top + 1, column, last - 1, column],
    }


def _heat_maps(sheets: Sheets, period: str) -> None:
    texts = sheets.words["pages"]["when"]
    sheet = sheets.add(texts["short"], texts["title"])
    cells = [
        row
        for row in sheets.contents.tables["rpt_speed_heatmap"].objects()
        if row["period"] == period
    ]
    top = 2
    for title, measure in _HEAT_MAPS.items():
        sheets.grid_headings(sheet, top, sheets.words[title], [str(hour) for hour in range(24)])
        for weekday, name in enumerate(sheets.words["weekdays"], 1):
            sheets.cell(sheet, top + weekday, 0, name, "text")
        for row in cells:
            place = top + int(str(row["weekday"])), int(str(row["hour"])) + 1
            sheets.cell(sheet, *place, row[measure], "count")
        scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#6C9BE0"}
        sheet.conditional_format(top + 1, 1, top + 7, 24, scale)
        top += 10
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 24, 5)


def _page(sheets: Sheets, page: str, tables: list[dict[str, Any]], period: str) -> None:
    texts = sheets.words["pages"][page]
    sheet = sheets.add(texts["short"], texts["title"])
    top = 2
    for table in tables:
        sheets.title(sheet, top, sheets.words["tables"][table["title"]])
        rows = shown_rows(sheets.contents, table, period)
        if rows:
            last = sheets.table(sheet, top + 1, table["columns"], rows, is_alone=False)
        else:
            sheet.write_string(top + 1, 0, sheets.words["nothing"])
            last = top + 2
        if rows and table["title"] in _CHARTS:
            _bars(sheets, sheet, top + 1, last, table)
            last += _ROWS_OF_A_CHART
        top = last + 2
    if len(tables) == 1:
        sheet.freeze_panes(4, 1)


def _bars(sheets: Sheets, sheet: Worksheet, top: int, last: int, table: Mapping[str, Any]) -> None:
    names = [column["name"] for column in table["columns"]]
    chart = sheets.book.add_chart({"type": "bar"})
    series = _series(sheet, top, last, names.index(_CHARTS[table["title"]]))
    chart.add_series({**series, "data_labels": {"value": True}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"reverse": True})
    chart.set_title({"name": series["name"], "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 560, "height": 320})
    sheet.insert_chart(last + 1, 0, chart)


def _dictionary(sheets: Sheets) -> None:
    title = sheets.words["tables"]["dictionary"]
    sheet = sheets.add(title, title)
    sheets.table(sheet, 2, _DICTIONARY, sheets.contents.tables["dim_kpis"].objects())
    sheet.freeze_panes(3, 1)
