"""The streams of the landing zone: their columns, types, required fields and vocabularies.

This is the contract between the outside and `raw`: a vendor's module produces these columns, the
loader checks and stores them, the demo writes them, `_sources.yml` documents them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal["text", "timestamp", "date", "integer", "number", "boolean"]


@dataclass(frozen=True)
class Column:
    """One column of a stream.

    `values` maps every accepted spelling to the stored one and `default` is stored where nothing is
    given (text columns only); `minimum` and `maximum` bound a number, the minimum itself being
    excluded where `above_minimum` is set; `maximum_column` names another column of the same row
    that bounds it.
    """

    name: str
    type: ColumnType = "text"
    required: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    above_minimum: bool = False
    maximum_column: str | None = None


@dataclass(frozen=True)
class Stream:
    """One stream: its columns, and alternatives of which one group must be filled completely."""

    name: str
    columns: tuple[Column, ...]
    required_groups: tuple[tuple[str, ...], ...] = ()

    def column_names(self) -> tuple[str, ...]:
        """Names in stored order."""
        return tuple(column.name for column in self.columns)


def _same(*words: str) -> dict[str, str]:
    return {word: word for word in words}


def _text(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


_UTM = _text("utm_source", "utm_medium", "utm_campaign")
_SENDERS = _same("customer", "bot", "operator", "system") | {
    "user": "customer",
    "client": "customer",
    "agent": "operator",
    "human": "operator",
    "manager": "operator",
    "assistant": "bot",
}
_SEMANTICS = _same("open", "won", "lost")
_EVENTS = _same(
    "handoff_requested", "handoff_started", "handoff_ended", "closed", "reopened", "exposed"
)

MESSAGES = Stream(
    "messages",
    (
        Column("message_id", required=True),
        Column("channel", required=True),
        *_text("chat_id", "session_id"),
        Column("user_id", required=True),
        Column("sent_at", "timestamp", required=True),
        Column("sequence", "integer"),
        Column("sender", required=True, values=_SENDERS),
        Column("kind", values=_same("text", "button", "media", "service"), default="text"),
        *_text("body", "intent"),
        Column("intent_confidence", "number", minimum=0, maximum=1),
        Column("is_fallback", "boolean"),
        Column("intent_correct", "boolean"),
        *_text("scenario", "bot_version", "experiment", "variant"),
        Column("is_broadcast", "boolean"),
        Column("is_ack", "boolean"),
        *_text("operator_id", "phone", "email"),
        *_UTM,
    ),
)

SESSION_EVENTS = Stream(
    "session_events",
    (
        Column("event_id", required=True),
        *_text("session_id", "channel", "user_id"),
        Column("event", required=True, values=_EVENTS),
        Column("event_at", "timestamp", required=True),
        *_text("reason", "value"),
    ),
    required_groups=(("session_id",), ("channel", "user_id")),
)

RATINGS = Stream(
    "ratings",
    (
        Column("rating_id", required=True),
        *_text("session_id", "user_id", "lead_id"),
        Column("survey", required=True, values=_same("chat", "visit")),
        Column("metric", required=True, values=_same("csat", "nps")),
        Column("score", "number", required=True, minimum=0, maximum_column="scale_max"),
        Column("scale_max", "number", required=True, minimum=0, above_minimum=True),
        Column("rated_at", "timestamp", required=True),
    ),
    required_groups=(("session_id",), ("user_id",), ("lead_id",)),
)

INTENT_LABELS = Stream(
    "intent_labels",
    (
        Column("message_id", required=True),
        Column("true_intent", required=True),
        Column("labeller", required=True),
        Column("labelled_at", "timestamp", required=True),
        Column("selection_probability", "number", minimum=0, maximum=1, above_minimum=True),
    ),
)

LEADS = Stream(
    "leads",
    (
        Column("lead_id", required=True),
        Column("created_at", "timestamp", required=True),
        Column("modified_at", "timestamp", required=True),
        Column("status", required=True),
        Column("status_semantic", values=_SEMANTICS),
        Column("title"),
        Column("amount", "number"),
        *_text("currency", "source", "session_id", "chat_reference", "user_id", "channel"),
        *_text("phone", "email", "contact_id"),
        *_UTM,
        Column("is_returning", "boolean"),
        Column("merged_into"),
        Column("is_deleted", "boolean"),
        Column("loss_reason"),
    ),
)

DEALS = Stream(
    "deals",
    (
        Column("deal_id", required=True),
        *_text("lead_id", "contact_id"),
        Column("created_at", "timestamp", required=True),
        Column("modified_at", "timestamp", required=True),
        Column("closed_at", "timestamp"),
        Column("stage", required=True),
        Column("stage_semantic", values=_SEMANTICS),
        Column("pipeline"),
        Column("amount", "number"),
        Column("currency"),
        Column("paid_amount", "number"),
        Column("paid_at", "timestamp"),
        *_text("session_id", "loss_reason"),
        Column("is_deleted", "boolean"),
    ),
)

STAGE_HISTORY = Stream(
    "stage_history",
    (
        Column("entity", required=True, values=_same("lead", "deal")),
        Column("entity_id", required=True),
        Column("stage", required=True),
        Column("stage_semantic", values=_SEMANTICS),
        Column("entered_at", "timestamp", required=True),
    ),
)

BOOKINGS = Stream(
    "bookings",
    (
        Column("booking_id", required=True),
        *_text("lead_id", "deal_id", "contact_id", "session_id"),
        Column("starts_at", "timestamp", required=True),
        Column("created_at", "timestamp"),
        Column("status", required=True, values=_same("booked", "arrived", "no_show", "cancelled")),
        Column("service"),
        Column("modified_at", "timestamp", required=True),
    ),
    required_groups=(("lead_id",), ("deal_id",), ("contact_id",), ("session_id",)),
)

COSTS = Stream(
    "costs",
    (
        Column("cost_date", "date", required=True),
        Column("item", required=True, values=_same("bot", "channel", "model", "operator", "setup")),
        Column("amount", "number", required=True),
        Column("currency", required=True),
    ),
)

STREAMS: Mapping[str, Stream] = {
    stream.name: stream
    for stream in (
        MESSAGES,
        SESSION_EVENTS,
        RATINGS,
        INTENT_LABELS,
        LEADS,
        DEALS,
        STAGE_HISTORY,
        BOOKINGS,
        COSTS,
    )
}
