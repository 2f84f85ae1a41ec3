"""Harder cases of outcomes, ratings, labels and prices."""

from tests.integration.golden.scenario import scenario

_TALK = """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
"""

_PRICES = {
    "1 500 ₽": True,
    "1500р": True,
    "от 1500 рублей": True,
    "1500 руб": True,
    "$30": True,
    "30 EUR": True,
    "2 тыс. рублей": True,
    "скидка 15 %": False,
    "через 15 минут": False,
    "+7 495 123-45-67": False,
}

SCENARIOS = [
    scenario(
        "thanks and then an emoji",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        10:01:00 customer Спасибо
        10:01:10 customer 👍
        """,
        {"is_qualified": True},
    ),
    scenario(
        "thanks and then a question",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        10:01:00 customer Спасибо
        10:01:10 customer А в воскресенье
        """,
        {"outcome": "abandoned"},
    ),
    scenario(
        "thanks with a press of a button",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        10:01:00 customer Спасибо | button
        """,
        {"outcome": "bot_confirmed"},
    ),
    scenario(
        "a no after the bot's question",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да. Что-нибудь ещё?
        10:01:00 customer Нет
        """,
        {"outcome": "abandoned"},
    ),
    scenario(
        "the bot's question and then a broadcast",
        """
        10:00:00 customer Запишите меня
        10:00:02 bot На какой день?
        10:30:00 bot Скидки! | broadcast
        """,
        {"is_qualified": True},
    ),
    scenario(
        "a good rating of the visit alone",
        """
        10:00:00 customer Запишите меня
        10:00:02 bot Записываю
        day+2 10:00:00 rating visit csat 5/5
        """,
        {"csat_visit": 5},
        shared="session=S1",
    ),
    scenario(
        "a bad rating after thanks",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        10:01:00 customer Спасибо
        10:02:00 rating chat csat 1/5
        """,
        {"outcome": "bot_confirmed", "csat_chat": 1},
    ),
    scenario(
        "a greeting with a photo",
        """
        10:00:00 customer Здравствуйте
        10:00:05 customer | media
        10:00:07 bot Чем помочь?
        """,
        {"outcome": "abandoned"},
    ),
    scenario(
        "two labellers who disagree with a flag in the log",
        """
        09:00:00 customer Запишите | intent=booking confidence=0.8 right
        09:00:02 bot Записываю
        12:00:00 label booking | of=1 by=ann
        12:01:00 label prices | of=1 by=bob
        """,
        {"labelled_messages": 0, "correct_messages": 0},
    ),
    scenario(
        "a flag in the log and a confidence below the threshold",
        """
        09:00:00 customer Do you do vaccinations | intent=vaccination confidence=0.3 right
        09:00:02 bot Sorry
        """,
        {"no_match_messages": 1, "labelled_messages": 1},
        business="havel",
    ),
    scenario(
        "a label on a message that is a button",
        """
        09:00:00 customer Записаться | button intent=booking confidence=1
        09:00:02 bot На какой день?
        12:00:00 label booking | of=1
        """,
        {"classifiable_messages": 0, "labelled_messages": 0},
    ),
    scenario(
        "an intent read out of scope by the bot itself",
        """
        09:00:00 customer Who won the match | intent=out_of_scope confidence=0.9
        09:00:02 bot I do not know
        12:00:00 label out_of_scope | of=1
        """,
        {"no_match_messages": 0, "labelled_messages": 1, "correct_messages": 1},
        business="havel",
    ),
    scenario(
        "a rating by a person who has not written yet",
        """
        09:00:00 rating chat csat 5/5
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        """,
        {"csat_chat": None},
    ),
    scenario(
        "a rating of the chat below its scale",
        _TALK
        + """
        10:30:00 rating chat csat 0/5
        """,
        {"csat_chat": None, "outcome": "bot_assumed"},
    ),
    scenario(
        "the customer names a price and the bot does not",
        """
        11:00:00 customer Есть что-нибудь до 1000 ₽
        11:00:02 bot Есть акции
        """,
        {"loss_reason": "other"},
    ),
    scenario(
        "a lead of another channel that was deleted",
        """
        11:00:00 customer Хочу на стрижку | user=A phone=A
        11:00:02 bot Записываю | user=A
        11:10:00 customer Хочу на стрижку | user=B phone=A channel=whatsapp
        11:10:02 bot Записываю | user=B channel=whatsapp
        11:15:00 lead L1 | phone=A
        12:00:00 lead L1 | deleted
        """,
        {"loss_reason": "other"},
        {"loss_reason": "other"},
    ),
]
SCENARIOS += [
    scenario(
        f"price {number} is told as {text}",
        f"""
        11:00:00 customer Сколько стоит стрижка | intent=prices confidence=0.9
        11:00:02 bot Стрижка: {text}
        """,
        {"loss_reason": "price" if is_price else "other"},
    )
    for number, (text, is_price) in enumerate(_PRICES.items(), start=1)
]
