"""Destination: a folder of files per business, one DuckDB file and a manifest.

    <export_dir>/<business>/csv/<rpt table>.csv
    <export_dir>/<business>/parquet/<table>.parquet, of a large fact a folder of <year>.parquet
    <export_dir>/<business>/dashboard.html, kpi.xlsx, digest.txt
    <export_dir>/marts.duckdb
    <export_dir>/manifest.json

Readers see the old files or the new ones; a file whose content did not change stays as it is, so
that a second run leaves the same bytes. Where the warehouse says what a refresh touched, only that
is brought over; the result is the same.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.config import Locale
from orchestration.errors import ActionableError
from orchestration.publish.change import bring_over, follow, read_scope
from orchestration.publish.fingerprint import Contents
from orchestration.publish.folder import csv_file, parquet_file
from orchestration.publish.manifest import (
    MANIFEST,
    Manifest,
    describe,
    read_manifest,
    write_manifest,
)
from orchestration.publish.marts_file import exported, write_marts
from orchestration.publish.pages.contents import SHOWN
from orchestration.publish.pages.writing import PAGE_FILES, page_files, write_pages
from orchestration.publish.plan import Plan, all_files, plan_files
from orchestration.publish.release import Release, business_names
from orchestration.publish.state import (
    State,
    last_export,
    log_of,
    seal,
    signature,
    write_state,
    written_as,
)
from orchestration.publish.swap import link, remove_folder, replace_folder, staging_folder
from orchestration.publish.writing import write_businesses

MARTS_FILE = "marts.duckdb"
# Raised whenever the same marts would be written differently: all files are then written anew.
EXPORTER_VERSION = 5
_NANOSECONDS = 10**9


@dataclass(frozen=True)
class FilesWritten:
    """What the export did: whether it wrote all marts or only what a refresh touched, and which
    businesses got new files or lost them.
    """

    manifest: Manifest
    is_everything: bool
    businesses_written: tuple[str, ...]
    businesses_removed: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Rows of all exported tables."""
        return sum(table.rows for table in self.manifest.tables.values())


@dataclass(frozen=True)
class _Staged:
    """What the release holds, the marts with new files per business, and the last export.

    `is_everything` says that all marts were read, not only what a refresh touched.
    """

    contents: Contents
    is_everything: bool
    plan: Plan
    last: State | None


def publish_files(release: Release, place: Path, locale: Locale = "ru") -> FilesWritten:
    """Write the release to the folder `place`, which is made if it is missing.

    Pages and workbooks are in the language of `locale`; tables are the same in all.

    Raises ActionableError where the disk is full, the folder may not be written, or another
    refresh writes to it; what was exported before is then still there, whole.
    """
    with _readable_errors(place), staging_folder(place) as staging:
        before = read_manifest(place)
        staged = _stage(release, place, staging, locale)
        after = describe(release, staged.contents, EXPORTER_VERSION)
        write_manifest(after, staging / MANIFEST)
        known = {
            *(before.businesses if before else ()),
            *(staged.last.files if staged.last else ()),
        }
        removed = tuple(sorted(known - set(after.businesses)))
        owned = _owned_files(before, staged)
        for business in staged.plan:
            replace_folder(staging / business, place / business, _owned_in(place / business, owned))
        for business in removed:
            remove_folder(place / business, staging / business, _owned_in(place / business, owned))
        if (staging / MARTS_FILE).exists():
            log_of(place / MARTS_FILE).unlink(missing_ok=True)
            (staging / MARTS_FILE).replace(place / MARTS_FILE)
        if not _is_same_file(staging / MANIFEST, place / MANIFEST):
            (staging / MANIFEST).replace(place / MANIFEST)
        return FilesWritten(after, staged.is_everything, tuple(staged.plan), removed)


def _stage(release: Release, place: Path, staging: Path, locale: Locale) -> _Staged:
    """Write to `staging` what differs from `place`: folders of businesses, the marts file."""
    connection, path = release.connection, staging / MARTS_FILE
    scope, way = read_scope(connection), written_as(release, EXPORTER_VERSION)
    with last_export(connection, place / MARTS_FILE) as last:
        # What was written in another way is no base for a change.
        is_base = last and (last.written_as, last.locale) == (way, locale)
        base = last if is_base else None
        contents = follow(release, scope, base) if base else None
    is_everything = contents is None
    if contents is None:
        with exported(connection, path):
            contents = write_marts(release)
    businesses = business_names(contents)
    number = scope.number if scope else None
    plan = plan_files(base, contents, businesses, release.marts, place)
    if base and not plan and (base.contents, base.refresh) == (contents, number):
        path.unlink(missing_ok=True)
        return _Staged(contents, is_everything, plan, last)
    if not is_everything:
        shutil.copyfile(place / MARTS_FILE, path)
    with exported(connection, path):
        if base and not is_everything:
            bring_over(release, base.contents, contents)
        write_businesses(connection, release.marts, contents, plan, staging)
    if page_files(release.marts):
        shown = [business for business, planned in plan.items() if SHOWN & planned.keys()]
        write_pages(path, staging, shown, locale)
    names = {business: all_files(release.marts, contents, business) for business in businesses}
    for business in plan:
        for name in names[business]:
            if not (staging / business / name).exists():
                (staging / business / name).parent.mkdir(exist_ok=True)
                link(place / business / name, staging / business / name)
    with exported(connection, path):
        state = State(
            written_as=way,
            locale=locale,
            refresh=number,
            # Whole seconds, which every filesystem can keep.
            written_at=time.time_ns() // _NANOSECONDS * _NANOSECONDS,
            contents=contents,
            files={
                business: signature((staging if business in plan else place) / business, own)
                for business, own in names.items()
            },
        )
        write_state(connection, state)
    seal(path, state)
    return _Staged(contents, is_everything, plan, last)


def _is_same_file(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _owned_files(before: Manifest | None, staged: _Staged) -> set[str]:
    names = {*staged.contents, *(before.tables if before else ())}
    names.update(staged.last.contents if staged.last else ())
    tables = {csv_file(name) for name in names} | {parquet_file(name) for name in names}
    return tables | {*PAGE_FILES}


def _owned_in(folder: Path, owned: set[str]) -> set[str]:
    """Add to the owned files the years of large facts that lie in a folder, whoever wrote them."""
    return owned | {
        part.relative_to(folder).as_posix()
        for table in folder.glob("parquet/*.parquet/")
        if table.relative_to(folder).as_posix() in owned
        for part in table.glob("*.parquet")
    }


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
