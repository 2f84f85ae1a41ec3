"""What the events of one Rasa conversation say: its messages, sessions, fallbacks and handoffs."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from orchestration.sources.contract import Reading
from orchestration.sources.rasa_log import (
    BUILT_IN_FLOW,
    FALLBACK_ACTIONS,
    FALLBACK_FLOW,
    FALLBACK_INTENT,
    FALLBACK_POLICY,
    HANDOFF_ACTIONS,
    HANDOFF_FLOW,
    NOT_SAID,
    SPEAKERS,
    TECHNICAL_CHANNELS,
    Event,
)
from orchestration.streams import MESSAGES, SESSION_EVENTS, Stream


@dataclass
class Row:
    """A row of a stream, to be given `times` as often as its event stands in the file."""

    stream: Stream
    values: dict[str, Any]
    event: Event
    times: int = 1


@dataclass
class Conversation:
    """What is known of one sender's conversation so far; `asked` still waits for its answer."""

    sender_id: str
    reading: Reading
    channel: str | None
    session_id: str | None = None
    scenario: str | None = None
    opened_by_action: bool = False
    started_at: float | None = None
    asked: Row | None = None

    def rows(self, events: Iterable[Event]) -> Iterator[Row]:
        """Give the rows of `events`, which are in order.

        A customer's message comes when its turn is over, as what the bot did says whether it was
        understood; everything else comes at once.
        """
        for event in events:
            name = event.text("event")
            if name == "user":
                yield from self._hear(event)
                continue
            if name in SPEAKERS:
                yield self._message(event)
            elif name == "action":
                yield from self._act(event)
            elif name == "session_started":
                yield from self._start_by_event(event)
            elif name == "session_ended":
                yield self._happening(event, "closed", None)
            elif name in {"pause", "resume"}:
                happened = "handoff_started" if name == "pause" else "handoff_ended"
                yield self._happening(event, happened, name)
            elif name in {"active_loop", "form"}:
                self._enter(event.text("name"))
            elif name == "slot":
                if event.identity("name") == self.reading.fields.get("scenario_slot", ""):
                    self._enter(event.text("value"))
            elif name and name.startswith("flow_"):
                yield from self._flow(event, name)
        yield from self._turn_over()

    def _hear(self, event: Event) -> Iterator[Row]:
        message = self._message(event)
        if self.asked and self.asked.values["message_id"] == message.values["message_id"]:
            self.asked.times += 1
            return
        yield from self._turn_over()
        self.asked = message
        self.opened_by_action = False

    def _turn_over(self) -> Iterator[Row]:
        if self.asked:
            yield self.asked
        self.asked = None

    def _act(self, event: Event) -> Iterator[Row]:
        name, policy = event.text("name"), event.text("policy") or ""
        if name == "action_session_start":
            yield from self._start(event)
            self.opened_by_action = True
        elif name and self._hands_over(name):
            yield self._happening(event, "handoff_started", name)
        if name in FALLBACK_ACTIONS or policy.endswith(FALLBACK_POLICY):
            self._not_understood()

    def _hands_over(self, action: str) -> bool:
        declared = self.reading.fields.get("handoff_actions", "").split(",")
        return action in HANDOFF_ACTIONS or action in {name.strip() for name in declared}

    def _flow(self, event: Event, name: str) -> Iterator[Row]:
        flow = event.text("flow_id") or ""
        if name != "flow_started":
            if flow == self.scenario:
                self.scenario = None
        elif flow == HANDOFF_FLOW:
            yield self._happening(event, "handoff_started", flow)
        elif flow == FALLBACK_FLOW:
            self._not_understood()
        elif not flow.startswith(BUILT_IN_FLOW):
            self._enter(flow)

    def _start_by_event(self, event: Event) -> Iterator[Row]:
        # What the action said before this event is in the session already.
        if not self.opened_by_action and event.at != self.started_at:
            yield from self._start(event)
        self.opened_by_action, self.started_at = False, event.at

    def _start(self, event: Event) -> Iterator[Row]:
        yield from self._turn_over()
        self.session_id = f"rasa-{self.sender_id}-{round(event.at * 1_000_000)}"
        self.scenario = None

    def _enter(self, scenario: str | None) -> None:
        self.scenario = scenario or None
        if self.asked and scenario:
            self.asked.values["scenario"] = self.asked.values["scenario"] or scenario

    def _not_understood(self) -> None:
        if self.asked:
            self.asked.values["is_fallback"] = True

    def _session_id(self, event: Event) -> str | None:
        given = event.part("metadata").get("session_id")
        return f"rasa-{given}" if isinstance(given, str) and given else self.session_id

    def _channel(self) -> str:
        declared = self.reading.fields.get("channel")
        if declared and (self.channel is None or self.channel in TECHNICAL_CHANNELS):
            return declared
        return self.channel or "rasa"

    def _happening(self, event: Event, happened: str, reason: str | None) -> Row:
        values = {
            "event_id": self._content_id(event, happened),
            "session_id": self._session_id(event),
            "channel": self._channel(),
            "user_id": self.sender_id,
            "event": happened,
            "event_at": event.moment(),
            "reason": reason,
        }
        return Row(SESSION_EVENTS, values, event)

    def _message(self, event: Event) -> Row:
        name, text = event.text("event") or "", event.text("text")
        if name == "user":
            self.channel = (event.text("input_channel") or "").lower() or self.channel
        values = {
            "message_id": event.identity("message_id") or self._content_id(event, name),
            "channel": self._channel(),
            "chat_id": self.sender_id,
            "session_id": self._session_id(event),
            "user_id": self.sender_id,
            "sent_at": event.moment(),
            "sender": SPEAKERS[name],
            "kind": "text" if text else "media",
            "body": text,
            "scenario": self.scenario,
            "bot_version": event.part("metadata").get("model_id"),
        }
        if name == "user":
            values |= _understood(event)
        return Row(MESSAGES, values, event)

    def _content_id(self, event: Event, name: str) -> str:
        # Rasa stamps microseconds, so that what has the same content was logged once.
        told = {key: event.value.get(key) for key in ("text", "data", "name", "flow_id")}
        content = json.dumps([self.sender_id, name, event.moment(), told], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:32]


def _understood(event: Event) -> dict[str, Any]:
    text = event.text("text") or ""
    if text.startswith(NOT_SAID) or event.part("metadata").get("is_external") is True:
        return {"sender": "system", "kind": "service"}
    intent = event.part("parse_data").get("intent")
    intent = intent if isinstance(intent, dict) else {}
    confidence = intent.get("confidence")
    if isinstance(confidence, float) and 1 < confidence < 1.0001:
        confidence = 1.0
    return {
        "kind": "button" if text.startswith("/") else "text" if text else "media",
        "intent": intent.get("name"),
        "intent_confidence": confidence if intent.get("name") else None,
        "is_fallback": intent.get("name") == FALLBACK_INTENT,
    }
