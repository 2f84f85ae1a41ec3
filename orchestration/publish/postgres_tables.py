"""Tables of a business in PostgreSQL: their types, rows, indexes and comments."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from orchestration.errors import ActionableError
from orchestration.publish.descriptions import describe_mart
from orchestration.publish.offers import Offer
from orchestration.publish.postgres_marks import make_beside, table_comment
from orchestration.publish.release import BUSINESS, Release
from orchestration.publish.state import literal

_TYPES: dict[str, LiteralString] = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "UTINYINT": "smallint",
    "INTEGER": "integer",
    "USMALLINT": "integer",
    "BIGINT": "bigint",
    "UINTEGER": "bigint",
    "UBIGINT": "numeric(39, 0)",
    "HUGEINT": "numeric(39, 0)",
    "UHUGEINT": "numeric(39, 0)",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "UUID": "uuid",
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_LIST = "[]"
_KEYS = frozenset({"period", "kpi"})
_CHUNK = 1 << 20


@dataclass(frozen=True)
class _Column:
    """A column: its type there, and the SQL of its cell here as COPY reads it."""

    name: str
    type: sql.Composable
    cell: str


def build_tables(
    connection: psycopg.Connection, release: Release, offers: list[Offer], schema: str
) -> tuple[str, list[str]]:
    """Build the tables in a schema beside `schema`; return its name, and what was left out.

    Raises ActionableError where a table does not hold as many rows as the release.
    """
    beside = make_beside(connection, schema, "new")
    left_out = []
    for offer in offers:
        columns = [_column(name, of_type) for name, of_type in offer.mart.columns.items()]
        left_out += [
            f"{schema}.{offer.name} is without {name}, as PostgreSQL has no such type ({of_type})"
            for (name, of_type), column in zip(offer.mart.columns.items(), columns, strict=True)
            if column is None
        ]
        with connection.transaction():
            _build(connection, release, offer, beside, [column for column in columns if column])
    return beside, left_out


def _build(
    connection: psycopg.Connection,
    release: Release,
    offer: Offer,
    schema: str,
    columns: list[_Column],
) -> None:
    table = sql.Identifier(schema, offer.name)
    declared = [sql.SQL("{} {}").format(sql.Identifier(c.name), c.type) for c in columns]
    query = sql.SQL("create table {} ({})").format(table, sql.SQL(", ").join(declared))
    connection.execute(query)
    rows = _copy(connection, release, offer, table, columns)
    if rows != offer.rows:
        raise ActionableError(
            f"PostgreSQL took {rows} rows of {offer.name} of {offer.business} where the marts have "
            f"{offer.rows}: run `make refresh` again; what was there is still there."
        )
    for column in _indexed(offer):
        query = sql.SQL("create index on {} ({})").format(table, sql.Identifier(column))
        connection.execute(query)
    _comment(connection, release, offer, schema, columns)
    # Nobody but the reader, whatever the default rights of the database are.
    connection.execute(sql.SQL("revoke all on {} from public").format(table))
    connection.execute(sql.SQL("analyze {}").format(table))


def _copy(
    connection: psycopg.Connection,
    release: Release,
    offer: Offer,
    table: sql.Identifier,
    columns: list[_Column],
) -> int:
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    query = sql.SQL("copy {} ({}) from stdin (format csv)").format(table, names)
    cells = ", ".join(column.cell for column in columns)
    with tempfile.TemporaryDirectory(prefix="kpi-postgres-") as folder:
        path = Path(folder, "rows.csv")
        release.connection.execute(
            f"copy ({offer.select(cells)}) to {literal(path)} (format csv, header false)"
        )
        with (
            connection.cursor() as cursor,
            cursor.copy(query) as copy,
            path.open("rb") as file,
        ):
            while chunk := file.read(_CHUNK):
                copy.write(chunk)
    counted = connection.execute(sql.SQL("select count(*) from {}").format(table)).fetchone()
    return int(counted[0]) if counted else 0


def _comment(
    connection: psycopg.Connection,
    release: Release,
    offer: Offer,
    schema: str,
    columns: list[_Column],
) -> None:
    described = describe_mart(offer.name)
    comment = table_comment(described.text, release.as_of, offer.fingerprint)
    query = sql.SQL("comment on table {} is {}")
    connection.execute(query.format(sql.Identifier(schema, offer.name), sql.Literal(comment)))
    for column in columns:
        if text := described.columns.get(column.name):
            name = sql.Identifier(schema, offer.name, column.name)
            query = sql.SQL("comment on column {} is {}")
            connection.execute(query.format(name, sql.Literal(text)))


def _indexed(offer: Offer) -> list[str]:
    """Name the columns by which rows are looked for: ids, dates, periods, KPIs."""
    return [
        name
        for name, of_type in offer.mart.columns.items()
        if name != BUSINESS
        and (name in _KEYS or name.endswith(("_id", "_key")) or of_type == "DATE")
    ]


def _column(name: str, of_type: str) -> _Column | None:
    is_list = of_type.endswith(_LIST)
    known = _type(of_type.removesuffix(_LIST))
    if known is None:
        return None
    if is_list:
        element = "'\"' || replace(replace(x::varchar, '\\', '\\\\'), '\"', '\\\"') || '\"'"
        items = f"list_transform(\"{name}\", lambda x: coalesce({element}, 'NULL'))"
        cell = f"'{{' || array_to_string({items}, ',') || '}}'"
        return _Column(name, sql.SQL("{}[]").format(known), cell)
    # PostgreSQL's texts hold everything but the character 0.
    cell = f"replace(\"{name}\", chr(0), '')" if of_type == "VARCHAR" else f'"{name}"'
    return _Column(name, known, cell)


def _type(of_type: str) -> sql.Composable | None:
    if decimal := _DECIMAL.fullmatch(of_type):
        query = sql.SQL("numeric({}, {})")
        return query.format(sql.Literal(int(decimal[1])), sql.Literal(int(decimal[2])))
    if of_type.startswith("ENUM"):
        return sql.SQL("text")
    known = _TYPES.get(of_type)
    return sql.SQL(known) if known else None
