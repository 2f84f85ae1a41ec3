"""How schemas and tables made here are told from other people's: by their comments."""

import re
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import sql

from orchestration.errors import ActionableError
from orchestration.publish.offers import plain_names

_MADE = "Made by chatbot-kpi-warehouse"
_LIVE = re.compile(rf"{_MADE} for the business ([a-z0-9_-]+)\.")
_BESIDE = re.compile(rf"{_MADE} beside (\S+)\.")
_FINGERPRINT = re.compile(r"Fingerprint: ([0-9a-f]{64})")


@dataclass(frozen=True)
class Schema:
    """A schema that holds the tables of a business."""

    name: str
    business: str


def read_schemas(connection: psycopg.Connection, prefix: str) -> dict[str, Schema]:
    """Return the schemas made here for a business under this prefix, by name."""
    found = {}
    for name, comment in _commented_schemas(connection):
        mark = _LIVE.match(comment)
        # Another prefix that begins with this one is another installation's.
        if mark and name == prefix + plain_names([mark[1]])[mark[1]]:
            found[name] = Schema(name, mark[1])
    return found


def schemas_beside(connection: psycopg.Connection, schema: str) -> list[str]:
    """Return the schemas in which tables of `schema` are built or wait for their end."""
    marks = ((name, _BESIDE.match(text)) for name, text in _commented_schemas(connection))
    return sorted(name for name, mark in marks if mark and mark[1] == schema)


def mark_live(connection: psycopg.Connection, schema: str, business: str, as_of: datetime) -> None:
    """Make the schema of a business if there is none, and say from when its tables are.

    Raises ActionableError where somebody else made a schema of that name.
    """
    comment = f"{_MADE} for the business {business}. As of {as_of:%Y-%m-%d %H:%M} UTC."
    known = dict(_commented_schemas(connection)).get(schema)
    if known is not None and _LIVE.match(known):
        _comment_on_schema(connection, schema, comment)
    else:
        _make_schema(connection, schema, comment)


def make_beside(connection: psycopg.Connection, schema: str, purpose: str) -> str:
    """Make a schema in which something of `schema` lies for a while, and return its name."""
    taken = set(schemas_beside(connection, schema))
    number = 1
    while (name := f"{schema}__{purpose}_{number}") in taken:
        number += 1
    _make_schema(connection, name, f"{_MADE} beside {schema}.")
    return name


def _make_schema(connection: psycopg.Connection, name: str, comment: str) -> None:
    try:
        with connection.transaction():
            connection.execute(sql.SQL("create schema {}").format(sql.Identifier(name)))
            _comment_on_schema(connection, name, comment)
    except psycopg.errors.DuplicateSchema:
        raise ActionableError(
            f"PostgreSQL has a schema {name} that this project did not make: rename it, or set "
            "POSTGRES_SCHEMA_PREFIX to another beginning."
        ) from None


def _comment_on_schema(connection: psycopg.Connection, name: str, comment: str) -> None:
    query = sql.SQL("comment on schema {} is {}")
    connection.execute(query.format(sql.Identifier(name), sql.Literal(comment)))


def _commented_schemas(connection: psycopg.Connection) -> list[tuple[str, str]]:
    return connection.execute(
        "select nspname, obj_description(oid, 'pg_namespace') from pg_namespace "
        "where starts_with(obj_description(oid, 'pg_namespace'), %s) order by nspname",
        [_MADE],
    ).fetchall()


def read_tables(connection: psycopg.Connection, schema: str) -> dict[str, str | None]:
    """Return the fingerprint of each table of the schema, None where it was not made here."""
    rows = connection.execute(
        "select relname, obj_description(pg_class.oid, 'pg_class') from pg_class "
        "inner join pg_namespace on relnamespace = pg_namespace.oid "
        "where nspname = %s and relkind in ('r', 'p', 'v', 'm', 'f') order by relname",
        [schema],
    ).fetchall()
    marks = ((name, _FINGERPRINT.search(comment or "")) for name, comment in rows)
    return {name: mark[1] if mark else None for name, mark in marks}


def table_comment(description: str, as_of: datetime, fingerprint: str) -> str:
    """Return what is written on a table: its meaning, its time, and what tells its content."""
    return f"{description}\n\nAs of {as_of:%Y-%m-%d %H:%M} UTC. Fingerprint: {fingerprint}".strip()
