"""Records that the portal does not show any more."""

import json
from typing import Any

from orchestration.errors import ActionableError
from orchestration.sources.bitrix24.journal import Journal
from orchestration.sources.bitrix24.paging import Row

# A share, in percent, of which more cannot have been deleted by hand since yesterday …
_MOST_GONE_PERCENT = 5
# … where it is more than a few.
_FEW = 5


def refuse_exodus(name: str, kind: str, gone: int, living: int) -> None:
    """Raise ActionableError where so many of the living are gone that rights must be the reason."""
    if gone <= _FEW or gone * 100 <= living * _MOST_GONE_PERCENT:
        return
    raise ActionableError(
        f"In the Bitrix24 portal of {name} {gone:,} of {living:,} {kind} are not to be seen any "
        "more, which looks as if the webhook's user had lost the right to see them: give it back "
        f"and run again. If they were really deleted, remove the folder {kind} from the landing "
        "zone's bitrix24 and run again."
    )


def last_versions(journal: Journal, ids: set[int]) -> list[tuple[int, Row, dict[str, Any]]]:
    """Id, payload and what was known of records as they lie there, by id."""
    if not ids:
        return []
    last = {head.id: line for head, line in journal.lines() if head.id in ids}
    envelopes = {record_id: json.loads(line) for record_id, line in sorted(last.items())}
    return [(record_id, it["payload"], it["known"]) for record_id, it in envelopes.items()]
