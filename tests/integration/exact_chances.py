"""How often the intervals and verdicts are wrong, counted over everything that can happen.

Nothing is drawn by lot: all outcomes of the arms are listed, and for daily looks the chance of
every course of an experiment that has not yet given a verdict is carried from day to day. The
intervals are those of the macros, as DuckDB computes them.

`python -m tests.integration.exact_chances` writes the tables of docs/statistics.md anew.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy import stats

from orchestration.statistics.sample_ratio import sample_ratio_p_value
from tests.integration.sql_macros import PROJECT, macros

PAGE = PROJECT / "docs" / "statistics.md"
# People of A and B whose outcome becomes final on a day, and those of the larger arm at the end.
DAYS = {(1, 1): 120, (5, 5): 300, (10, 10): 300, (3, 9): 300}
RATES = (0.01, 0.03, 0.05, 0.1, 0.2, 0.4, 0.6)
DIFFERENCES = ((0.01, 0.05), (0.05, 0.2), (0.2, 0.3), (0.1, 0.4), (0.3, 0.7))
SIZES = (20, 50, 100, 300)
Grid = NDArray[Any]
_SIDES = ("lower", "upper")


@cache
def bounds(people_a: int, people_b: int) -> dict[str, Grid]:
    """Bounds of the difference for all successes of A (rows) and B (columns), by name."""
    module = macros()
    rates = {arm: f"(successes_{arm}::double / people_{arm})" for arm in ("a", "b")}
    wilson = {
        arm: [module.wilson(f"successes_{arm}", f"people_{arm}", side) for side in _SIDES]
        for arm in ("a", "b")
    }
    variance = module.difference_variance("successes_a", "people_a", "successes_b", "people_b")
    difference = f"({rates['b']} - {rates['a']})"
    newcombe = {
        side: module.difference_bound(rates["b"], *wilson["b"], rates["a"], *wilson["a"], side)
        for side in _SIDES
    }
    expressions = {
        **{f"newcombe_{side}": newcombe[side] for side in _SIDES},
        **{
            f"always_valid_{side}": module.always_valid_bound(
                difference, variance, "0.05", newcombe[side], side
            )
            for side in _SIDES
        },
    }
    found = _select(
        expressions,
        f"select a as successes_a, {people_a} as people_a, b as successes_b, "
        f"{people_b} as people_b "
        f"from range({people_a + 1}) as of_a(a), range({people_b + 1}) as of_b(b) order by a, b",
    )
    return {name: column.reshape(people_a + 1, people_b + 1) for name, column in found.items()}


def _select(expressions: dict[str, str], rows: str) -> dict[str, Grid]:
    values = ", ".join(f"{expression} as {name}" for name, expression in expressions.items())
    found: dict[str, Grid] = _connection().execute(f"select {values} from ({rows})").fetchnumpy()
    return found


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


@cache
def chance_of_leaving(kind: str, rate_a: float, rate_b: float, day: tuple[int, int]) -> float:
    """The chance that an interval leaves out the true difference on any day.

    `kind` is `always_valid` or `newcombe`; `day` one of DAYS.
    """
    per_a, per_b = day
    of_a = stats.binom.pmf(range(per_a + 1), per_a, rate_a)
    of_b = stats.binom.pmf(range(per_b + 1), per_b, rate_b)
    truth = rate_b - rate_a
    chances, left, people_a, people_b = np.ones((1, 1)), 0.0, 0, 0
    while max(people_a + per_a, people_b + per_b) <= DAYS[day]:
        chances = _spread(_spread(chances, of_a).T, of_b).T
        people_a, people_b = people_a + per_a, people_b + per_b
        interval = bounds(people_a, people_b)
        # Differences equal on paper differ in their last digits.
        out = (interval[f"{kind}_lower"] > truth + 1e-12) | (
            interval[f"{kind}_upper"] < truth - 1e-12
        )
        left += float(chances[out].sum())
        chances[out] = 0
    return left


def _spread(chances: Grid, of_day: Grid) -> Grid:
    wider = np.zeros((chances.shape[0] + len(of_day) - 1, chances.shape[1]))
    for successes, chance in enumerate(of_day):
        wider[successes : successes + chances.shape[0]] += chance * chances
    return wider


def chance_of_verdict(rate_a: float, rate_b: float, people: int) -> float:
    """The chance that with so many people in each arm the always-valid interval excludes zero."""
    interval = bounds(people, people)
    out = (interval["always_valid_lower"] > 0) | (interval["always_valid_upper"] < 0)
    of_a, of_b = (stats.binom.pmf(range(people + 1), people, rate) for rate in (rate_a, rate_b))
    return float(of_a @ out @ of_b)


def coverage_of_difference(rate_a: float, rate_b: float, people: int) -> float:
    """How often Newcombe's interval holds the true difference, with so many people in each arm."""
    interval = bounds(people, people)
    held = (interval["newcombe_lower"] <= rate_b - rate_a + 1e-12) & (
        interval["newcombe_upper"] >= rate_b - rate_a - 1e-12
    )
    of_a, of_b = (stats.binom.pmf(range(people + 1), people, rate) for rate in (rate_a, rate_b))
    return float(of_a @ held @ of_b)


def coverage_of_rate(rate: float, people: int) -> float:
    """How often Wilson's interval holds the true rate."""
    interval = _select(
        {side: macros().wilson("successes", "people", side) for side in _SIDES},
        f"select k as successes, {people} as people from range({people + 1}) as t(k) order by k",
    )
    held = (interval["lower"] <= rate + 1e-12) & (interval["upper"] >= rate - 1e-12)
    return float(stats.binom.pmf(range(people + 1), people, rate)[held].sum())


def coverage_of_nps(promoters: float, detractors: float, answers: int) -> float:
    """How often the interval of NPS holds the true one, given the true shares."""
    module = macros()
    rows = (
        f"select p as promoters, d as detractors, {answers} as answers "
        f"from range({answers + 1}) as of_p(p), range({answers + 1}) as of_d(d) "
        f"where p + d <= {answers} order by p, d"
    )
    interval = _select(
        {
            "promoters": "promoters",
            "detractors": "detractors",
            **{
                side: module.net_promoter("promoters", "detractors", "answers", side)
                for side in _SIDES
            },
        },
        rows,
    )
    counts = np.stack(
        [
            interval["promoters"],
            interval["detractors"],
            answers - interval["promoters"] - interval["detractors"],
        ],
        axis=1,
    )
    shares = [promoters, detractors, 1 - promoters - detractors]
    chances = stats.multinomial.pmf(counts, answers, shares)
    truth = promoters - detractors
    held = (interval["lower"] <= truth + 1e-12) & (interval["upper"] >= truth - 1e-12)
    return float(chances[held].sum())


def chance_of_sample_ratio_alarm(days: int, people_a_day: int) -> float:
    """The chance that a fair lot gives an alarm (under 0.01) on any of the days."""
    of_day = stats.binom.pmf(range(people_a_day + 1), people_a_day, 0.5)
    chances, alarms = np.ones(1), 0.0
    for day in range(1, days + 1):
        chances, people = np.convolve(chances, of_day), day * people_a_day
        for in_a in range(people + 1):
            if chances[in_a] and (sample_ratio_p_value([in_a, people - in_a]) or 1) < 0.01:
                alarms += float(chances[in_a])
                chances[in_a] = 0
    return alarms


NPS_SHARES = ((0.5, 0.2), (0.6, 0.1), (0.4, 0.4), (0.8, 0.05), (0.9, 0.02))
PAIRS = ((0.1, 0.1), (0.3, 0.3), (0.2, 0.3), (0.1, 0.4), (0.5, 0.6), (0.02, 0.02), (0.01, 0.05))
WILSON_RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
SEEN = ((0.2, 0.3), (0.2, 0.4), (0.05, 0.2))


@cache
def tables() -> dict[str, str]:
    """The tables of the page, by name."""
    same = [(rate, rate) for rate in RATES]
    return {
        "false_alarms": _over_days("always_valid", same),
        "false_alarms_of_one_look": _over_days("newcombe", same[3:6]),
        "missed_differences": _over_days("always_valid", DIFFERENCES),
        "verdicts": _by_size("rates of A, B", chance_of_verdict, SEEN, SIZES),
        "wilson": _by_size("rate", coverage_of_rate, [(rate,) for rate in WILSON_RATES], SIZES),
        "newcombe": _by_size("rates of A, B", coverage_of_difference, PAIRS, SIZES),
        "nps": _by_size("promoters, detractors", coverage_of_nps, NPS_SHARES, SIZES[:3]),
        "sample_ratio": _by_size(
            "days", chance_of_sample_ratio_alarm, [(7,), (28,), (60,)], (4, 20), "{} people a day"
        ),
    }


def _over_days(kind: str, rates: Sequence[tuple[float, float]]) -> str:
    return _table(
        ["rates of A, B", *(f"{a} + {b} a day, to {last}" for (a, b), last in DAYS.items())],
        [[_listed(pair), *(chance_of_leaving(kind, *pair, day) for day in DAYS)] for pair in rates],
    )


def _by_size(
    title: str,
    chance: Callable[..., float],
    cases: Sequence[tuple[float, ...]],
    sizes: Sequence[int],
    heading: str = "n = {}",
) -> str:
    return _table(
        [title, *(heading.format(size) for size in sizes)],
        [[_listed(case), *(chance(*case, size) for size in sizes)] for case in cases],
    )


def _listed(case: Sequence[float]) -> str:
    return ", ".join(f"{number:g}" for number in case)


def _table(head: Sequence[str], rows: Sequence[Sequence[str | float]]) -> str:
    """A table of shares in per cent."""
    lines = [
        head,
        ["---"] * len(head),
        *([cell if isinstance(cell, str) else f"{100 * cell:.1f}" for cell in row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def written(page: str) -> str:
    """The page with each table between its marks made anew."""
    for name, table in tables().items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, rest = page.split(begin)
        page = before + begin + "\n" + table + "\n\n" + end + rest.split(end)[1]
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
