"""The JSON values of a file that a person saved from an API, whatever it is wrapped in.

A file may be JSON lines, one document written over many lines, or several of those one after the
other, packed or not. A page of an API holds its records in a list: each record then comes apart,
together with what the page says beside the list. Streams: memory grows neither with the file nor
with such a list, only with a single record.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestration.sources.lines import as_json, open_content, parse_json, physical_lines
from orchestration.sources.walking import walk

_DECODER = json.JSONDecoder()
_BLANKS = re.compile(r"\s*")
_LINES_LOOKED_AT = 1000
_ADJOINING = re.compile(r"[}\]]\s*[{\[]")

JSON_FORMATS: Mapping[str, str] = {
    ".json": "json",
    ".json.gz": "json",
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
}


@dataclass(frozen=True)
class Item:
    """One record of a file, or the `fault`, a stable word, why there is none.

    `origin` names the list that held it ("" = it stood by itself) and `context` is the rest of the
    page. `line` is the physical line, where the file has one for it.
    """

    value: dict[str, Any] | None
    raw_text: str
    fault: str | None = None
    line: int | None = None
    origin: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


def json_items(path: Path, lists: Sequence[str]) -> Iterator[Item]:
    """Give the records of a JSON file; `lists` are where pages keep them, such as "data.payload".

    Faults are `not_utf8`, `not_json` (also what is nested too deep), `not_object`, `line_too_long`,
    `item_too_long` and `broken_file`.
    """
    yield from _lines_items(path, lists) if _is_lines(path) else _whole_items(path, lists)


def _is_lines(path: Path) -> bool:
    """Whether each line is a document: one of the first two is, or the name says so.

    Where the name does not, no line may be a bracket alone, with which a document begins that is
    written over many lines.
    """
    is_log = ".jsonl" in path.name.lower()
    seen: list[bytes] = []
    with open_content(path) as content:
        for line in physical_lines(content):
            text = line.content.strip()
            if text:
                seen.append(text)
            if not is_log and text in {b"{", b"["}:
                return False
            if len(seen) == (2 if is_log else _LINES_LOOKED_AT) or line.fault:
                break
    if not seen or seen[0].endswith((b"{", b"[", b",", b":")):
        return not seen
    return is_log or any(map(_is_document, seen[:2]))


def _is_document(line: bytes) -> bool:
    try:
        return all(isinstance(value, dict | list) for value in _documents(line.decode()))
    except ValueError:
        return False


def _documents(text: str) -> list[Any]:
    """Parse one document, or several without anything between them, as `curl >> file` leaves them.

    Raises ValueError.
    """
    try:
        return [parse_json(text)]
    except ValueError:
        if not _ADJOINING.search(text):
            raise
    values = []
    start = 0
    while start < len(text):
        try:
            _, end = _DECODER.raw_decode(text, start)
        except RecursionError:
            raise ValueError("nested too deep") from None
        values.append(parse_json(text[start:end]))
        start = _skip_blanks(text, end)
    return values


def _skip_blanks(text: str, start: int) -> int:
    blanks = _BLANKS.match(text, start)
    return blanks.end() if blanks else start


def _lines_items(path: Path, lists: Sequence[str]) -> Iterator[Item]:
    with open_content(path) as content:
        for number, line in enumerate(physical_lines(content), start=1):
            body = line.content.rstrip(b"\r\n")
            raw_text = body.decode("utf-8", "backslashreplace")
            if line.fault:
                yield Item(None, raw_text, line.fault, number)
            elif body.strip():
                try:
                    values = _documents(body.decode().strip())
                except UnicodeDecodeError:
                    yield Item(None, raw_text, "not_utf8", number)
                except ValueError:
                    yield Item(None, raw_text, "not_json", number)
                else:
                    for value in values:
                        text = raw_text if len(values) == 1 else as_json(value)
                        yield from _parted(value, text, lists, number)


def _parted(value: Any, raw_text: str, lists: Sequence[str], line: int | None) -> Iterator[Item]:
    """Part a value into the records of its lists; what has none is a record itself."""
    if isinstance(value, list):
        for element in value:
            yield from _parted_page(element, as_json(element), lists, line)
    else:
        yield from _parted_page(value, raw_text, lists, line)


def _parted_page(
    page: Any, raw_text: str, lists: Sequence[str], line: int | None
) -> Iterator[Item]:
    if not isinstance(page, dict):
        yield Item(None, raw_text, "not_object", line)
        return
    found = {name: elements for name in lists if isinstance(elements := _at(page, name), list)}
    if not found:
        yield Item(page, raw_text, None, line)
    for name, elements in found.items():
        for element in elements:
            yield _element(element, name, page, line)


def _element(element: Any, origin: str, context: Mapping[str, Any], line: int | None) -> Item:
    if isinstance(element, dict):
        return Item(element, as_json(element), None, line, origin, context)
    return Item(None, as_json(element), "not_object", line, origin, context)


def _at(page: Mapping[str, Any], name: str) -> Any:
    value: Any = page
    for key in name.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _whole_items(path: Path, lists: Sequence[str]) -> Iterator[Item]:
    contexts: list[Any] = []
    document = 0
    with open_content(path) as content:
        for kind, name, value in walk(content, lists):
            if kind == "end":
                document += 1
            elif kind == "fault":
                yield Item(None, "", name)
            elif kind == "whole" or not name:
                yield from _parted_page(value, as_json(value), lists, None)
            else:
                contexts = contexts or _contexts(path, lists)
                # Somebody may be writing to the file, which the loader finds out when it is read.
                context = contexts[document] if document < len(contexts) else {}
                yield _element(value, name, context, None)


def _contexts(path: Path, lists: Sequence[str]) -> list[Any]:
    """What each document says beside its lists, which may stand behind them."""
    with open_content(path) as content:
        return [value for kind, _, value in walk(content, lists) if kind == "end"]
