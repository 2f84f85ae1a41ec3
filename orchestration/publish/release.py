"""What may leave the house: the marts, without anything that points at a person."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

import duckdb
from pydantic import SecretStr

from orchestration.errors import ActionableError
from orchestration.publish.fingerprint import (
    SHARED,
    UNDATED,
    WHOLE,
    Content,
    Contents,
    Part,
    row_hash,
)
from orchestration.warehouse import open_warehouse

BUSINESS = "business_id"
# Keys that stand for a customer's id as an id does.
_STAND_INS = frozenset({"user_key", "message_key"})
# Where a person reads the key of a message to label it: a label must mean the same message under
# whatever PSEUDONYM_KEY it was read.
_LABELLED_FROM = "rpt_review_queue"
# Ids that name a folder or a colleague of the business itself, not a customer.
_KEPT_IDS = frozenset({BUSINESS, "operator_id"})
_PERSONAL_COLUMNS = frozenset(
    {
        "address",
        "birth_date",
        "body",
        "chat_id",
        "chat_reference",
        "contact_id",
        "customer_name",
        "email",
        "first_name",
        "full_name",
        "handle",
        "last_name",
        "phone",
        "raw_text",
        "title",
        "user_id",
        "username",
    }
)
# As it may name a folder.
BUSINESS_NAME = "[a-z0-9_-]{1,40}"


@dataclass(frozen=True)
class Mart:
    """One table of the marts: its columns and their types, in stored order."""

    name: str
    columns: dict[str, str]

    @property
    def has_business(self) -> bool:
        """Whether its rows belong to businesses; the others are shared by all of them."""
        return BUSINESS in self.columns

    @property
    def moment(self) -> str | None:
        """The column that says when a fact happened, None for what is no fact or has no time."""
        times = [name for name, of_type in self.columns.items() if of_type == "TIMESTAMP"]
        return None if self.name.startswith(("rpt_", "dim_")) or not times else times[0]

    @property
    def part(self) -> str:
        """SQL of the part that a row belongs to: the year (UTC) of a fact."""
        if self.moment is None:
            return f"'{WHOLE}'"
        return f"""coalesce(cast(year("{self.moment}") as varchar), '{UNDATED}')"""


@dataclass(frozen=True)
class Release:
    """One consistent set of marts as any destination may copy it.

    `connection` holds each mart as a temporary view of the same name: de-identified, unordered.
    `as_of` is in UTC. `contents` says what each mart holds, where somebody has counted it already.
    """

    connection: duckdb.DuckDBPyConnection
    marts: tuple[Mart, ...]
    as_of: datetime
    contents: Contents | None = None


Place = TypeVar("Place", contravariant=True)
Told = TypeVar("Told", covariant=True)


class Destination(Protocol[Place, Told]):
    """A place the marts go to: takes a release whole or leaves what was there as it was."""

    def __call__(self, release: Release, place: Place, /) -> Told:
        """Copy the release to `place`. Raises ActionableError where that cannot be done."""


def business_names(contents: Contents) -> tuple[str, ...]:
    """Return every business of any mart, sorted. Raises ActionableError where one is no folder."""
    names = sorted({business for content in contents.values() for business in content} - {SHARED})
    for name in names:
        if not re.fullmatch(BUSINESS_NAME, name):
            raise ActionableError(
                f"The business {name!r} in the marts cannot name a folder of exports: rename "
                "its folder in the landing zone to 1-40 of a-z, 0-9, _ and -."
            )
    return tuple(names)


@contextmanager
def open_release(
    warehouse_path: Path, as_of: datetime, pseudonym_key: SecretStr | None = None
) -> Iterator[Release]:
    """Yield the marts of the warehouse, opened read-only, as they may leave the house.

    With a `pseudonym_key` nobody can find out by trying which id a digest stands for.
    Raises ActionableError where there are no marts or one has a column of personal data.
    """
    with open_warehouse(warehouse_path, read_only=True) as connection:
        marts = _read_marts(connection)
        if not marts:
            raise ActionableError(
                f"The warehouse {warehouse_path} has no marts to publish: run `make run` first."
            )
        _refuse_personal_data(marts)
        # Held in a table of this connection, the key is in no statement that an error could print.
        connection.execute("create temporary table pseudonym_keys (key varchar)")
        key = pseudonym_key.get_secret_value() if pseudonym_key else ""
        connection.execute("insert into pseudonym_keys values (?)", [key])
        for mart in marts:
            connection.execute(
                f"create temporary view {mart.name} as "  # noqa: S608
                f"select {released_columns(mart)} from marts.{mart.name}"
            )
        yield Release(connection, marts, as_of)


def read_contents(
    connection: duckdb.DuckDBPyConnection, rows: str, mart: Mart
) -> dict[str, Content]:
    """Read rows of a mart, a table, once; return their content per business, or under SHARED."""
    business = f"coalesce({BUSINESS}, '{SHARED}')" if mart.has_business else f"'{SHARED}'"
    found = connection.execute(
        f"select {business}, {mart.part}, count(*), sum({row_hash(mart.columns)}) "  # noqa: S608
        f"from {rows} group by all order by all"
    ).fetchall()
    parts: dict[str, dict[str, Part]] = {}
    for name, part, count, hashes in found:
        parts.setdefault(name, {})[part] = Part(count, int(hashes))
    return {name: Content(of_one) for name, of_one in parts.items()}


def released_columns(mart: Mart) -> str:
    """Return the select list of a mart in which no id of a customer can be read.

    An id becomes a keyed hash of business, entity and id, so that `session_id` of one mart still
    joins to `session_id` of another, and never to that of another business.
    """
    business = f"{BUSINESS} || " if mart.has_business else ""
    key = "(select key from pseudonym_keys)"
    return ", ".join(
        f"""md5({key} || md5({key} || {business}'|{name.removesuffix("_id")}|' || "{name}"))"""
        f""" as "{name}\""""
        if _is_customer_id(mart, name)
        else f'"{name}"'
        for name in mart.columns
    )


def _is_customer_id(mart: Mart, column: str) -> bool:
    # A dimension without businesses (dates, channels, KPIs) holds nothing of a customer.
    is_shared_dimension = mart.name.startswith("dim_") and not mart.has_business
    is_label_key = mart.name == _LABELLED_FROM and column == "message_key"
    is_id = column.endswith("_id") or (column in _STAND_INS and not is_label_key)
    return is_id and column not in _KEPT_IDS and not is_shared_dimension


def _read_marts(connection: duckdb.DuckDBPyConnection) -> tuple[Mart, ...]:
    rows = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and schema_name = 'marts' "
        "order by table_name, column_index"
    ).fetchall()
    columns: dict[str, dict[str, str]] = {}
    for table, column, data_type in rows:
        columns.setdefault(table, {})[column] = data_type
    return tuple(Mart(name, of_mart) for name, of_mart in columns.items())


def _refuse_personal_data(marts: tuple[Mart, ...]) -> None:
    found = sorted(
        f"{mart.name}.{column}"
        for mart in marts
        for column in mart.columns
        if column.lower() in _PERSONAL_COLUMNS
    )
    if found:
        raise ActionableError(
            f"The marts hold columns of personal data ({', '.join(found)}), so nothing was "
            "published: take them out of the models."
        )
