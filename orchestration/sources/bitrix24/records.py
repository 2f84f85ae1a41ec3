"""One record as it was given, and what is told of when it changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from orchestration.sources.bitrix24.fields import Values
from orchestration.streams import Stream

Rows = Iterator[tuple[Stream, dict[str, object]]]


@dataclass(frozen=True)
class Given:
    """One record of a portal, what is known beside it, and when it was last seen to change."""

    record: Mapping[str, Any]
    known: Mapping[str, Any] = field(default_factory=dict)
    changed_at: str | None = None
    is_gone: bool = False

    def values(self) -> Values:
        """The record's values."""
        texts = self.known.get("items")
        return Values(self.record, texts if isinstance(texts, dict) else None)


def times(given: Given, values: Values) -> dict[str, object]:
    """Columns created_at and modified_at of a lead or a deal."""
    created_at = values.text("datecreate", "createdtime")
    modified_at = values.text("datemodify", "updatedtime") or created_at
    if given.changed_at and modified_at:
        modified_at = max(modified_at, given.changed_at, key=_moment)
    return {"created_at": created_at, "modified_at": modified_at}


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        # The loader rejects it; it must only not be hidden behind the other one.
        return datetime.max.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
