"""How an awkward case is put on the stage: a new person, a known moment, a name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from orchestration.demo.crm import LeadPlan
from orchestration.demo.diary import Diary
from orchestration.demo.hearing import hear_right
from orchestration.demo.people import new_person
from orchestration.demo.script import Script
from orchestration.demo.stories import BOT_VERSIONS
from orchestration.demo.telling import answered, open_script
from orchestration.demo.truth import Person, SessionKind


@dataclass(frozen=True)
class Case:
    """One awkward case: where it happens, and the function that tells it under its own name."""

    business_id: str
    tell: Callable[[Diary, str], None]

    @property
    def name(self) -> str:
        """The name under which the truth knows it."""
        return self.tell.__name__


def begin(
    diary: Diary,
    case: str,
    channel: str,
    day: date,
    clock: str,
    *,
    person: Person | None = None,
    with_bot: bool = True,
    scenario: str | None = None,
    variant: str | None = None,
    kind: SessionKind = "inbound",
    fold: int = 0,
) -> Script:
    """Begin the conversation of a case on `day` at `clock` of the business's wall."""
    script = open_script(
        diary,
        person or new_person(diary, (channel,)),
        channel,
        diary.moment(day, clock, fold),
        scenario=scenario,
        bot_version=BOT_VERSIONS[0] if with_bot else None,
        variant=variant,
    )
    script.truth.cases = (case,)
    script.truth.session_kind = kind
    return script


def ask(script: Script, text: str, intent: str = "ask_price") -> None:
    """The customer asks something that the bot understands."""
    script.customer(text, heard=hear_right(script.diary, intent))


def ask_and_answer(script: Script, text: str, reply: str, seconds: int = 2) -> None:
    """The customer asks and the bot answers `seconds` later, for the first time."""
    ask(script, text)
    script.bot(reply, seconds)
    answered(script, bot=seconds)


def plain_plan(diary: Diary, script: Script, minutes: int) -> LeadPlan:
    """A lead `minutes` after the last word that stays open: no visit, no payment."""
    created_at = script.truth.ended_at + timedelta(minutes=minutes)
    return LeadPlan(created_at, diary.business.services[0], "open")


def month_end(diary: Diary) -> date:
    """The last day of a month, well inside the demo."""
    days = (diary.day(number) for number in range(20, 60))
    return next(day for day in days if (day + timedelta(days=1)).day == 1)
