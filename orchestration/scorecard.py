"""The scorecard on the terminal: the main KPIs of every business, each with its doubt and light."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.config import Locale
from orchestration.figures import shown
from orchestration.warehouse import open_warehouse

# A page of businesses; all of them are in the exports.
_SHOWN_BUSINESSES = 20
_PERIOD = "last_28_days"
_PERIOD_OF_OLD_DATA = "all_time"
_BOUNDS = {"higher": "≥ ", "lower": "≤ "}
_COLOURS = {"on_target": "green", "off_target": "red", "undecided": "yellow"}
_HEADINGS: dict[Locale, tuple[str, ...]] = {
    "ru": ("Показатель", "Значение", "95 % интервал", "Цель", "Оценка"),
    "en": ("KPI", "Value", "95 % interval", "Target", "Light"),
}
_LIGHTS: dict[Locale, dict[str, str]] = {
    "ru": {
        "on_target": "в цели",
        "off_target": "мимо цели",
        "undecided": "пока неясно",
        "not_enough_data": "мало данных",
        "no_data": "нет данных",
    },
    "en": {
        "on_target": "on target",
        "off_target": "off target",
        "undecided": "undecided",
        "not_enough_data": "not enough data",
        "no_data": "no data",
    },
}
_REST: dict[Locale, str] = {
    "ru": "… и ещё {count}: все показатели лежат в выгрузке.",
    "en": "… and {count} more: every scorecard is in the exports.",
}


@dataclass(frozen=True)
class Line:
    """One KPI of one business in one period; `unit` is one of the registry of KPIs."""

    business: str
    period: str
    period_start: date
    period_end: date
    kpi: str
    unit: str
    kind: str
    direction: str
    value: float | None
    lower: float | None
    upper: float | None
    target: float | None
    status: str
    currency: str


def read_scorecard(warehouse_path: Path, locale: Locale) -> list[list[Line]]:
    """Return the main KPIs of each business as lines, in the order of the registry.

    The period is the last 28 days, or all time where these days have no value at all.
    """
    with open_warehouse(warehouse_path, read_only=True) as connection:
        rows = connection.execute(
            f"""
            select
                dim_businesses.name, dim_periods.name_{locale},
                rpt_scorecard.period_start, rpt_scorecard.period_end,
                dim_kpis.name_{locale}, dim_kpis.unit, dim_kpis.kind, dim_kpis.direction,
                rpt_scorecard.value, rpt_scorecard.lower, rpt_scorecard.upper,
                rpt_scorecard.target, rpt_scorecard.status,
                dim_businesses.currency
            from marts.rpt_scorecard
            inner join marts.dim_businesses using (business_id)
            inner join marts.dim_kpis using (kpi)
            inner join marts.dim_periods using (business_id, period)
            where period in (?, ?) and dim_kpis.is_headline
            qualify period = max(period) filter (where rpt_scorecard.denominator > 0 or period = ?)
                over (partition by business_id)
            order by business_id, dim_kpis.position
            """,  # noqa: S608
            [_PERIOD, _PERIOD_OF_OLD_DATA, _PERIOD_OF_OLD_DATA],
        ).fetchall()
    businesses: dict[str, list[Line]] = {}
    for row in rows:
        businesses.setdefault(row[0], []).append(Line(*row))
    return list(businesses.values())


def print_scorecard(console: Console, businesses: list[list[Line]], locale: Locale) -> None:
    """Print a table per business; lights are words, coloured where the terminal has colours."""
    for lines in businesses[:_SHOWN_BUSINESSES]:
        console.print()
        console.print(_table(lines, locale))
    rest = len(businesses) - _SHOWN_BUSINESSES
    if rest > 0:
        console.print(_REST[locale].format(count=rest))


def _table(lines: list[Line], locale: Locale) -> Table:
    first = lines[0]
    table = Table(
        title=f"{first.business} · {first.period} ({first.period_start} – {first.period_end})",
        title_justify="left",
        title_style="bold",
    )
    for heading in _HEADINGS[locale]:
        is_number = heading in _HEADINGS[locale][1:4]
        table.add_column(heading, justify="right" if is_number else "left", no_wrap=is_number)
    for line in lines:
        table.add_row(
            line.kpi,
            _shown(line, line.value, locale),
            _interval(line, locale),
            _target(line, locale),
            _light(line, locale),
        )
    return table


def _target(line: Line, locale: Locale) -> str:
    if line.target is None:
        return ""
    return _BOUNDS.get(line.direction, "") + _shown(line, line.target, locale)


def _light(line: Line, locale: Locale) -> Text:
    # Without a target nothing can be decided, and saying so on most lines would hide the rest.
    if line.target is None and line.status == "undecided":
        return Text("")
    return Text(
        _LIGHTS[locale].get(line.status, line.status), style=_COLOURS.get(line.status, "dim")
    )


def _interval(line: Line, locale: Locale) -> str:
    if line.lower is None and line.upper is None:
        return ""
    return f"{_shown(line, line.lower, locale)} … {_shown(line, line.upper, locale)}"


def _shown(line: Line, value: float | None, locale: Locale) -> str:
    return shown(value, "whole" if line.kind == "count" else line.unit, locale, line.currency)
