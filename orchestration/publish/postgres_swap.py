"""Exchanging tables under readers, and taking away what nobody reads any more."""

import random
import time
from collections.abc import Iterable, Sequence

import psycopg
from psycopg import sql

from orchestration.errors import ActionableError
from orchestration.publish.postgres_marks import (
    make_beside,
    read_tables,
    schemas_beside,
)

_PATIENCE_SECONDS = 5.0
# Less than the second after which the server looks for a deadlock and may end the reader's query.
_ATTEMPT = "400ms"
_DROP_ATTEMPTS = 3
_BUSY = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.DeadlockDetected,
)


def exchange(
    connection: psycopg.Connection,
    schema: str,
    beside: str,
    changed: Sequence[str],
    gone: Sequence[str],
) -> None:
    """Put the tables `changed` from `beside` in the place of the old ones, and take `gone` away.

    All in one transaction that first waits until nobody reads any of them, as a query would
    otherwise find one table before the exchange and the next after it. Raises ActionableError
    where that does not come about within 5 seconds.
    """
    old = [name for name in read_tables(connection, schema) if name in {*changed, *gone}]
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            with connection.transaction():
                _lock(connection, schema, old)
                aside = make_beside(connection, schema, "old")
                _move(connection, schema, old, aside)
                _move(connection, beside, changed, schema)
                connection.execute(sql.SQL("drop schema {}").format(sql.Identifier(beside)))
        except _BUSY:
            if time.monotonic() > until:
                raise ActionableError(
                    f"PostgreSQL: somebody kept the tables of {schema} in use for 5 s"
                    f"{_readers(connection, schema)}, so they show the figures of before: close "
                    "that program's transaction and run `make refresh` again."
                ) from None
            # Readers that wait behind the lock get their turn.
            time.sleep(random.uniform(0.05, 0.2))  # noqa: S311
        else:
            return


def _lock(connection: psycopg.Connection, schema: str, tables: Sequence[str]) -> None:
    query = sql.SQL("set local statement_timeout = {}")
    if tables:
        connection.execute(query.format(sql.Literal(_ATTEMPT)))
        names = sql.SQL(", ").join(sql.Identifier(schema, table) for table in tables)
        lock = sql.SQL("lock table {} in access exclusive mode")
        connection.execute(lock.format(names))
    connection.execute(query.format(sql.Literal("0")))
    connection.execute("set local lock_timeout = '5s'")


def _move(connection: psycopg.Connection, start: str, tables: Iterable[str], end: str) -> None:
    for table in tables:
        query = sql.SQL("alter table {} set schema {}")
        connection.execute(query.format(sql.Identifier(start, table), sql.Identifier(end)))


def _readers(connection: psycopg.Connection, schema: str) -> str:
    """Name who reads tables of the schema, where the server tells."""
    rows = connection.execute(
        "select distinct usename, application_name from pg_locks "
        "inner join pg_stat_activity using (pid) inner join pg_class on relation = pg_class.oid "
        "inner join pg_namespace on relnamespace = pg_namespace.oid "
        "where nspname = %s and granted and pid <> pg_backend_pid() order by 1, 2 limit 3",
        [schema],
    ).fetchall()
    names = [f"{user} in {program or 'a program'}" for user, program in rows if user]
    return f" ({', '.join(names)})" if names else ""


def drop_beside(connection: psycopg.Connection, schema: str) -> list[str]:
    """Drop what was laid aside, as far as nobody needs it; return what stays and why."""
    remarks = []
    for name in schemas_beside(connection, schema):
        for table in read_tables(connection, name):
            query = sql.SQL("drop table {}").format(sql.Identifier(name, table))
            if reason := _reason_to_stay(connection, query):
                remarks.append(
                    f"PostgreSQL: {name}.{table}, a table of an earlier refresh, stays, as "
                    f"{reason}: what is built on it shows the figures of then, so build it anew "
                    f"on the table in {schema}, and the old one goes with the next refresh"
                )
        if not read_tables(connection, name):
            query = sql.SQL("drop schema {}").format(sql.Identifier(name))
            if reason := _reason_to_stay(connection, query):
                remarks.append(f"PostgreSQL: the schema {name} stays, as {reason}")
    return remarks


def drop_live(connection: psycopg.Connection, schema: str) -> list[str]:
    """Drop the schema of a business that has left; return why it stays where others use it."""
    tables = [name for name, mark in read_tables(connection, schema).items() if mark is not None]
    query = sql.SQL("drop schema {}").format(sql.Identifier(schema))
    if tables:
        names = sql.SQL(", ").join(sql.Identifier(schema, table) for table in tables)
        query = sql.SQL("drop table {}; {}").format(names, query)
    if reason := _reason_to_stay(connection, query):
        return [
            f"PostgreSQL: the business of {schema} has left, but the schema stays, as {reason}: "
            "move what is not of this project, and it goes with the next refresh"
        ]
    return []


def _reason_to_stay(connection: psycopg.Connection, drop: sql.Composed) -> str:
    """Drop without ever taking others' objects along; return why that is not possible."""
    for attempt in range(_DROP_ATTEMPTS):
        try:
            with connection.transaction():
                connection.execute("set local lock_timeout = '1s'")
                connection.execute(drop)
        except psycopg.errors.DependentObjectsStillExist as error:
            return "; ".join((error.diag.message_detail or "others need it").splitlines())
        except _BUSY:
            time.sleep(0.1 * attempt)
        else:
            return ""
    return "it is being read"
