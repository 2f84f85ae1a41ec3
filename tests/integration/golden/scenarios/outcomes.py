"""How a session ended: exactly one outcome for each that is in the numbers."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "a greeting alone",
        """
        10:00:00 customer Здравствуйте!
        10:00:02 bot Здравствуйте! Чем помочь?
        """,
        {"outcome": "unengaged", "is_qualified": True, "is_resolved": False},
    ),
    scenario(
        "the start button of a messenger alone",
        """
        10:00:00 customer /start
        10:00:02 bot Здравствуйте! Чем помочь?
        """,
        {"outcome": "unengaged"},
    ),
    scenario(
        "emoji alone",
        """
        10:00:00 customer 👍👍
        10:00:02 bot Чем помочь?
        """,
        {"outcome": "unengaged"},
    ),
    scenario(
        "a greeting and thanks",
        """
        10:00:00 customer Добрый день
        10:00:02 bot Здравствуйте! Чем помочь?
        10:05:00 customer Спасибо 🙏
        """,
        {"outcome": "unengaged"},
    ),
    scenario(
        "a greeting that nobody answers",
        """
        10:00:00 customer Привет
        """,
        {"outcome": "unengaged", "is_answered": False},
    ),
    scenario(
        "a greeting and a question",
        """
        10:00:00 customer Добрый день
        10:00:02 bot Здравствуйте! Чем помочь?
        10:01:00 customer Вы работаете в субботу
        10:01:02 bot Да, с 11 до 18
        """,
        {"outcome": "bot_assumed", "is_resolved": True},
    ),
    scenario(
        "thanks after the bot's answer",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        10:01:00 customer Спасибо!
        """,
        {"outcome": "bot_confirmed", "is_resolved": True},
    ),
    scenario(
        "a yes after the bot's question",
        """
        10:00:00 customer Запишите меня на пять
        10:00:02 bot Завтра в пять, верно?
        10:01:00 customer Да.
        """,
        {"outcome": "bot_confirmed"},
    ),
    scenario(
        "the bot answers the thanks",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        10:01:00 customer Спасибо!
        10:01:01 bot Пожалуйста, ждём вас
        """,
        {"outcome": "bot_assumed", "is_resolved": True},
    ),
    scenario(
        "a good rating of the chat confirms",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        10:30:00 rating chat csat 4/5
        """,
        {"outcome": "bot_confirmed", "csat_chat": 4},
    ),
    scenario(
        "a middling rating of the chat does not confirm",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        10:30:00 rating chat csat 3/5
        """,
        {"outcome": "bot_assumed", "csat_chat": 3},
    ),
    scenario(
        "a promoter confirms",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        10:30:00 rating chat nps 9/10
        """,
        {"outcome": "bot_confirmed", "nps_score": 9},
    ),
    scenario(
        "a good rating after the bot's question confirms",
        """
        10:00:00 customer Запишите меня на пять
        10:00:02 bot Что-нибудь ещё?
        10:30:00 rating chat csat 5/5
        """,
        {"outcome": "bot_confirmed"},
    ),
    scenario(
        "the bot's question is the last word",
        """
        10:00:00 customer Запишите меня
        10:00:02 bot На какой день?
        """,
        {"outcome": "abandoned", "loss_reason": "stuck_at_question", "is_resolved": False},
    ),
    scenario(
        "the bot's question with an emoji is the last word",
        """
        10:00:00 customer Запишите меня
        10:00:02 bot На какой день вас записать? 😊
        """,
        {"outcome": "abandoned"},
    ),
    scenario(
        "a question in brackets is the last word",
        """
        10:00:00 customer Запишите меня
        10:00:02 bot (На какой день вас записать?)
        """,
        {"outcome": "abandoned"},
    ),
    scenario(
        "a question in the middle of the bot's last word is no question",
        """
        10:00:00 customer Запишите меня
        10:00:02 bot Вы в первый раз? Тогда скидка ваша.
        """,
        {"outcome": "bot_assumed"},
    ),
    scenario(
        "a customer's last message that nobody answers",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        10:01:00 customer А парковка есть
        """,
        {"outcome": "abandoned", "is_answered": True, "is_resolved": False},
    ),
    scenario(
        "a lead without a person's help",
        """
        10:00:00 customer Запишите меня на пять
        10:00:02 bot Записала
        10:05:00 lead L1 | user={user}
        """,
        {"outcome": "bot_goal", "leads": 1, "is_converted": True, "is_resolved": True},
    ),
    scenario(
        "a lead goes before thanks",
        """
        10:00:00 customer Запишите меня на пять
        10:00:02 bot Записала
        10:01:00 customer Спасибо
        10:05:00 lead L1 | user={user}
        """,
        {"outcome": "bot_goal"},
    ),
    scenario(
        "a booking of the session without a lead",
        """
        10:00:00 customer Запишите меня на пять
        10:00:02 bot Записала
        10:05:00 booking B1 | session=S1 starts="day+3 17:00"
        """,
        {"outcome": "bot_goal", "leads": 0, "is_converted": False},
        shared="session=S1",
    ),
    scenario(
        "a greeting with a lead stays a greeting",
        """
        10:00:00 customer Привет
        10:00:02 bot Здравствуйте!
        10:05:00 lead L1 | user={user}
        """,
        {"outcome": "unengaged", "leads": 1, "is_converted": True},
    ),
    scenario(
        "reopened on the next day with only thanks",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        10:10:00 event closed
        day+1 09:00:00 customer Спасибо большое!
        """,
        {"outcome": "bot_assumed", "is_resolved": True, "returned_within_24h": False},
        {"outcome": "unengaged"},
    ),
    scenario(
        "reopened after the gap with only thanks",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        day+1 12:00:00 customer Спасибо
        day+1 12:00:02 bot Пожалуйста
        """,
        {"outcome": "bot_assumed", "is_resolved": True, "returned_within_72h": False},
        {"outcome": "unengaged", "is_resolved": False},
    ),
    scenario(
        "reopened within the gap with only thanks",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        day+1 09:00:00 customer Спасибо
        """,
        {"outcome": "bot_confirmed", "messages": 3},
    ),
    scenario(
        "reopened on the next day with a new question",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        10:10:00 event closed
        day+1 09:00:00 customer Спасибо, а парковка есть
        day+1 09:00:02 bot Есть
        """,
        {"outcome": "bot_assumed", "is_resolved": False, "returned_within_24h": True},
        {"outcome": "bot_assumed", "is_resolved": True},
    ),
]
