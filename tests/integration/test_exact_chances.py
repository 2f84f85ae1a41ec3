"""How often verdicts and intervals are wrong, counted exactly (docs/statistics.md)."""

from itertools import pairwise

import pytest

from tests.integration.exact_chances import (
    DAYS,
    DIFFERENCES,
    NPS_SHARES,
    PAGE,
    RATES,
    bounds,
    chance_of_leaving,
    chance_of_verdict,
    coverage_of_difference,
    coverage_of_nps,
    coverage_of_rate,
    written,
)
from tests.integration.sql_macros import compute, macros


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_daily_looks_give_a_false_alarm_at_most_5_times_in_100(day: tuple[int, int]) -> None:
    for rate in RATES:
        assert chance_of_leaving("always_valid", rate, rate, day) <= 0.05, rate


def test_daily_looks_at_the_interval_of_one_look_would_raise_the_alarm_far_more_often() -> None:
    assert chance_of_leaving("newcombe", 0.2, 0.2, (10, 10)) > 0.2


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_daily_looks_leave_out_a_true_difference_at_most_5_times_in_100(
    day: tuple[int, int],
) -> None:
    for pair in DIFFERENCES:
        assert chance_of_leaving("always_valid", *pair, day) <= 0.05, pair


def test_the_smallest_visible_effect_is_seen_about_four_times_in_five() -> None:
    variance = macros().difference_variance("s", "n", "s", "n")
    effect = macros().smallest_visible_effect(variance, "0.05")
    for people, rate in ((100, 0.3), (300, 0.2), (300, 0.5)):
        [found] = compute({"effect": effect}, [{"s": round(people * rate), "n": people}])
        half = found["effect"] / 2
        assert 0.75 < chance_of_verdict(rate - half, rate + half, people) < 0.87


def test_a_larger_difference_gives_the_verdict_to_b() -> None:
    """In each row of A's successes the bounds rise with B's: one edge parts yes from no."""
    for name in ("always_valid_lower", "newcombe_upper"):
        for row in bounds(50, 50)[name]:
            assert all(one <= other for one, other in pairwise(row))


def test_intervals_hold_the_truth_93_to_97_times_in_100_where_the_page_says_so() -> None:
    for rate, size in ((0.1, 20), (0.2, 20), (0.5, 20), (0.1, 100), (0.2, 300), (0.05, 300)):
        assert 0.93 <= coverage_of_rate(rate, size) <= 0.97, (rate, size)
    for pair in ((0.3, 0.3), (0.2, 0.3), (0.1, 0.4), (0.5, 0.6)):
        for size in (20, 50, 100, 300):
            assert 0.93 <= coverage_of_difference(*pair, size) <= 0.97, (pair, size)
    for shares in NPS_SHARES:
        for size in (20, 50, 100):
            assert 0.93 <= coverage_of_nps(*shares, size) <= 0.97, (shares, size)


def test_the_page_holds_what_is_counted() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page
