"""The whole warehouse of one business, as the contract would have it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.integration.golden.oracle.business import Business
from tests.integration.golden.oracle.intents import intent_columns, judge, settled_labels
from tests.integration.golden.oracle.leads import (
    Lead,
    Match,
    Owned,
    bears_person,
    booked_sessions,
    lead_columns,
    match,
    merged_leads,
    owned_by,
    paid_amount,
    steps_of,
)
from tests.integration.golden.oracle.losses import loss_reason, told_reason
from tests.integration.golden.oracle.outcomes import is_resolved, outcome, return_columns
from tests.integration.golden.oracle.ratings import rating_columns
from tests.integration.golden.oracle.records import Records, Row, read_records
from tests.integration.golden.oracle.response import response_columns
from tests.integration.golden.oracle.sessions import Session, part_into_sessions
from tests.integration.golden.oracle.turns import turns_of

Columns = dict[str, Any]


@dataclass(frozen=True)
class Computed:
    """What the oracle says of one business: sessions and their columns in step, leads by id."""

    business: Business
    as_of: datetime
    sessions: Sequence[Session]
    columns: Sequence[Columns]
    turns: Sequence[Sequence[Columns]]
    leads: Mapping[str, Columns]
    matches: Mapping[str, Match]


def compute(
    rows: Mapping[str, Sequence[Row]], business: Business, as_of: datetime
) -> Computed:  # fmt: skip
    """Compute everything from the rows of the streams."""
    records = read_records(rows, as_of)
    sessions = part_into_sessions(records, business, as_of)
    leads = merged_leads(records)
    owned = owned_by(leads, records)
    matches = {lead.lead_id: match(lead, sessions, business) for lead in leads}
    session_of_lead = {
        member: matches[lead.lead_id].session for lead in leads for member in lead.merged
    }
    ratings = rating_columns(records, sessions, session_of_lead)
    labels = settled_labels(records)
    judged = [judge(session, labels) for session in sessions]
    elsewhere = _converted_elsewhere(sessions, leads, matches, records)
    booked = booked_sessions(records)
    lead_rows = {
        lead.lead_id: lead_columns(
            lead, matches[lead.lead_id], owned[lead.lead_id], records, business, as_of
        )
        for lead in leads
    }
    leads_steps = {lead_id: steps_of(row) for lead_id, row in lead_rows.items()}
    columns = []
    for number, session in enumerate(sessions):
        own = [
            lead
            for lead in leads
            if matches[lead.lead_id].session is session and not lead.is_deleted
        ]
        ended = outcome(session, bool(own) or session.platform_id in booked, ratings[number])
        row = session.columns() | response_columns(session) | ratings[number]
        row |= intent_columns(judged[number]) | return_columns(session, sessions)
        row |= _lead_sums(own, matches, owned, as_of)
        row["outcome"] = ended
        row["person"] = session.person
        row["steps"] = ["session", *(step for lead in own for step in leads_steps[lead.lead_id])]
        row["has_hours"] = business.hours is not None
        row["is_week_old"] = as_of >= session.ended_at + timedelta(hours=168)
        row["is_resolved"] = is_resolved(session, ended, row["returned_within_72h"])
        row["loss_reason_by_rule"] = loss_reason(
            session, ended, len(own), row["no_match_messages"], elsewhere
        )
        told = told_reason(session) if row["loss_reason_by_rule"] else None
        row["loss_reason"] = told or row["loss_reason_by_rule"]
        row["is_loss_labelled"] = bool(told) if row["loss_reason_by_rule"] else None
        columns.append(row)
    return Computed(
        business=business,
        as_of=as_of,
        sessions=sessions,
        columns=columns,
        turns=[turns_of(*pair) for pair in zip(sessions, judged, strict=True)],
        leads=lead_rows,
        matches=matches,
    )


def _lead_sums(
    own: Sequence[Lead],
    matches: Mapping[str, Match],
    owned: Mapping[str, Owned],
    as_of: datetime,
) -> Columns:
    amounts = [lead.state["amount"] for lead in own if lead.state.get("amount") is not None]
    paid = [paid_amount(owned[lead.lead_id], as_of) for lead in own]
    known = [amount for amount in paid if amount is not None]
    first = min(own, key=lambda lead: (lead.created_at, lead.lead_id), default=None)
    return {
        "leads": len(own),
        "is_converted": bool(own),
        "match_method": matches[first.lead_id].method if first else None,
        "lead_amount": sum(amounts) if amounts else None,
        "paid_amount": sum(known) if known else None,
    }


def _converted_elsewhere(
    sessions: Sequence[Session],
    leads: Sequence[Lead],
    matches: Mapping[str, Match],
    records: Records,
) -> set[int]:
    """Sessions whose person became a lead on another channel within the session's window."""
    found = set()
    for lead in leads:
        where = matches[lead.lead_id].session
        channel = where.channel if where else lead.state.get("channel")
        is_anybodys = (matches[lead.lead_id].reason or "").startswith("ambiguous")
        if channel is None or lead.is_deleted or is_anybodys:
            continue
        found |= {
            id(session)
            for session in sessions
            if session.channel != channel
            and session.placed_at <= lead.created_at <= session.ended_at + session.business.window
            and bears_person(lead, session, records)
        }
    return found
