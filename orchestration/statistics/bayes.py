"""The probability that one arm's proportion is higher than the other's."""


def probability_b_higher(
    successes_a: int | None, people_a: int | None, successes_b: int | None, people_b: int | None
) -> float | None:
    """Return the probability that B's proportion is the higher one.

    Before anything was seen every proportion is equally likely (a uniform prior). None where an arm
    is empty or unknown. Swapped arms give exactly one minus the number. Raises ValueError where
    successes are negative or more than the people.
    """
    if (
        successes_a is None
        or people_a is None
        or successes_b is None
        or people_b is None
        or people_a == 0
        or people_b == 0
    ):
        return None
    arm_a, arm_b = (people_a, successes_a), (people_b, successes_b)
    for people, successes in (arm_a, arm_b):
        if not 0 <= successes <= people:
            raise ValueError(f"{successes} successes of {people} people")
    if arm_a == arm_b:
        return 0.5
    first, second = sorted([arm_a, arm_b])
    second_better = _probability_higher(first, second)
    # One minus a number of at least a half is exact, one minus a smaller one is rounded: so the
    # larger of the two probabilities is settled first.
    larger = second_better if second_better >= 0.5 else 1 - second_better
    is_second_likelier = second_better >= 0.5
    return larger if (arm_b == second) == is_second_likelier else 1 - larger


def _probability_higher(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Sum the probability that the second of two Beta variables is the higher one.

    For whole parameters it is a finite sum (Miller, "Formulas for Bayesian A/B testing", 2015),
    over the successes of the second arm or, looking at failures, of its mirror image. What is
    summed over is the least of the four counts.
    """
    (people_1, successes_1), (people_2, successes_2) = first, second
    failures_1, failures_2 = people_1 - successes_1, people_2 - successes_2
    fewest = min(successes_1, failures_1, successes_2, failures_2)
    if fewest == successes_2:
        found = _sum_over_successes(successes_1, failures_1, successes_2, failures_2)
    elif fewest == successes_1:
        found = 1 - _sum_over_successes(successes_2, failures_2, successes_1, failures_1)
    elif fewest == failures_1:
        found = _sum_over_successes(failures_2, successes_2, failures_1, successes_1)
    else:
        found = 1 - _sum_over_successes(failures_1, successes_1, failures_2, successes_2)
    return min(1.0, max(0.0, found))


def _sum_over_successes(
    successes_1: int, failures_1: int, successes_2: int, failures_2: int
) -> float:
    import numpy as np
    from scipy.special import betaln

    terms = np.arange(successes_2 + 1, dtype=float)
    logs = (
        betaln(successes_1 + 1 + terms, failures_1 + failures_2 + 2)
        - np.log(failures_2 + 1 + terms)
        - betaln(1 + terms, failures_2 + 1)
        - betaln(successes_1 + 1, failures_1 + 1)
    )
    return float(np.exp(logs).sum())
