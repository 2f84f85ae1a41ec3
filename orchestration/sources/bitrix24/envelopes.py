"""One fetched record as one line of a landing file, and what can be told from its beginning.

A line is a JSON object: `_id`, `_hash` (of `payload` and `known`) and `_gone` first, so that which
records lie there is found out without parsing them; then where and when it was fetched; `payload`,
what the portal sent; and `known`, what the portal says elsewhere of codes in it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

SCHEMA = 1

_HEAD = re.compile(rb'\{"_id":"(\d+)","_hash":"([0-9a-f]{16})","_gone":(true|false),')


class Head(NamedTuple):
    """What a line begins with: the record's id, its content's hash, whether it is gone."""

    id: int
    hash: int
    is_gone: bool


def write_envelope(
    entity: str,
    record_id: int,
    payload: Mapping[str, Any],
    known: Mapping[str, Any],
    origin: Mapping[str, Any],
    *,
    is_gone: bool = False,
) -> tuple[Head, bytes]:
    """Give the line of a record and its beginning; `origin` says whence and when it came."""
    content = f'"payload":{_json(payload)},"known":{_json(known)}'
    # A letter that is half of a pair, as broken software sends it, cannot be written.
    content_bytes = content.encode("utf-8", "replace")
    digest = hashlib.blake2b(content_bytes, digest_size=8).hexdigest()
    told = {"_src": "bitrix24", "_entity": entity, "_schema": SCHEMA, **origin}
    start = (
        f'{{"_id":"{record_id}","_hash":"{digest}","_gone":{_json(is_gone)},{_json(told)[1:-1]},'
    )
    return Head(record_id, int(digest, 16), is_gone), start.encode() + content_bytes + b"}\n"


def read_head(line: bytes) -> Head | None:
    """Read the beginning of a line; None where it is no envelope."""
    match = _HEAD.match(line)
    if match is None:
        return None
    return Head(int(match[1]), int(match[2], 16), match[3] == b"true")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
