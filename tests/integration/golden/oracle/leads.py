"""Leads: their states and mergers, the session of each, and what became of them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.integration.golden.oracle.business import Business, seed
from tests.integration.golden.oracle.records import SKEW_SECONDS, Message, Records, Row
from tests.integration.golden.oracle.sessions import Session

_PAYMENT_WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class Lead:
    """One lead, merged ones counted as one; `session` is where it came from."""

    lead_id: str
    created_at: datetime
    state: Row
    session_id: str | None
    merged: frozenset[str]

    @property
    def is_deleted(self) -> bool:
        """Whether it is in the reconciliation alone."""
        return bool(self.state.get("is_deleted"))


@dataclass(frozen=True)
class Match:
    """Where a lead came from, by which step, or why nothing was found."""

    session: Session | None
    method: str | None
    reason: str | None


@dataclass(frozen=True)
class Owned:
    """Deals and bookings of one lead."""

    deals: list[Row]
    bookings: list[Row]


def merged_leads(records: Records) -> list[Lead]:
    """Every lead that others were not merged away from."""
    groups: dict[str, list[str]] = {}
    for lead_id in records.leads:
        groups.setdefault(_survivor(lead_id, records.leads), []).append(lead_id)
    leads = []
    for survivor, members in sorted(groups.items()):
        state = records.leads[survivor]
        members.sort(key=lambda one: (records.leads[one]["created_at"], one))
        named = (records.leads[one].get("session_id") for one in members)
        leads.append(
            Lead(
                lead_id=survivor,
                created_at=records.leads[members[0]]["created_at"],
                state=state,
                session_id=state.get("session_id") or next(filter(None, named), None),
                merged=frozenset(members),
            )
        )
    return leads


def match(lead: Lead, sessions: Sequence[Session], business: Business) -> Match:
    """Climb the ladder down to the first step that finds a session."""
    reason = "no_identity"
    if lead.session_id:
        reason = "session_not_found"
        for session in sessions:
            if session.platform_id == lead.session_id:
                if lead.created_at >= session.started_at - timedelta(seconds=SKEW_SECONDS):
                    return Match(session, "session_id", None)
                reason = "created_before_session"
    for method, is_one_of_theirs in _steps(lead.state):
        people = {one.person for one in sessions if any(map(is_one_of_theirs, one.messages))}
        begun = [
            one
            for one in sessions
            if one.person in people and _is_in_window(lead.created_at, one, business)
        ]
        found = {one.person for one in begun}
        if len({channel for channel, _ in found}) < len(found):
            return Match(None, None, f"ambiguous_{method}")
        if begun:
            return Match(max(begun, key=lambda one: one.messages[0].order), method, None)
        if reason == "no_identity":
            reason = "no_session_in_window"
    return Match(None, None, reason)


def lead_columns(
    lead: Lead,
    found: Match,
    owned: Owned,
    records: Records,
    business: Business,
    as_of: datetime,
) -> dict[str, Any]:
    """The main columns of fct_leads."""
    paid = [deal for deal in owned.deals if deal.get("paid_at") and deal["paid_at"] <= as_of]
    visits = owned.bookings
    past = [row for row in visits if row["starts_at"] <= as_of]
    visit = max(visits, key=lambda row: row["starts_at"]) if visits else None
    confidences = {row["match_method"]: float(row["confidence"]) for row in seed("match_methods")}
    copied = ("status", "status_semantic", "amount", "utm_source", "utm_medium", "utm_campaign")
    return {
        "created_at": lead.created_at,
        "modified_at": lead.state["modified_at"],
        **{name: lead.state.get(name) for name in copied},
        **{name: lead.state.get(name) for name in ("currency", "channel")},
        "match_method": found.method,
        "match_confidence": confidences[found.method] if found.method else None,
        "unmatched_reason": found.reason,
        "qualified_at": _qualified_at(lead, owned, records),
        "booked_at": min((row["created_at"] for row in visits), default=None),
        "visit_status": visit["status"] if visit else None,
        "paid_at": min((deal["paid_at"] for deal in paid), default=None),
        "paid_amount": _paid(paid),
        "revenue_amount": _revenue(lead, paid, business),
        "is_revenue_mature": as_of >= lead.created_at + _PAYMENT_WINDOW,
        "arrived_bookings": sum(row["status"] == "arrived" for row in past),
        "no_show_bookings": sum(row["status"] == "no_show" for row in past),
        "cancelled_bookings": sum(row["status"] == "cancelled" for row in past),
        "arrived_at": min((r["starts_at"] for r in past if r["status"] == "arrived"), default=None),
        "is_deleted": lead.is_deleted,
    }


def owned_by(leads: Sequence[Lead], records: Records) -> dict[str, Owned]:
    """Deals and bookings by lead: by its id, by its deal, or by the contact alone."""
    owned = {lead.lead_id: Owned([], []) for lead in leads}
    holder_of_deal: dict[str, str] = {}
    for deal in records.deals.values():
        holder = _holder(deal, leads)
        if holder and not deal.get("is_deleted"):
            owned[holder].deals.append(deal)
            holder_of_deal[deal["deal_id"]] = holder
    for booking in records.bookings.values():
        by_deal = holder_of_deal.get(booking.get("deal_id", ""))
        holder = _holder(booking, leads) or by_deal
        if holder:
            owned[holder].bookings.append(booking)
    return owned


def _qualified_at(lead: Lead, owned: Owned, records: Records) -> datetime | None:
    """Its first deal, or the first time that it was won."""
    moments = [deal["created_at"] for deal in owned.deals if deal["created_at"] > lead.created_at]
    moments += [
        row["entered_at"]
        for row in records.stages
        if row["entity"] == "lead"
        and row["entity_id"] in lead.merged
        and row.get("stage_semantic") == "won"
    ]
    moments += [
        version["modified_at"]
        for version in records.lead_versions
        if version["lead_id"] in lead.merged and version.get("status_semantic") == "won"
    ]
    return min(moments, default=None)


def paid_amount(owned: Owned, as_of: datetime) -> float | None:
    """What was paid at all; None where nothing was."""
    return _paid([row for row in owned.deals if row.get("paid_at") and row["paid_at"] <= as_of])


def _paid(deals: Sequence[Row]) -> float | None:
    return sum(deal["paid_amount"] for deal in deals) if deals else None


def _revenue(lead: Lead, paid: Sequence[Row], business: Business) -> float | None:
    """What was paid within ninety days; unknown in a foreign currency and for a deleted lead."""
    soon = [deal for deal in paid if deal["paid_at"] <= lead.created_at + _PAYMENT_WINDOW]
    if lead.is_deleted or any(
        deal.get("currency", business.currency) != business.currency for deal in soon
    ):
        return None
    return _paid(soon) or 0


def _holder(record: Row, leads: Sequence[Lead]) -> str | None:
    """The lead that a deal or a booking names, or the contact's last one by then."""
    if record.get("lead_id"):
        return next((one.lead_id for one in leads if record["lead_id"] in one.merged), None)
    if record.get("deal_id") and "starts_at" in record:
        return None
    contact = record.get("contact_id")
    begun = [
        one
        for one in leads
        if contact
        and one.state.get("contact_id") == contact
        and not one.is_deleted
        and one.created_at <= record["created_at"]
    ]
    return max(begun, key=lambda one: (one.created_at, one.lead_id)).lead_id if begun else None


def steps_of(columns: Mapping[str, Any]) -> list[str]:
    """The steps of the funnel that a lead took."""
    steps = {
        "lead": True,
        "qualified": columns["qualified_at"],
        "booked": columns["booked_at"],
        "arrived": columns["arrived_bookings"],
        "paid": columns["paid_at"]
        and columns["paid_at"] <= columns["created_at"] + _PAYMENT_WINDOW,
    }
    return [step for step, took in steps.items() if took]


def bears_person(lead: Lead, session: Session, records: Records) -> bool:
    """Whether the lead itself bears the phone, the e-mail or the number of a session's person."""
    steps = dict(_steps(lead.state))
    said = [one for one in records.messages if (one.channel, one.user_id) == session.person]
    return any(
        is_one_of_theirs(message)
        for method, is_one_of_theirs in steps.items()
        if method != "chat_reference"
        for message in said
    )


def booked_sessions(records: Records) -> set[str]:
    """Platform ids of the sessions that a booking names."""
    return {row["session_id"] for row in records.bookings.values() if row.get("session_id")}


def e164(phone: str) -> str:
    """A phone as +digits; a Russian 8 in front is +7."""
    digits = re.sub(r"\D", "", phone)
    return f"+7{digits[1:]}" if len(digits) == 11 and digits[0] == "8" else f"+{digits}"


def _survivor(lead_id: str, leads: Mapping[str, Row]) -> str:
    seen = [lead_id]
    while (following := str(leads[seen[-1]].get("merged_into"))) in leads:
        if following in seen:
            return lead_id
        seen.append(following)
    return seen[-1]


def _steps(state: Row) -> Iterable[tuple[str, Callable[[Message], bool]]]:
    if state.get("chat_reference"):
        *_, chat, user = state["chat_reference"].split("|")
        yield "chat_reference", lambda m: chat == m.chat_id or user == m.user_id
    if state.get("user_id"):
        channel = state.get("channel")
        yield (
            "user_id",
            lambda m: m.user_id == state["user_id"] and channel in (None, m.channel),
        )
    if state.get("phone"):
        phone = e164(state["phone"])
        yield "phone", lambda m: bool(m.also.get("phone")) and e164(m.also["phone"]) == phone
    if state.get("email"):
        email = state["email"].lower()
        yield "email", lambda m: (m.also.get("email") or "").lower() == email


def _is_in_window(created_at: datetime, session: Session, business: Business) -> bool:
    return session.placed_at <= created_at <= session.ended_at + business.window
