"""Fingerprints of content: the same rows in any order give the same one."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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

    def __add__(self, other: "Part") -> "Part":
        """Return both together."""
        return Part(self.rows + other.rows, self.row_hashes + other.row_hashes)

    def __sub__(self, other: "Part") -> "Part":
        """Return what remains when the rows of `other` have gone."""
        return Part(self.rows - other.rows, self.row_hashes - other.row_hashes)

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
        nothing = Part()
        parts = {
            name: self.parts.get(name, nothing)
            - old.parts.get(name, nothing)
            + new.parts.get(name, nothing)
            for name in self.parts | old.parts | new.parts
        }
        return Content({name: part for name, part in parts.items() if part != nothing})


# Content per mart and business.
Contents = dict[str, dict[str, Content]]


def row_hash(columns: Iterable[str]) -> str:
    """Return the SQL of a row's hash, 64 bits."""
    return "hash(" + ", ".join(f'"{column}"' for column in columns) + ")"


def fingerprint(parts: Mapping[str, object]) -> str:
    """Return the hash of anything that JSON can say, whatever the order of its keys."""
    text = json.dumps(parts, sort_keys=True, default=vars)
    return hashlib.sha256(text.encode()).hexdigest()
