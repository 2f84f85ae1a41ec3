"""Awkward cases of leads: how many, whose, when, and whether they still are."""

from datetime import datetime, timedelta

from orchestration.demo.casting import Case, ask_and_answer, begin, plain_plan
from orchestration.demo.crm import credit, lead_row, link, open_lead, save_lead
from orchestration.demo.diary import Diary, Row
from orchestration.demo.hearing import hear_right
from orchestration.demo.script import Script
from orchestration.demo.telling import answered, settle
from orchestration.demo.truth import LeadTruth, MatchMethod

_SALON, _CLINIC, _TRAINER = "salon_lime", "clinic_neva", "trainer_baltic"


def several_leads_in_one_session(diary: Diary, case: str) -> None:
    """A haircut for herself, another for her son: two leads, one converted session."""
    script = _booked(diary, case, "telegram", 56)
    for minutes in (1, 4):
        plan = plain_plan(diary, script, minutes)
        open_lead(diary, plan, method="session_id", person=script.person, session=script.truth)
    settle(script, "bot_goal")


def one_lead_and_several_sessions(diary: Diary, case: str) -> None:
    """Two talks, then one lead: it belongs to the last that began before it."""
    first = _booked(diary, case, "telegram", 57)
    settle(first, "bot_assumed")
    second = begin(diary, case, "telegram", diary.day(59), "12:00:11", person=first.person)
    ask_and_answer(second, "Так что, записали меня?", "Да, во вторник в 9:00.", 2)
    settle(second, "bot_goal")
    first.truth.returned_within_72h = first.truth.returned_within_168h = True
    plan = plain_plan(diary, second, 5)
    open_lead(diary, plan, method="user_id", person=first.person, session=second.truth, case=case)


def lead_by_phone_only(diary: Diary, case: str) -> None:
    """A clerk typed nothing but the number, in her own spelling."""
    _linked_by(diary, case, "whatsapp", 60, "phone")


def lead_by_chat_reference_only(diary: Diary, case: str) -> None:
    """The CRM knows the open line's chat and nothing else."""
    _linked_by(diary, case, "telegram", 60, "chat_reference")


def lead_by_user_id_only(diary: Diary, case: str) -> None:
    """The messenger's id, and no phone."""
    _linked_by(diary, case, "instagram", 60, "user_id")


def lead_by_email_only(diary: Diary, case: str) -> None:
    """An address in capitals that the customer wrote in small letters."""
    _linked_by(diary, case, "web", 60, "email")


def lead_before_the_session(diary: Diary, case: str) -> None:
    """An old lead on which somebody later noted the id of a new session."""
    script = _booked(diary, case, "telegram", 61)
    settle(script, "bot_assumed")
    early = plain_plan(diary, script, -2 * 24 * 60)
    lead = _lead(diary, early.created_at, None, case)
    base = lead_row(diary, lead.lead_id, early, script.person)
    base |= link(diary, "session_id", script.person, script.truth)
    save_lead(diary, base, early.created_at, "NEW", "open")


def lead_outside_the_window(diary: Diary, case: str) -> None:
    """Eight days after the last word: too late to be that talk's doing."""
    script = _booked(diary, case, "telegram", 62)
    settle(script, "bot_assumed")
    late = plain_plan(diary, script, 8 * 24 * 60)
    lead = _lead(diary, late.created_at, None, case)
    base = lead_row(diary, lead.lead_id, late, script.person)
    base |= link(diary, "user_id", script.person, script.truth)
    save_lead(diary, base, late.created_at, "NEW", "open")


def lead_of_an_unknown_session(diary: Diary, case: str) -> None:
    """The lead names a session nobody ever saw."""
    created_at = diary.moment(diary.day(62), "15:00:00")
    lead = _lead(diary, created_at, None, case)
    base: Row = {"lead_id": lead.lead_id, "created_at": created_at, "session_id": "s-lost"}
    save_lead(diary, base, created_at, "NEW", "open")


def merged_lead(diary: Diary, case: str) -> None:
    """Two clerks, one customer: the records are merged and count once, from the earlier time."""
    script = _booked(diary, case, "telegram", 63)
    settle(script, "bot_goal")
    sooner, later = plain_plan(diary, script, 1), plain_plan(diary, script, 90)
    survivor = open_lead(
        diary,
        later,
        method="session_id",
        person=script.person,
        session=script.truth,
        case=case,
    )
    survivor.created_at = sooner.created_at
    duplicate = lead_row(diary, f"L-{diary.number('lead', 1001)}", sooner, script.person)
    duplicate |= link(diary, "session_id", script.person, script.truth)
    save_lead(diary, duplicate, sooner.created_at, "NEW", "open")
    merged_at = later.created_at + timedelta(hours=1)
    save_lead(diary, duplicate, merged_at, "JUNK", "lost", merged_into=survivor.lead_id)


def deleted_lead(diary: Diary, case: str) -> None:
    """Somebody deletes the lead: the session is no longer converted."""
    script = _booked(diary, case, "telegram", 64)
    settle(script, "bot_assumed")
    plan = plain_plan(diary, script, 2)
    lead = _lead(diary, plan.created_at, script, case)
    lead.is_deleted = True
    base = lead_row(diary, lead.lead_id, plan, script.person)
    base |= link(diary, "session_id", script.person, script.truth)
    save_lead(diary, base, plan.created_at, "NEW", "open")
    deleted_at = plan.created_at + timedelta(days=1)
    save_lead(diary, base, deleted_at, "NEW", "open", is_deleted=True)


def lead_versions_out_of_order(diary: Diary, case: str) -> None:
    """The newest version was delivered first; its price stands all the same."""
    script = _booked(diary, case, "telegram", 65)
    settle(script, "bot_goal")
    plan = plain_plan(diary, script, 2)
    lead = _lead(diary, plan.created_at, script, case)
    base = lead_row(diary, lead.lead_id, plan, script.person)
    base |= link(diary, "session_id", script.person, script.truth)
    versions = ((timedelta(hours=5), 3100), (timedelta(), plan.service.price))
    for number, (age, amount) in enumerate(versions):
        version = base | {
            "amount": amount,
            "modified_at": plan.created_at + age,
            "status": "IN_PROCESS",
            "status_semantic": "open",
        }
        diary.record("leads", version, plan.created_at + timedelta(days=1, minutes=number))
    credit(script.truth, 3100)


def booking_without_a_lead(diary: Diary, case: str) -> None:
    """The bot booked straight into the calendar: its goal, though no lead was opened."""
    script = _booked(diary, case, "telegram", 66)
    settle(script, "bot_goal")
    booked_at = script.truth.ended_at + timedelta(minutes=1)
    booking: Row = {
        "booking_id": "B-direct-1",
        "session_id": script.truth.session_id,
        "starts_at": booked_at + timedelta(days=2),
        "created_at": booked_at,
        "status": "booked",
        "service": "маникюр",
        "modified_at": booked_at,
    }
    diary.record("bookings", booking, booked_at)
    came = {"status": "arrived", "modified_at": booked_at + timedelta(days=2, hours=1)}
    diary.record("bookings", booking | came, booked_at + timedelta(days=2, hours=1))


def _booked(diary: Diary, case: str, channel: str, day: int) -> Script:
    """A plain talk that ends with the bot's confirmation."""
    script = begin(diary, case, channel, diary.day(day), f"14:{day % 60:02d}:07")
    script.customer("Запишите меня на вторник", heard=hear_right(diary, "inform"))
    script.bot("Записали вас на вторник, 9:00.", 3)
    answered(script, bot=3)
    return script


def _linked_by(diary: Diary, case: str, channel: str, day: int, method: MatchMethod) -> None:
    script = begin(diary, case, channel, diary.day(day), "14:41:00")
    email: Row = {"email": script.person.email} if method == "email" else {}
    script.customer("Запишите меня", heard=hear_right(diary, "inform"), columns=email)
    script.bot("Записали вас на пятницу, 10:00.", 3)
    answered(script, bot=3)
    settle(script, "bot_goal")
    plan = plain_plan(diary, script, 20)
    open_lead(diary, plan, method=method, person=script.person, session=script.truth, case=case)


def _lead(diary: Diary, created_at: datetime, script: Script | None, case: str) -> LeadTruth:
    """Take a new lead into the truth: matched by session id to `script`, or to nothing."""
    lead = LeadTruth(
        business_id=diary.business.business_id,
        lead_id=f"L-{diary.number('lead', 1001)}",
        created_at=created_at,
        method="session_id" if script else None,
        session=script.truth if script else None,
        case=case,
    )
    diary.leads.append(lead)
    return lead


LEAD_CASES = (
    Case(_SALON, several_leads_in_one_session),
    Case(_TRAINER, one_lead_and_several_sessions),
    Case(_CLINIC, lead_by_phone_only),
    Case(_CLINIC, lead_by_chat_reference_only),
    Case(_TRAINER, lead_by_user_id_only),
    Case(_CLINIC, lead_by_email_only),
    Case(_SALON, lead_before_the_session),
    Case(_TRAINER, lead_outside_the_window),
    Case(_SALON, lead_of_an_unknown_session),
    Case(_SALON, merged_lead),
    Case(_SALON, deleted_lead),
    Case(_SALON, lead_versions_out_of_order),
    Case(_SALON, booking_without_a_lead),
)
