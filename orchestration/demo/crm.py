"""What the CRM learns of leads, in versions, and how it ties them to conversations."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from orchestration.demo.businesses import Service
from orchestration.demo.diary import Diary, Row
from orchestration.demo.people import outsider_phone, spell_phone
from orchestration.demo.stories import choose
from orchestration.demo.truth import LeadTruth, MatchMethod, Person, SessionTruth
from orchestration.demo.visits import VisitPlan, book_visit, plan_visit

Fate = Literal["won", "lost", "open"]
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
    visit: VisitPlan | None = None
    is_returning: bool = False


def plan_lead(diary: Diary, created_at: datetime, service: Service, *, returning: bool) -> LeadPlan:
    """Decide whether the lead is won, whether the person comes, and how they liked it."""
    fate = choose(diary, _FATES)
    visit = plan_visit(diary, created_at) if fate == "won" else None
    return LeadPlan(created_at, service, fate, visit, returning)


def open_lead(
    diary: Diary,
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
        business_id=diary.business.business_id,
        lead_id=f"L-{diary.number('lead', 1001)}",
        created_at=plan.created_at,
        method=method,
        session=session if method else None,
        case=case,
    )
    diary.leads.append(lead)
    base = lead_row(diary, lead.lead_id, plan, person)
    base |= link(diary, method, person, session) | (columns or {})
    versions: list[tuple[datetime, str, str]] = [(plan.created_at, "NEW", "open")]
    if plan.fate != "open" or diary.rng.random() < 0.5:
        versions.append((plan.created_at + timedelta(minutes=40), "IN_PROCESS", "open"))
    if plan.fate != "open":
        decided_at = plan.created_at + timedelta(hours=3 if plan.fate == "won" else 45)
        versions.append((decided_at, _STAGES[plan.fate], plan.fate))
    for moment, status, semantic in versions:
        reason = diary.rng.choice(_LOSS_REASONS) if semantic == "lost" else None
        save_lead(diary, base, moment, status, semantic, loss_reason=reason)
    if lead.session is not None:
        credit(lead.session, plan.service.price)
    if plan.visit is not None:
        book_visit(diary, lead, plan.visit, plan.service)
    return lead


def lead_row(diary: Diary, lead_id: str, plan: LeadPlan, person: Person | None) -> Row:
    """The columns of a lead that never change and tie it to nothing."""
    name = person.name if person else "без имени"
    return {
        "lead_id": lead_id,
        "created_at": plan.created_at,
        "title": f"{diary.rng.choice(_SERVICE_TITLES)}: {plan.service.name}, {name}",
        "amount": plan.service.price,
        "currency": "RUB",
        "source": "chat" if person else "call",
        "contact_id": f"C-{person.phone[-4:]}" if person else None,
        "is_returning": plan.is_returning,
    }


def link(
    diary: Diary,
    method: MatchMethod | None,
    person: Person | None,
    session: SessionTruth | None,
) -> Row:
    """The columns that tie a lead to its conversation, by one way only."""
    if method is None or person is None or session is None:
        return {"phone": spell_phone(diary, outsider_phone(diary))}
    channel, user_id = session.channel, session.user_id
    match method:
        case "session_id":
            return {
                "session_id": session.session_id,
                "channel": channel,
                "phone": spell_phone(diary, person.phone),
            }
        case "chat_reference":
            return {"chat_reference": f"imol|{channel}|7|chat-{user_id}|{user_id}"}
        case "user_id":
            return {"user_id": user_id, "channel": channel}
        case "phone":
            return {"phone": spell_phone(diary, person.phone)}
        case "email":
            return {"email": person.email.title()}


def save_lead(
    diary: Diary, base: Row, moment: datetime, status: str, semantic: str, **changes: object
) -> None:
    """Record one version of a lead and the stage it entered."""
    row = base | {"modified_at": moment, "status": status, "status_semantic": semantic} | changes
    diary.record("leads", row, moment)
    stage: Row = {
        "entity": "lead",
        "entity_id": base["lead_id"],
        "stage": status,
        "stage_semantic": semantic,
        "entered_at": moment,
    }
    diary.record("stage_history", stage, moment)


def credit(session: SessionTruth, amount: float) -> None:
    """Count a lead for the conversation it came from."""
    session.leads += 1
    session.lead_amount += amount
