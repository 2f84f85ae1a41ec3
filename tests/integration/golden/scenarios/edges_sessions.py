"""Harder cases of sessions, clocks and handoffs, each of which a simple rule would get wrong."""

from tests.integration.golden.scenario import scenario

SCENARIOS = [
    scenario(
        "a return exactly a day later",
        """
        10:00:00 customer Вы работаете в субботу | session=S1
        10:00:02 bot Да, с 11 до 18 | session=S1
        +24h customer А парковка есть | session=S2
        +2s bot Есть | session=S2
        """,
        {"returned_within_24h": True, "is_resolved": False},
        {"returned_within_24h": False},
    ),
    scenario(
        "a return exactly three days later",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        +72h customer А парковка есть
        +2s bot Есть
        """,
        {"returned_within_24h": False, "returned_within_72h": True, "is_resolved": False},
        {},
    ),
    scenario(
        "a return a second after three days",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        +72h1s customer А парковка есть
        +2s bot Есть
        """,
        {"returned_within_72h": False, "returned_within_168h": True, "is_resolved": True},
        {},
    ),
    scenario(
        "a return of which the first word is small talk",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        day+2 10:00:00 customer Здравствуйте
        day+2 10:00:20 customer А парковка есть
        day+2 10:00:22 bot Есть
        """,
        {"returned_within_72h": True, "is_resolved": False},
        {"is_returning_person": True},
    ),
    scenario(
        "a number of the platform that is smaller and yet later by the clock",
        """
        10:00:00 customer Хочу на стрижку | sequence=5
        10:00:02 bot Добро пожаловать | sequence=4
        10:00:07 bot Записываю | sequence=6
        """,
        {"is_answered": True},
    ),
    scenario(
        "a broadcast answered after a lead was made",
        """
        10:00:00 bot Скидки! | broadcast
        11:00:00 lead L1 | user={user}
        12:00:00 customer Запишите меня
        12:00:02 bot Записываю
        """,
        {"session_kind": "broadcast_replied", "leads": 0},
        leads={"L1": {"unmatched_reason": "no_session_in_window"}},
    ),
    scenario(
        "a return by answering a broadcast",
        """
        10:00:00 customer Вы работаете в субботу
        10:00:02 bot Да, с 11 до 18
        day+2 10:00:00 bot Скидки! | broadcast
        day+2 11:00:00 customer Запишите меня
        day+2 11:00:02 bot Записываю
        """,
        {"returned_within_72h": True},
        {"session_kind": "broadcast_replied", "ttr_seconds": 2},
    ),
    scenario(
        "a day after a broadcast with no gap between",
        """
        10:00:00 bot Скидки! | broadcast
        +24h customer Запишите меня
        +2s bot Записываю
        """,
        {"session_kind": "broadcast_replied", "messages": 3},
    ),
    scenario(
        "a broadcast exactly at the gap stays with the conversation",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        +24h bot Скидки! | broadcast
        """,
        {"session_kind": "inbound", "messages": 3},
    ),
    scenario(
        "a tester answers a broadcast",
        """
        14:00:00 bot Скидки! | broadcast
        15:00:00 customer Тест
        """,
        {"session_kind": "test", "is_qualified": False},
        shared="user=tester channel=vk",
    ),
    scenario(
        "spam in the second message",
        """
        10:00:00 customer Здравствуйте, можно вопрос
        10:00:02 bot Слушаю
        10:01:00 customer Лучшее казино города
        """,
        {"session_kind": "spam"},
    ),
    scenario(
        "two people in one session of the platform",
        """
        10:00:00 customer Хочу на стрижку | user=A
        10:00:02 bot Записываю | user=A
        10:05:00 customer И меня | user=B
        10:05:02 bot Записываю обоих | user=B
        """,
        {"customer_messages": 2, "messages": 4},
        shared="session=S1",
    ),
    scenario(
        "the bot leaves without a word and a person asks the last question",
        """
        10:00:00 customer Хочу на стрижку
        10:00:02 bot Записываю
        10:05:00 operator На какой день?
        """,
        {"outcome": "handoff_handled"},
    ),
    scenario(
        "a wait over the night the clocks go forward",
        """
        00:00:00 customer Is somebody there | session=S1
        23:59:00 operator Yes | session=S1
        """,
        {"ttr_human_seconds": 82_740, "ttr_human_business_seconds": 82_740},
        business="havel",
        day="2026-03-29",
    ),
    scenario(
        "a person's target counts the seconds of open doors",
        """
        19:58:00 customer Есть окно
        day+1 10:02:59 operator Есть
        """,
        {"ttr_human_business_seconds": 299, "is_answered_in_target": True},
        day="2026-09-02",
    ),
    scenario(
        "a person misses the target by a second of open doors",
        """
        19:58:00 customer Есть окно
        day+1 10:03:01 operator Есть
        """,
        {"ttr_human_business_seconds": 301, "is_answered_in_target": False},
        day="2026-09-03",
    ),
]
