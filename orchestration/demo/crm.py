"""What the CRM learns: leads in their versions, deals, visits, payments, scores."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from orchestration.demo.businesses import Service
from orchestration.demo.ledger import Ledger, Row
from orchestration.demo.people import outsider_phone, spell_phone
from orchestration.demo.stories import choose
from orchestration.demo.truth import LeadTruth, MatchMethod, Person, SessionTruth

Fate = Literal["won", "lost", "open"]
VisitStatus = Literal["booked", "arrived", "no_show", "cancelled"]
_FATES: dict[Fate, float] = {"won": 72, "lost": 20, "open": 8}
_STAGES: dict[Fate, str] = {"won": "CONVERTED", "lost": "JUNK", "open": "IN_PROCESS"}
_LOSS_REASONS = ("дорого", "выбрал другое место", "не дозвонились", "передумал")
_SERVICE_TITLES = ("Заявка из чата", "Обращение из мессенджера", "Новый клиент")


@dataclass(frozen=True)
class LeadPlan:
    """How a lead will fare, decided before the first row is written."""

    created_at: datetime
    service: Service
    fate: Fate
    visit_at: datetime | None
    visit: VisitStatus | None
    csat_visit: int | None
    is_returning: bool = False


def plan_lead(
    ledger: Ledger, created_at: datetime, service: Service, *, returning: bool
) -> LeadPlan:
    """Decide whether the lead is won, whether the person comes, and how they liked it."""
    rng, business = ledger.rng, ledger.business
    fate = choose(ledger, _FATES)
    if fate != "won":
        return LeadPlan(created_at, service, fate, None, None, None, returning)
    day = ledger.local_date(created_at) + timedelta(days=rng.randint(1, 9))
    hour = rng.randint(business.opens + 1, business.closes - 2)
    visit_at = ledger.moment(day, f"{hour:02d}:{rng.choice((0, 15, 30, 45)):02d}")
    visits: dict[VisitStatus, float] = {
        "arrived": 0.84 - business.no_show_share,
        "no_show": business.no_show_share,
        "cancelled": 0.16,
    }
    visit = choose(ledger, visits)
    liked = None
    if visit == "arrived" and business.surveys_visits and rng.random() < 0.42:
        liked = rng.choices((5, 4, 3, 2, 1), (62, 26, 6, 4, 2))[0]
    return LeadPlan(created_at, service, fate, visit_at, visit, liked, returning)


def open_lead(
    ledger: Ledger,
    plan: LeadPlan,
    *,
    method: MatchMethod | None,
    person: Person | None,
    session: SessionTruth | None,
    case: str | None = None,
    columns: Row | None = None,
) -> LeadTruth:
    """Write one lead's whole life as planned, and credit its conversation by `method`.

    `columns` replace what the way of linking would have written.
    """
    lead = LeadTruth(
        business_id=ledger.business.business_id,
        lead_id=f"L-{ledger.number('lead', 1001)}",
        created_at=plan.created_at,
        method=method,
        session=session if method else None,
        case=case,
    )
    ledger.leads.append(lead)
    base = lead_row(ledger, lead.lead_id, plan, person)
    base |= link(ledger, method, person, session) | (columns or {})
    versions: list[tuple[datetime, str, str]] = [(plan.created_at, "NEW", "open")]
    if plan.fate != "open" or ledger.rng.random() < 0.5:
        versions.append((plan.created_at + timedelta(minutes=40), "IN_PROCESS", "open"))
    if plan.fate != "open":
        decided_at = plan.created_at + timedelta(hours=3 if plan.fate == "won" else 45)
        versions.append((decided_at, _STAGES[plan.fate], plan.fate))
    for moment, status, semantic in versions:
        reason = ledger.rng.choice(_LOSS_REASONS) if semantic == "lost" else None
        save_lead(ledger, base, moment, status, semantic, loss_reason=reason)
    if lead.session is not None:
        credit(lead.session, plan.service.price, by_session_id=method == "session_id")
    if plan.visit_at is not None and plan.visit is not None:
        _visit(ledger, plan, lead, plan.visit_at, plan.visit)
    return lead


def lead_row(ledger: Ledger, lead_id: str, plan: LeadPlan, person: Person | None) -> Row:
    """The columns of a lead that never change and tie it to nothing."""
    name = person.name if person else "без имени"
    return {
        "lead_id": lead_id,
        "created_at": plan.created_at,
        "title": f"{ledger.rng.choice(_SERVICE_TITLES)}: {plan.service.name}, {name}",
        "amount": plan.service.price,
        "currency": "RUB",
        "source": "chat" if person else "call",
        "contact_id": f"C-{person.phone[-4:]}" if person else None,
        "is_returning": plan.is_returning,
    }


def link(
    ledger: Ledger, method: MatchMethod | None, person: Person | None, session: SessionTruth | None
) -> Row:
    """The columns that tie a lead to its conversation, by one way only."""
    if method is None or person is None or session is None:
        return {"phone": spell_phone(ledger, outsider_phone(ledger))}
    channel, user_id = session.channel, session.user_id
    match method:
        case "session_id":
            return {
                "session_id": session.session_id,
                "channel": channel,
                "phone": spell_phone(ledger, person.phone),
            }
        case "chat_reference":
            return {"chat_reference": f"imol|{channel}|7|chat-{user_id}|{user_id}"}
        case "user_id":
            return {"user_id": user_id, "channel": channel}
        case "phone":
            return {"phone": spell_phone(ledger, person.phone)}
        case "email":
            return {"email": person.email.title()}


def save_lead(
    ledger: Ledger, base: Row, moment: datetime, status: str, semantic: str, **changes: object
) -> None:
    """Record one version of a lead and the stage it entered."""
    row = base | {"modified_at": moment, "status": status, "status_semantic": semantic} | changes
    ledger.record("leads", row, moment)
    stage: Row = {
        "entity": "lead",
        "entity_id": base["lead_id"],
        "stage": status,
        "stage_semantic": semantic,
        "entered_at": moment,
    }
    ledger.record("stage_history", stage, moment)


def credit(session: SessionTruth, amount: float, *, by_session_id: bool) -> None:
    """Count a lead for the conversation it came from."""
    session.leads += 1
    session.lead_amount += amount
    if by_session_id:
        session.leads_by_session_id += 1
        session.lead_amount_by_session_id += amount


def rate(ledger: Ledger, who: Row, survey: str, metric: str, score: int, moment: datetime) -> bool:
    """Record an answer to a survey; False where it would come after the end."""
    scale = 5 if metric == "csat" else 10
    row: Row = {
        "rating_id": f"r-{ledger.number('rating'):05d}",
        **who,
        "survey": survey,
        "metric": metric,
        "score": score,
        "scale_max": scale,
        "rated_at": moment,
    }
    ledger.record("ratings", row, moment)
    return moment < ledger.as_of


def _visit(
    ledger: Ledger, plan: LeadPlan, lead: LeadTruth, visit_at: datetime, status: VisitStatus
) -> None:
    booked_at = plan.created_at + timedelta(minutes=2)
    number = ledger.number("deal", 501)
    deal: Row = {
        "deal_id": f"D-{number}",
        "lead_id": lead.lead_id,
        "created_at": booked_at,
        "pipeline": "visits",
        "amount": plan.service.price,
        "currency": "RUB",
    }
    booking: Row = {
        "booking_id": f"B-{number}",
        "lead_id": lead.lead_id,
        "starts_at": visit_at,
        "created_at": booked_at,
        "service": plan.service.name,
    }
    over = visit_at + timedelta(hours=1)
    if status == "cancelled":
        over = min(max(visit_at - timedelta(hours=20), booked_at + timedelta(hours=1)), visit_at)
    _save_deal(ledger, deal, booked_at, "NEW", "open")
    ledger.record("bookings", booking | {"status": "booked", "modified_at": booked_at}, booked_at)
    ledger.record("bookings", booking | {"status": status, "modified_at": over}, over)
    lead.visit_status = status if over < ledger.as_of else "booked"
    if status != "arrived":
        _save_deal(ledger, deal, over, "LOSE", "lost", closed_at=over, loss_reason=status)
        return
    paid = {"paid_amount": plan.service.price, "paid_at": over, "closed_at": over}
    _save_deal(ledger, deal, over, "WON", "won", **paid)
    session = lead.session
    by_session_id = lead.method == "session_id"
    if over < ledger.as_of:
        lead.paid_amount = plan.service.price
        if session is not None:
            session.paid_amount += plan.service.price
            session.paid_amount_by_session_id += plan.service.price * by_session_id
    if plan.csat_visit is not None:
        asked = over + timedelta(hours=3)
        known = rate(ledger, {"lead_id": lead.lead_id}, "visit", "csat", plan.csat_visit, asked)
        if known and session is not None:
            session.csat_visit = plan.csat_visit
            if by_session_id:
                session.csat_visit_by_session_id = plan.csat_visit


def _save_deal(
    ledger: Ledger, base: Row, moment: datetime, stage: str, semantic: str, **changes: object
) -> None:
    row = base | {"modified_at": moment, "stage": stage, "stage_semantic": semantic} | changes
    ledger.record("deals", row, moment)
    entered: Row = {
        "entity": "deal",
        "entity_id": base["deal_id"],
        "stage": stage,
        "stage_semantic": semantic,
        "entered_at": moment,
    }
    ledger.record("stage_history", entered, moment)
