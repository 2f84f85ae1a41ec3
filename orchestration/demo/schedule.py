"""Ninety ordinary days: who writes when, who comes back, what follows from it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from orchestration.demo.crm import open_lead, plan_lead, rate
from orchestration.demo.ledger import Ledger, Row
from orchestration.demo.people import new_person
from orchestration.demo.plots import tell
from orchestration.demo.script import Script
from orchestration.demo.stories import Story, choose, decide, time_of_day
from orchestration.demo.truth import Person, SessionTruth

# Longer than the widest return window and the lead window: who writes again after this long
# starts afresh in every respect.
_REST = timedelta(days=9)
_WEEKDAY_PULL = (1.1, 1.05, 1.0, 1.0, 1.1, 0.95, 0.8)
_RETURN_SHARE = 0.07
_CALLS_PER_DAY = 0.7
_LATEST_HOUR_ON_LAST_DAY = 18


@dataclass
class Known:
    """A person who has written before, and when they were last heard of."""

    person: Person
    channel: str
    last_at: datetime


def live_through(ledger: Ledger) -> None:
    """Fill the days with ordinary conversations and all they lead to."""
    rng = ledger.rng
    known: list[Known] = []
    for number in range(ledger.days):
        day = ledger.day(number)
        mean = ledger.business.usual_sessions / ledger.days * _WEEKDAY_PULL[day.weekday()]
        for _ in range(max(round(rng.gauss(mean, mean**0.5)), 1)):
            _converse(ledger, known, day)
        _phone_calls(ledger, day)
    _pay_the_bills(ledger)


def follow(ledger: Ledger, script: Script, story: Story, *, returning: bool) -> None:
    """Write what comes after the last word: the lead, the scores."""
    rng, truth = ledger.rng, script.truth
    if story.makes_lead:
        by_hand = story.lead_link in ("phone", "email", None)
        wait = rng.randint(8, 150) * 60 if by_hand else rng.randint(5, 600)
        created_at = truth.ended_at + timedelta(seconds=wait)
        plan = plan_lead(ledger, created_at, story.service, returning=returning)
        open_lead(ledger, plan, method=story.lead_link, person=script.person, session=truth)
    asked = truth.ended_at + timedelta(minutes=rng.randint(1, 25))
    who: Row = {"session_id": truth.session_id} if truth.session_id else {"user_id": truth.user_id}
    if story.csat_chat is not None and rate(ledger, who, "chat", "csat", story.csat_chat, asked):
        truth.csat_chat = story.csat_chat
    asked += timedelta(minutes=1)
    if story.nps_score is not None and rate(ledger, who, "chat", "nps", story.nps_score, asked):
        truth.nps_score = story.nps_score


def _converse(ledger: Ledger, known: list[Known], day: date) -> None:
    last_day = day == ledger.day(-1)
    latest = _LATEST_HOUR_ON_LAST_DAY if last_day else 23
    earliest = 9 if last_day else 0
    clock = max(time_of_day(ledger, latest_hour=latest), f"{earliest:02d}:05:00")
    starts_at = ledger.moment(day, clock)
    someone = _someone(ledger, known, starts_at)
    returning = someone is not None
    if someone is None:
        channel = choose(ledger, ledger.business.channels)
        someone = Known(new_person(ledger, (channel,)), channel, starts_at)
        known.append(someone)
    story = decide(ledger, someone.person, starts_at)
    script = tell(ledger, someone.person, someone.channel, starts_at, story)
    follow(ledger, script, story, returning=returning)
    someone.last_at = script.truth.ended_at
    brief = script.truth.ended_at - script.truth.started_at < timedelta(hours=1)
    if brief and ledger.rng.random() < _RETURN_SHARE:
        _come_back(ledger, someone, script.truth)


def _come_back(ledger: Ledger, someone: Known, before: SessionTruth) -> None:
    """The same person writes again, soon enough to doubt that they were helped."""
    rng = ledger.rng
    soon = (5, 18) if ledger.business.gives_session_ids else (26, 40)
    hours = rng.uniform(*rng.choice((soon, (28, 60), (28, 60), (84, 155))))
    starts_at = before.ended_at + timedelta(seconds=round(hours * 3600))
    if ledger.local_date(starts_at) >= ledger.day(-1):
        return
    story = decide(ledger, someone.person, starts_at)
    if story.plot == "greeting_only" or story.after_broadcast:
        return
    script = tell(ledger, someone.person, someone.channel, starts_at, story)
    follow(ledger, script, story, returning=True)
    someone.last_at = script.truth.ended_at
    before.returned_within_24h = hours < 24
    before.returned_within_72h = hours < 72
    before.returned_within_168h = True


def _someone(ledger: Ledger, known: list[Known], moment: datetime) -> Known | None:
    """Somebody long enough silent, or nobody: then it is a new face."""
    if not known or ledger.rng.random() > 0.35:
        return None
    candidate = ledger.rng.choice(known)
    return candidate if candidate.last_at + _REST < moment else None


def _phone_calls(ledger: Ledger, day: date) -> None:
    """Leads that no chat led to."""
    if ledger.rng.random() < _CALLS_PER_DAY and day != ledger.day(-1):
        service = ledger.rng.choice(ledger.business.services)
        plan = plan_lead(ledger, ledger.moment(day, "12:20"), service, returning=False)
        open_lead(ledger, plan, method=None, person=None, session=None)


def _pay_the_bills(ledger: Ledger) -> None:
    """Running costs on the first of each month, setting up on the first day."""
    costs = ledger.business
    rows = [(ledger.day(0), "setup", costs.setup_cost)]
    for number in range(ledger.days):
        day = ledger.day(number)
        if day.day == 1 or number == 0:
            rows += [(day.replace(day=1), item, amount) for item, amount in costs.costs.items()]
    for day, item, amount in rows:
        row: Row = {"cost_date": day, "item": item, "amount": amount, "currency": "RUB"}
        ledger.record("costs", row, ledger.moment(max(day, ledger.day(0)), "09:00"))
