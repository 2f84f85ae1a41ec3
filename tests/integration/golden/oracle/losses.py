"""Why a session gave no lead: the first rule that holds."""

from collections.abc import Collection

from tests.integration.golden.oracle.business import seed
from tests.integration.golden.oracle.outcomes import is_stuck_at_question
from tests.integration.golden.oracle.response import (
    first_answer,
    is_unanswered,
    response_columns,
)
from tests.integration.golden.oracle.sessions import Session
from tests.integration.golden.oracle.words import names_price


def told_reason(session: Session) -> str | None:
    """The reason that somebody gave in closing the session, the last one."""
    known = {row["loss_reason"] for row in seed("loss_reasons")}
    told = [
        row["reason"]
        for row in session.events
        if row["event"] == "closed" and row.get("reason") in known
    ]
    return told[-1] if told else None


def loss_reason(
    session: Session,
    outcome: str | None,
    leads: int,
    no_matches: int,
    converted_elsewhere: Collection[int],
) -> str | None:
    """One reason for a mature qualified session without a lead.

    `converted_elsewhere` holds the ids (as Python objects) of the sessions whose person became a
    lead through another channel within the window.
    """
    if not (session.is_qualified and session.is_mature) or leads:
        return None
    answer = first_answer(session, "bot", "operator")
    last_answers = [message for message in session.messages if message.is_answer]
    rules = {
        "no_answer": is_unanswered(session),
        "handoff_unanswered": outcome == "handoff_unanswered",
        "slow_answer": response_columns(session)["is_answered_in_target"] is False
        and answer is not None
        and not any(said.is_after(answer) for said in session.by("customer")),
        "out_of_hours": session.business.is_open(session.placed_at) is False,
        "not_understood": no_matches > 0 and outcome != "bot_goal",
        "wrong_channel": id(session) in converted_elsewhere,
        "stuck_at_question": is_stuck_at_question(session),
        "price": bool(last_answers) and names_price(last_answers[-1].body),
        "other": True,
    }
    return next(reason for reason, holds in rules.items() if holds)
