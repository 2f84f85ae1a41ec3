from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from orchestration.config import Locale
from orchestration.scorecard import Line, print_scorecard, read_scorecard
from tests.integration.conftest import Places


def printed(lines: list[list[Line]], locale: Locale, *, has_colours: bool = False) -> str:
    colours: dict[str, Any] = {"color_system": "standard"} if has_colours else {}
    console = Console(
        file=StringIO(), width=120, force_terminal=has_colours, markup=False, **colours
    )
    print_scorecard(console, lines, locale)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def line(**changes: object) -> Line:
    values = {
        "business": "Салон",
        "period": "последние 28 дней",
        "period_start": "2026-10-04",
        "period_end": "2026-10-31",
        "kpi": "Конверсия",
        "unit": "rate",
        "kind": "rate",
        "direction": "higher",
        "value": 0.1234,
        "lower": 0.1,
        "upper": 0.15,
        "target": 0.2,
        "status": "off_target",
        "currency": "RUB",
        **changes,
    }
    return Line(**values)  # type: ignore[arg-type]


def cells(text: str) -> list[str]:
    [row] = [row for row in text.splitlines() if "Конверсия" in row]
    return [cell.strip().replace("\xa0", " ") for cell in row.split("│")[1:-1]]


@pytest.mark.parametrize(
    ("changes", "locale", "value"),
    [
        ({}, "ru", "12,3 %"),
        ({}, "en", "12.3 %"),
        ({"unit": "seconds", "kind": "quantile", "value": 2.04}, "ru", "2,0 с"),
        ({"unit": "seconds", "kind": "quantile", "value": 1778.2}, "en", "29.6 min"),
        ({"unit": "seconds", "kind": "quantile", "value": 604800.0}, "ru", "168,0 ч"),
        ({"unit": "count", "kind": "count", "value": 1234.0}, "ru", "1 234"),
        ({"unit": "score", "kind": "mean", "value": 4.256}, "ru", "4,26"),
        ({"unit": "money", "kind": "mean", "value": 1342.6}, "ru", "1 343 RUB"),
        ({"unit": "money", "kind": "mean", "value": 1342.6}, "en", "1,343 RUB"),
        ({"unit": "minutes", "kind": "mean", "value": 61.26}, "en", "61.3"),
        ({"unit": "points", "kind": "nps", "value": 40.04}, "en", "40.0"),
        ({"value": None}, "ru", "—"),
    ],
)
def test_a_value_is_shown_in_its_unit_and_language(
    changes: dict[str, object], locale: Locale, value: str
) -> None:
    assert cells(printed([[line(**changes)]], locale))[1] == value


def test_a_line_shows_interval_target_and_light_in_words() -> None:
    assert cells(printed([[line()]], "ru")) == [
        "Конверсия",
        "12,3 %",
        "10,0 % … 15,0 %",
        "≥ 20,0 %",
        "мимо цели",
    ]
    assert cells(printed([[line(direction="lower")]], "en"))[3:] == ["≤ 20.0 %", "off target"]


def test_a_kpi_without_a_target_has_no_light_but_says_what_is_missing() -> None:
    assert cells(printed([[line(target=None, status="undecided")]], "ru"))[3:] == ["", ""]
    assert cells(printed([[line(target=None, status="no_data")]], "ru"))[4] == "нет данных"


def test_lights_have_colours_on_a_terminal_only() -> None:
    assert "\x1b[31mмимо цели" in printed([[line()]], "ru", has_colours=True)
    assert "\x1b[" not in printed([[line()]], "ru")


def test_every_business_of_the_demo_has_the_ten_main_kpis(demo_warehouse: Path) -> None:
    businesses = read_scorecard(demo_warehouse, "en")

    assert len(businesses) == 3
    assert {lines[0].period for lines in businesses} == {"last 28 days"}
    [kpis] = {tuple(line.kpi for line in lines) for lines in businesses}
    assert len(kpis) == 10
    assert "Intent accuracy" in printed(businesses, "en")


def test_a_language_without_a_scorecard_is_refused(places: Places) -> None:
    run = places.refresh("--locale", "fr")

    assert run.returncode == 1
    assert run.stderr == "LOCALE='fr' is no language of the scorecard: set it to ru or en.\n"
