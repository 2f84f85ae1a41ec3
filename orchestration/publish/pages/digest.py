"""The week of a business in a few lines: what changed by more than chance, the leak, what to do."""

from collections.abc import Iterator
from datetime import date

from orchestration.config import Locale
from orchestration.figures import day, shown
from orchestration.publish.pages.contents import Cell, Contents
from orchestration.publish.pages.layout import ALL_CHANNELS, Row
from orchestration.publish.pages.words import words

_WEEK = "last_7_days"
# A week is too young to say why its sessions were lost.
_MONTH = "last_28_days"
_MOST_CHANGES = 4
_MOST_ALERTS = 2


def render_digest(contents: Contents, locale: Locale) -> str:
    """Return at most ten lines of plain text, the last one ended as the others."""
    lines = [
        *_week(contents, locale),
        *_changes(contents, locale),
        *_leak(contents, locale),
        *_alerts(contents, locale),
    ]
    # A name may hold breaks of its own.
    return "".join(f"{' '.join(line.splitlines())}\n" for line in lines)


def _week(contents: Contents, locale: Locale) -> Iterator[str]:
    texts = words(locale)["digest"]
    [week] = [row for row in contents.tables["dim_periods"].objects() if row["period"] == _WEEK]
    yield texts["title"].format(
        name=contents.business["name"],
        first=_day(week["period_start"], locale),
        last=_day(week["period_end"], locale),
    )
    [sessions] = [row for row in _scorecard(contents) if row["kpi"] == "sessions"]
    yield texts["sessions"].format(value=shown(_number(sessions["value"]), "whole", locale))


def _changes(contents: Contents, locale: Locale) -> Iterator[str]:
    texts = words(locale)
    kpis = {kpi["kpi"]: kpi for kpi in contents.tables["dim_kpis"].objects()}
    changed = [
        (kpis[row["kpi"]], row)
        for row in _scorecard(contents)
        if row["is_change_significant"] and kpis[row["kpi"]]["direction"] != "neutral"
    ]
    changed.sort(key=lambda pair: (not pair[0]["is_headline"], pair[0]["position"]))
    if not changed:
        yield texts["digest"]["calm"]
    for kpi, row in changed[:_MOST_CHANGES]:
        change = _number(row["change"]) or 0.0
        is_better = (change > 0) == (kpi["direction"] == "higher")
        unit = "whole" if kpi["kind"] == "count" else str(kpi["unit"])
        currency = str(contents.business["currency"])
        yield texts["digest"]["change"].format(
            arrow="▲" if change > 0 else "▼",
            kpi=kpi[f"name_{locale}"],
            value=shown(_number(row["value"]), unit, locale, currency),
            before=shown(_number(row["previous_value"]), unit, locale, currency),
            verdict=texts["better" if is_better else "worse"],
        )


def _leak(contents: Contents, locale: Locale) -> Iterator[str]:
    texts = words(locale)["digest"]
    # Ordered by size; what is put down to nothing in particular cannot be mended.
    leak = next(
        (
            row
            for row in contents.tables["rpt_loss_reasons"].objects()
            if row["period"] == _MONTH
            and row["channel"] == ALL_CHANNELS
            and row["loss_reason"] != "other"
            and row["sessions"]
        ),
        None,
    )
    if leak is None:
        return
    [reason] = [
        row
        for row in contents.tables["dim_loss_reasons"].objects()
        if row["loss_reason"] == leak["loss_reason"]
    ]
    template = "leak_in_money" if leak["money_status"] == "measured" else "leak"
    yield texts[template].format(
        reason=reason[f"name_{locale}"],
        sessions=shown(_number(leak["sessions"]), "whole", locale),
        money=shown(
            _number(leak["money_lost_base"]), "money", locale, str(contents.business["currency"])
        ),
    )
    yield texts["advice"].format(advice=reason[f"advice_{locale}"])


def _alerts(contents: Contents, locale: Locale) -> Iterator[str]:
    raised = [row for row in contents.tables["rpt_alerts"].objects() if row["is_raised"]]
    for alert in raised[:_MOST_ALERTS]:
        yield f"! {alert[f'text_{locale}']}"


def _scorecard(contents: Contents) -> list[Row]:
    rows = contents.tables["rpt_scorecard"].objects()
    return [row for row in rows if row["period"] == _WEEK]


def _day(cell: Cell, locale: Locale) -> str:
    return day(date.fromisoformat(str(cell)), locale)


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None
