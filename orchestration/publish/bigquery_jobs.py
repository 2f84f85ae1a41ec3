"""What is asked of BigQuery: datasets, marks of tables, load jobs and copy jobs."""

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from google.api_core.exceptions import NotFound
from google.api_core.retry import Retry
from google.cloud import bigquery

from orchestration.errors import ActionableError
from orchestration.publish.bigquery_tables import (
    FINGERPRINT,
    columns_of,
    description_of,
    labels_of,
    staged_table,
    write_parquet,
)
from orchestration.publish.offers import Offer
from orchestration.publish.release import Release

MADE_BY = {"made_by": "chatbot-kpi-warehouse"}
BESIDE = "__new_"
_JOB_SECONDS = 900


@dataclass(frozen=True)
class Staged:
    """A table whose rows wait at `address` to be copied."""

    offer: Offer
    address: str


@dataclass(frozen=True)
class Project:
    """A client, and how long every call of it is tried."""

    client: bigquery.Client
    retry: Retry


def open_dataset(project: Project, address: str, business: str) -> bigquery.Dataset:
    """Return the dataset of a business, made if there is none."""
    try:
        found = project.client.get_dataset(address, project.retry)
    except NotFound:
        new = bigquery.Dataset(address)
        new.location = project.client.location
        new.labels = {**MADE_BY, "business": business}
        return project.client.create_dataset(new, retry=project.retry)
    if found.labels.get("made_by") != MADE_BY["made_by"]:
        raise ActionableError(
            f"BigQuery has a dataset {address} that this project did not make: rename it, or set "
            "BIGQUERY_DATASET_PREFIX to another beginning."
        )
    return found


def read_fingerprints(project: Project, dataset: str) -> dict[str, str]:
    """Return the fingerprint of every table of a dataset, '' where it was not made here."""
    tables = [item.table_id for item in project.client.list_tables(dataset, retry=project.retry)]
    found = {}
    for name in sorted(tables):
        # A list of tables does not always say their labels.
        with suppress(NotFound):
            table = project.client.get_table(f"{dataset}.{name}", project.retry)
            found[name] = table.labels.get(FINGERPRINT, "")
    return {name: mark for name, mark in found.items() if BESIDE not in name}


def load_beside(project: Project, release: Release, staged: Staged) -> list[str]:
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


def copy_over(
    project: Project,
    dataset: str,
    release: Release,
    staged: Sequence[Staged],
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
