"""How a decided story is told, plot by plot."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from orchestration.demo import dialogues
from orchestration.demo.businesses import Plot
from orchestration.demo.hearing import hear, hear_nothing, hear_right
from orchestration.demo.ledger import OUT_OF_SCOPE, Heard, Ledger, Row
from orchestration.demo.script import Script
from orchestration.demo.stories import Story
from orchestration.demo.telling import answered, handed_off, open_script, phrase, settle
from orchestration.demo.truth import Outcome, Person

_CAMPAIGNS: Mapping[str, tuple[str, str, str]] = {
    "instagram": ("instagram", "cpc", "autumn_stories"),
    "telegram": ("yandex", "cpc", "brand_search"),
    "web": ("google", "organic", "none"),
}
_WITHOUT_BOT: tuple[Plot, ...] = ("silence", "operator_answers")


def tell(ledger: Ledger, person: Person, channel: str, starts_at: datetime, story: Story) -> Script:
    """Tell a story from its first word to its last; the truth takes what the story decided."""
    with_bot = story.plot not in _WITHOUT_BOT
    script = open_script(
        ledger,
        person,
        channel,
        starts_at,
        scenario=story.scenario.name if with_bot else None,
        bot_version=story.bot_version if with_bot else None,
        variant=story.variant,
    )
    if story.after_broadcast:
        script.truth.session_kind = "broadcast_replied"
        script.bot(ledger.rng.choice(dialogues.BROADCASTS), columns={"is_broadcast": True})
        script.now += timedelta(seconds=ledger.rng.randint(900, 9 * 3600))
    _TELLERS[story.plot](script, story)
    return script


def _silence(script: Script, story: Story) -> None:
    script.customer(_opening(script, story), columns=_contacts(script, story))
    if script.ledger.rng.random() < 0.4:
        script.customer(script.ledger.rng.choice(dialogues.INSISTENCE), _pause(script, 200, 1500))
    settle(script, "operator_only")


def _greeting_only(script: Script, story: Story) -> None:
    rng = script.ledger.rng
    script.customer(rng.choice(dialogues.PLEASANTRIES), heard=hear_right(script.ledger, "greeting"))
    hello = dialogues.GREETING_BY_VARIANT.get(story.variant or "", "")
    script.bot(hello.strip() or rng.choice(dialogues.GREETING_REPLIES), story.answer_seconds)
    answered(script, bot=story.answer_seconds)
    settle(script, "unengaged")


def _operator_answers(script: Script, story: Story) -> None:
    wait = story.human_wait or 0
    script.customer(_opening(script, story), columns=_contacts(script, story))
    script.operator(phrase(script, story, dialogues.OPERATOR_OPENERS), wait)
    answered(script, human=wait)
    _operator_talks(script, story)
    settle(script, "operator_only")


def _left_at_question(script: Script, story: Story) -> None:
    _ask(script, story)
    settle(script, "abandoned")


def _left_unanswered(script: Script, story: Story) -> None:
    _ask(script, story)
    _give_details(script, story)
    aside = script.ledger.rng.choice(dialogues.ASIDES)
    script.customer(aside, _pause(script), heard=_hear(script, story, "ask_other"))
    settle(script, "abandoned")


def _bot_informs(script: Script, story: Story) -> None:
    _ask(script, story)
    rng = script.ledger.rng
    if rng.random() < 0.15:
        heard = hear(script.ledger, OUT_OF_SCOPE, newer_bot=story.newer_bot)
        script.customer(rng.choice(dialogues.ODD_REQUESTS), _pause(script), heard=heard)
        script.bot(rng.choice(dialogues.GIVE_UPS[:2]), _pause(script, 1, 4))
    _give_details(script, story)
    settle(script, "bot_assumed")


def _bot_confirms(script: Script, story: Story) -> None:
    _ask(script, story)
    _give_details(script, story)
    _thank(script, story)
    settle(script, "bot_confirmed")


def _bot_books(script: Script, story: Story) -> None:
    _ask(script, story)
    _give_details(script, story)
    if story.ends_politely:
        _thank(script, story)
    pleased = (story.csat_chat or 0) >= 4 or (story.nps_score or 0) >= 9
    otherwise: Outcome = "bot_confirmed" if story.ends_politely or pleased else "bot_assumed"
    if story.lead_link is None:
        settle(script, otherwise)
    elif story.lead_link == "session_id":
        settle(script, "bot_goal")
    else:
        settle(script, "bot_goal", by_session_id=otherwise)


def _asks_for_person(script: Script, story: Story) -> None:
    _ask(script, story)
    rng = script.ledger.rng
    script.customer(
        rng.choice(dialogues.PERSON_REQUESTS),
        _pause(script),
        heard=_hear(script, story, "ask_person"),
    )
    script.bot(rng.choice(dialogues.TRANSFERS), _pause(script, 1, 4))
    script.event("handoff_requested", 1)
    script.event("handoff_started")
    handed_off(script, "requested")
    _operator_takes_over(script, story)


def _bot_gives_up(script: Script, story: Story) -> None:
    _ask(script, story)
    rng = script.ledger.rng
    odd = rng.random() < 0.4
    script.customer(
        rng.choice(dialogues.ODD_REQUESTS if odd else dialogues.ASIDES),
        _pause(script),
        heard=hear_nothing(script.ledger, OUT_OF_SCOPE if odd else "ask_other"),
    )
    script.bot(rng.choice(dialogues.GIVE_UPS), _pause(script, 1, 4))
    script.event("handoff_started", 1, reason="not_understood")
    handed_off(script, "bot_failed")
    _operator_takes_over(script, story)


def _planned_handoff(script: Script, story: Story) -> None:
    _ask(script, story)
    _give_details(script, story)
    script.event("handoff_started", 1, reason=script.ledger.rng.choice(("planned", None)))
    handed_off(script, "planned")
    _operator_takes_over(script, story)


def _operator_steps_in(script: Script, story: Story) -> None:
    _ask(script, story)
    details = phrase(script, story, story.scenario.details)
    script.customer(details, _pause(script), heard=_hear(script, story, "inform"))
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
    rng = script.ledger.rng
    for _ in range(rng.randint(0, 2)):
        # Some platforms keep on classifying while a person talks: it must not count.
        heard = hear(script.ledger, "inform", newer_bot=True) if rng.random() < 0.3 else None
        script.customer(phrase(script, story, story.scenario.details), _pause(script), heard=heard)
        script.operator(phrase(script, story, story.scenario.operator_answers), _pause(script, 25))
    if rng.random() < 0.5:
        script.operator(phrase(script, story, dialogues.OPERATOR_CLOSERS), _pause(script, 20, 420))
    if rng.random() < 0.6:
        script.customer(rng.choice(dialogues.THANKS), _pause(script))


def _ask(script: Script, story: Story) -> None:
    """The customer opens and the bot answers for the first time, at the speed decided."""
    rng, columns = script.ledger.rng, _contacts(script, story)
    hello = dialogues.GREETING_BY_VARIANT.get(story.variant or "", "")
    delay = story.answer_seconds
    if rng.random() < 0.22:
        greeting = hear_right(script.ledger, "greeting")
        script.customer(rng.choice(dialogues.GREETINGS), heard=greeting, columns=columns)
        script.bot(hello.strip() or rng.choice(dialogues.GREETING_REPLIES), delay)
        columns, hello, delay = {}, "", _pause(script, 1, 4)
        script.now += timedelta(seconds=_pause(script))
    heard = _hear(script, story, story.scenario.intent)
    script.customer(_opening(script, story), heard=heard, columns=columns)
    if heard.no_match:
        script.bot(hello + "Не совсем понял. Напишите, пожалуйста, чуть подробнее?", delay)
        again = hear_right(script.ledger, story.scenario.intent)
        script.customer(phrase(script, story, story.scenario.openings), _pause(script), heard=again)
        hello, delay = "", _pause(script, 1, 4)
    script.bot(hello + phrase(script, story, story.scenario.questions), delay)
    answered(script, bot=story.answer_seconds)


def _give_details(script: Script, story: Story) -> None:
    details = phrase(script, story, story.scenario.details)
    script.customer(details, _pause(script), heard=_hear(script, story, "inform"))
    script.bot(phrase(script, story, story.scenario.answers), _pause(script, 1, 4))


def _thank(script: Script, story: Story) -> None:
    thanks = script.ledger.rng.choice(dialogues.THANKS)
    script.customer(thanks, _pause(script), heard=_hear(script, story, "thanks"))


def _opening(script: Script, story: Story) -> str:
    """A first request, now and then with a polite word before it unless hello was said."""
    polite = script.ledger.rng.choice(dialogues.POLITE_OPENINGS)
    request = phrase(script, story, story.scenario.openings)
    if polite.endswith(", "):
        return polite + request[0].lower() + request[1:]
    return ("" if script.lines else polite) + request[0].upper() + request[1:]


def _contacts(script: Script, story: Story) -> Row:
    """What the first line carries: where the person came from, and what a lead will show."""
    columns: Row = {}
    campaign = _CAMPAIGNS.get(script.truth.channel)
    if campaign is not None and script.ledger.rng.random() < 0.4:
        columns["utm_source"], columns["utm_medium"], columns["utm_campaign"] = campaign
    if story.lead_link == "phone":
        columns["phone"] = script.person.phone
    if story.lead_link == "email":
        columns["email"] = script.person.email
    return columns


def _hear(script: Script, story: Story, meant: str) -> Heard:
    return hear(script.ledger, meant, newer_bot=story.newer_bot)


def _pause(script: Script, low: int = 9, high: int = 110) -> int:
    return script.ledger.rng.randint(low, high)


_TELLERS: Mapping[Plot, Callable[[Script, Story], None]] = {
    "silence": _silence,
    "greeting_only": _greeting_only,
    "operator_answers": _operator_answers,
    "left_at_question": _left_at_question,
    "left_unanswered": _left_unanswered,
    "bot_informs": _bot_informs,
    "bot_confirms": _bot_confirms,
    "bot_books": _bot_books,
    "asks_for_person": _asks_for_person,
    "bot_gives_up": _bot_gives_up,
    "planned_handoff": _planned_handoff,
    "operator_steps_in": _operator_steps_in,
}
