"""SQL that turns a record's texts into typed columns, or into the reason why it cannot."""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

from orchestration.streams import Column, Stream

_BLANKS = "' ' || chr(9) || chr(10) || chr(13)"

_CLOCK = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?"
_WITH_OFFSET = _CLOCK + r"( ?[Zz]| UTC| ?[+-](0\d|1[0-4])(:?[0-5]\d)?)"
_LOCAL = rf"{_CLOCK}|\d{{4}}-\d\d-\d\d"
_EPOCH = r"\d{1,13}(\.\d+)?"
# 20260131 would be read as a second of August 1970, and nobody means that.
_COMPACT_DATE = r"(19|20)\d{6}"
_EPOCH_SECONDS_END = 4133980800  # 2101-01-01
_INTEGER = r"[+-]?\d+(\.0*)?"
_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
# One comma that cannot part thousands: not exactly three digits behind it, or a lone 0 before it.
_DECIMAL_COMMA = r"[+-]?(\d+,(\d{1,2}|\d{4,})|0,\d+)"
_BOOLEANS = {
    "true": ("true", "1", "1.0", "yes", "y", "t"),
    "false": ("false", "0", "0.0", "no", "n", "f"),
}


def checked_select(record: Stream, source: str) -> str:
    """Select over `source` that types each record of shape `record` or gives the reason why not.

    `source` gives `file_id`, `source_line`, `_raw_text`, `_unknown_columns`, `_fault` (NULL where
    the record could be read) and each column of the record as text. The select gives `file_id`,
    `source_line`, `_reason` (of the first column at fault; NULL = good), `_raw_text` (only where
    there is a reason), `_unknown_columns` and the typed columns. The file's row in `batch_files`
    says its `time_zone`, in which times without an offset are, and its `format`: only CSV may
    write numbers with a decimal comma. Names that are no record's columns begin with `_`.
    """
    given = ", ".join(f"{_given(column)} as given_{column.name}" for column in record.columns)
    values = ", ".join(f"{_value(column)} as value_{column.name}" for column in record.columns)
    columns = ", ".join(f"value_{column.name} as {column.name}" for column in record.columns)
    faults = ", ".join(
        [
            "_fault",
            *(fault for column in record.columns for fault in _faults(column)),
            *_group_faults(record),
        ]
    )
    return f"""
        select
            file_id,
            source_line,
            _reason,
            case when _reason is not null then _raw_text end as _raw_text,
            _unknown_columns,
            {columns}
        from (
            select *, coalesce({faults}) as _reason
            from (
                select *, {values}
                from (
                    select source.*, batch_files.time_zone as _time_zone,
                        batch_files.format as _format, {given}
                    from ({source}) as source
                    inner join batch_files using (file_id)
                )
            )
        )
    """


def _given(column: Column) -> str:
    text = f"source.{column.name}"
    if column.type == "text" and not column.values:
        # Blanks around a text are kept, but blanks alone do not fill a required field.
        if column.required:
            return f"case when regexp_matches({text}, '\\S') then {text} end"
        return f"nullif({text}, '')"
    return f"nullif(trim({text}, {_BLANKS}), '')"


def _value(column: Column) -> str:
    given = f"given_{column.name}"
    match column.type:
        case "text":
            value = _word(column, given) if column.values else given
            if column.default is None:
                return value
            return f"case when {given} is null then '{column.default}' else {value} end"
        case "timestamp":
            return _within_calendar(_timestamp(given), "timestamp")
        case "date":
            date = rf"regexp_full_match({given}, '\d{{4}}-\d\d-\d\d([Tt ].*)?')"
            return _within_calendar(
                f"case when {date} then try_cast(left({given}, 10) as date) end", "date"
            )
        case "integer":
            return (
                f"case when regexp_full_match({given}, '{_INTEGER}') "
                f"then try_cast(split_part({given}, '.', 1) as bigint) end"
            )
        case "number":
            return _number(given)
        case "boolean":
            words = {
                f"lower({given}) in ({', '.join(map(repr, words))})": value
                for value, words in _BOOLEANS.items()
            }
            whens = " ".join(f"when {test} then {value}" for test, value in words.items())
            return f"case {whens} end"


def _word(column: Column, given: str) -> str:
    whens = " ".join(f"when '{word}' then '{value}'" for word, value in column.values.items())
    return f"case lower({given}) {whens} end"


def _timestamp(given: str) -> str:
    with_offset = f"replace(replace(upper({given}), ' UTC', 'Z'), ' Z', 'Z')"
    seconds = f"try_cast({given} as double)"
    return f"""
        case
            when regexp_full_match({given}, '{_WITH_OFFSET}') then try_cast(
                regexp_replace({with_offset}, ' ([+-])', '\\1') as timestamptz
            ) at time zone 'UTC'
            when regexp_full_match({given}, '{_LOCAL}') then timezone(
                _time_zone, try_cast(upper({given}) as timestamp)
            ) at time zone 'UTC'
            when regexp_full_match({given}, '{_COMPACT_DATE}') then null
            when regexp_full_match({given}, '{_EPOCH}') then make_timestamp(round(case
                when {seconds} < {_EPOCH_SECONDS_END} then {seconds} * 1000000
                when {seconds} < {_EPOCH_SECONDS_END}000 then {seconds} * 1000
            end)::bigint)
        end
    """


def _within_calendar(value: str, kind: str) -> str:
    bounds = f"{kind} '1970-01-01' and {kind} '2100-12-31 23:59:59.999999'"
    if kind == "date":
        bounds = "date '1970-01-01' and date '2100-12-31'"
    return f"case when ({value}) between {bounds} then ({value}) end"


def _number(given: str) -> str:
    return f"""
        case
            when regexp_full_match({given}, '{_NUMBER}') then
                case when isfinite(try_cast({given} as double)) then try_cast({given} as double) end
            when _format = 'csv' and regexp_full_match({given}, '{_DECIMAL_COMMA}') then
                try_cast(replace({given}, ',', '.') as double)
        end
    """


def _faults(column: Column) -> list[str]:
    given, value = f"given_{column.name}", f"value_{column.name}"
    faults = []
    if column.required:
        faults.append(f"case when {given} is null then 'missing_field:{column.name}' end")
    tests = []
    if column.type != "text" or column.values:
        tests.append(f"{given} is not null and {value} is null")
    if column.minimum is not None:
        tests.append(f"{value} {'<=' if column.above_minimum else '<'} {column.minimum}")
    if column.maximum is not None:
        tests.append(f"{value} > {column.maximum}")
    if column.maximum_column is not None:
        tests.append(f"{value} > value_{column.maximum_column}")
    if tests:
        kind = "timestamp" if column.type in {"timestamp", "date"} else "value"
        faults.append(f"case when {' or '.join(tests)} then 'bad_{kind}:{column.name}' end")
    return faults


def _group_faults(record: Stream) -> list[str]:
    if not record.required_groups:
        return []
    filled = " or ".join(
        "(" + " and ".join(f"value_{name} is not null" for name in group) + ")"
        for group in record.required_groups
    )
    names = "|".join("+".join(group) for group in record.required_groups)
    return [f"case when not ({filled}) then 'missing_field:{names}' end"]
