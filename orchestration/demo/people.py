"""The people of the demo: invented names, and numbers that belong to nobody."""

from orchestration.demo.diary import Diary
from orchestration.demo.truth import Person

_WOMEN = (
    "Анна",
    "Мария",
    "Екатерина",
    "Полина",
    "Дарья",
    "Ирина",
    "Вероника",
    "Наталья",
    "Алина",
    "Юлия",
    "Ксения",
    "Тамара",
    "Зоя",
    "Лидия",
)
_MEN = (
    "Алексей",
    "Игорь",
    "Павел",
    "Николай",
    "Роман",
    "Тимур",
    "Глеб",
    "Фёдор",
    "Степан",
    "Виктор",
    "Егор",
)
_SURNAMES = (
    "Вересков",
    "Ольшанов",
    "Тропинин",
    "Заливин",
    "Мостоваров",
    "Линейкин",
    "Набережнов",
    "Каналов",
    "Гранитов",
    "Фонарёв",
    "Ладогин",
    "Невельсков",
    "Туманов",
    "Шпилев",
    "Островин",
    "Рябинкин",
)
_FIRST_NUMBER = {"salon_lime": 0, "clinic_neva": 3000, "trainer_baltic": 6000}
_OUTSIDERS = 9000


def new_person(diary: Diary, channels: tuple[str, ...], phone: str | None = None) -> Person:
    """Invent somebody who writes on `channels`; `phone` given is shared with somebody else."""
    rng = diary.rng
    number = _FIRST_NUMBER[diary.business.business_id] + diary.number("person")
    woman = rng.random() < 0.62
    name = f"{rng.choice(_WOMEN if woman else _MEN)} {rng.choice(_SURNAMES)}{'а' if woman else ''}"
    own_phone = phone or _phone(number)
    person = Person(
        business_id=diary.business.business_id,
        name=name,
        phone=own_phone,
        email=f"client{number:04d}@example.com",
        user_ids=tuple((channel, _user_id(channel, number)) for channel in channels),
        arm=rng.choice("AB"),
    )
    diary.people.append(person)
    return person


def person_with_id(diary: Diary, channel: str, user_id: str) -> Person:
    """Somebody known by an id that `business.yml` lists: staff or a tester."""
    person = Person(
        business_id=diary.business.business_id,
        name="Служебный номер",
        phone=_phone(_OUTSIDERS + 900 + len(diary.people) % 90),
        email="staff@example.com",
        user_ids=((channel, user_id),),
        arm="A",
    )
    diary.people.append(person)
    return person


def outsider_phone(diary: Diary) -> str:
    """The number of somebody who telephoned and never wrote."""
    return _phone(_OUTSIDERS + diary.number("outsider"))


def spell_phone(diary: Diary, phone: str) -> str:
    """The same number the way one clerk or another types it."""
    digits = phone.removeprefix("+")
    area, first, second, third = digits[1:4], digits[4:7], digits[7:9], digits[9:11]
    return diary.rng.choice(
        (
            phone,
            digits,
            f"8 ({area}) {first}-{second}-{third}",
            f"+7 {area} {first} {second} {third}",
            f"8{digits[1:]}",
        )
    )


def _phone(number: int) -> str:
    return f"+7900000{number:04d}"


def _user_id(channel: str, number: int) -> str:
    match channel:
        case "whatsapp":
            return f"7900000{number:04d}"
        case "instagram":
            return f"178900000000{number:04d}"
        case "telegram":
            return f"990000{number:04d}"
        case _:
            return f"{channel}-{number:04d}"
