"""SQL over DuckDB's own readers: many CSV or Parquet files as records of texts, in one statement.

A `…_select` gives what `checked_select` asks of its source; it reads the files `$paths`, whose ids
are `$file_ids`. Where `source_line` is NULL, the order of the rows says it.
"""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

import re
from collections.abc import Iterable, Mapping, Sequence

from orchestration.loading.values import NATIVE_TYPES
from orchestration.sources.records import Header
from orchestration.streams import Stream

# Twice what inspection lets pass as plain, as that measures to the mebibyte only.
LINE_BYTES = 4 << 20

FILE_INDEX = "file_index"
FILE_ID = f"$file_ids[{FILE_INDEX}::bigint + 1]"


def csv_select(record: Stream, header: Header) -> str:
    """Rows of plain CSV files that share one header."""
    cells = [f"cell_{index}" for index in range(len(header.names))]
    positions = dict(zip(header.names, cells, strict=True))
    columns = ", ".join(
        f"{positions.get(name, 'null::varchar')} as {name}" for name in record.column_names()
    )
    shape = ", ".join(f"'{cell}': 'varchar'" for cell in cells)
    return f"""
        select {FILE_ID} as file_id, null::bigint as source_line, null::varchar as _raw_text,
            null::varchar as _fault, {columns}
        from read_csv(
            $paths, columns = {{{shape}}}, delim = chr({ord(header.delimiter)}), quote = '"',
            escape = '"', header = true, auto_detect = false, strict_mode = true,
            null_padding = false, compression = $compression, max_line_size = {LINE_BYTES},
            hive_partitioning = false
        )
    """


def parquet_select(record: Stream, types: Mapping[str, str]) -> str:
    """Rows of Parquet files whose columns are `types` (name: DuckDB's type).

    The columns of `native_columns` are as they stand, others as text. Where a column has the name
    by which DuckDB numbers files, `$paths` must be one file.
    """
    native = native_columns(record, types)
    texts = {
        known_as(name): _cell(name) if known_as(name) in native else _as_text(name, kind)
        for name, kind in types.items()
    }
    columns = ", ".join(
        f"{texts.get(name, 'null::varchar')} as {name}" for name in record.column_names()
    )
    file_id = "$file_ids[1]" if FILE_INDEX in texts else FILE_ID
    return f"""
        select {file_id} as file_id, file_row_number + 1 as source_line,
            null::varchar as _raw_text, null::varchar as _fault, {columns}
        from read_parquet($paths, file_row_number = true, hive_partitioning = false) as rows
    """


def native_columns(record: Stream, types: Mapping[str, str]) -> frozenset[str]:
    """Columns of the record that Parquet columns of `types` hold in the very type."""
    kinds = {known_as(name): kind for name, kind in types.items()}
    return frozenset(
        column.name
        for column in record.columns
        if kinds.get(column.name, "") == NATIVE_TYPES.get(column.type)
    )


def known_as(name: str) -> str:
    """Return the name under which a column of a file is looked for."""
    return name.strip().lower()


def _cell(name: str) -> str:
    return 'rows."' + name.replace('"', '""') + '"'


def _as_text(name: str, kind: str) -> str:
    column = _cell(name)
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"strftime({column} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
    if re.match(r"STRUCT|MAP|UNION|.*\]$", kind):
        return f"to_json({column})::varchar"
    return f"{column}::varchar"


def unknown_names(record: Stream, names: Iterable[str]) -> list[str]:
    """Names of columns, in lower case, that the record does not know."""
    return sorted(set(names) - set(record.column_names()) - {""})


def quoted(names: Sequence[str]) -> str:
    """Return the names as a list of SQL texts."""
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)
