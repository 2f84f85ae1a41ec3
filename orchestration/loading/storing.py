"""Move a staged batch into `raw` in one transaction: rows, rejects and ledger together."""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

from collections.abc import Sequence
from datetime import datetime

import duckdb

from orchestration.loading.transactions import transaction
from orchestration.sources.contract import Feed

_COUNTS = ("rows_read", "rows_loaded", "rows_duplicate", "rows_rejected")


def store_batch(
    connection: duckdb.DuckDBPyConnection,
    feed: Feed,
    gone: Sequence[str],
    loaded_at: datetime,
) -> dict[str, int]:
    """Replace what the batch's files and those `gone` gave before; give the rows by ledger column.

    Reads the tables of `stage_files`, which it drops afterwards.
    """
    files = connection.execute(
        "select business_id, system, source_file, _base "
        "from batch_files left join line_bases using (file_id) order by file_id"
    ).fetchall()
    # Lists by file id: a join would carry every column of every record.
    of_file = {
        "business_ids": [business_id for business_id, *_ in files],
        "systems": [system for _, system, *_ in files],
        "source_files": [source_file for *_, source_file, _ in files],
        "loaded_at": loaded_at,
    }
    bases = f"[{', '.join('null' if base is None else str(base) for *_, base in files)}]"
    columns = ", ".join(column.name for column in feed.record.columns)
    connection.execute(
        "create or replace temp view records as select file_id, "
        f"coalesce(source_line, checked.rowid - ({bases}::bigint[])[file_id + 1]) as source_line, "
        f"{columns} from checked where _reason is null"
    )
    connection.execute(
        "create or replace temp table leaving as select source_file from raw.loaded_files "
        "where source_file in "
        "(select source_file from batch_files union select unnest($gone::varchar[]))",
        {"gone": list(gone)},
    )
    with transaction(connection):
        for table in (*feed.outputs, "rejected", "loaded_files"):
            leaving = f"from raw.{table} where source_file in (from leaving)"
            if table in feed.outputs:
                connection.execute(f"insert into refresh.departed_{table} {leaving}")
            connection.execute(f"delete {leaving}")
        for stream, output in feed.outputs.items():
            connection.execute(
                f"insert into raw.{stream} by name "
                "select $business_ids[file_id + 1] as business_id, "
                "$systems[file_id + 1] as system, $source_files[file_id + 1] as source_file, "
                "output.* exclude (file_id), "
                f"$loaded_at as loaded_at from ({output}) as output",
                of_file,
            )
        connection.execute(
            "insert into raw.rejected by name "
            "select batch_files.business_id, batch_files.system, batch_files.stream, "
            "batch_files.source_file, coalesce(source_line, checked.rowid - _base) as source_line, "
            "_reason as reason, _raw_text as raw_text, $loaded_at as loaded_at "
            "from checked inner join batch_files using (file_id) "
            "left join line_bases using (file_id) where _reason is not null",
            {"loaded_at": loaded_at},
        )
        counts = _write_ledger(connection, {"loaded_at": loaded_at})
    connection.execute("drop view records")
    for table in ("leaving", "checked", "line_bases", "unknown_columns", "batch_files"):
        connection.execute(f"drop table {table}")
    return counts


def _write_ledger(
    connection: duckdb.DuckDBPyConnection, parameters: dict[str, datetime]
) -> dict[str, int]:
    connection.execute(
        """
        insert into raw.loaded_files by name
        with counted as (
            select file_id, count(*) as rows_read, count(_reason) as rows_rejected
            from checked
            group by all
        ),

        named as (
            select
                file_id,
                array_to_string(list_sort(list(distinct name)), ',') as unknown_columns,
            from unknown_columns
            group by all
        )

        select
            batch_files.business_id, batch_files.system, batch_files.stream,
            batch_files.source_file, batch_files.size_bytes, batch_files.content_hash,
            coalesce(counted.rows_read, 0) as rows_read,
            coalesce(counted.rows_read - counted.rows_rejected, 0) as rows_loaded,
            0 as rows_duplicate,
            coalesce(counted.rows_rejected, 0) as rows_rejected,
            named.unknown_columns,
            batch_files.time_zone,
            batch_files.read_with,
            $loaded_at as loaded_at
        from batch_files
        left join counted using (file_id)
        left join named using (file_id)
        where not batch_files.is_twin
        """,
        parameters,
    )
    # The first of the twins is in the ledger by now, from this batch or an earlier loading.
    connection.execute(
        """
        insert into raw.loaded_files by name
        select
            twin.business_id, twin.system, twin.stream, twin.source_file, twin.size_bytes,
            twin.content_hash,
            first.rows_read,
            0 as rows_loaded,
            first.rows_read as rows_duplicate,
            0 as rows_rejected,
            first.unknown_columns,
            twin.time_zone,
            twin.read_with,
            $loaded_at as loaded_at
        from batch_files as twin
        inner join raw.loaded_files as first
            using (business_id, system, stream, content_hash)
        where twin.is_twin
            and first.source_file not in (select source_file from batch_files where is_twin)
        qualify row_number() over (
            partition by twin.source_file order by first.source_file
        ) = 1
        """,
        parameters,
    )
    totals = connection.execute(
        f"select {', '.join(f'coalesce(sum({name}), 0)::bigint' for name in _COUNTS)} "
        "from raw.loaded_files where source_file in (select source_file from batch_files)"
    ).fetchone()
    return dict(zip(_COUNTS, totals or (), strict=True))
