"""`python -m orchestration.data_studio`: write calculated fields into the guides to Data Studio.

They follow from the registry of KPIs, so that nobody has to think out a formula: a ratio of sums
over rpt_kpi_daily, which holds for any day, channel or daypart that a chart shows.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from orchestration.config import PROJECT_DIR
from orchestration.publish.descriptions import describe_mart

Locale = Literal["ru", "en"]

GUIDES: Mapping[Locale, Path] = {
    "en": PROJECT_DIR / "docs" / "data-studio.md",
    "ru": PROJECT_DIR / "docs" / "data-studio.ru.md",
}
_REGISTRY = PROJECT_DIR / "seeds" / "kpis.csv"
_DAILY = "rpt_kpi_daily"
_GENERATED = re.compile(r"(<!-- fields -->\n).*(<!-- /fields -->\n)", re.DOTALL)
_HEADS = {
    "en": ("| field | formula | type |", "Only in `rpt_scorecard`, with the reason"),
    "ru": ("| поле | формула | тип |", "Только в `rpt_scorecard`, и почему"),
}
_UNITS = {
    "rate": {"en": "Percent", "ru": "Процент"},
    "count": {"en": "Number", "ru": "Число"},
    "seconds": {"en": "Number (seconds)", "ru": "Число (секунды)"},
    "score": {"en": "Number", "ru": "Число"},
    "points": {"en": "Number", "ru": "Число"},
}
_REASONS = {
    "quantile": {
        "en": "a median or percentile of days is none of the period",
        "ru": "медиана и квантиль по дням — не те, что за период",
    },
    "weighted_rate": {
        "en": "labels are weighted by how they were chosen",
        "ru": "метки взвешены по тому, как их выбирали",
    },
    "other": {
        "en": "the daily report does not hold both counts",
        "ru": "в дневном отчёте нет обоих слагаемых",
    },
}


@dataclass(frozen=True)
class Field:
    """A KPI as a calculated field; without a formula `reason` says why there is none."""

    kpi: str
    names: Mapping[str, str]
    unit: str
    formula: str
    reason: str


def read_fields(registry: Path = _REGISTRY) -> list[Field]:
    """Return every KPI of the registry in its order."""
    columns = set(describe_mart(_DAILY).columns)
    with registry.open(encoding="utf-8", newline="") as file:
        return [_field(row, columns) for row in csv.DictReader(file)]


def _field(row: Mapping[str, str], columns: set[str]) -> Field:
    names = {"ru": row["name_ru"], "en": row["name_en"]}
    formula = _formula(row, columns)
    reason = "" if formula else row["kind"] if row["kind"] in _REASONS else "other"
    return Field(row["kpi"], names, row["unit"], formula, reason)


def _formula(row: Mapping[str, str], columns: set[str]) -> str:
    kind, above, below = row["kind"], row["numerator"], row["denominator"]
    scale = "" if float(row["scale"] or 1) == 1 else f"{float(row['scale']):.17g} * "
    match kind:
        case "count" if above in columns:
            return f"SUM({above})"
        case "rate" | "mean" if {above, below} <= columns:
            return f"{scale}SUM({above}) / SUM({below})"
        case "nps" if {above, below, row["deviation"]} <= columns:
            return f"{scale}(SUM({above}) - SUM({row['deviation']})) / SUM({below})"
        case _:
            return ""


def render_fields(fields: list[Field], locale: Locale) -> str:
    """Return the Markdown of the fields to paste, and of the KPIs that are not to be computed."""
    head, others = _HEADS[locale]
    lines = [head, "|---|---|---|"]
    lines += [
        f"| {field.names[locale]} | `{field.formula}` | {_unit(field.unit, locale)} |"
        for field in fields
        if field.formula
    ]
    lines += ["", f"{others}:", ""]
    lines += [
        f"- {field.names[locale]} (`{field.kpi}`): {_REASONS[field.reason][locale]}"
        for field in fields
        if field.reason
    ]
    return "\n".join(lines) + "\n"


def _unit(unit: str, locale: Locale) -> str:
    return _UNITS.get(unit, {}).get(locale, unit)


def with_fields(guide: str, fields: list[Field], locale: Locale) -> str:
    """Return the guide with the fields that follow from the registry."""
    table = render_fields(fields, locale)
    return _GENERATED.sub(lambda marks: f"{marks[1]}\n{table}\n{marks[2]}", guide)


def main() -> None:
    """Write the fields into both guides."""
    fields = read_fields()
    for locale, path in GUIDES.items():
        guide = path.read_text(encoding="utf-8")
        path.write_text(with_fields(guide, fields, locale), encoding="utf-8")


if __name__ == "__main__":
    main()
