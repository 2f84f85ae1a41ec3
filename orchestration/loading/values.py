"""SQL that turns the text of a cell into a value of its column's type, NULL where it has none.

Almost all values are well written, and a `case` computes of a branch only the rows that come to it:
what is dear stands in a later branch.
"""

from collections.abc import Mapping

from orchestration.streams import Column, ColumnType

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
_BOOLEANS = dict.fromkeys(("true", "1", "1.0", "yes", "y", "t"), "true")
_BOOLEANS |= dict.fromkeys(("false", "0", "0.0", "no", "n", "f"), "false")


# DuckDB's type that holds every value of a column's type, so that nothing has to be read from text.
NATIVE_TYPES: Mapping[ColumnType, str] = {
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
}


def given_text(column: Column) -> str:
    """Return the text without what does not count; NULL = nothing is given."""
    if column.type == "text" and not column.values:
        # Blanks around a text are kept, but blanks alone do not fill a required field.
        if column.required:
            first_letter = f"{column.name} >= '!' or regexp_matches({column.name}, '\\S')"
            return f"case when {first_letter} then {column.name} end"
        return f"nullif({column.name}, '')"
    return f"nullif(trim({column.name}, {_BLANKS}), '')"


def value_of(column: Column) -> str:
    """Return the value of a column given as text; it may still be out of the column's bounds."""
    name, given = column.name, f"({given_text(column)})"
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


def native_value(column: Column) -> str:
    """Return the value of a column given as its type in `NATIVE_TYPES`."""
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
