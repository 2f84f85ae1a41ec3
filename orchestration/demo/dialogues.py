"""What people and bots say: the parts every business shares, and the shape of a scenario.

Texts are templates over `{service}` (nominative), `{on_service}` (accusative), `{price}`,
`{master}` (dative), `{day}`, `{time}`, and what people tell of themselves: `{name}`,
`{full_name}`, `{phone}`, `{email}`. A bot's `questions` end with a question mark and its `answers`
never do: the last word of a conversation decides how it is judged.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Scenario:
    """One reason to write: what is said on both sides, and whether it can end in a booking.

    `asides` are further questions of the customer; `intent` is what the openings mean.
    `usage` is `talk` (anything may happen in it) or `planned` (always goes to a person).
    """

    name: str
    intent: str
    weight: float
    openings: tuple[str, ...]
    questions: tuple[str, ...]
    details: tuple[str, ...]
    answers: tuple[str, ...]
    operator_answers: tuple[str, ...]
    books: bool = False
    usage: Literal["talk", "planned"] = "talk"


GREETINGS = ("Здравствуйте!", "Добрый день!", "Привет!", "Добрый вечер!", "Доброе утро!")
POLITE_OPENINGS = ("Здравствуйте! ", "Добрый день, ", "Привет, ", "", "", "")
THANKS = (
    "Спасибо!",
    "Спасибо большое!",
    "Да, спасибо",
    "Хорошо, спасибо",
    "Отлично, спасибо!",
    "Понятно, спасибо",
    "Благодарю",
    "Супер, спасибо!",
    "Всё верно",
)
# The last one of these is for channels whose export can hold it.
PLEASANTRIES = ("Здравствуйте", "Спасибо", "Добрый день", "Привет!", "Спасибо большое")
EMOJI = ("👍", "❤️", "🙏🙏", "😊")

GREETING_REPLIES = (
    "Здравствуйте! Я бот-помощник. Напишите, что вас интересует: запись, цены или часы работы.",
    "Добрый день! Помогу записаться, перенести визит или узнать цену.",
)
GREETING_BY_VARIANT = {
    "A": "Здравствуйте! Вас приветствует бот салона «Лайм». ",
    "B": "Привет! Есть свободные окна уже сегодня — подберу удобное за минуту. ",
}

PERSON_REQUESTS = (
    "Позовите человека, пожалуйста",
    "Можно поговорить с администратором?",
    "Соедините с живым оператором",
    "Не хочу общаться с ботом, переключите на сотрудника",
    "Оператор",
)
TRANSFERS = (
    "Передаю разговор сотруднику, он ответит здесь же.",
    "Сейчас подключу администратора.",
    "Зову коллегу, подождите немного.",
)
GIVE_UPS = (
    "Извините, я не понял вопрос.",
    "Кажется, я не могу с этим помочь.",
    "Простите, не разобрал. Передаю сообщение сотруднику.",
)
ASIDES = (
    "А есть ли рядом парковка?",
    "А можно прийти с ребёнком?",
    "А картой оплатить можно?",
    "Подскажите ещё, как до вас дойти от метро?",
    "А скидка для пенсионеров действует?",
    "А сколько это займёт по времени?",
)
ODD_REQUESTS = (
    "Вы случайно не покупаете бывшее в употреблении оборудование?",
    "Я ищу работу, у вас есть вакансии?",
    "Потерялась кошка, рыжая, во дворе дома 12, не видели?",
    "Хочу предложить вам рекламу в лифтах",
    "А вы не знаете, когда включат горячую воду?",
)
OPERATOR_OPENERS = (
    "Здравствуйте, {name}! Это администратор, сейчас посмотрю.",
    "Добрый день! Вижу ваш вопрос, проверяю.",
    "Здравствуйте! Подключилась, чем могу помочь?",
)
OPERATOR_CLOSERS = (
    "Всё сделала, будем ждать вас.",
    "Готово. Если что-то изменится, напишите сюда.",
    "Поправила в журнале, хорошего дня!",
)
INSISTENCE = (
    "Алло, кто-нибудь есть?",
    "Так и не дождался ответа",
    "Ответьте, пожалуйста",
    "Вы ещё работаете?",
)
BROADCASTS = (
    "Только до конца недели скидка 15 % на будние утренние часы.",
    "Мы открыли запись на следующий месяц, лучшие окна разбирают первыми.",
    "Напоминаем: пора повторить визит, для вас держим время.",
)
AWAY_NOTE = "Спасибо за сообщение! Сейчас мы закрыты, ответим утром."
DAYS = ("завтра", "в пятницу", "в субботу", "во вторник", "в среду", "на выходных", "в четверг")
TIMES = ("10:30", "11:00", "12:15", "13:00", "15:30", "17:00", "18:45", "19:30")
