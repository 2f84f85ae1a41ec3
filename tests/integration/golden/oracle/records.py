"""The rows of the streams as objects: repeated deliveries, versions and the future are settled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]

_RANKS = {"customer": 0, "bot": 1, "operator": 2, "system": 3}
_SENDERS = {
    "client": "customer",
    "user": "customer",
    "assistant": "bot",
    "agent": "operator",
    "manager": "operator",
    "human": "operator",
}
SKEW_SECONDS = 2


@dataclass(frozen=True)
class Message:
    """One thing said; `also` are the other columns of the stream."""

    message_id: str
    channel: str
    user_id: str
    session_id: str | None
    chat_id: str | None
    sent_at: datetime
    sequence: int | None
    sender: str
    kind: str
    body: str
    is_ack: bool
    is_broadcast: bool
    also: Row = field(repr=False)

    @property
    def order(self) -> tuple[datetime, int, int, str]:
        """Its place in the session."""
        number = -1 if self.sequence is None else self.sequence
        return (self.sent_at, number, _RANKS[self.sender], self.message_id)

    @property
    def is_customers(self) -> bool:
        """Whether the customer said it."""
        return self.sender == "customer"

    @property
    def is_note(self) -> bool:
        """Whether nobody said it: a receipt, a typing mark, a note of the system."""
        return self.sender == "system" or self.kind == "service"

    @property
    def is_answer(self) -> bool:
        """Whether it answers somebody: no receipt, no broadcast."""
        return not (self.is_customers or self.is_ack or self.is_broadcast)

    def is_after(self, other: "Message") -> bool:
        """Whether it comes after the other, by the clock or by the platform's numbers."""
        if self.order > other.order:
            return True
        if self.sequence is None or other.sequence is None:
            return False
        return self.sequence > other.sequence


@dataclass(frozen=True)
class Records:
    """All rows of one business that are known at the as-of time.

    `messages` are those of the customer, the bot and operators; `notes` what nobody said.
    """

    messages: Sequence[Message]
    notes: Sequence[Message]
    events: Sequence[Row]
    ratings: Sequence[Row]
    labels: Sequence[Row]
    leads: Mapping[str, Row]
    lead_versions: Sequence[Row]
    deals: Mapping[str, Row]
    bookings: Mapping[str, Row]
    stages: Sequence[Row]


def read_records(rows: Mapping[str, Sequence[Row]], as_of: datetime) -> Records:
    """Settle the rows of a business's streams, in whatever order they came."""

    def known(stream: str, time: str) -> list[Row]:
        return [row for row in rows.get(stream, ()) if row[time] <= as_of]

    written = sorted(_messages(known("messages", "sent_at")), key=lambda one: one.order)
    return Records(
        messages=[one for one in written if not one.is_note],
        notes=[one for one in written if one.is_note],
        events=_once(known("session_events", "event_at"), "event_id"),
        ratings=_once(known("ratings", "rated_at"), "rating_id"),
        labels=known("intent_labels", "labelled_at"),
        leads=_states(known("leads", "modified_at"), "lead_id"),
        lead_versions=known("leads", "modified_at"),
        deals=_states(known("deals", "modified_at"), "deal_id"),
        bookings=_states(known("bookings", "modified_at"), "booking_id"),
        stages=known("stage_history", "entered_at"),
    )


def seconds_between(asked: Message, answer: Message) -> float | None:
    """Seconds from a message to its answer: small skew is 0, a larger one no figure."""
    seconds = (answer.sent_at - asked.sent_at).total_seconds()
    if seconds >= 0:
        return seconds
    return 0.0 if seconds >= -SKEW_SECONDS else None


def _messages(rows: Iterable[Row]) -> Iterable[Message]:
    deliveries: dict[tuple[str | None, str], list[Row]] = {}
    for row in rows:
        deliveries.setdefault((row.get("chat_id"), row["message_id"]), []).append(row)
    for same in deliveries.values():
        last = max(same, key=lambda row: row["sent_at"])
        sender: str = _SENDERS.get(last["sender"]) or last["sender"]
        kind = last.get("kind", "text")
        yield Message(
            message_id=last["message_id"],
            channel=last["channel"],
            user_id=last["user_id"],
            session_id=last.get("session_id"),
            chat_id=last.get("chat_id"),
            sent_at=min(row["sent_at"] for row in same),
            sequence=last.get("sequence"),
            sender=sender,
            kind=kind,
            body=last.get("body") or "",
            is_ack=bool(last.get("is_ack")),
            is_broadcast=bool(last.get("is_broadcast")),
            also=last,
        )


def _once(rows: Iterable[Row], key: str) -> list[Row]:
    return list({row[key]: row for row in rows}.values())


def _states(rows: Iterable[Row], key: str) -> dict[str, Row]:
    states: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row["modified_at"]):
        states[row[key]] = row
    return states
