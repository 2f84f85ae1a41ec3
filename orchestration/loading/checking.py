"""SQL that turns a record's texts into typed columns, or into the reason why it cannot."""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

from collections.abc import Mapping

from orchestration.streams import Column, ColumnType, Stream

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
# What most files write; a branch of its own, as it needs no trimming.
_USUAL_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z"
_USUAL_NUMBER = r"-?\d{1,15}(\.\d{1,15})?"
_CALENDAR = {
    "timestamp": "timestamp '1970-01-01' and timestamp '2100-12-31 23:59:59.999999'",
    "date": "date '1970-01-01' and date '2100-12-31'",
}
_BOOLEANS = dict.fromkeys(("true", "1", "1.0", "yes", "y", "t"), "true")
_BOOLEANS |= dict.fromkeys(("false", "0", "0.0", "no", "n", "f"), "false")


# DuckDB's type that holds every value of a column's type, so that nothing has to be read from text.
NATIVE_TYPES: Mapping[ColumnType, str] = {
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
}


def checked_select(record: Stream, source: str, native: frozenset[str] = frozenset()) -> str:
    """Select over `source` that types each record of shape `record` or gives the reason why not.

    `source` gives `file_id`, `source_line`, `_raw_text`, `_fault` (NULL where the record could be
    read) and each column of the record as text or, those in `native`, as `NATIVE_TYPES` has it. The
    select gives `file_id`, `source_line`, `_reason` (of the first column at fault; NULL = good),
    `_raw_text` (only where there is a reason) and the typed columns, which mean something in good
    records only. The lists `$time_zones` and `$formats` say by `file_id` in which zone times
    without an offset are and how the file is written, as only CSV may have numbers with a decimal
    comma: a join would carry every column of every record. Names that are no record's columns
    begin with `_`.

    Almost all values are well written, and a `case` computes of a branch only the rows that come to
    it: what is dear stands in a later branch, and reasons are looked for where there is one.
    """
    given = {
        column.name: column.name if column.name in native else _given(column)
        for column in record.columns
    }
    values = ", ".join(
        (_native_value(column) if column.name in native else _value(column))
        + f" as value_{column.name}"
        for column in record.columns
    )
    columns = ", ".join(f"value_{column.name} as {column.name}" for column in record.columns)
    suspicions = ["_fault is not null", *(_suspicion(column) for column in record.columns)]
    faults = ["_fault"]
    for column in record.columns:
        faults += _faults(column, given[column.name])
    if record.required_groups:
        suspicions.append(f"not ({_filled(record)})")
        faults.append(_group_fault(record))
    return f"""
        select
            file_id,
            source_line,
            _reason,
            case when _reason is not null then _raw_text end as _raw_text,
            {columns}
        from (
            select *, case
                when {" or ".join(filter(None, suspicions))} then coalesce({", ".join(faults)})
            end as _reason
            from (
                select *, {values}
                from ({source})
            )
        )
    """


def _given(column: Column) -> str:
    if column.type == "text" and not column.values:
        # Blanks around a text are kept, but blanks alone do not fill a required field.
        if column.required:
            first_letter = f"{column.name} >= '!' or regexp_matches({column.name}, '\\S')"
            return f"case when {first_letter} then {column.name} end"
        return f"nullif({column.name}, '')"
    return f"nullif(trim({column.name}, {_BLANKS}), '')"


def _value(column: Column) -> str:
    name, given = column.name, f"({_given(column)})"
    match column.type:
        case "text":
            if not column.values:
                return given
            quoted = {word: _literal(value) for word, value in column.values.items()}
            whens = f"when {name} is null then {_literal(column.default)}"
            for word, value in quoted.items():
                whens += f" when {name} = '{word}' then {value}"
            otherwise = _word(quoted, given)
            if column.default is not None:
                otherwise = (
                    f"case when {given} is null then '{column.default}' else {otherwise} end"
                )
            return f"case {whens} else {otherwise} end"
        case "timestamp":
            return f"""
                case
                    when {name} is null then null
                    when regexp_full_match({name}, '{_USUAL_TIME}') then try_cast(
                        {name} as timestamp
                    )
                    else {_timestamp(given)}
                end
            """
        case "date":
            date = rf"regexp_full_match({given}, '\d{{4}}-\d\d-\d\d([Tt ].*)?')"
            return f"case when {date} then try_cast(left({given}, 10) as date) end"
        case "integer":
            return (
                f"case when regexp_full_match({given}, '{_INTEGER}') "
                f"then try_cast(split_part({given}, '.', 1) as bigint) end"
            )
        case "number":
            return f"""
                case
                    when {name} is null then null
                    when regexp_full_match({name}, '{_USUAL_NUMBER}') then {name}::double
                    else {_number(given)}
                end
            """
        case "boolean":
            usual = f"when {name} is null then null when {name} = 'true' then true"
            usual += f" when {name} = 'false' then false"
            return f"case {usual} else {_word(_BOOLEANS, given)} end"


def _native_value(column: Column) -> str:
    match column.type:
        case "timestamp":
            return f"{column.name} at time zone 'UTC'"
        case "number":
            return f"case when isfinite({column.name}) then {column.name} end"
        case _:
            return column.name


def _literal(text: str | None) -> str:
    return "null" if text is None else f"'{text}'"


def _word(words: Mapping[str, str], given: str) -> str:
    # A list of words in one test would become a join, whose every row is computed in advance.
    whens = " ".join(f"when '{word}' then {value}" for word, value in words.items())
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
                $time_zones[file_id + 1], try_cast(upper({given}) as timestamp)
            ) at time zone 'UTC'
            when regexp_full_match({given}, '{_COMPACT_DATE}') then null
            when regexp_full_match({given}, '{_EPOCH}') then make_timestamp(round(case
                when {seconds} < {_EPOCH_SECONDS_END} then {seconds} * 1000000
                when {seconds} < {_EPOCH_SECONDS_END}000 then {seconds} * 1000
            end)::bigint)
        end
    """


def _number(given: str) -> str:
    return f"""
        case
            when regexp_full_match({given}, '{_NUMBER}') then
                case when isfinite(try_cast({given} as double)) then try_cast({given} as double) end
            when
                $formats[file_id + 1] = 'csv' and regexp_full_match({given}, '{_DECIMAL_COMMA}')
                then try_cast(replace({given}, ',', '.') as double)
        end
    """


def _suspicion(column: Column) -> str:
    """Test that is true of every record with a fault in `column`, and cheaper than the reason."""
    value = f"value_{column.name}"
    tests = _bad_values(column)
    if column.required:
        tests.append(f"{value} is null")
    elif column.type != "text" or column.values:
        tests.append(f"{column.name} is not null and {value} is null")
    return " or ".join(tests)


def _faults(column: Column, given: str) -> list[str]:
    faults = []
    if column.required:
        faults.append(f"case when {given} is null then 'missing_field:{column.name}' end")
    tests = _bad_values(column)
    if column.type != "text" or column.values:
        tests.append(f"{given} is not null and value_{column.name} is null")
    if tests:
        kind = "timestamp" if column.type in _CALENDAR else "value"
        faults.append(f"case when {' or '.join(tests)} then 'bad_{kind}:{column.name}' end")
    return faults


def _bad_values(column: Column) -> list[str]:
    value = f"value_{column.name}"
    tests = []
    if column.type in _CALENDAR:
        tests.append(f"{value} not between {_CALENDAR[column.type]}")
    if column.minimum is not None:
        tests.append(f"{value} {'<=' if column.above_minimum else '<'} {column.minimum}")
    if column.maximum is not None:
        tests.append(f"{value} > {column.maximum}")
    if column.maximum_column is not None:
        tests.append(f"{value} > value_{column.maximum_column}")
    return tests


def _filled(record: Stream) -> str:
    return " or ".join(
        "(" + " and ".join(f"value_{name} is not null" for name in group) + ")"
        for group in record.required_groups
    )


def _group_fault(record: Stream) -> str:
    names = "|".join("+".join(group) for group in record.required_groups)
    return f"case when not ({_filled(record)}) then 'missing_field:{names}' end"
