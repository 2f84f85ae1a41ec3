"""PostgreSQL, Google Sheets, BigQuery and the chats: not wanted, half configured, or reached."""

from collections.abc import Iterator
from typing import NoReturn

import psycopg
import requests

from orchestration.config import Settings
from orchestration.doctor.findings import Finding, absent, good, warning, wrong
from orchestration.doctor.landing import businesses_of
from orchestration.errors import ActionableError
from orchestration.publish.offers import unknown_names
from orchestration.publish.postgres_marks import read_schemas

_CONNECT_SECONDS = 5
_GOOGLE_SECONDS = 10


def examine_postgres(settings: Settings) -> Iterator[Finding]:
    """Log in to the database of POSTGRES_URL and ask what its user may do."""
    area, passwords = "postgres", settings.postgres_reader_passwords()
    if settings.postgres_url is None:
        if passwords:
            yield wrong(area, "half", there="POSTGRES_READER_PASSWORD_…", missing="POSTGRES_URL")
        else:
            yield absent(area, "no_postgres")
        return
    try:
        with psycopg.connect(
            settings.postgres_url.get_secret_value(),
            autocommit=True,
            connect_timeout=_CONNECT_SECONDS,
            client_encoding="utf8",
            options="-c statement_timeout=5000",
        ) as connection:
            yield from _rights(connection, settings)
    except psycopg.ProgrammingError:
        # The error would print what it could not read.
        yield wrong(area, "postgres_no_address")
    except psycopg.OperationalError as error:
        yield wrong(area, "postgres_silent", told=str(error).split("\n")[0])
    yield from _strangers(settings, area, "POSTGRES_READER_PASSWORD_", [*passwords])


def _rights(connection: psycopg.Connection, settings: Settings) -> Iterator[Finding]:
    row = connection.execute(
        "select current_setting('server_version'), current_database(), current_user, "
        "has_database_privilege(current_database(), 'create'), rolcreaterole or rolsuper "
        "from pg_roles where rolname = current_user"
    ).fetchone()
    version, database, user, may_create, may_create_roles = row or ("", "", "", False, False)
    schemas = read_schemas(connection, settings.postgres_schema_prefix)
    yield good(
        "postgres", "postgres", version=version, database=database, user=user, schemas=len(schemas)
    )
    if not may_create:
        yield wrong("postgres", "postgres_no_schemas", database=database, user=user)
    if not may_create_roles:
        yield warning("postgres", "postgres_no_roles", user=user)


def examine_google_sheets(settings: Settings) -> Iterator[Finding]:
    """Open the spreadsheet of every business that has one."""
    area, spreadsheets = "google_sheets", settings.google_sheets()
    key = settings.google_sheets_credentials
    if key is None and not spreadsheets:
        yield absent(area, "no_google_sheets")
        return
    if key is None or not spreadsheets:
        names = ("GOOGLE_SHEET_<BUSINESS>", "GOOGLE_SHEETS_CREDENTIALS")
        there, missing = names if key is None else names[::-1]
        yield wrong(area, "half", there=there, missing=missing)
        return
    from orchestration.publish.sheets import read_worksheets
    from orchestration.publish.sheets_access import SheetsPlace
    from orchestration.publish.sheets_client import Pace

    for business, identity in sorted(spreadsheets.items()):
        place = SheetsPlace(
            key, {business: identity}, settings.google_sheets_endpoint, Pace(sleep=_give_up)
        )
        try:
            worksheets = read_worksheets(place)[business]
        except ActionableError as error:
            yield wrong(area, "as_told", told=str(error))
        else:
            yield good(area, "google_sheet", business=business, worksheets=len(worksheets))
    yield from _strangers(settings, area, "GOOGLE_SHEET_", [*spreadsheets])


def _give_up(_: float) -> NoReturn:
    """Take the first refusal for an answer, where a refresh would wait and ask again."""
    raise requests.ConnectionError("no answer at the first try")


def examine_bigquery(settings: Settings) -> Iterator[Finding]:
    """Ask the project of BIGQUERY_PROJECT for its datasets."""
    area, project, key = "bigquery", settings.bigquery_project, settings.bigquery_credentials
    if project is None and key is None:
        yield absent(area, "no_bigquery")
        return
    if project is None:
        yield wrong(area, "half", there="BIGQUERY_CREDENTIALS", missing="BIGQUERY_PROJECT")
        return
    if key is None and settings.bigquery_endpoint is None:
        yield wrong(area, "half", there="BIGQUERY_PROJECT", missing="BIGQUERY_CREDENTIALS")
        return
    from orchestration.doctor.google_project import count_datasets

    try:
        datasets = count_datasets(settings, project, _GOOGLE_SECONDS)
    except ActionableError as error:
        yield wrong(area, "as_told", told=str(error))
    else:
        yield good(area, "bigquery", project=project, datasets=datasets)


def _strangers(
    settings: Settings, area: str, beginning: str, given: list[str]
) -> Iterator[Finding]:
    for name in unknown_names(given, businesses_of(settings)):
        yield warning(area, "names_nobody", variable=f"{beginning}{name}")
