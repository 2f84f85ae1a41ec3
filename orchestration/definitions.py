"""The whole factory: raw tables, models, exports, and when they are made.

portals ──► landing files ──► raw (one asset per stream) ──► dbt models and tests ──► exports
                                                                                 └──► destinations
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets
from dbt_common.events.base_types import EventMsg

from orchestration import checks, dbt_events, digests, fetching, steps
from orchestration.config import Settings, read_settings
from orchestration.dbt_events import ROW_COUNT
from orchestration.delivering import DESTINATIONS
from orchestration.errors import ActionableError
from orchestration.landing_state import landing_state
from orchestration.lock import only_refresh
from orchestration.reports import Check, StepReport
from orchestration.sources.bitrix24.faults import PortalUnreachableError
from orchestration.streams import STREAMS

# One writer at a time: every op that opens the warehouse takes the pool's only place.
WAREHOUSE_POOL = "warehouse"
BITRIX24 = dg.AssetKey(["sources", "bitrix24"])
EXPORTED_FILES = dg.AssetKey(["exports", "files"])
# The nightly refresh and half a day to mend what stopped it.
_FRESH_WITHIN = timedelta(hours=36)

Materialized = dg.MaterializeResult[Any]

_settings = read_settings()
_project = dbt_events.current_project()


@contextmanager
def _turn() -> Iterator[Settings]:
    """Wait until no command refreshes; what a person can mend fails at once, in one sentence."""
    settings = read_settings()
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    try:
        with only_refresh(settings.dagster_home, is_patient=True):
            yield settings
    except ActionableError as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def fetching_asset(retries: dg.RetryPolicy) -> dg.AssetsDefinition:
    """Return the asset that fetches every portal, again where another try may help."""

    @dg.multi_asset(
        name=fetching.STEP,
        specs=[dg.AssetSpec(BITRIX24, group_name="sources")],
        check_specs=[dg.AssetCheckSpec(fetching.EVERY_RIGHT, asset=BITRIX24)],
        pool=WAREHOUSE_POOL,
        retry_policy=retries,
    )
    def fetch(context: dg.AssetExecutionContext) -> Iterator[Materialized]:
        """Bring what is new in every Bitrix24 portal into the landing zone."""
        with _turn() as settings:
            try:
                report = fetching.fetch_portals(settings, context.log.info)
            except PortalUnreachableError as error:
                raise dg.Failure(str(error), allow_retries=True) from error
        yield dg.MaterializeResult(
            asset_key=BITRIX24,
            metadata=_metadata(report, fetching.STEP),
            check_results=[_warning(check, BITRIX24) for check in report.checks],
        )

    return fetch


bitrix24 = fetching_asset(dg.RetryPolicy(max_retries=1, delay=20))


@dg.multi_asset(
    name="settings",
    specs=[
        dg.AssetSpec(["raw", table], group_name="raw", deps=[BITRIX24])
        for table in steps.SETTINGS_TABLES
    ],
    pool=WAREHOUSE_POOL,
)
def settings_tables() -> Iterator[Materialized]:
    """Read every business.yml, and note from when the refresh looks."""
    with _turn() as settings:
        report = steps.load_settings(settings)
    for table, rows in report.rows.items():
        yield dg.MaterializeResult(asset_key=["raw", table], metadata={ROW_COUNT: rows})


def _stream_asset(stream: str) -> dg.AssetsDefinition:
    @dg.asset(
        key=["raw", stream],
        group_name="raw",
        deps=[["raw", "businesses"]],
        pool=WAREHOUSE_POOL,
        description=f"Every line of the landing zone's {stream}, loaded exactly once.",
    )
    def load() -> Materialized:
        with _turn() as settings:
            report = steps.load(settings, stream)
        return dg.MaterializeResult(metadata=_metadata(report, stream))

    return load


@dg.multi_asset(
    name="ledger",
    specs=[
        dg.AssetSpec(["raw", table], group_name="raw", deps=[["raw", name] for name in STREAMS])
        for table in steps.LEDGER_TABLES
    ],
    check_specs=[
        dg.AssetCheckSpec(checks.EVERY_FILE_READ, asset=["raw", "loaded_files"]),
        dg.AssetCheckSpec(checks.EVERY_LINE_READ, asset=["raw", "rejected"]),
    ],
    pool=WAREHOUSE_POOL,
)
def ledger() -> Iterator[Materialized]:
    """Say what became of every file and line, and warn of those that were not read."""
    with _turn() as settings:
        report = steps.account(settings)
    for table in report.rows:
        yield dg.MaterializeResult(
            asset_key=["raw", table],
            metadata=_metadata(report, table),
            check_results=[
                _warning(check, dg.AssetKey(["raw", table]))
                for check in report.checks
                if check.table == table
            ],
        )


@dbt_assets(name="models", manifest=_project.manifest_path, project=_project, pool=WAREHOUSE_POOL)
def models(
    context: dg.AssetExecutionContext,
) -> Iterator[dbt_events.DbtEvent | Materialized]:
    """Build the models and test the data."""
    messages: list[EventMsg] = []
    with _turn() as settings:
        built = steps.build_models(settings, messages.append)
        if built is None:
            yield from dbt_events.left_as_they_are(context)
        else:
            yield from dbt_events.told(messages, built, context, _project)
            if built.failure:
                raise ActionableError(built.failure)


_mart_keys = [key for key in models.keys if key.path[0] == "marts"]


@dg.multi_asset(
    name="exports",
    specs=[dg.AssetSpec(EXPORTED_FILES, group_name="exports", deps=_mart_keys)],
    check_specs=[dg.AssetCheckSpec(alert, asset=EXPORTED_FILES) for alert in checks.ALERTS],
    pool=WAREHOUSE_POOL,
)
def exports() -> Iterator[Materialized]:
    """Copy the marts to files, whole or not at all, once every test has passed."""
    with _turn() as settings:
        report = steps.export(settings)
    path = dg.MetadataValue.path(settings.export_dir)
    yield dg.MaterializeResult(
        asset_key=EXPORTED_FILES,
        metadata={**_metadata(report, "files"), "path": path},
        check_results=[_warning(check, EXPORTED_FILES) for check in report.checks],
    )


def _destination_asset(
    name: str, deliver: Callable[[Settings], StepReport], deps: Iterable[dg.AssetKey]
) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=name,
        specs=[dg.AssetSpec(["exports", name], group_name="exports", deps=deps)],
        pool=WAREHOUSE_POOL,
        description=deliver.__doc__,
    )
    def destination() -> Materialized:
        with _turn() as settings:
            return dg.MaterializeResult(metadata=_metadata(deliver(settings), name))

    return destination


def _metadata(report: StepReport, table: str) -> dict[str, Any]:
    rows = {ROW_COUNT: report.rows[table]}
    if table != next(iter(report.rows)):
        return rows
    preview = {"preview": dg.MetadataValue.md(report.preview)} if report.preview else {}
    return {**rows, **report.details, **preview}


def _warning(check: Check, asset_key: dg.AssetKey) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=check.warning is None,
        check_name=check.name,
        asset_key=asset_key,
        severity=dg.AssetCheckSeverity.WARN,
        description=check.warning,
        metadata={"count": check.count, "preview": dg.MetadataValue.md(check.preview)},
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
        *(_destination_asset(name, deliver, _mart_keys) for name, deliver in DESTINATIONS.items()),
        _destination_asset(digests.STEP, digests.send_digests, [EXPORTED_FILES]),
    ],
    jobs=[refresh],
    schedules=[nightly],
    sensors=[new_files],
    executor=dg.in_process_executor,
)
