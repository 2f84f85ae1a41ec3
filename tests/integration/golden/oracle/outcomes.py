"""How each session ended, and whether the person came back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tests.integration.golden.oracle.records import Message
from tests.integration.golden.oracle.response import handoff_type, is_handoff_answered
from tests.integration.golden.oracle.sessions import Session
from tests.integration.golden.oracle.words import is_question, meaning

_BOT_RESOLVED = ("bot_goal", "bot_confirmed", "bot_assumed")
_HOURS = (24, 72, 168)


def outcome(session: Session, has_goal: bool, ratings: Mapping[str, float | None]) -> str | None:
    """The first rule that holds."""
    if not session.is_qualified:
        return None
    if not session.is_settled:
        return "pending"
    if all(_is_small(said, "greeting", "thanks", "emoji") for said in session.by("customer")):
        return "unengaged"
    if not session.is_bot_involved:
        return "operator_only"
    if handoff_type(session):
        return "handoff_handled" if is_handoff_answered(session) else "handoff_unanswered"
    if has_goal:
        return "bot_goal"
    if _is_confirmed(session) or _is_rated_well(ratings):
        return "bot_confirmed"
    return "abandoned" if is_left_open(session) else "bot_assumed"


def is_left_open(session: Session) -> bool:
    """Whether the last word is the bot's question or a customer's message nobody answered."""
    last = session.messages[-1]
    return last.is_customers or is_stuck_at_question(session)


def is_stuck_at_question(session: Session) -> bool:
    """Whether the last word is the bot's question."""
    last = session.messages[-1]
    return last.sender == "bot" and is_question(last.body)


def return_columns(session: Session, sessions: Sequence[Session]) -> dict[str, Any]:
    """Whether the person came back with something that is no small talk, by window."""
    later = [
        one
        for one in sessions
        if one.person == session.person
        and one.messages[0].order > session.messages[0].order
        and not all(_is_small(said) for said in one.by("customer"))
    ]
    columns: dict[str, Any] = {}
    for hours in _HOURS:
        until = session.ended_at + timedelta(hours=hours)
        came = any(one.placed_at <= until for one in later)
        columns[f"returned_within_{hours}h"] = came or (False if session.as_of >= until else None)
    before = (one for one in sessions if one.person == session.person and one.is_qualified)
    columns["is_returning_person"] = any(
        one.messages[0].order < session.messages[0].order for one in before
    )
    return columns


def is_resolved(session: Session, ended: str | None, came_back: bool | None) -> bool | None:
    """Whether the bot settled it for good; None where it was not the bot's to settle."""
    if not (session.is_qualified and session.is_settled and session.is_bot_involved):
        return None
    return ended in _BOT_RESOLVED and not came_back


def _is_confirmed(session: Session) -> bool:
    after: list[Message] = []
    for message in session.messages:
        if message.sender == "bot":
            after = []
        elif message.is_customers:
            after.append(message)
    return bool(after) and _is_small(after[-1], "thanks", "yes")


def _is_rated_well(ratings: Mapping[str, float | None]) -> bool:
    return (ratings["csat_chat"] or 0) >= 4 or (ratings["nps_score"] or 0) >= 9


def _is_small(message: Message, *meanings: str) -> bool:
    found = None if message.kind == "media" else meaning(message.body)
    return found is not None and (not meanings or found in meanings)
