"""Ninety ordinary days: who writes when, who comes back, what follows from it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from orchestration.demo.crm import open_lead, plan_lead
from orchestration.demo.diary import Diary, Row
from orchestration.demo.people import new_person
from orchestration.demo.plots import tell
from orchestration.demo.script import Script
from orchestration.demo.stories import Story, choose, decide, time_of_day
from orchestration.demo.truth import Person, SessionTruth
from orchestration.demo.visits import rate

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


def live_through(diary: Diary) -> None:
    """Fill the days with ordinary conversations and all they lead to."""
    rng = diary.rng
    known: list[Known] = []
    for number in range(diary.days):
        day = diary.day(number)
        mean = diary.business.usual_sessions / diary.days * _WEEKDAY_PULL[day.weekday()]
        for _ in range(max(round(rng.gauss(mean, mean**0.5)), 1)):
            _converse(diary, known, day)
        _phone_calls(diary, day)
    _pay_the_bills(diary)


def follow(diary: Diary, script: Script, story: Story, *, returning: bool) -> None:
    """Write what comes after the last word: the lead, the scores."""
    rng, truth = diary.rng, script.truth
    if story.makes_lead:
        by_hand = story.lead_link in ("phone", "email", None)
        wait = rng.randint(8, 150) * 60 if by_hand else rng.randint(5, 600)
        created_at = truth.ended_at + timedelta(seconds=wait)
        plan = plan_lead(diary, created_at, story.service, returning=returning)
        open_lead(diary, plan, method=story.lead_link, person=script.person, session=truth)
    asked = truth.ended_at + timedelta(minutes=rng.randint(1, 25))
    who: Row = {"session_id": truth.session_id} if truth.session_id else {"user_id": truth.user_id}
    if story.csat_chat is not None and rate(diary, who, "chat", "csat", story.csat_chat, asked):
        truth.csat_chat = story.csat_chat
    asked += timedelta(minutes=1)
    if story.nps_score is not None and rate(diary, who, "chat", "nps", story.nps_score, asked):
        truth.nps_score = story.nps_score


def _converse(diary: Diary, known: list[Known], day: date) -> None:
    last_day = day == diary.day(-1)
    latest = _LATEST_HOUR_ON_LAST_DAY if last_day else 23
    earliest = 9 if last_day else 0
    clock = max(time_of_day(diary, latest_hour=latest), f"{earliest:02d}:05:00")
    starts_at = diary.moment(day, clock)
    someone = _someone(diary, known, starts_at)
    returning = someone is not None
    if someone is None:
        channel = choose(diary, diary.business.channels)
        someone = Known(new_person(diary, (channel,)), channel, starts_at)
        known.append(someone)
    story = decide(diary, someone.person, starts_at)
    script = tell(diary, someone.person, someone.channel, starts_at, story)
    follow(diary, script, story, returning=returning)
    someone.last_at = script.truth.ended_at
    brief = script.truth.ended_at - script.truth.started_at < timedelta(hours=1)
    if brief and diary.rng.random() < _RETURN_SHARE:
        _come_back(diary, someone, script.truth)


def _come_back(diary: Diary, someone: Known, before: SessionTruth) -> None:
    """The same person writes again, soon enough to doubt that they were helped."""
    rng = diary.rng
    soon = (5, 18) if diary.business.gives_session_ids else (26, 40)
    hours = rng.uniform(*rng.choice((soon, (28, 60), (28, 60), (84, 155))))
    starts_at = before.ended_at + timedelta(seconds=round(hours * 3600))
    if diary.local_date(starts_at) >= diary.day(-1):
        return
    story = decide(diary, someone.person, starts_at)
    if story.plot == "greeting_only" or story.after_broadcast:
        return
    script = tell(diary, someone.person, someone.channel, starts_at, story)
    follow(diary, script, story, returning=True)
    someone.last_at = script.truth.ended_at
    before.returned_within_24h = hours < 24
    before.returned_within_72h = hours < 72
    before.returned_within_168h = True


def _someone(diary: Diary, known: list[Known], moment: datetime) -> Known | None:
    """Somebody long enough silent, or nobody: then it is a new face."""
    if not known or diary.rng.random() > 0.35:
        return None
    candidate = diary.rng.choice(known)
    return candidate if candidate.last_at + _REST < moment else None


def _phone_calls(diary: Diary, day: date) -> None:
    """Leads that no chat led to."""
    if diary.rng.random() < _CALLS_PER_DAY and day != diary.day(-1):
        service = diary.rng.choice(diary.business.services)
        plan = plan_lead(diary, diary.moment(day, "12:20"), service, returning=False)
        open_lead(diary, plan, method=None, person=None, session=None)


def _pay_the_bills(diary: Diary) -> None:
    """Running costs on the first of each month, setting up on the first day."""
    costs = diary.business
    rows = [(diary.day(0), "setup", costs.setup_cost)]
    for number in range(diary.days):
        day = diary.day(number)
        if day.day == 1 or number == 0:
            rows += [(day.replace(day=1), item, amount) for item, amount in costs.costs.items()]
    for day, item, amount in rows:
        row: Row = {"cost_date": day, "item": item, "amount": amount, "currency": "RUB"}
        diary.record("costs", row, diary.moment(max(day, diary.day(0)), "09:00"))
