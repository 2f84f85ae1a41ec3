"""One turn of a conversation with Dialogflow, whichever of its products logged it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestration.sources.lines import parse_json

_ANSWERS_IN_A_TURN = 1000
_EVENTS = {
    "liveAgentHandoff": "handoff_started",
    "telephonyTransferCall": "handoff_started",
    "endInteraction": "closed",
}
# What a message may hold that is not shown to the customer.
_UNSEEN = {
    *("text", "outputAudioText", "conversationSuccess", "toolCall", *_EVENTS),
    *("responseType", "source", "channel", "platform"),
}
_TIMES = ("timestamp", "request_time", "time", "created_at", "receiveTimestamp")


@dataclass
class Turn:
    """What the customer said and what came of it; `faults` are stable words for unknown parts.

    `answers` are kind and text of each message of the bot, `at` is the time as logged.
    """

    session: str
    at: Any
    position: int | None = None
    response_id: str | None = None
    user_id: str | None = None
    channel: str | None = None
    kind: str = "text"
    text: str | None = None
    intent: str | None = None
    confidence: Any = None
    is_fallback: bool = False
    scenario: str | None = None
    answers: list[tuple[str, str | None]] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def sequence(self, number: int) -> int | None:
        """Place of the turn's message of this number in the conversation, if the log counts."""
        if self.position is None:
            return None
        return self.position * _ANSWERS_IN_A_TURN + min(number, _ANSWERS_IN_A_TURN - 1)


def cx_turn(row: Mapping[str, Any]) -> Turn | str:
    """Read a row of the CX log; give a fault, a stable word, where that cannot be."""
    columns: dict[str, Any] = {}
    for name in ("request", "response", "partial_responses", "derived_data"):
        try:
            columns[name] = _parsed(row.get(name))
        except ValueError:
            return f"bad_value:{name}"
    session = _session(row.get("conversation_name"))
    if session is None:
        return "missing_field:conversation_name"
    position = _position(row.get("turn_position"))
    if position is None:
        return "bad_value:turn_position"
    if row.get("request_time") in (None, ""):
        return "missing_field:request_time"
    request, response = _object(columns["request"]), _object(columns["response"])
    result = _object(response.get("queryResult"))
    match = _object(result.get("match"))
    turn = Turn(
        session,
        row["request_time"],
        position,
        _text(response.get("responseId")),
        channel=_text(_object(request.get("queryParams")).get("channel")),
        text=_said(request, result),
        intent=_display_name(match.get("intent")) or _display_name(result.get("intent")),
        confidence=match.get("confidence", result.get("intentDetectionConfidence")),
        is_fallback=match.get("matchType") == "NO_MATCH",
        scenario=_display_name(result.get("currentFlow")),
    )
    if match.get("matchType") == "NO_INPUT":
        turn.text = None
    elif not turn.text and "intent" in _object(request.get("queryInput")):
        turn.kind = "button"
    partial = columns["partial_responses"]
    for part in partial if isinstance(partial, list) else [partial]:
        _hear(turn, _object(_object(part).get("queryResult")).get("responseMessages"))
    _hear(turn, result.get("responseMessages"))
    uttered = _text(_object(columns["derived_data"]).get("agentUtterances"))
    if uttered and not any(kind == "text" for kind, _ in turn.answers):
        turn.answers = [("text", uttered)]
    return turn


def es_turn(logged: Mapping[str, Any]) -> Turn | str:
    """Read an answer of ES, bare or in an entry of Cloud Logging; give a fault as `cx_turn`."""
    answer = _object(logged.get("jsonPayload")) or logged
    result = _object(answer.get("queryResult"))
    session = _session(answer.get("session"))
    if session is None:
        return "missing_field:session"
    times = (held.get(name) for held in (logged, answer) for name in _TIMES)
    at = next((time for time in times if time not in (None, "")), None)
    if at is None:
        return "missing_field:timestamp"
    intent = _object(result.get("intent"))
    is_fallback = intent.get("isFallback") is True
    turn = Turn(
        session,
        at,
        response_id=_text(answer.get("responseId")),
        channel=_text(_object(answer.get("originalDetectIntentRequest")).get("source")),
        text=_text(result.get("queryText")),
        intent=_display_name(intent),
        confidence=result.get("intentDetectionConfidence"),
        is_fallback=is_fallback,
    )
    _hear(turn, _for_platform(result.get("fulfillmentMessages"), turn.channel))
    told = _text(result.get("fulfillmentText"))
    if told and not any(kind == "text" for kind, _ in turn.answers):
        turn.answers = [("text", told)]
    return turn


def _hear(turn: Turn, messages: Any) -> None:
    is_shown = False
    texts: list[str] = []
    for message in messages if isinstance(messages, list) else []:
        if not isinstance(message, dict) or not message:
            turn.faults.append("unknown_type")
            continue
        texts += _texts(message)
        turn.events += [event for name, event in _EVENTS.items() if name in message]
        is_shown = is_shown or bool(message.keys() - _UNSEEN)
    turn.answers += [("text", text) for text in texts]
    if is_shown and not texts:
        turn.answers.append(("media", None))


def _for_platform(messages: Any, source: str | None) -> Any:
    """Of messages written for several messengers, those that this customer saw."""
    if not isinstance(messages, list):
        return None
    written: dict[str, list[Any]] = {}
    for message in messages:
        platform = str(_object(message).get("platform") or "").removeprefix("PLATFORM_UNSPECIFIED")
        written.setdefault(platform, []).append(message)
    chosen = next((name for name in ((source or "").upper(), "") if name in written), None)
    return written[chosen] if chosen is not None else next(iter(written.values()), [])


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    texts = _object(message.get("text")).get("text")
    for text in texts if isinstance(texts, list) else [texts]:
        if _text(text):
            yield text
    spoken = _object(message.get("outputAudioText"))
    told = _text(spoken.get("text")) or _text(spoken.get("ssml"))
    if told:
        yield told


def _said(request: Mapping[str, Any], result: Mapping[str, Any]) -> str | None:
    """What the customer typed, said or dialled; a triggered event is no word of theirs."""
    asked = _object(request.get("queryInput"))
    given = (
        _object(asked.get("text")).get("text"),
        result.get("text"),
        result.get("transcript"),
        _object(asked.get("dtmf")).get("digits"),
    )
    return next(filter(None, map(_text, given)), None)


def _parsed(column: Any) -> Any:
    return parse_json(column) if isinstance(column, str) and column.strip() else column


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _display_name(value: Any) -> str | None:
    return _text(_object(value).get("displayName"))


def _session(name: Any) -> str | None:
    last = name.rstrip("/").rpartition("/")[2].strip() if isinstance(name, str) else ""
    return last or None


def _position(given: Any) -> int | None:
    try:
        return int(given or 0)
    except (TypeError, ValueError, OverflowError):
        return None
