"""How stories go in which the bot is alone with the customer."""

from orchestration.demo import dialogues
from orchestration.demo.diary import OUT_OF_SCOPE
from orchestration.demo.hearing import hear, hear_right
from orchestration.demo.script import Script
from orchestration.demo.stories import Story
from orchestration.demo.talking import give_details, open_talk, pause, thank, understand
from orchestration.demo.telling import answered, settle
from orchestration.demo.truth import Outcome


def greeting_only(script: Script, story: Story) -> None:
    """Hello, hello, and nothing more."""
    rng = script.diary.rng
    script.customer(rng.choice(dialogues.PLEASANTRIES), heard=hear_right(script.diary, "greeting"))
    hello = dialogues.GREETING_BY_VARIANT.get(story.variant or "", "")
    script.bot(hello.strip() or rng.choice(dialogues.GREETING_REPLIES), story.answer_seconds)
    answered(script, bot=story.answer_seconds)
    settle(script, "unengaged")


def left_at_question(script: Script, story: Story) -> None:
    """The customer never answers the bot's first question."""
    open_talk(script, story)
    settle(script, "abandoned")


def left_unanswered(script: Script, story: Story) -> None:
    """The customer's last question is lost on the bot."""
    open_talk(script, story)
    give_details(script, story)
    aside = script.diary.rng.choice(dialogues.ASIDES)
    script.customer(aside, pause(script), heard=understand(script, story, "ask_other"))
    settle(script, "abandoned")


def bot_informs(script: Script, story: Story) -> None:
    """The bot's answer is the last word."""
    open_talk(script, story)
    rng = script.diary.rng
    if rng.random() < 0.15:
        heard = hear(script.diary, OUT_OF_SCOPE, newer_bot=story.newer_bot)
        script.customer(rng.choice(dialogues.ODD_REQUESTS), pause(script), heard=heard)
        script.bot(rng.choice(dialogues.GIVE_UPS[:2]), pause(script, 1, 4))
    give_details(script, story)
    settle(script, "bot_assumed")


def bot_confirms(script: Script, story: Story) -> None:
    """The customer thanks for the answer."""
    open_talk(script, story)
    give_details(script, story)
    thank(script, story)
    settle(script, "bot_confirmed")


def bot_books(script: Script, story: Story) -> None:
    """The talk becomes a lead without anybody else."""
    open_talk(script, story)
    give_details(script, story)
    if story.ends_politely:
        thank(script, story)
    pleased = (story.csat_chat or 0) >= 4 or (story.nps_score or 0) >= 9
    otherwise: Outcome = "bot_confirmed" if story.ends_politely or pleased else "bot_assumed"
    settle(script, otherwise if story.lead_link is None else "bot_goal")
