"""The marts follow the content of the landing zone, not how and in which order it arrived."""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.streams import STREAMS
from tests.integration.conftest import DemoRun, Places

# Any will do, as long as a failure can be repeated.
SEED = 20261101
FILES = 3
SHARE_DELIVERED_TWICE = 0.1
# What became of each file, and which sources have brought one: another delivery is of other files.
TELL_OF_FILES = {"fct_loads", "fct_sources", "rpt_reconciliation"}


@pytest.fixture(scope="module")
def shuffled(demo_run: DemoRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of the demo's rows as JSON lines: shuffled, cut anew, some of them twice."""
    places = Places(tmp_path_factory.mktemp("shuffled"))
    landing = places.landing
    with duckdb.connect(str(demo_run.warehouse), read_only=True) as connection:
        for business_id in _businesses(connection):
            (landing / business_id).mkdir(parents=True)
            shutil.copy(demo_run.landing / business_id / "business.yml", landing / business_id)
            for stream in STREAMS:
                _write_shuffled(connection, landing, business_id, stream)
    run = places.refresh()
    assert run.returncode == 0, run.stderr
    return places.warehouse


def _businesses(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute("select business_id from raw.businesses order by all").fetchall()
    return [business_id for (business_id,) in rows]


def _write_shuffled(
    connection: duckdb.DuckDBPyConnection, landing: Path, business_id: str, stream: str
) -> None:
    columns = ", ".join(
        f"strftime({column.name}, '%Y-%m-%dT%H:%M:%S.%fZ') as {column.name}"
        if column.type == "timestamp"
        else f"{column.name}::varchar as {column.name}"
        for column in STREAMS[stream].columns
    )
    cursor = connection.execute(
        f"select {columns} from raw.{stream} where business_id = ? order by all", [business_id]
    )
    names = [name for name, *_ in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    chance = random.Random(f"{SEED} {business_id} {stream}")  # noqa: S311
    rows += chance.sample(rows, round(len(rows) * SHARE_DELIVERED_TWICE))
    chance.shuffle(rows)
    folder = landing / business_id / "generic" / stream
    folder.mkdir(parents=True)
    for number in range(FILES):
        part = rows[number::FILES]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in part)
        (folder / f"{chance.randrange(10**6)}-{number}.jsonl").write_text(lines, encoding="utf-8")


@pytest.fixture
def both(demo_run: DemoRun, shuffled: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{demo_run.warehouse}' as told (read_only)")
        connection.execute(f"attach '{shuffled}' as shuffled (read_only)")
        yield connection


def test_shuffled_split_and_repeated_rows_give_the_same_marts_cell_by_cell(
    both: duckdb.DuckDBPyConnection,
) -> None:
    marts = [
        name
        for (name,) in both.execute(
            "select table_name from information_schema.tables "
            "where table_catalog = 'told' and table_schema = 'marts'"
        ).fetchall()
    ]
    assert "fct_sessions" in marts
    assert set(marts) > TELL_OF_FILES
    differences = {
        mart: both.execute(
            f"select count(*) from ("
            f"(from told.marts.{mart} except all from shuffled.marts.{mart}) union all "
            f"(from shuffled.marts.{mart} except all from told.marts.{mart}))"
        ).fetchall()[0][0]
        for mart in set(marts) - TELL_OF_FILES
    }
    assert differences == dict.fromkeys(set(marts) - TELL_OF_FILES, 0)
