"""Values out of one big JSON document, such as a messenger's export, in bounded memory.

A document is read once from its start; what lies at a wanted path is built and given, the rest is
passed over. A path has the keys from the root on, and the index in each array.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import ijson

from orchestration.sources.lines import BROKEN_CONTENT, JsonLine, json_lines, open_content

ANY = "*"
LONGEST_VALUE_BYTES = 4 << 20
_DEEPEST_VALUE = 100
_DEEPEST_DOCUMENT = 10_000
_CHUNK_BYTES = 1 << 16
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

JsonPath = tuple[str | int, ...]

_STARTS = frozenset({"start_map", "start_array"})
_ENDS = frozenset({"end_map", "end_array"})
_BROKEN_JSON = (ijson.JSONError, ValueError)
# Telegram Desktop writes a control character as \x and two digits, which no parser takes.
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)
_BROKEN_OFF_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*(\\(?:x[0-9A-Fa-f]?)?)\Z")


@dataclass(frozen=True)
class JsonValue:
    """What lies at `path`, or the `fault`, a stable word, why it cannot be given.

    `value` is as Python's json gives it. The faults `value_too_long` and `nested_too_deep` are of
    one value, the others, and these where their path is (), of all that would follow.
    """

    path: JsonPath
    value: Any
    fault: str | None = None

    def shape(self) -> JsonPath:
        """The path with ANY for each index."""
        return tuple(ANY if isinstance(part, int) else part for part in self.path)

    def raw_text(self) -> str:
        """The value as JSON again."""
        return "" if self.fault else json.dumps(self.value, ensure_ascii=False, default=str)


def json_values(content: IO[bytes], wanted: frozenset[JsonPath]) -> Iterator[JsonValue]:
    """Give what lies at the `wanted` paths, where ANY stands for every index.

    A document that breaks off gives `broken_file` at the end, one that is none gives `empty_file`
    or `not_json`; what stood before is given all the same.
    """
    source = _Source(content)
    try:
        yield from _values(source, wanted)
    except _TooLongError:
        yield JsonValue((), None, "value_too_long")
    except _TooDeepError:
        yield JsonValue((), None, "nested_too_deep")
    except (*_BROKEN_JSON, *BROKEN_CONTENT):
        yield JsonValue((), None, source.fault())


def json_objects(path: Path) -> Iterator[JsonLine]:
    """Give every object of a file that is JSON lines, one object, or a list of objects.

    A list may be of any length. The faults are those of `json_lines` and of `json_values`.
    """
    with open_content(path) as content:
        try:
            start = content.read(_CHUNK_BYTES).removeprefix(_BYTE_ORDER_MARK).lstrip()
        except BROKEN_CONTENT:
            start = b""
    if not start.startswith(b"["):
        yield from json_lines(path)
        return
    with open_content(path) as content:
        for found in json_values(content, frozenset({(ANY,)})):
            is_object = isinstance(found.value, dict)
            fault = found.fault or (None if is_object else "not_object")
            place = int(found.path[0]) + 1 if found.path else 1
            yield JsonLine(place, found.raw_text(), found.value if is_object else None, fault)


class _TooLongError(Exception):
    """One text or number is longer than any value may be."""


class _TooDeepError(Exception):
    """The document is nested deeper than any document may be."""


class _Source:
    """The bytes of a document as ijson asks for them, mended, and how many went by."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self._held = b""
        self._first = b""
        self.read_bytes = 0
        self.token_starts_at = 0

    def read(self, size: int) -> bytes:
        # ijson reads nothing at first, to see whether it gets bytes.
        if not size:
            return b""
        if self.read_bytes - self.token_starts_at > LONGEST_VALUE_BYTES:
            raise _TooLongError
        chunk = self._content.read(_CHUNK_BYTES)
        if not self.read_bytes:
            chunk = chunk.removeprefix(_BYTE_ORDER_MARK)
            self._first = chunk[:1]
        self.read_bytes += len(chunk)
        text = self._held + chunk
        self._held = b""
        if chunk and b"\\" in text[-3:]:
            broken_off = _BROKEN_OFF_ESCAPE.search(text)
            if broken_off:
                self._held = broken_off[1]
                text = text[: broken_off.start(1)]
        if b"\\x" in text:
            text = _ESCAPE.sub(_mended, text)
        # An empty answer would mean the end.
        return text if text or not chunk else self.read(size)

    def fault(self) -> str:
        """The word for a document that could not be read to its end."""
        if not self._first:
            return "empty_file"
        return "broken_file" if self._first in b"{[ \t\r\n" else "not_json"


def _values(source: _Source, wanted: frozenset[JsonPath]) -> Iterator[JsonValue]:
    lengths = {len(path) for path in wanted}
    here: list[str | int] = []
    # Numbers as C has them: ijson crashes on one of more digits than Python takes.
    events = ijson.basic_parse(source, buf_size=_CHUNK_BYTES, use_float=True)
    for event, value in events:
        source.token_starts_at = source.read_bytes
        if event == "map_key":
            here[-1] = value
            continue
        if event in _ENDS:
            here.pop()
            continue
        if here and isinstance(here[-1], int):
            here[-1] += 1
        if len(here) in lengths and _shape(here) in wanted:
            built, fault = _build(source, events, event, value)
            yield JsonValue(tuple(here), built, fault)
        elif event in _STARTS:
            if len(here) >= _DEEPEST_DOCUMENT:
                raise _TooDeepError
            here.append("" if event == "start_map" else -1)


def _build(
    source: _Source, events: Iterator[tuple[str, Any]], event: str, value: Any
) -> tuple[Any, str | None]:
    """Put together the value that begins with this event, and read on to its end."""
    if event not in _STARTS:
        return value, None
    starts_at = source.read_bytes
    built: Any = {} if event == "start_map" else []
    container, key = built, ""
    enclosing: list[tuple[Any, str]] = []
    for event, value in events:
        source.token_starts_at = source.read_bytes
        if source.read_bytes - starts_at > LONGEST_VALUE_BYTES:
            return None, _pass_over(source, events, event, len(enclosing) + 1, "value_too_long")
        if event == "map_key":
            key = value
            continue
        if event in _ENDS:
            if not enclosing:
                return built, None
            container, key = enclosing.pop()
            continue
        if event in _STARTS:
            if len(enclosing) >= _DEEPEST_VALUE:
                return None, _pass_over(
                    source, events, event, len(enclosing) + 1, "nested_too_deep"
                )
            value = {} if event == "start_map" else []
        if isinstance(container, dict):
            container[key] = value
        else:
            container.append(value)
        if event in _STARTS:
            enclosing.append((container, key))
            container = value
    raise ijson.IncompleteJSONError


def _pass_over(
    source: _Source, events: Iterator[tuple[str, Any]], event: str, depth: int, fault: str
) -> str:
    """Read to the end of the value that is `depth` containers deep before this event."""
    depth += (event in _STARTS) - (event in _ENDS)
    while depth:
        event, _ = next(events)
        source.token_starts_at = source.read_bytes
        depth += (event in _STARTS) - (event in _ENDS)
    return fault


def _shape(here: list[str | int]) -> JsonPath:
    return tuple(ANY if isinstance(part, int) else part for part in here)


def _mended(escape: re.Match[bytes]) -> bytes:
    return b"\\u00" + escape[1] if escape[1] else escape[0]
