"""What a refresh computes: nothing, what was touched since the last one, or everything.

Schema `refresh` of the warehouse is the refresh's own memory. `built` says what the marts hold,
`scope` what is being computed; `departed_<stream>` keeps the rows that left `raw` in between, so
that whoever they spoke of is computed anew. dbt's hook (macros/scope) finds the touched from these.
"""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

import hashlib
import time
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import duckdb

from orchestration.config import PROJECT_DIR
from orchestration.loading.tables import BUSINESS_TABLES, raw_fingerprint
from orchestration.loading.transactions import transaction
from orchestration.streams import STREAMS

_CODE = ("dbt_project.yml", "macros", "models", "seeds", "orchestration/statistics")
# From this share of the messages on, finding out who is touched costs more than it saves.
MOST_TOUCHED = 0.2
# The streams whose rows touch somebody, as in macros/scope, and the column that says since when a
# row is known. Another stream is read by no model.
TOUCHING_STREAMS = {
    "messages": "sent_at",
    "session_events": "event_at",
    "ratings": "rated_at",
    "intent_labels": "labelled_at",
    "leads": "modified_at",
    "deals": "modified_at",
    "stage_history": "entered_at",
    "bookings": "modified_at",
    "costs": "cost_date",
}
_TOUCHED = {
    "touched_users": "business_id varchar, user_id varchar",
    "touched_leads": "business_id varchar, lead_id varchar",
    "touched_sessions": "business_id varchar, session_id varchar",
    "touched_dates": "business_id varchar, session_date date",
}
_SETTINGS = [table for table in BUSINESS_TABLES if table != "unread_files"]


class Scope(StrEnum):
    """How much a refresh computes; the words are those of REFRESH_SCOPE in dbt's environment."""

    NOTHING = "nothing"
    TOUCHED = "touched"
    EVERYTHING = "everything"


def begin_build(connection: duckdb.DuckDBPyConnection) -> Scope:
    """Decide what the next build computes and note that it has begun, unless it is nothing.

    Call it after everything is loaded. A build that begins and does not end is followed by one of
    everything, as nobody knows which of its tables are old.
    """
    _create_tables(connection)
    scope = _scope(connection)
    if scope is not Scope.NOTHING:
        with transaction(connection):
            number = _next_number(connection)
            for table in ("scope", *_TOUCHED):
                connection.execute(f"delete from refresh.{table}")
            connection.execute(
                "insert into refresh.scope values (?, ?, (select as_of from raw.refresh_context))",
                [number, scope is Scope.EVERYTHING],
            )
    return scope


def end_build(connection: duckdb.DuckDBPyConnection) -> None:
    """Note that the marts hold what is loaded now, and forget what has left."""
    with transaction(connection):
        connection.execute("delete from refresh.built")
        connection.execute(
            "insert into refresh.built by name select number, ? as code, as_of, "
            "(select max(loaded_at) from raw.loaded_files) as loaded_until from refresh.scope",
            [_code()],
        )
        connection.execute("delete from refresh.built_files")
        connection.execute(f"insert into refresh.built_files {_files()}")
        connection.execute("delete from refresh.built_businesses")
        connection.execute(f"insert into refresh.built_businesses {_business_settings()}")
        for stream in STREAMS:
            connection.execute(f"delete from refresh.departed_{stream}")


def _create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    tables = {
        "built": "number bigint, code varchar, as_of timestamp, loaded_until timestamp",
        "built_files": "files bigint, hashes hugeint",
        "built_businesses": "business_id varchar, settings varchar",
        "changed_businesses": "business_id varchar",
        "scope": "number bigint, is_everything boolean, as_of timestamp",
    }
    for table, columns in (tables | _TOUCHED).items():
        connection.execute(f"create table if not exists refresh.{table} ({columns})")


def _next_number(connection: duckdb.DuckDBPyConnection) -> int:
    """Number a build by the one before; the first by the clock.

    The exports remember the number of their marts. A warehouse made anew must never bear one that
    was given before.
    """
    last = connection.execute("select max(number) from refresh.scope").fetchall()[0][0]
    return int(time.time() if last is None else last) + 1


def _scope(connection: duckdb.DuckDBPyConnection) -> Scope:
    as_of: datetime = connection.execute("select as_of from raw.refresh_context").fetchall()[0][0]
    built = connection.execute(
        "select code, as_of, coalesce(loaded_until, timestamp '1970-01-01'), "
        "number = (select max(number) from refresh.scope) from refresh.built"
    ).fetchone()
    if built is None or not built[3] or built[0] != _code() or built[1] > as_of:
        return Scope.EVERYTHING
    known_until, loaded_until = built[1], built[2]
    connection.execute(
        "create or replace table refresh.changed_businesses as select distinct business_id from ("
        f"(({_business_settings()}) except from refresh.built_businesses) union all "
        f"(from refresh.built_businesses except ({_business_settings()})))"
    )
    changed = sum(
        _changed_rows(connection, stream, loaded_until, (known_until, as_of))
        for stream in TOUCHING_STREAMS
    )
    messages = _count(connection, "raw.messages")
    if changed > MOST_TOUCHED * messages:
        return Scope.EVERYTHING
    # A file may come or go without a row that counts, and is reported all the same.
    files = _count(connection, f"(({_files()}) except from refresh.built_files)")
    if changed or files or _count(connection, "refresh.changed_businesses"):
        return Scope.TOUCHED
    return Scope.TOUCHED if _is_time_felt(connection, known_until, as_of) else Scope.NOTHING


def _changed_rows(
    connection: duckdb.DuckDBPyConnection,
    stream: str,
    loaded_until: datetime,
    became_known: tuple[datetime, datetime],
) -> int:
    known_at = TOUCHING_STREAMS[stream]
    became = f"or ({known_at} > $after and {known_at} <= $until)"
    return _count(
        connection,
        f"raw.{stream} where loaded_at > $loaded_until {became}",
        {"loaded_until": loaded_until, "after": became_known[0], "until": became_known[1]},
    ) + _count(connection, f"refresh.departed_{stream}")


def _is_time_felt(
    connection: duckdb.DuckDBPyConnection, known_until: datetime, as_of: datetime
) -> bool:
    """Whether a session or a lead changes by time alone, or a day is over somewhere."""
    changes = sum(
        _count(connection, f"marts.{fact} where changes_at <= $as_of", {"as_of": as_of})
        for fact in ("fct_sessions", "fct_leads")
    )
    days = _count(
        connection,
        "raw.businesses where timezone(timezone, timezone('UTC', $as_of))::date "
        "<> timezone(timezone, timezone('UTC', $known_until))::date",
        {"as_of": as_of, "known_until": known_until},
    )
    return bool(changes or days)


def _count(
    connection: duckdb.DuckDBPyConnection, rows: str, parameters: dict[str, datetime] | None = None
) -> int:
    counted = connection.execute(f"select count(*) from {rows}", parameters or {}).fetchall()
    return int(counted[0][0])


def _files() -> str:
    """Select one row that is another where another file is loaded, or one at another time."""
    return (
        "select count(*) as files, sum(hash(business_id, source_file, loaded_at)) as hashes "
        "from raw.loaded_files"
    )


def _business_settings() -> str:
    """Select each business and everything it says of itself, as one text."""
    rows = " union all ".join(
        f"select business_id, '{table}' || to_json({table})::varchar as said from raw.{table}"
        for table in _SETTINGS
    )
    return (
        "select business_id, md5(string_agg(said, '' order by said)) as settings "
        f"from ({rows}) group by all"
    )


def _code() -> str:
    """Hash all that decides how marts follow from raw: another hash means other marts."""
    digest = hashlib.sha256(raw_fingerprint().encode())
    for path in _code_files():
        digest.update(f"{path.relative_to(PROJECT_DIR)}".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _code_files() -> Iterator[Path]:
    for name in _CODE:
        path = PROJECT_DIR / name
        yield from sorted(
            file
            for file in (path, *path.rglob("*"))
            if file.is_file() and file.parent.name != "__pycache__"
        )
