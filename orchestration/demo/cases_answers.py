"""Awkward cases of who answers, and when."""

from orchestration.demo.casting import Case, ask, ask_and_answer, begin
from orchestration.demo.dialogues import AWAY_NOTE
from orchestration.demo.diary import Diary
from orchestration.demo.telling import answered, handed_off, settle

_SALON, _CLINIC, _TRAINER = "salon_lime", "clinic_neva", "trainer_baltic"


def no_bot_reply(diary: Diary, case: str) -> None:
    """Two questions, and not a word in return."""
    script = begin(diary, case, "telegram", diary.day(6), "12:01:10", with_bot=False)
    script.customer("Здравствуйте, сколько стоит окрашивание?")
    script.customer("Есть кто-нибудь?", 900)
    settle(script, "operator_only")


def bot_and_operator_in_the_same_second(diary: Diary, case: str) -> None:
    """Both answer at once: the bot is taken to be first."""
    script = begin(diary, case, "telegram", diary.day(10), "10:10:10")
    ask(script, "Сколько стоит блок из 8 тренировок?")
    script.bot("Блок из 8 тренировок стоит 19600 ₽.", 3)
    script.operator("Привет! 19600, можно двумя платежами.", 3)
    answered(script, bot=3)
    handed_off(script, "took_over")
    settle(script, "handoff_handled")


def bot_answers_in_the_same_second(diary: Diary, case: str) -> None:
    """Question and answer share a second: zero, not minus something."""
    script = begin(diary, case, "instagram", diary.day(11), "10:10:10")
    ask_and_answer(script, "Вы работаете в воскресенье?", "Да, с 8:00 до 21:00.", 0)
    settle(script, "bot_assumed")


def operator_only(diary: Diary, case: str) -> None:
    """A conversation between two people."""
    script = begin(diary, case, "instagram", diary.day(12), "15:00:30", with_bot=False)
    script.customer("Илья, колено прошло, можно возвращаться?")
    script.operator("Да, но начнём с половины веса.", 340)
    script.customer("Отлично, спасибо!", 60)
    answered(script, human=340)
    settle(script, "operator_only")


def auto_reply_out_of_hours(diary: Diary, case: str) -> None:
    """A note that the salon is closed is no answer; the answer comes in the morning."""
    script = begin(diary, case, "whatsapp", diary.day(13), "23:30:00", with_bot=False)
    script.customer("Есть окно на завтра?")
    script.note(AWAY_NOTE, 1)
    wait = 10 * 3600 + 35 * 60
    script.operator("Доброе утро! Есть в 15:00.", wait)
    answered(script, human=wait)
    settle(script, "operator_only")


def auto_reply_and_nobody_after(diary: Diary, case: str) -> None:
    """Only the note; the question stays open."""
    script = begin(diary, case, "whatsapp", diary.day(14), "22:50:00", with_bot=False)
    script.customer("Сколько стоит укладка?")
    script.note(AWAY_NOTE, 1)
    settle(script, "operator_only")


def typing_mark_is_no_answer(diary: Diary, case: str) -> None:
    """A typing mark after a second, the answer after seven."""
    script = begin(diary, case, "telegram", diary.day(15), "12:30:00")
    ask(script, "До скольки вы сегодня?", "ask_hours")
    script.platform("typing", 1)
    script.bot("Сегодня до 21:00.", 6)
    answered(script, bot=7)
    settle(script, "bot_assumed")


ANSWER_CASES = (
    Case(_SALON, no_bot_reply),
    Case(_TRAINER, bot_and_operator_in_the_same_second),
    Case(_TRAINER, bot_answers_in_the_same_second),
    Case(_TRAINER, operator_only),
    Case(_SALON, auto_reply_out_of_hours),
    Case(_SALON, auto_reply_and_nobody_after),
    Case(_SALON, typing_mark_is_no_answer),
)
