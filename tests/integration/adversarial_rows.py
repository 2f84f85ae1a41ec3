"""Rows of raw that meet each other: the domains of times, ids and identities are small on purpose.

Where an order is not settled by content, or a fact hangs on something nobody thought of, rows like
these show it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st


def key_of(message_id: str, chat_id: str = "") -> str:
    """What the review queue of the salon calls a message."""
    return hashlib.md5(f"salon|generic|{chat_id}|{message_id}".encode()).hexdigest()  # noqa: S324


START = datetime(2026, 3, 2, 10)
MOMENTS = st.sampled_from([0, 1, 2, 60, 3_600, 86_400, 86_401, 180_000, 700_000]).map(
    lambda seconds: START + timedelta(seconds=seconds)
)
# Within the 90 days of a lead's revenue, and past them.
PAYMENTS = st.sampled_from([START, START + timedelta(days=8), START + timedelta(days=95)])
# So few that two versions of one record often bear the same time.
VERSIONS = st.sampled_from([START, START + timedelta(hours=1)])
CHANNELS = st.sampled_from(["telegram", "whatsapp"])
SCENARIOS = st.sampled_from([None, "booking", "question"])
MAYBE = st.sampled_from([None, True, False])


@dataclass(frozen=True)
class Domain:
    """How many people, ids and identities there are: the fewer, the more rows meet in one."""

    users: Sequence[str] = ("anna", "boris")
    chats: Sequence[str | None] = (None, "c1")
    sessions: Sequence[str | None] = (None, None, "s1", "s2")
    messages: Sequence[str] = ("1", "2", "3", "4", "5", "6")
    labelled: Sequence[str] = ("1", "2", "3")
    leads: Sequence[str] = ("1", "2")
    records: Sequence[str] = ("1", "2", "3")
    contacts: Sequence[str | None] = (None, "p1")
    phones: Sequence[str | None] = (None, "+79000000001", "8 900 000-00-01")
    most_messages: int = 14
    # How often a lead leaves out each thing that could find its person, for one time it does not.
    lead_silence: int = 1


# Everybody meets everybody.
DENSE = Domain()
# Some meet, by one thing at a time.
SPARSE = Domain(
    users=("anna", "boris", "vera", "gleb", "dina", "egor", "zoya", "ilya"),
    chats=(None, None, "c1", "c2", "c3"),
    sessions=(*[None] * 5, "s1", "s2", "s3", "s4"),
    messages=[str(number) for number in range(40)],
    labelled=[str(number) for number in range(0, 40, 3)],
    leads=("1", "2", "3", "4", "5"),
    records=("1", "2", "3", "4", "5"),
    contacts=(*[None] * 3, "p1", "p2", "p3"),
    phones=(*[None] * 6, "+79000000001", "8 900 000-00-01", "+79000000002", "+79000000003"),
    most_messages=40,
    lead_silence=6,
)


def _rows_of(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields)


def raw_rows(domain: Domain) -> st.SearchStrategy[dict[str, list[dict[str, Any]]]]:
    """Rows of every stream that the models read."""
    return st.fixed_dictionaries(_chat_streams(domain) | _crm_streams(domain))


def _chat_streams(domain: Domain) -> dict[str, st.SearchStrategy[Any]]:
    sessions = st.sampled_from(domain.sessions)
    users = st.sampled_from(domain.users)
    return {
        "messages": st.lists(
            _rows_of(
                message_id=st.sampled_from(domain.messages),
                channel=CHANNELS,
                chat_id=st.sampled_from(domain.chats),
                session_id=sessions,
                user_id=users,
                sent_at=MOMENTS,
                sequence=st.sampled_from([None, 1, 2]),
                sender=st.sampled_from(["customer", "customer", "bot", "operator", "system"]),
                kind=st.sampled_from(["text", "text", "media", "service"]),
                body=st.sampled_from([None, "спасибо", "Какой день?", "1500 ₽", "spam"]),
                intent=st.sampled_from([None, "book", "price"]),
                intent_confidence=st.sampled_from([None, 0.4, 0.9]),
                is_fallback=MAYBE,
                intent_correct=MAYBE,
                scenario=SCENARIOS,
                bot_version=st.sampled_from([None, "1", "2"]),
                experiment=st.sampled_from([None, None, "greeting", "price"]),
                variant=st.sampled_from([None, "A", "B"]),
                is_broadcast=MAYBE,
                is_ack=MAYBE,
                operator_id=st.sampled_from([None, "olga", "pavel"]),
                phone=st.sampled_from(domain.phones),
                email=st.sampled_from([*[None] * 7, "A@example.com"]),
            ),
            min_size=domain.most_messages // 4,
            max_size=domain.most_messages,
        ),
        "session_events": st.lists(
            _rows_of(
                event_id=st.sampled_from(domain.records),
                session_id=sessions,
                channel=CHANNELS,
                user_id=users,
                event=st.sampled_from(
                    [
                        *("handoff_requested", "handoff_started", "handoff_ended"),
                        *("closed", "reopened", "exposed"),
                    ]
                ),
                reason=st.sampled_from([None, "price", "planned", "greeting"]),
                value=st.sampled_from([None, "A", "B"]),
                event_at=MOMENTS,
            ),
            max_size=4,
        ),
        "ratings": st.lists(
            _rows_of(
                rating_id=st.sampled_from(domain.records),
                session_id=sessions,
                user_id=users,
                lead_id=st.sampled_from([None, *domain.leads[:-1]]),
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
                message_id=st.sampled_from(
                    [*domain.labelled, *map(key_of, domain.labelled), key_of("2", "c1")]
                ),
                true_intent=st.sampled_from(["book", "out_of_scope"]),
                labeller=st.sampled_from(["a", "b"]),
                labelled_at=VERSIONS,
                selection_probability=st.sampled_from([None, 0.3, 0.7]),
            ),
            max_size=5,
        ),
    }


def _crm_streams(domain: Domain) -> dict[str, st.SearchStrategy[Any]]:
    sessions = st.sampled_from(domain.sessions)
    silence = [None] * domain.lead_silence
    return {
        "leads": st.lists(
            _rows_of(
                lead_id=st.sampled_from(domain.leads),
                created_at=MOMENTS,
                modified_at=VERSIONS,
                status=st.sampled_from(["NEW", "WON"]),
                status_semantic=st.sampled_from([None, "open", "won"]),
                amount=st.sampled_from([None, 0.1, 0.2, 1000.0]),
                session_id=st.sampled_from([*silence, *domain.sessions]),
                chat_reference=st.sampled_from([*silence, "c2", "imol|telegram|1|c1|anna"]),
                channel=st.sampled_from([None, "telegram"]),
                email=st.sampled_from([*silence, "a@example.com"]),
                user_id=st.sampled_from([*silence, domain.users[0]]),
                phone=st.sampled_from(domain.phones),
                contact_id=st.sampled_from(domain.contacts),
                merged_into=st.sampled_from([None, None, *domain.leads]),
                is_deleted=MAYBE,
            ),
            min_size=2,
            max_size=8,
        ),
        "deals": st.lists(
            _rows_of(
                deal_id=st.sampled_from(domain.records),
                lead_id=st.sampled_from([None, *domain.leads]),
                contact_id=st.sampled_from(domain.contacts),
                created_at=MOMENTS,
                modified_at=VERSIONS,
                stage=st.sampled_from(["NEW", "WON"]),
                paid_amount=st.sampled_from([None, 0.1, 0.7]),
                currency=st.sampled_from([None, "RUB", "RUB", "EUR"]),
                paid_at=PAYMENTS,
            ),
            max_size=4,
        ),
        "stage_history": st.lists(
            _rows_of(
                entity=st.sampled_from(["lead", "deal"]),
                entity_id=st.sampled_from([*domain.leads, *domain.records]),
                stage=st.sampled_from(["NEW", "WON"]),
                stage_semantic=st.sampled_from(["open", "won"]),
                entered_at=MOMENTS,
            ),
            max_size=4,
        ),
        "costs": st.lists(
            _rows_of(
                cost_date=MOMENTS.map(datetime.date),
                item=st.sampled_from(["bot", "setup"]),
                amount=st.sampled_from([0.1, 100.0]),
                currency=st.sampled_from(["RUB", "EUR"]),
            ),
            max_size=3,
        ),
        "bookings": st.lists(
            _rows_of(
                booking_id=st.sampled_from(domain.records),
                lead_id=st.sampled_from([None, *domain.leads[:-1]]),
                deal_id=st.sampled_from([None, None, *domain.records]),
                contact_id=st.sampled_from(domain.contacts),
                session_id=sessions,
                starts_at=MOMENTS,
                created_at=MOMENTS,
                status=st.sampled_from(["booked", "arrived", "no_show", "cancelled"]),
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
            "operator_hourly_cost": 300.0,
            "bot_monthly_cost": 3000.0,
            "margin_share": 0.5,
            "baseline_from": START.date(),
            "baseline_to": START.date() + timedelta(days=1),
            "has_opening_hours": True,
        }
    ],
    # From the first moments on, with the end of a day between those that follow.
    "business_opening_hours": [
        {"business_id": "salon", "weekday": 1, "opens_at": "09:00", "closes_at": "13:30"},
        {"business_id": "salon", "weekday": 2, "opens_at": "13:00", "closes_at": "24:00"},
    ],
    "business_holidays": [{"business_id": "salon", "holiday": "ru"}],
    "business_values": [
        {"business_id": "salon", "setting": "spam_patterns", "value": "spam"},
        {"business_id": "salon", "setting": "planned_handoff_scenarios", "value": "booking"},
    ],
    "refresh_context": [{"as_of": datetime(2026, 3, 12)}],
}
