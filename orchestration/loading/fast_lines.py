"""JSON lines with DuckDB's own readers: in one parse, and a line in doubt once more, exactly."""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

from collections.abc import Collection, Mapping

from orchestration.loading.fast_batch import AMONG, FastBatch, split_on_error
from orchestration.loading.readers_json import (
    LINES_READING,
    jsonl_select,
    jsonl_unknown,
    lines_select,
    lines_unknown,
)

# Of a smaller file beginning it takes longer than parsing its lines twice.
_LARGE_BYTES = 1 << 18
_IN_DOUBT = "(file_id, source_line) in (from doubtful)"


def read_jsonl(batch: FastBatch, lines: Mapping[int, int], compression: str) -> set[int]:
    """Read plain JSON lines files; `lines` are how many lines the bytes of each file have.

    DuckDB's parser gives the columns, but of what it cannot read neither the reason nor the text,
    and it passes over blank lines. So a file with another number of records than lines is read
    again line by line, and a file with records in doubt is for these. Small files are read line by
    line at once.
    """
    large = [file_id for file_id in lines if batch.paths[file_id].stat().st_size >= _LARGE_BYTES]
    read = batch.insert(large, jsonl_select(batch.record), compression=compression)
    places = batch.places(read)
    whole = {
        file_id: place
        for file_id, place in places.items()
        if place.rows == lines[file_id] and place.is_unbroken()
    }
    batch.forget(read - whole.keys())
    batch.set_line_bases(whole, first_line=1)
    named = split_on_error(
        whole,
        lambda part: batch.insert_unknown(
            jsonl_unknown(batch.record), **batch.named(part), compression=compression
        ),
    )
    doubtful = batch.rejecting(named)
    _set_doubtful_aside(batch, doubtful)
    settled = _read_lines(batch, lines, doubtful, compression, _IN_DOUBT)
    batch.forget(whole.keys() - named | doubtful - settled)
    others = lines.keys() - whole.keys()
    return named - doubtful | settled | _read_lines(batch, lines, others, compression, "true")


def _set_doubtful_aside(batch: FastBatch, file_ids: Collection[int]) -> None:
    batch.connection.execute(
        "create or replace temp table doubtful as "
        "select file_id, checked.rowid - _base as source_line "
        f"from checked inner join line_bases using (file_id) where _reason is not null and {AMONG}",
        {"file_ids": sorted(file_ids)},
    )
    batch.connection.execute(
        f"delete from checked where _reason is not null and {AMONG}",
        {"file_ids": sorted(file_ids)},
    )


def _read_lines(
    batch: FastBatch,
    lines: Mapping[int, int],
    file_ids: Collection[int],
    compression: str,
    condition: str,
) -> set[int]:
    """Read those lines of the files for which `condition` is true."""
    trusted: set[int] = set()

    def attempt(part: list[int]) -> None:
        bases = [sum(lines[file_id] for file_id in part[:index]) for index in range(len(part))]
        batch.connection.execute(
            f"create or replace temp table reading as {LINES_READING}",
            {**batch.named(part), "bases": bases, "compression": compression},
        )
        counted = batch.connection.execute(
            "select file_id, count(*), min(source_line), max(source_line) from reading group by all"
        ).fetchall()
        # What the reader counted must be what the bytes say, or its numbers mean other lines.
        ranges = {file_id: numbers for file_id, *numbers in counted}
        trusted.update(
            file_id
            for file_id in part
            if not lines[file_id] or ranges.get(file_id) == [lines[file_id], 1, lines[file_id]]
        )
        batch.insert_checked(lines_select(batch.record, condition))
        batch.insert_unknown(lines_unknown(batch.record))
        batch.connection.execute("drop table reading")

    read = split_on_error(file_ids, attempt)
    batch.forget(read - trusted)
    return read & trusted
