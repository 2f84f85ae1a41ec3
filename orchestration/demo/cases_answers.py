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


def handoff_before_any_reply(diary: Diary, case: str) -> None:
    """The platform calls a person before the bot opens its mouth."""
    script = begin(diary, case, "whatsapp", diary.day(7), "11:20:00", with_bot=False)
    script.customer("Оператор")
    script.event("handoff_requested", 2)
    script.operator("Здравствуйте, регистратура. Слушаю вас.", 90)
    script.truth.is_answered = True
    script.truth.ttr_seconds, script.truth.ttr_human_seconds = 92, 90
    handed_off(script, "requested")
    settle(script, "operator_only")


def handoff_nobody_takes(diary: Diary, case: str) -> None:
    """The bot calls a person; none comes."""
    script = begin(diary, case, "telegram", diary.day(8), "20:40:00")
    ask_and_answer(script, "Верните деньги за испорченный маникюр", "Зову администратора.", 3)
    script.event("handoff_started", 1)
    script.customer("Жду уже час!", 3600)
    handed_off(script, "bot_failed")
    settle(script, "handoff_unanswered")


def operator_without_handoff_event(diary: Diary, case: str) -> None:
    """An operator writes from her own phone; no event says so."""
    script = begin(diary, case, "whatsapp", diary.day(9), "13:30:00")
    ask_and_answer(script, "Можно к Ольге без записи?", "Ольга работает по записи.", 2)
    script.customer("А если на полчаса?", 40)
    script.operator("Приходите, Ольга вас примет.", 75)
    handed_off(script, "took_over")
    settle(script, "handoff_handled")


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
    script.bot(AWAY_NOTE, 1, columns={"is_ack": True})
    wait = 10 * 3600 + 35 * 60
    script.operator("Доброе утро! Есть в 15:00.", wait)
    script.truth.is_answered, script.truth.ttr_seconds = True, wait
    handed_off(script, "took_over")
    settle(script, "handoff_handled")


def auto_reply_and_nobody_after(diary: Diary, case: str) -> None:
    """Only the note; the question stays open."""
    script = begin(diary, case, "whatsapp", diary.day(14), "22:50:00", with_bot=False)
    script.customer("Сколько стоит укладка?")
    script.bot(AWAY_NOTE, 1, columns={"is_ack": True})
    settle(script, "abandoned")


def typing_mark_is_no_answer(diary: Diary, case: str) -> None:
    """A typing mark after a second, the answer after seven."""
    script = begin(diary, case, "telegram", diary.day(15), "12:30:00")
    ask(script, "До скольки вы сегодня?", "ask_hours")
    script.platform("typing", 1)
    script.bot("Сегодня до 21:00.", 6)
    answered(script, bot=7)
    settle(script, "bot_assumed")


def handoff_requested(diary: Diary, case: str) -> None:
    """The customer wants a person and gets one."""
    script = begin(diary, case, "telegram", diary.day(16), "14:14:00")
    ask_and_answer(script, "Позовите администратора", "Зову.", 2)
    script.event("handoff_requested", 1)
    script.event("handoff_started", 4)
    # The wait began when the customer was promised a person; work begins when she is called.
    script.operator("Я здесь, слушаю.", 116)
    script.truth.ttr_human_seconds = 120
    handed_off(script, "requested")
    settle(script, "handoff_handled")


def handoff_after_bot_failed(diary: Diary, case: str) -> None:
    """The bot gives up of itself."""
    script = begin(diary, case, "web", diary.day(17), "10:15:00")
    ask_and_answer(script, "У ребёнка сыпь после укола, это нормально?", "Я не понял вопрос.", 2)
    script.event("handoff_started", 1, reason="not_understood")
    script.operator("Сейчас соединю вас с дежурным врачом.", 45)
    script.truth.ttr_human_seconds = 45
    handed_off(script, "bot_failed")
    settle(script, "handoff_handled")


def handoff_planned_by_reason(diary: Diary, case: str) -> None:
    """The event itself says that a person was meant to come."""
    script = begin(diary, case, "telegram", diary.day(18), "09:15:00", scenario="trial")
    ask_and_answer(script, "Хочу на пробную", "Илья подтвердит время лично.", 3)
    script.event("handoff_started", 1, reason="planned")
    script.operator("Жду завтра в 10!", 200)
    script.truth.ttr_human_seconds = 200
    handed_off(script, "planned")
    settle(script, "handoff_handled")


def handoff_planned_by_scenario(diary: Diary, case: str) -> None:
    """The scenario is one that the clinic always leaves to people, although the customer asked."""
    script = begin(diary, case, "web", diary.day(19), "16:15:00", scenario="payment_dispute")
    ask_and_answer(script, "С меня списали дважды!", "Разбирается бухгалтерия.", 2)
    script.event("handoff_requested", 1)
    script.operator("Проверила, второй платёж отменён.", 400)
    script.truth.ttr_human_seconds = 400
    handed_off(script, "planned")
    settle(script, "handoff_handled")


def handoff_twice(diary: Diary, case: str) -> None:
    """To a person, back to the bot, to a person again: one session, counted once."""
    script = begin(diary, case, "telegram", diary.day(20), "12:05:00")
    ask_and_answer(script, "Где мой анализ?", "Передаю регистратуре.", 2)
    script.event("handoff_started", 1)
    script.operator("Готов, отправляю.", 60)
    script.event("handoff_ended", 5)
    script.bot("Чем ещё помочь?", 1)
    ask_again = "Всё равно не пришло, позовите человека"
    script.customer(ask_again, 300)
    script.event("handoff_requested", 1)
    script.operator("Отправила ещё раз.", 500)
    script.truth.ttr_human_seconds = 60
    handed_off(script, "requested")
    settle(script, "handoff_handled")


ANSWER_CASES = (
    Case(_SALON, no_bot_reply),
    Case(_CLINIC, handoff_before_any_reply),
    Case(_SALON, handoff_nobody_takes),
    Case(_SALON, operator_without_handoff_event),
    Case(_TRAINER, bot_and_operator_in_the_same_second),
    Case(_TRAINER, bot_answers_in_the_same_second),
    Case(_TRAINER, operator_only),
    Case(_SALON, auto_reply_out_of_hours),
    Case(_SALON, auto_reply_and_nobody_after),
    Case(_SALON, typing_mark_is_no_answer),
    Case(_SALON, handoff_requested),
    Case(_CLINIC, handoff_after_bot_failed),
    Case(_TRAINER, handoff_planned_by_reason),
    Case(_CLINIC, handoff_planned_by_scenario),
    Case(_CLINIC, handoff_twice),
)
