"""Who answered first, and how soon. Targets are 5 s for the bot and 300 s for a person."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "the bot answers in three seconds",
        """
        10:00:00 customer Сколько стоит маникюр?
        10:00:03 bot Маникюр стоит 2000 ₽
        """,
        {
            **{"session_kind": "inbound", "is_qualified": True, "is_bot_involved": True},
            **{"ttr_seconds": 3, "ttr_bot_seconds": 3, "ttr_human_seconds": None},
            **{"is_answered": True, "is_answered_in_target": True, "outcome": "bot_assumed"},
            **{"messages": 2, "customer_messages": 1, "bot_messages": 1, "operator_messages": 0},
        },
    ),
    scenario(
        "the bot answers exactly at its target",
        """
        10:00:00 customer Есть окно на завтра?
        10:00:05 bot Есть, в 12:00
        """,
        {"ttr_seconds": 5, "is_answered_in_target": True},
    ),
    scenario(
        "the bot answers a second after its target",
        """
        10:00:00 customer Есть окно на завтра?
        10:00:06 bot Есть, в 12:00
        """,
        {"ttr_seconds": 6, "is_answered_in_target": False},
    ),
    scenario(
        "the bot answers within a target of its own",
        """
        10:00:00 customer Do you take insurance?
        10:00:10 bot Yes, all of them
        """,
        {"ttr_seconds": 10, "is_answered_in_target": True},
        business="havel",
    ),
    scenario(
        "a person answers exactly at the target",
        """
        11:00:00 customer Вы работаете в субботу?
        11:05:00 operator Да, с 11 до 18
        """,
        {
            **{"ttr_seconds": 300, "ttr_bot_seconds": None, "ttr_human_seconds": 300},
            **{"is_answered_in_target": True, "outcome": "operator_only", "has_handoff": False},
            **{"is_bot_involved": False, "human_handle_seconds": 300},
        },
    ),
    scenario(
        "a person answers a second after the target",
        """
        11:00:00 customer Вы работаете в субботу?
        11:05:01 operator Да, с 11 до 18
        """,
        {"ttr_seconds": 301, "is_answered_in_target": False, "human_handle_seconds": 300},
    ),
    scenario(
        "a person misses a target of its own",
        """
        11:00:00 customer Are you open on Sunday?
        11:02:00 operator Yes
        """,
        {"ttr_seconds": 120, "is_answered_in_target": False},
        business="havel",
    ),
    scenario(
        "nobody replies",
        """
        10:00:00 customer Здравствуйте, хочу записаться
        10:01:00 customer Вы тут
        """,
        {
            **{"ttr_seconds": None, "is_answered": False, "is_answered_in_target": False},
            **{"outcome": "operator_only", "loss_reason": "no_answer", "leads": 0},
            **{"is_converted": False, "customer_messages": 2},
        },
    ),
    scenario(
        "the bot does not reply but a person does",
        """
        10:00:00 customer Здравствуйте, хочу записаться
        10:04:00 operator Добрый день! На какое число?
        10:05:00 customer На пятницу
        10:06:00 operator Записала
        """,
        {"ttr_seconds": 240, "ttr_bot_seconds": None, "human_handle_seconds": 300},
    ),
    scenario(
        "a note that the message came in does not answer",
        """
        10:00:00 customer Можно перенести запись?
        10:00:01 bot Мы получили ваше сообщение | ack
        10:03:00 operator Можно
        """,
        {
            **{"ttr_seconds": 180, "ttr_bot_seconds": None, "ttr_human_seconds": 180},
            **{"is_bot_involved": False, "outcome": "operator_only", "has_handoff": False},
            **{"bot_messages": 1, "operator_messages": 1},
        },
    ),
    scenario(
        "an automatic reply out of hours answers nobody",
        """
        23:30:00 customer Можно перенести запись?
        23:30:01 bot Мы откроемся в 10 часов | ack
        """,
        {"ttr_seconds": None, "is_answered": False, "outcome": "operator_only"},
        day="2026-09-07",
    ),
    scenario(
        "an automatic reply out of hours and a person in the morning",
        """
        22:00:00 customer Можно перенести запись?
        22:00:01 bot Мы откроемся в 10 часов | ack
        day+1 10:02:00 operator Можно
        """,
        {
            **{"ttr_seconds": 43_320, "ttr_human_seconds": 43_320, "has_handoff": False},
            **{"ttr_human_business_seconds": 120, "is_bot_involved": False},
        },
        day="2026-09-14",
    ),
    scenario(
        "a broadcast in the conversation does not answer",
        """
        10:00:00 customer Можно перенести запись?
        10:00:01 bot Скидки в сентябре! | broadcast
        10:00:04 bot Конечно, можно
        """,
        {"ttr_seconds": 4, "ttr_bot_seconds": 4, "bot_messages": 2, "session_kind": "inbound"},
    ),
    scenario(
        "a service message of the bot does not answer",
        """
        10:00:00 customer Можно перенести запись?
        10:00:01 bot печатает | service
        10:00:02 system Оператор в сети
        10:00:30 bot Конечно, можно
        """,
        {"ttr_seconds": 30, "messages": 4, "bot_messages": 1, "is_answered_in_target": False},
    ),
    scenario(
        "the clock starts at the first message of several",
        """
        10:00:00 customer Здравствуйте
        10:00:20 customer Хочу на стрижку
        10:00:24 bot Записываю
        """,
        {"ttr_seconds": 24, "customer_messages": 2, "is_answered_in_target": False},
    ),
    scenario(
        "the clock stops at the first answer of several",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Секунду
        10:00:40 bot Записываю
        10:20:00 customer А можно на пять вечера
        10:20:30 bot Можно
        """,
        {"ttr_seconds": 2, "bot_messages": 3},
    ),
    scenario(
        "the bot answers with a photo",
        """
        10:00:00 customer Покажите работы мастера
        10:00:02 bot | media
        """,
        {"ttr_seconds": 2, "is_answered": True},
    ),
    scenario(
        "a voice message alone is a question like any other",
        """
        10:00:00 customer | media
        10:00:08 bot Я пока не понимаю голосовые
        """,
        {
            **{"ttr_seconds": 8, "classifiable_messages": 0, "outcome": "bot_assumed"},
            **{"is_qualified": True},
        },
    ),
    scenario(
        "a photo alone that nobody answers",
        """
        10:00:00 customer | media
        """,
        {"is_answered": False, "outcome": "operator_only", "loss_reason": "no_answer"},
    ),
    scenario(
        "senders bear the names of other systems",
        """
        10:00:00 client Хочу на стрижку
        10:00:03 assistant Зову администратора
        10:02:00 agent Записала вас
        10:03:00 manager До встречи
        """,
        {"ttr_bot_seconds": 3, "operator_messages": 2, "handoff_type": "took_over"},
    ),
    scenario(
        "times without an offset are the business's own",
        """
        10:00:00 customer When can I come
        10:00:07 bot Tomorrow
        """,
        {"ttr_seconds": 7, "hour": 10, "daypart": "day"},
        business="kochi",
        times="naive",
    ),
    scenario(
        "times in seconds since 1970",
        """
        10:10:00 customer When can I come
        10:10:08 bot Tomorrow
        """,
        {"ttr_seconds": 8, "hour": 10},
        business="kochi",
        times="epoch",
    ),
    scenario(
        "times in milliseconds since 1970",
        """
        10:20:00 customer When can I come
        10:20:09 bot Tomorrow
        """,
        {"ttr_seconds": 9, "hour": 10},
        business="kochi",
        times="millis",
    ),
]
