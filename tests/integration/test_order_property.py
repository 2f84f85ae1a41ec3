"""However rows are ordered, repeated and cut into deliveries, the marts are the same.

Small domains on purpose: times, sequences and ids that meet each other are where an order that is
not settled by content would show.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.models_in_memory import Models, compile_models, marts, with_origin

START = datetime(2026, 3, 2, 10)
MOMENTS = st.sampled_from([0, 1, 2, 60, 3_600, 86_400, 86_401, 180_000, 700_000]).map(
    lambda seconds: START + timedelta(seconds=seconds)
)
# So few that two versions of one record often bear the same time.
VERSIONS = st.sampled_from([START, START + timedelta(hours=1)])
USERS = st.sampled_from(["anna", "boris"])
CHANNELS = st.sampled_from(["telegram", "whatsapp"])
SESSIONS = st.sampled_from([None, None, "s1", "s2"])
PHONES = st.sampled_from([None, "+79000000001", "8 900 000-00-01"])
IDS = st.sampled_from(["1", "2", "3"])
SCENARIOS = st.sampled_from([None, "booking", "question"])
MAYBE = st.sampled_from([None, True, False])


def rows_of(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields)


RAW = st.fixed_dictionaries(
    {
        "messages": st.lists(
            rows_of(
                message_id=st.sampled_from("123456"),
                channel=CHANNELS,
                chat_id=st.sampled_from([None, "c1"]),
                session_id=SESSIONS,
                user_id=USERS,
                sent_at=MOMENTS,
                sequence=st.sampled_from([None, 1, 2]),
                sender=st.sampled_from(["customer", "customer", "bot", "operator", "system"]),
                kind=st.sampled_from(["text", "text", "media", "service"]),
                body=st.sampled_from([None, "спасибо", "Какой день?", "стрижка", "spam"]),
                intent=st.sampled_from([None, "book", "price"]),
                intent_confidence=st.sampled_from([None, 0.4, 0.9]),
                is_fallback=MAYBE,
                intent_correct=MAYBE,
                scenario=SCENARIOS,
                bot_version=st.sampled_from([None, "1", "2"]),
                is_broadcast=MAYBE,
                is_ack=MAYBE,
                phone=PHONES,
            ),
            min_size=3,
            max_size=14,
        ),
        "session_events": st.lists(
            rows_of(
                event_id=IDS,
                session_id=SESSIONS,
                channel=CHANNELS,
                user_id=USERS,
                event=st.sampled_from(
                    ["handoff_requested", "handoff_started", "handoff_ended", "closed", "reopened"]
                ),
                event_at=MOMENTS,
            ),
            max_size=4,
        ),
        "ratings": st.lists(
            rows_of(
                rating_id=IDS,
                session_id=SESSIONS,
                user_id=USERS,
                lead_id=st.sampled_from([None, "1"]),
                survey=st.sampled_from(["chat", "visit"]),
                metric=st.sampled_from(["csat", "nps"]),
                score=st.sampled_from([1.0, 5.0, 9.0]),
                scale_max=st.sampled_from([5.0, 10.0]),
                rated_at=VERSIONS,
            ),
            max_size=4,
        ),
        "intent_labels": st.lists(
            rows_of(
                message_id=IDS,
                true_intent=st.sampled_from(["book", "out_of_scope"]),
                labeller=st.sampled_from(["a", "b"]),
                labelled_at=VERSIONS,
                selection_probability=st.sampled_from([None, 0.3, 0.7]),
            ),
            max_size=5,
        ),
        "leads": st.lists(
            rows_of(
                lead_id=st.sampled_from(["1", "2"]),
                created_at=MOMENTS,
                modified_at=VERSIONS,
                status=st.sampled_from(["NEW", "WON"]),
                amount=st.sampled_from([None, 0.1, 0.2, 1000.0]),
                session_id=SESSIONS,
                chat_reference=st.sampled_from([None, "imol|telegram|1|c1|anna"]),
                user_id=st.sampled_from([None, "anna"]),
                phone=PHONES,
                merged_into=st.sampled_from([None, None, "1", "2"]),
                is_deleted=MAYBE,
            ),
            min_size=2,
            max_size=8,
        ),
        "deals": st.lists(
            rows_of(
                deal_id=IDS,
                lead_id=st.sampled_from(["1", "2"]),
                created_at=MOMENTS,
                modified_at=VERSIONS,
                stage=st.sampled_from(["NEW", "WON"]),
                paid_amount=st.sampled_from([None, 0.1, 0.7]),
                paid_at=MOMENTS,
            ),
            max_size=4,
        ),
        "bookings": st.lists(
            rows_of(
                booking_id=IDS,
                lead_id=st.sampled_from([None, "1"]),
                session_id=SESSIONS,
                starts_at=MOMENTS,
                created_at=MOMENTS,
                status=st.sampled_from(["booked", "arrived", "no_show"]),
                modified_at=VERSIONS,
            ),
            max_size=4,
        ),
    }
)

KEYS = {
    "fct_sessions": "business_id, session_id",
    "fct_turns": "business_id, turn_id",
    "fct_leads": "business_id, system, lead_id",
}
SETTINGS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "businesses": [
        {
            "business_id": "salon",
            "name": "Salon",
            "timezone": "Europe/Moscow",
            "currency": "RUB",
            "session_gap_minutes": 1440,
            "lead_window_days": 7,
            "intent_threshold": 0.5,
            "has_opening_hours": False,
        }
    ],
    "business_values": [
        {"business_id": "salon", "setting": "spam_patterns", "value": "spam"},
        {"business_id": "salon", "setting": "planned_handoff_scenarios", "value": "booking"},
    ],
    "refresh_context": [{"as_of": datetime(2026, 3, 12)}],
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAREHOUSE_PATH", str(folder / "compiled.duckdb"))
        return compile_models(folder)


@settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(raw=RAW, seed=st.integers(0, 10**6))
def test_the_marts_are_the_same_in_any_order_of_arrival(
    models: Models, raw: dict[str, list[dict[str, Any]]], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    told: dict[str, Any] = dict(SETTINGS)
    shuffled: dict[str, Any] = dict(SETTINGS)
    for stream, rows in raw.items():
        again = [*rows, *chance.sample(rows, len(rows) // 2)]
        chance.shuffle(again)
        told[stream] = [with_origin(stream, row, line) for line, row in enumerate(rows)]
        shuffled[stream] = [
            with_origin(stream, row, line)
            | {"loaded_at": START + timedelta(seconds=chance.randrange(10**6))}
            for line, row in enumerate(again)
        ]
    with models.build(told) as first, models.build(shuffled) as second:
        assert marts(first) == marts(second)
        for mart, key in KEYS.items():
            keys = second.execute(f"select {key} from marts.{mart}").fetchall()
            assert len(set(keys)) == len(keys)
