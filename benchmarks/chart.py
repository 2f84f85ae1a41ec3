"""A bar chart as SVG: a bar per competitor, in coloured parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH = 900
_NAMES_WIDTH = 190
_BARS_WIDTH = 610
_BAR_HEIGHT = 22
_ROW_HEIGHT = 34
_TOP = 56
_COLOURS = {
    "": "#4c6a92",
    "start": "#9aa5b1",
    "load": "#4c6a92",
    "models": "#d98c3f",
    "tests": "#7aa874",
    "dbt": "#c9b458",
    "export": "#9c6b98",
}


@dataclass(frozen=True)
class Bar:
    """One bar: its name, and the length of each of its parts (the part "" is a plain bar)."""

    name: str
    parts: dict[str, float]

    @property
    def length(self) -> float:
        """Sum of the parts."""
        return sum(self.parts.values())


def draw_bars(title: str, unit: str, bars: Sequence[Bar]) -> str:
    """Draw the bars on one linear scale from 0, with a legend of the parts."""
    longest = max(bar.length for bar in bars)
    height = _TOP + _ROW_HEIGHT * (len(bars) + 1)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="14">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="10" y="28" font-size="17" fill="#222222">{escape(title)}</text>',
    ]
    for number, bar in enumerate(bars):
        drawn += _bar(bar, unit, _TOP + number * _ROW_HEIGHT, _BARS_WIDTH / longest)
    drawn += _legend(bars, _TOP + len(bars) * _ROW_HEIGHT)
    return "\n".join([*drawn, "</svg>", ""])


def _bar(bar: Bar, unit: str, top: int, scale: float) -> list[str]:
    middle = top + _BAR_HEIGHT * 0.72
    drawn = [
        f'<text x="{_NAMES_WIDTH - 10}" y="{middle:.0f}" text-anchor="end" fill="#222222">'
        f"{escape(bar.name)}</text>"
    ]
    left = float(_NAMES_WIDTH)
    for part, length in bar.parts.items():
        width = length * scale
        drawn.append(
            f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{_BAR_HEIGHT}" '
            f'fill="{_COLOURS[part]}"><title>{escape(part)} {length:.2f} {unit}</title></rect>'
        )
        left += width
    drawn.append(
        f'<text x="{left + 8:.1f}" y="{middle:.0f}" fill="#222222">{bar.length:.2f} {unit}</text>'
    )
    return drawn


def _legend(bars: Sequence[Bar], top: int) -> list[str]:
    parts = dict.fromkeys(part for bar in bars for part in bar.parts if part)
    drawn = []
    for number, part in enumerate(parts):
        left = _NAMES_WIDTH + number * 95
        drawn += [
            f'<rect x="{left}" y="{top}" width="14" height="14" fill="{_COLOURS[part]}"/>',
            f'<text x="{left + 20}" y="{top + 12}" fill="#222222">{part}</text>',
        ]
    return drawn
