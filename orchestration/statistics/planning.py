"""How many people an experiment needs before its verdict can be given."""

import math

# Standard deviation of the differences that the always-valid interval is made to find early, as
# in macros/comparisons.sql.
SOUGHT_SPREAD = 0.1
# Standard normal quantile of a power of 80 %.
POWER_Z = 0.8416212335729143
_MOST_PEOPLE = 2**40


def people_needed(
    rate: float | None, difference: float | None, error_share: float | None
) -> int | None:
    """Return how many people an arm needs so that a true difference is seen four times in five.

    `rate` is that of all people together, 0 to 1; `difference` the one sought, above 0, in the same
    unit; `error_share` the chance of a false alarm (0.05). Seen means that the always-valid
    interval excludes zero. None where something is unknown or no number of people would do.
    """
    if rate is None or difference is None or error_share is None or difference <= 0:
        return None
    most = 1
    while smallest_visible(rate, most, error_share) > difference:
        most *= 2
        if most > _MOST_PEOPLE:
            return None
    least = most // 2
    while most - least > 1:
        middle = (least + most) // 2
        if smallest_visible(rate, middle, error_share) > difference:
            least = middle
        else:
            most = middle
    return most


def smallest_visible(rate: float, people: int, error_share: float) -> float:
    """Return the least true difference that is seen four times in five with `people` in each arm.

    Half the always-valid interval (macros/comparisons.sql) and 0.84 standard errors, at a `rate`
    drawn to one half by one success and one failure in each arm, as that interval has it.
    """
    shrunk = (rate * people + 1) / (people + 2)
    variance = 2 * shrunk * (1 - shrunk) / people
    spread = SOUGHT_SPREAD**2
    half_width = math.sqrt(
        variance * (1 + variance / spread) * math.log((1 + spread / variance) / error_share**2)
    )
    return half_width + POWER_Z * math.sqrt(variance)
