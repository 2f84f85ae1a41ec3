"""What a check found: a state, and words that `words.py` has in every language."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from orchestration.config import Settings


class State(StrEnum):
    """How it stands; only WRONG fails the command."""

    GOOD = "good"
    WARNING = "warning"
    WRONG = "wrong"
    ABSENT = "absent"


@dataclass(frozen=True)
class Finding:
    """One line for a person: `area` is a key of AREAS, `says` one of SAYINGS with its `values`."""

    area: str
    state: State
    says: str
    values: Mapping[str, object] = field(default_factory=dict)


Examination = Callable[[Settings], Iterator[Finding]]


def good(area: str, says: str, **values: object) -> Finding:
    """What is as it should be."""
    return Finding(area, State.GOOD, says, values)


def warning(area: str, says: str, **values: object) -> Finding:
    """What works and is probably not meant so."""
    return Finding(area, State.WARNING, says, values)


def wrong(area: str, says: str, **values: object) -> Finding:
    """What a refresh would stumble over."""
    return Finding(area, State.WRONG, says, values)


def absent(area: str, says: str, **values: object) -> Finding:
    """What nobody asked for, and what it would need."""
    return Finding(area, State.ABSENT, says, values)


def listed(names: Iterator[str] | list[str] | tuple[str, ...], most: int = 5) -> str:
    """Return the first names, and how many more there are."""
    found = list(names)
    more = f" … +{len(found) - most}" if len(found) > most else ""
    return ", ".join(found[:most]) + more
