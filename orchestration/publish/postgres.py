"""Destination: PostgreSQL, a schema per business, and a role that may read only that.

    kpi_<business>.<table>          reports, facts and dimensions of the business
    kpi_<business>_reader           a role that reads this schema and no other

New tables are built beside the old ones and exchanged for them in one transaction: a reader sees
all of the old refresh or all of the new one. What was made here is known by its comment, which also
bears the fingerprint of a table's content: a table whose content did not change stays as it is.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from orchestration.errors import ActionableError
from orchestration.publish.offers import (
    Delivered,
    Offer,
    make_offers,
    plain_names,
    unknown_names,
    variable_name,
)
from orchestration.publish.postgres_marks import Schema, mark_live, read_schemas, read_tables
from orchestration.publish.postgres_readers import give_rights, make_reader, remove_reader
from orchestration.publish.postgres_swap import drop_beside, drop_live, exchange
from orchestration.publish.postgres_tables import build_tables
from orchestration.publish.release import Release
from orchestration.publish.secrecy import hidden

# Raised whenever the same rows would be written differently: all tables are then sent anew.
_VERSION = 1
_CONNECT_SECONDS = 15
# A server that says nothing for so long is gone.
_SILENCE_MILLISECONDS = 120_000
_LOCK = 1_263_553_871


@dataclass(frozen=True)
class PostgresPlace:
    """A database: its address (a URL with user and password), and how its schemas begin.

    `reader_passwords` are by the business's name in capitals, - as _.
    """

    url: SecretStr
    schema_prefix: str = "kpi_"
    reader_passwords: Mapping[str, SecretStr] = field(default_factory=dict)


def publish_postgres(release: Release, place: PostgresPlace) -> Delivered:
    """Bring the release to the database, each business whole or not at all.

    Raises ActionableError, which never shows a password, where the database cannot be reached or
    written, where a schema of that name is somebody else's, and where readers keep tables locked;
    what was there before is then still there.
    """
    offers = make_offers(release, _VERSION)
    names = plain_names(offers)
    told = Delivered(0, 0, 0)
    failures: list[str] = []
    with hidden(_secrets(place)), _connected(place) as connection:
        live = read_schemas(connection, place.schema_prefix)
        for business, of_business in offers.items():
            schema = f"{place.schema_prefix}{names[business]}"
            password = place.reader_passwords.get(variable_name(business))
            try:
                told = _and(
                    told, _publish(connection, release, of_business, live, schema, password)
                )
            except ActionableError as error:
                failures.append(str(error))
        for known in live.values():
            if known.business not in offers:
                told = _and(told, _remove(connection, known))
    if failures:
        raise ActionableError("\n".join(failures))
    unknown = unknown_names(place.reader_passwords, offers)
    remarks = [
        f"POSTGRES_READER_PASSWORD_{name} names no business of the marts" for name in unknown
    ]
    return replace(told, remarks=(*told.remarks, *remarks))


def _publish(
    connection: psycopg.Connection,
    release: Release,
    offers: tuple[Offer, ...],
    live: Mapping[str, Schema],
    schema: str,
    password: SecretStr | None,
) -> Delivered:
    business = offers[0].business
    if schema not in live:
        mark_live(connection, schema, business, release.as_of)
    tables = read_tables(connection, schema)
    foreign = sorted(offer.name for offer in offers if tables.get(offer.name, "") is None)
    if foreign:
        raise ActionableError(
            f"PostgreSQL: {schema}.{foreign[0]} was not made by this project, so nothing of "
            f"{business} was sent: move it to another schema or rename it."
        )
    remarks = make_reader(connection, schema, password)
    changed = [offer for offer in offers if tables.get(offer.name) != offer.fingerprint]
    names = {offer.name for offer in offers}
    gone = [name for name, mark in tables.items() if mark is not None and name not in names]
    if changed or gone:
        # What a run that was cut off left there.
        drop_beside(connection, schema)
        beside, left_out = build_tables(connection, release, changed, schema)
        remarks += left_out
        give_rights(connection, schema, beside)
        exchange(connection, schema, beside, [offer.name for offer in changed], gone)
    mark_live(connection, schema, business, release.as_of)
    remarks += drop_beside(connection, schema)
    return Delivered(
        rows=sum(offer.rows for offer in offers),
        sent=len(changed),
        unchanged=len(offers) - len(changed),
        remarks=tuple(remarks),
    )


def _remove(connection: psycopg.Connection, schema: Schema) -> Delivered:
    """Take a business away that has left."""
    beside = drop_beside(connection, schema.name)
    kept = drop_live(connection, schema.name)
    remarks = (*beside, *kept, *remove_reader(connection, schema.name))
    return Delivered(0, 0, 0, () if kept else (schema.business,), remarks)


def _and(one: Delivered, other: Delivered) -> Delivered:
    return Delivered(
        one.rows + other.rows,
        one.sent + other.sent,
        one.unchanged + other.unchanged,
        (*one.removed, *other.removed),
        (*one.remarks, *other.remarks),
    )


def _secrets(place: PostgresPlace) -> list[str]:
    url = place.url.get_secret_value()
    passwords = [password.get_secret_value() for password in place.reader_passwords.values()]
    own = str(_address(place).get("password") or "")
    return [url, own, quote(own), quote(own, safe=""), *passwords]


def _address(place: PostgresPlace) -> Mapping[str, object]:
    try:
        return conninfo_to_dict(place.url.get_secret_value())
    except psycopg.ProgrammingError:
        # The error would print what it could not read.
        raise ActionableError(
            "POSTGRES_URL is no address of a database: give it as "
            "postgresql://user:password@host:5432/database."
        ) from None


@contextmanager
def _connected(place: PostgresPlace) -> Iterator[psycopg.Connection]:
    """Yield a connection that commits by itself, alone at work under this prefix."""
    address = _address(place)
    where = f"{address.get('host', 'localhost')}:{address.get('port', 5432)}"
    try:
        with psycopg.connect(
            place.url.get_secret_value(),
            autocommit=True,
            prepare_threshold=None,
            connect_timeout=_CONNECT_SECONDS,
            tcp_user_timeout=_SILENCE_MILLISECONDS,
            client_encoding="utf8",
            application_name="chatbot-kpi-warehouse",
        ) as connection:
            connection.execute("set timezone = 'UTC'")
            connection.execute("set client_min_messages = warning")
            _hold_alone(connection, place.schema_prefix)
            yield connection
    except psycopg.errors.InsufficientPrivilege as error:
        raise ActionableError(
            f"PostgreSQL at {where} does not allow the user of POSTGRES_URL what is needed "
            f"({_first_line(error)}): as its administrator run GRANT CREATE ON DATABASE … TO that "
            "user, and ALTER ROLE … CREATEROLE if readers are wanted; what was there is still "
            "there."
        ) from error
    except psycopg.OperationalError as error:
        raise ActionableError(
            f"PostgreSQL at {where} could not be reached or written ({_first_line(error)}): check "
            "POSTGRES_URL, the network and the server's disk; what was there is still there."
        ) from error


def _hold_alone(connection: psycopg.Connection, prefix: str) -> None:
    query = sql.SQL("select pg_try_advisory_lock({}, hashtext({}))")
    held = connection.execute(query.format(_LOCK, prefix)).fetchone()
    if held != (True,):
        raise ActionableError(
            "Another refresh is writing to the same PostgreSQL database: wait for it to end and "
            "run again, or set POSTGRES_SCHEMA_PREFIX to another one."
        )


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split("\n")[:1]).strip() or type(error).__name__
