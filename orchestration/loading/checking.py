"""SQL that turns a record's texts into typed columns, or into the reason why it cannot."""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

from orchestration.loading.values import given_text, native_value, value_of
from orchestration.streams import Column, Stream

_CALENDAR = {
    "timestamp": "timestamp '1970-01-01' and timestamp '2100-12-31 23:59:59.999999'",
    "date": "date '1970-01-01' and date '2100-12-31'",
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

    Reasons are looked for only in records that have one.
    """
    given = {
        column.name: column.name if column.name in native else given_text(column)
        for column in record.columns
    }
    values = ", ".join(
        (native_value(column) if column.name in native else value_of(column))
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
