"""KPIs from their measures, with intervals of scipy and statsmodels, and the lights."""

import math
from dataclasses import dataclass

from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from tests.integration.golden.oracle.business import seed
from tests.integration.golden.oracle.periods import Counted

_Z = float(stats.norm.ppf(0.975))


@dataclass(frozen=True)
class Kpi:
    """One KPI's figures; None is "no data", or "not reached" for a quantile."""

    value: float | None
    lower: float | None
    upper: float | None
    numerator: float | None
    denominator: float | None
    observations: float


def kpis_of(counted: Counted) -> dict[str, Kpi]:
    """All KPIs of the registry that the measures allow."""
    return {
        row["kpi"]: _kpi(row, counted) for row in seed("kpis") if row["numerator"] in counted.sums
    }


def light(kpi: str, figures: Kpi, target: float | None) -> str:
    """The scorecard's status: green or red only if the whole interval is on one side."""
    row = next(row for row in seed("kpis") if row["kpi"] == kpi)
    is_quantile = row["kind"] == "quantile"
    if figures.observations == 0:
        return "no_data"
    if figures.observations < float(row["minimum_observations"]):
        return "not_enough_data"
    if target is None or figures.lower is None:
        return "undecided"
    lower = figures.lower
    upper = math.inf if is_quantile and figures.upper is None else figures.upper
    assert upper is not None
    if row["direction"] == "lower":
        return "on_target" if upper <= target else "off_target" if lower > target else "undecided"
    return "on_target" if lower >= target else "off_target" if upper < target else "undecided"


def wilson(numerator: float, denominator: float) -> tuple[float, float]:
    """Wilson's interval of a share."""
    lower, upper = proportion_confint(numerator, denominator, method="wilson")
    return float(lower), float(upper)


def quantile(seconds: list[float], ranked: int, share: float) -> float | None:
    """The quantile, between two ranks in proportion, the unanswered last; None if not reached."""
    place = (ranked - 1) * share
    below, above = math.floor(place), math.ceil(place)
    if above >= len(seconds):
        return None
    return seconds[below] + (place - below) * (seconds[above] - seconds[below])


def _kpi(row: dict[str, str], counted: Counted) -> Kpi:
    numerator = counted.sums[row["numerator"]]
    scale = float(row["scale"])
    if row["kind"] == "count":
        return Kpi(numerator, None, None, numerator, None, numerator)
    denominator = counted.sums[row["denominator"]]
    if not denominator:
        return Kpi(None, None, None, numerator, denominator, 0)
    if row["kind"] == "quantile":
        seconds = list(counted.seconds[row["numerator"]])
        value = quantile(seconds, int(denominator), float(row["quantile"]))
        return Kpi(value, None, None, numerator, denominator, denominator)
    if row["kind"] == "rate":
        lower, upper = wilson(numerator, denominator)
        value = numerator / denominator
        return Kpi(value, lower, upper, numerator, denominator, denominator)
    deviation = counted.sums[row["deviation"]]
    if row["kind"] == "weighted_rate":
        effective = denominator**2 / deviation
        share = numerator / denominator
        lower, upper = wilson(share * effective, effective)
        return Kpi(share, lower, upper, numerator, denominator, effective)
    if row["kind"] == "nps":
        return _nps(numerator, deviation, denominator, scale)
    return _mean(row, numerator, denominator, deviation, scale)


def _nps(promoters: float, detractors: float, responses: float, scale: float) -> Kpi:
    n = responses + 3
    p, d = (promoters + 0.75) / n, (detractors + 0.75) / n
    half = _Z * math.sqrt((p + d - (p - d) ** 2) / n)
    lower, upper = max(-1.0, p - d - half), min(1.0, p - d + half)
    value = (promoters - detractors) / responses
    return Kpi(value * scale, lower * scale, upper * scale, promoters, responses, responses)


def _mean(
    row: dict[str, str], total: float, n: float, squares: float, scale: float
) -> Kpi:  # fmt: skip
    value = total / n
    lower: float | None = None
    upper: float | None = None
    if n >= 2:
        variance = max(0.0, (squares - total**2 / n) / (n - 1))
        half = float(stats.t.ppf(0.975, n - 1)) * math.sqrt(variance / n)
        lowest = float(row["lowest"] or -math.inf)
        highest = float(row["highest"] or math.inf)
        lower, upper = max(lowest, value - half) * scale, min(highest, value + half) * scale
    return Kpi(value * scale, lower, upper, total, n, n)
