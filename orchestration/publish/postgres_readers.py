"""A role per business that may read its schema and no other."""

import psycopg
from psycopg import sql
from pydantic import SecretStr

from orchestration.publish.postgres_marks import read_tables

_MADE = "Made by chatbot-kpi-warehouse to read one schema."


def make_reader(
    connection: psycopg.Connection, schema: str, password: SecretStr | None
) -> list[str]:
    """Make the role that reads `schema`, and let it log in if there is a password.

    A role of that name which somebody else made is given the rights, its password is left alone.
    Returns what could not be done.
    """
    reader = _reader(schema)
    known = _comment(connection, reader)
    try:
        with connection.transaction():
            if known is None:
                connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(reader)))
                query = sql.SQL("comment on role {} is {}")
                connection.execute(query.format(sql.Identifier(reader), sql.Literal(_MADE)))
            if known in (None, _MADE):
                _set_login(connection, reader, password)
    except psycopg.errors.InsufficientPrivilege:
        return [
            f"PostgreSQL: the role {reader} could not be made or changed, as the user of "
            f"POSTGRES_URL may not: run ALTER ROLE … CREATEROLE, or CREATE ROLE {reader} yourself"
        ]
    give_rights(connection, schema, schema)
    if password and known not in (None, _MADE):
        return [f"PostgreSQL: the role {reader} was made by somebody else: its password is theirs"]
    return []


def give_rights(connection: psycopg.Connection, schema: str, where: str) -> None:
    """Let the reader of `schema` read the tables made here that lie in the schema `where`."""
    reader = _reader(schema)
    if _comment(connection, reader) is None:
        return
    rights = [
        sql.SQL("grant select on {} to {}").format(
            sql.Identifier(where, table), sql.Identifier(reader)
        )
        for table in _unreadable(connection, reader, where)
    ]
    if where == schema:
        names = {"schema": sql.Identifier(schema), "reader": sql.Identifier(reader)}
        rights += [
            sql.SQL("grant usage on schema {schema} to {reader}").format(**names),
            sql.SQL(
                "alter default privileges in schema {schema} grant select on tables to {reader}"
            ).format(**names),
        ]
    with connection.transaction():
        for right in rights:
            connection.execute(right)


def _unreadable(connection: psycopg.Connection, reader: str, schema: str) -> list[str]:
    own = [name for name, mark in read_tables(connection, schema).items() if mark is not None]
    readable = connection.execute(
        "select tablename from pg_tables where schemaname = %s and "
        "has_table_privilege(%s, format('%%I.%%I', schemaname, tablename), 'select')",
        [schema, reader],
    ).fetchall()
    return sorted({*own} - {name for (name,) in readable})


def remove_reader(connection: psycopg.Connection, schema: str) -> list[str]:
    """Take away the role of a business that has left, if it was made here."""
    reader = _reader(schema)
    if _comment(connection, reader) != _MADE:
        return []
    name = sql.Identifier(reader)
    try:
        connection.execute(sql.SQL("alter role {} nologin").format(name))
        connection.execute(sql.SQL("drop role {}").format(name))
    except psycopg.errors.DependentObjectsStillExist:
        return [f"PostgreSQL: the role {reader} stays without a login, as it has other rights"]
    return []


def _set_login(connection: psycopg.Connection, reader: str, password: SecretStr | None) -> None:
    name = sql.Identifier(reader)
    if password is None:
        connection.execute(sql.SQL("alter role {} nologin password null").format(name))
        return
    # What the server writes into its log is a digest that nobody can log in with.
    digest = connection.pgconn.encrypt_password(
        password.get_secret_value().encode(), reader.encode(), b"scram-sha-256"
    )
    query = sql.SQL("alter role {} login password {}")
    connection.execute(query.format(name, sql.Literal(digest.decode())))


def _comment(connection: psycopg.Connection, reader: str) -> str | None:
    """Return the role's comment, an empty one if nobody wrote any, None if there is no role."""
    found = connection.execute(
        "select coalesce(shobj_description(oid, 'pg_authid'), '') from pg_roles where rolname = %s",
        [reader],
    ).fetchone()
    return found[0] if found else None


def _reader(schema: str) -> str:
    return f"{schema}_reader"
