"""What the oracle says of every business, and which session belongs to which scenario."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from orchestration.streams import STREAMS
from tests.integration.golden.oracle.business import read_business
from tests.integration.golden.oracle.sessions import Session
from tests.integration.golden.oracle.warehouse import Columns, Computed, compute
from tests.integration.golden.told import AS_OF, BUSINESSES, all_told, rows_of, settings

# Where a session is found in the warehouse: no two begin at once on a channel.
Key = tuple[str, str, datetime]


@cache
def computed() -> Mapping[str, Computed]:
    """Everything, by business."""
    return {
        business: compute(
            {stream: rows_of(business, stream) for stream in STREAMS},
            read_business(business, settings(business)),
            AS_OF,
        )
        for business in BUSINESSES
    }


@cache
def scenario_names() -> Mapping[Key, str]:
    """The scenario of each session."""
    tellers = {
        (told.scenario.business, row["channel"], row["sent_at"]): told.scenario.name
        for told in all_told()
        for row in told.rows.get("messages", ())
    }
    return {key: tellers[key] for key in sessions()}


@cache
def sessions() -> Mapping[Key, tuple[Session, Columns]]:
    """Every session with its columns."""
    found = {
        (business, session.channel, session.started_at): (session, columns)
        for business, one in computed().items()
        for session, columns in zip(one.sessions, one.columns, strict=True)
    }
    assert len(found) == sum(len(one.sessions) for one in computed().values())
    return found
