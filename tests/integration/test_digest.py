from collections.abc import Mapping
from dataclasses import replace

import pytest

from orchestration.config import Locale
from orchestration.publish.pages.contents import Cell, Contents, Table
from orchestration.publish.pages.digest import render_digest
from tests.integration.conftest import DemoRun
from tests.integration.shown_figures import Marts

SALON = "salon_lime"


@pytest.fixture(scope="module")
def contents(demo_run: DemoRun) -> Contents:
    return Marts(str(demo_run.exports / "marts.duckdb")).contents(SALON)


def table(*rows: Mapping[str, Cell]) -> Table:
    return Table(tuple(rows[0]) if rows else (), tuple(tuple(row.values()) for row in rows))


def change(kpi: str, before: float, after: float, is_significant: bool | None) -> dict[str, Cell]:
    return {
        "period": "last_7_days",
        "kpi": kpi,
        "value": after,
        "previous_value": before,
        "change": after - before,
        "is_change_significant": is_significant,
    }


def loss(reason: str, sessions: int, money: float | None = None) -> dict[str, Cell]:
    return {
        "period": "last_28_days",
        "channel": "all",
        "loss_reason": reason,
        "sessions": sessions,
        "money_lost_base": money,
        "money_status": "measured" if money else "no_data",
    }


def alert(text: str, is_raised: bool) -> dict[str, Cell]:
    return {"is_raised": is_raised, "text_ru": text, "text_en": text}


def lines_of(contents: Contents, locale: Locale, **tables: Table) -> list[str]:
    business = {**contents.business, "name": "Ромашка"}
    changed = replace(contents, business=business, tables={**contents.tables, **tables})
    text = render_digest(changed, locale)
    assert text.endswith("\n")
    return text.splitlines()


def small_week(contents: Contents, locale: Locale) -> list[str]:
    return lines_of(
        contents,
        locale,
        dim_periods=table(
            {"period": "last_7_days", "period_start": "2026-10-25", "period_end": "2026-10-31"}
        ),
        rpt_scorecard=table(
            change("sessions", 1100, 1234, True),
            change("ttr_in_target_rate", 0.9, 0.8123, True),
            change("handoff_rate", 0.2, 0.1, True),
            change("lead_conversion_rate", 0.2, 0.25, False),
            change("unanswered_rate", 0.1, 0.2, None),
        ),
        rpt_loss_reasons=table(loss("other", 90), loss("no_answer", 40), loss("price", 10)),
        rpt_alerts=table(alert("Тихо", False), alert("Ждут: 3", True)),
    )


def test_a_week_in_russian_tells_changes_beyond_chance_the_leak_and_what_to_do(
    contents: Contents,
) -> None:
    assert small_week(contents, "ru") == [
        "Ромашка: неделя 25.10.2026 – 31.10.2026",
        "Обращений: 1\u00a0234.",
        "▼ Ответ в срок: 81,2 % (было 90,0 %), стало хуже",
        "▼ Передано человеку: 10,0 % (было 20,0 %), стало лучше",
        "Главная потеря за 28 дней: «Никто не ответил», обращений: 40.",
        "Что сделать: Включите ответ бота на первое сообщение и назначьте ответственного за "
        "неотвеченные чаты.",
        "! Ждут: 3",
    ]


def test_a_week_in_english_says_the_same(contents: Contents) -> None:
    lines = small_week(contents, "en")

    assert lines[:2] == ["Ромашка: week 25 Oct 2026 – 31 Oct 2026", "Sessions: 1,234."]
    assert lines[2].startswith("▼ ")
    assert lines[2].endswith(": 81.2 % (was 90.0 %), worse")
    assert lines[3].endswith(": 10.0 % (was 20.0 %), better")
    assert "sessions: 40" in lines[4]
    assert lines[5].startswith("What to do: ")
    assert len(lines) == 7


def test_the_leak_tells_its_money_where_that_was_measured(contents: Contents) -> None:
    lines = lines_of(
        contents, "ru", rpt_loss_reasons=table(loss("price", 7, 41_500.4), loss("no_answer", 9))
    )

    assert (
        "Главная потеря за 28 дней: «Остановились на цене», обращений: 7, примерно 41\u00a0500 RUB."
        in lines
    )


def test_where_nothing_changed_it_says_so(contents: Contents) -> None:
    lines = lines_of(
        contents,
        "ru",
        rpt_scorecard=table(
            change("sessions", 5, 4, True), change("handoff_rate", 0.1, 0.2, False)
        ),
        rpt_loss_reasons=table(),
        rpt_alerts=table(),
    )

    assert lines[1:] == ["Обращений: 4.", "Заметных изменений нет."]


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_worst_week_takes_ten_lines(contents: Contents, locale: Locale) -> None:
    kpis = [str(kpi["kpi"]) for kpi in contents.tables["dim_kpis"].objects()]

    lines = lines_of(
        replace(contents, business={**contents.business, "name": "a\nb\u2028c"}),
        locale,
        rpt_scorecard=table(*(change(kpi, 0.9, 0.1, True) for kpi in kpis)),
        rpt_loss_reasons=table(loss("price", 7, 41_500.0)),
        rpt_alerts=table(*(alert("one\ntwo", True) for _ in range(9))),
    )

    assert len(lines) == 10
    assert lines[-1] == "! one two"


def test_the_digests_of_the_demo_are_short(demo_run: DemoRun) -> None:
    for digest in demo_run.exports.glob("*/digest.txt"):
        assert 3 <= len(digest.read_text(encoding="utf-8").splitlines()) <= 10
