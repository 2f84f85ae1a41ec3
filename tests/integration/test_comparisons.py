"""The closed forms of comparisons against statsmodels and scipy, and what holds for any of them."""

import math
from itertools import product
from typing import Any

import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from orchestration.statistics.planning import smallest_visible
from tests.integration.sql_macros import VARIABLES, compute, macros

ARMS = [
    (successes, people)
    for people in (1, 2, 7, 30, 97, 1_000, 20_000)
    for successes in sorted({0, 1, people // 3, people - 1, people})
]
PAIRS = [
    {"successes_a": a[0], "people_a": a[1], "successes_b": b[0], "people_b": b[1]}
    for a, b in product(ARMS, ARMS)
]
SWAPPED = [
    {
        "successes_a": pair["successes_b"],
        "people_a": pair["people_b"],
        "successes_b": pair["successes_a"],
        "people_b": pair["people_a"],
    }
    for pair in PAIRS
]
SIDES = ("lower", "upper")


def rate(arm: str) -> str:
    return f"(successes_{arm}::double / people_{arm})"


def figures() -> dict[str, str]:
    """What a comparison says of two arms, in SQL."""
    module = macros()
    wilson = {
        arm: [module.wilson(f"successes_{arm}", f"people_{arm}", side) for side in SIDES]
        for arm in ("a", "b")
    }
    variance = module.difference_variance("successes_a", "people_a", "successes_b", "people_b")
    difference = f"({rate('b')} - {rate('a')})"
    newcombe = {
        side: module.difference_bound(rate("b"), *wilson["b"], rate("a"), *wilson["a"], side)
        for side in SIDES
    }
    return {
        **newcombe,
        **{
            f"always_valid_{side}": module.always_valid_bound(
                difference, variance, "0.05", newcombe[side], side
            )
            for side in SIDES
        },
        "smallest_visible_effect": module.smallest_visible_effect(variance, "0.05"),
        "variance": variance,
    }


FOUND = compute(figures(), PAIRS)


def test_newcombe_s_interval_is_that_of_statsmodels() -> None:
    for pair, found in zip(PAIRS, FOUND, strict=True):
        expected = confint_proportions_2indep(
            pair["successes_b"], pair["people_b"], pair["successes_a"], pair["people_a"],
            method="newcomb",
        )  # fmt: skip
        assert (found["lower"], found["upper"]) == pytest.approx(expected, rel=0, abs=1e-9), pair


def test_swapped_arms_mirror_every_figure_to_the_last_bit() -> None:
    for found, mirrored in zip(FOUND, compute(figures(), SWAPPED), strict=True):
        for name in ("lower", "always_valid_lower"):
            other = name.replace("lower", "upper")
            assert (found[name], found[other]) == (-mirrored[other], -mirrored[name])
        assert found["smallest_visible_effect"] == mirrored["smallest_visible_effect"]


def test_an_always_valid_interval_holds_the_difference_and_the_interval_of_one_look() -> None:
    for pair, found in zip(PAIRS, FOUND, strict=True):
        difference = pair["successes_b"] / pair["people_b"] - pair["successes_a"] / pair["people_a"]
        assert found["always_valid_lower"] <= difference <= found["always_valid_upper"]
        assert found["always_valid_lower"] <= found["lower"], pair
        assert found["always_valid_upper"] >= found["upper"], pair


def test_twice_the_people_narrow_every_interval() -> None:
    doubled = [{name: 2 * count for name, count in pair.items()} for pair in PAIRS]
    for pair, found, twice in zip(PAIRS, FOUND, compute(figures(), doubled), strict=True):
        assert twice["upper"] - twice["lower"] < found["upper"] - found["lower"], pair
        assert twice["variance"] < found["variance"]
        widths = [row["always_valid_upper"] - row["always_valid_lower"] for row in (found, twice)]
        # Of a few people everything is still possible.
        assert widths[1] < widths[0] or widths[0] >= 1, pair


def test_the_always_valid_interval_is_that_of_a_normal_mixture() -> None:
    """Its edge is where the mixture of likelihoods of other differences outweighs twenty to one."""
    module, spread = macros(), VARIABLES["sought_spread"]
    rows = [{"variance": variance} for variance in (0.1, 0.01, 1e-3, 1e-5)]
    half = module.always_valid_half_width("variance", "0.05")
    for row, found in zip(rows, compute({"half": half}, rows), strict=True):
        unknown = stats.norm(0, math.sqrt(row["variance"] + spread**2)).pdf(found["half"])
        known = stats.norm(0, math.sqrt(row["variance"])).pdf(found["half"])
        assert unknown / known == pytest.approx(20, rel=1e-9)


def test_the_planner_and_the_report_know_the_same_smallest_effect() -> None:
    for pair, found in zip(PAIRS, FOUND, strict=True):
        if pair["people_a"] == pair["people_b"] and pair["successes_a"] == pair["successes_b"]:
            people = pair["people_a"]
            expected = smallest_visible(pair["successes_a"] / people, people, 0.05)
            effect = found["smallest_visible_effect"]
            assert effect == (pytest.approx(expected, rel=1e-9) if expected <= 1 else None)


def test_an_empty_arm_gives_null() -> None:
    [empty] = compute(
        figures(), [{"successes_a": 0, "people_a": 0, "successes_b": 3, "people_b": 4}]
    )
    assert set(empty.values()) == {None}


ESTIMATES = [
    {"value": 0.3, "lower": 0.25, "upper": 0.36, "other": 0.2, "low": 0.15, "high": 0.26},
    {"value": 0.0, "lower": 0.0, "upper": 0.1, "other": 0.2, "low": 0.19, "high": 0.21},
    {"value": 700.0, "lower": 500.0, "upper": 900.0, "other": 900.0, "low": 700.0, "high": 1100.0},
]


def ratio_bounds(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    module = macros()
    names = ("value", "lower", "upper", "other", "low", "high")
    return compute({side: module.ratio_bound(*names, side) for side in SIDES}, rows)


def test_a_ratio_leaves_its_interval_where_the_difference_from_that_multiple_leaves_zero() -> None:
    """The square-and-add interval of value − ratio × other excludes zero just beyond the bounds."""
    for row, found in zip(ESTIMATES, ratio_bounds(ESTIMATES), strict=True):
        for side, ratio in found.items():
            own = row["lower"] if side == "lower" else row["upper"]
            other = row["high"] if side == "lower" else row["low"]
            squares = (row["value"] - own) ** 2 + (ratio * (row["other"] - other)) ** 2
            assert abs(row["value"] - ratio * row["other"]) == pytest.approx(
                math.sqrt(squares), abs=1e-9
            )


def test_nothing_is_a_multiple_of_what_may_be_nothing() -> None:
    rows = [
        {**ESTIMATES[0], "low": 0.0},
        {**ESTIMATES[0], "high": 0.4},
    ]
    assert ratio_bounds(rows) == [{"lower": None, "upper": None}] * 2


def test_the_difference_of_means_has_the_halves_of_both_squared_and_added() -> None:
    """For equal spreads and sizes it is within a hundredth of Welch's interval."""
    module = macros()
    names = ("value", "lower", "upper", "other", "low", "high")
    bounds = {side: module.difference_bound(*names, side) for side in SIDES}
    one, two = [float(n % 7) for n in range(70)], [float(n % 7) + 1 for n in range(70)]
    half = [stats.t.ppf(0.975, 69) * stats.sem(values) for values in (one, two)]
    means = [sum(values) / 70 for values in (one, two)]
    [found] = compute(
        bounds,
        [
            {
                "value": means[0], "lower": means[0] - half[0], "upper": means[0] + half[0],
                "other": means[1], "low": means[1] - half[1], "high": means[1] + half[1],
            }
        ],
    )  # fmt: skip
    welch = stats.ttest_ind(one, two, equal_var=False).confidence_interval()
    assert (found["lower"], found["upper"]) == pytest.approx(tuple(welch), abs=1e-2)
    assert found["upper"] - found["lower"] == pytest.approx(2 * math.hypot(*half), rel=1e-9)
