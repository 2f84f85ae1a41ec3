"""Destination: BigQuery, a dataset per business.

    <project>.kpi_<business>.<table>          reports, facts and dimensions of the business

Rows are loaded into tables beside the live ones and counted there; then every table that changed is
copied over its live one. Each copy happens whole or not at all, so that no table is ever missing,
empty or half; all of them start together, and until the last has ended, some seconds, a reader may
meet tables of two refreshes. What was made here bears labels, with the fingerprint of the content:
a table whose content did not change is not sent.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import requests
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import Forbidden, GoogleAPICallError, NotFound, RetryError
from google.auth.credentials import AnonymousCredentials, Credentials
from google.auth.exceptions import GoogleAuthError
from google.cloud import bigquery
from google.oauth2 import service_account
from pydantic import SecretStr

from orchestration.errors import ActionableError
from orchestration.publish.bigquery_jobs import (
    BESIDE,
    MADE_BY,
    Project,
    Staged,
    copy_over,
    load_beside,
    open_dataset,
    read_fingerprints,
)
from orchestration.publish.bigquery_tables import FINGERPRINT, labels_of
from orchestration.publish.google_key import read_key, secrets_of
from orchestration.publish.offers import Delivered, Offer, make_offers, plain_names
from orchestration.publish.release import Release
from orchestration.publish.secrecy import hidden

# Raised whenever the same rows would be written differently: all tables are then sent anew.
_VERSION = 1
_SCOPES = ["https://www.googleapis.com/auth/bigquery"]


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
        retry = bigquery.DEFAULT_RETRY.with_timeout(place.patience)
        project = Project(open_client(place, key), retry)
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
    project: Project,
    dataset: str,
    release: Release,
    offers: Sequence[Offer],
) -> Delivered:
    business = offers[0].business
    home = open_dataset(project, dataset, business)
    known = read_fingerprints(project, dataset)
    changed = [offer for offer in offers if known.get(offer.name) != labels_of(offer)[FINGERPRINT]]
    names = {offer.name for offer in offers}
    gone = [name for name, fingerprint in known.items() if fingerprint and name not in names]
    remarks: list[str] = []
    staged: list[Staged] = []
    try:
        for offer in changed:
            staged.append(Staged(offer, f"{dataset}.{offer.name}{BESIDE}{secrets.token_hex(4)}"))
            remarks += load_beside(project, release, staged[-1])
        copy_over(project, dataset, release, staged)
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


def _remove_departed(
    project: Project, place: BigQueryPlace, offers: Mapping[str, Sequence[Offer]]
) -> tuple[tuple[str, ...], list[str]]:
    """Take away the datasets of businesses that have left, as far as they were made here."""
    removed, remarks = [], []
    for item in project.client.list_datasets(place.project, retry=project.retry):
        business = item.labels.get("business", "")
        if item.labels.get("made_by") != MADE_BY["made_by"] or business in offers:
            continue
        # Another prefix that begins with this one is another installation's.
        if item.dataset_id != place.dataset_prefix + plain_names([business])[business]:
            continue
        dataset = f"{place.project}.{item.dataset_id}"
        known = read_fingerprints(project, dataset)
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
