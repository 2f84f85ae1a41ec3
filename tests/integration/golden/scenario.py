"""The language of the scenarios: a few readable lines become rows of the landing zone's streams.

A scenario is a name, lines and what a person says of its sessions at sight. A line is

    <time> <what happens> | <attributes>

`<time>` is `10:00`, `10:00:03.5` (local, on the scenario's day), `day+1 10:00`, `10:00Z` (UTC) or
`+24h`, `+1h30m`, `+3s` after the line before. What happens is one of

    customer|bot|operator|system <text>     a message
    event <event>                           a session event
    rating <survey> <metric> <score>/<max>
    label <true intent>                     of=<line's id> by=<labeller> p=<probability>
    lead|deal|booking <id>                  a version of a record: its later lines say what changed
    stage lead|deal <id> <stage>            an entry of the stage history

Attributes are columns of the stream (some under the short names below). Ids, people, chats, phones
and e-mails that are one capital letter and digits (`A`, `L1`) are the scenario's own, so that
no scenario knows of another; whatever else they are stands as it is. Lines come in the order of
their delivery.
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
# Marks a row that comes with the second delivery; no column of a stream.
LATE = "late"

_OWN = re.compile(r"[A-Z]\d*")
_CLOCK = re.compile(r"(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(Z?)")
_LATER = re.compile(r"\+(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?")
_SENDERS = ("customer", "bot", "operator", "system", "client", "agent", "assistant", "manager")
_WORDS: Mapping[str, tuple[str, Any]] = {
    "ack": ("is_ack", True),
    "broadcast": ("is_broadcast", True),
    "fallback": ("is_fallback", True),
    "media": ("kind", "media"),
    "button": ("kind", "button"),
    "service": ("kind", "service"),
    "right": ("intent_correct", True),
    "wrong": ("intent_correct", False),
    "deleted": ("is_deleted", True),
    "kept": ("is_deleted", False),
    "returning": ("is_returning", True),
    "late": (LATE, True),
}
_SHORT = {
    "confidence": "intent_confidence",
    "session": "session_id",
    "user": "user_id",
    "chat": "chat_id",
    "version": "bot_version",
    "starts": "starts_at",
    "closed": "closed_at",
    "created": "created_at",
    "modified": "modified_at",
    "paid": "paid_amount",
    "contact": "contact_id",
    "lead": "lead_id",
    "deal": "deal_id",
    "merged": "merged_into",
    "reference": "chat_reference",
    "operator": "operator_id",
}
# What a record is until its lines say otherwise.
_FIRST = {"lead": {"status": "new"}, "deal": {"stage": "new"}, "booking": {"status": "booked"}}
_NUMBERS = ("intent_confidence", "amount", "paid_amount", "selection_probability")
_TIMES = ("starts_at", "closed_at", "created_at", "modified_at", "paid_at")
_IDS = ("session_id", "user_id", "chat_id", "lead_id", "deal_id", "merged_into", "contact_id")


@dataclass(frozen=True)
class Scenario:
    """A scenario as it is told; `told` is one mapping of columns per session, in order of time.

    `told_leads` is by the lead's id as in the lines; `shared` are attributes of all messages and
    events; `times` is how the times are written (offset, naive, epoch or millis).
    """

    name: str
    lines: str
    told: Sequence[Mapping[str, Any]] = ()
    told_leads: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    business: str = "lotus"
    day: str | None = None
    shared: str = ""
    times: str = "offset"


def scenario(name: str, lines: str, *told: Mapping[str, Any], **details: Any) -> Scenario:
    """Make a scenario of a business's; `details` are the other fields of Scenario."""
    details["told_leads"] = details.pop("leads", {})
    return Scenario(name, lines, told, **details)


def slug(name: str) -> str:
    """A name of the scenario that ids can be made of."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


class Telling:
    """One scenario being turned into rows: `rows` by stream, times as aware datetimes."""

    def __init__(self, told: Scenario, day: date, zone: str, number: int) -> None:
        """Tell a scenario on `day`; `number` is another one for each scenario of all."""
        self._slug = slug(told.name)
        self._day = day
        self._zone = ZoneInfo(zone)
        self._number = number
        self._now = datetime.min
        self._records: dict[tuple[str, str], Row] = {}
        self._shared = self._attributes(told.shared)
        self.rows: dict[str, list[Row]] = {}
        for number_of_line, line in enumerate(filter(None, map(str.strip, told.lines.split("\n")))):
            self._tell(line, number_of_line + 1)

    def own(self, name: str) -> str:
        """An id of this scenario's own, where it is one."""
        return f"{self._slug}-{name}" if _OWN.fullmatch(name) else name

    def _tell(self, line: str, number: int) -> None:
        text, _, attributes = line.partition(" | ")
        words = text.split()
        start = 2 if words[0].startswith("day+") else 1
        self._now = self.moment(" ".join(words[:start]))
        what, rest = words[start], words[start + 1 :]
        given = self._attributes(attributes)
        if what in _SENDERS:
            self._message(what, " ".join(rest), given, number)
        elif what == "event":
            row: Row = {
                "event_id": f"{self._slug}-{number}",
                "event": rest[0],
                "event_at": self._now,
            }
            self._add("session_events", row | self._place() | given)
        elif what == "rating":
            score, _, most = rest[2].partition("/")
            row = {"survey": rest[0], "metric": rest[1], "score": float(score)}
            row |= {"scale_max": float(most), "rated_at": self._now}
            who = {} if {"session_id", "user_id", "lead_id"} & given.keys() else self._whose()
            self._add("ratings", {"rating_id": f"{self._slug}-{number}"} | row | who | given)
        elif what == "label":
            self._label(rest[0], given)
        elif what == "stage":
            row = {"entity": rest[0], "entity_id": self.own(rest[1]), "stage": rest[2]}
            given = {("stage_semantic" if k == "semantic" else k): v for k, v in given.items()}
            self._add("stage_history", row | {"entered_at": self._now} | given)
        else:
            self._version(what, self.own(rest[0]), given)

    def _message(self, sender: str, body: str, given: Row, number: int) -> None:
        row: Row = {"message_id": f"{self._slug}-{number}", "channel": "telegram"}
        row |= {"user_id": self._slug, "sent_at": self._now, "sender": sender, "body": body or None}
        row |= self._shared | given
        self._add("messages", row)

    def _label(self, true_intent: str, given: Row) -> None:
        row: Row = {
            "message_id": f"{self._slug}-{given.pop('of')}",
            "true_intent": true_intent,
            "labeller": given.pop("by", "ann"),
            "labelled_at": self._now,
        }
        if "p" in given:
            row["selection_probability"] = float(given.pop("p"))
        self._add("intent_labels", row | given)

    def _version(self, kind: str, record_id: str, given: Row) -> None:
        semantic = "status_semantic" if kind == "lead" else "stage_semantic"
        given = {(semantic if key == "semantic" else key): value for key, value in given.items()}
        new = {f"{kind}_id": record_id, "created_at": self._now, **_FIRST[kind]}
        before = self._records.get((kind, record_id), new)
        row = before | {"modified_at": self._now} | given
        self._records[kind, record_id] = row
        self._add(f"{kind}s", row)

    def _place(self) -> Row:
        if "session_id" in self._shared:
            return {"session_id": self._shared["session_id"]}
        return {"channel": self._shared.get("channel", "telegram")} | self._whose()

    def _whose(self) -> Row:
        if "session_id" in self._shared:
            return {"session_id": self._shared["session_id"]}
        return {"user_id": self._shared.get("user_id", self._slug)}

    def _add(self, stream: str, row: Row) -> None:
        self.rows.setdefault(stream, []).append(
            {name: value for name, value in row.items() if value is not None}
        )

    def _attributes(self, text: str) -> Row:
        given: Row = {}
        for part in shlex.split(text):
            name, equals, value = part.partition("=")
            if equals:
                given |= self._attribute(_SHORT.get(name, name), value)
            else:
                name, constant = _WORDS[name]
                given[name] = constant
        return given

    def _attribute(self, name: str, value: str) -> Row:
        value = value.replace("{user}", self._slug).replace("{chat}", f"{self._slug}-C")
        own = _OWN.fullmatch(value)
        if name == "id":
            return {"message_id": f"{self._slug}-{value}"}
        if name in _TIMES:
            return {name: self.moment(value)}
        if name in _NUMBERS:
            return {name: float(value)}
        if name == "sequence":
            return {name: int(value)}
        if name == "phone" and own:
            return {name: f"+7900{self._number:05}{ord(value) - ord('A') + 10}"}
        if name == "email" and own:
            return {name: f"{value.lower()}@{self._slug}.example"}
        return {name: self.own(value) if name in _IDS else value}

    def moment(self, text: str) -> datetime:
        """The moment that a text of a line stands for."""
        day, _, clock = text.rpartition(" ")
        if not day and clock.startswith("+"):
            later = _LATER.fullmatch(clock)
            if later is None:
                raise ValueError(f"{self._slug}: no time {text!r}")
            days, hours, minutes, seconds = (float(part or 0) for part in later.groups())
            return self._now + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        found = _CLOCK.fullmatch(clock)
        if found is None:
            raise ValueError(f"{self._slug}: no time {text!r}")
        hour, minute, second, universal = found.groups()
        seconds_of_minute = float(second or 0)
        moment = datetime(
            *(self._day + timedelta(days=int(day.removeprefix("day+") or 0))).timetuple()[:3],
            int(hour),
            int(minute),
            int(seconds_of_minute),
            round(seconds_of_minute % 1 * 1_000_000),
            tzinfo=UTC if universal else self._zone,
        )
        return moment.astimezone(UTC)
