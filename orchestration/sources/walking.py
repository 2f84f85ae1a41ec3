"""One walk through JSON documents that may be longer than memory, list elements one by one."""

from collections.abc import Iterator, Sequence
from typing import IO, Any

import ijson

from orchestration.sources.lines import BROKEN_CONTENT

_LONGEST_ITEM_BYTES = 16 << 20
# The parser scans a text again from its beginning whenever more of it arrives.
_CHUNK_BYTES = 1 << 20
_DEEPEST = 100
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def walk(content: IO[bytes], lists: Sequence[str]) -> Iterator[tuple[str, str, Any]]:
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
    except (ijson.JSONError, ValueError, OverflowError) as error:
        fault = "not_utf8" if "UTF8" in str(error) else "not_json"
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
