"""Where one session ends and the next begins."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "a gap exactly at the limit goes on",
        """
        10:00:00 customer Хочу на стрижку
        10:00:03 bot Записываю
        +24h customer А можно с мытьём
        +3s bot Можно
        """,
        {"messages": 4, "ttr_seconds": 3},
    ),
    scenario(
        "a gap a second over the limit parts",
        """
        10:01:00 customer Хочу на стрижку
        10:01:03 bot Записываю
        +24h1s customer А можно с мытьём
        +3s bot Можно
        """,
        {"messages": 2, "returned_within_24h": False, "returned_within_72h": True},
        {"messages": 2, "returned_within_168h": False},
    ),
    scenario(
        "a gap exactly at a limit of its own goes on",
        """
        09:00:00 customer I need an appointment
        09:00:03 bot Which day suits you?
        +60m customer Friday
        +2s bot Booked
        """,
        {"messages": 4, "outcome": "bot_assumed"},
        business="havel",
    ),
    scenario(
        "a gap over a limit of its own parts",
        """
        09:10:00 customer I need an appointment
        09:10:03 bot Which day suits you?
        +60m1s customer Friday
        +2s bot Booked
        """,
        {"outcome": "abandoned", "returned_within_24h": True, "is_resolved": False},
        {"outcome": "bot_assumed", "is_resolved": True},
        business="havel",
    ),
    scenario(
        "three days of silence do not part where the business waits as long",
        """
        10:30:00 customer I want to train
        10:30:05 bot When?
        +72h customer On Mondays
        +5s bot Fine
        """,
        {"messages": 4},
        business="kochi",
    ),
    scenario(
        "the gap is counted from the last message of either side",
        """
        10:02:00 customer Хочу на стрижку
        day+1 09:00:00 operator Извините за ожидание
        day+2 08:00:00 customer Ничего
        day+2 08:10:00 operator Записала вас на среду
        """,
        {"messages": 4, "ttr_seconds": 82_680},
    ),
    scenario(
        "an operator who writes after the gap goes on with the last session",
        """
        10:03:00 customer Хочу на стрижку
        10:03:04 bot Записываю
        +50h operator Напоминаю о записи
        """,
        {"messages": 3, "handoff_type": "took_over", "operator_messages": 1},
    ),
    scenario(
        "the bot that writes after the gap goes on and the customer's answer too",
        """
        10:04:00 customer Хочу на стрижку
        10:04:04 bot Записываю
        +50h bot Ждём вас завтра
        +1h customer Приду точно
        +2s bot Отлично
        """,
        {"messages": 5, "ttr_seconds": 4},
    ),
    scenario(
        "an explicit close parts",
        """
        10:05:00 customer Хочу на стрижку
        10:05:03 bot Записываю
        10:10:00 event closed
        10:20:00 customer И ещё вопрос про парковку
        10:20:04 bot Парковка во дворе
        """,
        {"messages": 2, "returned_within_24h": True, "is_resolved": False},
        {"messages": 2, "is_resolved": True, "ttr_seconds": 4},
    ),
    scenario(
        "an operator's line after the close stays with what was closed",
        """
        10:06:00 customer Хочу на стрижку
        10:06:30 operator Записала
        10:10:00 event closed
        10:15:00 operator Не забудьте карту
        10:20:00 customer А где она лежит
        10:21:00 operator На почте
        """,
        {"messages": 3, "operator_messages": 2},
        {"messages": 2, "ttr_seconds": 60},
    ),
    scenario(
        "a close with nothing after it changes nothing",
        """
        10:07:00 customer Хочу на стрижку
        10:07:03 bot Записываю
        10:30:00 event closed
        """,
        {"messages": 2, "outcome": "bot_assumed", "returned_within_168h": False},
    ),
    scenario(
        "the platform's session id rules over the gap",
        """
        10:08:00 customer Хочу на стрижку
        10:08:03 bot Записываю
        +49h customer Приду с подругой
        +2s bot Хорошо
        """,
        {"messages": 4},
        shared="session=S1",
    ),
    scenario(
        "the platform's session id parts within the gap",
        """
        10:09:00 customer Хочу на стрижку | session=S1
        10:09:03 bot Записываю | session=S1
        10:19:00 customer И на маникюр | session=S2
        10:19:09 bot Записываю | session=S2
        """,
        {"messages": 2, "ttr_seconds": 3, "returned_within_24h": True, "is_resolved": False},
        {"messages": 2, "ttr_seconds": 9, "returned_within_24h": False, "is_resolved": True},
    ),
    scenario(
        "a session that begins on one channel and ends on another",
        """
        10:11:00 customer Хочу на стрижку | channel=web user=A
        10:11:03 bot Записываю | channel=web user=A
        10:15:00 operator Подтверждаю | channel=whatsapp user=A
        """,
        {"messages": 3, "channel": "web", "handoff_type": "took_over"},
        shared="session=S1",
    ),
    scenario(
        "the same person writes to two channels without session ids",
        """
        10:12:00 customer Хочу на стрижку | channel=telegram
        10:12:03 bot Записываю | channel=telegram
        10:13:00 customer Хочу на стрижку | channel=vk
        10:13:05 bot Записываю | channel=vk
        """,
        {"channel": "telegram", "ttr_seconds": 3},
        {"channel": "vk", "ttr_seconds": 5},
    ),
    scenario(
        "messages that come out of order",
        """
        10:14:30 bot Записываю на пять
        10:14:20 customer На пять вечера
        10:14:03 bot На какое время?
        10:14:00 customer Хочу на стрижку
        """,
        {"ttr_seconds": 3, "messages": 4, "outcome": "bot_assumed"},
    ),
    scenario(
        "every message is delivered twice",
        """
        10:16:00 customer Хочу на стрижку | id=1
        10:16:04 bot Записываю | id=2
        10:16:00 customer Хочу на стрижку | id=1
        10:16:04 bot Записываю | id=2
        """,
        {"messages": 2, "customer_messages": 1, "ttr_seconds": 4},
    ),
    scenario(
        "one id in two chats is two messages",
        """
        10:17:00 customer Хочу на стрижку | id=1 chat=A
        10:17:04 bot Записываю | id=2 chat=A
        10:18:00 customer И на маникюр | id=1 chat=B
        10:18:04 bot Записываю | id=2 chat=B
        """,
        {"messages": 4, "customer_messages": 2, "ttr_seconds": 4},
    ),
    scenario(
        "an edited message keeps its time and takes the last text",
        """
        10:20:00 customer Сколько стоит стрижка | id=1
        10:20:04 bot Стрижка 1500 | id=2
        10:50:00 bot На какой день вас записать? | id=2
        """,
        {"messages": 2, "ttr_seconds": 4, "outcome": "abandoned"},
    ),
    scenario(
        "an edit that is delivered before what it edits",
        """
        10:51:00 customer Спасибо | id=3
        10:22:04 bot Стрижка 1500 | id=2
        10:22:00 customer Сколько стоит стрижка | id=1
        10:23:00 customer Спс | id=3
        """,
        {"messages": 3, "outcome": "bot_confirmed"},
    ),
    scenario(
        "an edit does not keep a session open",
        """
        10:24:00 customer Сколько стоит стрижка | id=1
        10:24:04 bot Стрижка 1500 | id=2
        day+1 10:00:00 bot Стрижка 1600 | id=2
        day+1 11:00:00 customer А борода | id=3
        day+1 11:00:05 bot Борода 700 | id=4
        """,
        {"messages": 2},
        {"messages": 2, "ttr_seconds": 5},
    ),
    scenario(
        "a typing mark does not keep a session open",
        """
        10:26:00 customer Сколько стоит стрижка
        10:26:04 bot Стрижка 1500
        day+1 09:00:00 system печатает | service
        day+1 11:26:00 customer А борода
        day+1 11:26:06 bot Борода 700
        """,
        {"messages": 3, "bot_messages": 1},
        {"messages": 2, "ttr_seconds": 6},
    ),
]
