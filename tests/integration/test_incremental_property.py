"""However a history arrives, each refresh of the touched leaves the marts of a full rebuild.

A history comes in steps: rows arrive, twice or late, files lose them again, business.yml changes
and time goes on. After each step the marts are compared with those of a warehouse that was built
from what lies in raw, cell by cell.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.scope import Scope
from tests.integration.adversarial_rows import SETTINGS, SPARSE, START, raw_rows
from tests.integration.models_in_memory import (
    Models,
    compile_models,
    insert,
    marts,
    with_origin,
)

STEPS = 4
# Before, between and after the rows' own times, so that some are known only later.
AS_OF = [
    START + timedelta(hours=2),
    START + timedelta(hours=2),
    START + timedelta(days=3),
    START + timedelta(days=9),
    START + timedelta(days=9, minutes=1),
    START + timedelta(days=30),
]
OTHER_SETTINGS: Sequence[Mapping[str, Any]] = [
    {"session_gap_minutes": 60},
    {"lead_window_days": 1},
    {"intent_threshold": None},
    {"timezone": "Asia/Vladivostok"},
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Models]:
    with pytest.MonkeyPatch.context() as patch:
        # A handful of rows is always a large part of all.
        patch.setattr("orchestration.scope.MOST_TOUCHED", float("inf"))
        yield compile_models(tmp_path_factory.mktemp("models"))


def history(
    raw: Mapping[str, Sequence[Mapping[str, Any]]], chance: random.Random
) -> list[list[tuple[str, str, dict[str, Any]]]]:
    """What happens in each step: rows (by stream) that `arrive` or `depart`."""
    steps: list[list[tuple[str, str, dict[str, Any]]]] = [[] for _ in range(STEPS)]
    for stream, rows in raw.items():
        deliveries = [*rows, *chance.sample(list(rows), len(rows) // 3)]
        for line, row in enumerate(deliveries):
            arrival = chance.randrange(STEPS)
            told = with_origin(stream, row, line) | {
                "business_id": "salon" if chance.random() < 0.8 else "clinic",
                "source_file": f"{stream}-{line}",
                "loaded_at": loaded_at(arrival),
            }
            steps[arrival].append(("arrive", stream, told))
            if chance.random() < 0.25 and arrival + 1 < STEPS:
                steps[chance.randrange(arrival + 1, STEPS)].append(("depart", stream, told))
    return steps


def loaded_at(step: int) -> datetime:
    return datetime(2026, 3, 20) + timedelta(hours=step)


def take_step(
    connection: duckdb.DuckDBPyConnection,
    step: int,
    events: Sequence[tuple[str, str, dict[str, Any]]],
) -> None:
    for what, stream, row in events:
        if what == "arrive":
            insert(connection, f"raw.{stream}", [row])
        else:
            leaving = f"from raw.{stream} where source_file = '{row['source_file']}'"
            connection.execute(f"insert into refresh.departed_{stream} {leaving}")
            connection.execute(f"delete {leaving}")
    insert(connection, "raw.loaded_files", [{"loaded_at": loaded_at(step)}])


def tell_settings(
    connection: duckdb.DuckDBPyConnection, own: Mapping[str, Any], as_of: datetime
) -> None:
    for table, rows in SETTINGS.items():
        connection.execute(f"delete from raw.{table}")
        insert(connection, f"raw.{table}", rows)
        if table == "businesses":
            insert(connection, "raw.businesses", [{**rows[0], "business_id": "clinic"}])
    for key, value in own.items():
        connection.execute(
            f"update raw.businesses set {key} = ? where business_id = 'salon'", [value]
        )
    connection.execute("update raw.refresh_context set as_of = ?", [as_of])


def rebuilt(models: Models, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    tables = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'raw'"
    ).fetchall()
    with models.open() as fresh:
        for (table,) in tables:
            rows = connection.execute(f"from raw.{table}")
            names = [name for name, *_ in rows.description or ()]
            insert(
                fresh,
                f"raw.{table}",
                [dict(zip(names, row, strict=True)) for row in rows.fetchall()],
            )
        for statement in models.everything:
            fresh.execute(statement)
        return marts(fresh)


@settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=raw_rows(SPARSE), seed=st.integers(0, 10**6))
def test_each_refresh_of_the_touched_gives_the_marts_of_a_full_rebuild(
    models: Models, raw: dict[str, list[dict[str, Any]]], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    moments = sorted(chance.choices(AS_OF, k=STEPS))
    own: dict[str, Any] = {}
    with models.open() as connection:
        for step, events in enumerate(history(raw, chance)):
            take_step(connection, step, events)
            if chance.random() < 0.3:
                own = own | chance.choice(OTHER_SETTINGS)
            tell_settings(connection, own, moments[step])
            scope = models.refresh(connection)
            assert (scope is Scope.EVERYTHING) == (step == 0)
            assert marts(connection) == rebuilt(models, connection), f"after step {step}"
