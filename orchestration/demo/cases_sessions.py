"""Awkward cases of where a session begins and ends: gaps, closings, late records."""

from datetime import timedelta

from orchestration.demo.casting import Case, ask_and_answer, begin
from orchestration.demo.diary import Diary
from orchestration.demo.hearing import hear_right
from orchestration.demo.script import Script
from orchestration.demo.telling import answered, settle

_SALON, _TRAINER = "salon_lime", "trainer_baltic"
_DAY_SECONDS = 24 * 3600


def gap_exactly_at_the_limit(diary: Diary, case: str) -> None:
    """Twenty-four hours to the second: still the same conversation."""
    script = begin(diary, case, "telegram", diary.day(21), "11:00:00")
    ask_and_answer(script, "Есть места в субботу?", "В субботу есть 10:30.", 3)
    script.customer("А в воскресенье?", _DAY_SECONDS, heard=hear_right(diary, "ask_schedule"))
    script.bot("В воскресенье с 9 до 12 свободно.", 2)
    settle(script, "bot_assumed")


def gap_a_second_over_the_limit(diary: Diary, case: str) -> None:
    """A second more: another conversation, and the person has come back."""
    first = begin(diary, case, "telegram", diary.day(22), "11:00:00")
    ask_and_answer(first, "Есть места вечером?", "Вечером есть 19:00.", 3)
    settle(first, "bot_assumed")
    second = _same_person(first, case, _DAY_SECONDS + 1)
    ask_and_answer(second, "А утром?", "Утром есть 8:30.", 2)
    settle(second, "bot_assumed")
    first.truth.returned_within_72h = first.truth.returned_within_168h = True


def late_record_joins_two_sessions(diary: Diary, case: str) -> None:
    """Thirty hours of silence, until a line from the middle arrives forty days late."""
    script = begin(diary, case, "telegram", diary.day(23), "09:00:00")
    ask_and_answer(script, "Составите план на месяц?", "Составлю, какой у вас вес и рост?", 4)
    script.customer(
        "82 и 180",
        15 * 3600,
        heard=hear_right(diary, "inform"),
        late=timedelta(days=40),
    )
    script.customer("Ну что там с планом?", 15 * 3600, heard=hear_right(diary, "ask_programme"))
    script.bot("План готов, ссылка в закреплённом сообщении.", 2)
    settle(script, "bot_assumed")


def late_record_splits_none(diary: Diary, case: str) -> None:
    """A bot's line from the middle arrives ten days late and changes no border."""
    script = begin(diary, case, "instagram", diary.day(24), "18:00:00")
    ask_and_answer(script, "Сколько стоит онлайн-программа?", "6500 ₽. Прислать состав?", 2)
    script.customer("Да, пришлите состав", 40, heard=hear_right(diary, "inform"))
    script.bot("Внутри 24 тренировки.", 2, late=timedelta(days=10))
    script.bot("И план питания на восемь недель.", 3)
    settle(script, "bot_assumed")


def late_record_after_closing(diary: Diary, case: str) -> None:
    """The conversation was closed; a line said before that arrives three days after."""
    script = begin(diary, case, "whatsapp", diary.day(25), "13:00:00")
    ask_and_answer(script, "Можно оплатить картой?", "Да, ссылку пришлю сюда.", 2)
    script.customer("Спасибо!", 60, heard=hear_right(diary, "thanks"), late=timedelta(days=3))
    script.event("closed", 600)
    settle(script, "bot_confirmed")


def closed_and_begun_anew(diary: Diary, case: str) -> None:
    """After an explicit close even the next hour is another conversation."""
    first = begin(diary, case, "telegram", diary.day(26), "10:00:00")
    ask_and_answer(first, "Где вы находитесь?", "Набережная, 7, вход со двора.", 3)
    first.event("closed", 300)
    settle(first, "bot_assumed")
    second = _same_person(first, case, 3600)
    ask_and_answer(second, "А раздевалка есть?", "Есть, со шкафчиками и душем.", 3)
    settle(second, "bot_assumed")
    for within in ("24h", "72h", "168h"):
        setattr(first.truth, f"returned_within_{within}", True)


def reopened_next_day_with_only_thanks(diary: Diary, case: str) -> None:
    """Twenty-six hours later comes a thank-you: a session of its own, and no return."""
    first = begin(diary, case, "telegram", diary.day(27), "17:00:00")
    ask_and_answer(first, "Во сколько завтра?", "Завтра начинаем в 9:00.", 2)
    settle(first, "bot_assumed")
    second = _same_person(first, case, 26 * 3600)
    second.customer("Спасибо большое!", heard=hear_right(diary, "thanks"))
    second.bot("Рад помочь!", 2)
    answered(second, bot=2)
    settle(second, "unengaged")


def reopened_by_the_platform_with_only_thanks(diary: Diary, case: str) -> None:
    """The same where the platform opens a new id although the gap is short."""
    first = begin(diary, case, "telegram", diary.day(28), "17:00:00")
    ask_and_answer(first, "Есть парковка?", "Парковка во дворе, два часа бесплатно.", 2)
    settle(first, "bot_assumed")
    second = _same_person(first, case, 20 * 3600)
    second.customer("Спасибо", heard=hear_right(diary, "thanks"))
    second.bot("Пожалуйста, приходите ещё.", 1)
    answered(second, bot=1)
    settle(second, "unengaged")


def emoji_only(diary: Diary, case: str) -> None:
    """Not a word, two hearts."""
    script = begin(diary, case, "instagram", diary.day(29), "21:00:00")
    script.customer("❤️❤️", heard=hear_right(diary, "greeting"))
    script.bot("И вам хорошего дня!", 2)
    answered(script, bot=2)
    settle(script, "unengaged")


def voice_only(diary: Diary, case: str) -> None:
    """A voice message: a request, but nothing that the classifier could read."""
    script = begin(diary, case, "whatsapp", diary.day(30), "12:40:00")
    script.customer(None, kind="media")
    script.bot("Пока не умею слушать голосовые. Напишете текстом?", 2)
    answered(script, bot=2)
    settle(script, "abandoned")


def photo_only(diary: Diary, case: str) -> None:
    """A photo with no words, and a person who understands it."""
    script = begin(diary, case, "instagram", diary.day(31), "16:40:00", with_bot=False)
    script.customer(None, kind="media")
    script.operator("Красивая форма! Хотите такой же результат?", 240)
    answered(script, human=240)
    settle(script, "operator_only")


def period_still_maturing(diary: Diary, case: str) -> None:
    """Yesterday's session may still change its outcome, last week's still win a lead."""
    unsettled = begin(diary, case, "telegram", diary.day(-2), "12:00:05")
    ask_and_answer(unsettled, "Сколько стоит маникюр?", "Маникюр — 2100 ₽.", 2)
    settle(unsettled, "bot_assumed")
    immature = begin(diary, case, "telegram", diary.day(-5), "12:00:05")
    ask_and_answer(immature, "Сколько стоит стрижка?", "Стрижка — 2400 ₽.", 2)
    settle(immature, "bot_assumed")


def button_then_text(diary: Diary, case: str) -> None:
    """A pressed button carries an intent, but there was nothing to classify."""
    script = begin(diary, case, "telegram", diary.day(32), "15:10:00")
    script.customer("Цены", kind="button", columns={"intent": "ask_price"})
    script.bot("На какую услугу?", 1)
    ask_price = hear_right(diary, "inform")
    script.customer("Маникюр с покрытием", 12, heard=ask_price)
    script.bot("Маникюр — 2100 ₽.", 2)
    answered(script, bot=1)
    settle(script, "bot_assumed")


def _same_person(script: Script, case: str, seconds_later: int) -> Script:
    diary, moment = script.diary, script.truth.ended_at + timedelta(seconds=seconds_later)
    again = begin(
        diary,
        case,
        script.truth.channel,
        diary.local_date(moment),
        diary.wall_clock(moment),
        person=script.person,
    )
    assert again.now == moment  # noqa: S101 - the case hangs on this very second
    return again


SESSION_CASES = (
    Case(_TRAINER, gap_exactly_at_the_limit),
    Case(_TRAINER, gap_a_second_over_the_limit),
    Case(_TRAINER, late_record_joins_two_sessions),
    Case(_TRAINER, late_record_splits_none),
    Case(_TRAINER, late_record_after_closing),
    Case(_TRAINER, closed_and_begun_anew),
    Case(_TRAINER, reopened_next_day_with_only_thanks),
    Case(_SALON, reopened_by_the_platform_with_only_thanks),
    Case(_SALON, emoji_only),
    Case(_SALON, voice_only),
    Case(_TRAINER, photo_only),
    Case(_SALON, period_still_maturing),
    Case(_SALON, button_then_text),
)
