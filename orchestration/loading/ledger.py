"""Decide from the ledger and the landing zone what is new, what is gone and what stays."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from orchestration.loading.inspection import Arrival

# business, system, stream and content: files that share these are twins, and one is loaded.
_Content = tuple[str, str, str, str]


@dataclass(frozen=True)
class Entry:
    """One row of the ledger."""

    business_id: str
    system: str
    stream: str
    source_file: str
    content_hash: str
    read_with: str
    rows_read: int
    rows_duplicate: int

    def content(self) -> _Content:
        """What twins share."""
        return (self.business_id, self.system, self.stream, self.content_hash)


@dataclass(frozen=True)
class Plan:
    """What one loading has to do.

    `arrivals` are read, `twins` repeat another file's content, `gone` are paths whose rows go,
    `entangled` those paths that must change together with another one.
    """

    arrivals: tuple[Arrival, ...]
    twins: tuple[Arrival, ...]
    gone: tuple[str, ...]
    entangled: frozenset[str]
    files_new: int
    files_changed: int
    files_unchanged: int


def read_entries(
    connection: duckdb.DuckDBPyConnection, folders: Sequence[tuple[str, str]]
) -> list[Entry]:
    """Read the ledger rows of these (system, stream)."""
    rows = connection.execute(
        "select business_id, system, stream, source_file, content_hash, read_with, rows_read, "
        "rows_duplicate from raw.loaded_files "
        "where list_contains($folders, system || '/' || stream)",
        {"folders": ["/".join(folder) for folder in folders]},
    ).fetchall()
    return [Entry(*row) for row in rows]


def make_plan(present: Sequence[Arrival], entries: Sequence[Entry]) -> Plan:
    """Compare what lies there with what is loaded; the result does not depend on the past.

    Of twins the first by path is loaded and the others count as duplicate, whichever came first.
    """
    first: dict[_Content, str] = {}
    for arrival in sorted(present, key=lambda arrival: arrival.file.source_file):
        first.setdefault(_content(arrival), arrival.file.source_file)
    loaded = {entry.source_file: entry for entry in entries}
    arrivals: list[Arrival] = []
    twins: list[Arrival] = []
    unchanged = changed = 0
    for arrival in present:
        path = arrival.file.source_file
        is_twin = first[_content(arrival)] != path
        if _is_current(loaded.get(path), arrival, is_twin):
            unchanged += 1
            continue
        changed += path in loaded
        (twins if is_twin else arrivals).append(arrival)
    versions = {(_content(arrival), arrival.file.source_file) for arrival in present}
    versions |= {(entry.content(), entry.source_file) for entry in entries}
    holders = Counter(content for content, _ in versions)
    return Plan(
        arrivals=tuple(arrivals),
        twins=tuple(twins),
        gone=tuple(sorted(loaded.keys() - {arrival.file.source_file for arrival in present})),
        entangled=frozenset(path for content, path in versions if holders[content] > 1),
        files_new=len(arrivals) + len(twins) - changed,
        files_changed=changed,
        files_unchanged=unchanged,
    )


def _content(arrival: Arrival) -> _Content:
    file = arrival.file
    return (file.business_id, file.system, file.stream, arrival.content_hash)


def _is_current(entry: Entry | None, arrival: Arrival, is_twin: bool) -> bool:
    if entry is None:
        return False
    # A file without rows is neither loaded nor duplicate, so its row does not tell which it was.
    has_same_role = entry.rows_read == 0 or (entry.rows_duplicate > 0) == is_twin
    return (
        entry.content() == _content(arrival)
        and entry.read_with == arrival.reading.fingerprint()
        and has_same_role
    )
