"""Cells and tables of a workbook: each value with its own type and number format."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from orchestration.config import Locale
from orchestration.publish.pages.contents import Cell, Contents
from orchestration.publish.pages.layout import Column, Row, cell_of, heading
from orchestration.publish.pages.words import words

_NUMBER_FORMATS = {
    "rate": "0.0%",
    "probability": '[<0.001]"< 0.001";0.000',
    "score": "0.00",
    "points": "0.0",
    "money": "#,##0",
    "count": "#,##0",
    "number": "#,##0.0",
}
_DATE_FORMATS: Mapping[Locale, Mapping[str, str]] = {
    "ru": {"date": "dd.mm.yyyy", "month": "mm.yyyy"},
    "en": {"date": "d mmm yyyy", "month": "mmm yyyy"},
}
_DATES = ("date", "month")
_TEXTS = ("text", "words", "named", "light", "yes", "time")
_LIGHTS = {
    "on_target": ("#E2F4E9", "#17693C"),
    "off_target": ("#FDE8E6", "#A3241D"),
    "undecided": ("#FDF1D7", "#7A4F00"),
    "ship_b": ("#E2F4E9", "#17693C"),
    "no_difference_yet": ("#FDF1D7", "#7A4F00"),
    "unhealthy": ("#FDE8E6", "#A3241D"),
}
# A sheet's name is at most this long.
_LONGEST_NAME = 31
# In characters and points, as sheets measure columns and rows.
_NARROWEST, _WIDEST = 13, 60
# Of the first column of a sheet with several tables, and of its others: a longer text runs over
# the columns to its right, as the tables share the columns.
_WIDEST_FIRST, _WIDEST_SHARED = 44, 16
_LINE_HEIGHT = 15


class Sheets:
    """Writes sheets into a book. A text is always written as a text, never as a formula.

    `units` says how the figures of each KPI are shown, for columns of the unit `kpi`.
    """

    def __init__(
        self, book: Workbook, contents: Contents, locale: Locale, units: dict[str, str]
    ) -> None:
        """Prepare the formats of the book."""
        self.book = book
        self.contents = contents
        self.locale = locale
        self.words = words(locale)
        self._units = units
        # The tables of a sheet share its columns: each is as wide as the widest needs.
        self._widths: dict[tuple[str, int], int] = {}
        self._formats = {
            unit: book.add_format({"num_format": pattern, "valign": "top"})
            for unit, pattern in {
                **_NUMBER_FORMATS,
                "seconds": f'#,##0.0" {self.words["units"]["seconds"]}"',
                **_DATE_FORMATS[locale],
            }.items()
        }
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._number_heading = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "align": "right"}
        )
        text = {"text_wrap": True, "align": "left", "indent": 1}
        self._text = book.add_format({**text, "valign": "top"})
        self._heading = book.add_format({**text, "bold": True, "bottom": 1})

    def add(self, name: str, title: str) -> Worksheet:
        """Return a new sheet that prints on pages one wide, with its title in the first cell."""
        sheet = self.book.add_worksheet(name[:_LONGEST_NAME])
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        self.title(sheet, 0, title)
        return sheet

    def title(self, sheet: Worksheet, row: int, text: str) -> None:
        """Write a title into the first column."""
        sheet.write_string(row, 0, text, self._title)

    def grid_headings(self, sheet: Worksheet, row: int, name: str, texts: Sequence[str]) -> None:
        """Write the headings of a grid of numbers, after its name."""
        sheet.write_string(row, 0, name, self._heading)
        for place, text in enumerate(texts, 1):
            sheet.write_string(row, place, text, self._number_heading)

    def table(
        self,
        sheet: Worksheet,
        top: int,
        columns: Sequence[Column],
        rows: Sequence[Row],
        is_alone: bool = True,
    ) -> int:
        """Write headings at `top` and the rows below them; return the row after the last.

        A table that is not alone on its sheet keeps its columns narrow, for the others' sake.
        """
        lines = dict.fromkeys(range(top, top + len(rows) + 1), 1)
        first = 0
        for column, text in chain.from_iterable(map(self._parts, columns)):
            values = [cell_of(self.contents, row, column, self.locale) for row in rows]
            needed = _needed(text, values)
            is_text = column["unit"] in _TEXTS
            last, width = self._make_room(sheet, first, needed, is_alone or not is_text)
            self._join(sheet, top, first, last, self._heading)
            look = self._heading if is_text else self._number_heading
            sheet.write_string(top, first, text, look)
            lines[top] = max(lines[top], _lines(text, width))
            for at, (row, value) in enumerate(zip(rows, values, strict=True), top + 1):
                self._join(sheet, at, first, last, self._text)
                self.cell(sheet, at, first, value, self._unit(row, column))
                if isinstance(value, str) and is_text:
                    lines[at] = max(lines[at], _lines(value, width))
            if column["unit"] == "light" and rows:
                self._colour(sheet, top + 1, top + len(rows), first)
            first = last + 1
        for at, height in lines.items():
            sheet.set_row(at, _LINE_HEIGHT * height)
        return top + len(rows) + 1

    def _make_room(
        self, sheet: Worksheet, first: int, needed: int, is_alone: bool
    ) -> tuple[int, int]:
        """Widen columns from `first` on for a text; return the last of them and their width."""
        shared = _WIDEST_FIRST if first == 0 else _WIDEST_SHARED
        last, width = first, self._widen(sheet, first, min(needed, _WIDEST if is_alone else shared))
        while first > 0 and width < needed:
            last += 1
            width += self._widen(sheet, last, _NARROWEST)
        return last, width

    def _widen(self, sheet: Worksheet, place: int, needed: int) -> int:
        width = max(self._widths.get((sheet.name, place), _NARROWEST), needed)
        self._widths[sheet.name, place] = width
        sheet.set_column(place, place, width)
        return width

    def _join(self, sheet: Worksheet, row: int, first: int, last: int, look: object) -> None:
        if last > first:
            sheet.merge_range(row, first, row, last, "", look)

    def cell(self, sheet: Worksheet, row: int, column: int, value: Cell, unit: str) -> None:
        """Write one value; what is not known leaves its cell empty."""
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_string(row, column, self.words["yes" if value else "no"], self._text)
        elif isinstance(value, str) and unit in _DATES:
            sheet.write_datetime(row, column, date.fromisoformat(value), self._formats[unit])
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self._text)
        else:
            sheet.write_number(row, column, value, self._formats.get(unit, self._formats["count"]))

    def _parts(self, column: Column) -> list[tuple[Column, str]]:
        """Give a value that has an interval a column for either end of it."""
        text = heading(column, self.locale)
        ends = [
            ({"name": column[end], "unit": column["unit"]}, f"{text}, {self.words['ends'][end]}")
            for end in ("lower", "upper")
            if end in column
        ]
        return [(column, text), *ends]

    def _unit(self, row: Row, column: Column) -> str:
        return self._units[str(row["kpi"])] if column["unit"] == "kpi" else column["unit"]

    def _colour(self, sheet: Worksheet, first: int, last: int, column: int) -> None:
        for status, (ground, ink) in _LIGHTS.items():
            look = self.book.add_format({"bg_color": ground, "font_color": ink})
            rule = {"type": "cell", "criteria": "==", "format": look}
            text = self.words["lights"][status]
            sheet.conditional_format(
                first, column, max(first, last), column, {**rule, "value": f'"{text}"'}
            )


def _needed(heading: str, values: Sequence[Cell]) -> int:
    """Return how wide a column of these values should be; a heading may take two lines."""
    texts = [len(heading) // 2 + 3, *(len(value) + 2 for value in values if isinstance(value, str))]
    return min(max(texts), _WIDEST)


def _lines(text: str, width: int) -> int:
    if len(text) < width:
        return 1
    # Lines break between words, so that they are not quite full, and a bold heading is wider.
    return -(-len(text) // (width - 3))
