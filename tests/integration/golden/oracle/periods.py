"""The periods of reports and the registry's measures, counted over any set of sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.integration.golden.oracle.warehouse import Columns, Computed

Span = tuple[date, date]
_ROLLING = {"yesterday": 1, "last_7_days": 7, "last_28_days": 28, "last_90_days": 90}


@dataclass(frozen=True)
class Counted:
    """Sums by name, and sorted seconds by clock with the number that is ranked."""

    sums: Mapping[str, float]
    seconds: Mapping[str, Sequence[float]]


def spans_of(computed: Computed) -> dict[str, tuple[Span, Span | None]]:
    """Each period with the one it is compared with, both ends included."""
    today = computed.business.local(computed.as_of).date()
    yesterday = today - timedelta(days=1)
    spans: dict[str, tuple[Span, Span | None]] = {}
    for period, days in _ROLLING.items():
        start = today - timedelta(days=days)
        before = start - timedelta(days=1)
        spans[period] = (start, yesterday), (start - timedelta(days=days), before)
    month = today.replace(day=1)
    last_end = month - timedelta(days=1)
    last = last_end.replace(day=1)
    before_end = last - timedelta(days=1)
    same_day = min(last_end, last + (today - month))
    spans["this_month"] = (month, today), (last, same_day)
    spans["last_month"] = (last, last_end), (before_end.replace(day=1), before_end)
    dates = [date.fromisoformat(row["session_date"]) for row in computed.columns]
    spans["all_time"] = (min(dates), today), None
    return spans


def rows_within(computed: Computed, span: Span) -> list[Columns]:
    """Sessions of a span."""
    first, last = (day.isoformat() for day in span)
    return [row for row in computed.columns if first <= row["session_date"] <= last]


def leads_within(computed: Computed, span: Span) -> list[Columns]:
    """Leads of a span by the local date of their creation, deleted ones left out."""
    return [
        lead
        for lead in computed.leads.values()
        if span[0] <= computed.business.local(lead["created_at"]).date() <= span[1]
        and not lead["is_deleted"]
    ]


def daily_sums(rows: Sequence[Columns]) -> dict[str, float]:
    """The columns of rpt_kpi_daily over some sessions."""
    qualified = [row for row in rows if row["is_qualified"]]
    bot = [row for row in qualified if row["is_bot_involved"]]
    settled = [row for row in qualified if row["is_settled"]]
    handed = [row for row in bot if row["has_handoff"]]
    return {
        "sessions": len(rows),
        "qualified_sessions": len(qualified),
        "settled_sessions": len(settled),
        "mature_sessions": _count(qualified, "is_mature"),
        "bot_sessions": len(bot),
        "settled_bot_sessions": _count(bot, "is_settled"),
        "answered_sessions": _count(qualified, "is_answered"),
        "answered_in_target_sessions": _count(qualified, "is_answered_in_target"),
        "answerable_sessions": len(_known(qualified, "is_answered_in_target")),
        "unanswered_sessions": len(settled) - _count(settled, "is_answered"),
        "ttr_seconds_sum": sum(_known(qualified, "ttr_seconds")),
        "ttr_sessions": len(_known(qualified, "ttr_seconds")),
        **{
            f"{name}_messages": sum(row[f"{name}_messages"] for row in qualified)
            for name in ("classifiable", "no_match", "labelled", "correct", "operator")
        },
        "handoff_sessions": len(handed),
        "unplanned_handoff_sessions": sum(row["handoff_type"] != "planned" for row in handed),
        "resolved_sessions": _count(qualified, "is_resolved"),
        "contained_sessions": sum(
            not row["has_handoff"] and not row["operator_messages"] for row in bot
        ),
        "converted_sessions": sum(row["is_converted"] and row["is_mature"] for row in qualified),
        "leads": sum(row["leads"] for row in qualified),
        "lead_amount": sum(_known(qualified, "lead_amount")),
        "paid_amount": sum(_known(qualified, "paid_amount")),
        **_rated(qualified, "csat_chat"),
        **_rated(qualified, "csat_visit"),
        "nps_promoters": sum(score >= 9 for score in _known(qualified, "nps_score")),
        "nps_detractors": sum(score <= 6 for score in _known(qualified, "nps_score")),
        "nps_responses": len(_known(qualified, "nps_score")),
        "human_handle_seconds": sum(_known(qualified, "human_handle_seconds")),
        "operator_sessions": sum(row["operator_messages"] > 0 for row in qualified),
    }


def count(rows: Sequence[Columns], leads: Sequence[Columns] | None) -> Counted:
    """Every measure of the registry over some sessions (and leads, where they are asked for)."""
    qualified = [row for row in rows if row["is_qualified"]]
    bot = [row for row in qualified if row["is_bot_involved"]]
    settled = [row for row in qualified if row["is_settled"]]
    settled_bot = [row for row in bot if row["is_settled"]]
    mature = [row for row in qualified if row["is_mature"]]
    # What is not answered in the end is ranked last.
    ranked = {
        "": [r for r in qualified if _is_ranked(r, "ttr_seconds", not r["is_answered"])],
        "bot_": [r for r in bot if _is_ranked(r, "ttr_bot_seconds", _has_no_answer_of_bot(r))],
        "human_": [r for r in qualified if _is_ranked(r, "ttr_human_seconds", _waits_in_vain(r))],
        "human_business_": [
            r
            for r in qualified
            if _is_ranked(
                r,
                "ttr_human_business_seconds",
                _waits_in_vain(r) and r["has_hours"],
            )
        ],
    }
    week_old = [row for row in settled_bot if row["is_week_old"]]
    sums = daily_sums(rows) | {
        "resolved_sessions_24h": _resolved(settled_bot, 24),
        "resolved_sessions_168h": _resolved(week_old, 168),
        "settled_bot_sessions_168h": len(week_old),
        "returned_sessions": _count(settled, "returned_within_72h"),
        "labelled_weight": sum(_known(qualified, "labelled_weight")),
        "correct_weight": sum(_known(qualified, "correct_weight")),
        "labelled_weight_squares": sum(_known(qualified, "labelled_weight_squares")),
        "mature_leads": sum(row["leads"] for row in mature),
        "mature_leads_squares": sum(row["leads"] ** 2 for row in mature),
        "mature_people": len({row["person"] for row in mature}),
        "converted_people": len({row["person"] for row in mature if row["is_converted"]}),
        "ttr_seconds_squares": _squares(qualified, "ttr_seconds"),
        "csat_chat_squares": _squares(qualified, "csat_chat"),
        "csat_visit_squares": _squares(qualified, "csat_visit"),
        "human_handle_seconds_squares": _squares(qualified, "human_handle_seconds"),
        "operator_messages_squares": _squares(qualified, "operator_messages"),
        "bot_handle_seconds": sum(_known(qualified, "bot_handle_seconds")),
        "bot_handle_seconds_squares": _squares(qualified, "bot_handle_seconds"),
        "bot_handled_sessions": len(_known(qualified, "bot_handle_seconds")),
        "settled_csat_chat_responses": len(_known(settled, "csat_chat")),
        "settled_csat_visit_responses": len(_known(settled, "csat_visit")),
        "settled_nps_responses": len(_known(settled, "nps_score")),
        **{f"rankable_{clock}sessions": len(own) for clock, own in ranked.items()},
        **{
            f"ttr_{clock}sessions": len(_known(qualified, f"ttr_{clock}seconds"))
            for clock in ("bot_", "human_", "human_business_")
        },
    }
    if leads is not None:
        old = [lead for lead in leads if lead["is_revenue_mature"]]
        sums["created_leads"] = len(leads)
        sums["no_show_bookings"] = sum(lead["no_show_bookings"] for lead in leads)
        sums["cancelled_bookings"] = sum(lead["cancelled_bookings"] for lead in leads)
        arrived = sum(lead["arrived_bookings"] for lead in leads)
        sums["awaited_bookings"] = arrived + sums["no_show_bookings"]
        sums["decided_bookings"] = sums["awaited_bookings"] + sums["cancelled_bookings"]
        sums["revenue_leads"] = len(_known(old, "revenue_amount"))
        sums["revenue_amount"] = sum(_known(old, "revenue_amount"))
        sums["revenue_amount_squares"] = _squares(old, "revenue_amount")
        sums["unmatched_leads"] = sum(lead["match_method"] is None for lead in leads)
    seconds = {f"ttr_{clock}sessions": sorted(_known(own, f"ttr_{clock}seconds"))
               for clock, own in ranked.items()}  # fmt: skip
    return Counted(sums, seconds)


def share_mature(rows: Sequence[Columns]) -> float | None:
    """Share of the qualified sessions whose conversion is final."""
    qualified = [row for row in rows if row["is_qualified"]]
    return _count(qualified, "is_mature") / len(qualified) if qualified else None


def _is_ranked(row: Columns, clock: str, is_missed: bool) -> bool:
    return row[clock] is not None or bool(is_missed and row["is_settled"])


def _has_no_answer_of_bot(row: Columns) -> bool:
    return row["ttr_bot_seconds"] is None and not row["has_time_anomaly"]


def _waits_in_vain(row: Columns) -> bool:
    """Whether a person had to answer and did not."""
    if row["handoff_type"] in (None, "took_over"):
        return not row["is_bot_involved"] and not row["is_answered"]
    return row["ttr_human_seconds"] is None


def _resolved(rows: Sequence[Columns], hours: int) -> int:
    return sum(
        row["outcome"] in ("bot_goal", "bot_confirmed", "bot_assumed")
        and not row[f"returned_within_{hours}h"]
        for row in rows
    )


def _count(rows: Sequence[Columns], flag: str) -> int:
    return sum(bool(row[flag]) for row in rows)


def _known(rows: Sequence[Columns], column: str) -> list[Any]:
    return [row[column] for row in rows if row[column] is not None]


def _squares(rows: Sequence[Columns], column: str) -> float:
    return float(sum(value**2 for value in _known(rows, column)))


def _rated(rows: Sequence[Columns], survey: str) -> dict[str, float]:
    scores = _known(rows, survey)
    return {
        f"{survey}_sum": sum(scores),
        f"{survey}_responses": len(scores),
        f"{survey}_positive": sum(score >= 4 for score in scores),
    }
