"""The demo's truth summed up, the way a daily report must add up."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from orchestration.demo.truth import DemoTruth, SessionTruth


@dataclass
class BusinessTotals:
    """Sums over one business's qualified sessions, leads and visits."""

    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    sessions_per_date: Counter[date] = field(default_factory=Counter)
    label_weight: float = 0.0
    correct_weight: float = 0.0

    @property
    def intent_accuracy(self) -> float:
        """The share understood, each label standing for the messages it was drawn from."""
        return self.correct_weight / self.label_weight


def business_totals(truth: DemoTruth, business_id: str) -> BusinessTotals:
    """Sum up one business."""
    totals = BusinessTotals()
    for session in truth.sessions:
        if session.business_id == business_id:
            _add_session(totals, session)
    for lead in truth.leads:
        if lead.business_id == business_id and not lead.is_deleted:
            totals.counts["crm_leads"] += 1
            totals.counts["unmatched_leads"] += lead.method is None
            if lead.visit_status is not None:
                totals.counts[f"visits_{lead.visit_status}"] += 1
    return totals


def _add_session(totals: BusinessTotals, session: SessionTruth) -> None:
    totals.counts["all_sessions"] += 1
    if not session.is_qualified:
        return
    totals.label_weight += session.label_weight
    totals.correct_weight += session.correct_weight
    counts = totals.counts
    bot = session.is_bot_involved
    if session.outcome is not None:
        totals.outcomes[session.outcome] += 1
    if session.session_date is not None:
        totals.sessions_per_date[session.session_date] += 1
    counts["qualified_sessions"] += 1
    counts["settled_sessions"] += session.is_settled
    counts["mature_sessions"] += session.is_mature
    counts["bot_sessions"] += bot
    counts["settled_bot_sessions"] += bot and session.is_settled
    counts["answered_sessions"] += session.is_answered
    counts["unanswered_sessions"] += session.is_settled and not session.is_answered
    counts["handoff_sessions"] += bot and session.has_handoff
    counts["unplanned_handoff_sessions"] += (
        bot and session.has_handoff and session.handoff_type != "planned"
    )
    counts["contained_sessions"] += (
        bot and not session.has_handoff and session.operator_messages == 0
    )
    counts["resolved_sessions"] += session.is_resolved is True
    counts["converted_sessions"] += session.is_mature and session.is_converted
    counts["operator_sessions"] += session.operator_messages > 0
    for name in (
        "classifiable_messages",
        "no_match_messages",
        "labelled_messages",
        "correct_messages",
        "operator_messages",
        "human_handle_seconds",
        "leads",
    ):
        counts[name] += getattr(session, name)
    _add_score(counts, session.csat_chat, "csat_chat")
    _add_score(counts, session.csat_visit, "csat_visit")
    _add_score(counts, session.nps_score, "nps")
    if session.nps_score is not None:
        counts["nps_promoters"] += session.nps_score >= 9
        counts["nps_detractors"] += session.nps_score <= 6


def _add_score(counts: Counter[str], score: int | None, name: str) -> None:
    if score is not None:
        counts[f"{name}_responses"] += 1
        counts[f"{name}_sum"] += score
