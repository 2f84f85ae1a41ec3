"""What is computed in Python, against scipy and against itself."""

import subprocess
import sys
from itertools import pairwise, product

import duckdb
import pytest
from scipy import integrate, stats

from orchestration.statistics.bayes import probability_b_higher
from orchestration.statistics.exact import LARGEST_EXACT_ARM, exact_p_value
from orchestration.statistics.functions import register_functions
from orchestration.statistics.planning import people_needed, smallest_visible
from orchestration.statistics.sample_ratio import sample_ratio_p_value

ARMS = [
    (successes, people)
    for people in (1, 2, 7, 30, 150, 2_000, 30_000)
    for successes in sorted({0, 1, people // 3, people // 2, people})
]
PAIRS = [(*a, *b) for a, b in product(ARMS, ARMS)]


def swapped(pair: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    return (*pair[2:], *pair[:2])


def test_the_p_value_is_fisher_s() -> None:
    for successes_a, people_a, successes_b, people_b in PAIRS:
        if min(people_a, people_b) <= LARGEST_EXACT_ARM and max(people_a, people_b) <= 2_000:
            table = [
                [successes_a, people_a - successes_a],
                [successes_b, people_b - successes_b],
            ]
            expected = stats.fisher_exact(table).pvalue
            found = exact_p_value(successes_a, people_a, successes_b, people_b)
            assert found == pytest.approx(expected, rel=0, abs=1e-9), table


def test_above_2000_people_in_each_arm_it_is_pearson_s_chi_square() -> None:
    assert exact_p_value(0, 3_000, 0, 3_000) == exact_p_value(3_000, 3_000, 9, 9) == 1
    for one, other in ((600, 660), (601, 601), (3, 9), (1, 2_000)):
        table = [[one, 2_001 - one], [other, 9_000 - other]]
        expected = stats.chi2_contingency(table, correction=False).pvalue
        assert exact_p_value(one, 2_001, other, 9_000) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    "pair", [(3, 10, 5, 12), (0, 4, 4, 4), (40, 100, 61, 150), (1, 500, 9, 30)]
)
def test_the_probability_is_the_integral_over_both_posteriors(
    pair: tuple[int, int, int, int],
) -> None:
    successes_a, people_a, successes_b, people_b = pair
    a = stats.beta(1 + successes_a, 1 + people_a - successes_a)
    b = stats.beta(1 + successes_b, 1 + people_b - successes_b)
    edges = sorted({0.0, *a.ppf([0.01, 0.5, 0.99]), *b.ppf([0.01, 0.5, 0.99]), 1.0})
    expected = sum(
        integrate.quad(lambda x: a.cdf(x) * b.pdf(x), low, high, epsabs=1e-13)[0]
        for low, high in pairwise(edges)
    )
    assert probability_b_higher(*pair) == pytest.approx(expected, rel=0, abs=1e-9)


def test_swapped_arms_mirror_every_figure_to_the_last_bit() -> None:
    for pair in PAIRS:
        assert exact_p_value(*pair) == exact_p_value(*swapped(pair))
        one, other = probability_b_higher(*pair), probability_b_higher(*swapped(pair))
        assert one is not None
        assert other is not None
        assert (one, other) == (1 - other, 1 - one), pair
        assert 0 <= one <= 1


def test_failures_instead_of_successes_mirror_the_probability() -> None:
    for successes_a, people_a, successes_b, people_b in PAIRS:
        failed = probability_b_higher(
            people_a - successes_a, people_a, people_b - successes_b, people_b
        )
        found = probability_b_higher(successes_a, people_a, successes_b, people_b)
        assert failed is not None
        assert found == pytest.approx(1 - failed, abs=1e-9)


def test_nothing_is_said_of_an_empty_or_unknown_arm() -> None:
    for function in (exact_p_value, probability_b_higher):
        assert function(0, 0, 3, 4) is None
        assert function(3, 4, 0, 0) is None
        assert function(None, None, 3, 4) is None
        with pytest.raises(ValueError, match="5 successes of 4 people"):
            function(5, 4, 1, 4)


def test_the_sample_ratio_is_tested_as_scipy_does_in_any_order() -> None:
    for counts in ([500, 430], [10, 25], [1, 0], [7, 7]):
        expected = stats.binomtest(counts[0], sum(counts)).pvalue
        assert sample_ratio_p_value(counts) == pytest.approx(expected, abs=1e-9)
    for counts in ([50, 43, 61], [10, 25, 10, 9], [1_000, 1_100, 1_050]):
        expected = stats.chisquare(counts).pvalue
        assert sample_ratio_p_value(counts) == pytest.approx(expected, abs=1e-9)
        assert sample_ratio_p_value(counts) == sample_ratio_p_value(counts[::-1])
    for nothing in (None, [], [5], [0, 0]):
        assert sample_ratio_p_value(nothing) is None


def test_the_people_needed_are_the_fewest_that_show_the_difference() -> None:
    for rate, difference in product((0.01, 0.25, 0.5, 0.9), (0.02, 0.05, 0.2)):
        people = people_needed(rate, difference, 0.05)
        assert people is not None
        assert smallest_visible(rate, people, 0.05) <= difference
        assert smallest_visible(rate, people - 1, 0.05) > difference
        assert people == people_needed(1 - rate, difference, 0.05)
    assert people_needed(0.25, 0.0, 0.05) is None
    assert people_needed(None, 0.05, 0.05) is None


def test_every_connection_and_cursor_of_a_database_knows_the_functions() -> None:
    with duckdb.connect() as connection:
        register_functions(connection)
        with connection.cursor() as cursor:
            row = cursor.execute(
                "select exact_p_value(1, 4, 3, 4), probability_b_higher(1, 1, null, null), "
                "sample_ratio_p_value([7, 7]), people_needed(0.25, 0.05, 0.05)"
            ).fetchone()
    assert row == (exact_p_value(1, 4, 3, 4), None, 1.0, people_needed(0.25, 0.05, 0.05))


def test_scipy_is_imported_by_the_first_call_that_needs_it_and_not_before() -> None:
    script = (
        "import sys, duckdb\n"
        "from orchestration.statistics.functions import register_functions\n"
        "connection = duckdb.connect()\n"
        "register_functions(connection)\n"
        "empty = 'select exact_p_value(a, a, a, a) from (select 1 as a where false)'\n"
        "connection.execute(empty).fetchall()\n"
        "print('scipy' in sys.modules)\n"
        "connection.execute('select exact_p_value(1, 4, 3, 4)').fetchall()\n"
        "print('scipy' in sys.modules, 'scipy.stats' in sys.modules)\n"
        "connection.close()\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True", "False"]
    assert run.stderr == ""
