"""Rows of raw that meet each other: the domains of times, ids and identities are small on purpose.

Where an order is not settled by content, or a fact hangs on something nobody thought of, rows like
these show it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

START = datetime(2026, 3, 2, 10)
MOMENTS = st.sampled_from([0, 1, 2, 60, 3_600, 86_400, 86_401, 180_000, 700_000]).map(
    lambda seconds: START + timedelta(seconds=seconds)
)
# So few that two versions of one record often bear the same time.
VERSIONS = st.sampled_from([START, START + timedelta(hours=1)])
CHANNELS = st.sampled_from(["telegram", "whatsapp"])
SESSIONS = st.sampled_from([None, None, "s1", "s2"])
PHONES = st.sampled_from([None, "+79000000001", "8 900 000-00-01"])
IDS = st.sampled_from(["1", "2", "3"])
SCENARIOS = st.sampled_from([None, "booking", "question"])
MAYBE = st.sampled_from([None, True, False])


def _rows_of(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields)


def raw_rows(users: Sequence[str]) -> st.SearchStrategy[dict[str, list[dict[str, Any]]]]:
    """Rows of every stream that the models read, about so many people."""
    return st.fixed_dictionaries(_streams(st.sampled_from(list(users))))


def _streams(users: st.SearchStrategy[str]) -> dict[str, st.SearchStrategy[Any]]:
    return {
        "messages": st.lists(
            _rows_of(
                message_id=st.sampled_from("123456"),
                channel=CHANNELS,
                chat_id=st.sampled_from([None, "c1"]),
                session_id=SESSIONS,
                user_id=users,
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
            _rows_of(
                event_id=IDS,
                session_id=SESSIONS,
                channel=CHANNELS,
                user_id=users,
                event=st.sampled_from(
                    ["handoff_requested", "handoff_started", "handoff_ended", "closed", "reopened"]
                ),
                event_at=MOMENTS,
            ),
            max_size=4,
        ),
        "ratings": st.lists(
            _rows_of(
                rating_id=IDS,
                session_id=SESSIONS,
                user_id=users,
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
            _rows_of(
                message_id=IDS,
                true_intent=st.sampled_from(["book", "out_of_scope"]),
                labeller=st.sampled_from(["a", "b"]),
                labelled_at=VERSIONS,
                selection_probability=st.sampled_from([None, 0.3, 0.7]),
            ),
            max_size=5,
        ),
        "leads": st.lists(
            _rows_of(
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
            _rows_of(
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
            _rows_of(
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
