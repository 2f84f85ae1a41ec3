"""Awkward cases of clock and calendar: midnight, the month's end, the clock change, dayparts."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from orchestration.demo.casting import Case, ask_and_answer, begin, month_end
from orchestration.demo.diary import Diary
from orchestration.demo.hearing import hear_right
from orchestration.demo.script import Script
from orchestration.demo.telling import settle

_CLINIC, _TRAINER = "clinic_neva", "trainer_baltic"


def midnight(diary: Diary, case: str) -> None:
    """Begun two minutes before midnight, it belongs to the old day altogether."""
    day = diary.day(33)
    script = begin(diary, case, "telegram", day, "23:58:00")
    _talk_for_a_while(script)
    script.truth.session_date = day


def end_of_month(diary: Diary, case: str) -> None:
    """The same between two months."""
    day = month_end(diary)
    script = begin(diary, case, "telegram", day, "23:50:00")
    _talk_for_a_while(script)
    script.truth.session_date = day
    script.truth.daypart = "night"


def clock_change(diary: Diary, case: str) -> None:
    """Around the night when the clocks move, where the demo has one."""
    day = clock_change_day(diary)
    if day is None:
        return
    noon_before = diary.moment(day - timedelta(days=1), "12:00:00")
    hours = (diary.moment(day, "12:00:00") - noon_before) // timedelta(hours=1)
    if hours == 25:
        for fold in (0, 1):
            twice = begin(diary, case, "telegram", day, "03:30:00", fold=fold)
            ask_and_answer(twice, "Не спится, есть йога утром?", "Йога в 8:00.", 3)
            twice.truth.session_date = day
            settle(twice, "bot_assumed")
    script = begin(diary, case, "whatsapp", day - timedelta(days=1), "11:59:57")
    ask_and_answer(script, "Завтра во сколько?", "Завтра в 12:00.", 3)
    settle(script, "bot_assumed")
    again = (
        begin(diary, case, "whatsapp", day, "12:00:00", person=script.person)
        if (hours == 25)
        else script
    )
    if again is script:
        script.customer("А зал тот же?", hours * 3600, heard=hear_right(diary, "ask_schedule"))
        script.bot("Да, зал тот же.", 2)
        return
    # Twenty-four hours by the wall are twenty-five by the clock that counts.
    ask_and_answer(again, "А зал тот же?", "Да, зал тот же.", 2)
    settle(again, "bot_assumed")
    script.truth.returned_within_72h = script.truth.returned_within_168h = True


def daypart_edges(diary: Diary, case: str) -> None:
    """The first second of each part of the day belongs to it, the last second before does not."""
    edges = {
        "06:00:00": "morning",
        "11:59:59": "morning",
        "12:00:00": "afternoon",
        "17:59:59": "afternoon",
        "18:00:00": "evening",
        "21:59:59": "evening",
        "22:00:00": "night",
        "00:00:00": "night",
        "05:59:59": "night",
    }
    for clock, daypart in edges.items():
        script = begin(diary, case, "web", diary.day(34), clock)
        ask_and_answer(script, "Вы работаете в субботу?", "В субботу с 9:00 до 18:00.", 2)
        script.truth.daypart = daypart
        settle(script, "bot_assumed")


def clock_change_day(diary: Diary) -> date | None:
    """The date on which the business's clocks move inside the demo, if any."""
    zone = ZoneInfo(diary.business.timezone)
    for number in range(2, diary.days - 4):
        noon = datetime.combine(diary.day(number), datetime.min.time(), UTC).replace(hour=12)
        before = (noon - timedelta(days=1)).astimezone(zone).utcoffset()
        if noon.astimezone(zone).utcoffset() != before:
            return diary.day(number)
    return None


def _talk_for_a_while(script: Script) -> None:
    ask_and_answer(script, "Ещё не спите? Хочу узнать расписание", "Не сплю. На какой день?", 3)
    script.customer("На четверг", 600, heard=hear_right(script.diary, "inform"))
    script.bot("В четверг свободно с 10:00 до 14:00.", 2)
    settle(script, "bot_assumed")


CALENDAR_CASES = (
    Case(_TRAINER, midnight),
    Case(_CLINIC, end_of_month),
    Case(_TRAINER, clock_change),
    Case(_CLINIC, daypart_edges),
)
