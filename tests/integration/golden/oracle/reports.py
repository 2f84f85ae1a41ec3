"""What the smaller reports count: segments, the heat map, losses, the funnel, resolutions."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from tests.integration.golden.oracle.business import seed
from tests.integration.golden.oracle.scorecard import quantile
from tests.integration.golden.oracle.warehouse import Columns

# What a session without the attribute is filed under.
WITHOUT = "(none)"
_CLOSED = ("bot_goal", "bot_confirmed", "bot_assumed")

SEGMENTS: Mapping[str, Callable[[Columns], str]] = {
    "channel": lambda row: row["channel"],
    "daypart": lambda row: row["daypart"],
    "weekday": lambda row: str(row["weekday"]),
    "scenario": lambda row: row["scenario"] or WITHOUT,
    "bot_version": lambda row: row["bot_version"] or WITHOUT,
    "utm_source": lambda row: row["utm_source"] or WITHOUT,
    "new_or_returning": lambda row: "returning" if row["is_returning_person"] else "new",
}

# Leads are filed under what the CRM says of them.
LEAD_SEGMENTS: Mapping[str, Callable[[Columns], str]] = {
    "channel": lambda lead: lead["channel"] or WITHOUT,
    "utm_source": lambda lead: lead["utm_source"] or WITHOUT,
}


def heat_map(rows: Sequence[Columns]) -> dict[tuple[int, int], Columns]:
    """Sessions, the unanswered, median and p90 by weekday and hour of t0."""
    cells: dict[tuple[int, int], list[Columns]] = {}
    for row in rows:
        if row["is_qualified"]:
            cells.setdefault((row["weekday"], row["hour"]), []).append(row)
    return {place: _cell(inside) for place, inside in cells.items()}


def losses(rows: Sequence[Columns]) -> Counter[str]:
    """Lost sessions by reason."""
    return Counter(row["loss_reason"] for row in rows if row["loss_reason"])


def funnel(rows: Sequence[Columns]) -> dict[str, int]:
    """Mature sessions that came so far or farther, by step."""
    steps = [row["step"] for row in seed("funnel_steps")]
    mature = [row for row in rows if row["is_qualified"] and row["is_mature"]]
    reached = [max(map(steps.index, row["steps"]), default=0) for row in mature]
    return {step: sum(far >= place for far in reached) for place, step in enumerate(steps)}


def resolution_counts(rows: Sequence[Columns]) -> dict[str, int]:
    """The numerators and denominators that vendors' definitions are made of."""
    bot = [
        row for row in rows if row["is_qualified"] and row["is_bot_involved"] and row["is_settled"]
    ]
    closed = [row for row in bot if row["outcome"] in _CLOSED]
    contained = [row for row in bot if not row["has_handoff"] and not row["operator_messages"]]
    return {
        "settled_bot_sessions": len(bot),
        "week_old_bot_sessions": sum(row["is_week_old"] for row in bot),
        "engaged_bot_sessions": sum(row["outcome"] != "unengaged" for row in bot),
        "closed_sessions": len(closed),
        "closed_24h_sessions": sum(not row["returned_within_24h"] for row in closed),
        "closed_72h_sessions": sum(not row["returned_within_72h"] for row in closed),
        "closed_168h_sessions": sum(
            row["is_week_old"] and not row["returned_within_168h"] for row in closed
        ),
        "contained_sessions": len(contained),
        "contained_24h_sessions": sum(not row["returned_within_24h"] for row in contained),
    }


def _cell(rows: Sequence[Columns]) -> Columns:
    answered = sorted(row["ttr_seconds"] for row in rows if row["ttr_seconds"] is not None)
    missed = sum(row["is_settled"] and not row["is_answered"] for row in rows)
    ranked = len(answered) + missed
    return {
        "sessions": len(rows),
        "unanswered_sessions": missed,
        "ttr_median_seconds": quantile(answered, ranked, 0.5),
        "ttr_p90_seconds": quantile(answered, ranked, 0.9),
    }
