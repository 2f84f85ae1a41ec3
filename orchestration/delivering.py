"""Bring the marts to the destinations that are configured, and pass over the others.

What a destination is reached with is imported by whoever has one.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC

from orchestration.config import Settings
from orchestration.errors import ActionableError
from orchestration.failing import one_sentence
from orchestration.publish.offers import Delivered, known_contents
from orchestration.publish.release import Destination, Place, Release, open_release
from orchestration.reports import StepReport
from orchestration.warehouse import open_warehouse

NOT_CONFIGURED = "not configured"


@contextmanager
def released(settings: Settings) -> Iterator[Release]:
    """Yield the marts as they may leave the house, as of the refresh that made them."""
    with one_sentence():
        with open_warehouse(settings.warehouse_path, read_only=True) as connection:
            as_of = connection.execute("select as_of from raw.refresh_context").fetchall()[0][0]
        with open_release(
            settings.warehouse_path, as_of.replace(tzinfo=UTC), settings.pseudonym_key
        ) as release:
            yield release


def to_postgres(settings: Settings) -> StepReport:
    """Bring a schema per business to the database of POSTGRES_URL."""
    if settings.postgres_url is None:
        return passed_over("postgres")
    from orchestration.publish.postgres import PostgresPlace, publish_postgres

    place = PostgresPlace(
        settings.postgres_url, settings.postgres_schema_prefix, settings.postgres_reader_passwords()
    )
    return _deliver(settings, "postgres", publish_postgres, place)


def to_google_sheets(settings: Settings) -> StepReport:
    """Bring a worksheet per report to the spreadsheet of each business that has one."""
    credentials, spreadsheets = settings.google_sheets_credentials, settings.google_sheets()
    if credentials is None and not spreadsheets:
        return passed_over("google_sheets")
    if credentials is None or not spreadsheets:
        missing = "GOOGLE_SHEET_<BUSINESS>" if credentials else "GOOGLE_SHEETS_CREDENTIALS"
        raise ActionableError(
            f"Google Sheets need both a key and a spreadsheet: set {missing} too (see "
            "docs/destinations.md), or take the other away."
        )
    from orchestration.publish.sheets import publish_sheets
    from orchestration.publish.sheets_access import SheetsPlace

    place = SheetsPlace(credentials, spreadsheets, settings.google_sheets_endpoint)
    return _deliver(settings, "google_sheets", publish_sheets, place)


def to_bigquery(settings: Settings) -> StepReport:
    """Bring a dataset per business to the project of BIGQUERY_PROJECT."""
    project, credentials = settings.bigquery_project, settings.bigquery_credentials
    if project is None:
        return passed_over("bigquery")
    if credentials is None and settings.bigquery_endpoint is None:
        raise ActionableError(
            "BigQuery needs both a project and a key: set BIGQUERY_CREDENTIALS too (see "
            "docs/destinations.md), or take BIGQUERY_PROJECT away."
        )
    from orchestration.publish.bigquery import BigQueryPlace, publish_bigquery

    place = BigQueryPlace(
        project,
        credentials,
        settings.bigquery_dataset_prefix,
        settings.bigquery_location,
        settings.bigquery_endpoint,
    )
    return _deliver(settings, "bigquery", publish_bigquery, place)


# Every destination beside the files, by the name of its step.
DESTINATIONS: Mapping[str, Callable[[Settings], StepReport]] = {
    "postgres": to_postgres,
    "google_sheets": to_google_sheets,
    "bigquery": to_bigquery,
}


def _deliver(
    settings: Settings, name: str, publish: Destination[Place, Delivered], place: Place
) -> StepReport:
    with released(settings) as release:
        counted = replace(release, contents=known_contents(release, settings.export_dir))
        delivered = publish(counted, place)
    return StepReport(
        {name: delivered.rows},
        details={
            "tables_sent": delivered.sent,
            "tables_unchanged": delivered.unchanged,
            "businesses_removed": ", ".join(delivered.removed) or "none",
            "remarks": "; ".join(delivered.remarks) or "none",
        },
        remarks=delivered.remarks,
    )


def passed_over(name: str) -> StepReport:
    """Return the report of a step whose destination is not configured."""
    # No businesses: the command says nothing of what hardly anybody has.
    return StepReport(
        {name: 0}, details={"businesses": 0, "state": NOT_CONFIGURED}, remarks=[NOT_CONFIGURED]
    )
