"""Whether people were dealt to the arms of an experiment as they should have been."""

import math
from collections.abc import Sequence


def sample_ratio_p_value(people: Sequence[int | None] | None) -> float | None:
    """Return the p-value of equal shares of people in all arms.

    `people` holds the people of each arm. Two arms: the exact binomial test; more: the chi-square
    test. None where there are fewer than two arms or nobody in any. The order of the arms does not
    matter to the last bit.
    """
    counts = sorted(count for count in people or () if count is not None)
    total = sum(counts)
    if len(counts) < 2 or total == 0:
        return None
    from scipy.special import betainc, gammaincc

    if len(counts) == 2:
        fewest = counts[0]
        # The chance of at most so many in one given arm, as an incomplete beta function.
        tail = float(betainc(total - fewest, fewest + 1, 0.5))
        return min(1.0, 2 * tail)
    expected = total / len(counts)
    statistic = math.fsum((count - expected) ** 2 for count in counts) / expected
    return float(gammaincc((len(counts) - 1) / 2, statistic / 2))
