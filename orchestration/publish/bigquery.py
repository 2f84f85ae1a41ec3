"""Destination: BigQuery, a dataset per business.

    <project>.kpi_<business>.<table>          reports, facts and dimensions of the business

Rows are loaded into tables beside the live ones and counted there; then every table that changed is
copied over its live one. Each copy happens whole or not at all, so that no table is ever missing,
empty or half; all of them start together, and until the last has ended, some seconds, a reader may
meet tables of two refreshes. What was made here bears labels, with the fingerprint of the content:
a table whose content did not change is not sent.
"""

import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import (
    Forbidden,
    GoogleAPICallError,
    NotFound,
    RetryError,
)
from google.auth.credentials import AnonymousCredentials, Credentials
from google.auth.exceptions import GoogleAuthError
from google.cloud import bigquery
from google.oauth2 import service_account
from pydantic import SecretStr

from orchestration.errors import ActionableError
from orchestration.publish.bigquery_tables import (
    FINGERPRINT,
    columns_of,
    description_of,
    labels_of,
    staged_table,
    write_parquet,
)
from orchestration.publish.google_key import read_key, secrets_of
from orchestration.publish.offers import Delivered, Offer, make_offers, plain_names
from orchestration.publish.release import Release
from orchestration.publish.secrecy import hidden

# Raised whenever the same rows would be written differently: all tables are then sent anew.
_VERSION = 1
_MADE_BY = {"made_by": "chatbot-kpi-warehouse"}
_SCOPES = ["https://www.googleapis.com/auth/bigquery"]
_JOB_SECONDS = 900


@dataclass(frozen=True)
class BigQueryPlace:
    """A project, whose key opens it, and how its datasets begin.

    Without `credentials` nobody is asked who one is, as an emulator at `endpoint` does. What does
    not come through is tried again for `patience` seconds.
    """

    project: str
    credentials: SecretStr | None
    dataset_prefix: str = "kpi_"
    location: str = "EU"
    endpoint: str | None = None
    patience: float = 120.0


@dataclass(frozen=True)
class _Staged:
    """A table whose rows wait at `address` to be copied."""

    offer: Offer
    address: str


class _Project:
    """The client, with one patience for every call."""

    def __init__(self, client: bigquery.Client, patience: float) -> None:
        self.client = client
        self.retry = bigquery.DEFAULT_RETRY.with_timeout(patience)


def publish_bigquery(release: Release, place: BigQueryPlace) -> Delivered:
    """Bring the release to the project, table by table.

    Raises ActionableError, which shows nothing of the key, where the project cannot be reached or
    written and where a dataset of that name is somebody else's; each table is then the old one or
    the new one.
    """
    offers = make_offers(release, _VERSION)
    names = plain_names(offers)
    key = read_key(place.credentials, "BIGQUERY_CREDENTIALS") if place.credentials else None
    told: list[Delivered] = []
    failures: list[str] = []
    with hidden(secrets_of(key) if key else []), _readable_errors(place):
        project = _Project(open_client(place, key), place.patience)
        for business, of_business in offers.items():
            dataset = f"{place.project}.{place.dataset_prefix}{names[business]}"
            try:
                told.append(_publish(project, dataset, release, of_business))
            except ActionableError as error:
                failures.append(str(error))
        removed, remarks = _remove_departed(project, place, offers)
    if failures:
        raise ActionableError("\n".join(failures))
    return Delivered(
        rows=sum(one.rows for one in told),
        sent=sum(one.sent for one in told),
        unchanged=sum(one.unchanged for one in told),
        removed=removed,
        remarks=(*(remark for one in told for remark in one.remarks), *remarks),
    )


def open_client(place: BigQueryPlace, key: dict[str, Any] | None) -> bigquery.Client:
    """Return a client that works with the key. Raises ActionableError where the key is broken."""
    credentials: Credentials
    if key is None:
        credentials = AnonymousCredentials()  # type: ignore[no-untyped-call]
    else:
        try:
            credentials = service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
                key, scopes=_SCOPES
            )
        except ValueError:
            raise ActionableError(
                "BIGQUERY_CREDENTIALS holds a private key that cannot be read: download a new key "
                "of the service account from the Google Cloud console."
            ) from None
    options = ClientOptions(api_endpoint=place.endpoint) if place.endpoint else None
    return bigquery.Client(
        place.project, credentials, location=place.location, client_options=options
    )


def _publish(
    project: _Project,
    dataset: str,
    release: Release,
    offers: Sequence[Offer],
) -> Delivered:
    business = offers[0].business
    home = _dataset(project, dataset, business)
    known = _fingerprints(project, dataset)
    changed = [offer for offer in offers if known.get(offer.name) != labels_of(offer)[FINGERPRINT]]
    names = {offer.name for offer in offers}
    gone = [name for name, fingerprint in known.items() if fingerprint and name not in names]
    remarks: list[str] = []
    staged: list[_Staged] = []
    try:
        for offer in changed:
            staged.append(_Staged(offer, f"{dataset}.{offer.name}__new_{secrets.token_hex(4)}"))
            remarks += _load(project, release, staged[-1])
        _copy(project, dataset, release, staged)
    finally:
        for one in staged:
            # It would vanish by itself.
            with suppress(GoogleAPICallError, RetryError):
                project.client.delete_table(one.address, project.retry, not_found_ok=True)
    for name in gone:
        project.client.delete_table(f"{dataset}.{name}", project.retry, not_found_ok=True)
    home.description = f"KPIs of {business}, as of {release.as_of:%Y-%m-%d %H:%M} UTC."
    project.client.update_dataset(home, ["description"], project.retry)
    return Delivered(
        rows=sum(offer.rows for offer in offers),
        sent=len(changed),
        unchanged=len(offers) - len(changed),
        remarks=tuple(remarks),
    )


def _dataset(project: _Project, address: str, business: str) -> bigquery.Dataset:
    """Return the dataset of a business, made if there is none."""
    try:
        found = project.client.get_dataset(address, project.retry)
    except NotFound:
        new = bigquery.Dataset(address)
        new.location = project.client.location
        new.labels = {**_MADE_BY, "business": business}
        return project.client.create_dataset(new, retry=project.retry)
    if found.labels.get("made_by") != _MADE_BY["made_by"]:
        raise ActionableError(
            f"BigQuery has a dataset {address} that this project did not make: rename it, or set "
            "BIGQUERY_DATASET_PREFIX to another beginning."
        )
    return found


def _fingerprints(project: _Project, dataset: str) -> dict[str, str]:
    """Return the fingerprint of every table of a dataset, '' where it was not made here."""
    tables = [item.table_id for item in project.client.list_tables(dataset, retry=project.retry)]
    found = {}
    for name in sorted(tables):
        # A list of tables does not always say their labels.
        with suppress(NotFound):
            table = project.client.get_table(f"{dataset}.{name}", project.retry)
            found[name] = table.labels.get(FINGERPRINT, "")
    return {name: mark for name, mark in found.items() if "__new_" not in name}


def _load(project: _Project, release: Release, staged: _Staged) -> list[str]:
    """Load the rows of a table beside it; return what was left out.

    Raises ActionableError where not as many arrive as there are.
    """
    offer = staged.offer
    columns, left_out = columns_of(offer)
    project.client.create_table(staged_table(staged.address, offer, columns), retry=project.retry)
    lists = bigquery.ParquetOptions()  # type: ignore[no-untyped-call]
    lists.enable_list_inference = True
    config = bigquery.LoadJobConfig(
        source_format=bigquery.SourceFormat.PARQUET,
        # The table is new, and keeps its partitions so.
        write_disposition=bigquery.WriteDisposition.WRITE_EMPTY,
        schema=[column.field for column in columns],
    )
    config.parquet_options = lists
    with tempfile.TemporaryDirectory(prefix="kpi-bigquery-") as folder:
        path = Path(folder, "rows.parquet")
        write_parquet(release, offer, columns, path)
        with path.open("rb") as file:
            job = project.client.load_table_from_file(file, staged.address, job_config=config)
        job.result(timeout=_JOB_SECONDS)
    arrived = project.client.get_table(staged.address, project.retry).num_rows
    if arrived != offer.rows:
        raise ActionableError(
            f"BigQuery took {arrived} rows of {offer.name} of {offer.business} where the marts "
            f"have {offer.rows}: run `make refresh` again; what was there is still there."
        )
    return [
        f"BigQuery: {offer.name} of {offer.business} is without {column}, as there is no such type"
        for column in left_out
    ]


def _copy(
    project: _Project,
    dataset: str,
    release: Release,
    staged: Sequence[_Staged],
) -> None:
    """Copy every staged table over its live one, all at once."""
    config = bigquery.CopyJobConfig(write_disposition=bigquery.WriteDisposition.WRITE_TRUNCATE)
    jobs = [
        project.client.copy_table(
            one.address, f"{dataset}.{one.offer.name}", job_config=config, retry=project.retry
        )
        for one in staged
    ]
    for job in jobs:
        job.result(timeout=_JOB_SECONDS)
    for one in staged:
        table = project.client.get_table(f"{dataset}.{one.offer.name}", project.retry)
        table.labels = labels_of(one.offer)
        table.description = description_of(one.offer, release.as_of)
        # The table beside it was to vanish after a day.
        table.expires = None
        project.client.update_table(
            table, ["labels", "description", "expires"], retry=project.retry
        )


def _remove_departed(
    project: _Project, place: BigQueryPlace, offers: Mapping[str, Sequence[Offer]]
) -> tuple[tuple[str, ...], list[str]]:
    """Take away the datasets of businesses that have left, as far as they were made here."""
    removed, remarks = [], []
    for item in project.client.list_datasets(place.project, retry=project.retry):
        business = item.labels.get("business", "")
        if item.labels.get("made_by") != _MADE_BY["made_by"] or business in offers:
            continue
        # Another prefix that begins with this one is another installation's.
        if item.dataset_id != place.dataset_prefix + plain_names([business])[business]:
            continue
        dataset = f"{place.project}.{item.dataset_id}"
        known = _fingerprints(project, dataset)
        for name in (name for name, fingerprint in known.items() if fingerprint):
            project.client.delete_table(f"{dataset}.{name}", project.retry, not_found_ok=True)
        if foreign := sorted(name for name, fingerprint in known.items() if not fingerprint):
            remarks.append(
                f"BigQuery: the business {business} has left, but {dataset} stays, as somebody "
                f"made {foreign[0]} in it"
            )
        else:
            project.client.delete_dataset(
                dataset, delete_contents=True, retry=project.retry, not_found_ok=True
            )
            removed.append(business)
    return tuple(removed), remarks


@contextmanager
def _readable_errors(place: BigQueryPlace) -> Iterator[None]:
    stays = "each table is the old one or the new one"
    try:
        yield
    except Forbidden as error:
        raise ActionableError(
            f"BigQuery does not allow the key of BIGQUERY_CREDENTIALS to write to the project "
            f"{place.project} ({error.message}): give its service account the roles BigQuery Data "
            f"Editor and BigQuery Job User there; {stays}."
        ) from error
    except NotFound as error:
        raise ActionableError(
            f"BigQuery does not find what it was asked for in the project {place.project} "
            f"({error.message}): check BIGQUERY_PROJECT; {stays}."
        ) from error
    except GoogleAuthError as error:
        reason = str(error.args[0] if error.args else type(error).__name__)
        raise ActionableError(
            f"BigQuery: Google does not accept the key in BIGQUERY_CREDENTIALS ({reason}): make a "
            f"new key of the service account; {stays}."
        ) from error
    except (GoogleAPICallError, RetryError, requests.RequestException) as error:
        reason = getattr(error, "message", None) or type(error).__name__
        raise ActionableError(
            f"BigQuery could not be reached or did not do what it was asked for the project "
            f"{place.project} ({reason}): check the network and run `make refresh` again; {stays}."
        ) from error
