"""The models on a handful of rows, in memory: a whole build in a second, without dbt's ceremony."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt.cli.main import dbtRunner

from orchestration.config import PROJECT_DIR
from orchestration.loading.tables import create_raw_tables
from orchestration.streams import STREAMS

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Models:
    """The compiled models in the order in which they build on each other, and the seeds."""

    database: str
    statements: tuple[str, ...]
    seeds: Mapping[str, Mapping[str, str]]

    def build(self, raw: Rows) -> duckdb.DuckDBPyConnection:
        """Return a warehouse in memory with the marts of these rows, the tables as they come."""
        connection = duckdb.connect()
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach ':memory:' as {self.database}")
        connection.execute(f"use {self.database}")
        create_raw_tables(connection)
        for table, rows in raw.items():
            for row in rows:
                marks = ", ".join("?" * len(row))
                connection.execute(
                    f"insert into raw.{table} ({', '.join(row)}) values ({marks})",
                    list(row.values()),
                )
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
        for statement in self.statements:
            connection.execute(statement)
        return connection


def compile_models(folder: Path) -> Models:
    """Compile the project with an empty warehouse below `folder`."""
    warehouse = folder / "compiled.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        create_raw_tables(connection)
    options = [
        *("--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR / "profiles")),
        *("--target-path", str(folder / "target"), "--quiet"),
    ]
    result = dbtRunner().invoke(["compile", "--select", "resource_type:model", *options])
    assert result.success, result.exception
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    nodes = manifest["nodes"]
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    ordered: list[str] = []

    def visit(key: str) -> None:
        if key in models and key not in ordered:
            for parent in models[key]["depends_on"]["nodes"]:
                visit(parent)
            ordered.append(key)

    for key in sorted(models):
        visit(key)
    statements = []
    for key in ordered:
        node = models[key]
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        name = f"{node['schema']}.{node['alias']}"
        statements.append(f"create {kind} {name} as {node['compiled_code']}")
    seeds = {
        node["name"]: node["config"]["column_types"]
        for node in nodes.values()
        if node["resource_type"] == "seed"
    }
    return Models(warehouse.stem, tuple(statements), seeds)


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
