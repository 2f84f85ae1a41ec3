"""All scenarios as rows, and the landing zone that they make."""

import csv
import importlib
import io
import json
import pkgutil
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tests.integration.golden import scenarios
from tests.integration.golden.scenario import LATE, Row, Scenario, Telling, slug

AS_OF = datetime(2026, 11, 3, 9, tzinfo=UTC)
BUSINESSES = ("lotus", "havel", "kochi", "bare")
_SETTINGS = Path(__file__).parent / "businesses"
# Scenarios without a day of their own take working days from here back.
_LAST_DAY = date(2026, 10, 16)
_HOLIDAYS = {date(2026, 9, 9), date(2026, 6, 12), date(2026, 5, 1), date(2026, 5, 11)}
_HOLIDAYS |= {date(2026, 3, 9), date(2026, 2, 23), date(2025, 11, 3), date(2025, 11, 4)}
# A business whose files are CSV, as the other kind of file.
_IN_CSV = "havel"
# Any will do, as long as a failure can be repeated.
_SEED = 20261103


@dataclass(frozen=True)
class Told:
    """A scenario with its rows by stream, times as aware datetimes."""

    scenario: Scenario
    telling: Telling

    @property
    def rows(self) -> dict[str, list[Row]]:
        """Rows by stream, in the order of their delivery."""
        return self.telling.rows


def settings(business: str) -> dict[str, Any]:
    """What business.yml of a business says; empty where it has none."""
    path = _SETTINGS / f"{business}.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


@cache
def all_told() -> tuple[Told, ...]:
    """Every scenario, told; no two sessions of a channel begin at once."""
    told: dict[int, Told] = {}
    taken: set[tuple[str, str, datetime]] = set()
    numbered = list(enumerate(_scenarios()))
    # Those with a day of their own choose first.
    for number, scenario in sorted(numbered, key=lambda pair: (pair[1].day is None, pair[0])):
        zone = settings(scenario.business).get("timezone", "Europe/Moscow")
        days = [date.fromisoformat(scenario.day)] if scenario.day else _working_days()
        for day in days:
            telling = Telling(scenario, day, zone, number)
            moments = {
                (scenario.business, row["channel"], row["sent_at"])
                for row in telling.rows.get("messages", ())
            }
            if not moments & taken:
                break
        else:
            raise ValueError(f"{scenario.name}: another scenario has a message at the same time")
        taken |= moments
        told[number] = Told(scenario, telling)
    if len({slug(scenario.name) for _, scenario in numbered}) < len(numbered):
        raise ValueError("two scenarios bear one name")
    return tuple(told[number] for number, _ in numbered)


def rows_of(business: str, stream: str) -> list[Row]:
    """All rows of one stream of a business, as they come."""
    return [
        row
        for told in all_told()
        if told.scenario.business == business
        for row in told.rows.get(stream, [])
    ]


def write_whole(landing: Path) -> None:
    """Write everything, one file per stream, in the order in which it is told."""
    _write(landing, "all", _all, lambda rows: [list(rows)])


def write_first(landing: Path) -> None:
    """Write what is not late: in another order, in three files, some rows twice."""
    _write(landing, "first", lambda row: LATE not in row, _shuffled)


def write_late(landing: Path) -> None:
    """Write what is late, and some of the rest once more."""
    _write(landing, "late", lambda row: LATE in row, _shuffled)


def _scenarios() -> Iterator[Scenario]:
    for module in pkgutil.iter_modules(scenarios.__path__):
        yield from importlib.import_module(f"{scenarios.__name__}.{module.name}").SCENARIOS


def _working_days() -> Iterator[date]:
    day = _LAST_DAY
    while True:
        # Nobody works from Christmas to the end of the Russian holidays.
        is_winter = (day.month, day.day) > (12, 24) or (day.month, day.day) < (1, 12)
        if day.weekday() < 5 and day not in _HOLIDAYS and not is_winter:
            yield day
        day -= timedelta(days=1)


def _all(_: Row) -> bool:
    return True


def _shuffled(rows: Sequence[Row]) -> list[list[Row]]:
    chance = random.Random(f"{_SEED} {len(rows)}")  # noqa: S311
    rows = [*rows, *chance.sample(rows, len(rows) // 10)]
    chance.shuffle(rows)
    return [rows[number::3] for number in range(3)]


def _write(
    landing: Path,
    name: str,
    wanted: Callable[[Row], bool],
    cut: Callable[[Sequence[Row]], list[list[Row]]],
) -> None:
    for business in BUSINESSES:
        by_stream: dict[str, list[Row]] = {}
        for told in all_told():
            if told.scenario.business != business:
                continue
            for stream, rows in told.rows.items():
                by_stream.setdefault(stream, []).extend(
                    _written(row, told.scenario) for row in rows if wanted(row)
                )
        for stream, rows in by_stream.items():
            folder = landing / business / "generic" / stream
            folder.mkdir(parents=True, exist_ok=True)
            for number, part in enumerate(filter(None, cut(rows))):
                text = _as_csv(part) if business == _IN_CSV else _as_lines(part)
                suffix = "csv" if business == _IN_CSV else "jsonl"
                (folder / f"{name}-{number}.{suffix}").write_text(text, encoding="utf-8")
        source = _SETTINGS / f"{business}.yml"
        if source.exists():
            (landing / business / "business.yml").write_bytes(source.read_bytes())


def _written(row: Row, scenario: Scenario) -> Row:
    zone = ZoneInfo(settings(scenario.business).get("timezone", "Europe/Moscow"))
    return {
        name: _written_time(value, zone, scenario.times) if isinstance(value, datetime) else value
        for name, value in row.items()
        if name != LATE
    }


def _written_time(moment: datetime, zone: ZoneInfo, times: str) -> str | int:
    if times == "epoch":
        return int(moment.timestamp())
    if times == "millis":
        return int(moment.timestamp() * 1000)
    local = moment.astimezone(zone)
    return (local.replace(tzinfo=None) if times == "naive" else local).isoformat()


def _as_lines(rows: Sequence[Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _as_csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
