"""The macros of macros/ as SQL, and SQL over rows of columns, without dbt."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import yaml

PROJECT = Path(__file__).parents[2]
VARIABLES = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
# Of these the macros that are tested call each other.
_FILES = ("intervals", "comparisons")


@cache
def macros() -> Any:
    """The macros of intervals and comparisons, callable from Python."""
    environment = jinja2.Environment(  # noqa: S701 (SQL, not HTML)
        undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"]
    )
    environment.globals["var"] = VARIABLES.__getitem__
    sources = [(PROJECT / "macros" / f"{name}.sql").read_text(encoding="utf-8") for name in _FILES]
    return environment.from_string("".join(sources)).module


def compute(
    expressions: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Compute SQL expressions over each of the rows, all of which have the same columns."""
    values = ", ".join(f"{expression} as {name}" for name, expression in expressions.items())
    with duckdb.connect() as connection:
        types = {
            name: "double" if any(isinstance(row[name], float) for row in rows) else "bigint"
            for name in rows[0]
        }
        columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
        connection.execute(f"create table given (position bigint, {columns})")
        marks = ", ".join("?" * (len(types) + 1))
        connection.executemany(
            f"insert into given values ({marks})",
            [(position, *row.values()) for position, row in enumerate(rows)],
        )
        found = connection.execute(f"select {values} from given order by position").fetchall()
    return [dict(zip(expressions, row, strict=True)) for row in found]
