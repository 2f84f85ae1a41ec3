"""The kinds of values that business.yml holds: how each is written and what is allowed.

Every kind is a type for pydantic; a value that is not allowed raises ValueError saying why.
"""

import csv
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Annotated
from zoneinfo import available_timezones

import duckdb
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    StrictInt,
    StrictStr,
    StringConstraints,
)

from orchestration.config import PROJECT_DIR

SEEDS_DIR = PROJECT_DIR / "seeds"
THRESHOLD_TARGETS = ("ttr_bot_target_seconds", "ttr_human_target_seconds")
MINUTES_OF_DAY = 24 * 60

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_INTERVAL = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))")


class Interval(BaseModel):
    """A part of a day in local time, half-open, minutes since midnight; the end may be 1440."""

    model_config = ConfigDict(frozen=True)

    start: int
    end: int

    def texts(self) -> tuple[str, str]:
        """Start and end as HH:MM."""
        return _clock(self.start), _clock(self.end)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _interval(value: object) -> object:
    if isinstance(value, Interval):
        return value
    match = _INTERVAL.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{value!r} is not HH:MM-HH:MM")
    start_hour, start_minute, end_hour, end_minute = (int(part) for part in match.groups() if part)
    return Interval(start=start_hour * 60 + start_minute, end=end_hour * 60 + end_minute)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _holidays_as_list(value: object) -> object:
    return [value] if isinstance(value, str | date) else value


def _as_text(value: object) -> object:
    # YAML reads an id of digits as a number.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_joined_text(value: object) -> object:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    return _as_text(value)


def _time_zone(value: str) -> str:
    if value not in _time_zones():
        raise ValueError("no such time zone")
    return value


def _pattern(value: str) -> str:
    try:
        matched = _engine().cursor().execute("select regexp_matches('', ?)", [value]).fetchone()
    except duckdb.Error as error:
        raise ValueError(str(error).removeprefix("Invalid Input Error: ")) from None
    if matched and matched[0]:
        raise ValueError(f"{value!r} matches every message")
    return value


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    # Starting one takes longer than trying a hundred patterns.
    return duckdb.connect()


def _holiday(value: object) -> object:
    if value == "ru":
        return value
    return _iso_date(value).isoformat()


def _iso_date(value: object) -> date:
    # A YAML time is a date too, to Python.
    if type(value) is date:
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value)
    raise ValueError(f"{value!r} is not a date")


def _hours(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    by_day: dict[int, object] = {}
    for name, intervals in value.items():
        days = [
            number
            for number, weekday in enumerate(_WEEKDAYS, start=1)
            if name in {weekday, weekday[:3]}
        ]
        if not days:
            raise ValueError(f"{name!r} is no weekday")
        if days[0] in by_day:
            raise ValueError(f"{name!r} is given twice")
        by_day[days[0]] = _as_list(intervals)
    return by_day


def _separate(intervals: list[Interval]) -> list[Interval]:
    intervals = sorted(intervals, key=lambda interval: interval.start)
    if any(interval.start >= interval.end for interval in intervals):
        raise ValueError(
            "an interval must end after it starts; hours past midnight go to the next day"
        )
    for earlier, later in pairwise(intervals):
        if later.start < earlier.end:
            raise ValueError(f"{'-'.join(earlier.texts())} and {'-'.join(later.texts())} overlap")
    return intervals


def _cover_day(dayparts: dict[str, Interval]) -> dict[str, Interval]:
    times = [0] * MINUTES_OF_DAY
    for part in dayparts.values():
        end = part.end if part.end > part.start else part.end + MINUTES_OF_DAY
        for minute in range(part.start, end):
            times[minute % MINUTES_OF_DAY] += 1
    for count, fault in ((0, "in no daypart"), (2, "in more than one daypart")):
        minutes = [minute for minute, held in enumerate(times) if min(held, 2) == count]
        if minutes:
            raise ValueError(f"{_clock(minutes[0])} is {fault}")
    return dayparts


def _reachable(targets: dict[str, float]) -> dict[str, float]:
    for name, value in targets.items():
        if name not in target_units():
            raise ValueError(f"{name!r} is no KPI")
        if target_units()[name] == "rate" and not 0 <= value <= 1:
            raise ValueError(f"{name} is a share, from 0 to 1")
    return targets


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    return value


@cache
def target_units() -> Mapping[str, str]:
    """Unit of each KPI of seeds/kpis.csv and of the thresholds of time to first response."""
    with (SEEDS_DIR / "kpis.csv").open(encoding="utf-8", newline="") as rows:
        units = {row["kpi"]: row["unit"] for row in csv.DictReader(rows)}
    return units | dict.fromkeys(THRESHOLD_TARGETS, "seconds")


@cache
def default_settings() -> Mapping[str, str]:
    """What a business.yml leaves out, by setting, from seeds/business_defaults.csv."""
    with (SEEDS_DIR / "business_defaults.csv").open(encoding="utf-8", newline="") as rows:
        return {row["setting"]: row["value"] for row in csv.DictReader(rows)}


@cache
def _time_zones() -> frozenset[str]:
    # The engine converts the times, but it also knows aliases that are not IANA's.
    with duckdb.connect() as connection:
        known = connection.execute("select name from pg_timezone_names()").fetchall()
    return frozenset(available_timezones() & {name for (name,) in known})


Text = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1)]
Ids = Annotated[list[Annotated[Text, BeforeValidator(_as_text)]], BeforeValidator(_as_list)]
Names = dict[Text, Annotated[Text, BeforeValidator(_as_text)]]
NamesOrLists = dict[Text, Annotated[Text, BeforeValidator(_as_joined_text)]]
Patterns = Annotated[list[Annotated[Text, AfterValidator(_pattern)]], BeforeValidator(_as_list)]
TimeZone = Annotated[Text, AfterValidator(_time_zone)]
Currency = Annotated[Text, StringConstraints(pattern=r"^[A-Z]{3}$")]
WholeNumber = Annotated[StrictInt, Field(gt=0)]
Number = Annotated[FiniteFloat, BeforeValidator(_number)]
Share = Annotated[Number, Field(ge=0, le=1)]
Amount = Annotated[Number, Field(ge=0)]
Day = Annotated[date, BeforeValidator(_iso_date)]
Holidays = Annotated[
    list[Annotated[Text, BeforeValidator(_holiday)]], BeforeValidator(_holidays_as_list)
]
TimeOfDay = Annotated[Interval, BeforeValidator(_interval)]
OpeningHours = Annotated[
    dict[int, Annotated[list[TimeOfDay], AfterValidator(_separate)]], BeforeValidator(_hours)
]
Dayparts = Annotated[dict[Text, TimeOfDay], AfterValidator(_cover_day)]
Targets = Annotated[dict[Text, Number], AfterValidator(_reachable)]
