"""Fingerprints of content: the same rows in any order give the same one."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

# Stands for the business of a mart whose rows are shared by all businesses.
SHARED = ""


@dataclass(frozen=True)
class Content:
    """How many rows a mart has for one business, and the sum of their hashes."""

    rows: int = 0
    row_hashes: int = 0

    def __add__(self, other: "Content") -> "Content":
        """Return the content of both together."""
        return Content(self.rows + other.rows, self.row_hashes + other.row_hashes)

    def __sub__(self, other: "Content") -> "Content":
        """Return what remains when the rows of `other` have gone."""
        return Content(self.rows - other.rows, self.row_hashes - other.row_hashes)


# Content per mart and business.
Contents = dict[str, dict[str, Content]]


def row_hash(columns: Iterable[str]) -> str:
    """Return the SQL of a row's hash, 64 bits."""
    return "hash(" + ", ".join(f'"{column}"' for column in columns) + ")"


def read_contents(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    columns: Iterable[str],
    has_business: bool,
) -> dict[str, Content]:
    """Read a table or subquery once and return its content per business, or under SHARED."""
    business = f"coalesce(business_id, '{SHARED}')" if has_business else f"'{SHARED}'"
    found = connection.execute(
        f"select {business}, count(*), sum({row_hash(columns)}) "  # noqa: S608
        f"from {rows} group by all"
    ).fetchall()
    return {name: Content(count, int(hashes)) for name, count, hashes in found}


def fingerprint(parts: Mapping[str, object]) -> str:
    """Return the hash of anything that JSON can say, whatever the order of its keys."""
    text = json.dumps(parts, sort_keys=True, default=vars)
    return hashlib.sha256(text.encode()).hexdigest()
