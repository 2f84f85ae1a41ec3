"""Awkward cases of who writes: staff, testers, spammers, agents, two channels, one phone."""

from orchestration.demo.casting import Case, ask_and_answer, begin, plain_plan
from orchestration.demo.crm import open_lead
from orchestration.demo.diary import Diary, Row
from orchestration.demo.hearing import hear_right
from orchestration.demo.people import new_person, person_with_id
from orchestration.demo.script import Script
from orchestration.demo.telling import answered, settle

_SALON, _CLINIC, _TRAINER = "salon_lime", "clinic_neva", "trainer_baltic"


def staff_user(diary: Diary, case: str) -> None:
    """A hairdresser asks her own bot."""
    person = person_with_id(diary, "telegram", "9900999001")
    script = begin(diary, case, "telegram", diary.day(35), "09:30:00", person=person, kind="staff")
    ask_and_answer(script, "Кто сегодня на смене?", "Ольга и Артур.", 2)


def tester(diary: Diary, case: str) -> None:
    """Somebody tries the bot out."""
    person = person_with_id(diary, "whatsapp", "79000009902")
    script = begin(diary, case, "whatsapp", diary.day(36), "18:30:00", person=person, kind="test")
    ask_and_answer(script, "тест тест 123", "Не понял вопрос. Вы хотите записаться?", 1)


def spam(diary: Diary, case: str) -> None:
    """The pattern of business.yml, and nothing else, makes it spam."""
    script = begin(diary, case, "instagram", diary.day(37), "03:10:00", kind="spam")
    ask_and_answer(
        script, "Лучшее казино онлайн, бонус новичкам!", "Чем помочь: запись или цены?", 2
    )


def agent_writes_first(diary: Diary, case: str) -> None:
    """An administrator writes, nobody answers: no request of a customer."""
    script = begin(
        diary,
        case,
        "whatsapp",
        diary.day(40),
        "12:00:00",
        with_bot=False,
        kind="operator_started",
    )
    script.operator("Анна, вы забыли у нас зонт.", 0)


def agent_writes_first_and_is_answered(diary: Diary, case: str) -> None:
    """An outbound session that the customer's reply turns into a conversation."""
    script = begin(
        diary,
        case,
        "whatsapp",
        diary.day(41),
        "12:00:00",
        with_bot=False,
        kind="broadcast_replied",
    )
    script.operator("Добрый день! Подтвердите визит в пятницу?", 0)
    script.customer("Подтверждаю, и добавьте укладку", 700)
    script.operator("Добавила.", 90)
    answered(script, human=90)
    settle(script, "operator_only")


def one_person_in_two_channels(diary: Diary, case: str) -> None:
    """First in Telegram, next day in WhatsApp, then a lead by telephone number alone."""
    person = new_person(diary, ("telegram", "whatsapp"))
    columns: Row = {"phone": person.phone}
    first = begin(diary, case, "telegram", diary.day(42), "13:00:00", person=person)
    first.customer("Сколько стоит УЗИ?", heard=hear_right(diary, "ask_price"), columns=columns)
    first.bot("УЗИ — 2900 руб.", 2)
    answered(first, bot=2)
    settle(first, "bot_assumed")
    second = begin(diary, case, "whatsapp", diary.day(43), "13:00:00", person=person)
    ask_and_answer(second, "Хочу записаться на УЗИ", "Записали на субботу, 12:00.", 2)
    settle(second, "bot_goal")
    plan = plain_plan(diary, second, 30)
    open_lead(diary, plan, method="phone", person=person, session=second.truth, case=case)


def two_people_on_one_phone(diary: Diary, case: str) -> None:
    """A couple shares a number: nobody can say whose lead it is."""
    wife = new_person(diary, ("telegram",))
    husband = new_person(diary, ("telegram",), phone=wife.phone)
    last: Script | None = None
    for hour, person in ((10, wife), (15, husband)):
        last = begin(diary, case, "telegram", diary.day(44), f"{hour}:00:07", person=person)
        last.customer(
            "Сколько стоит приём стоматолога?",
            heard=hear_right(diary, "ask_price"),
            columns={"phone": wife.phone},
        )
        last.bot("Приём стоматолога — 2700 руб.", 3)
        answered(last, bot=3)
        settle(last, "bot_assumed")
    if last is not None:
        plan = plain_plan(diary, last, 60)
        open_lead(
            diary,
            plan,
            method=None,
            person=wife,
            session=None,
            case=case,
            columns={"phone": wife.phone},
        )


PEOPLE_CASES = (
    Case(_SALON, staff_user),
    Case(_CLINIC, tester),
    Case(_SALON, spam),
    Case(_SALON, agent_writes_first),
    Case(_SALON, agent_writes_first_and_is_answered),
    Case(_CLINIC, one_person_in_two_channels),
    Case(_CLINIC, two_people_on_one_phone),
)
