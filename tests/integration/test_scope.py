"""What a refresh computes: nothing, the touched or everything, and never too little."""

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.config import PROJECT_DIR
from orchestration.loading.tables import create_raw_tables
from orchestration.scope import TOUCHING_STREAMS, Scope, _code_files, begin_build, end_build
from orchestration.streams import STREAMS

AS_OF = datetime(2026, 3, 10, 12)
LOADED_AT = datetime(2026, 3, 10, 13)
SAID_AT = datetime(2026, 3, 9, 9)
MESSAGES = 20


def put_message(
    connection: duckdb.DuckDBPyConnection, number: int, loaded_at: datetime, sent_at: datetime
) -> None:
    connection.execute(
        "insert into raw.messages (business_id, system, channel, message_id, user_id, sender, "
        "sent_at, source_file, loaded_at) "
        "values ('salon', 'generic', 'web', ?, 'anna', 'customer', ?, 'a.csv', ?)",
        [str(number), sent_at, loaded_at],
    )


@pytest.fixture
def built() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse whose last build ended well: a business, twenty messages, a final session."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        create_raw_tables(connection)
        connection.execute(
            "insert into raw.businesses (business_id, timezone) values ('salon', 'Europe/Moscow')"
        )
        connection.execute("insert into raw.refresh_context values (?)", [AS_OF])
        connection.execute("insert into raw.loaded_files (loaded_at) values (?)", [LOADED_AT])
        for number in range(MESSAGES):
            put_message(connection, number, LOADED_AT, SAID_AT)
        connection.execute("create schema marts")
        connection.execute("create table marts.fct_sessions (changes_at timestamp)")
        connection.execute("insert into marts.fct_sessions values (null)")
        connection.execute("create table marts.fct_leads (changes_at timestamp)")
        connection.execute("insert into marts.fct_leads values (null)")
        assert begin_build(connection) is Scope.EVERYTHING
        end_build(connection)
        yield connection


def look_from(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    connection.execute("update raw.refresh_context set as_of = ?", [as_of])


def number_of(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f"select number from refresh.{table}").fetchall()[0][0])


def test_nothing_is_computed_where_nothing_changed(built: duckdb.DuckDBPyConnection) -> None:
    assert begin_build(built) is Scope.NOTHING
    look_from(built, AS_OF + timedelta(hours=1))
    assert begin_build(built) is Scope.NOTHING
    assert number_of(built, "scope") == number_of(built, "built")


def test_a_new_row_a_departed_row_and_a_row_that_becomes_known_touch_somebody(
    built: duckdb.DuckDBPyConnection,
) -> None:
    first = number_of(built, "built")
    future = AS_OF + timedelta(hours=1)
    put_message(built, 100, LOADED_AT + timedelta(minutes=1), future)
    assert begin_build(built) is Scope.TOUCHED
    built.execute("insert into raw.loaded_files (loaded_at) values (?)", [datetime(2026, 3, 11)])
    end_build(built)
    assert begin_build(built) is Scope.NOTHING
    look_from(built, future)
    assert begin_build(built) is Scope.TOUCHED
    end_build(built)
    built.execute("insert into refresh.departed_leads (business_id) values ('salon')")
    assert begin_build(built) is Scope.TOUCHED
    end_build(built)
    assert begin_build(built) is Scope.NOTHING
    assert number_of(built, "built") == first + 3


def test_a_file_that_comes_or_goes_without_a_row_is_reported_too(
    built: duckdb.DuckDBPyConnection,
) -> None:
    built.execute(
        "insert into raw.loaded_files (source_file, rows_rejected, loaded_at) values (?, 9, ?)",
        ["bad.csv", LOADED_AT + timedelta(minutes=1)],
    )
    assert begin_build(built) is Scope.TOUCHED
    end_build(built)
    assert begin_build(built) is Scope.NOTHING
    built.execute("delete from raw.loaded_files where source_file = 'bad.csv'")
    assert begin_build(built) is Scope.TOUCHED


def test_a_build_that_began_and_did_not_end_is_followed_by_one_of_everything(
    built: duckdb.DuckDBPyConnection,
) -> None:
    put_message(built, 100, LOADED_AT + timedelta(minutes=1), SAID_AT)
    assert begin_build(built) is Scope.TOUCHED
    assert begin_build(built) is Scope.EVERYTHING


def test_no_build_bears_the_number_of_another_whatever_was_lost(
    built: duckdb.DuckDBPyConnection,
) -> None:
    first = number_of(built, "built")
    # As a run of dbt by hand leaves it.
    built.execute("drop table refresh.built")
    assert begin_build(built) is Scope.EVERYTHING
    assert number_of(built, "scope") == first + 1
    # Of a warehouse made anew nothing is left but the time, which is later than any number given.
    built.execute("drop table refresh.built; drop table refresh.scope")
    begin_build(built)
    assert abs(number_of(built, "scope") - time.time()) < 3600


def test_much_that_changed_and_a_look_from_an_earlier_time_mean_everything(
    built: duckdb.DuckDBPyConnection,
) -> None:
    look_from(built, AS_OF - timedelta(seconds=1))
    assert begin_build(built) is Scope.EVERYTHING
    end_build(built)
    for number in range(100, 100 + MESSAGES):
        put_message(built, number, LOADED_AT + timedelta(minutes=1), SAID_AT)
    assert begin_build(built) is Scope.EVERYTHING


def test_another_text_of_a_model_means_everything(
    built: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.scope._code", lambda: "another")
    assert begin_build(built) is Scope.EVERYTHING


def test_the_text_of_a_statistic_is_code_and_what_python_makes_of_it_is_not() -> None:
    names = {path.name for path in _code_files()}
    assert {"exact.py", "comparisons.sql", "rpt_experiments.sql", "kpis.csv"} <= names
    assert not [name for name in names if name.endswith(".pyc")]


def test_a_business_that_says_something_else_of_itself_is_touched(
    built: duckdb.DuckDBPyConnection,
) -> None:
    built.execute("insert into raw.businesses (business_id, timezone) values ('clinic', 'UTC')")
    built.execute("insert into raw.business_values values ('salon', 'staff_user_ids', 'olga')")
    assert begin_build(built) is Scope.TOUCHED
    changed = built.execute("from refresh.changed_businesses order by all").fetchall()
    assert changed == [("clinic",), ("salon",)]
    end_build(built)
    assert begin_build(built) is Scope.NOTHING


@pytest.mark.parametrize("fact", ["fct_sessions", "fct_leads"])
@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (datetime(2026, 3, 10, 17, 59), Scope.NOTHING),
        # A session settles, or a visit is due, at six in the evening.
        (datetime(2026, 3, 10, 18), Scope.TOUCHED),
    ],
)
def test_what_changes_by_time_alone_is_touched_when_the_time_has_come(
    built: duckdb.DuckDBPyConnection, fact: str, as_of: datetime, expected: Scope
) -> None:
    built.execute(f"insert into marts.{fact} values ('2026-03-10 18:00')")
    look_from(built, as_of)
    assert begin_build(built) is expected


def test_a_day_that_is_over_where_the_business_is_moves_the_periods(
    built: duckdb.DuckDBPyConnection,
) -> None:
    # Midnight in Moscow is nine in the evening in UTC.
    look_from(built, datetime(2026, 3, 10, 20, 59))
    assert begin_build(built) is Scope.NOTHING
    look_from(built, datetime(2026, 3, 10, 21))
    assert begin_build(built) is Scope.TOUCHED


def test_every_stream_that_a_model_reads_touches_somebody() -> None:
    sources = set()
    for model in (PROJECT_DIR / "models").rglob("*.sql"):
        sources |= set(re.findall(r"source\('raw', '(\w+)'\)", model.read_text(encoding="utf-8")))
    macro = Path(PROJECT_DIR, "macros", "scope", "scope_gathered.sql").read_text(encoding="utf-8")
    gathered = dict(re.findall(r"'(\w+)': \{\s*'moment': '(\w+)'", macro))
    assert sources & STREAMS.keys() == TOUCHING_STREAMS.keys()
    assert gathered == TOUCHING_STREAMS
