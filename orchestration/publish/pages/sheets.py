"""Cells and tables of a workbook: each value with its own type and number format."""

from collections.abc import Iterable, Sequence
from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from orchestration.config import Locale
from orchestration.publish.pages.contents import Cell, Contents
from orchestration.publish.pages.layout import Column, Row, cell_of, heading
from orchestration.publish.pages.words import words

_NUMBER_FORMATS = {
    "rate": "0.0%",
    "probability": "0.000",
    "score": "0.00",
    "points": "0.0",
    "seconds": "#,##0.0",
    "money": "#,##0",
    "count": "#,##0.##",
    "date": "dd.mm.yyyy",
    "month": "mm.yyyy",
}
_DATES = ("date", "month")
_TEXTS = ("text", "words", "named", "light", "yes", "time")
_LIGHTS = {
    "on_target": ("#E2F4E9", "#17693C"),
    "off_target": ("#FDE8E6", "#A3241D"),
    "undecided": ("#FDF1D7", "#7A4F00"),
}
# A sheet's name is at most this long.
_LONGEST_NAME = 31
# In characters and points, as sheets measure columns and rows.
_NARROWEST, _WIDEST = 13, 60
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
            for unit, pattern in _NUMBER_FORMATS.items()
        }
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self._number_heading = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "align": "right"}
        )
        self._text = book.add_format({"text_wrap": True, "valign": "top", "indent": 1})

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

    def headings(self, sheet: Worksheet, row: int, texts: Iterable[str]) -> None:
        """Write a row of headings."""
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text, self._heading)

    def table(
        self, sheet: Worksheet, top: int, columns: Sequence[Column], rows: Sequence[Row]
    ) -> int:
        """Write headings at `top` and the rows below them; return the row after the last."""
        expanded = [part for column in columns for part in self._parts(column)]
        heights = dict.fromkeys(range(top + 1, top + len(rows) + 1), 1)
        for place, (column, text) in enumerate(expanded):
            values = [cell_of(self.contents, row, column, self.locale) for row in rows]
            width = self._widen(sheet, place, text, values)
            is_text = column["unit"] in _TEXTS
            look = self._heading if is_text else self._number_heading
            sheet.write_string(top, place, text, look)
            for at, (row, value) in enumerate(zip(rows, values, strict=True), top + 1):
                self.cell(sheet, at, place, value, self._unit(row, column))
                if isinstance(value, str):
                    heights[at] = max(heights[at], -(-len(value) // width))
            if column["unit"] == "light":
                self._colour(sheet, top + 1, top + len(rows), place)
        for at, lines in heights.items():
            if lines > 1:
                sheet.set_row(at, _LINE_HEIGHT * lines)
        return top + len(rows) + 1

    def _widen(self, sheet: Worksheet, place: int, text: str, values: Sequence[Cell]) -> int:
        """Make a column wide enough for its values; a heading may take two lines."""
        texts = [len(text) // 2 + 2, *(len(value) for value in values if isinstance(value, str))]
        before = self._widths.get((sheet.name, place), _NARROWEST)
        width = max(before, min(max(texts) + 1, _WIDEST))
        self._widths[sheet.name, place] = width
        sheet.set_column(place, place, width)
        return width

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
