"""What the bot understood, and what people say it should have."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.integration.golden.oracle.business import Business
from tests.integration.golden.oracle.records import Message, Records
from tests.integration.golden.oracle.response import handoff_events
from tests.integration.golden.oracle.sessions import Session


@dataclass(frozen=True)
class Label:
    """What people agree a message meant, and how much it weighs."""

    true_intent: str
    weight: float | None


@dataclass(frozen=True)
class Judged:
    """A classifiable message: whether it was understood (None: nobody knows), and its weight."""

    message: Message
    is_no_match: bool
    is_correct: bool | None
    true_intent: str | None
    weight: float | None

    @property
    def intent(self) -> str | None:
        """What the classifier said, after the threshold."""
        intent: str | None = self.message.also.get("intent")
        return "fallback" if self.is_no_match else intent


def settled_labels(records: Records) -> dict[str, Label]:
    """The labels that hold, by message: each labeller's last, all of one opinion."""
    bearers = Counter(message.message_id for message in records.messages)
    opinions: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in sorted(records.labels, key=lambda row: row["labelled_at"]):
        opinions.setdefault(row["message_id"], {})[row["labeller"]] = row
    labels = {}
    for message_id, by_labeller in opinions.items():
        intents = {row["true_intent"] for row in by_labeller.values()}
        if bearers[message_id] == 1:
            last = max(by_labeller.values(), key=lambda row: row["labelled_at"])
            chance = last.get("selection_probability")
            labels[message_id] = Label(
                intents.pop() if len(intents) == 1 else "", 1 / chance if chance else None
            )
    return labels


def judge(session: Session, labels: Mapping[str, Label]) -> list[Judged]:
    """Every message that the classifier had to classify, in order."""
    return [
        _judged(message, session.business, labels)
        for message in _classifiable(session)
    ]  # fmt: skip


def intent_columns(judged: Sequence[Judged]) -> dict[str, Any]:
    """Its counts of messages."""
    return {
        "classifiable_messages": len(judged),
        "no_match_messages": sum(one.is_no_match for one in judged),
        "labelled_messages": sum(one.is_correct is not None for one in judged),
        "correct_messages": sum(one.is_correct is True for one in judged),
        **{
            name: sum(weights) if weights else None
            for name, weights in {
                "labelled_weight": weights_of(judged),
                "correct_weight": weights_of([one for one in judged if one.is_correct]),
                "labelled_weight_squares": [weight**2 for weight in weights_of(judged)],
            }.items()
        },
    }


def weights_of(judged: Sequence[Judged]) -> list[float]:
    """Weights of the labelled: a label that was not drawn by lot weighs 1."""
    return [one.weight or 1.0 for one in judged if one.is_correct is not None]


def _classifiable(session: Session) -> Iterable[Message]:
    turns: list[tuple[Any, bool]] = [(m.sent_at, m.sender == "bot") for m in session.messages
                                     if m.sender != "customer"]  # fmt: skip
    turns += [(row["event_at"], False) for row in handoff_events(session)]
    turns += [(row["event_at"], True) for row in session.events if row["event"] == "handoff_ended"]
    for message in session.by("customer"):
        before = [turn for turn in turns if turn[0] < message.sent_at]
        has_bot = max(before, key=lambda turn: turn[0])[1] if before else True
        has_prediction = message.also.get("intent") or message.also.get("is_fallback")
        if has_bot and has_prediction and message.kind == "text":
            yield message


def _judged(message: Message, business: Business, labels: Mapping[str, Label]) -> Judged:
    intent, confidence = message.also.get("intent"), message.also.get("intent_confidence")
    is_no_match = (
        bool(message.also.get("is_fallback"))
        or intent in business.fallbacks
        or (
            business.threshold is not None
            and confidence is not None
            and confidence < business.threshold
        )
    )
    label = labels.get(message.message_id)
    if label is None:
        flag = message.also.get("intent_correct")
        return Judged(message, is_no_match, flag, None, None)
    if not label.true_intent:
        return Judged(message, is_no_match, None, None, None)
    right = (
        label.true_intent in business.out_of_scope if is_no_match else label.true_intent == intent
    )
    return Judged(message, is_no_match, right, label.true_intent, label.weight)
