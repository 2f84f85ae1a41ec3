"""Awkward cases of handing a conversation over to a person."""

from orchestration.demo.casting import Case, ask_and_answer, begin
from orchestration.demo.diary import Diary
from orchestration.demo.hearing import hear_right
from orchestration.demo.telling import handed_off, settle

_SALON, _CLINIC, _TRAINER = "salon_lime", "clinic_neva", "trainer_baltic"


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


def handoff_planned_by_way_of_a_question(diary: Diary, case: str) -> None:
    """A talk about prices becomes one about a payment, which the clinic leaves to people."""
    script = begin(diary, case, "web", diary.day(20), "16:15:00", scenario="price")
    ask_and_answer(script, "Сколько стоит УЗИ?", "УЗИ — 2900 руб.", 2)
    script.marks = script.marks | {"scenario": "payment_dispute"}
    again = hear_right(diary, "ask_other")
    script.customer("А почему с меня взяли 3900?", 40, heard=again)
    script.bot("Это проверит бухгалтерия.", 2)
    script.event("handoff_started", 1)
    script.operator("Вижу лишнюю тысячу, вернём сегодня.", 250)
    script.truth.ttr_human_seconds = 250
    handed_off(script, "planned")
    settle(script, "handoff_handled")


def handoff_away_from_a_planned_scenario(diary: Diary, case: str) -> None:
    """The payment is cleared up by the bot; a person is asked for because of something else."""
    script = begin(diary, case, "web", diary.day(21), "16:15:00", scenario="payment_dispute")
    ask_and_answer(script, "Прошла ли моя оплата?", "Да, оплата прошла в 14:02.", 2)
    script.marks = script.marks | {"scenario": "price"}
    again = hear_right(diary, "ask_person")
    script.customer("Тогда позовите кого-нибудь, хочу скидку", 40, heard=again)
    script.bot("Зову регистратуру.", 2)
    script.event("handoff_requested", 1)
    script.operator("Скидка есть по понедельникам.", 130)
    script.truth.ttr_human_seconds = 130
    handed_off(script, "requested")
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


HANDOFF_CASES = (
    Case(_CLINIC, handoff_before_any_reply),
    Case(_SALON, handoff_nobody_takes),
    Case(_SALON, operator_without_handoff_event),
    Case(_SALON, handoff_requested),
    Case(_CLINIC, handoff_after_bot_failed),
    Case(_TRAINER, handoff_planned_by_reason),
    Case(_CLINIC, handoff_planned_by_scenario),
    Case(_CLINIC, handoff_planned_by_way_of_a_question),
    Case(_CLINIC, handoff_away_from_a_planned_scenario),
    Case(_CLINIC, handoff_twice),
)
