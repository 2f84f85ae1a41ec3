"""Fingerprints of content: the same rows in any order give the same one."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Content:
    """How many rows a mart has for one business, and the sum of their hashes."""

    rows: int
    row_hashes: int


def read_contents(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Iterable[str],
    has_business: bool,
) -> dict[str | None, Content]:
    """Read a table once and return its content per business, or under None where it has none."""
    business = "business_id" if has_business else "null"
    row = ", ".join(f'"{column}"' for column in columns)
    rows = connection.execute(
        f"select {business}, count(*), coalesce(sum(hash({row})), 0) "  # noqa: S608
        f"from {table} group by all"
    ).fetchall()
    return {name: Content(count, int(hashes)) for name, count, hashes in rows}


def fingerprint(parts: Mapping[str, object]) -> str:
    """Return the hash of anything that JSON can say, whatever the order of its keys."""
    text = json.dumps(parts, sort_keys=True, default=vars)
    return hashlib.sha256(text.encode()).hexdigest()
