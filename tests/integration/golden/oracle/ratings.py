"""What customers said of it: the last answer of each survey of a session, on its own scale."""

from collections.abc import Mapping, Sequence

from tests.integration.golden.oracle.records import Records, Row
from tests.integration.golden.oracle.sessions import Session

_SCALES = {"csat": (1, 5), "nps": (0, 10)}


def rating_columns(
    records: Records,
    sessions: Sequence[Session],
    session_of_lead: Mapping[str, Session | None],
) -> dict[int, dict[str, float | None]]:
    """The answers of every session, by the place of the session in the list."""
    columns: dict[int, dict[str, float | None]] = {
        number: {"csat_chat": None, "csat_visit": None, "nps_score": None}
        for number in range(len(sessions))
    }
    for row in sorted(records.ratings, key=lambda row: row["rated_at"]):
        session = _rated(row, sessions, session_of_lead)
        lowest, highest = _SCALES[row["metric"]]
        if session is None or row["scale_max"] != highest or row["score"] < lowest:
            continue
        name = "nps_score" if row["metric"] == "nps" else f"csat_{row['survey']}"
        columns[sessions.index(session)][name] = row["score"]
    return columns


def _rated(
    row: Row, sessions: Sequence[Session], session_of_lead: Mapping[str, Session | None]
) -> Session | None:
    if row.get("session_id"):
        return next((one for one in sessions if one.platform_id == row["session_id"]), None)
    if row.get("lead_id"):
        return session_of_lead.get(row["lead_id"])
    begun = [
        one
        for one in sessions
        if one.messages[0].user_id == row["user_id"] and one.started_at <= row["rated_at"]
    ]
    return begun[-1] if begun else None
