"""What the steps of a refresh tell of themselves, whoever asks: the command or Dagster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Check:
    """One thing of a table that was looked at: how much is wrong, and a warning if anything is.

    `preview` is Markdown.
    """

    name: str
    table: str
    count: int
    warning: str | None
    preview: str = ""


@dataclass(frozen=True)
class StepReport:
    """What a step did: rows by table, what was checked, and whatever else is worth telling.

    `details` and `preview` (Markdown) are of the step's first table; `remarks` are lines for the
    person who watches.
    """

    rows: Mapping[str, int]
    checks: Sequence[Check] = ()
    details: Mapping[str, int | str] = field(default_factory=dict)
    preview: str = ""
    remarks: Sequence[str] = ()


def some_of(names: Sequence[str], most: int) -> str:
    """Return the first of the names and how many others there are: `a, b and 3 more`."""
    rest = len(names) - most
    more = f" and {rest:,} more" if rest > 0 else ""
    return f"{', '.join(names[:most])}{more}"
