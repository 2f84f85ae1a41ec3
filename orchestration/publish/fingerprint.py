"""Fingerprints of content: the same rows in any order give the same one."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import duckdb

# Stands for the business of a mart whose rows are shared by all businesses.
SHARED = ""
# The one part of a mart that is not kept by year.
WHOLE = ""
# The part of the rows that have no time.
UNDATED = "undated"


@dataclass(frozen=True)
class Part:
    """How many rows there are, and the sum of their hashes."""

    rows: int = 0
    row_hashes: int = 0

    @property
    def is_possible(self) -> bool:
        """Whether a table can have it: there are never less than no rows, and none have no hash."""
        return self.rows > 0 or self == Part()


@dataclass(frozen=True)
class Content:
    """What a mart has for one business: its parts by name, those of a fact by year."""

    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all parts."""
        return sum(part.rows for part in self.parts.values())

    def replaced(self, old: "Content", new: "Content") -> "Content":
        """Return what there is when the rows of `old` have gone and those of `new` have come."""
        parts = {
            name: Part(
                *(
                    getattr(self._part(name), amount)
                    - getattr(old._part(name), amount)
                    + getattr(new._part(name), amount)
                    for amount in ("rows", "row_hashes")
                )
            )
            for name in self.parts | old.parts | new.parts
        }
        return Content({name: part for name, part in parts.items() if part != Part()})

    def _part(self, name: str) -> Part:
        return self.parts.get(name, Part())


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
    part: str = f"'{WHOLE}'",
) -> dict[str, Content]:
    """Read a table or subquery once and return its content per business, or under SHARED.

    `part` is the SQL of the name of a row's part.
    """
    business = f"coalesce(business_id, '{SHARED}')" if has_business else f"'{SHARED}'"
    found = connection.execute(
        f"select {business}, {part}, count(*), sum({row_hash(columns)}) "  # noqa: S608
        f"from {rows} group by all order by all"
    ).fetchall()
    contents: dict[str, Content] = {}
    for name, part_name, count, hashes in found:
        contents.setdefault(name, Content()).parts[part_name] = Part(count, int(hashes))
    return contents


def fingerprint(parts: Mapping[str, object]) -> str:
    """Return the hash of anything that JSON can say, whatever the order of its keys."""
    text = json.dumps(parts, sort_keys=True, default=vars)
    return hashlib.sha256(text.encode()).hexdigest()
