"""dbt inside the factory: parsed only when a file changed, run in this process, told as events.

`DbtCliResource` would start dbt twice in processes of their own (once for its version), which
costs more than building the models; dbt's own runner and the public translation of dbt's events
give the same assets and checks.
"""

import ctypes
import os
import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject
from dagster_dbt.asset_utils import get_subset_selection_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage
from dagster_dbt.dbt_manifest import validate_manifest
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt_common.events.base_types import EventMsg
from dbt_common.events.functions import msg_to_dict

from orchestration.checks import ROW_COUNT
from orchestration.config import PROJECT_DIR, Settings, read_settings
from orchestration.errors import ActionableError
from orchestration.warehouse import open_warehouse

_SOURCES = ("dbt_project.yml", "profiles", "models", "macros", "seeds", "tests/data", "tests/unit")
_NAMED_FAILURES = 5

DbtEvent = dg.Output[Any] | dg.AssetCheckResult | dg.AssetObservation
_Callback = Callable[[EventMsg], None]


def current_project() -> DbtProject:
    """Return the dbt project with a manifest that is newer than every file of the project.

    Raises ActionableError with dbt's own words where the project cannot be parsed.
    """
    project = DbtProject(PROJECT_DIR, profiles_dir=PROJECT_DIR / "profiles")
    if not _is_newest(project.manifest_path):
        result = _invoke(["parse"], read_settings())
        if not result.success:
            raise ActionableError(f"dbt cannot parse the project: {result.exception}")
    return project


def build(context: dg.AssetExecutionContext, project: DbtProject) -> Iterator[DbtEvent]:
    """Build and test the selected models, and yield their events with rows and seconds.

    Unit tests prove the SQL, not the data, and run with the tests of the project. Raises
    dagster.Failure in one sentence that names what failed.
    """
    settings = read_settings()
    manifest = validate_manifest(project.manifest_path)
    arguments = ["build", "--exclude-resource-type", "unit_test", *_selection(context, manifest)]
    events: list[DbtCoreCliEventMessage] = []
    outcome: list[dbtRunnerResult] = []
    for event in _stream(arguments, settings, outcome):
        if event.is_result_event:
            # Each line of the log is a row of Dagster's history, and passed tests are many.
            if not _is_passed_test(event):
                context.log.info(str(event))
            events.append(event)
    rows = _count_rows(settings.warehouse_path)
    for event in events:
        for told in event.to_default_asset_events(manifest, context=context, project=project):
            yield _with_rows(told, manifest, rows)  # type: ignore[arg-type]
    if not outcome[0].success:
        log = settings.dagster_home / "logs" / "dbt.log"
        raise dg.Failure(_failure_sentence(outcome[0], log), allow_retries=False)


def _is_newest(manifest: Path) -> bool:
    if not manifest.exists():
        return False
    parsed_at = manifest.stat().st_mtime
    # A folder's own time changes when a file in it is added or removed.
    return all(
        path.stat().st_mtime <= parsed_at
        for source in _SOURCES
        for path in (PROJECT_DIR / source, *(PROJECT_DIR / source).rglob("*"))
    )


def _selection(context: dg.AssetExecutionContext, manifest: Any) -> list[str]:
    tags = context.op_execution_context.op.tags
    arguments, indirect = get_subset_selection_for_context(
        context,
        manifest,
        select=tags.get("dagster_dbt/select"),
        exclude=tags.get("dagster_dbt/exclude"),
        selector=None,
        dagster_dbt_translator=DagsterDbtTranslator(),
        current_dbt_indirect_selection_env=None,
    )
    return [*arguments, *(["--indirect-selection", indirect] if indirect else [])]


def _is_passed_test(event: DbtCoreCliEventMessage) -> bool:
    node = event.raw_event["data"]["node_info"]
    return bool(node["resource_type"] == "test" and node["node_status"] == "pass")


def _stream(
    arguments: list[str], settings: Settings, outcome: list[dbtRunnerResult]
) -> Iterator[DbtCoreCliEventMessage]:
    """Run dbt in a thread and yield its events as they come; its result goes to `outcome`."""
    told: queue.Queue[EventMsg | None] = queue.Queue()

    def run() -> None:
        try:
            outcome.append(_invoke(arguments, settings, told.put))
        finally:
            told.put(None)

    thread = threading.Thread(target=run, name="dbt", daemon=True)
    thread.start()
    try:
        while (message := told.get()) is not None:
            yield DbtCoreCliEventMessage(raw_event=msg_to_dict(message), event_history_metadata={})
    except BaseException:
        # dbt ends what it runs and cancels the rest, as it does when interrupted by itself.
        _interrupt(thread)
        raise
    finally:
        thread.join()


def _interrupt(thread: threading.Thread) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(KeyboardInterrupt)
    )


def _invoke(
    arguments: list[str], settings: Settings, callback: _Callback | None = None
) -> dbtRunnerResult:
    os.environ["WAREHOUSE_PATH"] = str(settings.warehouse_path)
    return dbtRunner(callbacks=[callback] if callback else []).invoke(
        [
            *arguments,
            *("--project-dir", str(PROJECT_DIR)),
            *("--profiles-dir", str(PROJECT_DIR / "profiles")),
            *("--target-path", str(PROJECT_DIR / "target")),
            *("--log-path", str(settings.dagster_home / "logs")),
            *("--log-level", "none"),
            *("--log-level-file", "info"),
            "--no-send-anonymous-usage-stats",
        ]
    )


def _count_rows(warehouse: Path) -> dict[str, int]:
    with open_warehouse(warehouse, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = current_database()"
        ).fetchall()
        counts = " union all ".join(
            f"select '{schema}.{table}', count(*) from {schema}.{table}"  # noqa: S608
            for schema, table in tables
        )
        return dict(connection.execute(counts).fetchall()) if counts else {}


def _with_rows(event: DbtEvent, manifest: Any, rows: dict[str, int]) -> DbtEvent:
    if not isinstance(event, dg.Output):
        return event
    node = manifest["nodes"][event.metadata["unique_id"].value]
    count = rows.get(f"{node['schema']}.{node['alias']}")
    if count is None:
        return event
    return event.with_metadata({**event.metadata, ROW_COUNT: count})


def _failure_sentence(result: dbtRunnerResult, log: Path) -> str:
    nodes = getattr(result.result, "results", [])
    failed = [node for node in nodes if node.status in ("fail", "error", "runtime error")]
    tests = [node.node.name for node in failed if node.node.resource_type == "test"]
    models = [node for node in failed if node.node.resource_type != "test"]
    if models:
        reason = " ".join(str(models[0].message).split())
        what = f"The model {models[0].node.name} could not be built ({reason})"
    elif tests:
        rest = len(tests) - _NAMED_FAILURES
        more = f" and {rest} more" if rest > 0 else ""
        noun = "test" if len(tests) == 1 else "tests"
        what = f"{len(tests)} data {noun} failed ({', '.join(tests[:_NAMED_FAILURES])}{more})"
    else:
        what = f"dbt did not finish ({result.exception})"
    return f"{what}, so the exports were left as they were: see {log}."
