"""How a conversation goes to a person: asked for, failed, planned, taken over, or never."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "the customer asks for a person who answers",
        """
        10:00:00 customer Позовите человека
        10:00:02 bot Зову администратора
        10:00:03 event handoff_requested
        10:02:03 operator Слушаю вас
        """,
        {
            **{"has_handoff": True, "handoff_type": "requested", "outcome": "handoff_handled"},
            **{"ttr_seconds": 2, "ttr_human_seconds": 120, "human_handle_seconds": 120},
            **{"is_resolved": False},
        },
    ),
    scenario(
        "the customer asks for a person who never comes",
        """
        10:00:00 customer Позовите человека
        10:00:02 bot Зову администратора
        10:00:03 event handoff_requested
        """,
        {
            **{"has_handoff": True, "handoff_type": "requested"},
            **{"outcome": "handoff_unanswered", "ttr_human_seconds": None},
            **{"loss_reason": "handoff_unanswered", "human_handle_seconds": None},
        },
    ),
    scenario(
        "the bot gives up and a person answers",
        """
        10:00:00 customer Болит после процедуры
        10:00:02 bot Я не знаю, зову врача
        10:00:03 event handoff_started
        10:01:00 operator Расскажите подробнее
        """,
        {"handoff_type": "bot_failed", "outcome": "handoff_handled", "ttr_human_seconds": 57},
    ),
    scenario(
        "the bot gives up and nobody comes",
        """
        10:00:00 customer Болит после процедуры
        10:00:02 bot Я не знаю, зову врача
        10:00:03 event handoff_started
        """,
        {"handoff_type": "bot_failed", "outcome": "handoff_unanswered"},
    ),
    scenario(
        "a handoff is asked for and then begins",
        """
        10:00:00 customer Позовите человека
        10:00:02 bot Зову администратора
        10:00:03 event handoff_requested
        10:01:00 event handoff_started
        10:02:03 operator Слушаю вас
        """,
        {"handoff_type": "requested", "ttr_human_seconds": 120, "outcome": "handoff_handled"},
    ),
    scenario(
        "a planned handoff by the scenario",
        """
        10:00:00 customer Запишите на пять | scenario=booking_confirm
        10:00:02 bot Администратор подтвердит | scenario=booking_confirm
        10:00:03 event handoff_started
        10:03:03 operator Подтверждаю
        """,
        {"handoff_type": "planned", "outcome": "handoff_handled", "ttr_human_seconds": 180},
    ),
    scenario(
        "a planned handoff by the event's reason",
        """
        10:00:00 customer С меня списали дважды
        10:00:02 bot Передаю администратору
        10:00:03 event handoff_started | reason=planned
        10:03:03 operator Сейчас вернём
        """,
        {"handoff_type": "planned", "outcome": "handoff_handled"},
    ),
    scenario(
        "a customer who asks for a person in a planned scenario",
        """
        10:00:00 customer Запишите на пять | scenario=booking_confirm
        10:00:02 bot Администратор подтвердит | scenario=booking_confirm
        10:00:03 event handoff_requested
        10:03:03 operator Подтверждаю
        """,
        {"handoff_type": "planned"},
    ),
    scenario(
        "a scenario that another business plans is not planned here",
        """
        10:00:00 customer Хочу пробное занятие | scenario=trial
        10:00:02 bot Передаю администратору | scenario=trial
        10:00:03 event handoff_started
        10:03:03 operator Записала
        """,
        {"handoff_type": "bot_failed"},
    ),
    scenario(
        "a planned scenario of its own",
        """
        10:00:00 customer I want a trial lesson | scenario=trial
        10:00:02 bot Let me ask the coach | scenario=trial
        10:00:03 event handoff_started
        10:03:03 operator Come on Monday
        """,
        {"handoff_type": "planned"},
        business="kochi",
    ),
    scenario(
        "a planned scenario that was left before the handoff",
        """
        10:00:00 customer Запишите на пять | scenario=booking_confirm
        10:00:02 bot Записала, что ещё? | scenario=booking_confirm
        10:01:00 customer Больно после процедуры | scenario=complaint
        10:01:02 bot Не знаю | scenario=complaint
        10:01:03 event handoff_started
        10:03:03 operator Расскажите
        """,
        {"handoff_type": "bot_failed"},
    ),
    scenario(
        "an operator takes over without an event",
        """
        10:00:00 customer Запишите на пять
        10:00:02 bot На какой день?
        10:03:00 operator Давайте я помогу
        """,
        {"has_handoff": True, "handoff_type": "took_over", "outcome": "handoff_handled"},
    ),
    scenario(
        "an operator writes and then the bot",
        """
        10:00:00 customer Запишите на пять
        10:00:30 operator Минутку
        10:00:32 bot На какой день?
        """,
        {"ttr_seconds": 30, "ttr_bot_seconds": 32, "handoff_type": "took_over"},
    ),
    scenario(
        "a handoff before any reply that a person answers",
        """
        10:00:00 customer Позовите человека
        10:00:01 event handoff_requested
        10:01:01 operator Слушаю вас
        """,
        {
            **{"ttr_seconds": 61, "ttr_bot_seconds": None, "is_bot_involved": False},
            **{"outcome": "operator_only"},
        },
    ),
    scenario(
        "a handoff before any reply that nobody takes",
        """
        10:00:00 customer Позовите человека
        10:00:01 event handoff_requested
        """,
        {"is_answered": False, "outcome": "operator_only", "loss_reason": "no_answer"},
    ),
    scenario(
        "an operator wrote before the handoff and not after it",
        """
        10:00:00 customer Запишите на пять
        10:00:02 bot На какой день?
        10:01:00 operator Минутку
        10:02:00 customer Вы где
        10:02:02 bot Зову администратора
        10:02:03 event handoff_started
        """,
        {"outcome": "handoff_unanswered", "handoff_type": "bot_failed", "ttr_human_seconds": None},
    ),
    scenario(
        "two handoffs count once",
        """
        10:00:00 customer Позовите человека
        10:00:02 bot Зову администратора
        10:00:03 event handoff_started
        10:01:03 operator Слушаю вас
        10:05:00 event handoff_ended
        10:06:00 customer Позовите ещё раз
        10:06:02 bot Зову администратора
        10:06:03 event handoff_started
        10:08:03 operator Слушаю вас
        """,
        {"has_handoff": True, "ttr_human_seconds": 60, "human_handle_seconds": 180},
    ),
    scenario(
        "a handoff event that comes two seconds before the session begins",
        """
        10:00:00 event handoff_requested
        10:00:02 customer Позовите человека
        10:00:03 bot Зову администратора
        10:01:00 operator Слушаю вас
        """,
        {"has_handoff": True, "handoff_type": "requested"},
    ),
    scenario(
        "a handoff event of a platform's session",
        """
        10:00:00 customer Позовите человека
        10:00:02 bot Зову администратора
        10:00:03 event handoff_requested
        10:01:03 operator Слушаю вас
        """,
        {"has_handoff": True, "handoff_type": "requested", "ttr_human_seconds": 60},
        shared="session=S1",
    ),
    scenario(
        "a handoff event delivered twice",
        """
        10:00:00 customer Позовите человека
        10:00:02 bot Зову администратора
        10:00:03 event handoff_requested | event_id=twice
        10:00:03 event handoff_requested | event_id=twice
        10:00:33 operator Слушаю вас
        """,
        {"has_handoff": True, "ttr_human_seconds": 30},
    ),
    scenario(
        "the customer thanks after a handoff that nobody took",
        """
        10:00:00 customer Позовите человека
        10:00:02 bot Зову администратора
        10:00:03 event handoff_requested
        10:30:00 customer Спасибо
        """,
        {"outcome": "handoff_unanswered"},
    ),
    scenario(
        "a lead does not make a handed over session the bot's goal",
        """
        10:00:00 customer Позовите человека
        10:00:02 bot Зову администратора
        10:00:03 event handoff_requested
        10:01:03 operator Записала вас
        10:02:00 lead L1 | user={user}
        """,
        {"outcome": "handoff_handled", "leads": 1, "is_resolved": False, "loss_reason": None},
    ),
]
