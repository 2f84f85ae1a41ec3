"""How a conversation is told: line by line, each line recorded as a message and counted as told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from orchestration.demo.diary import Diary, Heard, HeardMessage, Row
from orchestration.demo.truth import Person, SessionTruth

HANDLING_CAP_SECONDS = 300


@dataclass
class Script:
    """A conversation in the telling.

    `now` is the moment of the last line; `cue` the last thing an operator could have reacted to
    (a customer's line, an operator's own, a handoff). `with_operator` is the stretch in which
    nobody expects the bot to understand. `marks` go onto every message of the session; `said` are
    the templates used up.
    """

    diary: Diary
    person: Person
    truth: SessionTruth
    now: datetime
    marks: Row
    cue: datetime | None = None
    with_operator: bool = False
    lines: int = 0
    said: set[str] = field(default_factory=set)

    def customer(
        self,
        body: str | None,
        after: int = 0,
        *,
        heard: Heard | None = None,
        kind: str = "text",
        late: timedelta = timedelta(),
        columns: Row | None = None,
    ) -> Row:
        """The customer says something `after` seconds; `heard` is what the bot made of it."""
        self._pass(after)
        self.truth.customer_messages += 1
        if self.truth.t0 is None:
            self.truth.t0 = self.now
            self.truth.session_date = self.diary.local_date(self.now)
        understood = self._understood(heard) if heard is not None else {}
        row = self._line("customer", body, kind, late, understood | (columns or {}))
        if heard is not None and not self.with_operator:
            self.truth.classifiable_messages += 1
            self.truth.no_match_messages += heard.no_match
            self.diary.heard.append(
                HeardMessage(str(row["message_id"]), self.now, heard, self.truth)
            )
        self.cue = self.now
        return row

    def bot(
        self,
        body: str,
        after: int = 0,
        *,
        late: timedelta = timedelta(),
    ) -> Row:
        """The bot says something `after` seconds, which makes it the customer's partner again."""
        self._pass(after)
        self.truth.bot_messages += 1
        self.truth.bot_answers += 1
        self.with_operator = False
        return self._line("bot", body, "text", late, {})

    def broadcast(self, body: str) -> Row:
        """The bot writes to many at once, which answers nobody."""
        self.truth.bot_messages += 1
        return self._line("bot", body, "text", timedelta(), {"is_broadcast": True})

    def note(self, body: str, after: int = 0) -> Row:
        """The bot says of itself that the message came, which is no answer to it."""
        self._pass(after)
        self.truth.bot_messages += 1
        return self._line("bot", body, "text", timedelta(), {"is_ack": True})

    def operator(
        self, body: str, wait: int, *, operator_id: str | None = None, columns: Row | None = None
    ) -> Row:
        """An operator says something `wait` seconds after what called for it."""
        if self.cue is not None:
            self.now = self.cue + timedelta(seconds=wait)
            self.truth.human_handle_seconds += min(wait, HANDLING_CAP_SECONDS)
        self.truth.operator_messages += 1
        self.with_operator = True
        name = operator_id or self.diary.rng.choice(self.diary.business.operators)
        row = self._line(
            "operator", body, "text", timedelta(), {"operator_id": name} | (columns or {})
        )
        self.cue = self.now
        return row

    def platform(self, body: str, after: int = 0) -> Row:
        """The platform notes something nobody said: a typing mark, a receipt."""
        self._pass(after)
        return self._line("system", body, "service", timedelta(), {})

    def event(self, name: str, after: int = 0, reason: str | None = None) -> None:
        """The platform notes an event; handoffs put the customer into an operator's hands."""
        self._pass(after)
        if name.startswith("handoff_") and name != "handoff_ended":
            self.with_operator = True
            self.cue = self.now
        where: Row = (
            {"session_id": self.truth.session_id}
            if self.truth.session_id
            else {"channel": self.truth.channel, "user_id": self.truth.user_id}
        )
        number = self.diary.number("event")
        self.diary.record(
            "session_events",
            {
                "event_id": f"ev-{number:06d}",
                **where,
                "event": name,
                "event_at": self.now,
                "reason": reason,
            },
            self.now,
        )

    def repeat(self, row: Row, arrives_at: datetime, changes: Row | None = None) -> None:
        """Deliver a message once more, perhaps with another text: it stays one message."""
        self.diary.record("messages", row | (changes or {}), arrives_at)

    def _pass(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def _understood(self, heard: Heard) -> Row:
        business = self.diary.business
        flag = business.intent_threshold is None and business.fallback_intent is None
        return {
            "intent": heard.taken_for,
            "intent_confidence": heard.confidence,
            "is_fallback": heard.no_match if flag else None,
            "intent_correct": heard.is_correct if business.log_flags_correct else None,
        }

    def _line(self, sender: str, body: str | None, kind: str, late: timedelta, columns: Row) -> Row:
        self.lines += 1
        truth = self.truth
        if sender != "system":
            truth.ended_at = max(truth.ended_at, self.now)
        number = self.diary.number("message")
        row: Row = {
            "message_id": f"m-{number:06d}",
            "channel": truth.channel,
            "chat_id": f"chat-{truth.user_id}",
            "session_id": truth.session_id,
            "user_id": truth.user_id,
            "sent_at": self.now,
            "sequence": self.lines if truth.session_id else None,
            "sender": sender,
            "kind": kind,
            "body": body,
            **self.marks,
            **columns,
        }
        if truth.channel == "whatsapp" and sender == "customer":
            row.setdefault("phone", self.person.phone)
        if self.now + late >= self.diary.as_of:
            raise ValueError(f"the demo tells of {self.now}, which is after its own end")
        self.diary.record("messages", row, self.now + late)
        return row
