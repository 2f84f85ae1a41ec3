"""Business seconds against the clock on the wall, asked at every quarter of an hour."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.config import PROJECT_DIR
from tests.integration.adversarial_rows import SETTINGS
from tests.integration.models_in_memory import Models, compile_models, with_origin

# All offsets from UTC and all hours below are multiples of it: within one nothing opens or closes.
CELL = timedelta(minutes=15)
TARGET = 300
# Around the days on which clocks change in Berlin and New York, and the Russian holidays of May.
DAYS = [datetime(2026, *day) for day in ((3, 6), (3, 27), (4, 29), (10, 23), (10, 30))]
ZONES = ["Europe/Moscow", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]
# No edge lies in the hours that a night skips or repeats: what they mean there is a convention.
EDGES = st.integers(0, 96).map(lambda quarter: 15 * quarter).filter(lambda m: not 60 <= m < 180)
MOMENTS = st.builds(
    lambda day, seconds: day + timedelta(seconds=seconds),
    st.sampled_from(DAYS),
    st.integers(0, 4 * 86_400),
)


@dataclass(frozen=True)
class Business:
    """Hours by weekday (1 = Monday) in minutes, None for a business that says nothing of them."""

    zone: str
    hours: dict[int, list[tuple[int, int]]] | None
    holidays: Sequence[str]

    def closed_dates(self) -> set[date]:
        closed = {date.fromisoformat(day) for day in self.holidays if day != "ru"}
        return closed | (days_off() if "ru" in self.holidays else set())

    def is_open(self, moment: datetime) -> bool:
        """Whether the clock on the wall shows a time within the hours of its date."""
        local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone))
        if local.date() in self.closed_dates():
            return False
        minute = local.hour * 60 + local.minute
        intervals = (self.hours or {}).get(local.isoweekday(), [])
        return any(opens <= minute < closes for opens, closes in intervals)

    def open_seconds(self, earlier: datetime, later: datetime) -> float:
        cell = datetime(2026, 1, 1)
        cell += (earlier - cell) // CELL * CELL
        seconds = 0.0
        while cell < later:
            if self.is_open(cell):
                overlap = min(later, cell + CELL) - max(earlier, cell)
                seconds += overlap.total_seconds()
            cell += CELL
        return seconds


def days_off() -> set[date]:
    with (PROJECT_DIR / "seeds" / "production_calendar.csv").open(encoding="utf-8") as lines:
        return {
            date.fromisoformat(row["calendar_date"])
            for row in csv.DictReader(lines)
            if row["kind"] == "holiday"
        }


@dataclass(frozen=True)
class Wait:
    """A customer who wrote at `asked_at`, perhaps was handed over later, and was answered."""

    asked_at: datetime
    handed_after: timedelta | None
    answered_after: timedelta

    @property
    def human_asked_at(self) -> datetime:
        return self.asked_at + (self.handed_after or timedelta(0))

    @property
    def answered_at(self) -> datetime:
        return self.human_asked_at + self.answered_after


def intervals_of(edges: list[int]) -> list[tuple[int, int]]:
    edges = sorted(set(edges))
    return [pair for number, pair in enumerate(pairwise(edges)) if number % 2 == 0]


WEEKS = st.dictionaries(
    st.integers(1, 7), st.lists(EDGES, min_size=2, max_size=6).map(intervals_of), min_size=4
).filter(lambda week: any(week.values()))
BUSINESSES = st.builds(
    Business,
    zone=st.sampled_from(ZONES),
    hours=st.one_of(WEEKS, WEEKS, WEEKS, st.just({day: [(0, 1440)] for day in range(1, 8)})),
    holidays=st.lists(
        st.sampled_from(["ru", "2026-03-29", "2026-11-01", "2026-05-02"]), max_size=3
    ),
)
WAITS = st.builds(
    Wait,
    asked_at=MOMENTS,
    handed_after=st.one_of(st.none(), st.integers(1, 86_400).map(lambda s: timedelta(seconds=s))),
    answered_after=st.one_of(
        st.integers(0, 4 * 86_400).map(lambda s: timedelta(seconds=s)),
        st.integers(0, 6 * 10**8).map(lambda us: timedelta(microseconds=us)),
    ),
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return compile_models(tmp_path_factory.mktemp("models"))


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def raw_of(
    businesses: Sequence[tuple[Business, Sequence[Wait]]],
) -> dict[str, list[dict[str, Any]]]:
    raw: dict[str, list[dict[str, Any]]] = {
        "refresh_context": [{"as_of": datetime(2026, 12, 31)}],
        "businesses": [],
        "business_opening_hours": [],
        "business_holidays": [],
        "messages": [],
        "session_events": [],
    }
    for number, (business, waits) in enumerate(businesses):
        name = {"business_id": f"b{number}"}
        told = {"timezone": business.zone, "has_opening_hours": business.hours is not None}
        raw["businesses"].append(SETTINGS["businesses"][0] | name | told)
        raw["business_opening_hours"] += [
            name | {"weekday": weekday, "opens_at": clock(opens), "closes_at": clock(closes)}
            for weekday, intervals in (business.hours or {}).items()
            for opens, closes in intervals
        ]
        raw["business_holidays"] += [
            name | {"holiday": holiday} for holiday in dict.fromkeys(business.holidays)
        ]
        for session, wait in enumerate(waits):
            said = rows_of(wait, f"s{session}")
            raw["messages"] += [with_origin("messages", row, 0) | name for row in said[0]]
            raw["session_events"] += [
                with_origin("session_events", row, 0) | name for row in said[1]
            ]
    return raw


def rows_of(wait: Wait, session: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    message = {"channel": "web", "user_id": session, "session_id": session, "kind": "text"}
    spoken = [("customer", wait.asked_at), ("operator", wait.answered_at)]
    events = []
    if wait.handed_after is not None:
        spoken.append(("bot", wait.asked_at))
        events.append(
            {
                "event_id": session,
                "session_id": session,
                "event": "handoff_requested",
                "event_at": wait.human_asked_at,
            }
        )
    messages = [
        message | {"message_id": f"{session}-{sender}", "sender": sender, "sent_at": moment}
        for sender, moment in spoken
    ]
    return messages, events


@settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    businesses=st.lists(
        st.tuples(BUSINESSES, st.lists(WAITS, min_size=6, max_size=6)), min_size=6, max_size=6
    )
)
def test_business_seconds_are_those_in_which_the_clock_on_the_wall_shows_opening_hours(
    models: Models, businesses: list[tuple[Business, list[Wait]]]
) -> None:
    """Some hundreds of waits: over nights, lunch, holidays and days of 23 and 25 hours."""
    with models.build(raw_of(businesses)) as connection:
        rows = connection.execute(
            "select business_id, session_id, ttr_human_seconds, ttr_human_business_seconds, "
            "is_in_hours, is_answered_in_target from marts.fct_sessions"
        ).fetchall()
    found = {(business, session): facts for business, session, *facts in rows}
    for number, (business, waits) in enumerate(businesses):
        for session, wait in enumerate(waits):
            expected = business.open_seconds(wait.human_asked_at, wait.answered_at)
            calendar, seconds, is_in_hours, is_in_target = found[f"b{number}", f"s{session}"]
            assert calendar == wait.answered_after.total_seconds()
            assert seconds == pytest.approx(expected, rel=0, abs=1e-6), (business, wait)
            assert is_in_hours == business.is_open(wait.asked_at), (business, wait)
            if wait.handed_after is None:
                assert is_in_target == (seconds <= TARGET)


def test_without_opening_hours_nothing_is_known_of_them(models: Models) -> None:
    waits = [Wait(DAYS[0], None, timedelta(seconds=seconds)) for seconds in (TARGET, TARGET + 1)]
    with models.build(raw_of([(Business("Europe/Berlin", None, ["ru"]), waits)])) as connection:
        facts = connection.execute(
            "select ttr_human_business_seconds, is_in_hours, is_answered_in_target "
            "from marts.fct_sessions order by session_id"
        ).fetchall()
    assert facts == [(None, None, True), (None, None, False)]
