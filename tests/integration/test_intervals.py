"""The intervals of macros/ against scipy, as DuckDB computes them."""

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
import yaml
from scipy import stats

PROJECT = Path(__file__).parents[2]
VARIABLES = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["vars"]
Z = VARIABLES["interval_z"]
PAIRS = [
    (successes, trials)
    for trials in (1, 2, 3, 5, 10, 30, 97, 1000, 123_457)
    for successes in sorted({0, 1, trials // 3, trials // 2, trials - 1, trials})
]


def macros(name: str) -> Any:
    """The macros of a file, callable from Python, with the variables of the project."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)  # noqa: S701 (SQL, not HTML)
    source = (PROJECT / "macros" / f"{name}.sql").read_text()
    return environment.from_string(source).make_module({"var": VARIABLES.__getitem__})


def compute(expression: str, **columns: float | list[float] | None) -> float | None:
    """The value of a SQL expression over one row of columns."""
    names = ", ".join(f"${name} as {name}" for name in columns)
    row = duckdb.execute(f"select {expression} from (select {names})", columns).fetchone()
    assert row is not None
    value: float | None = row[0]
    return value


@pytest.mark.parametrize("sides", [("lower", 0), ("upper", 1)], ids=["lower", "upper"])
def test_wilson_is_scipy_s_wilson_for_every_number_of_successes(sides: tuple[str, int]) -> None:
    side, position = sides
    expression = macros("intervals").wilson("successes", "trials", side)
    for successes, trials in PAIRS:
        expected = stats.binomtest(successes, trials).proportion_ci(0.95, "wilson")[position]
        found = compute(expression, successes=successes, trials=trials)
        assert found == pytest.approx(expected, rel=0, abs=1e-9), (successes, trials)


@pytest.mark.parametrize("trials", [0, None])
def test_an_interval_of_nothing_is_null(trials: int | None) -> None:
    module = macros("intervals")
    for side in ("lower", "upper"):
        assert compute(module.wilson("k", "n", side), k=0, n=trials) is None
        assert compute(module.net_promoter("k", "d", "n", side), k=0, d=0, n=trials) is None
    for observations in (trials, 1):
        half_width = module.mean_half_width("total", "squares", "n")
        assert compute(half_width, total=5.0, squares=25.0, n=observations) is None


def test_the_interval_of_nps_is_the_adjusted_wald_one() -> None:
    module = macros("intervals")
    lower = module.net_promoter("promoters", "detractors", "responses", "lower")
    upper = module.net_promoter("promoters", "detractors", "responses", "upper")
    for promoters, responses in PAIRS:
        for detractors in {0, responses - promoters, (responses - promoters) // 2}:
            answers = responses + 3
            up, down = (promoters + 0.75) / answers, (detractors + 0.75) / answers
            spread = Z * math.sqrt((up + down - (up - down) ** 2) / answers)
            columns = {"promoters": promoters, "detractors": detractors, "responses": responses}
            expected = max(-1.0, up - down - spread), min(1.0, up - down + spread)
            found = compute(lower, **columns), compute(upper, **columns)
            assert found == pytest.approx(expected, rel=0, abs=1e-9), columns


def test_student_s_quantile_is_as_accurate_as_its_comment_says() -> None:
    source = (PROJECT / "macros" / "intervals.sql").read_text()
    promise = re.search(r"error under\s+([\d.]+) % from (\d+) degrees of freedom on", source)
    assert promise is not None
    accuracy, first = float(promise[1]) / 100, int(promise[2])
    expression = macros("intervals").student_t("freedom")
    for freedom in [*range(first, 200), 1_000, 100_000]:
        found = compute(expression, freedom=float(freedom))
        assert found == pytest.approx(stats.t.ppf(0.975, freedom), rel=accuracy), freedom


@pytest.mark.parametrize(
    "values",
    [[4.0, 5.0, 3.0, 5.0], [5.0] * 40, [1.0, 5.0] * 15, [0.5 * number for number in range(100)]],
    ids=["few", "all alike", "far apart", "many"],
)
def test_the_half_width_of_a_mean_is_student_s(values: list[float]) -> None:
    expression = macros("intervals").mean_half_width("total", "squares", "n")
    found = compute(
        expression, total=sum(values), squares=sum(value * value for value in values), n=len(values)
    )
    expected = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)
    assert found == pytest.approx(expected, rel=2e-3, abs=1e-9)


def rank_reached(expression: str, observations: int, quantile: float) -> float | None:
    """The rank of the order statistic that bounds the quantile: each value is its own rank."""
    ranked = [float(rank) for rank in range(1, observations + 1)]
    return compute(expression, denominator=observations, quantile=quantile, ranked=ranked)


@pytest.mark.parametrize("quantile", [0.5, 0.9])
def test_the_bounds_of_a_quantile_hold_it_at_least_95_times_in_100(quantile: float) -> None:
    bound: Callable[[str], str] = macros("estimates").rank_bound
    lower, upper = bound("lower"), bound("upper")
    for observations in [*range(5, 60), 100, 500, 2_000]:
        below = stats.binom(observations, quantile).cdf
        low = rank_reached(lower, observations, quantile)
        high = rank_reached(upper, observations, quantile)
        assert low is not None
        missed_above = 0.0 if high is None else 1 - below(high - 1)
        assert 1 - below(low - 1) - missed_above >= 0.95, observations
