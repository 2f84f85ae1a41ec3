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
    columns = ", ".join(column.name for column in feed.record.columns)
    connection.execute(
        "create or replace temp table leaving as "
        "select source_file from batch_files union select unnest($gone::varchar[])",
        {"gone": list(gone)},
    )
    connection.execute(
        "create or replace temp view numbered_records as "
        "select * replace (source_line - coalesce(_base, 0) as source_line) "
        "from checked left join line_bases using (file_id) where _reason is distinct from 'blank'"
    )
    connection.execute(
        f"create or replace temp view records as select file_id, source_line, {columns} "
        "from numbered_records where _reason is null"
    )
    parameters = {"loaded_at": loaded_at}
    with transaction(connection):
        for table in (*feed.outputs, "rejected", "loaded_files"):
            connection.execute(f"delete from raw.{table} where source_file in (from leaving)")
        for stream, output in feed.outputs.items():
            connection.execute(
                f"insert into raw.{stream} by name "
                "select batch_files.business_id, batch_files.system, batch_files.source_file, "
                "output.* exclude (file_id), "
                f"$loaded_at as loaded_at from ({output}) as output "
                "inner join batch_files using (file_id)",
                parameters,
            )
        connection.execute(
            "insert into raw.rejected by name "
            "select batch_files.business_id, batch_files.system, batch_files.stream, "
            "batch_files.source_file, source_line, _reason as reason, _raw_text as raw_text, "
            "$loaded_at as loaded_at from numbered_records inner join batch_files using (file_id) "
            "where _reason is not null",
            parameters,
        )
        counts = _write_ledger(connection, parameters)
    for kind, name in (("view", "records"), ("view", "numbered_records"), ("table", "leaving")):
        connection.execute(f"drop {kind} {name}")
    for table in ("checked", "line_bases", "batch_files"):
        connection.execute(f"drop table {table}")
    return counts


def _write_ledger(
    connection: duckdb.DuckDBPyConnection, parameters: dict[str, datetime]
) -> dict[str, int]:
    connection.execute(
        """
        insert into raw.loaded_files by name
        select
            batch_files.business_id, batch_files.system, batch_files.stream,
            batch_files.source_file, batch_files.size_bytes, batch_files.content_hash,
            count(numbered_records.file_id) as rows_read,
            count(numbered_records.file_id) filter (where _reason is null) as rows_loaded,
            0 as rows_duplicate,
            count(_reason) as rows_rejected,
            array_to_string(list_sort(list_distinct(flatten(
                list(distinct _unknown_columns) filter (where _unknown_columns is not null)
            ))), ',') as unknown_columns,
            batch_files.time_zone,
            batch_files.read_with,
            $loaded_at as loaded_at
        from batch_files
        left join numbered_records using (file_id)
        where not batch_files.is_twin
        group by all
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
