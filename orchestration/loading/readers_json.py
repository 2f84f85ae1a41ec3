"""SQL over DuckDB's own readers: many JSON lines files as records of texts, in one statement.

A `…_select` gives what `checked_select` asks of its source, an `…_unknown` select gives `file_id`
and `name` of what the record does not know. Files are named by `$paths` and `$file_ids`.
"""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

from orchestration.loading.readers import FILE_ID, FILE_INDEX, LINE_BYTES, quoted
from orchestration.streams import Stream

_SPOOLED_BYTES = 128 << 20
# The parser also takes these literals, which would become words in a text.
_NOT_FINITE = ("NaN", "Infinity", "-Infinity")

# Numbering rows keeps a reading to one thread, so it does nothing else. `$bases` are how many lines
# there are in the files before each.
LINES_READING = f"""
    select {FILE_ID} as file_id, line,
        row_number() over () - $bases[{FILE_INDEX}::bigint + 1] as source_line
    from read_csv(
        $paths, columns = {{'line': 'varchar'}}, delim = chr(1), quote = '', escape = '',
        header = false, auto_detect = false, compression = $compression,
        max_line_size = {LINE_BYTES}, hive_partitioning = false
    )
"""

_LINES = """
    select file_id, source_line, line as record_text, line as raw_text,
        null::varchar as record_fault
    from reading
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
    """Records of JSON lines files in one parse; one in doubt has a fault, no object no values.

    Blank lines are passed over.
    """
    names = record.column_names()
    shape = ", ".join(f"'{name}': 'varchar'" for name in names)
    in_doubt = " or ".join(f"{name} = '{word}'" for name in names for word in _NOT_FINITE)
    return f"""
        select {FILE_ID} as file_id, null::bigint as source_line, null::varchar as _raw_text,
            case when {in_doubt} then 'in_doubt' end as _fault, {", ".join(names)}
        from read_json(
            $paths, format = 'newline_delimited', columns = {{{shape}}}, records = 'true',
            ignore_errors = true, compression = $compression, hive_partitioning = false
        )
    """


def jsonl_unknown(record: Stream) -> str:
    """Names in JSON lines files, but for lines that are not JSON."""
    objects = f"""
        select {FILE_ID} as file_id, json as record_text
        from read_ndjson_objects(
            $paths, ignore_errors = true, compression = $compression, hive_partitioning = false
        )
    """
    return _unknown_names(record, objects)


def lines_select(record: Stream, condition: str) -> str:
    """Records of the lines in `reading` for which `condition` is true."""
    return _json_select(record, f"{_LINES} where {condition}")


def lines_unknown(record: Stream) -> str:
    """Names in the lines in `reading`."""
    return _unknown_names(record, f"from ({_LINES}) where json_valid(record_text)")


def spooled_select(record: Stream) -> str:
    """Records that the exact reader wrote to the files `$paths`."""
    return _json_select(record, _SPOOLED)


def spooled_unknown(record: Stream) -> str:
    """Names in what the exact reader wrote to the files `$paths`."""
    return _unknown_names(
        record, f"from ({_SPOOLED}) where record_fault is null and json_valid(record_text)"
    )


def _unknown_names(record: Stream, objects: str) -> str:
    return f"""
        select distinct file_id, name
        from (select file_id, unnest(json_keys(record_text)) as name from ({objects}))
        where name not in ({quoted(record.column_names())})
    """


def _json_select(record: Stream, lines: str) -> str:
    names = record.column_names()
    columns = ", ".join(f"fields.{name} as {name}" for name in names)
    not_finite = ", ".join(
        f"case when fields.{name} in ({quoted(_NOT_FINITE)}) "
        f"and json_type(record_text, '$.{name}') <> 'VARCHAR' then 'bad_value:{name}' end"
        for name in names
    )
    return f"""
        select file_id, source_line, raw_text as _raw_text, {columns},
            case
                when text_fault is not null then text_fault
                when contains(record_text, 'NaN') or contains(record_text, 'Infinity')
                    then coalesce({not_finite})
            end as _fault
        from (
            select *,
                case when text_fault is null
                    then json_transform(record_text, '{_json_shape(record)}') end as fields
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


def _json_shape(record: Stream) -> str:
    return "{" + ", ".join(f'"{name}": "varchar"' for name in record.column_names()) + "}"
