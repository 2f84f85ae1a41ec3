"""`python -m orchestration.dictionary`: write the dictionary of KPIs from their registry.

One page per language in `docs/`: what each KPI means, what it is divided by, which way is better.
"""

import csv
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from orchestration.config import PROJECT_DIR, Locale

PAGES: Mapping[Locale, str] = {"en": "docs/kpis.md", "ru": "docs/kpis.ru.md"}

_Row = Mapping[str, str]
_WORDS: Mapping[Locale, Mapping[str, str]] = {
    "en": {
        "title": "KPIs",
        "intro": (
            "Written by `make dictionary` from `seeds/kpis.csv`; a change belongs there. Words of "
            "the formulas are in `seeds/measures.csv`, targets of a business that sets none in "
            "`seeds/default_targets.csv`. ★ are shown on the terminal. Fewer observations than the "
            "least are shown and not judged; every value has a 95 % interval beside it."
        ),
        "formula": "formula",
        "unit": "unit",
        "direction": "better",
        "target": "target by default",
        "minimum": "least observations",
        "needs": "final",
        "rate": "share",
        "seconds": "seconds",
        "score": "points of the scale 1–5",
        "points": "points, −100 to 100",
        "count": "number",
        "minutes": "minutes",
        "money": "money, in the currency of the business",
        "higher": "more",
        "lower": "less",
        "neutral": "neither",
        "none": "at once",
        "settled": "once 72 hours have passed since the last message",
        "mature": "once the lead window of 7 days has passed as well",
        "weighted": "each message weighs as many as it was drawn for",
        "quantile": "the time within which {percent} % are answered of: {denominator}",
        "no_target": "—",
    },
    "ru": {
        "title": "Показатели",
        "intro": (
            "Страницу пишет `make dictionary` из `seeds/kpis.csv`: менять нужно там. Слова формул "
            "лежат в `seeds/measures.csv`, цели для тех, кто не задал своих, — в "
            "`seeds/default_targets.csv`. ★ видны в терминале. Если наблюдений меньше "
            "наименьшего числа, значение показано, но не оценено; рядом с каждым значением "
            "стоит 95 % интервал."
        ),
        "formula": "формула",
        "unit": "единица",
        "direction": "лучше",
        "target": "цель по умолчанию",
        "minimum": "наименьшее число наблюдений",
        "needs": "окончательно",
        "rate": "доля",
        "seconds": "секунды",
        "score": "баллы по шкале 1–5",
        "points": "пункты, от −100 до 100",
        "count": "число",
        "minutes": "минуты",
        "money": "деньги в валюте бизнеса",
        "higher": "больше",
        "lower": "меньше",
        "neutral": "не важно",
        "none": "сразу",
        "settled": "когда после последнего сообщения прошло 72 часа",
        "mature": "когда прошли ещё и 7 дней ожидания заявки",
        "weighted": "каждое сообщение весит столько, сколько представляет",
        "quantile": "время, за которое отвечено на {percent} % из числа: {denominator}",
        "no_target": "—",
    },
}


def main() -> int:
    """Write both pages. Returns the exit code."""
    for locale, path in PAGES.items():
        (PROJECT_DIR / path).write_text(page(PROJECT_DIR / "seeds", locale), encoding="utf-8")
        print(f"Wrote {path}.")
    return 0


def page(seeds: Path, locale: Locale) -> str:
    """Return the dictionary in Markdown, made of the registry that lies in the folder `seeds`.

    Raises KeyError where a KPI names a measure for which `measures.csv` has no words.
    """
    words = _WORDS[locale]
    measures = {row["measure"]: row[f"name_{locale}"] for row in _rows(seeds / "measures.csv")}
    targets = {row["kpi"]: row["target"] for row in _rows(seeds / "default_targets.csv")}
    kpis = sorted(_rows(seeds / "kpis.csv"), key=lambda row: (int(row["position"]), row["kpi"]))
    sections = [
        "\n".join(_section(kpi, measures, targets.get(kpi["kpi"]), words, locale)) for kpi in kpis
    ]
    return "\n\n".join([f"# {words['title']}", words["intro"], *sections]) + "\n"


def _section(
    kpi: _Row, measures: _Row, target: str | None, words: _Row, locale: Locale
) -> Iterator[str]:
    star = " ★" if kpi["is_headline"] == "true" else ""
    yield f"## {kpi[f'name_{locale}']}{star}"
    yield ""
    yield f"`{kpi['kpi']}` · {kpi[f'definition_{locale}']}"
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield f"| {words['formula']} | {_formula(kpi, measures, words)} |"
    yield f"| {words['unit']} | {words[kpi['unit']]} |"
    yield f"| {words['direction']} | {words[kpi['direction']]} |"
    yield f"| {words['target']} | {_target(kpi, target, words, locale)} |"
    yield f"| {words['minimum']} | {kpi['minimum_observations']} |"
    yield f"| {words['needs']} | {words[kpi['needs']]} |"


def _formula(kpi: _Row, measures: _Row, words: _Row) -> str:
    numerator = measures[kpi["numerator"]]
    if kpi["kind"] == "count":
        return numerator
    denominator = measures[kpi["denominator"]]
    scale = "" if kpi["scale"] == "1" else f"{kpi['scale']} × "
    match kpi["kind"]:
        case "quantile":
            percent = f"{float(kpi['quantile']):.0%}".removesuffix("%")
            return words["quantile"].format(percent=percent, denominator=denominator)
        case "nps":
            return f"{scale}({numerator} − {measures[kpi['deviation']]}) / {denominator}"
        case "weighted_rate":
            return f"{numerator} / {denominator}; {words['weighted']}"
        case _:
            return f"{scale}{numerator} / {denominator}"


def _target(kpi: _Row, target: str | None, words: _Row, locale: Locale) -> str:
    if target is None:
        return words["no_target"]
    bound = {"higher": "≥", "lower": "≤", "neutral": "="}[kpi["direction"]]
    number = f"{float(target) * 100:g} %" if kpi["unit"] == "rate" else f"{float(target):g}"
    return f"{bound} {number.replace('.', ',') if locale == 'ru' else number}"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


if __name__ == "__main__":
    sys.exit(main())
