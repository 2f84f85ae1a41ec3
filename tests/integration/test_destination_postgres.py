"""The destination PostgreSQL, on a real server."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import psycopg
import pytest
from pydantic import SecretStr

from orchestration.config import PROJECT_DIR, read_settings
from orchestration.delivering import to_postgres
from orchestration.errors import ActionableError
from orchestration.publish import postgres_swap
from orchestration.publish.offers import Delivered
from orchestration.publish.postgres import PostgresPlace, publish_postgres
from orchestration.publish.release import open_release
from orchestration.running import Listener, run_refresh
from orchestration.steps import Step
from tests.fixtures.personal_data import personal_data_in
from tests.integration.conftest import AS_OF
from tests.servers.postgres import (
    ADMIN_PASSWORD,
    WRITER_PASSWORD,
    NoServerError,
    Server,
    run_server,
)

PublishTo = Callable[..., Delivered]


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    try:
        with run_server() as server:
            with server.admin("postgres") as admin:
                admin.execute("create role writer login createrole")
                admin.execute(f"alter role writer password '{WRITER_PASSWORD}'")
            yield server
    except NoServerError as error:
        pytest.skip(str(error))


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    """A database in which the writer may make schemas, and may do nothing else."""
    with running.admin("postgres") as admin:
        admin.execute("create database shop")
        admin.execute("grant create on database shop to writer")
        yield running
        admin.execute("drop database shop with (force)")
        for (role,) in admin.execute(
            "select rolname from pg_roles where rolname like '%\\_reader'"
        ).fetchall():
            admin.execute(f'drop role "{role}"')


def place_of(server: Server, **passwords: str) -> PostgresPlace:
    return PostgresPlace(
        SecretStr(server.url("writer", WRITER_PASSWORD, "shop")),
        reader_passwords={name: SecretStr(value) for name, value in passwords.items()},
    )


@pytest.fixture
def publish_to(server: Server, marts_warehouse: Path) -> PublishTo:
    """Publish the small warehouse to the database, after an optional change of its marts."""

    def run(
        change: str | None = None,
        place: PostgresPlace | None = None,
        as_of: datetime = AS_OF,
    ) -> Delivered:
        if change:
            with duckdb.connect(str(marts_warehouse)) as connection:
                connection.execute(change)
        with open_release(marts_warehouse, as_of) as release:
            return publish_postgres(release, place or place_of(server))

    return run


def rows(server: Server, query: str) -> list[tuple[object, ...]]:
    with server.admin() as connection:
        return connection.execute(query).fetchall()


def kpi_schemas(server: Server) -> list[str]:
    found = rows(server, "select nspname from pg_namespace where nspname like 'kpi%' order by 1")
    return [str(name) for (name,) in found]


def identities(server: Server) -> dict[str, object]:
    """The number that PostgreSQL gave each table when it was made."""
    found = rows(
        server,
        "select relnamespace::regnamespace || '.' || relname, oid from pg_class "
        "where relkind = 'r' and relnamespace::regnamespace::text like 'kpi%'",
    )
    return {str(name): oid for name, oid in found}


def test_each_business_gets_a_schema_with_its_own_rows_and_what_all_share(
    publish_to: PublishTo, server: Server
) -> None:
    told = publish_to()

    assert kpi_schemas(server) == ["kpi_clinic", "kpi_salon"]
    assert (told.sent, told.unchanged, told.rows, told.remarks) == (8, 0, 22, ())
    assert rows(server, "select distinct business_id from kpi_salon.fct_sessions") == [("salon",)]
    assert rows(server, "table kpi_salon.dim_channels") == [("web", "Сайт")]
    assert rows(server, "select obj_description('kpi_salon'::regnamespace)") == [
        ("Made by chatbot-kpi-warehouse for the business salon. As of 2026-11-01 00:00 UTC.",)
    ]
    [(comment,)] = rows(server, "select obj_description('kpi_salon.fct_sessions'::regclass)")
    assert "As of 2026-11-01 00:00 UTC. Fingerprint: " in str(comment)
    assert rows(
        server,
        "select col_description('kpi_salon.fct_sessions'::regclass, 1)",
    ) == [("The business (tenant).",)]
    indexed = rows(
        server,
        "select indexdef from pg_indexes where schemaname = 'kpi_salon' "
        "and tablename = 'fct_sessions'",
    )
    assert len([line for (line,) in indexed if "(session_id)" in str(line)]) == 1


def test_every_cell_arrives_as_it_is_and_every_type_as_its_like(
    publish_to: PublishTo, server: Server, marts_warehouse: Path
) -> None:
    publish_to(
        r"""
        create table marts.rpt_types as
            select
                'salon' as business_id,
                number,
                [null, '', '=1+1', 'a,"b"' || chr(10) || '\.', chr(9) || 'ё'][number] as text,
                [null, true, false, true, true][number] as flag,
                (9007199254740993 + number)::bigint as large,
                170141183460469231731687303715884105727::hugeint - number as huge,
                0.1 + number::double / 3 as fraction,
                (number / 7)::decimal(10, 4) as money,
                date '2026-02-28' + number::integer as day,
                timestamp '2026-03-29 02:30:00.123456' + to_hours(number) as moment,
                [[1.5, 2.25], [], null, [0.1], [3.0]][number]::double[] as numbers,
                [['a"b', '\'], [null], ['NULL'], ['{}'], ['']][number]::varchar[] as words,
                {'a': number} as pair,
            from range(1, 6) as numbers(number)
        """
    )

    found = rows(server, "select * from kpi_salon.rpt_types order by number")
    with open_release(marts_warehouse, AS_OF) as release:
        sent = release.connection.execute(
            "select * exclude (pair) from rpt_types order by number"
        ).fetchall()
    types = rows(
        server,
        "select format_type(atttypid, atttypmod) from pg_attribute "
        "where attrelid = 'kpi_salon.rpt_types'::regclass and attnum > 0 order by attnum",
    )

    assert found == sent
    assert [of_type for (of_type,) in types] == [
        *("text", "bigint", "text", "boolean", "bigint", "numeric(39,0)", "double precision"),
        *("numeric(10,4)", "date", "timestamp without time zone", "double precision[]", "text[]"),
    ]


def test_a_column_of_a_type_that_is_unknown_there_is_left_out_and_said(
    publish_to: PublishTo,
) -> None:
    told = publish_to("alter table marts.rpt_funnel add column pair struct(a integer)")

    assert told.remarks == tuple(
        f"kpi_{business}.rpt_funnel is without pair, as PostgreSQL has no such type "
        "(STRUCT(a INTEGER))"
        for business in ("clinic", "salon")
    )


def test_text_of_the_character_0_is_sent_without_it(publish_to: PublishTo, server: Server) -> None:
    publish_to("update marts.rpt_funnel set step = 'a' || chr(0) || 'b' where step = '=1+1'")

    assert ("ab",) in rows(server, "select step from kpi_salon.rpt_funnel")


def test_a_second_run_of_the_same_marts_makes_no_table_and_says_the_later_time(
    publish_to: PublishTo, server: Server
) -> None:
    publish_to()
    before = identities(server)

    told = publish_to(as_of=datetime(2026, 11, 2, tzinfo=UTC))

    assert (told.sent, told.unchanged, told.rows) == (0, 8, 22)
    assert identities(server) == before
    [(comment,)] = rows(server, "select obj_description('kpi_salon'::regnamespace)")
    assert "As of 2026-11-02 00:00 UTC." in str(comment)


def test_only_what_changed_is_sent_and_what_is_no_mart_any_more_goes(
    publish_to: PublishTo, server: Server
) -> None:
    publish_to()
    before = identities(server)

    told = publish_to(
        "update marts.fct_sessions set messages = 9 where business_id = 'salon';"
        "drop table marts.rpt_funnel"
    )

    after = identities(server)
    assert told.sent == 1
    assert set(before) - set(after) == {"kpi_clinic.rpt_funnel", "kpi_salon.rpt_funnel"}
    assert {name for name in after if after[name] != before[name]} == {"kpi_salon.fct_sessions"}
    assert rows(server, "select sum(messages) from kpi_salon.fct_sessions") == [(27,)]
    assert kpi_schemas(server) == ["kpi_clinic", "kpi_salon"]


def test_a_reader_never_sees_a_missing_an_empty_or_a_mixed_state(
    publish_to: PublishTo, server: Server
) -> None:
    tables = [f"rpt_{number}" for number in range(8)]

    def change(number: int) -> str:
        return "; ".join(
            f"create or replace table marts.{table} as select business_id, "
            f"{number} as refresh from marts.fct_sessions"
            for table in tables
        )

    publish_to(change(0), place_of(server, SALON="salon-reader"))
    selects = [f"select refresh, count(*) from kpi_salon.{table} group by 1" for table in tables]
    query = " union all ".join(selects)
    faults: list[object] = []
    seen: set[int] = set()
    done = threading.Event()

    def read() -> None:
        with server.connect("kpi_salon_reader", "salon-reader") as connection:
            while not done.is_set():
                try:
                    found = connection.execute(query).fetchall()
                except psycopg.Error as error:
                    faults.append(error)
                    continue
                refreshes = {refresh for refresh, _ in found}
                if len(refreshes) != 1 or [count for _, count in found] != [3] * len(tables):
                    faults.append(found)
                seen.update(refreshes)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 9):
        publish_to(change(number), place_of(server, SALON="salon-reader"))
    done.set()
    for reader in readers:
        reader.join()

    assert faults == []
    assert len(seen) > 2


def test_a_reader_sees_its_own_business_and_no_other(publish_to: PublishTo, server: Server) -> None:
    passwords = {"SALON": "salon-reader", "CLINIC": "clinic-reader"}
    publish_to(place=place_of(server, **passwords))
    publish_to("update marts.fct_sessions set messages = 5", place_of(server, **passwords))

    with server.connect("kpi_salon_reader", "salon-reader") as connection:
        found = connection.execute(
            "select table_name from information_schema.tables where table_schema like 'kpi%' "
            "order by 1"
        ).fetchall()
        for (table,) in found:
            connection.execute(f"table kpi_salon.{table}").fetchall()
        for query in (
            "table kpi_clinic.fct_sessions",
            "create table kpi_salon.mine (a integer)",
            "delete from kpi_salon.fct_sessions",
            "set role kpi_clinic_reader",
            "set role writer",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(query)

    assert found == [("dim_channels",), ("fct_sessions",), ("fct_turns",), ("rpt_funnel",)]


def test_without_a_password_nobody_logs_in_as_a_reader(
    publish_to: PublishTo, server: Server
) -> None:
    publish_to(place=place_of(server, SALON="salon-reader"))
    server.connect("kpi_salon_reader", "salon-reader").close()

    told = publish_to(place=place_of(server, SALLON="salon-reader"))

    with pytest.raises(psycopg.OperationalError):
        server.connect("kpi_salon_reader", "salon-reader")
    assert told.remarks == ("POSTGRES_READER_PASSWORD_SALLON names no business of the marts",)


def test_a_writer_who_may_make_no_roles_sends_the_figures_all_the_same(
    publish_to: PublishTo, server: Server
) -> None:
    with server.admin() as admin:
        admin.execute("alter role writer nocreaterole")
        admin.execute("create role kpi_salon_reader login password 'of-the-administrator'")
    try:
        told = publish_to()
    finally:
        with server.admin() as admin:
            admin.execute("alter role writer createrole")

    assert told.sent == 8
    assert len(told.remarks) == 1
    assert "the role kpi_clinic_reader could not be made" in told.remarks[0]
    with server.connect("kpi_salon_reader", "of-the-administrator") as connection:
        assert connection.execute("select count(*) from kpi_salon.fct_turns").fetchall() == [(3,)]


def test_a_business_that_left_is_taken_away_with_its_reader_and_nobody_elses_schema_is(
    publish_to: PublishTo, server: Server
) -> None:
    publish_to()
    publish_to(place=PostgresPlace(place_of(server).url, "kpi_test_"))
    with server.admin() as admin:
        admin.execute("create schema kpi_mine create table notes (a integer)")

    told = publish_to(
        ";".join(
            f"delete from marts.{table} where business_id = 'clinic'"
            for table in ("fct_sessions", "fct_turns", "rpt_funnel")
        )
    )

    assert told.removed == ("clinic",)
    assert kpi_schemas(server) == ["kpi_mine", "kpi_salon", "kpi_test_clinic", "kpi_test_salon"]
    assert rows(server, "select 1 from pg_roles where rolname = 'kpi_clinic_reader'") == []


def test_a_schema_that_somebody_else_made_is_refused_and_the_others_are_sent(
    publish_to: PublishTo, server: Server
) -> None:
    with server.admin() as admin:
        admin.execute("create schema kpi_clinic create table rpt_funnel (mine integer)")

    with pytest.raises(ActionableError, match="a schema kpi_clinic that this project did not make"):
        publish_to()

    assert rows(server, "table kpi_clinic.rpt_funnel") == []
    assert len(rows(server, "table kpi_salon.rpt_funnel")) == 4


def test_tables_of_somebody_else_inside_the_schema_stay_and_stand_in_nobodys_way(
    publish_to: PublishTo, server: Server
) -> None:
    publish_to()
    with server.admin() as admin:
        admin.execute("create table kpi_salon.notes as select 'mine' as note")

    publish_to("update marts.fct_sessions set messages = 9")
    with server.admin() as admin:
        admin.execute("create view kpi_salon.rpt_new as select 1 as mine")
    with pytest.raises(ActionableError, match=r"kpi_salon\.rpt_new was not made by this project"):
        publish_to("create table marts.rpt_new as from marts.rpt_funnel")

    assert rows(server, "table kpi_salon.notes") == [("mine",)]
    assert rows(server, "table kpi_salon.rpt_new") == [(1,)]
    assert len(rows(server, "table kpi_clinic.rpt_new")) == 4


def test_a_view_on_an_old_table_keeps_it_until_the_view_is_built_anew(
    publish_to: PublishTo, server: Server
) -> None:
    publish_to()
    view = "view analysts.sums as select sum(messages) as messages from kpi_salon.fct_sessions"
    with server.admin() as admin:
        admin.execute("create schema analysts")
        admin.execute(f"create {view}")

    told = publish_to("update marts.fct_sessions set messages = 9 where business_id = 'salon'")

    assert len(told.remarks) == 1
    assert "view analysts.sums depends on table kpi_salon__old_1.fct_sessions" in told.remarks[0]
    assert rows(server, "table analysts.sums") == [(3,)]
    assert rows(server, "select sum(messages) from kpi_salon.fct_sessions") == [(27,)]

    with server.admin() as admin:
        admin.execute(f"create or replace {view}")
    assert publish_to().remarks == ()
    assert rows(server, "table analysts.sums") == [(27,)]
    assert kpi_schemas(server) == ["kpi_clinic", "kpi_salon"]


def test_who_keeps_a_table_in_use_is_named_and_the_old_figures_stay(
    publish_to: PublishTo, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_swap, "_PATIENCE_SECONDS", 0.5)
    publish_to()
    url = server.url("admin", ADMIN_PASSWORD, "shop")
    with psycopg.connect(url, application_name="report builder") as reader:
        reader.execute("select * from kpi_salon.fct_sessions")
        with pytest.raises(ActionableError, match=r"\(admin in report builder\)"):
            publish_to("update marts.fct_sessions set messages = 9")

    assert rows(server, "select sum(messages) from kpi_salon.fct_sessions") == [(3,)]
    assert rows(server, "select sum(messages) from kpi_clinic.fct_sessions") == [(27,)]
    publish_to()
    assert rows(server, "select sum(messages) from kpi_salon.fct_sessions") == [(27,)]
    assert kpi_schemas(server) == ["kpi_clinic", "kpi_salon"]


def test_a_failure_in_the_middle_leaves_the_old_tables_and_the_next_run_cleans_up(
    publish_to: PublishTo, server: Server
) -> None:
    publish_to()
    before = identities(server)
    with server.admin() as admin:
        admin.execute(
            "create function broken() returns event_trigger language plpgsql "
            "as $$ begin raise exception 'no index today'; end $$"
        )
        admin.execute(
            "create event trigger broken on ddl_command_start when tag in ('CREATE INDEX') "
            "execute function broken()"
        )

    with pytest.raises(psycopg.Error, match="no index today"):
        publish_to("update marts.fct_sessions set messages = 9")

    assert {name: identities(server)[name] for name in before} == before
    with server.admin() as admin:
        admin.execute("drop event trigger broken")
    publish_to()
    assert kpi_schemas(server) == ["kpi_clinic", "kpi_salon"]
    assert rows(server, "select sum(messages) from kpi_salon.fct_sessions") == [(27,)]


def test_two_refreshes_never_write_to_one_database_at_once(
    publish_to: PublishTo, server: Server
) -> None:
    with server.connect("writer", WRITER_PASSWORD) as other:
        other.execute("select pg_advisory_lock(1263553871, hashtext('kpi_'))")
        with pytest.raises(ActionableError, match="Another refresh is writing"):
            publish_to()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://writer:hunter%2Fsecret@127.0.0.1:1/shop", "could not be reached"),
        ("postgresql://writer:hunter%2Fsecret@127.0.0.1:{port}/shop", "could not be reached"),
        ("postgres//writer:hunter%2Fsecret@127.0.0.1/shop", "no address of a database"),
    ],
)
def test_no_password_is_in_an_error_or_in_the_log(
    server: Server,
    marts_warehouse: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    reason: str,
) -> None:
    with duckdb.connect(str(marts_warehouse)) as connection:
        connection.execute("create schema raw")
        connection.execute("create table raw.refresh_context as select now()::timestamp as as_of")
    monkeypatch.setenv("WAREHOUSE_PATH", str(marts_warehouse))
    monkeypatch.setenv("POSTGRES_URL", url.format(port=server.port))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))

    with pytest.raises(ActionableError, match=reason) as told:
        run_refresh(
            read_settings(),
            Listener(lambda _: None, lambda *_: None),
            [Step("postgres", to_postgres, is_alone=True)],
        )

    log = (tmp_path / "home/logs/refresh.log").read_text(encoding="utf-8")
    assert "postgres failed" in log
    for text in (str(told.value), log, repr(read_settings())):
        assert "hunter" not in text


def test_where_no_database_is_named_nothing_is_imported_and_the_step_says_so() -> None:
    code = (
        "import sys, orchestration.refresh\n"
        "from orchestration.config import read_settings\n"
        "from orchestration.delivering import DESTINATIONS\n"
        "for deliver in DESTINATIONS.values():\n"
        "    print(deliver(read_settings()).remarks)\n"
        "print([name for name in ('psycopg', 'gspread', 'google') if name in sys.modules])"
    )
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("POSTGRES", "GOOGLE", "BIGQUERY"))
    }
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    *said, imported = answer.stdout.splitlines()
    assert said
    assert set(said) == {"['not configured']"}
    assert imported == "[]"


def test_nothing_personal_arrives(server: Server, demo_warehouse: Path) -> None:
    with open_release(demo_warehouse, AS_OF) as release:
        told = publish_postgres(release, place_of(server))
    texts = []
    with server.admin() as connection:
        for name in identities(server):
            with connection.cursor().copy(f"copy {name} to stdout") as copy:
                texts += [bytes(row).decode() for row in copy]

    assert told.rows == len(texts) > 10_000
    assert personal_data_in("".join(texts)) == set()
