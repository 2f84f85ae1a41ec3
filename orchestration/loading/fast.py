"""Read many files of one kind in one statement with DuckDB's own readers, where that is exact.

Each function gives the ids of the files whose records are in `checked` and are right; the others
are left to the exact reader. What becomes of a file never depends on which files came with it.
"""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.loading.checking import checked_select
from orchestration.loading.readers import (
    JSONL_READING,
    csv_reading,
    csv_select,
    jsonl_select,
    parquet_select,
)
from orchestration.sources.records import Header
from orchestration.streams import Stream

_AMONG = "file_id in (select unnest($file_ids::bigint[]))"


@dataclass(frozen=True)
class FastReader:
    """Where records go, their shape, and the paths of the batch's files by id."""

    connection: duckdb.DuckDBPyConnection
    record: Stream
    paths: Mapping[int, Path]

    def read_jsonl(self, lines: Mapping[int, int], is_gzip: bool) -> set[int]:
        """Read plain JSON lines files; `lines` are how many lines the bytes of each file have."""
        read = self._read_text(lines, JSONL_READING, jsonl_select(self.record), is_gzip)
        ranges = self._line_ranges(read)
        # What the reader counted must be what the bytes say, or its numbers mean other lines.
        trusted = {
            file_id
            for file_id in read
            if ranges.get(file_id, (0, 0)) == (lines[file_id], lines[file_id])
        }
        self._forget(read - trusted)
        self._set_line_bases(trusted, first_line=1)
        return trusted

    def read_csv(self, file_ids: Collection[int], header: Header, is_gzip: bool) -> set[int]:
        """Read plain CSV files that share one header; those with rejected rows are not kept."""
        select = csv_select(self.record, header)
        read = self._read_text(file_ids, csv_reading(header), select, is_gzip)
        # DuckDB gives no raw text of a row, which a reject must have.
        kept = read - self._rejecting(read)
        self._forget(read - kept)
        self._set_line_bases(kept, first_line=2)
        return kept

    def read_parquet(self, file_ids: Collection[int]) -> set[int]:
        """Read Parquet files, those of one schema at a time; a broken one is not among the read."""
        schemas: dict[int, tuple[tuple[str, str], ...]] = {}
        _split_on_error(sorted(file_ids), lambda part: schemas.update(self._parquet_types(part)))
        read: set[int] = set()
        for types in sorted(set(schemas.values())):
            group = [file_id for file_id in schemas if schemas[file_id] == types]
            done = self._read_parquet(group, parquet_select(self.record, dict(types)))
            for file_id in self._rejecting(done):
                self._show_parquet_rejects(file_id, [name for name, _ in types])
            read |= done
        return read

    def _read_text(
        self, file_ids: Collection[int], reading: str, select: str, is_gzip: bool
    ) -> set[int]:
        insert = f"insert into checked by name {checked_select(self.record, select)}"

        def attempt(part: list[int]) -> None:
            self.connection.execute(
                f"create or replace temp table reading as {reading}",
                {"paths": self._patterns(part), "compression": "gzip" if is_gzip else "none"},
            )
            self.connection.execute(insert)
            self.connection.execute("drop table reading")

        return _split_on_error(sorted(file_ids), attempt)

    def _read_parquet(self, file_ids: Collection[int], select: str) -> set[int]:
        insert = f"insert into checked by name {checked_select(self.record, select)}"

        def attempt(part: list[int]) -> None:
            self.connection.execute(insert, {"paths": self._patterns(part)})

        return _split_on_error(sorted(file_ids), attempt)

    def _patterns(self, file_ids: Collection[int]) -> list[str]:
        # DuckDB takes every path for a pattern; in brackets these characters mean themselves.
        escapes = str.maketrans({character: f"[{character}]" for character in "*?["})
        return [str(self.paths[file_id]).translate(escapes) for file_id in file_ids]

    def _line_ranges(self, file_ids: Collection[int]) -> dict[int, tuple[int, int]]:
        """Rows and span of line numbers of each file."""
        return {
            file_id: (rows, span)
            for file_id, rows, span in self.connection.execute(
                "select file_id, count(*), max(source_line) - min(source_line) + 1 from checked "
                f"where {_AMONG} group by file_id",
                {"file_ids": sorted(file_ids)},
            ).fetchall()
        }

    def _rejecting(self, file_ids: Collection[int]) -> set[int]:
        rejecting = self.connection.execute(
            f"select distinct file_id from checked where _reason <> 'blank' and {_AMONG}",
            {"file_ids": sorted(file_ids)},
        ).fetchall()
        return {file_id for (file_id,) in rejecting}

    def _forget(self, file_ids: Collection[int]) -> None:
        if file_ids:
            self.connection.execute(
                f"delete from checked where {_AMONG}",
                {"file_ids": sorted(file_ids)},
            )

    def _set_line_bases(self, file_ids: Collection[int], first_line: int) -> None:
        self.connection.execute(
            "insert into line_bases select file_id, min(source_line) - $first_line from checked "
            f"where {_AMONG} group by file_id",
            {"file_ids": sorted(file_ids), "first_line": first_line},
        )

    def _parquet_types(self, file_ids: Collection[int]) -> dict[int, tuple[tuple[str, str], ...]]:
        by_path = {str(self.paths[file_id]): file_id for file_id in file_ids}
        nodes = self.connection.execute(
            "select file_name, name, duckdb_type, coalesce(num_children, 0) "
            "from parquet_schema($paths) order by file_name, column_id",
            {"paths": self._patterns(file_ids)},
        ).fetchall()
        types: dict[int, list[tuple[str, str]]] = {}
        nested = 0
        for path, name, kind, children in nodes:
            columns = types.get(by_path[path])
            if columns is None:
                types[by_path[path]] = []
                nested = 0
            elif nested:
                nested += children - 1
            else:
                columns.append((name, kind))
                nested = children
        return {file_id: tuple(columns) for file_id, columns in types.items()}

    def _show_parquet_rejects(self, file_id: int, names: Collection[str]) -> None:
        cells = ", ".join(
            "'{}': \"{}\"".format(name.replace("'", "''"), name.replace('"', '""'))
            for name in names
        )
        self.connection.execute(
            f"update checked set _raw_text = rows.raw_text from (select to_json({{{cells}}}) as "
            "raw_text, file_row_number + 1 as number "
            "from read_parquet($paths, file_row_number = true)) as rows "
            "where file_id = $file_id and source_line = number and _reason is not null",
            {"paths": self._patterns([file_id]), "file_id": file_id},
        )


def _split_on_error(file_ids: list[int], attempt: Callable[[list[int]], object]) -> set[int]:
    """Attempt all files at once and on an error each half alone; give those that succeeded."""
    if not file_ids:
        return set()
    try:
        attempt(file_ids)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        if len(file_ids) == 1:
            return set()
        middle = len(file_ids) // 2
        halves = (file_ids[:middle], file_ids[middle:])
        return set().union(*(_split_on_error(half, attempt) for half in halves))
    return set(file_ids)
