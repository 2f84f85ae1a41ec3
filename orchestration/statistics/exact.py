"""The p-value of the difference of two proportions."""

import math

# Up to this many people in the smaller arm the test is exact; its cost grows with that arm alone.
LARGEST_EXACT_ARM = 2_000
# Two tables are equally probable if they differ by rounding alone, as R and scipy have it.
_ROUNDING = 1 + 1e-7


def exact_p_value(
    successes_a: int | None, people_a: int | None, successes_b: int | None, people_b: int | None
) -> float | None:
    """Return the two-sided p-value of equal proportions, None where an arm is empty or unknown.

    Fisher's exact test: the probability, given the successes of both arms together, of all tables
    that are no more probable than the one seen. Where both arms have more than LARGEST_EXACT_ARM
    people, the score test (Pearson's chi-square without a correction). Swapped arms give the same
    number to the last bit. Raises ValueError where successes are negative or more than the people.
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
    arms = sorted([(people_a, successes_a), (people_b, successes_b)])
    for people, successes in arms:
        if not 0 <= successes <= people:
            raise ValueError(f"{successes} successes of {people} people")
    (few, few_successes), (many, many_successes) = arms
    if few > LARGEST_EXACT_ARM:
        return _score(few_successes, few, many_successes, many)
    return _fisher(few_successes, few, many_successes, many)


def _fisher(few_successes: int, few: int, many_successes: int, many: int) -> float:
    import numpy as np
    from scipy.special import gammaln

    together = few_successes + many_successes
    lowest, highest = max(0, together - many), min(few, together)
    seen = np.arange(lowest, highest + 1, dtype=float)
    # Of the hypergeometric probabilities only what varies from table to table.
    logs = -(
        gammaln(seen + 1)
        + gammaln(few - seen + 1)
        + gammaln(together - seen + 1)
        + gammaln(many - together + seen + 1)
    )
    probabilities = np.exp(logs - logs.max())
    rare = probabilities <= probabilities[few_successes - lowest] * _ROUNDING
    return min(1.0, float(probabilities[rare].sum() / probabilities.sum()))


def _score(few_successes: int, few: int, many_successes: int, many: int) -> float:
    pooled = (few_successes + many_successes) / (few + many)
    variance = pooled * (1 - pooled) * (1 / few + 1 / many)
    if variance == 0:
        return 1.0
    z = abs(few_successes / few - many_successes / many) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))
