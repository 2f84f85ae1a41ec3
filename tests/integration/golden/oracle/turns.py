"""Turns: runs of a customer's messages and the first answer to each."""

from collections.abc import Sequence
from typing import Any

from tests.integration.golden.oracle.intents import Judged
from tests.integration.golden.oracle.records import Message, seconds_between
from tests.integration.golden.oracle.sessions import Session


def turns_of(session: Session, judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """The main columns of fct_turns, in order."""
    runs: list[tuple[list[Message], Message | None]] = []
    is_open = False
    for message in session.messages:
        if message.is_customers:
            if not is_open:
                runs.append(([], None))
            runs[-1][0].append(message)
            is_open = True
        elif message.is_answer and is_open:
            runs[-1] = (runs[-1][0], message)
            is_open = False
    return [
        _columns(number, run, answer, judged) for number, (run, answer) in enumerate(runs, start=1)
    ]


def _columns(
    number: int, run: Sequence[Message], answer: Message | None, judged: Sequence[Judged]
) -> dict[str, Any]:
    read = next((one for one in judged if one.message in run), None)
    return {
        "turn_number": number,
        "asked_at": run[0].sent_at,
        "answered_at": answer.sent_at if answer else None,
        "reply_seconds": seconds_between(run[0], answer) if answer else None,
        "answered_by": answer.sender if answer else None,
        "intent": read.intent if read else None,
        "intent_confidence": read.message.also.get("intent_confidence") if read else None,
        "is_no_match": read.is_no_match if read else None,
        "true_intent": read.true_intent if read else None,
        "is_correct": read.is_correct if read else None,
        "label_weight": read.weight if read else None,
    }
