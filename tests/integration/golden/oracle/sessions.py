"""Which messages are one session, what kind it is and where it lies."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.integration.golden.oracle.business import Business
from tests.integration.golden.oracle.records import SKEW_SECONDS, Message, Records, Row

SETTLING = timedelta(hours=72)
_SKEW = timedelta(seconds=SKEW_SECONDS)


@dataclass
class Session:
    """One episode of conversation: its messages in order and its events."""

    business: Business
    platform_id: str | None
    messages: Sequence[Message]
    as_of: datetime
    events: list[Row] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    @property
    def channel(self) -> str:
        """Where it began."""
        return self.messages[0].channel

    @property
    def person(self) -> tuple[str, str]:
        """Whose it is."""
        return self.channel, self.messages[0].user_id

    @property
    def started_at(self) -> datetime:
        """Time of its first message."""
        return self.messages[0].sent_at

    @property
    def ended_at(self) -> datetime:
        """Time of its last message."""
        return max(message.sent_at for message in self.messages)

    @property
    def first_customer(self) -> Message | None:
        """The message at t0."""
        return next(iter(self.by("customer")), None)

    @property
    def placed_at(self) -> datetime:
        """The moment whose date, hour and daypart it has."""
        return self.first_customer.sent_at if self.first_customer else self.started_at

    @property
    def is_bot_involved(self) -> bool:
        """Whether the bot said something that is an answer."""
        return any(message.is_answer for message in self.by("bot"))

    @property
    def is_settled(self) -> bool:
        """Whether its answer and outcome are final."""
        return self.as_of >= self.ended_at + SETTLING

    @property
    def is_mature(self) -> bool:
        """Whether its conversion is final."""
        return self.is_settled and self.as_of >= self.ended_at + self.business.window

    @property
    def kind(self) -> str:
        """Its one kind."""
        users = {message.user_id for message in self.messages}
        if users & self.business.staff:
            return "staff"
        if users & self.business.testers:
            return "test"
        said = [message.body for message in self.by("customer")]
        if any(re.search(pattern, body) for pattern in self.business.spam for body in said):
            return "spam"
        first = self.messages[0].sender
        if first == "customer":
            return "inbound"
        if said:
            return "broadcast_replied"
        return "broadcast_silent" if first == "bot" else "operator_started"

    @property
    def is_qualified(self) -> bool:
        """Whether it is in the numbers."""
        return self.kind in ("inbound", "broadcast_replied") and self.first_customer is not None

    def by(self, sender: str) -> list[Message]:
        """What one side said, in order."""
        return [message for message in self.messages if message.sender == sender]

    def named_first(self, column: str) -> Any:
        """What the first message that names it says of a column."""
        return next((m.also[column] for m in self.messages if m.also.get(column)), None)

    def columns(self) -> dict[str, Any]:
        """Its kind, place and counts."""
        local = self.business.local(self.placed_at)
        senders = {sender: self.by(sender) for sender in ("customer", "bot", "operator")}
        return {
            "system": "generic",
            "channel": self.channel,
            "started_at": self.started_at,
            "ended_at": self.ended_at,
            "session_date": local.date().isoformat(),
            "weekday": local.isoweekday(),
            "hour": local.hour,
            "daypart": self.business.daypart(self.placed_at),
            "scenario": self.named_first("scenario"),
            "bot_version": self.named_first("bot_version"),
            "experiment": self.named_first("experiment"),
            "variant": self.named_first("variant"),
            **{
                name: self.named_first(name)
                for name in ("utm_source", "utm_medium", "utm_campaign")
            },
            "session_kind": self.kind,
            "is_qualified": self.is_qualified,
            "is_bot_involved": self.is_bot_involved,
            "is_settled": self.is_settled,
            "is_mature": self.is_mature,
            "messages": len(self.messages) + len(self.notes),
            **{f"{sender}_messages": len(said) for sender, said in senders.items()},
            **{
                f"first_{sender}_at": said[0].sent_at if said else None
                for sender, said in senders.items()
            },
        }


def part_into_sessions(records: Records, business: Business, as_of: datetime) -> list[Session]:
    """All sessions of a business, with their events, by time."""
    by_id: dict[str, list[Message]] = {}
    by_person: dict[tuple[str, str], list[Message]] = {}
    for message in records.messages:
        if message.session_id is not None:
            by_id.setdefault(message.session_id, []).append(message)
        else:
            by_person.setdefault((message.channel, message.user_id), []).append(message)
    sessions = [Session(business, key, messages, as_of) for key, messages in by_id.items()]
    for person, messages in by_person.items():
        closes = [row["event_at"] for row in _events_of(records.events, person, "closed")]
        sessions += [
            Session(business, None, part, as_of) for part in _parted(messages, closes, business)
        ]
    sessions.sort(key=lambda session: session.messages[0].order)
    for row in sorted(records.events, key=lambda row: row["event_at"]):
        where = (row.get("channel"), row.get("user_id"))
        session = _holder(sessions, row.get("session_id"), where, row["event_at"] + _SKEW)
        if session is not None:
            session.events.append(row)
    for note in records.notes:
        where = (note.channel, note.user_id)
        session = _holder(sessions, note.session_id, where, note.sent_at)
        if session is not None:
            session.notes.append(note)
    return sessions


def _parted(
    messages: Iterable[Message], closes: Sequence[datetime], business: Business
) -> list[list[Message]]:
    parts: list[list[Message]] = []
    for message in messages:
        if not parts or _opens(message, parts[-1], closes, business):
            parts.append([])
        parts[-1].append(message)
    return parts


def _opens(
    message: Message, open_part: list[Message], closes: Sequence[datetime], business: Business
) -> bool:
    is_late = message.sent_at - open_part[-1].sent_at > business.gap
    if not message.is_customers:
        return is_late and message.is_broadcast
    is_closed = any(open_part[0].sent_at <= close <= message.sent_at for close in closes)
    return is_late or is_closed


def _events_of(events: Iterable[Row], person: tuple[str, str], event: str) -> list[Row]:
    return [
        row
        for row in events
        if row["event"] == event
        and not row.get("session_id")
        and (row.get("channel"), row.get("user_id")) == person
    ]


def _holder(
    sessions: Sequence[Session],
    session_id: str | None,
    person: tuple[str | None, str | None],
    until: datetime,
) -> Session | None:
    """The session that is named, or the last one that the person had begun."""
    if session_id:
        return next((one for one in sessions if one.platform_id == session_id), None)
    begun = [one for one in sessions if one.person == person and one.started_at <= until]
    return begun[-1] if begun else None
