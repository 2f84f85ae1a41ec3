"""What every teller needs: beginning a conversation and putting its outcome on record."""

from datetime import datetime

from orchestration.demo.diary import Diary, Row
from orchestration.demo.people import spell_phone
from orchestration.demo.script import Script
from orchestration.demo.stories import EXPERIMENT, Story
from orchestration.demo.truth import HandoffType, Outcome, Person, SessionTruth


def open_script(
    diary: Diary,
    person: Person,
    channel: str,
    starts_at: datetime,
    *,
    scenario: str | None = None,
    bot_version: str | None = None,
    variant: str | None = None,
) -> Script:
    """Begin a conversation: its first line will be said at `starts_at` or the next free second."""
    starts_at = diary.free_start(channel, starts_at)
    gives_ids = diary.business.gives_session_ids
    truth = SessionTruth(
        business_id=diary.business.business_id,
        channel=channel,
        user_id=person.user_id(channel),
        session_id=f"s-{diary.number('session'):05d}" if gives_ids else None,
        scenario=scenario,
        started_at=starts_at,
        session_date=diary.local_date(starts_at),
        ended_at=starts_at,
        bot_version=bot_version,
        variant=variant,
    )
    diary.sessions.append(truth)
    marks: Row = {"scenario": scenario, "bot_version": bot_version}
    if variant is not None:
        marks |= {"experiment": EXPERIMENT, "variant": variant}
    return Script(diary, person, truth, starts_at, marks)


def settle(script: Script, outcome: Outcome) -> None:
    """Put on record how it ended."""
    script.truth.settled_outcome = outcome


def answered(script: Script, *, bot: int | None = None, human: int | None = None) -> None:
    """Put on record how fast the first bot and the first human answer came."""
    truth = script.truth
    truth.is_answered = True
    truth.ttr_bot_seconds, truth.ttr_human_seconds = bot, human
    truth.ttr_seconds = bot if bot is not None else human


def handed_off(script: Script, kind: HandoffType) -> None:
    """Put on record why a person had to come."""
    script.truth.has_handoff = True
    script.truth.handoff_type = kind


def phrase(script: Script, story: Story, texts: tuple[str, ...]) -> str:
    """One of the texts, unsaid so far if there is one, its blanks filled."""
    fresh = tuple(text for text in texts if text not in script.said)
    text = script.diary.rng.choice(fresh or texts)
    script.said.add(text)
    filled = text.format(
        service=story.service.name,
        on_service=story.service.accusative,
        price=story.service.price,
        master=story.master,
        day=story.day,
        time=story.time,
        name=script.person.name.split()[0],
        full_name=script.person.name,
        phone=spell_phone(script.diary, script.person.phone),
        email=script.person.email,
    )
    return filled[0].upper() + filled[1:]
