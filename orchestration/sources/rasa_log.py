"""One event as Rasa logs it, and the names that mean something here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HANDOFF_ACTIONS = ("action_human_handoff", "human_handoff")
HANDOFF_FLOW = "pattern_human_handoff"
FALLBACK_ACTIONS = {"action_default_fallback", "action_two_stage_fallback"}
FALLBACK_INTENT = "nlu_fallback"
FALLBACK_FLOW = "pattern_cannot_handle"
FALLBACK_POLICY = "FallbackPolicy"
BUILT_IN_FLOW = "pattern_"
SPEAKERS = {"user": "customer", "bot": "bot", "agent": "operator"}
# Ways in that say how the bot was called, not where the customer writes.
TECHNICAL_CHANNELS = {"rest", "callback", "socketio", "cmdline", "rasa", "chatroom", "inspector"}
NOT_SAID = "EXTERNAL: "

IGNORED_EVENTS = frozenset(
    {
        "reset_slots",
        "restart",
        "rewind",
        "undo",
        "followup",
        "export",
        "reminder",
        "cancel_reminder",
        "entities",
        "user_featurization",
        "loop_interrupted",
        "form_validation",
        "action_execution_rejected",
        "stack",
        "flow_interrupted",
        "flow_resumed",
        "routing_session_ended",
        "conversation_inactive",
    }
)
READ_EVENTS = frozenset(
    {
        "user",
        "bot",
        "agent",
        "action",
        "session_started",
        "session_ended",
        "slot",
        "active_loop",
        "form",
        "flow_started",
        "flow_completed",
        "flow_cancelled",
        "pause",
        "resume",
    }
)


@dataclass(frozen=True)
class Event:
    """One event as logged, its time in epoch seconds, and where the file holds it."""

    value: Mapping[str, Any]
    at: float
    raw_text: str
    line: int | None = None

    def moment(self) -> str:
        """Its time in epoch seconds, to the microsecond, as a text."""
        return f"{self.at:.6f}"

    def text(self, name: str) -> str | None:
        """A field that is a text and not empty."""
        given = self.value.get(name)
        return given if isinstance(given, str) and given else None

    def identity(self, name: str) -> str | None:
        """A field that is a text or a number and not empty."""
        given = self.value.get(name)
        return str(given) if isinstance(given, str | int) and given != "" else None

    def part(self, name: str) -> Mapping[str, Any]:
        """A field that is an object; {} where it is none."""
        given = self.value.get(name)
        return given if isinstance(given, dict) else {}
