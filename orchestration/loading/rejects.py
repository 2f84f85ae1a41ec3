"""Refuse to go on while a loaded file lost too much."""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

from collections.abc import Sequence

import duckdb

from orchestration.errors import ActionableError

# A share, in percent, above which a file is more likely of the wrong kind than merely dirty.
_MOST_REJECTED_PERCENT = 5
# Faults of a whole file, whose number of lost rows nobody knows.
_FAULTS_OF_FILES = ("broken_file", "not_parquet")
_FILES_NAMED = 5
_REASONS_NAMED = 3


def refuse_rejected_files(
    connection: duckdb.DuckDBPyConnection, folders: Sequence[tuple[str, str]]
) -> None:
    """Raise ActionableError naming the files of these (system, stream) that lost too much.

    Too much is more than 5 % of the rows rejected, or a file that breaks off.
    """
    files = connection.execute(
        f"""
        with counted as (
            select source_file, reason, count(*) as times
            from raw.rejected
            where list_contains($folders, system || '/' || stream)
            group by all
        ),

        reasons as (
            select
                source_file,
                list(reason || ' (' || times || ')' order by times desc, reason) as reasons,
                bool_or(list_contains($faults_of_files, reason)) as is_broken
            from counted
            group by all
        )

        select source_file, rows_rejected, rows_read, reasons[:{_REASONS_NAMED}]
        from raw.loaded_files
        inner join reasons using (source_file)
        where is_broken or rows_rejected * 100 > rows_read * {_MOST_REJECTED_PERCENT}
        order by source_file
        """,
        {
            "folders": ["/".join(folder) for folder in folders],
            "faults_of_files": list(_FAULTS_OF_FILES),
        },
    ).fetchall()
    if not files:
        return
    named = "; ".join(
        f"{source_file}: {rejected} of {read} rows, {', '.join(reasons)}"
        for source_file, rejected, read, reasons in files[:_FILES_NAMED]
    )
    more = f"; and {len(files) - _FILES_NAMED} more" if len(files) > _FILES_NAMED else ""
    raise ActionableError(
        f"Too many rows were rejected (the limit is {_MOST_REJECTED_PERCENT} % of a file): "
        f"{named}{more}. The good rows are loaded and the others stand in raw.rejected with their "
        "text: correct or remove the file and run again."
    )
