"""The turns that most conversations share: opening, giving details, thanking."""

from collections.abc import Mapping
from datetime import timedelta

from orchestration.demo import dialogues
from orchestration.demo.diary import Heard, Row
from orchestration.demo.hearing import hear, hear_right
from orchestration.demo.script import Script
from orchestration.demo.stories import Story
from orchestration.demo.telling import answered, phrase

_CAMPAIGNS: Mapping[str, tuple[str, str, str]] = {
    "instagram": ("instagram", "cpc", "autumn_stories"),
    "telegram": ("yandex", "cpc", "brand_search"),
    "web": ("google", "organic", "none"),
}


def open_talk(script: Script, story: Story) -> None:
    """The customer opens and the bot answers for the first time, at the speed decided."""
    rng, columns = script.diary.rng, contacts(script, story)
    hello = dialogues.GREETING_BY_VARIANT.get(story.variant or "", "")
    delay = story.answer_seconds
    if rng.random() < 0.22:
        greeting = hear_right(script.diary, "greeting")
        script.customer(rng.choice(dialogues.GREETINGS), heard=greeting, columns=columns)
        script.bot(hello.strip() or rng.choice(dialogues.GREETING_REPLIES), delay)
        columns, hello, delay = {}, "", pause(script, 1, 4)
        script.now += timedelta(seconds=pause(script))
    heard = understand(script, story, story.scenario.intent)
    script.customer(opening(script, story), heard=heard, columns=columns)
    if heard.no_match:
        script.bot(hello + "Не совсем понял. Напишите, пожалуйста, чуть подробнее?", delay)
        again = hear_right(script.diary, story.scenario.intent)
        script.customer(phrase(script, story, story.scenario.openings), pause(script), heard=again)
        hello, delay = "", pause(script, 1, 4)
    script.bot(hello + phrase(script, story, story.scenario.questions), delay)
    answered(script, bot=story.answer_seconds)


def give_details(script: Script, story: Story) -> None:
    """The customer says what the bot needs to know, and the bot answers."""
    details = phrase(script, story, story.scenario.details)
    script.customer(details, pause(script), heard=understand(script, story, "inform"))
    script.bot(phrase(script, story, story.scenario.answers), pause(script, 1, 4))


def thank(script: Script, story: Story) -> None:
    """The customer has the last, thankful word."""
    thanks = script.diary.rng.choice(dialogues.THANKS)
    script.customer(thanks, pause(script), heard=understand(script, story, "thanks"))


def opening(script: Script, story: Story) -> str:
    """A first request, now and then with a polite word before it unless hello was said."""
    polite = "" if script.lines else script.diary.rng.choice(dialogues.POLITE_OPENINGS)
    request = phrase(script, story, story.scenario.openings)
    return polite + (request[0].lower() + request[1:] if polite.endswith(", ") else request)


def contacts(script: Script, story: Story) -> Row:
    """What the first line carries: where the person came from, and what a lead will show."""
    columns: Row = {}
    campaign = _CAMPAIGNS.get(script.truth.channel)
    if campaign is not None and script.diary.rng.random() < 0.4:
        columns["utm_source"], columns["utm_medium"], columns["utm_campaign"] = campaign
    if story.lead_link == "phone":
        columns["phone"] = script.person.phone
    if story.lead_link == "email":
        columns["email"] = script.person.email
    return columns


def understand(script: Script, story: Story, meant: str) -> Heard:
    """Let the bot that ran at the time take a message for something."""
    return hear(script.diary, meant, newer_bot=story.newer_bot)


def pause(script: Script, low: int = 9, high: int = 110) -> int:
    """Seconds that somebody takes to write."""
    return script.diary.rng.randint(low, high)
