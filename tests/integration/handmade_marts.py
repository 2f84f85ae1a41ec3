"""Marts made by hand, refreshed and exported step by step."""

import shutil
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
from pydantic import SecretStr

from orchestration.publish.files import FilesWritten, publish_files
from orchestration.publish.release import open_release
from tests.integration.conftest import AS_OF

BUSINESSES = ("clinic", "salon", "gym")
FIRST_DATE = date(2026, 10, 1)

# The reports and dimensions are made of the facts; `messages` None takes a session away.
MARTS = """
create schema if not exists marts;
create or replace table marts.fct_sessions as
    select
        business_id,
        session_id,
        session_date,
        messages,
        session_date + interval 1 hour as started_at,
    from sessions;
create or replace table marts.fct_turns as
    select
        business_id,
        session_id || '-' || number as turn_id,
        session_id,
        number as turn_number,
        session_date + to_minutes(number) as asked_at,
    from sessions, range(2) as numbers(number);
create or replace view marts.chat_logs as
    select business_id, session_id, messages % 2 = 0 as intent_correct
    from marts.fct_turns inner join marts.fct_sessions using (business_id, session_id);
create or replace table marts.fct_leads as
    select
        business_id,
        'crm' as system,
        'lead-' || session_id as lead_id,
        session_id,
        messages::double as amount,
        session_date::timestamp as created_at,
    from sessions where messages > 5;
create or replace table marts.rpt_kpi_daily as
    select business_id, session_date, messages > 3 as is_long, count(*) as sessions
    from sessions group by all;
create or replace table marts.dim_dates as
    select distinct session_date as date from sessions;
create or replace table marts.dim_businesses as
    select business_id, max(session_date) as last_date from sessions group by all;
"""


def say_what_was_touched(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    sessions: list[tuple[str, str]],
    leads: list[tuple[str, str]],
    *,
    is_everything: bool,
) -> None:
    """Write schema `refresh` as a refresh does before the models."""
    connection.execute("create schema if not exists refresh")
    connection.execute(
        "create or replace table refresh.scope as select "
        "?::bigint as number, ?::boolean as is_everything, now()::timestamp as as_of",
        [number, is_everything],
    )
    connection.execute(
        "create or replace table refresh.touched_sessions (business_id varchar, session_id varchar)"
    )
    connection.execute(
        "create or replace table refresh.touched_leads (business_id varchar, lead_id varchar)"
    )
    if sessions:
        connection.executemany("insert into refresh.touched_sessions values (?, ?)", sessions)
    if leads:
        connection.executemany("insert into refresh.touched_leads values (?, ?)", leads)


@dataclass
class House:
    """Sessions of handmade marts, refreshed and exported one step after the other."""

    folder: Path
    number: int = 0
    sessions: dict[tuple[str, str], tuple[date, int]] = field(default_factory=dict)

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    def refresh(
        self,
        changes: dict[tuple[str, str], tuple[date, int] | None],
        *,
        is_everything: bool = False,
        untold: bool = False,
    ) -> None:
        """Change the marts, and say so in schema `refresh` unless it is `untold`."""
        self.number += 1
        for key, session in changes.items():
            if session is None:
                self.sessions.pop(key, None)
            else:
                self.sessions[key] = session
        with duckdb.connect(str(self.folder / "warehouse.duckdb")) as connection:
            connection.execute(
                "create temporary table sessions "
                "(business_id varchar, session_id varchar, session_date date, messages bigint)"
            )
            connection.executemany(
                "insert into sessions values (?, ?, ?, ?)",
                [(*key, *session) for key, session in self.sessions.items()],
            )
            connection.execute(MARTS)
            touched = [] if untold or is_everything else list(changes)
            say_what_was_touched(
                connection,
                self.number,
                touched,
                [(business, f"lead-{session}") for business, session in touched],
                is_everything=is_everything,
            )

    def publish(self, place: Path | None = None, key: str | None = None) -> FilesWritten:
        secret = SecretStr(key) if key else None
        with open_release(self.folder / "warehouse.duckdb", AS_OF, secret) as release:
            return publish_files(release, place or self.exports)

    def assert_exports_are_those_of_everything(self, key: str | None = None) -> None:
        anew = self.folder / "anew"
        shutil.rmtree(anew, ignore_errors=True)
        assert self.publish(anew, key).is_everything
        assert cells(self.exports) == cells(anew)


def cells(exports: Path) -> dict[str, object]:
    """Every cell of every file: of CSV files the bytes, elsewhere the rows in any order."""
    found: dict[str, object] = {}
    with duckdb.connect() as connection:
        for path in sorted(exports.rglob("*")):
            name = path.relative_to(exports).as_posix()
            if path.suffix == ".parquet":
                found[name] = rows(connection, f"'{path}'")
            elif path.name == "marts.duckdb":
                connection.execute(f"attach '{path}' as marts_file (read_only)")
                connection.execute("use marts_file")
                for (table,) in connection.execute("show tables").fetchall():
                    found[f"{name}/{table}"] = rows(connection, f"marts_file.{table}")
                connection.execute("use memory")
                connection.execute("detach marts_file")
            elif path.is_file():
                found[name] = path.read_bytes()
    return found


def rows(connection: duckdb.DuckDBPyConnection, source: str) -> tuple[object, object]:
    columns = connection.execute(f"describe from {source}").fetchall()
    return columns, connection.execute(f"from {source} order by all").fetchall()


def a_house(folder: Path) -> House:
    """Return a house of 3 businesses with 20 sessions each, exported once."""
    house = House(folder)
    house.refresh(
        {
            (business, f"chat-{number}"): (FIRST_DATE + timedelta(days=number), number % 8 + 1)
            for business in BUSINESSES
            for number in range(20)
        },
        is_everything=True,
    )
    assert house.publish().is_everything
    return house
