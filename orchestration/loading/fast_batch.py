"""What reading with DuckDB's own readers shares, whatever the format: the batch and its tables."""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.loading.checking import checked_select
from orchestration.streams import Stream

AMONG = "file_id in (select unnest($file_ids::bigint[]))"
_NOT_BLANK = "_reason is distinct from 'blank'"


@dataclass(frozen=True)
class Place:
    """Where a file's records are in `checked`: how many, and the row ids from which to which."""

    rows: int
    first: int
    last: int

    def is_unbroken(self) -> bool:
        """Whether the records are one behind the other, so that a row id says the line."""
        return self.last - self.first + 1 == self.rows


NOWHERE = Place(0, 0, -1)


@dataclass(frozen=True)
class FastBatch:
    """The shape of the batch's records, and of each file, by id, path, time zone and format."""

    connection: duckdb.DuckDBPyConnection
    record: Stream
    paths: Sequence[Path]
    time_zones: Sequence[str]
    formats: Sequence[str]

    def insert(
        self,
        file_ids: Collection[int],
        select: str,
        native: frozenset[str] = frozenset(),
        **parameters: object,
    ) -> set[int]:
        """Insert the records that `select` reads from files; give those that could be read."""
        return split_on_error(
            file_ids,
            lambda part: self.insert_checked(select, native, **self.named(part), **parameters),
        )

    def insert_checked(
        self, select: str, native: frozenset[str] = frozenset(), **parameters: object
    ) -> None:
        """Insert the records of `select`, checked, in its order."""
        insert = (
            "insert into checked by name "
            f"from ({checked_select(self.record, select, native)}) where {_NOT_BLANK}"
        )
        # DuckDB refuses a parameter that a statement does not name.
        lists = {"time_zones": self.time_zones, "formats": self.formats}
        named = {name: values for name, values in lists.items() if f"${name}" in insert}
        self.connection.execute(insert, parameters | named)

    def insert_unknown(self, select: str, **parameters: object) -> None:
        """Insert the names that `select` finds beside those of the record."""
        self.connection.execute(f"insert into unknown_columns {select}", parameters)

    def insert_unknown_names(self, file_ids: Collection[int], names: Collection[str]) -> None:
        """Insert the same names for all of the files."""
        if file_ids and names:
            self.insert_unknown(
                "select unnest($file_ids::bigint[]) as file_id, name "
                "from (select unnest($names::varchar[]) as name)",
                file_ids=sorted(file_ids),
                names=sorted(names),
            )

    def named(self, file_ids: Sequence[int]) -> dict[str, object]:
        """Parameters that name files to a reader."""
        # DuckDB takes every path for a pattern; in brackets these characters mean themselves.
        escapes = str.maketrans({character: f"[{character}]" for character in "*?["})
        paths = [str(self.paths[file_id]).translate(escapes) for file_id in file_ids]
        return {"paths": paths, "file_ids": list(file_ids)}

    def places(self, file_ids: Collection[int]) -> dict[int, Place]:
        """Where the records of each file are."""
        rows = self.connection.execute(
            f"select file_id, count(*), min(rowid), max(rowid) from checked where {AMONG} "
            "group by file_id",
            {"file_ids": sorted(file_ids)},
        ).fetchall()
        return dict.fromkeys(file_ids, NOWHERE) | {
            file_id: Place(count, first, last) for file_id, count, first, last in rows
        }

    def set_line_bases(self, places: Mapping[int, Place], first_line: int) -> None:
        """Say what to take off a row id for the line; files begin with `first_line`."""
        self.connection.execute(
            "insert into line_bases select unnest($file_ids::bigint[]), unnest($bases::bigint[])",
            {
                "file_ids": list(places),
                "bases": [place.first - first_line for place in places.values()],
            },
        )

    def rejecting(self, file_ids: Collection[int]) -> set[int]:
        """Those of the files that have records with a reason not to be loaded."""
        rejecting = self.connection.execute(
            f"select distinct file_id from checked where _reason is not null and {AMONG}",
            {"file_ids": sorted(file_ids)},
        ).fetchall()
        return {file_id for (file_id,) in rejecting}

    def forget(self, file_ids: Collection[int]) -> None:
        """Take back what was inserted for the files."""
        if file_ids:
            for table in ("checked", "line_bases", "unknown_columns"):
                self.connection.execute(
                    f"delete from {table} where {AMONG}", {"file_ids": sorted(file_ids)}
                )


def split_on_error(file_ids: Collection[int], attempt: Callable[[list[int]], object]) -> set[int]:
    """Attempt all files at once and on an error each half alone; give those that succeeded."""
    if not file_ids:
        return set()
    ordered = sorted(file_ids)
    try:
        attempt(ordered)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        if len(ordered) == 1:
            return set()
        middle = len(ordered) // 2
        halves = (ordered[:middle], ordered[middle:])
        return set().union(*(split_on_error(half, attempt) for half in halves))
    return set(ordered)
