"""Awkward cases of broadcasts: who gets them, when, and who reacts."""

from datetime import timedelta

from orchestration.demo.casting import Case, ask_and_answer, begin, plain_plan
from orchestration.demo.crm import open_lead
from orchestration.demo.dialogues import BROADCASTS
from orchestration.demo.diary import Diary
from orchestration.demo.hearing import hear_right
from orchestration.demo.script import Script
from orchestration.demo.telling import answered, settle
from orchestration.demo.truth import SessionKind

_SALON, _TRAINER = "salon_lime", "trainer_baltic"
_DAY = timedelta(days=1)


def silent_broadcast(diary: Diary, case: str) -> None:
    """An offer that nobody reacts to."""
    script = begin(diary, case, "telegram", diary.day(38), "11:00:00", kind="broadcast_silent")
    script.broadcast(BROADCASTS[0])


def broadcast_replied(diary: Diary, case: str) -> None:
    """An offer that somebody takes up; the clock starts with their first word."""
    script = begin(diary, case, "whatsapp", diary.day(39), "11:00:00", kind="broadcast_replied")
    script.broadcast(BROADCASTS[1])
    script.now += timedelta(hours=5)
    ask_and_answer(script, "Хочу на окрашивание по акции", "Есть среда, 15:00. Записать?", 4)
    script.customer("Да, среда подходит, запишите", 30, heard=hear_right(diary, "inform"))
    script.bot("Записали вас на среду, 15:00.", 2)
    settle(script, "bot_goal")
    plan = plain_plan(diary, script, 1)
    open_lead(diary, plan, method="session_id", person=script.person, session=script.truth)


def broadcast_to_a_former_customer(diary: Diary, case: str) -> None:
    """Two weeks later an offer begins anew; the answer comes a day after it, to the second."""
    again = _two_weeks_after_a_talk(diary, case, 3, "broadcast_replied")
    again.broadcast(BROADCASTS[2])
    again.now += _DAY
    ask_and_answer(again, "Давно пора, что есть вечером?", "Вечером есть 19:00.", 3)
    settle(again, "bot_assumed")


def broadcast_to_a_former_customer_in_vain(diary: Diary, case: str) -> None:
    """The same offer, and not a word: nothing is added to the old talk."""
    again = _two_weeks_after_a_talk(diary, case, 4, "broadcast_silent")
    again.broadcast(BROADCASTS[2])


def broadcast_long_after_the_closing(diary: Diary, case: str) -> None:
    """The old talk had been closed; what the offer begins has not."""
    again = _two_weeks_after_a_talk(diary, case, 5, "broadcast_replied", is_closed=True)
    again.broadcast(BROADCASTS[1])
    again.now += _DAY / 2
    ask_and_answer(again, "Запишите на первое число", "Первого в 10:00, записал.", 4)
    settle(again, "bot_assumed")


def broadcast_within_the_gap(diary: Diary, case: str) -> None:
    """An offer exactly a day after the talk goes on with it, and so does who answers it."""
    script = begin(diary, case, "telegram", diary.day(6), "18:00:00")
    ask_and_answer(script, "Есть утренние часы?", "По будням с 8 до 10.", 3)
    script.now += _DAY
    script.broadcast(BROADCASTS[0])
    script.now += _DAY / 2
    script.customer("А в субботу скидка будет?", heard=hear_right(diary, "ask_price"))
    script.bot("Нет, только по будням.", 2)
    settle(script, "bot_assumed")


def broadcast_answered_by_a_person(diary: Diary, case: str) -> None:
    """The bot sent the offer and nothing else: a person talks, and took nothing over."""
    script = begin(
        diary, case, "telegram", diary.day(7), "12:00:00", with_bot=False, kind="broadcast_replied"
    )
    script.broadcast(BROADCASTS[0])
    script.customer("Меня запишите на среду в 9", 1800)
    script.operator("Записал!", 150)
    answered(script, human=150)
    settle(script, "operator_only")


def broadcast_nobody_follows_up(diary: Diary, case: str) -> None:
    """The offer was taken up, but neither bot nor person says a word."""
    script = begin(
        diary, case, "whatsapp", diary.day(8), "12:00:00", with_bot=False, kind="broadcast_replied"
    )
    script.broadcast(BROADCASTS[1])
    script.customer("Хочу на первое же окно!", 600)
    settle(script, "operator_only")


def zero_denominators(diary: Diary, case: str) -> None:
    """A channel in which nobody ever asked anything: no rate has a denominator there."""
    script = begin(diary, case, "vk", diary.day(45), "11:30:00", kind="broadcast_silent")
    script.broadcast(BROADCASTS[2])


def _two_weeks_after_a_talk(
    diary: Diary, case: str, day: int, kind: SessionKind, *, is_closed: bool = False
) -> Script:
    """A plain talk on `day`, and the beginning of what follows it two weeks later."""
    first = begin(diary, case, "telegram", diary.day(day), "18:30:00")
    ask_and_answer(first, "Сколько стоит тренировка?", "Персональная — 2800 ₽.", 2)
    settle(first, "bot_assumed")
    if is_closed:
        first.event("closed", 600)
    return begin(
        diary, case, "telegram", diary.day(day + 14), "11:30:00", person=first.person, kind=kind
    )


BROADCAST_CASES = (
    Case(_TRAINER, silent_broadcast),
    Case(_SALON, broadcast_replied),
    Case(_TRAINER, broadcast_to_a_former_customer),
    Case(_TRAINER, broadcast_to_a_former_customer_in_vain),
    Case(_TRAINER, broadcast_long_after_the_closing),
    Case(_TRAINER, broadcast_within_the_gap),
    Case(_TRAINER, broadcast_answered_by_a_person),
    Case(_SALON, broadcast_nobody_follows_up),
    Case(_TRAINER, zero_denominators),
)
