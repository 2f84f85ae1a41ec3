"""What kind of session it is: whose numbers it is in, and whose it is not."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "somebody of the staff tries the bot",
        """
        10:00:00 customer Сколько стоит стрижка
        10:00:03 bot Стрижка 1500 ₽
        """,
        {"session_kind": "staff", "is_qualified": False, "outcome": None, "loss_reason": None},
        shared="user=master-olga",
    ),
    scenario(
        "somebody of the staff with an id of digits",
        """
        10:00:00 customer Сколько стоит стрижка
        """,
        {"session_kind": "staff", "is_qualified": False},
        shared="user=700 channel=vk",
    ),
    scenario(
        "a tester",
        """
        10:00:00 customer Тест
        10:00:03 bot Тест принят
        """,
        {"session_kind": "test", "is_qualified": False, "outcome": None},
        shared="user=tester",
    ),
    scenario(
        "a customer whose id only resembles a tester's",
        """
        10:00:00 customer Сколько стоит стрижка
        10:00:03 bot Стрижка 1500 ₽
        """,
        {"session_kind": "inbound", "is_qualified": True},
        shared="user=tester2",
    ),
    scenario(
        "spam by a word",
        """
        10:00:00 customer Лучшее КАЗИНО города
        10:00:03 bot Не понимаю
        """,
        {"session_kind": "spam", "is_qualified": False, "outcome": None, "loss_reason": None},
    ),
    scenario(
        "spam by a link",
        """
        10:00:00 customer Смотри https://bit.ly/x1
        """,
        {"session_kind": "spam", "is_qualified": False},
    ),
    scenario(
        "what looks like spam to everybody but the business",
        """
        10:00:00 customer Куплю ваши подписчики, дёшево, крипта
        10:00:03 bot Не понимаю
        """,
        {"session_kind": "inbound", "is_qualified": True},
    ),
    scenario(
        "the bot's own word is no spam",
        """
        10:00:00 customer Где вы находитесь
        10:00:03 bot Рядом с казино
        """,
        {"session_kind": "inbound", "is_qualified": True},
    ),
    scenario(
        "what is spam in one business is a customer in another",
        """
        10:00:00 customer Лучшее КАЗИНО города
        10:00:03 bot Sorry
        """,
        {"session_kind": "inbound", "is_qualified": True},
        business="kochi",
    ),
    scenario(
        "a broadcast that nobody answers",
        """
        10:00:00 bot Скидки в сентябре! | broadcast
        """,
        {
            **{"session_kind": "broadcast_silent", "is_qualified": False, "outcome": None},
            **{"ttr_seconds": None, "customer_messages": 0, "is_bot_involved": False},
            **{"hour": 10, "first_customer_at": None},
        },
    ),
    scenario(
        "a broadcast that a customer answers",
        """
        10:00:00 bot Скидки в сентябре! | broadcast
        13:00:00 customer Запишите меня
        13:00:04 bot На какой день?
        """,
        {
            **{"session_kind": "broadcast_replied", "is_qualified": True, "ttr_seconds": 4},
            **{"hour": 13, "daypart": "afternoon", "messages": 3},
        },
    ),
    scenario(
        "a broadcast that a customer answers on the next day",
        """
        20:00:00 bot Скидки в сентябре! | broadcast
        day+1 09:00:00 customer Запишите меня
        day+1 09:04:00 operator Записала
        """,
        {
            **{"session_kind": "broadcast_replied", "session_date": "2026-09-03", "hour": 9},
            **{"is_bot_involved": False, "outcome": "operator_only", "ttr_human_seconds": 240},
            **{"has_handoff": False},
        },
        day="2026-09-02",
    ),
    scenario(
        "a broadcast and a customer who writes after the gap",
        """
        10:00:00 bot Скидки в сентябре! | broadcast
        day+1 10:00:01 customer Запишите меня
        day+1 10:00:04 bot На какой день?
        """,
        {"session_kind": "broadcast_silent", "messages": 1},
        {"session_kind": "inbound", "messages": 2, "ttr_seconds": 3},
    ),
    scenario(
        "a broadcast within the gap stays with the conversation",
        """
        10:00:00 customer Хочу на стрижку
        10:00:03 bot Записываю
        18:00:00 bot Скидки в сентябре! | broadcast
        """,
        {"session_kind": "inbound", "messages": 3},
    ),
    scenario(
        "a broadcast after the gap begins a session of its own",
        """
        10:00:00 customer Хочу на стрижку
        10:00:03 bot Записываю
        day+5 18:00:00 bot Скидки в сентябре! | broadcast
        """,
        {"session_kind": "inbound", "messages": 2},
        {"session_kind": "broadcast_silent", "messages": 1},
    ),
    scenario(
        "the answer to a broadcast after an old conversation",
        """
        10:00:00 customer Хочу на стрижку
        10:00:03 bot Записываю
        day+5 18:30:00 bot Скидки в сентябре! | broadcast
        day+5 18:40:00 customer Запишите меня
        day+5 18:40:02 bot Записываю
        """,
        {"session_kind": "inbound", "messages": 2, "returned_within_168h": True},
        {"session_kind": "broadcast_replied", "messages": 3, "ttr_seconds": 2},
    ),
    scenario(
        "the answer to a broadcast after a closed conversation",
        """
        10:00:00 customer Хочу на стрижку
        10:00:03 bot Записываю
        10:30:00 event closed
        day+6 18:30:00 bot Скидки в сентябре! | broadcast
        day+6 18:40:00 customer Запишите меня
        day+6 18:40:02 bot Записываю
        """,
        {"session_kind": "inbound", "messages": 2},
        {"session_kind": "broadcast_replied", "messages": 3},
    ),
    scenario(
        "an agent writes first and nobody answers",
        """
        10:00:00 operator Напоминаем о записи
        """,
        {"session_kind": "operator_started", "is_qualified": False, "outcome": None},
    ),
    scenario(
        "an agent writes first and the customer answers",
        """
        10:00:00 operator Напоминаем о записи
        10:30:00 customer А можно перенести
        10:34:00 operator Можно
        """,
        {
            **{"session_kind": "broadcast_replied", "ttr_seconds": 240, "is_qualified": True},
            **{"operator_messages": 2, "human_handle_seconds": 240},
        },
    ),
    scenario(
        "the bot writes first and nobody answers",
        """
        10:00:00 bot Напоминаем о записи
        """,
        {"session_kind": "broadcast_silent", "is_qualified": False},
    ),
    scenario(
        "the bot writes first and the customer answers",
        """
        10:00:00 bot Напоминаем о записи
        10:30:00 customer А можно перенести
        10:30:05 bot Можно
        """,
        {"session_kind": "broadcast_replied", "ttr_seconds": 5, "is_bot_involved": True},
    ),
    scenario(
        "notes of the system alone are no session",
        """
        10:00:00 system Посетитель открыл чат
        10:01:00 customer набирает | service
        """,
    ),
    scenario(
        "a note before the first message does not begin the session",
        """
        10:00:00 system Посетитель открыл чат
        10:05:00 customer Хочу на стрижку
        10:05:02 bot Записываю
        """,
        {"session_kind": "inbound", "messages": 2, "ttr_seconds": 2},
    ),
    scenario(
        "a person alone with the customer",
        """
        10:00:00 customer Хочу на стрижку
        10:01:00 operator На какое время?
        10:02:00 customer На пять
        10:02:30 operator Записала
        """,
        {
            **{"session_kind": "inbound", "outcome": "operator_only", "is_bot_involved": False},
            **{"human_handle_seconds": 90, "has_handoff": False, "handoff_type": None},
        },
    ),
]
