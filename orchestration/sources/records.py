"""The exact reader: records of any text file one by one, in bounded memory, nothing lost.

Slower than DuckDB's readers by an order of magnitude, so it gets only the files that they cannot
read exactly: broken lines, mixed line ends, other encodings, and CSV files with rejected rows.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from orchestration.sources.contract import Record
from orchestration.sources.lines import LONGEST_LINE_BYTES, Line, open_content, physical_lines

_DELIMITERS = ",;\t"

csv.field_size_limit(LONGEST_LINE_BYTES)


@dataclass(frozen=True)
class Header:
    """The first record of a CSV file: the delimiter found out, and the columns' names.

    Names are trimmed and in lower case. `is_sound`: readable, and no known column named twice.
    `is_one_line`: the file's first physical line is the header, whole.
    """

    delimiter: str
    names: tuple[str, ...]
    is_sound: bool
    is_one_line: bool


def jsonl_records(path: Path) -> Iterator[Record]:
    """Give every physical line, blank ones too; a line's text is not checked to be JSON here."""
    with open_content(path) as content:
        for number, line in enumerate(physical_lines(content), start=1):
            body = line.content.rstrip(b"\r\n")
            fault = line.fault or (None if _is_utf8(body) else "not_utf8")
            raw_text = body.decode("utf-8", "backslashreplace")
            yield Record(number, None if fault else raw_text, raw_text, fault)


def read_header(path: Path, encoding: str, known: Sequence[str]) -> Header:
    """Read the header with each delimiter and keep the reading that names most `known` columns."""
    headers = [_read_header(path, encoding, known, delimiter) for delimiter in _DELIMITERS]
    return max(headers, key=lambda header: (len(set(known) & set(header.names)), len(header.names)))


def csv_records(path: Path, encoding: str, header: Header) -> Iterator[Record]:
    """Give every row under the header, blank ones apart, as a JSON object of texts.

    Rows are numbered with the header as 1. Where quotes are out of order every physical line that
    they swallowed is one record, so that the count shows how much was lost.
    """
    number = 0
    with open_content(path) as content:
        for cells, lines in _csv_rows(content, encoding, header.delimiter):
            faults = [line.fault for line in lines if line.fault]
            if cells is None:
                for line in lines:
                    number += 1
                    yield Record(number, None, _shown([line], encoding), line.fault or "bad_quotes")
            elif faults or not _is_blank(cells):
                number += 1
                if number > 1 or faults:
                    fault = faults[0] if faults else _row_fault(cells, header)
                    pairs = zip(header.names, cells, strict=False)
                    text = None if fault else json.dumps(dict(pairs), ensure_ascii=False)
                    yield Record(number, text, _shown(lines, encoding), fault)


def _read_header(path: Path, encoding: str, known: Sequence[str], delimiter: str) -> Header:
    with open_content(path) as content:
        for number, (cells, lines) in enumerate(_csv_rows(content, encoding, delimiter)):
            if cells is not None and _is_blank(cells):
                continue
            names = tuple(cell.strip().lower() for cell in cells or ())
            is_sound = cells is not None and not any(names.count(name) > 1 for name in known)
            return Header(delimiter, names, is_sound, is_one_line=number == 0 and len(lines) == 1)
    return Header(delimiter, (), is_sound=True, is_one_line=False)


def _csv_rows(
    content: IO[bytes], encoding: str, delimiter: str
) -> Iterator[tuple[list[str] | None, list[Line]]]:
    """Give each row's cells (None: its quotes are out of order) and the physical lines it took."""
    taken: list[Line] = []

    def texts() -> Iterator[str]:
        for line in physical_lines(content):
            taken.append(line)
            yield "" if line.fault else line.content.decode(encoding, "surrogateescape")

    reader = csv.reader(texts(), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield None, list(taken)
        else:
            yield cells, list(taken)


def _row_fault(cells: list[str], header: Header) -> str | None:
    if not header.is_sound:
        return "bad_header"
    if len(cells) < len(header.names) or any(cells[len(header.names) :]):
        return "bad_columns"
    return None if _is_text("".join(cells)) else "not_utf8"


def _is_blank(cells: list[str]) -> bool:
    return len(cells) < 2 and not "".join(cells).strip()


def _is_text(text: str) -> bool:
    # A byte that could not be decoded came as a lone surrogate, which cannot be encoded.
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _shown(lines: list[Line], encoding: str) -> str:
    content = b"".join(line.content for line in lines).rstrip(b"\r\n")
    return content.decode(encoding, "backslashreplace")
