"""How stories go in which a person is wanted, comes or does not come."""

from orchestration.demo import dialogues
from orchestration.demo.diary import OUT_OF_SCOPE
from orchestration.demo.hearing import hear, hear_nothing
from orchestration.demo.script import Script
from orchestration.demo.stories import Story
from orchestration.demo.talking import contacts, give_details, open_talk, opening, pause, understand
from orchestration.demo.telling import answered, handed_off, phrase, settle


def silence(script: Script, story: Story) -> None:
    """Nobody answers at all."""
    script.customer(opening(script, story), columns=contacts(script, story))
    if script.diary.rng.random() < 0.4:
        script.customer(script.diary.rng.choice(dialogues.INSISTENCE), pause(script, 200, 1500))
    settle(script, "operator_only")


def operator_answers(script: Script, story: Story) -> None:
    """A person answers, the bot keeps out of it."""
    wait = story.human_wait or 0
    script.customer(opening(script, story), columns=contacts(script, story))
    script.operator(phrase(script, story, dialogues.OPERATOR_OPENERS), wait)
    answered(script, human=wait)
    _operator_talks(script, story)
    settle(script, "operator_only")


def asks_for_person(script: Script, story: Story) -> None:
    """The customer wants a person."""
    open_talk(script, story)
    rng = script.diary.rng
    script.customer(
        rng.choice(dialogues.PERSON_REQUESTS),
        pause(script),
        heard=understand(script, story, "ask_person"),
    )
    script.bot(rng.choice(dialogues.TRANSFERS), pause(script, 1, 4))
    script.event("handoff_requested", 1)
    script.event("handoff_started")
    handed_off(script, "requested")
    _operator_takes_over(script, story)


def bot_gives_up(script: Script, story: Story) -> None:
    """The bot does not understand and calls a person."""
    open_talk(script, story)
    rng = script.diary.rng
    odd = rng.random() < 0.4
    script.customer(
        rng.choice(dialogues.ODD_REQUESTS if odd else dialogues.ASIDES),
        pause(script),
        heard=hear_nothing(script.diary, OUT_OF_SCOPE if odd else "ask_other"),
    )
    script.bot(rng.choice(dialogues.GIVE_UPS), pause(script, 1, 4))
    script.event("handoff_started", 1, reason="not_understood")
    handed_off(script, "bot_failed")
    _operator_takes_over(script, story)


def planned_handoff(script: Script, story: Story) -> None:
    """The scenario belongs to people from the start."""
    open_talk(script, story)
    give_details(script, story)
    script.event("handoff_started", 1, reason=script.diary.rng.choice(("planned", None)))
    handed_off(script, "planned")
    _operator_takes_over(script, story)


def operator_steps_in(script: Script, story: Story) -> None:
    """A person writes unasked, and no event tells of it."""
    open_talk(script, story)
    details = phrase(script, story, story.scenario.details)
    script.customer(details, pause(script), heard=understand(script, story, "inform"))
    handed_off(script, "took_over")
    _operator_takes_over(script, story)


def _operator_takes_over(script: Script, story: Story) -> None:
    if story.human_wait is None:
        settle(script, "handoff_unanswered")
        return
    script.operator(phrase(script, story, dialogues.OPERATOR_OPENERS), story.human_wait)
    if script.truth.handoff_type != "took_over":
        # Nobody was called, so there is no moment from which a person kept the customer waiting.
        script.truth.ttr_human_seconds = story.human_wait
    _operator_talks(script, story)
    settle(script, "handoff_handled")


def _operator_talks(script: Script, story: Story) -> None:
    rng = script.diary.rng
    for _ in range(rng.randint(0, 2)):
        # Some platforms keep on classifying while a person talks: it must not count.
        heard = hear(script.diary, "inform", newer_bot=True) if rng.random() < 0.3 else None
        script.customer(phrase(script, story, story.scenario.details), pause(script), heard=heard)
        script.operator(phrase(script, story, story.scenario.operator_answers), pause(script, 25))
    if rng.random() < 0.5:
        script.operator(phrase(script, story, dialogues.OPERATOR_CLOSERS), pause(script, 20, 420))
    if rng.random() < 0.6:
        script.customer(rng.choice(dialogues.THANKS), pause(script))
