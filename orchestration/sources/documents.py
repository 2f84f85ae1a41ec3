"""The JSON values of a file that a person saved from an API, whatever it is wrapped in.

A file may be JSON lines, one document written over many lines, or several of those one after the
other, packed or not. A page of an API holds its records in a list: each record then comes apart,
together with what the page says beside the list. Streams: memory grows neither with the file nor
with such a list, only with a single record.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import ijson

from orchestration.sources.lines import (
    BROKEN_CONTENT,
    open_content,
    parse_json,
    physical_lines,
)

_LONGEST_ITEM_BYTES = 16 << 20
# The parser scans a text again from its beginning whenever more of it arrives.
_CHUNK_BYTES = 1 << 20
_DEEPEST = 200
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


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
    """Whether each line is a document: one of the first two is, or the name says so."""
    seen: list[bytes] = []
    with open_content(path) as content:
        for line in physical_lines(content):
            if line.content.strip():
                seen.append(line.content.strip())
            if len(seen) == 2 or line.fault:
                break
    if not seen or seen[0] in {b"{", b"["}:
        return not seen
    return any(map(_is_document, seen)) or ".jsonl" in path.name.lower()


def _is_document(line: bytes) -> bool:
    try:
        return isinstance(parse_json(line), dict | list)
    except ValueError:
        return False


def _lines_items(path: Path, lists: Sequence[str]) -> Iterator[Item]:
    with open_content(path) as content:
        for number, line in enumerate(physical_lines(content), start=1):
            body = line.content.rstrip(b"\r\n")
            raw_text = body.decode("utf-8", "backslashreplace")
            if line.fault:
                yield Item(None, raw_text, line.fault, number)
            elif body.strip():
                try:
                    value = parse_json(body.decode())
                except UnicodeDecodeError:
                    yield Item(None, raw_text, "not_utf8", number)
                except ValueError:
                    yield Item(None, raw_text, "not_json", number)
                else:
                    yield from _parted(value, raw_text, lists, number)


def _parted(value: Any, raw_text: str, lists: Sequence[str], line: int | None) -> Iterator[Item]:
    """Part a value into the records of its lists; what has none is a record itself."""
    if isinstance(value, list):
        for element in value:
            yield from _parted_page(element, _as_text(element), lists, line)
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
        return Item(element, _as_text(element), None, line, origin, context)
    return Item(None, _as_text(element), "not_object", line, origin, context)


def _at(page: Mapping[str, Any], name: str) -> Any:
    value: Any = page
    for key in name.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _whole_items(path: Path, lists: Sequence[str]) -> Iterator[Item]:
    contexts: list[Any] = []
    document = 0
    with open_content(path) as content:
        for kind, name, value in _walk(content, lists):
            if kind == "end":
                document += 1
            elif kind == "fault":
                yield Item(None, "", name)
            elif kind == "whole" or not name:
                yield from _parted_page(value, _as_text(value), lists, None)
            else:
                contexts = contexts or _contexts(path, lists)
                yield _element(value, name, contexts[document], None)


def _contexts(path: Path, lists: Sequence[str]) -> list[Any]:
    """What each document says beside its lists, which may stand behind them."""
    with open_content(path) as content:
        return [value for kind, _, value in _walk(content, lists) if kind == "end"]


def _walk(content: IO[bytes], lists: Sequence[str]) -> Iterator[tuple[str, str, Any]]:
    """Give each `element` of a list, each `whole` document without one, and the `end` of each.

    An end comes with the document less its lists. A `fault` is the last that is given.
    """
    source = _Bounded(content)
    path: list[str | None] = []
    context, element = ijson.ObjectBuilder(), ijson.ObjectBuilder()
    inside: tuple[int, str] | None = None
    has_list = False
    fault = None
    try:
        for event, value in ijson.basic_parse(
            source, buf_size=_CHUNK_BYTES, multiple_values=True, use_float=True
        ):
            if event.startswith("end"):
                path.pop()
            is_element = inside is not None and len(path) >= inside[0]
            (element if is_element else context).event(event, value)
            if event == "map_key":
                path[-1] = value
                continue
            if event.startswith("start"):
                name = ".".join(key or "" for key in path)
                path.append(None)
                if len(path) > _DEEPEST:
                    raise ijson.JSONError
                if inside is None and event == "start_array" and (not name or name in lists):
                    inside, has_list = (len(path), name), True
                    element = ijson.ObjectBuilder()
                continue
            if inside and is_element and len(path) == inside[0]:
                yield "element", inside[1], element.value
                element = ijson.ObjectBuilder()
                source.begin_item()
            elif inside and len(path) < inside[0]:
                inside = None
            if not path:
                if not has_list:
                    yield "whole", "", context.value
                yield "end", "", context.value
                context, has_list = ijson.ObjectBuilder(), False
                source.begin_item()
    except _ItemTooLongError:
        fault = "item_too_long"
    except BROKEN_CONTENT:
        fault = "broken_file"
    except ijson.JSONError:
        fault = "not_json"
    if fault:
        yield "end", "", getattr(context, "value", {})
        yield "fault", fault, None


class _ItemTooLongError(Exception):
    pass


class _Bounded:
    """Bytes without their mark, refused where one item takes too many of them."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self._of_item = 0
        start = content.read(len(_BYTE_ORDER_MARK))
        self._pending = start.removeprefix(_BYTE_ORDER_MARK)

    def read(self, size: int) -> bytes:
        """What a parser asks for; 0 bytes are asked to learn the type."""
        if self._pending and size:
            chunk, self._pending = self._pending, b""
            return chunk
        chunk = self._content.read(size)
        self._of_item += len(chunk)
        if self._of_item > _LONGEST_ITEM_BYTES:
            raise _ItemTooLongError
        return chunk

    def begin_item(self) -> None:
        """Count from here."""
        self._of_item = 0


def _as_text(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return ""
