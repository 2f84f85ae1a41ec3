"""The three invented businesses: who they are and how their days tend to go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orchestration.demo.dialogues import Scenario
from orchestration.demo.dialogues_clinic import CLINIC_SCENARIOS
from orchestration.demo.dialogues_salon import SALON_SCENARIOS
from orchestration.demo.dialogues_trainer import TRAINER_SCENARIOS
from orchestration.demo.truth import MatchMethod

Plot = Literal[
    "silence",
    "greeting_only",
    "operator_answers",
    "left_at_question",
    "left_unanswered",
    "bot_informs",
    "bot_confirms",
    "bot_books",
    "asks_for_person",
    "bot_gives_up",
    "planned_handoff",
    "operator_steps_in",
]


@dataclass(frozen=True)
class Service:
    """Something that is sold, with its price in roubles."""

    name: str
    price: int


@dataclass(frozen=True)
class Business:
    """One tenant: its settings (`business.yml`) and the odds its stories are drawn from.

    Weights need not sum to one. `opens` and `closes` are whole hours of the local clock; weekdays
    count from 0 (Monday).
    `labelled_share` is the chance that a message is labelled, `doubtful_share` that of a message
    the bot was unsure of. `lead_links` are the ways a lead is tied to its conversation.
    """

    business_id: str
    name: str
    timezone: str
    gives_session_ids: bool
    usual_sessions: int
    channels: Mapping[str, float]
    scenarios: tuple[Scenario, ...]
    services: tuple[Service, ...]
    masters: tuple[str, ...]
    operators: tuple[str, ...]
    opens: int
    closes: int
    closed_weekdays: frozenset[int]
    plots: Mapping[Plot, float]
    accuracy: tuple[float, float]
    out_of_scope_intent: str
    fallback_intent: str | None
    intent_threshold: float | None
    log_flags_correct: bool
    labelled_share: float
    doubtful_share: float
    lead_links: Mapping[MatchMethod | None, float]
    no_show_share: float
    surveys_visits: bool
    costs: Mapping[str, float]
    setup_cost: float
    settings: Mapping[str, object] = field(default_factory=dict)
    has_greeting_test: bool = False


_EVERY_DAY = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

SALON = Business(
    business_id="salon_lime",
    name="Салон красоты «Лайм»",
    timezone="Europe/Moscow",
    gives_session_ids=True,
    usual_sessions=1900,
    channels={"telegram": 0.45, "whatsapp": 0.35, "instagram": 0.2},
    scenarios=SALON_SCENARIOS,
    services=(
        Service("женскую стрижку", 2400),
        Service("мужскую стрижку", 1600),
        Service("окрашивание", 5900),
        Service("маникюр", 2100),
        Service("укладку", 1900),
        Service("оформление бровей", 1200),
    ),
    masters=("Ольге", "Марине", "Светлане", "Артуру"),
    operators=("op-17", "op-21", "op-34"),
    opens=10,
    closes=21,
    closed_weekdays=frozenset(),
    plots={
        "silence": 6,
        "greeting_only": 3,
        "operator_answers": 3,
        "left_at_question": 13,
        "left_unanswered": 3,
        "bot_informs": 17,
        "bot_confirms": 19,
        "bot_books": 23,
        "asks_for_person": 2,
        "bot_gives_up": 1.5,
        "planned_handoff": 1.3,
        "operator_steps_in": 0.9,
    },
    accuracy=(0.89, 0.93),
    out_of_scope_intent="out_of_scope",
    fallback_intent=None,
    intent_threshold=None,
    log_flags_correct=False,
    labelled_share=0.25,
    doubtful_share=0.25,
    lead_links={"session_id": 0.88, "phone": 0.06, "user_id": 0.04, "email": 0.02},
    no_show_share=0.08,
    surveys_visits=True,
    costs={"bot": 9000, "channel": 4200, "model": 2600, "operator": 64000},
    setup_cost=45000,
    has_greeting_test=True,
    settings={
        "name": "Салон красоты «Лайм»",
        "timezone": "Europe/Moscow",
        "opening_hours": {day: ["10:00-21:00"] for day in _EVERY_DAY},
        "holidays": ["ru"],
        "targets": {"intent_accuracy": 0.88, "handoff_rate": 0.1, "csat_visit_mean": 4.2},
        "planned_handoff_scenarios": ["wedding_style"],
        "staff_user_ids": ["9900999001"],
        "test_user_ids": ["9900999002"],
        "spam_patterns": ["казино онлайн", "раскрутка аккаунта"],
        "operator_hourly_cost": 350,
        "bot_monthly_cost": 9000,
        "margin_share": 0.45,
    },
)

CLINIC = Business(
    business_id="clinic_neva",
    name="Клиника «Нева»",
    timezone="Europe/Moscow",
    gives_session_ids=True,
    usual_sessions=1700,
    channels={"whatsapp": 0.5, "telegram": 0.35, "web": 0.15},
    scenarios=CLINIC_SCENARIOS,
    services=(
        Service("приём терапевта", 2300),
        Service("приём стоматолога", 2700),
        Service("УЗИ", 2900),
        Service("анализ крови", 1100),
        Service("приём кардиолога", 3200),
        Service("профессиональную чистку зубов", 4500),
    ),
    masters=("Соколовой", "Лебедеву", "Ким", "Орловой"),
    operators=("reg-1", "reg-2", "reg-3", "reg-4"),
    opens=8,
    closes=20,
    closed_weekdays=frozenset({6}),
    plots={
        "silence": 9,
        "greeting_only": 2,
        "operator_answers": 5,
        "left_at_question": 15,
        "left_unanswered": 5,
        "bot_informs": 17,
        "bot_confirms": 14,
        "bot_books": 16,
        "asks_for_person": 4.6,
        "bot_gives_up": 3.6,
        "planned_handoff": 3.4,
        "operator_steps_in": 1.2,
    },
    accuracy=(0.84, 0.88),
    out_of_scope_intent="other",
    fallback_intent="not_understood",
    intent_threshold=None,
    log_flags_correct=False,
    labelled_share=0.15,
    doubtful_share=0.6,
    lead_links={
        "session_id": 0.5,
        "chat_reference": 0.28,
        "phone": 0.15,
        "email": 0.05,
        None: 0.02,
    },
    no_show_share=0.12,
    surveys_visits=True,
    costs={"bot": 14000, "channel": 6100, "model": 5200, "operator": 142000},
    setup_cost=120000,
    settings={
        "name": "Клиника «Нева»",
        "timezone": "Europe/Moscow",
        "opening_hours": {
            **{day: ["08:00-20:00"] for day in _EVERY_DAY[:5]},
            "saturday": ["09:00-13:00", "14:00-18:00"],
        },
        "holidays": ["ru"],
        "dayparts": {
            "morning": "06:00-12:00",
            "afternoon": "12:00-18:00",
            "evening": "18:00-22:00",
            "night": "22:00-06:00",
        },
        "targets": {"intent_accuracy": 0.85, "handoff_rate": 0.1, "no_show_rate": 0.1},
        "fallback_intents": ["not_understood"],
        "out_of_scope_intents": ["other"],
        "planned_handoff_scenarios": ["payment_dispute"],
        "staff_user_ids": ["79000009901"],
        "test_user_ids": ["79000009902"],
        "spam_patterns": ["кредит без справок"],
        "operator_hourly_cost": 420,
        "bot_monthly_cost": 14000,
        "margin_share": 0.35,
    },
)

TRAINER = Business(
    business_id="trainer_baltic",
    name="Тренер Балтика",
    timezone="Europe/Helsinki",
    gives_session_ids=False,
    usual_sessions=1500,
    channels={"telegram": 0.5, "instagram": 0.3, "whatsapp": 0.2},
    scenarios=TRAINER_SCENARIOS,
    services=(
        Service("пробную тренировку", 900),
        Service("персональную тренировку", 2800),
        Service("блок из 8 тренировок", 19600),
        Service("онлайн-программу", 6500),
    ),
    masters=("Илье",),
    operators=("coach",),
    opens=8,
    closes=21,
    closed_weekdays=frozenset(),
    plots={
        "silence": 7,
        "greeting_only": 3,
        "operator_answers": 17,
        "left_at_question": 12,
        "left_unanswered": 4,
        "bot_informs": 15,
        "bot_confirms": 14,
        "bot_books": 17,
        "asks_for_person": 3,
        "bot_gives_up": 2.2,
        "planned_handoff": 1.4,
        "operator_steps_in": 1.4,
    },
    accuracy=(0.85, 0.88),
    out_of_scope_intent="out_of_scope",
    fallback_intent=None,
    intent_threshold=0.5,
    log_flags_correct=True,
    labelled_share=0.0,
    doubtful_share=0.0,
    lead_links={"user_id": 0.6, "phone": 0.32, "email": 0.08},
    no_show_share=0.1,
    surveys_visits=False,
    costs={"bot": 4500, "channel": 1500, "model": 900},
    setup_cost=20000,
    settings={
        "name": "Тренер Балтика",
        "timezone": "Europe/Helsinki",
        "session_gap_minutes": 1440,
        "opening_hours": {day: ["08:00-21:00"] for day in _EVERY_DAY},
        "targets": {"handoff_rate": 0.1},
        "intent_threshold": 0.5,
        "planned_handoff_scenarios": ["injury"],
        "staff_user_ids": ["9900999101"],
        "test_user_ids": ["9900999102"],
        "spam_patterns": ["пассивный доход"],
        "operator_hourly_cost": 900,
        "bot_monthly_cost": 4500,
        "margin_share": 0.7,
    },
)

BUSINESSES = (SALON, CLINIC, TRAINER)
