"""What follows a lead: the booking, the visit, the payment, and what people say of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from orchestration.demo.businesses import Service
from orchestration.demo.diary import Diary, Row
from orchestration.demo.stories import choose
from orchestration.demo.truth import LeadTruth, VisitStatus

_CANCELLED_SHARE = 0.16


@dataclass(frozen=True)
class VisitPlan:
    """When somebody is to come, whether they do, and the score they give (None: no answer)."""

    starts_at: datetime
    status: VisitStatus
    csat: int | None


def plan_visit(diary: Diary, booked_at: datetime) -> VisitPlan:
    """Decide on a visit in the days after `booked_at`, within opening hours."""
    rng, business = diary.rng, diary.business
    day = diary.local_date(booked_at) + timedelta(days=rng.randint(1, 9))
    hour = rng.randint(business.opens + 1, business.closes - 2)
    statuses: dict[VisitStatus, float] = {
        "arrived": 1 - _CANCELLED_SHARE - business.no_show_share,
        "no_show": business.no_show_share,
        "cancelled": _CANCELLED_SHARE,
    }
    status = choose(diary, statuses)
    csat = None
    if status == "arrived" and business.surveys_visits and rng.random() < 0.42:
        csat = rng.choices((5, 4, 3, 2, 1), (62, 26, 6, 4, 2))[0]
    starts_at = diary.moment(day, f"{hour:02d}:{rng.choice((0, 15, 30, 45)):02d}")
    return VisitPlan(starts_at, status, csat)


def book_visit(diary: Diary, lead: LeadTruth, plan: VisitPlan, service: Service) -> None:
    """Write the booking and the deal of a visit, how both end, and what came of it."""
    booked_at = lead.created_at + timedelta(minutes=2)
    number = diary.number("deal", 501)
    deal: Row = {
        "deal_id": f"D-{number}",
        "lead_id": lead.lead_id,
        "created_at": booked_at,
        "pipeline": "visits",
        "amount": service.price,
        "currency": "RUB",
    }
    booking: Row = {
        "booking_id": f"B-{number}",
        "lead_id": lead.lead_id,
        "starts_at": plan.starts_at,
        "created_at": booked_at,
        "service": service.name,
    }
    over = plan.starts_at + timedelta(hours=1)
    if plan.status == "cancelled":
        a_day_before = plan.starts_at - timedelta(hours=20)
        over = max(a_day_before, booked_at + timedelta(hours=1))
    _save_deal(diary, deal, booked_at, "NEW", "open")
    diary.record("bookings", booking | {"status": "booked", "modified_at": booked_at}, booked_at)
    diary.record("bookings", booking | {"status": plan.status, "modified_at": over}, over)
    is_over = over < diary.as_of
    lead.visit_status = plan.status if is_over else "booked"
    if plan.status != "arrived":
        ending: Row = {"closed_at": over, "loss_reason": plan.status}
        _save_deal(diary, deal, over, "LOSE", "lost", ending)
        return
    payment: Row = {"closed_at": over, "paid_amount": service.price, "paid_at": over}
    _save_deal(diary, deal, over, "WON", "won", payment)
    if is_over:
        _take_payment(lead, service.price)
    if plan.csat is not None:
        _ask_for_score(diary, lead, plan.csat, over + timedelta(hours=3))


def rate(diary: Diary, who: Row, survey: str, metric: str, score: int, moment: datetime) -> bool:
    """Record an answer to a survey; False where it would come after the end."""
    scale = 5 if metric == "csat" else 10
    row: Row = {
        "rating_id": f"r-{diary.number('rating'):05d}",
        **who,
        "survey": survey,
        "metric": metric,
        "score": score,
        "scale_max": scale,
        "rated_at": moment,
    }
    diary.record("ratings", row, moment)
    return moment < diary.as_of


def _take_payment(lead: LeadTruth, amount: int) -> None:
    lead.paid_amount = amount
    if lead.session is not None:
        lead.session.paid_amount += amount


def _ask_for_score(diary: Diary, lead: LeadTruth, score: int, moment: datetime) -> None:
    known = rate(diary, {"lead_id": lead.lead_id}, "visit", "csat", score, moment)
    if known and lead.session is not None:
        lead.session.csat_visit = score


def _save_deal(
    diary: Diary,
    base: Row,
    moment: datetime,
    stage: str,
    semantic: str,
    changes: Row | None = None,
) -> None:
    row = (
        base | {"modified_at": moment, "stage": stage, "stage_semantic": semantic} | (changes or {})
    )
    diary.record("deals", row, moment)
    entered: Row = {
        "entity": "deal",
        "entity_id": base["deal_id"],
        "stage": stage,
        "stage_semantic": semantic,
        "entered_at": moment,
    }
    diary.record("stage_history", entered, moment)
