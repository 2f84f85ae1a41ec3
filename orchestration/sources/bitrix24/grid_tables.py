"""Rows of cells out of an exported grid, whatever it is: CSV, a page named .xls, or a workbook.

What a file is its first bytes say, not its name: "Excel" is an HTML table in Bitrix24, and a real
workbook means that somebody saved it again.
"""

import codecs
import csv
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

import python_calamine

from orchestration.sources.lines import (
    BROKEN_CONTENT,
    LONGEST_LINE_BYTES,
    open_content,
    physical_lines,
)

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_PAGE = re.compile(rb"\s*(\xef\xbb\xbf)?\s*<")
_SAMPLE_BYTES = 1 << 20
_CHUNK_BYTES = 1 << 16
# Unpacked, and all of it in memory: more than a million rows of a grid.
_LARGEST_WORKBOOK_BYTES = 1 << 30

csv.field_size_limit(LONGEST_LINE_BYTES)


@dataclass(frozen=True)
class TableRow:
    """One row: its cells as texts, its text as it stands, or the `fault`, a stable word."""

    cells: list[str]
    raw_text: str
    fault: str | None = None


def table_rows(path: Path) -> Iterator[TableRow]:
    """Give every row that is not blank, the header among them."""
    with open_content(path) as content:
        try:
            start = content.read(_SAMPLE_BYTES)
        except BROKEN_CONTENT:
            start = b""
    if start.startswith(_WORKBOOKS):
        rows, nothing = _workbook_rows(path), "empty_file"
    elif _PAGE.match(start):
        # A page without a table, such as that of a login.
        rows, nothing = _page_rows(path, _encoding(start)), "unknown_format"
    else:
        rows, nothing = _csv_rows(path, _encoding(start)), None
    is_empty = True
    for row in rows:
        if row.fault or any(cell.strip() for cell in row.cells):
            is_empty = False
            yield row
    if is_empty and nothing:
        yield TableRow([], "", nothing)


def _encoding(start: bytes) -> str:
    """UTF-8, or Windows' Cyrillic where more is broken than not."""
    text = start.decode("utf-8", "replace")
    broken = text.count("�")
    foreign = sum(1 for character in text if character > "\x7f") - broken
    return "cp1251" if broken > foreign else "utf-8"


def _csv_rows(path: Path, encoding: str) -> Iterator[TableRow]:
    taken: list[str] = []
    faults: list[str] = []
    with open_content(path) as content:

        def texts() -> Iterator[str]:
            for line in physical_lines(content):
                text = line.content.decode(encoding, "surrogateescape")
                taken.append(text)
                if line.fault:
                    faults.append(line.fault)
                yield "" if line.fault else text

        lines = texts()
        first = next(lines, "")
        delimiter = max(";,\t", key=first.count)
        reader = csv.reader(_behind(first, lines), delimiter=delimiter, strict=True)
        while True:
            try:
                cells = next(reader, None)
            except csv.Error:
                cells = []
                faults.append("bad_quotes")
            if cells is None:
                return
            raw_text = "".join(taken).rstrip("\r\n")
            taken.clear()
            if not faults and not _is_text(raw_text):
                faults.append("not_utf8")
            shown = raw_text.encode("utf-8", "backslashreplace").decode()
            yield TableRow(cells, shown, faults[0] if faults else None)
            faults.clear()


def _behind(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Table(HTMLParser):
    """Collects the rows of the page's tables as they end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._cells: list[str] | None = None
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "tr":
            self._end_row()
            self._cells = []
        elif tag in {"td", "th"}:
            self._end_cell()
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._end_cell()
        elif tag in {"tr", "table"}:
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def size(self) -> int:
        """How much is held of what has not ended."""
        return (
            len(self.rawdata) + sum(map(len, self._text or ())) + sum(map(len, self._cells or ()))
        )

    def end(self) -> None:
        """Take what the page left open as ended."""
        self.close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._text is not None and self._cells is not None:
            self._cells.append("".join(self._text).strip())
        self._text = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells:
            self.rows.append(self._cells)
        self._cells = None


def _page_rows(path: Path, encoding: str) -> Iterator[TableRow]:
    table, has_rows = _Table(), False
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with open_content(path) as content:
        try:
            while chunk := content.read(_CHUNK_BYTES):
                table.feed(decoder.decode(chunk))
                has_rows = has_rows or bool(table.rows)
                yield from _taken(table)
                if table.size() > LONGEST_LINE_BYTES:
                    yield TableRow([], "", "line_too_long")
                    return
        except BROKEN_CONTENT:
            yield TableRow([], "", "broken_file")
    table.end()
    # A portal that wants one to log in answers with a page, too.
    if not has_rows and not table.rows:
        yield TableRow([], "", "unknown_format")
    yield from _taken(table)


def _taken(table: _Table) -> Iterator[TableRow]:
    rows, table.rows = table.rows, []
    for cells in rows:
        yield TableRow(cells, "\t".join(cells))


def _workbook_rows(path: Path) -> Iterator[TableRow]:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                size = sum(entry.file_size for entry in packed.infolist())
            if size > _LARGEST_WORKBOOK_BYTES:
                yield TableRow([], "", "file_too_large")
                return
        # By its content: from a path it would believe the name.
        with (
            path.open("rb") as content,
            python_calamine.CalamineWorkbook.from_filelike(content) as workbook,
        ):
            sheet = workbook.get_sheet_by_index(0)
            for row in sheet.iter_rows():
                cells = [_cell(value) for value in row]
                yield TableRow(cells, "\t".join(cells))
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError):
        yield TableRow([], "", "broken_file")


def _cell(value: object) -> str:
    """A cell as it would be read: a number without `.0` or E+10, a date in ISO 8601."""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
