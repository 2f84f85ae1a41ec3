"""CSV and Parquet files, many in one statement, with DuckDB's own readers.

Each function gives the ids of the files whose records are in `checked` and are right; the others
are left to the exact reader. What becomes of a file never depends on which files came with it.
"""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

from collections.abc import Collection

from orchestration.loading.fast_batch import FastBatch, split_on_error
from orchestration.loading.readers import (
    FILE_INDEX,
    csv_select,
    known_as,
    native_columns,
    parquet_select,
    unknown_names,
)
from orchestration.sources.records import Header


def read_csv(
    batch: FastBatch, file_ids: Collection[int], header: Header, compression: str
) -> set[int]:
    """Read plain CSV files that share one header; those with rejected rows are not kept."""
    read = batch.insert(file_ids, csv_select(batch.record, header), compression=compression)
    places = batch.places(read)
    # DuckDB gives no raw text of a row, which a reject must have.
    rejecting = batch.rejecting(read)
    kept = {
        file_id: place
        for file_id, place in places.items()
        if place.is_unbroken() and file_id not in rejecting
    }
    batch.forget(read - kept.keys())
    batch.set_line_bases(kept, first_line=2)
    filled = [file_id for file_id, place in kept.items() if place.rows]
    batch.insert_unknown_names(filled, unknown_names(batch.record, header.names))
    return set(kept)


def read_parquet(batch: FastBatch, file_ids: Collection[int]) -> set[int]:
    """Read Parquet files, those of one schema at a time; a broken one is not among the read."""
    schemas: dict[int, tuple[tuple[str, str], ...]] = {}
    split_on_error(file_ids, lambda part: schemas.update(_parquet_types(batch, part)))
    read: set[int] = set()
    for types in sorted(set(schemas.values())):
        group = [file_id for file_id in schemas if schemas[file_id] == types]
        names = [name for name, _ in types]
        keys = [known_as(name) for name in names]
        select = parquet_select(batch.record, dict(types))
        native = native_columns(batch.record, dict(types))
        parts = [[file_id] for file_id in group] if FILE_INDEX in keys else [group]
        done = set().union(*(batch.insert(part, select, native) for part in parts))
        filled = [file_id for file_id, place in batch.places(done).items() if place.rows]
        unknown = unknown_names(batch.record, keys)
        batch.insert_unknown_names(filled, unknown)
        for file_id in batch.rejecting(done):
            _show_parquet_rejects(batch, file_id, names)
        read |= done
    return read


def _parquet_types(batch: FastBatch, file_ids: list[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    by_path = {str(batch.paths[file_id]): file_id for file_id in file_ids}
    nodes = batch.connection.execute(
        "select file_name, name, duckdb_type, coalesce(num_children, 0) "
        "from parquet_schema($paths) order by file_name, column_id",
        {"paths": batch.named(file_ids)["paths"]},
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


def _show_parquet_rejects(batch: FastBatch, file_id: int, names: Collection[str]) -> None:
    cells = ", ".join(
        "'{}': \"{}\"".format(name.replace("'", "''"), name.replace('"', '""')) for name in names
    )
    batch.connection.execute(
        f"update checked set _raw_text = rows.raw_text from (select to_json({{{cells}}}) as "
        "raw_text, file_row_number + 1 as number "
        "from read_parquet($paths, file_row_number = true, hive_partitioning = false)) as rows "
        "where file_id = $file_id and source_line = number and _reason is not null",
        {"paths": batch.named([file_id])["paths"], "file_id": file_id},
    )
