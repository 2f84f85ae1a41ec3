"""Handoffs and answers: who took part, how soon, and how long it took."""

from datetime import datetime
from typing import Any

from tests.integration.golden.oracle.records import Message, Row, seconds_between
from tests.integration.golden.oracle.sessions import Session

_CAP_SECONDS = 300
_HANDOFFS = ("handoff_requested", "handoff_started")


def handoff_events(session: Session) -> list[Row]:
    """The handoffs that somebody recorded."""
    return [row for row in session.events if row["event"] in _HANDOFFS]


def handoff_type(session: Session) -> str | None:
    """How it went to a person, if it did."""
    events = handoff_events(session)
    if any(_is_planned(session, row) for row in events):
        return "planned"
    if any(row["event"] == "handoff_requested" for row in events):
        return "requested"
    if events:
        return "bot_failed"
    return "took_over" if session.is_bot_involved and session.by("operator") else None


def is_handoff_answered(session: Session) -> bool:
    """Whether an operator wrote after the handoff, or took over without one."""
    events = handoff_events(session)
    if not events:
        return bool(session.by("operator"))
    return any(said.sent_at >= events[0]["event_at"] for said in session.by("operator"))


def first_answer(session: Session, *senders: str) -> Message | None:
    """The first answer to t0 by one of the senders."""
    asked = session.first_customer
    if asked is None:
        return None
    answers = (m for m in session.messages if m.is_answer and m.sender in senders)
    return next((answer for answer in answers if answer.is_after(asked)), None)


def is_unanswered(session: Session) -> bool:
    """Whether no answer to the customer's first message is known."""
    return first_answer(session, "bot", "operator") is None


def is_in_target(session: Session, asked: Message, answer: Message) -> bool | None:
    """Whether whoever answered did so in time: a person's seconds count while the doors are open.

    None where the clocks disagree too much.
    """
    seconds = seconds_between(asked, answer)
    if seconds is None:
        return None
    if answer.sender == "bot":
        return seconds <= session.business.targets["ttr_bot_target_seconds"]
    open_seconds = session.business.business_seconds(asked.sent_at, answer.sent_at)
    target = session.business.targets["ttr_human_target_seconds"]
    return (seconds if open_seconds is None else open_seconds) <= target


def response_columns(session: Session) -> dict[str, Any]:
    """Its clocks, its handoff and the time that the bot and people spent."""
    asked, answer = session.first_customer, first_answer(session, "bot", "operator")
    by_bot = first_answer(session, "bot")
    waited = _human_wait(session)
    in_target: bool | None = None
    if asked is not None:
        missed = False if session.is_settled else None
        in_target = is_in_target(session, asked, answer) if answer else missed
    return {
        "ttr_seconds": seconds_between(asked, answer) if asked and answer else None,
        "ttr_bot_seconds": seconds_between(asked, by_bot) if asked and by_bot else None,
        "ttr_human_seconds": (waited[1] - waited[0]).total_seconds() if waited else None,
        "ttr_human_business_seconds": session.business.business_seconds(*waited)
        if waited
        else None,
        "is_in_hours": session.business.is_open(asked.sent_at) if asked else None,
        "has_time_anomaly": any(
            asked and found and seconds_between(asked, found) is None
            for found in (answer, by_bot, first_answer(session, "operator"))
        ),
        "is_answered": answer is not None,
        "is_answered_in_target": in_target,
        "has_handoff": handoff_type(session) is not None,
        "handoff_type": handoff_type(session),
        "bot_handle_seconds": _handled(session, "bot"),
        "human_handle_seconds": _handled(session, "operator"),
    }


def _is_planned(session: Session, event: Row) -> bool:
    named = [
        message.also["scenario"]
        for message in session.messages
        if message.also.get("scenario") and message.sent_at <= event["event_at"]
    ]
    return event.get("reason") == "planned" or bool({*named[-1:]} & session.business.planned)


def _human_wait(session: Session) -> tuple[datetime, datetime] | None:
    """From the handoff, or from t0 where no bot took part, to the first person's answer.

    Where somebody asked for a person before any bot took part, the handoff rules.
    """
    asked = session.first_customer
    if asked is None:
        return None
    events = handoff_events(session)
    if not events:
        answer = None if session.is_bot_involved else first_answer(session, "operator")
        return (asked.sent_at, max(asked.sent_at, answer.sent_at)) if answer else None
    since = events[0]["event_at"]
    answers = (said for said in session.by("operator") if said.is_answer)
    return next(((since, said.sent_at) for said in answers if said.sent_at >= since), None)


def _handled(session: Session, sender: str) -> float | None:
    """Time since the customer's message, one's own previous one or the handoff, capped each."""
    said = session.by(sender)
    if sender == "bot":
        said = [message for message in said if message.is_answer]
    marks = [*session.by("customer"), *said]
    spans = []
    for message in said:
        since = [mark.sent_at for mark in marks if mark.order < message.order]
        if sender == "operator":
            times = (row["event_at"] for row in handoff_events(session))
            since += [time for time in times if time <= message.sent_at]
        if since:
            spans.append(min(_CAP_SECONDS, (message.sent_at - max(since)).total_seconds()))
    return sum(spans) if spans else None
