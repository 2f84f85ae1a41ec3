"""What the worksheets of a business hold: its reports and the dictionary, as far as they fit."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from orchestration.errors import ActionableError
from orchestration.publish.descriptions import describe_mart
from orchestration.publish.fingerprint import fingerprint
from orchestration.publish.offers import Offer
from orchestration.publish.release import Release

DICTIONARY = "dictionary"
_REGISTRY = "dim_kpis"
_ADDITIVE = "_daily"
_DAY_0 = date(1899, 12, 30)
_SECONDS_A_DAY = 86_400
# Beyond it a number of Sheets, which is a double, would lose digits.
_LARGEST_INTEGER = 2**53
_LONGEST_TEXT = 50_000
_AT_ONCE = 5_000
_NUMBERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL"}
)
_DICTIONARY_TEXTS = ("name_ru", "name_en", "unit", "direction", "definition_ru", "definition_en")

Cell = str | int | float | bool


@dataclass(frozen=True)
class Page:
    """One worksheet: `types` are DuckDB's, by column; `rows` without the header.

    `query` gives the rows, or `cells` are them. `note` says in Russian and English what is not as
    in the report.
    """

    table: str
    types: dict[str, str]
    rows: int
    fingerprint: str
    query: str = ""
    cells: Sequence[Sequence[Cell]] = ()
    note: tuple[str, str] = ("", "")
    offer: Offer | None = field(default=None, compare=False)

    @property
    def height(self) -> int:
        """Rows of the grid; one at least is left to scroll under the header."""
        return max(self.rows, 1) + 1

    @property
    def size(self) -> int:
        """Cells of the grid."""
        return self.height * len(self.types)

    def read(self, release: Release) -> Iterator[list[Cell]]:
        """Yield the header and every row, as Google takes them."""
        yield list(self.types)
        yield from (list(row) for row in self.cells)
        if self.query:
            found = release.connection.execute(self.query)
            while rows := found.fetchmany(_AT_ONCE):
                for row in rows:
                    yield [cell(value) for value in row]


def make_pages(release: Release, offers: Sequence[Offer], room: int) -> list[Page]:
    """Return the worksheets of a business, in at most `room` cells.

    Where the reports are larger, the oldest days of the daily ones are summed up by month; other
    reports hold what cannot be added. Raises ActionableError where that is not enough.
    """
    reports = [_report(offer) for offer in offers if offer.name.startswith("rpt_")]
    registry = next((offer for offer in offers if offer.name == _REGISTRY), None)
    # The dictionary is small, and says at the end what became of the others.
    room -= _dictionary(release, registry, reports).size
    if sum(page.size for page in reports) > room:
        reports = _summed_up(release, reports, room)
    return [*reports, _dictionary(release, registry, reports)]


def cell(value: Any) -> Cell:
    """Return a value of DuckDB as Google takes it without reading anything into it."""
    match value:
        case None:
            return ""
        case bool() | str():
            return value[:_LONGEST_TEXT] if isinstance(value, str) else value
        case int():
            return value if abs(value) <= _LARGEST_INTEGER else str(value)
        case float() | Decimal():
            return float(value) if math.isfinite(value) else ""
        case datetime():
            days = (value.date() - _DAY_0).days
            passed = datetime.combine(date.min, value.time()) - datetime.min
            return days + passed.total_seconds() / _SECONDS_A_DAY
        case date():
            return (value - _DAY_0).days
        case time():
            return str(value)
        case _:
            return json.dumps(value, default=str, ensure_ascii=False)[:_LONGEST_TEXT]


def _report(offer: Offer) -> Page:
    return Page(
        offer.name,
        offer.mart.columns,
        offer.rows,
        offer.fingerprint,
        query=offer.select(),
        offer=offer,
    )


def _dictionary(release: Release, registry: Offer | None, reports: Sequence[Page]) -> Page:
    """Return the worksheet that says in two languages what every KPI and worksheet is."""
    cells: list[list[Cell]] = []
    if registry:
        known = set(registry.mart.columns)
        texts = ", ".join(name if name in known else "''" for name in _DICTIONARY_TEXTS)
        order = "position" if "position" in known else "kpi"
        found = release.connection.execute(
            f"select 'kpi', kpi, {texts} from {_REGISTRY} order by {order}, kpi"  # noqa: S608
        )
        cells += [[cell(value) for value in row] for row in found.fetchall()]
    for page in reports:
        russian, english = page.note
        text = " ".join(filter(None, [describe_mart(page.table).text, english]))
        cells.append(["worksheet", page.table, "", "", "", "", russian, text])
    as_of = f"{release.as_of:%Y-%m-%d %H:%M} UTC"
    said = [f"Данные на {as_of}.", f"Figures as of {as_of}."]
    cells.append(["as_of", as_of, "", "", "", "", *said])
    types = dict.fromkeys(("entry", "name", *_DICTIONARY_TEXTS), "VARCHAR")
    # A later time alone is no reason to write: it is that of the last change.
    parts = {"cells": cells[:-1], "reports": {page.table: page.fingerprint for page in reports}}
    return Page(DICTIONARY, types, len(cells), fingerprint(parts), cells=cells)


def _summed_up(release: Release, reports: Sequence[Page], room: int) -> list[Page]:
    fixed = sum(page.size for page in reports if not _is_additive(page))
    daily = sorted((page for page in reports if _is_additive(page)), key=lambda page: page.size)
    made: dict[str, Page] = {}
    left = room - fixed
    for number, page in enumerate(daily):
        # The small ones leave to the large ones what they do not need.
        made[page.table] = _by_month(release, page, left // (len(daily) - number))
        left -= made[page.table].size
    if left < 0:
        largest = max(reports, key=lambda page: page.size)
        raise ActionableError(
            f"Google Sheets: the reports do not fit into the {room:,} cells that there are for "
            f"them, as {largest.table} has {largest.size:,}: delete large worksheets of your own "
            "from the spreadsheet, or send the reports to PostgreSQL or BigQuery."
        )
    return [made.get(page.table, page) for page in reports]


def _is_additive(page: Page) -> bool:
    return page.table.endswith(_ADDITIVE) and "DATE" in page.types.values()


def _by_month(release: Release, page: Page, room: int) -> Page:
    """Sum up as many of the oldest months of days as it takes to fit into `room` cells."""
    if page.size <= room or page.offer is None:
        return page
    day = next(name for name, of_type in page.types.items() if of_type == "DATE")
    keys = [name for name, of_type in page.types.items() if not _is_number(of_type)]
    others = ", ".join(f'"{name}"' for name in keys if name != day)
    source = f"({page.offer.select()})"
    months = release.connection.execute(
        f"select date_trunc('month', \"{day}\")::date as month, count(*), "  # noqa: S608
        f"count(distinct row({others})) from {source} group by all order by month"
    ).fetchall()
    rows = page.rows
    cut: date | None = None
    for month, daily, summed in months:
        if (rows + 1) * len(page.types) <= room:
            break
        rows += summed - daily
        cut = _month_after(month)
    cells = ", ".join(_summed_cell(name, of_type, day, cut) for name, of_type in page.types.items())
    return replace(
        page,
        rows=rows,
        fingerprint=fingerprint({"of": page.fingerprint, "by_month_before": str(cut)}),
        query=f"select {cells} from {source} group by all order by all",  # noqa: S608
        note=(
            f"Дни до {cut} сложены по месяцам (дата — первое число), чтобы таблица поместилась.",
            f"Days before {cut} are summed up by month (dated its first), so that it fits.",
        ),
    )


def _is_number(of_type: str) -> bool:
    return of_type.partition("(")[0] in _NUMBERS


def _summed_cell(name: str, of_type: str, day: str, cut: date | None) -> str:
    if name == day:
        month = f"date_trunc('month', \"{day}\")::date"
        return f'case when "{day}" < date \'{cut}\' then {month} else "{day}" end as "{name}"'
    if _is_number(of_type):
        # The plain sum of doubles depends on their order.
        total = "fsum" if of_type in ("DOUBLE", "FLOAT") else "sum"
        return f'{total}("{name}")::{of_type} as "{name}"'
    return f'"{name}"'


def _month_after(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)
