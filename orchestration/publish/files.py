"""Destination: a folder of files per business, one DuckDB file and a manifest.

    <export_dir>/<business>/csv/<rpt table>.csv
    <export_dir>/<business>/parquet/<table>.parquet
    <export_dir>/marts.duckdb
    <export_dir>/manifest.json

Readers see the old files or the new ones; a business whose content did not change keeps its
files untouched, so that a second run leaves the same bytes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.errors import ActionableError
from orchestration.publish.manifest import (
    MANIFEST,
    Manifest,
    describe,
    read_manifest,
    write_manifest,
)
from orchestration.publish.release import Mart, Release
from orchestration.publish.swap import remove_folder, replace_folder, staging_folder
from orchestration.publish.writing import (
    business_files,
    csv_file,
    marts_file,
    parquet_file,
    write_businesses,
)

MARTS_FILE = "marts.duckdb"
# Raised whenever the same marts would be written differently: all files are then written anew.
EXPORTER_VERSION = 1


@dataclass(frozen=True)
class FilesWritten:
    """What the export did: rows in all marts, and which businesses got new files or lost them."""

    manifest: Manifest
    businesses_written: tuple[str, ...]
    businesses_removed: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Rows of all exported tables."""
        return sum(table.rows for table in self.manifest.tables.values())


def publish_files(release: Release, place: Path) -> FilesWritten:
    """Write the release to the folder `place`, which is made if it is missing.

    Raises ActionableError where the disk is full, the folder may not be written, or another
    refresh writes to it; what was exported before is then still there, whole.
    """
    with _readable_errors(place), staging_folder(place) as staging:
        before, after = read_manifest(place), describe(release, EXPORTER_VERSION)
        written = _changed_businesses(before, after, release.marts, place)
        removed = _removed_businesses(before, after)
        is_marts_file_current = _is_same(before, after) and (place / MARTS_FILE).is_file()
        if written or not is_marts_file_current:
            with marts_file(release, staging / MARTS_FILE) as connection:
                write_businesses(connection, release.marts, written, staging)
            (staging / MARTS_FILE).chmod(0o444)
        owned = _owned_files(before, release.marts)
        for business in written:
            replace_folder(staging / business, place / business, owned)
        for business in removed:
            remove_folder(place / business, staging / business, owned)
        if not is_marts_file_current:
            (staging / MARTS_FILE).replace(place / MARTS_FILE)
        if after != before:
            write_manifest(after, staging / MANIFEST)
            (staging / MANIFEST).replace(place / MANIFEST)
        return FilesWritten(after, written, removed)


def _is_same(before: Manifest | None, after: Manifest) -> bool:
    return before is not None and before.fingerprint == after.fingerprint


def _changed_businesses(
    before: Manifest | None, after: Manifest, marts: tuple[Mart, ...], place: Path
) -> tuple[str, ...]:
    known = before.businesses if before else {}
    expected = business_files(marts)
    return tuple(
        business
        for business, entry in after.businesses.items()
        if business not in known
        or known[business].fingerprint != entry.fingerprint
        or not all((place / business / name).is_file() for name in expected)
    )


def _removed_businesses(before: Manifest | None, after: Manifest) -> tuple[str, ...]:
    return tuple(sorted(set(before.businesses) - set(after.businesses))) if before else ()


def _owned_files(before: Manifest | None, marts: tuple[Mart, ...]) -> set[str]:
    names = {mart.name for mart in marts} | set(before.tables if before else ())
    return {csv_file(name) for name in names} | {parquet_file(name) for name in names}


@contextmanager
def _readable_errors(place: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, duckdb.IOException) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error).splitlines()[0]
        raise ActionableError(
            f"The exports could not be written to {place} ({reason}): what was exported before "
            "is still there; free some space or mend the rights of the folder, or set EXPORT_DIR."
        ) from error
