"""Load one stream from the landing zone into `raw`, exactly once by content."""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.business import read_business
from orchestration.errors import ActionableError
from orchestration.landing import LandingFile, LandingZone, find_files
from orchestration.loading.inspection import Arrival, hash_file
from orchestration.loading.ledger import Plan, make_plan, read_entries
from orchestration.loading.rejects import refuse_rejected_files
from orchestration.loading.staging import stage_files
from orchestration.loading.storing import store_batch
from orchestration.loading.tables import create_raw_tables
from orchestration.sources.contract import Feed, Reading, System
from orchestration.sources.systems import SYSTEMS, feeds_loaded_with
from orchestration.streams import STREAMS

_LOGGER = logging.getLogger(__name__)

# Bounds what lies in temporary tables at once; packed, the same rows take a small part of the text.
_BATCH_BYTES = 1 << 29
_PACKED_RATIO = 16
_PACKED_ENDINGS = (".gz", ".parquet")


@dataclass(frozen=True)
class LoadReport:
    """What one loading of a stream did: files by what became of them, rows of the files read.

    `rows_read` = `rows_loaded` + `rows_duplicate` + `rows_rejected`, in rows of the files;
    unchanged files are not read and not counted.
    """

    stream: str
    files_new: int = 0
    files_changed: int = 0
    files_unchanged: int = 0
    files_removed: int = 0
    rows_read: int = 0
    rows_loaded: int = 0
    rows_duplicate: int = 0
    rows_rejected: int = 0


def load_stream(
    connection: duckdb.DuckDBPyConnection, landing_dir: Path, stream: str
) -> LoadReport:
    """Make `raw` hold exactly the landing zone's files of `stream`, and report what was done.

    Files of a feed with several outputs (the article's) are loaded with its first stream and fill
    the others in the same transaction. Load the businesses first: their time zones are read here.
    A batch of files is stored in one transaction, so that no moment shows half a file.

    Raises ActionableError for a file that cannot be read, an empty landing zone although files
    were loaded from it before, and, after everything is stored, for files of which more than 5 %
    of the rows are rejected.
    """
    feeds = feeds_loaded_with(STREAMS[stream].name)
    create_raw_tables(connection)
    zone = find_files(landing_dir)
    refuse_empty_zone(connection, zone)
    loaded_at = _after_all_before(connection)
    report = LoadReport(stream)
    for (system, folder), feed in feeds.items():
        files = [file for file in zone.files if (file.system, file.stream) == (system, folder)]
        present = _hash(files, _readings(connection, zone, files, SYSTEMS[system], feed))
        plan = make_plan(present, read_entries(connection, [(system, folder)]))
        report = _add(report, _load_feed(connection, feed, plan, loaded_at), plan)
    _LOGGER.info("%s", report)
    refuse_rejected_files(connection, list(feeds))
    return report


def _after_all_before(connection: duckdb.DuckDBPyConnection) -> datetime:
    """Give the time now, or the next moment after the last loading where the clock went back."""
    last = connection.execute("select max(loaded_at) from raw.loaded_files").fetchall()[0][0]
    now = datetime.now(UTC).replace(tzinfo=None)
    return now if last is None or now > last else last + timedelta(microseconds=1)


def refuse_empty_zone(connection: duckdb.DuckDBPyConnection, zone: LandingZone) -> None:
    """Raise ActionableError where nothing lies in the landing zone but something once did."""
    count = connection.execute("select count(*) from raw.loaded_files").fetchone()
    if count and count[0] and not zone.files:
        raise ActionableError(
            f"The landing zone {zone.landing_dir} holds no file of any stream, but the warehouse "
            f"was loaded from {count[0]}: set LANDING_DIR to the right folder, or delete the "
            "warehouse if it shall be empty."
        )


def _hash(files: Sequence[LandingFile], readings: Sequence[Reading]) -> list[Arrival]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(hash_file, files, readings))


def _readings(
    connection: duckdb.DuckDBPyConnection,
    zone: LandingZone,
    files: Sequence[LandingFile],
    system: System,
    feed: Feed,
) -> list[Reading]:
    """How each of `files` is to be read; where the loader itself reads, the time zone is all."""
    business_ids = {file.business_id for file in files}
    if feed.read:
        businesses = {
            business_id: read_business(zone.settings_path(business_id))
            for business_id in business_ids
        }
        return [
            businesses[file.business_id].reading(file.business_id, file.source_file, system.name)
            for file in files
        ]
    rows = connection.execute("select business_id, timezone from raw.businesses").fetchall()
    time_zones: dict[str, str] = dict(rows)
    # A folder made since the businesses were loaded.
    for business_id in business_ids - time_zones.keys():
        time_zones[business_id] = read_business(zone.settings_path(business_id)).timezone
    return [
        Reading(file.business_id, time_zones[file.business_id], file.source_file) for file in files
    ]


def _load_feed(
    connection: duckdb.DuckDBPyConnection, feed: Feed, plan: Plan, loaded_at: datetime
) -> dict[str, int]:
    totals: dict[str, int] = {}
    for arrivals, twins, gone in _batches(plan):
        try:
            stage_files(connection, feed, arrivals, twins)
            changed = [arrival for arrival in arrivals if not arrival.is_unchanged_on_disk()]
        except OSError as error:
            raise ActionableError(
                f"{error.filename or 'A file'} could not be read or written to the end "
                f"({error.strerror}): see that nobody moves it and that the disk has room, "
                "and run again."
            ) from error
        if changed:
            raise ActionableError(
                f"The file {changed[0].file.path} was written to while it was read: let it be "
                "written under a name ending in .tmp and renamed when complete, and run again."
            )
        counts = store_batch(connection, feed, gone, loaded_at)
        for name, count in counts.items():
            totals[name] = totals.get(name, 0) + count
        _LOGGER.info("%s: %s files, %s", feed.owner(), len(arrivals) + len(twins), counts)
    return totals


def _batches(plan: Plan) -> Iterator[tuple[list[Arrival], list[Arrival], list[str]]]:
    """Cut the plan into transactions; what must change together is in the first, however large."""
    arrivals: list[Arrival] = []
    twins, gone = list(plan.twins), list(plan.gone)
    size = 0
    for arrival in sorted(plan.arrivals, key=lambda arrival: _batch_order(arrival, plan)):
        is_entangled = arrival.file.source_file in plan.entangled
        if arrivals and size > _BATCH_BYTES and not is_entangled:
            yield arrivals, twins, gone
            arrivals, twins, gone, size = [], [], [], 0
        arrivals.append(arrival)
        is_packed = arrival.file.path.name.lower().endswith(_PACKED_ENDINGS)
        size += arrival.size_bytes * (_PACKED_RATIO if is_packed else 1)
    if arrivals or twins or gone:
        yield arrivals, twins, gone


def _batch_order(arrival: Arrival, plan: Plan) -> tuple[bool, str]:
    return (arrival.file.source_file not in plan.entangled, arrival.file.source_file)


def _add(report: LoadReport, totals: Mapping[str, int], plan: Plan) -> LoadReport:
    return LoadReport(
        report.stream,
        report.files_new + plan.files_new,
        report.files_changed + plan.files_changed,
        report.files_unchanged + plan.files_unchanged,
        report.files_removed + len(plan.gone),
        report.rows_read + totals.get("rows_read", 0),
        report.rows_loaded + totals.get("rows_loaded", 0),
        report.rows_duplicate + totals.get("rows_duplicate", 0),
        report.rows_rejected + totals.get("rows_rejected", 0),
    )
