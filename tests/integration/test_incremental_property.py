"""However a history arrives, each refresh of the touched leaves the marts of a full rebuild.

A history comes in steps: rows arrive, twice or late, files lose them again, business.yml changes
and time goes on. After each step the marts are compared with those of a warehouse that was built
from what lies in raw, cell by cell.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.scope import Scope
from tests.integration.adversarial_rows import SETTINGS, SPARSE, START, key_of, raw_rows
from tests.integration.models_in_memory import (
    Models,
    compile_models,
    insert,
    marts,
    with_origin,
)

STEPS = 4
# Before, between and after the rows' own times, so that some are known only later.
AS_OF = [
    START + timedelta(hours=2),
    START + timedelta(hours=2),
    START + timedelta(days=3),
    START + timedelta(days=9),
    START + timedelta(days=9, minutes=1),
    START + timedelta(days=30),
    # Ninety days after some leads were created, and after all of them.
    START + timedelta(days=90),
    START + timedelta(days=100),
]
OTHER_SETTINGS: Sequence[Mapping[str, Any]] = [
    {"session_gap_minutes": 60},
    {"lead_window_days": 1},
    {"intent_threshold": None},
    {"timezone": "Asia/Vladivostok"},
    {"has_opening_hours": False},
    {"currency": "EUR"},
    {"margin_share": None},
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Models]:
    with pytest.MonkeyPatch.context() as patch:
        # A handful of rows is always a large part of all.
        patch.setattr("orchestration.scope.MOST_TOUCHED", float("inf"))
        yield compile_models(tmp_path_factory.mktemp("models"))


def history(
    raw: Mapping[str, Sequence[Mapping[str, Any]]], chance: random.Random
) -> list[list[tuple[str, str, dict[str, Any]]]]:
    """What happens in each step: rows (by stream) that `arrive` or `depart`."""
    steps: list[list[tuple[str, str, dict[str, Any]]]] = [[] for _ in range(STEPS)]
    for stream, rows in raw.items():
        deliveries = [*rows, *chance.sample(list(rows), len(rows) // 3)]
        for line, row in enumerate(deliveries):
            arrival = chance.randrange(STEPS)
            told = with_origin(stream, row, line) | {
                "business_id": "salon" if chance.random() < 0.8 else "clinic",
                "source_file": f"{stream}-{line}",
                "loaded_at": loaded_at(arrival),
            }
            steps[arrival].append(("arrive", stream, told))
            if chance.random() < 0.25 and arrival + 1 < STEPS:
                steps[chance.randrange(arrival + 1, STEPS)].append(("depart", stream, told))
    return steps


def loaded_at(step: int) -> datetime:
    return datetime(2026, 3, 20) + timedelta(hours=step)


def take_step(
    connection: duckdb.DuckDBPyConnection,
    step: int,
    events: Sequence[tuple[str, str, dict[str, Any]]],
) -> None:
    for what, stream, row in events:
        if what == "arrive":
            insert(connection, f"raw.{stream}", [row])
            insert(connection, "raw.loaded_files", [entry(stream, row)])
        else:
            leaving = f"from raw.{stream} where source_file = '{row['source_file']}'"
            connection.execute(f"insert into refresh.departed_{stream} {leaving}")
            connection.execute(f"delete {leaving}")
            connection.execute(
                f"delete from raw.loaded_files where source_file = '{row['source_file']}'"
            )
    insert(connection, "raw.loaded_files", [{"loaded_at": loaded_at(step)}])


def entry(stream: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The ledger's row of a file that holds one row."""
    origin = {name: row[name] for name in ("business_id", "system", "source_file", "loaded_at")}
    counts = {"rows_read": 1, "rows_loaded": 1, "rows_duplicate": 0, "rows_rejected": 0}
    return {"stream": stream, **origin, **counts}


def tell_settings(
    connection: duckdb.DuckDBPyConnection, own: Mapping[str, Any], as_of: datetime
) -> None:
    for table, rows in SETTINGS.items():
        connection.execute(f"delete from raw.{table}")
        insert(connection, f"raw.{table}", rows)
        if table == "businesses":
            insert(connection, "raw.businesses", [{**rows[0], "business_id": "clinic"}])
    for key, value in own.items():
        connection.execute(
            f"update raw.businesses set {key} = ? where business_id = 'salon'", [value]
        )
    connection.execute("update raw.refresh_context set as_of = ?", [as_of])


def rebuilt(models: Models, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    tables = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'raw'"
    ).fetchall()
    with models.open() as fresh:
        for (table,) in tables:
            rows = connection.execute(f"from raw.{table}")
            names = [name for name, *_ in rows.description or ()]
            insert(
                fresh,
                f"raw.{table}",
                [dict(zip(names, row, strict=True)) for row in rows.fetchall()],
            )
        for statement in models.everything:
            fresh.execute(statement)
        return marts(fresh)


@settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=raw_rows(SPARSE), seed=st.integers(0, 10**6))
def test_each_refresh_of_the_touched_gives_the_marts_of_a_full_rebuild(
    models: Models, raw: dict[str, list[dict[str, Any]]], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    moments = sorted(chance.choices(AS_OF, k=STEPS))
    own: dict[str, Any] = {}
    with models.open() as connection:
        for step, events in enumerate(history(raw, chance)):
            take_step(connection, step, events)
            if chance.random() < 0.3:
                own = own | chance.choice(OTHER_SETTINGS)
            tell_settings(connection, own, moments[step])
            scope = models.refresh(connection)
            assert (scope is Scope.EVERYTHING) == (step == 0)
            assert marts(connection) == rebuilt(models, connection), f"after step {step}"


def said(number: int, user: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    return "messages", {
        "message_id": f"m{number}",
        "channel": "telegram",
        "user_id": user,
        "sent_at": START,
        "sender": "customer",
        "kind": "text",
        **fields,
    }


def lead(number: int, **fields: Any) -> tuple[str, dict[str, Any]]:
    hour = START + timedelta(hours=1)
    record = {"lead_id": f"l{number}", "created_at": hour, "modified_at": hour, "status": "NEW"}
    return "leads", {**record, **fields}


def rating(**fields: Any) -> tuple[str, dict[str, Any]]:
    score = {"survey": "chat", "metric": "csat", "score": 5.0, "scale_max": 5.0}
    return "ratings", {"rating_id": "r1", "rated_at": START + timedelta(hours=2), **score, **fields}


DEAL = {"deal_id": "d1", "created_at": START, "modified_at": START, "stage": "WON"}
LABEL = {"message_id": "m1", "true_intent": "book", "labeller": "a", "labelled_at": START}
BOOKING = {"booking_id": "b1", "status": "arrived", "starts_at": START, "modified_at": START}
# What anna had said before, and what comes later, which is about her and not about boris.
LATER: Mapping[str, tuple[Mapping[str, Any], Sequence[tuple[str, dict[str, Any]]]]] = {
    "a phone": ({"phone": "+79000000001"}, [lead(1, phone="8 (900) 000-00-01")]),
    "an e-mail": ({"email": "A@example.com"}, [lead(1, email="a@example.com ")]),
    "a chat": ({"chat_id": "c1"}, [lead(1, chat_reference="c1")]),
    "a chat of the CRM": ({"chat_id": "5"}, [lead(1, chat_reference="imol|telegram|1|5|9")]),
    "a user of the CRM": ({}, [lead(1, chat_reference="imol|telegram|1|5|anna")]),
    "a user": ({}, [lead(1, user_id="anna")]),
    "a session": ({"session_id": "s1"}, [lead(1, session_id="s1")]),
    "a label": ({"intent": "book"}, [("intent_labels", LABEL)]),
    "a label by key": (
        {"intent": "book", "chat_id": "c1"},
        [("intent_labels", LABEL | {"message_id": key_of("m1", "c1")})],
    ),
    "an edit": ({}, [said(1, "anna", body="спасибо", sent_at=START + timedelta(hours=1))]),
    "an edit by another": ({}, [said(1, "vera", sent_at=START + timedelta(hours=1))]),
    "a rating": ({}, [rating(user_id="anna")]),
    "a rating of a session": ({"session_id": "s1"}, [rating(session_id="s1")]),
    "a booking": ({"session_id": "s1"}, [("bookings", {**BOOKING, "session_id": "s1"})]),
}


def touched(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {
        user
        for (user,) in connection.execute("select user_id from refresh.touched_users").fetchall()
    }


def arrive(
    connection: duckdb.DuckDBPyConnection, step: int, rows: Sequence[tuple[str, dict[str, Any]]]
) -> None:
    told = [
        ("arrive", stream, with_origin(stream, row, line) | {"loaded_at": loaded_at(step)})
        for line, (stream, row) in enumerate(rows)
    ]
    take_step(connection, step, told)


@pytest.mark.parametrize("name", LATER)
def test_what_comes_later_touches_whom_it_is_about_and_nobody_else(
    models: Models, name: str
) -> None:
    fields, later = LATER[name]
    with models.open() as connection:
        tell_settings(connection, {}, AS_OF[-1])
        arrive(connection, 0, [said(1, "anna", **fields), said(2, "boris", phone="+79000000002")])
        models.refresh(connection)
        arrive(connection, 1, later)
        assert models.refresh(connection) is Scope.TOUCHED
        assert "anna" in touched(connection)
        assert "boris" not in touched(connection)
        assert marts(connection) == rebuilt(models, connection)


def test_links_are_followed_through_leads_and_what_was_known_only_by_name(models: Models) -> None:
    """A merge joins two leads' people, and a deal's booking finds its lead's person."""
    with models.open() as connection:
        tell_settings(connection, {}, AS_OF[-1])
        people = [said(1, "anna", phone="+79000000001"), said(2, "boris", phone="+79000000002")]
        leads = [lead(1, phone="+79000000001"), lead(2, phone="+79000000002")]
        arrive(
            connection, 0, [*people, said(3, "vera"), *leads, ("deals", {**DEAL, "lead_id": "l1"})]
        )
        models.refresh(connection)
        arrive(connection, 1, [("bookings", {**BOOKING, "deal_id": "d1"})])
        models.refresh(connection)
        assert touched(connection) == {"anna"}
        assert marts(connection) == rebuilt(models, connection)
        arrive(connection, 2, [rating(lead_id="l2")])
        models.refresh(connection)
        assert touched(connection) == {"boris"}
        assert marts(connection) == rebuilt(models, connection)
        merged = leads[1][1] | {"merged_into": "l1", "modified_at": START + timedelta(hours=3)}
        arrive(connection, 3, [("leads", merged)])
        models.refresh(connection)
        assert touched(connection) == {"anna", "boris"}
        assert marts(connection) == rebuilt(models, connection)
        arrive(connection, 4, [said(4, "anna", sent_at=START + timedelta(days=3))])
        models.refresh(connection)
        assert touched(connection) == {"anna", "boris"}
        assert marts(connection) == rebuilt(models, connection)


def test_a_visit_and_a_payment_of_a_contact_move_between_its_leads(models: Models) -> None:
    """What names a contact alone is of its last lead by then, whichever lead comes when."""
    two_hours = START + timedelta(hours=2)
    with models.open() as connection:
        tell_settings(connection, {}, AS_OF[-1])
        people = [said(1, "anna", phone="+79000000001"), said(2, "boris", phone="+79000000002")]
        others = [said(3, "vera", phone="+79000000003"), lead(3, phone="+79000000003")]
        first = lead(1, phone="+79000000001", contact_id="p1")
        arrive(connection, 0, [*people, *others, first])
        models.refresh(connection)
        visit = {**BOOKING, "contact_id": "p1", "created_at": two_hours}
        paid = {"paid_amount": 900.0, "paid_at": two_hours, "created_at": two_hours}
        arrive(
            connection, 1, [("bookings", visit), ("deals", {**DEAL, **paid, "contact_id": "p1"})]
        )
        models.refresh(connection)
        assert touched(connection) == {"anna"}
        assert revenues(connection) == {"l1": 900, "l3": 0}
        assert marts(connection) == rebuilt(models, connection)
        later = {"phone": "+79000000002", "contact_id": "p1", "created_at": two_hours}
        arrive(connection, 2, [lead(2, **later)])
        models.refresh(connection)
        assert touched(connection) == {"anna", "boris"}
        assert revenues(connection) == {"l1": 0, "l2": 900, "l3": 0}
        assert marts(connection) == rebuilt(models, connection)


def test_a_lead_is_computed_anew_when_a_visit_is_due_and_when_its_revenue_is_final(
    models: Models,
) -> None:
    matures = "select is_revenue_mature, no_show_bookings from marts.fct_leads where lead_id = 'l1'"
    visit = {**BOOKING, "status": "no_show", "starts_at": START + timedelta(days=20)}
    with models.open() as connection:
        arrive(connection, 0, [lead(1, created_at=START), ("bookings", {**visit, "lead_id": "l1"})])
        for days, scope, expected in [
            (19, Scope.EVERYTHING, (False, 0)),
            (20, Scope.TOUCHED, (False, 1)),
            (90, Scope.TOUCHED, (True, 1)),
        ]:
            tell_settings(connection, {}, START + timedelta(days=days))
            assert models.refresh(connection) is scope
            assert connection.execute(matures).fetchall() == [expected]
            assert marts(connection) == rebuilt(models, connection)


def test_a_cost_and_a_cost_that_left_are_counted_and_touch_nobody(models: Models) -> None:
    costs = "select sum(amount) from marts.fct_costs"
    spent = {"cost_date": START.date(), "item": "bot", "amount": 100.0, "currency": "RUB"}
    later = START + timedelta(days=9)
    row = with_origin("costs", spent, 1) | {"loaded_at": loaded_at(1), "source_file": "costs-1"}
    planned = spent | {"cost_date": (later + timedelta(days=1)).date(), "amount": 30.0}
    with models.open() as connection:
        tell_settings(connection, {}, later)
        arrive(connection, 0, [said(1, "anna"), lead(1, user_id="anna"), ("costs", planned)])
        models.refresh(connection)
        for step, event, as_of, expected in [
            (1, [("arrive", "costs", row)], later, 100),
            (2, [], later + timedelta(days=1), 130),
            (3, [("depart", "costs", row)], later + timedelta(days=1), 30),
        ]:
            tell_settings(connection, {}, as_of)
            take_step(connection, step, event)
            assert models.refresh(connection) is Scope.TOUCHED
            assert touched(connection) == set()
            assert connection.execute(costs).fetchall() == [(expected,)]
            assert marts(connection) == rebuilt(models, connection)


def revenues(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    query = "select lead_id, revenue_amount from marts.fct_leads"
    return dict(connection.execute(query).fetchall())


def test_two_who_share_a_message_are_touched_together(models: Models) -> None:
    """One by a number that was labelled, one by a message that both were named for."""
    with models.open() as connection:
        tell_settings(connection, {}, AS_OF[-1])
        first = [said(1, "anna", chat_id="c1", intent="book"), said(2, "boris"), said(3, "vera")]
        arrive(connection, 0, [*first, ("intent_labels", LABEL)])
        models.refresh(connection)
        # The label does not say in which chat.
        arrive(connection, 1, [said(1, "boris", chat_id="c2", intent="price")])
        models.refresh(connection)
        assert touched(connection) == {"anna", "boris"}
        assert marts(connection) == rebuilt(models, connection)
        arrive(connection, 2, [said(3, "gleb", sent_at=START + timedelta(hours=1))])
        models.refresh(connection)
        assert touched(connection) == {"vera", "gleb"}
        assert marts(connection) == rebuilt(models, connection)
        # Of the message that is gleb's now vera was once told to be the sender.
        arrive(connection, 3, [said(5, "vera", sent_at=START + timedelta(hours=2))])
        models.refresh(connection)
        assert touched(connection) == {"vera", "gleb"}
        assert marts(connection) == rebuilt(models, connection)


def test_a_label_by_key_that_comes_before_its_message_changes_its_mind_or_leaves(
    models: Models,
) -> None:
    """The key is found in the marts of the last build, or with the message that bears it."""
    verdicts = "select message_key, true_intent, labellers from marts.fct_predictions order by all"
    label = LABEL | {"message_id": key_of("m1")}
    other = label | {"true_intent": "price", "labelled_at": START + timedelta(hours=1)}
    with models.open() as connection:
        tell_settings(connection, {}, AS_OF[-1])
        arrive(connection, 0, [said(2, "boris", intent="book"), ("intent_labels", label)])
        models.refresh(connection)
        arrive(connection, 1, [said(1, "anna", intent="book")])
        assert models.refresh(connection) is Scope.TOUCHED
        assert (key_of("m1"), "book", 1) in connection.execute(verdicts).fetchall()
        arrive(connection, 2, [("intent_labels", other)])
        assert models.refresh(connection) is Scope.TOUCHED
        assert touched(connection) == {"anna"}
        assert (key_of("m1"), "price", 1) in connection.execute(verdicts).fetchall()
        assert marts(connection) == rebuilt(models, connection)
        gone = with_origin("intent_labels", other, 0) | {"source_file": "intent_labels.jsonl"}
        take_step(connection, 3, [("depart", "intent_labels", gone)])
        models.refresh(connection)
        assert touched(connection) == {"anna"}
        assert (key_of("m1"), None, 0) in connection.execute(verdicts).fetchall()
        assert marts(connection) == rebuilt(models, connection)


def test_the_queue_shows_the_last_words_of_a_message_until_it_is_ninety_days_old(
    models: Models,
) -> None:
    words = "select message_words from marts.rpt_review_queue"
    # In Moscow, where the business is, the ninetieth day ends at nine in the evening.
    last_moment = datetime(2026, 5, 31, 20, 59)
    a_month_later = START + timedelta(days=30)
    with models.open() as connection:
        tell_settings(connection, {}, a_month_later)
        arrive(connection, 0, [said(1, "anna", intent="book", body="стрижка"), said(2, "boris")])
        models.refresh(connection)
        assert connection.execute(words).fetchall() == [("стрижка",)]
        edit = said(1, "anna", intent="book", body="укладка", sent_at=START + timedelta(hours=1))
        arrive(connection, 1, [edit])
        for as_of, expected in (
            (a_month_later, [("укладка",)]),
            (last_moment, [("укладка",)]),
            (last_moment + timedelta(minutes=1), []),
        ):
            tell_settings(connection, {}, as_of)
            assert models.refresh(connection) is Scope.TOUCHED
            assert connection.execute(words).fetchall() == expected
            assert marts(connection) == rebuilt(models, connection)


def test_late_data_that_join_two_sessions_leave_the_others_their_ids(models: Models) -> None:
    sessions = "select user_id, name from intermediate.int_users_linked where kind = 'session'"
    with models.open() as connection:
        tell_settings(connection, {}, AS_OF[-1])
        evening, next_day = START + timedelta(hours=20), START + timedelta(hours=30)
        arrive(
            connection, 0, [said(1, "anna"), said(2, "anna", sent_at=next_day), said(3, "boris")]
        )
        models.refresh(connection)
        before = set(connection.execute(sessions).fetchall())
        arrive(connection, 1, [said(4, "anna", sent_at=evening)])
        models.refresh(connection)
        after = set(connection.execute(sessions).fetchall())
        assert len(before) == 3
        assert len(after) == 2
        assert after < before
        assert marts(connection) == rebuilt(models, connection)
