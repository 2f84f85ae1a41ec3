"""The whole factory: raw tables, models, exports, and when they are made.

portals ──► landing files ──► raw (one asset per stream) ──► dbt models and tests ──► exports
"""

import time
from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration import checks, dbt
from orchestration.config import read_settings
from orchestration.errors import ActionableError
from orchestration.failing import one_sentence
from orchestration.landing_state import landing_state
from orchestration.loading import (
    create_raw_tables,
    load_businesses,
    load_stream,
    write_refresh_context,
)
from orchestration.loading.tables import BUSINESS_TABLES
from orchestration.publish.files import publish_files
from orchestration.publish.release import open_release
from orchestration.sources_asset import BITRIX24, fetching_asset
from orchestration.streams import STREAMS
from orchestration.warehouse import open_warehouse

# One writer at a time: every op that opens the warehouse takes the pool's only place.
WAREHOUSE_POOL = "warehouse"
# The nightly refresh and half a day to mend what stopped it.
_FRESH_WITHIN = timedelta(hours=36)

Materialized = dg.MaterializeResult[Any]

_settings = read_settings()
_project = dbt.current_project()

bitrix24 = fetching_asset(WAREHOUSE_POOL)


@dg.multi_asset(
    name="settings",
    specs=[
        dg.AssetSpec(["raw", table], group_name="raw", deps=[BITRIX24])
        for table in (*BUSINESS_TABLES, "refresh_context")
    ],
    pool=WAREHOUSE_POOL,
)
def settings_tables() -> Iterator[Materialized]:
    """Read every business.yml, and note from when the refresh looks."""
    settings = read_settings()
    with one_sentence(), open_warehouse(settings.warehouse_path) as connection:
        create_raw_tables(connection)
        load_businesses(connection, settings.landing_dir)
        write_refresh_context(connection, settings.as_of)
        rows = checks.row_counts(connection, [*BUSINESS_TABLES, "refresh_context"])
    for table, count in rows.items():
        yield dg.MaterializeResult(asset_key=["raw", table], metadata={checks.ROW_COUNT: count})


def _stream_asset(stream: str) -> dg.AssetsDefinition:
    @dg.asset(
        key=["raw", stream],
        group_name="raw",
        deps=[["raw", "businesses"]],
        pool=WAREHOUSE_POOL,
        description=f"Every line of the landing zone's {stream}, loaded exactly once.",
    )
    def load() -> Materialized:
        settings, started = read_settings(), time.monotonic()
        with one_sentence(), open_warehouse(settings.warehouse_path) as connection:
            try:
                report = load_stream(connection, settings.landing_dir, stream)
            except OSError as error:
                # The landing zone may be a network folder; what was loaded stays loaded.
                raise dg.RetryRequested(max_retries=2, seconds_to_wait=1) from error
            metadata = checks.stream_metadata(connection, stream)
        seconds = round(time.monotonic() - started, 3)
        return dg.MaterializeResult(metadata={**vars(report), **metadata, "seconds": seconds})

    return load


@dg.multi_asset(
    name="ledger",
    specs=[
        dg.AssetSpec(["raw", table], group_name="raw", deps=[["raw", name] for name in STREAMS])
        for table in ("loaded_files", "rejected")
    ],
    check_specs=[
        dg.AssetCheckSpec(checks.EVERY_FILE_READ, asset=["raw", "loaded_files"]),
        dg.AssetCheckSpec(checks.EVERY_LINE_READ, asset=["raw", "rejected"]),
    ],
    pool=WAREHOUSE_POOL,
)
def ledger() -> Iterator[Materialized]:
    """Say what became of every file and line, and warn of those that were not read."""
    with (
        one_sentence(),
        open_warehouse(read_settings().warehouse_path, read_only=True) as connection,
    ):
        files, lines = checks.check_files(connection), checks.check_lines(connection)
        metadata = checks.ledger_metadata(connection)
        rejected = checks.row_counts(connection, ["rejected"])["rejected"]
    yield dg.MaterializeResult(
        asset_key=["raw", "loaded_files"], metadata=metadata, check_results=[files]
    )
    yield dg.MaterializeResult(
        asset_key=["raw", "rejected"],
        metadata={checks.ROW_COUNT: rejected},
        check_results=[lines],
    )


@dbt_assets(name="models", manifest=_project.manifest_path, project=_project, pool=WAREHOUSE_POOL)
def models(context: dg.AssetExecutionContext) -> Iterator[dbt.DbtEvent]:
    """Build the models and test the data."""
    with one_sentence():
        yield from dbt.build(context, _project)


_mart_keys = [key for key in models.keys if key.path[0] == "marts"]


@dg.asset(key=["exports", "files"], group_name="exports", deps=_mart_keys, pool=WAREHOUSE_POOL)
def exports() -> Materialized:
    """Copy the marts to files, whole or not at all, once every test has passed."""
    settings = read_settings()
    with one_sentence():
        with open_warehouse(settings.warehouse_path, read_only=True) as connection:
            as_of = connection.execute("select as_of from raw.refresh_context").fetchall()[0][0]
        with open_release(
            settings.warehouse_path, as_of.replace(tzinfo=UTC), settings.pseudonym_key
        ) as release:
            written = publish_files(release, settings.export_dir)
    return dg.MaterializeResult(
        metadata={
            checks.ROW_COUNT: written.rows,
            "businesses_written": len(written.businesses_written),
            "businesses_removed": len(written.businesses_removed),
            "fingerprint": written.manifest.fingerprint,
            "path": dg.MetadataValue.path(settings.export_dir),
        }
    )


refresh = dg.define_asset_job("refresh", dg.AssetSelection.all())

nightly = dg.ScheduleDefinition(
    name="nightly",
    job=refresh,
    cron_schedule=_settings.nightly_cron,
    execution_timezone=_settings.nightly_timezone,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)


@dg.sensor(
    job=refresh,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def new_files(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for a refresh when a file of the landing zone came, changed or went."""
    try:
        state = landing_state(read_settings().landing_dir)
    except ActionableError as error:
        return dg.SkipReason(str(error))
    # Numbered, because a state that comes back after another one is a change as well.
    number, _, seen = (context.cursor or "0:").partition(":")
    if state in ("", seen):
        return dg.SkipReason("No file came, changed or went.")
    cursor = f"{int(number) + 1}:{state}"
    # What was fetched is new too: without this a busy portal would be asked again at once.
    request = dg.RunRequest(run_key=cursor, asset_selection=_made_from_files())
    return dg.SensorResult(run_requests=[request], cursor=cursor)


def _made_from_files() -> list[dg.AssetKey]:
    graph = defs.get_repository_def().asset_graph
    return sorted(graph.executable_asset_keys - {BITRIX24})


def _with_freshness(spec: dg.AssetSpec) -> dg.AssetSpec:
    policy = dg.FreshnessPolicy.time_window(fail_window=_FRESH_WITHIN)
    return spec.replace_attributes(freshness_policy=policy) if spec.key in _mart_keys else spec


defs = dg.Definitions(
    assets=[
        bitrix24,
        settings_tables,
        *map(_stream_asset, STREAMS),
        ledger,
        models.map_asset_specs(_with_freshness),
        exports,
    ],
    jobs=[refresh],
    schedules=[nightly],
    sensors=[new_files],
    executor=dg.in_process_executor,
)
