"""dbt in this process: the models built and tested, and what became of them.

dbt's own command would start Python, import dbt and read its state once more, which costs a small
business more than building the models.
"""

import ctypes
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.results import NodeStatus
from dbt.artifacts.schemas.run import RunExecutionResult, RunResult
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.nodes import ModelNode, SeedNode
from dbt_common.events.base_types import EventMsg

from orchestration.config import PROJECT_DIR, Settings
from orchestration.errors import ActionableError
from orchestration.reports import some_of
from orchestration.scope import Scope
from orchestration.warehouse import open_warehouse

PROFILES_DIR = PROJECT_DIR / "profiles"

_SOURCES = ("dbt_project.yml", "profiles", "models", "macros", "seeds", "tests/data", "tests/unit")
_NAMED_FAILURES = 5
_FAILED = (NodeStatus.Fail, NodeStatus.Error, NodeStatus.RuntimeErr)

Listen = Callable[[EventMsg], None]


@dataclass(frozen=True)
class Build:
    """One run of dbt: what became of every node, rows by `schema.table`, and what went wrong.

    `failure` is the one sentence that names what failed, None where everything was built and
    every test passed.
    """

    nodes: Sequence[RunResult]
    rows: dict[str, int]
    failure: str | None


def build(settings: Settings, scope: Scope, listen: Listen | None = None) -> Build:
    """Build and test all models, on everything or on what was touched alone.

    Unit tests prove the SQL, not the data, and run with the tests of the project. `listen` is given
    every event of dbt, in a thread of dbt.
    """
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    if scope is Scope.EVERYTHING:
        arguments.append("--full-refresh")
    outcome: list[dbtRunnerResult] = []
    thread = threading.Thread(
        # The files that describe the whole project are for people and tools that ask dbt itself.
        target=lambda: outcome.append(
            _invoke([*arguments, "--no-write-json"], settings, listen, scope)
        ),
        name="dbt",
        daemon=True,
    )
    thread.start()
    try:
        thread.join()
    except BaseException:
        # dbt ends what it runs and cancels the rest, as it does when interrupted by itself.
        _interrupt(thread)
        thread.join()
        raise
    [result] = outcome
    nodes = result.result.results if isinstance(result.result, RunExecutionResult) else ()
    if result.success and scope is Scope.EVERYTHING:
        _drop_retired(nodes, settings.warehouse_path)
    log = settings.dagster_home / "logs" / "dbt.log"
    return Build(
        tuple(node for node in nodes if isinstance(node, RunResult)),
        _count_rows(settings.warehouse_path),
        None if result.success else _failure_sentence(result, log),
    )


def target_dir(settings: Settings) -> Path:
    """Return the folder of dbt's state, that of these settings alone.

    dbt parses the whole project anew where the state is that of another warehouse, or of the same
    one by another name, as a person's own dbt or a test leaves it in the project.
    """
    return settings.dagster_home / "dbt"


def parse_where_changed(settings: Settings) -> None:
    """Make the manifest anew if a file of the project is newer.

    Raises ActionableError with dbt's own words where the project cannot be parsed.
    """
    if not _is_newest(target_dir(settings) / "manifest.json"):
        result = _invoke(["parse"], settings)
        if not result.success:
            raise ActionableError(f"dbt cannot parse the project: {result.exception}")


def describe_models(settings: Settings) -> Path:
    """Write every model, column and test as one page into dbt's own folder; return where.

    Raises ActionableError with dbt's own words where that cannot be done.
    """
    result = _invoke(["docs", "generate", "--static"], settings)
    if not result.success:
        raise ActionableError(f"dbt cannot describe the models: {result.exception}")
    return target_dir(settings) / "static_index.html"


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


def _interrupt(thread: threading.Thread) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(KeyboardInterrupt)
    )


def _invoke(
    arguments: list[str],
    settings: Settings,
    listen: Listen | None = None,
    scope: Scope | None = None,
) -> dbtRunnerResult:
    os.environ["WAREHOUSE_PATH"] = str(settings.warehouse_path)
    os.environ["MEMORY_LIMIT"] = settings.memory_limit
    if scope is not None:
        os.environ["REFRESH_SCOPE"] = scope
    try:
        return dbtRunner(callbacks=[listen] if listen else []).invoke(
            [
                *arguments,
                *("--project-dir", str(PROJECT_DIR)),
                *("--profiles-dir", str(PROFILES_DIR)),
                *("--target-path", str(target_dir(settings))),
                *("--log-path", str(settings.dagster_home / "logs")),
                *("--log-level", "none"),
                *("--log-level-file", "info"),
                "--no-send-anonymous-usage-stats",
            ]
        )
    finally:
        # Whoever runs dbt later in this process, or starts it from here, is not a refresh.
        os.environ.pop("REFRESH_SCOPE", None)
        _close_warehouse()


def _close_warehouse() -> None:
    """Let go of the file, which dbt keeps open from its first query on to the process's end."""
    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager._ENV.close()
        DuckDBConnectionManager._ENV = None


def _drop_retired(nodes: Sequence[RunResult], warehouse: Path) -> None:
    """Drop what a model that is no more left behind: the exports would carry it on."""
    built = {
        (node.node.schema, node.node.alias)
        for node in nodes
        if isinstance(node.node, ModelNode | SeedNode)
    }
    schemas = {schema for schema, _ in built}
    with open_warehouse(warehouse) as connection:
        found = connection.execute(
            "select table_schema, table_name, table_type from information_schema.tables "
            "where table_catalog = current_database()"
        ).fetchall()
        for schema, table, kind in found:
            if schema in schemas and (schema, table) not in built:
                what = "view" if kind == "VIEW" else "table"
                connection.execute(f"drop {what} {schema}.{table}")


def _count_rows(warehouse: Path) -> dict[str, int]:
    with open_warehouse(warehouse) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = current_database()"
        ).fetchall()
        counts = " union all ".join(
            f"select '{schema}.{table}', count(*) from {schema}.{table}"  # noqa: S608
            for schema, table in tables
        )
        return dict(connection.execute(counts).fetchall()) if counts else {}


def _failure_sentence(result: dbtRunnerResult, log: Path) -> str:
    nodes = getattr(result.result, "results", [])
    failed = [node for node in nodes if node.status in _FAILED]
    tests = [node.node.name for node in failed if node.node.resource_type == "test"]
    models = [node for node in failed if node.node.resource_type != "test"]
    if models:
        reason = " ".join(str(models[0].message).split())
        what = f"The model {models[0].node.name} could not be built ({reason})"
    elif tests:
        noun = "test" if len(tests) == 1 else "tests"
        what = f"{len(tests)} data {noun} failed ({some_of(tests, _NAMED_FAILURES)})"
    else:
        what = f"dbt did not finish ({result.exception})"
    return f"{what}, so the exports were left as they were: see {log}."
