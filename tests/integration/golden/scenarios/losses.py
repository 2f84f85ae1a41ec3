"""Why a session without a lead gave none: the first rule that holds."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "a person answers late and the customer is gone",
        """
        11:00:00 customer Сколько стоит стрижка
        11:20:00 operator Расскажу по телефону
        """,
        {"loss_reason": "slow_answer", "is_answered_in_target": False},
        day="2026-09-16",
    ),
    scenario(
        "a person answers late and the customer goes on",
        """
        11:00:00 customer Как вас найти
        11:20:00 operator Мы на Арбате
        11:21:00 customer Приду
        11:22:00 operator Ждём
        """,
        {"loss_reason": "other", "is_answered_in_target": False},
        day="2026-09-17",
    ),
    scenario(
        "the bot answers late and the customer is gone",
        """
        11:00:00 customer Как вас найти
        11:00:20 bot Мы на Арбате
        """,
        {"loss_reason": "slow_answer"},
        day="2026-09-21",
    ),
    scenario(
        "nobody answers out of hours",
        """
        22:00:00 customer Как вас найти
        """,
        {"loss_reason": "no_answer"},
        day="2026-09-21",
    ),
    scenario(
        "an answer in the morning to a question of the night",
        """
        22:30:00 customer Как вас найти
        day+1 10:05:00 operator Мы на Арбате
        day+1 10:06:00 customer Приду
        day+1 10:07:00 operator Ждём
        """,
        {"loss_reason": "out_of_hours"},
        day="2026-09-22",
    ),
    scenario(
        "the bot does not understand and there is no lead",
        """
        11:00:00 customer Бу бу бу | intent=nlu_fallback
        11:00:02 bot Не понимаю
        """,
        {"loss_reason": "not_understood", "no_match_messages": 1},
        day="2026-09-23",
    ),
    scenario(
        "the bot does not understand and there is a lead",
        """
        11:00:00 customer Бу бу бу | intent=nlu_fallback
        11:00:02 bot Не понимаю
        11:05:00 lead L1 | user={user}
        """,
        {"loss_reason": None, "outcome": "bot_goal"},
        day="2026-09-24",
    ),
    scenario(
        "the bot does not understand and then asks",
        """
        11:00:00 customer Бу бу бу | intent=nlu_fallback
        11:00:02 bot Не понимаю. Вы хотите записаться?
        """,
        {"loss_reason": "not_understood", "outcome": "abandoned"},
        day="2026-09-25",
    ),
    scenario(
        "the bot asks and gets no answer",
        """
        11:00:00 customer Хочу записаться | intent=booking confidence=0.9
        11:00:02 bot На какой день?
        """,
        {"loss_reason": "stuck_at_question"},
        day="2026-09-28",
    ),
    scenario(
        "the last answer names a price",
        """
        11:00:00 customer Сколько стоит стрижка | intent=prices confidence=0.9
        11:00:02 bot Стрижка стоит 1500 ₽
        """,
        {"loss_reason": "price"},
        day="2026-09-29",
    ),
    scenario(
        "the last answer names a price in words and the customer thanks",
        """
        11:00:00 customer Сколько стоит стрижка
        11:00:02 bot От 1500 рублей
        11:01:00 customer Спасибо
        """,
        {"loss_reason": "price", "outcome": "bot_confirmed"},
        day="2026-09-30",
    ),
    scenario(
        "a person's last answer names a price",
        """
        11:00:00 customer Сколько стоит стрижка
        11:00:50 operator 1500 руб.
        """,
        {"loss_reason": "price"},
        day="2026-10-01",
    ),
    scenario(
        "a price in a question is a question",
        """
        11:00:00 customer Сколько стоит стрижка
        11:00:02 bot Стрижка 1500 ₽. Записать вас?
        """,
        {"loss_reason": "stuck_at_question"},
        day="2026-10-02",
    ),
    scenario(
        "a price that was named before the last answer",
        """
        11:00:00 customer Сколько стоит стрижка
        11:00:02 bot Стрижка стоит 1500 ₽
        11:01:00 customer Как вас найти
        11:01:02 bot Мы на Арбате
        """,
        {"loss_reason": "other"},
        day="2026-10-05",
    ),
    scenario(
        "a number that is no price",
        """
        11:00:00 customer Где вы
        11:00:02 bot Арбат, дом 15, офис 204
        """,
        {"loss_reason": "other"},
        day="2026-10-06",
    ),
    scenario(
        "a price in euros",
        """
        09:00:00 customer How much is a cleaning
        09:00:02 bot It is 80 €
        """,
        {"loss_reason": "price"},
        business="havel",
        day="2026-10-06",
    ),
    scenario(
        "a handoff nobody took and a price",
        """
        11:00:00 customer Сколько стоит стрижка
        11:00:02 bot Стрижка 1500 ₽, зову администратора
        11:00:03 event handoff_requested
        """,
        {"loss_reason": "handoff_unanswered"},
        day="2026-10-07",
    ),
    scenario(
        "an answer out of hours is not slow while the doors are closed",
        """
        22:40:00 customer Как вас найти
        22:55:00 operator Мы на Арбате
        """,
        {"loss_reason": "out_of_hours", "is_answered_in_target": True},
        day="2026-10-07",
    ),
    scenario(
        "a lead that bears nothing but the session on another channel",
        """
        11:30:00 customer Хочу на стрижку | user=A phone=A
        11:30:02 bot Записываю | user=A
        12:00:00 customer Хочу на стрижку | user=B phone=A channel=whatsapp session=S1
        12:00:02 bot Записываю | user=B channel=whatsapp session=S1
        12:05:00 lead L1 | session=S1
        """,
        {"loss_reason": "other"},
        {"loss_reason": None, "leads": 1},
        day="2026-10-08",
    ),
    scenario(
        "the person became a lead through another channel",
        """
        11:00:00 customer Хочу на стрижку | user=A phone=A
        11:00:02 bot Записываю | user=A
        day+2 11:00:00 customer Хочу на стрижку | user=B phone=A channel=whatsapp
        day+2 11:00:02 bot Записываю | user=B channel=whatsapp
        day+2 11:05:00 lead L1 | phone=A
        """,
        {"loss_reason": "wrong_channel"},
        {"loss_reason": None, "leads": 1},
        day="2026-10-08",
    ),
    scenario(
        "the person became a lead through another channel after the window",
        """
        11:00:00 customer Как вас найти | user=A phone=A
        11:00:02 bot Мы на Арбате | user=A
        day+9 11:00:00 customer Хочу на стрижку | user=B phone=A channel=whatsapp
        day+9 11:00:02 bot Записываю | user=B channel=whatsapp
        day+9 11:05:00 lead L1 | phone=A
        """,
        {"loss_reason": "other"},
        {"loss_reason": None, "leads": 1},
        day="2026-09-18",
    ),
]
