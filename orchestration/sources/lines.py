"""The physical lines of any text file, packed or not, in bounded memory, nothing lost."""

import codecs
import gzip
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

LONGEST_LINE_BYTES = 4 << 20
# What reading a damaged gzip or zip file raises.
BROKEN_CONTENT = (EOFError, OSError, zlib.error, zipfile.BadZipFile)

_GZIP_MAGIC = b"\x1f\x8b"
_KEPT_OF_TOO_LONG_BYTES = 10_000
_DEEPEST_VALUE = 100


@dataclass(frozen=True)
class Line:
    """One physical line with its end; `fault` is a stable word if it could not be read whole."""

    content: bytes
    fault: str | None = None


@dataclass(frozen=True)
class JsonLine:
    """One line that holds a JSON object, or the `fault`, a stable word, why it does not.

    `number` counts physical lines from 1; `raw_text` is the line without its end.
    """

    number: int
    raw_text: str
    value: dict[str, Any] | None
    fault: str | None = None


def is_gzip(path: Path) -> bool:
    """Whether the bytes of `path` are gzip's, whatever the name says."""
    with path.open("rb") as content:
        return content.read(2) == _GZIP_MAGIC


@contextmanager
def open_content(path: Path) -> Iterator[IO[bytes]]:
    """Yield the bytes of `path`, unpacked if they are gzip's."""
    with path.open("rb") as packed:
        if is_gzip(path):
            with gzip.GzipFile(fileobj=packed) as content:
                yield cast(IO[bytes], content)
        else:
            yield packed


def physical_lines(content: IO[bytes]) -> Iterator[Line]:
    """Give lines with their ends, the byte order mark apart.

    Of a line that is too long only the beginning is kept; where the content breaks off, a last
    line with the fault `broken_file` stands for what is lost.
    """
    try:
        line = content.readline(LONGEST_LINE_BYTES).removeprefix(codecs.BOM_UTF8)
        while line:
            if len(line) < LONGEST_LINE_BYTES or line.endswith(b"\n"):
                yield Line(line)
            else:
                kept = line[:_KEPT_OF_TOO_LONG_BYTES]
                while line and not line.endswith(b"\n"):
                    line = content.readline(LONGEST_LINE_BYTES)
                yield Line(kept, "line_too_long")
            line = content.readline(LONGEST_LINE_BYTES)
    except BROKEN_CONTENT:
        yield Line(b"", "broken_file")


def json_lines(path: Path) -> Iterator[JsonLine]:
    """Give every line of a JSON lines file that is not blank.

    A file of one object over many lines is one line, if it is no longer than a line may be. Faults
    are `not_utf8`, `not_json` (also what is nested too
    deep), `not_object`, `line_too_long` and `broken_file`.
    """
    whole = _whole_object(path)
    if whole is not None:
        yield whole
        return
    with open_content(path) as content:
        for number, line in enumerate(physical_lines(content), start=1):
            body = line.content.rstrip(b"\r\n")
            raw_text = body.decode("utf-8", "backslashreplace")
            if line.fault:
                yield JsonLine(number, raw_text, None, line.fault)
            elif body.strip():
                yield _json_line(number, body, raw_text)


def parse_json(text: str) -> Any:
    """Parse JSON as its standard has it: raises ValueError, also for NaN and for depth."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if text.count("{") + text.count("[") > _DEEPEST_VALUE:
        _refuse_depth(value)
    return value


def as_json(value: object) -> str:
    """Write a part of what was parsed, as the raw text of a record."""
    return json.dumps(value, ensure_ascii=False)


def _whole_object(path: Path) -> JsonLine | None:
    try:
        with open_content(path) as content:
            text = content.read(LONGEST_LINE_BYTES + 1)
        if len(text) > LONGEST_LINE_BYTES:
            return None
        value = parse_json(text.decode("utf-8-sig"))
    except (ValueError, *BROKEN_CONTENT):
        return None
    return JsonLine(1, as_json(value), value) if isinstance(value, dict) else None


def _json_line(number: int, body: bytes, raw_text: str) -> JsonLine:
    try:
        value = parse_json(body.decode())
    except UnicodeDecodeError:
        return JsonLine(number, raw_text, None, "not_utf8")
    except ValueError:
        return JsonLine(number, raw_text, None, "not_json")
    if not isinstance(value, dict):
        return JsonLine(number, raw_text, None, "not_object")
    return JsonLine(number, raw_text, value)


def _refuse_depth(value: Any) -> None:
    # What is parsed has to be written again, which Python does by recursion.
    level = [value]
    for _ in range(_DEEPEST_VALUE):
        level = [
            part
            for container in level
            if isinstance(container, dict | list)
            for part in (container.values() if isinstance(container, dict) else container)
        ]
    if level:
        raise ValueError("nested too deep")


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
