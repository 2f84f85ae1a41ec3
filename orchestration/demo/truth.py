"""What happened in the demo, written down by those who made it happen.

Every fact is set by the story that was told, never worked out from the messages: the pipeline is
measured against these records, so they must not share its reasoning.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

Outcome = Literal[
    "pending",
    "unengaged",
    "operator_only",
    "handoff_unanswered",
    "handoff_handled",
    "bot_goal",
    "bot_confirmed",
    "abandoned",
    "bot_assumed",
]
SessionKind = Literal[
    "inbound",
    "broadcast_replied",
    "broadcast_silent",
    "operator_started",
    "test",
    "spam",
    "staff",
]
HandoffType = Literal["requested", "bot_failed", "planned", "took_over"]
VisitStatus = Literal["booked", "arrived", "no_show", "cancelled"]
MatchMethod = Literal["session_id", "chat_reference", "user_id", "phone", "email"]

_BOT_TARGET_SECONDS = 5
SETTLED_AFTER = timedelta(hours=72)
MATURE_AFTER = timedelta(days=7)


@dataclass
class SessionTruth:
    """One conversation as it really went.

    Times are UTC, durations seconds. `session_id` is the platform's own (None: the session must
    be found by channel, user and `started_at`). `bot_answers` are the bot's messages without its
    broadcasts and automatic notes. None means that there is nothing to measure. `cases` names the
    awkward cases this session was made for.
    """

    business_id: str
    channel: str
    user_id: str
    session_id: str | None
    scenario: str | None
    started_at: datetime
    ended_at: datetime
    session_kind: SessionKind = "inbound"
    cases: tuple[str, ...] = ()
    session_date: date | None = None
    daypart: str | None = None
    bot_version: str | None = None
    variant: str | None = None
    t0: datetime | None = None
    customer_messages: int = 0
    bot_messages: int = 0
    bot_answers: int = 0
    operator_messages: int = 0
    is_answered: bool = False
    ttr_seconds: int | None = None
    ttr_bot_seconds: int | None = None
    ttr_human_seconds: int | None = None
    classifiable_messages: int = 0
    no_match_messages: int = 0
    labelled_messages: int = 0
    correct_messages: int = 0
    label_weight: float = 0.0
    correct_weight: float = 0.0
    has_handoff: bool = False
    handoff_type: HandoffType | None = None
    settled_outcome: Outcome | None = None
    outcome: Outcome | None = None
    is_settled: bool = False
    is_mature: bool = False
    returned_within_24h: bool = False
    returned_within_72h: bool = False
    returned_within_168h: bool = False
    leads: int = 0
    lead_amount: float = 0.0
    paid_amount: float = 0.0
    csat_chat: int | None = None
    csat_visit: int | None = None
    nps_score: int | None = None
    human_handle_seconds: int = 0

    @property
    def is_qualified(self) -> bool:
        """A customer spoke, and was neither staff, a tester nor spam."""
        return self.session_kind in ("inbound", "broadcast_replied") and self.customer_messages > 0

    @property
    def is_bot_involved(self) -> bool:
        """The bot said something of its own: no broadcast, no automatic note."""
        return self.bot_answers > 0

    @property
    def is_answered_in_target(self) -> bool | None:
        """The bot was first, and within 5 s, or nobody ever was; None where a person was first."""
        if self.is_answered:
            seconds = self.ttr_bot_seconds
            return None if seconds is None else seconds < _BOT_TARGET_SECONDS
        return False if self.is_settled and self.customer_messages > 0 else None

    @property
    def is_converted(self) -> bool:
        """At least one lead belongs here, by any step of the ladder."""
        return self.leads > 0

    @property
    def is_resolved(self) -> bool | None:
        """The bot closed it and the person stayed away for 72 h; None where that is no question."""
        if not (self.is_qualified and self.is_settled and self.is_bot_involved):
            return None
        closed = self.outcome in ("bot_goal", "bot_confirmed", "bot_assumed")
        return closed and not self.returned_within_72h


@dataclass
class LeadTruth:
    """One lead in the CRM after merging; `method` None is a lead no conversation belongs to."""

    business_id: str
    lead_id: str
    created_at: datetime
    method: MatchMethod | None
    session: SessionTruth | None
    is_deleted: bool = False
    case: str | None = None
    visit_status: VisitStatus | None = None
    paid_amount: float = 0.0


@dataclass(frozen=True)
class Person:
    """An invented customer: nobody owns these numbers, names or addresses.

    `arm` is the greeting this person gets wherever greetings are compared.
    """

    business_id: str
    name: str
    phone: str
    email: str
    user_ids: tuple[tuple[str, str], ...]
    arm: str

    def user_id(self, channel: str) -> str:
        """The id this person has on `channel`."""
        return dict(self.user_ids)[channel]


@dataclass(frozen=True)
class DemoTruth:
    """Everything the demo knows about itself, as seen at `as_of`."""

    end_date: date
    as_of: datetime
    sessions: tuple[SessionTruth, ...]
    leads: tuple[LeadTruth, ...]
    people: tuple[Person, ...]

    def cases(self) -> frozenset[str]:
        """Names of the awkward cases that are told at least once."""
        named = {case for session in self.sessions for case in session.cases}
        return frozenset(named | {lead.case for lead in self.leads if lead.case})


def midnight(day: date) -> datetime:
    """The first moment of `day` in UTC: the as-of time of a demo that ends the day before."""
    return datetime.combine(day, time(), UTC)


def judge_age(session: SessionTruth, as_of: datetime) -> None:
    """Let `as_of` decide whether the session's outcome and conversion are final yet."""
    session.is_settled = session.ended_at + SETTLED_AFTER <= as_of
    session.is_mature = session.ended_at + MATURE_AFTER <= as_of
    if session.is_qualified:
        session.outcome = session.settled_outcome if session.is_settled else "pending"
