"""What a business.yml means, with the seeds for what it leaves out."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_SEEDS = Path(__file__).parents[4] / "seeds"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The holidays of article 112 of the Labour Code, and the days off that were moved to working days.
_RUSSIAN = {(1, day) for day in range(1, 9)} | {(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
_MOVED = {"2025-05-02", "2025-05-08", "2025-06-13", "2025-11-03", "2025-12-31"}
_MOVED |= {"2026-01-09", "2026-03-09", "2026-05-11", "2026-12-31"}


@dataclass(frozen=True)
class Business:
    """One business's settings, times of day as minutes since midnight."""

    business_id: str
    zone: ZoneInfo
    currency: str
    gap: timedelta
    window: timedelta
    hours: Mapping[int, Sequence[tuple[int, int]]] | None
    holidays: frozenset[str]
    dayparts: Mapping[str, tuple[int, int]]
    targets: Mapping[str, float]
    threshold: float | None
    fallbacks: frozenset[str]
    out_of_scope: frozenset[str]
    planned: frozenset[str]
    staff: frozenset[str]
    testers: frozenset[str]
    spam: Sequence[str]

    def local(self, moment: datetime) -> datetime:
        """The moment on the business's own clock."""
        return moment.astimezone(self.zone)

    def daypart(self, moment: datetime) -> str:
        """The daypart of a moment."""
        local = self.local(moment)
        minute = local.hour * 60 + local.minute
        for name, (start, end) in self.dayparts.items():
            if start <= minute < end or (end <= start and (minute >= start or minute < end)):
                return name
        raise AssertionError(f"{local} is in no daypart")

    def open_intervals(self, day: date) -> list[tuple[datetime, datetime]]:
        """When the doors are open on a local date."""
        if self.hours is None or self._is_holiday(day):
            return []
        return [
            (self._at(day, start), self._at(day, end))
            for start, end in self.hours.get(day.isoweekday(), ())
        ]

    def is_open(self, moment: datetime) -> bool | None:
        """Whether the doors are open; None where no hours are set."""
        if self.hours is None:
            return None
        day = self.local(moment).date()
        return any(start <= moment < end for start, end in self.open_intervals(day))

    def business_seconds(self, start: datetime, end: datetime) -> float | None:
        """Seconds of an interval in which the doors are open; None where no hours are set."""
        if self.hours is None:
            return None
        day, last, total = self.local(start).date(), self.local(end).date(), 0.0
        while day <= last:
            for opens, closes in self.open_intervals(day):
                total += max(0.0, (min(end, closes) - max(start, opens)).total_seconds())
            day += timedelta(days=1)
        return total

    def _is_holiday(self, day: date) -> bool:
        is_russian = (day.month, day.day) in _RUSSIAN or day.isoformat() in _MOVED
        if "ru" in self.holidays and is_russian:
            return True
        return day.isoformat() in self.holidays

    def _at(self, day: date, minute: int) -> datetime:
        days, minute = divmod(minute, 24 * 60)
        clock = time(minute // 60, minute % 60, tzinfo=self.zone)
        moment = datetime.combine(day + timedelta(days=days), clock)
        return moment.astimezone(ZoneInfo("UTC"))


def read_business(business_id: str, given: Mapping[str, Any]) -> Business:
    """Complete the settings of a business.yml as read from YAML."""
    default = {row["setting"]: row["value"] for row in seed("business_defaults")}
    dayparts = given.get("dayparts") or {
        row["daypart"]: f"{row['starts_at']}-{row['ends_at']}" for row in seed("dayparts")
    }
    targets = {row["kpi"]: float(row["target"]) for row in seed("default_targets")}
    roles = {role: {row["intent"] for row in seed("intent_roles") if row["role"] == role}
             for role in ("fallback_intents", "out_of_scope_intents")}  # fmt: skip
    hours = given.get("opening_hours")
    return Business(
        business_id=business_id,
        zone=ZoneInfo(given.get("timezone", default["timezone"])),
        currency=given.get("currency", default["currency"]),
        gap=timedelta(
            minutes=int(given.get("session_gap_minutes", default["session_gap_minutes"]))
        ),
        window=timedelta(days=int(given.get("lead_window_days", default["lead_window_days"]))),
        hours=None if hours is None else _hours(hours),
        holidays=frozenset(map(str, given.get("holidays", ()))),
        dayparts={name: _interval(text) for name, text in dayparts.items()},
        targets=targets | given.get("targets", {}),
        threshold=given.get("intent_threshold"),
        fallbacks=frozenset(given.get("fallback_intents") or roles["fallback_intents"]),
        out_of_scope=frozenset(given.get("out_of_scope_intents") or roles["out_of_scope_intents"])
        | {"out_of_scope"},
        planned=frozenset(given.get("planned_handoff_scenarios", ())),
        staff=frozenset(map(str, given.get("staff_user_ids", ()))),
        testers=frozenset(map(str, given.get("test_user_ids", ()))),
        spam=given.get("spam_patterns", ()),
    )


@cache
def seed(name: str) -> list[dict[str, str]]:
    """The rows of a seed."""
    with (_SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _hours(given: Mapping[str, Any]) -> dict[int, list[tuple[int, int]]]:
    return {
        _WEEKDAYS.index(day[:3]) + 1: [
            _interval(text) for text in ([intervals] if isinstance(intervals, str) else intervals)
        ]
        for day, intervals in given.items()
    }


def _interval(text: str) -> tuple[int, int]:
    minutes = [int(hour) * 60 + int(minute) for hour, minute in re.findall(r"(\d\d):(\d\d)", text)]
    return minutes[0], minutes[1]
