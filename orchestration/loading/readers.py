"""SQL over DuckDB's own readers: many files of one format as records of texts, in one statement.

A `…_reading` reads text files in order into the temporary table `reading`; numbering its rows keeps
that to one thread, so it does nothing else. A `…_select` gives what `checked_select` asks of its
source. `source_line` of text files counts through all files of the reading.
"""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

import re
from collections.abc import Sequence

from orchestration.sources.records import Header
from orchestration.streams import Stream

# Twice what inspection lets pass as plain, as that measures to the mebibyte only.
_LINE_BYTES = 4 << 20
_SPOOLED_BYTES = 128 << 20

JSONL_READING = f"""
    select row_number() over () as number, line, filename
    from read_csv(
        $paths, columns = {{'line': 'varchar'}}, delim = chr(1), quote = '', escape = '',
        header = false, auto_detect = false, filename = true, compression = $compression,
        max_line_size = {_LINE_BYTES}
    )
"""

_LINES = """
    select file_id, number as source_line, line as record_text, line as raw_text,
        null::varchar as record_fault
    from reading
    inner join batch_files on batch_files.path = reading.filename
"""

_SPOOLED = f"""
    select file_id, source_line, record_text, raw_text, record_fault
    from read_json(
        $paths, format = 'newline_delimited', maximum_object_size = {_SPOOLED_BYTES},
        columns = {{
            'file_id': 'bigint', 'source_line': 'bigint', 'record_text': 'varchar',
            'raw_text': 'varchar', 'record_fault': 'varchar'
        }}
    )
"""


def jsonl_select(record: Stream) -> str:
    """Records of the plain JSON lines files of a reading."""
    return _json_select(record, _LINES)


def spooled_select(record: Stream) -> str:
    """Records that the exact reader wrote to the files `$paths`."""
    return _json_select(record, _SPOOLED)


def _json_select(record: Stream, lines: str) -> str:
    names = record.column_names()
    shape = ", ".join(f'"{name}": "varchar"' for name in names)
    columns = ", ".join(f"fields.{name} as {name}" for name in names)
    # The parser also takes the literals NaN and Infinity, which would become words in a text.
    not_finite = ", ".join(
        f"case when fields.{name} in ('NaN', 'Infinity', '-Infinity') "
        f"and json_type(record_text, '$.{name}') <> 'VARCHAR' then 'bad_value:{name}' end"
        for name in names
    )
    return f"""
        select file_id, source_line, raw_text as _raw_text, {columns},
            nullif(list_filter(keys, lambda key: key not in ({_quoted(names)})), [])
                as _unknown_columns,
            case
                when text_fault is not null then text_fault
                when contains(record_text, 'NaN') or contains(record_text, 'Infinity')
                    then coalesce({not_finite})
            end as _fault
        from (
            select *,
                case when text_fault is null
                    then json_transform(record_text, '{{{shape}}}') end as fields,
                case when text_fault is null then json_keys(record_text) end as keys
            from (
                select *, case
                    when record_fault is not null then record_fault
                    when not coalesce(regexp_matches(record_text, '\\S'), false) then 'blank'
                    when not json_valid(record_text) then 'not_json'
                    when not regexp_matches(record_text, '^\\s*\\{{') then 'not_object'
                end as text_fault
                from ({lines})
            )
        )
    """


def csv_reading(header: Header) -> str:
    """Cells of the plain CSV files `$paths`, which share one header."""
    cells = ", ".join(f"'cell_{index}': 'varchar'" for index in range(len(header.names)))
    return f"""
        select row_number() over () as number, *
        from read_csv(
            $paths, columns = {{{cells}}}, delim = chr({ord(header.delimiter)}), quote = '"',
            escape = '"', header = true, auto_detect = false, strict_mode = true,
            null_padding = false, filename = true, compression = $compression,
            max_line_size = {_LINE_BYTES}
        )
    """


def csv_select(record: Stream, header: Header) -> str:
    """Rows of the plain CSV files of a reading."""
    positions = {name: f"cell_{index}" for index, name in enumerate(header.names)}
    columns = ", ".join(
        f"{positions.get(name, 'null::varchar')} as {name}" for name in record.column_names()
    )
    return f"""
        select file_id, number as source_line, null::varchar as _raw_text, null::varchar as _fault,
            {_unknown(record, header.names)} as _unknown_columns, {columns}
        from reading
        inner join batch_files on batch_files.path = reading.filename
    """


def parquet_select(record: Stream, types: dict[str, str]) -> str:
    """Rows of Parquet files whose columns are `types` (name: DuckDB's type)."""
    texts = {name.strip().lower(): _as_text(name, kind) for name, kind in types.items()}
    columns = ", ".join(
        f"{texts.get(name, 'null::varchar')} as {name}" for name in record.column_names()
    )
    return f"""
        select file_id, file_row_number + 1 as source_line, null::varchar as _raw_text,
            null::varchar as _fault, {_unknown(record, list(texts))} as _unknown_columns, {columns}
        from read_parquet($paths, filename = 'landing_path', file_row_number = true) as rows
        inner join batch_files on batch_files.path = rows.landing_path
    """


def _as_text(name: str, kind: str) -> str:
    column = 'rows."' + name.replace('"', '""') + '"'
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"strftime({column} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
    if re.match(r"STRUCT|MAP|UNION|.*\]$", kind):
        return f"to_json({column})::varchar"
    return f"{column}::varchar"


def _unknown(record: Stream, names: Sequence[str]) -> str:
    unknown = sorted(set(names) - set(record.column_names()) - {""})
    return f"[{_quoted(unknown)}]" if unknown else "null::varchar[]"


def _quoted(names: Sequence[str]) -> str:
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)
