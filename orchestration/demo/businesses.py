"""What makes up an invented business."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orchestration.demo.dialogues import Scenario
from orchestration.demo.truth import MatchMethod

Plot = Literal[
    "silence",
    "greeting_only",
    "operator_answers",
    "left_at_question",
    "left_unanswered",
    "bot_informs",
    "bot_confirms",
    "bot_books",
    "asks_for_person",
    "bot_gives_up",
    "planned_handoff",
    "operator_steps_in",
]


@dataclass(frozen=True)
class Service:
    """Something that is sold: what it is called, what one books, its price in roubles."""

    name: str
    accusative: str
    price: int


@dataclass(frozen=True)
class Business:
    """One tenant: its settings (`business.yml`) and the odds its stories are drawn from.

    Weights need not sum to one. `opens` and `closes` are whole hours of the local clock; weekdays
    count from 0 (Monday).
    `labelled_share` is the chance that a message is labelled, `doubtful_share` that of a message
    the bot was unsure of. `lead_links` are the ways a lead is tied to its conversation.
    """

    business_id: str
    name: str
    timezone: str
    gives_session_ids: bool
    usual_sessions: int
    channels: Mapping[str, float]
    scenarios: tuple[Scenario, ...]
    services: tuple[Service, ...]
    masters: tuple[str, ...]
    operators: tuple[str, ...]
    opens: int
    closes: int
    closed_weekdays: frozenset[int]
    plots: Mapping[Plot, float]
    accuracy: tuple[float, float]
    out_of_scope_intent: str
    fallback_intent: str | None
    intent_threshold: float | None
    log_flags_correct: bool
    labelled_share: float
    doubtful_share: float
    lead_links: Mapping[MatchMethod | None, float]
    no_show_share: float
    surveys_visits: bool
    costs: Mapping[str, float]
    setup_cost: float
    settings: Mapping[str, object] = field(default_factory=dict)
    has_greeting_test: bool = False
