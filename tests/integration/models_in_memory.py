"""The models on a handful of rows, in memory: a whole build in a second, without dbt's ceremony.

Compiled twice, as a refresh runs them: on everything, and on what was touched alone.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.cli.main import dbtRunner

from orchestration.config import PROJECT_DIR
from orchestration.loading.tables import create_raw_tables
from orchestration.scope import Scope, begin_build, end_build
from orchestration.statistics.functions import register_functions
from orchestration.streams import STREAMS

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Models:
    """The compiled models in the order in which they build on each other, and the seeds.

    `everything` makes each table anew; `touched` replaces the rows of what was touched.
    """

    database: str
    everything: tuple[str, ...]
    touched: tuple[str, ...]
    seeds: Mapping[str, Mapping[str, str]]

    def build(self, raw: Rows) -> duckdb.DuckDBPyConnection:
        """Return a warehouse in memory with the marts of these rows, the tables as they come."""
        connection = self.open()
        for table, rows in raw.items():
            insert(connection, f"raw.{table}", rows)
        for statement in self.everything:
            connection.execute(statement)
        return connection

    def refresh(self, connection: duckdb.DuckDBPyConnection) -> Scope:
        """Bring the marts up to what lies in raw, as a refresh does, and say what was computed."""
        scope = begin_build(connection)
        statements = {
            Scope.NOTHING: (),
            Scope.TOUCHED: self.touched,
            Scope.EVERYTHING: self.everything,
        }
        for statement in statements[scope]:
            connection.execute(statement)
        if scope is not Scope.NOTHING:
            end_build(connection)
        return scope

    def open(self) -> duckdb.DuckDBPyConnection:
        """Return a warehouse in memory in which nothing is loaded or built."""
        connection = duckdb.connect()
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach ':memory:' as {self.database}")
        connection.execute(f"use {self.database}")
        create_raw_tables(connection)
        register_functions(connection)
        for schema in ("seeds", "staging", "intermediate", "marts"):
            connection.execute(f"create schema {schema}")
        for name, types in self.seeds.items():
            path = PROJECT_DIR / "seeds" / f"{name}.csv"
            with path.open(encoding="utf-8") as lines:
                header = next(csv.reader(lines))
            columns = {column: types.get(column, "varchar") for column in header}
            connection.execute(
                f"create table seeds.{name} as "
                f"from read_csv('{path}', header = true, columns = {columns})"
            )
        return connection


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows, each with the columns it names."""
    for row in rows:
        marks = ", ".join("?" * len(row))
        connection.execute(
            f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values())
        )


def compile_models(folder: Path) -> Models:
    """Compile the project with an empty warehouse below `folder`."""
    warehouse = folder / "compiled.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        create_raw_tables(connection)
    everything = _compile(folder, Scope.EVERYTHING)
    touched = _compile(folder, Scope.TOUCHED)
    seeds = {
        node["name"]: node["config"]["column_types"]
        for node in everything.values()
        if node["resource_type"] == "seed"
    }
    replaced = _render(folder, [_replacing(node) for node in _in_order(touched)])
    return Models(
        warehouse.stem,
        tuple(_created(node, node["compiled_code"]) for node in _in_order(everything)),
        tuple(_render(folder, ["{{ scope_gathered() }}"]))
        + tuple(
            statement
            for node, replacing in zip(_in_order(touched), replaced, strict=True)
            for statement in _refreshed(node, replacing)
        ),
        seeds,
    )


def _compile(folder: Path, scope: Scope) -> dict[str, Any]:
    _dbt(folder, scope, ["compile", "--select", "resource_type:model"])
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    nodes: dict[str, Any] = manifest["nodes"]
    return nodes


def _render(folder: Path, macros: Sequence[str]) -> list[str]:
    """Render calls of macros as they are in a refresh of the touched."""
    mark = "-- next --"
    result = _dbt(folder, Scope.TOUCHED, ["compile", "--inline", mark.join(macros)])
    return str(result.results[0].node.compiled_code).split(mark)


def _dbt(folder: Path, scope: Scope, arguments: Sequence[str]) -> Any:
    options = [
        *("--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR / "profiles")),
        *("--target-path", str(folder / "target"), "--quiet"),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAREHOUSE_PATH", str(folder / "compiled.duckdb"))
        patch.setenv("REFRESH_SCOPE", scope)
        result = dbtRunner().invoke([*arguments, *options])
    assert result.success, result.exception
    return result.result


def _in_order(nodes: Mapping[str, Any]) -> list[Any]:
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    ordered: dict[str, Any] = {}

    def visit(key: str) -> None:
        if key in models and key not in ordered:
            for parent in models[key]["depends_on"]["nodes"]:
                visit(parent)
            ordered[key] = models[key]

    for key in sorted(models):
        visit(key)
    return list(ordered.values())


def _created(node: Mapping[str, Any], code: str) -> str:
    kind = "view" if node["config"]["materialized"] == "view" else "table"
    return f"create or replace {kind} {node['schema']}.{node['alias']} as {code}"


def _replacing(node: Mapping[str, Any]) -> str:
    if node["config"]["materialized"] != "incremental":
        return ""
    meta = node["config"]["meta"]
    return (
        f"{{{{ rows_of_the_touched_replaced('{node['schema']}.{node['alias']}', 'fresh', "
        f"'{meta['kept_by']}', {str(meta.get('touches_dates', False)).lower()}) }}}}"
    )


def _refreshed(node: Mapping[str, Any], replacing: str) -> list[str]:
    if not replacing.strip():
        return [_created(node, node["compiled_code"])]
    return [f"create or replace temp table fresh as {node['compiled_code']}", replacing]


def marts(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """Every mart's rows, sorted."""
    names = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'marts'"
    ).fetchall()
    return {
        name: connection.execute(f"from marts.{name} order by all").fetchall() for (name,) in names
    }


def with_origin(stream: str, row: Mapping[str, Any], line: int) -> dict[str, Any]:
    """A row of a stream as the loader stores it, with every column of the stream."""
    columns = dict.fromkeys(STREAMS[stream].column_names()) | dict(row)
    return {
        "business_id": "salon",
        "system": "generic",
        **columns,
        "source_file": f"{stream}.jsonl",
        "source_line": line,
        "loaded_at": "2026-03-20 00:00:00",
    }
