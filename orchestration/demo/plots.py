"""From a decided story to its telling."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from orchestration.demo import dialogues
from orchestration.demo import plots_with_bot as bot
from orchestration.demo import plots_with_people as people
from orchestration.demo.businesses import Plot
from orchestration.demo.diary import Diary
from orchestration.demo.script import Script
from orchestration.demo.stories import Story
from orchestration.demo.telling import open_script
from orchestration.demo.truth import Person

_WITHOUT_BOT: tuple[Plot, ...] = ("silence", "operator_answers")


def tell(diary: Diary, person: Person, channel: str, starts_at: datetime, story: Story) -> Script:
    """Tell a story from its first word to its last; the truth takes what the story decided."""
    with_bot = story.plot not in _WITHOUT_BOT
    script = open_script(
        diary,
        person,
        channel,
        starts_at,
        scenario=story.scenario.name if with_bot else None,
        bot_version=story.bot_version if with_bot else None,
        variant=story.variant,
    )
    if story.after_broadcast:
        script.truth.session_kind = "broadcast_replied"
        script.broadcast(diary.rng.choice(dialogues.BROADCASTS))
        script.now += timedelta(seconds=diary.rng.randint(900, 9 * 3600))
    _TELLERS[story.plot](script, story)
    return script


_TELLERS: Mapping[Plot, Callable[[Script, Story], None]] = {
    "silence": people.silence,
    "greeting_only": bot.greeting_only,
    "operator_answers": people.operator_answers,
    "left_at_question": bot.left_at_question,
    "left_unanswered": bot.left_unanswered,
    "bot_informs": bot.bot_informs,
    "bot_confirms": bot.bot_confirms,
    "bot_books": bot.bot_books,
    "asks_for_person": people.asks_for_person,
    "bot_gives_up": people.bot_gives_up,
    "planned_handoff": people.planned_handoff,
    "operator_steps_in": people.operator_steps_in,
}
