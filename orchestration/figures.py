"""How a figure is shown to a person: in its unit and language."""

from calendar import month_abbr
from datetime import date

from orchestration.config import Locale

NOTHING = "—"
# Seconds beyond two minutes, and minutes beyond two hours, say less than the next unit.
_TIME_UNITS: tuple[tuple[int, int, dict[Locale, str]], ...] = (
    (7200, 3600, {"ru": "ч", "en": "h"}),
    (120, 60, {"ru": "мин", "en": "min"}),
    (0, 1, {"ru": "с", "en": "s"}),
)


def shown(value: float | None, unit: str, locale: Locale, currency: str = "") -> str:
    """Return the figure as text; `unit` is one of the registry of KPIs or `whole`, a count."""
    if value is None:
        return NOTHING
    match unit:
        case "rate":
            text = f"{value * 100:.1f} %"
        case "seconds":
            text = _duration(value, locale)
        case "score":
            text = f"{value:.2f}"
        case "money":
            text = f"{value:,.0f} {currency}"
        case "whole":
            text = f"{value:,.0f}"
        case _:
            text = f"{value:,.1f}"
    # Russian groups thousands by a space that does not break and has a decimal comma.
    return text.translate({44: 0xA0, 46: ","}) if locale == "ru" else text


def day(value: date, locale: Locale) -> str:
    """Return a day as nobody can take for another: 24.11.2026, 24 Nov 2026."""
    if locale == "ru":
        return f"{value:%d.%m.%Y}"
    return f"{value.day:02} {month_abbr[value.month]} {value.year}"


def _duration(seconds: float, locale: Locale) -> str:
    divisor, unit = next(
        (divisor, unit[locale]) for least, divisor, unit in _TIME_UNITS if abs(seconds) >= least
    )
    return f"{seconds / divisor:,.1f} {unit}"
