"""A refresh after one new day computes that day's people alone and gives the marts of a rebuild."""

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks.generate import LAST_DAY_NAME, Shape, generate
from orchestration.config import PROJECT_DIR
from tests.integration.conftest import Places

BEFORE = {"AS_OF": "2026-09-30T00:00:00Z"}
AFTER = {"AS_OF": "2026-10-01T00:00:00Z"}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Places refreshed with a month but its last day, and again with that day."""
    places = Places(tmp_path_factory.mktemp("incremental"))
    generate(places.landing, Shape(scale=0.006, businesses=2, days=30, format="csv"))
    held = places.folder / "held"
    last_day = sorted(places.landing.rglob(f"{LAST_DAY_NAME}.csv"))
    for file in last_day:
        place = held / file.relative_to(places.landing)
        place.parent.mkdir(parents=True)
        file.rename(place)
    refresh(places, BEFORE)
    for file in last_day:
        (held / file.relative_to(places.landing)).rename(file)
    refresh(places, AFTER)
    return places


def refresh(places: Places, changes: dict[str, str]) -> str:
    run = places.refresh(changes=changes)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_marts_are_those_of_a_full_rebuild(places: Places, tmp_path: Path) -> None:
    rebuilt = Places(tmp_path)
    shutil.copytree(places.landing, rebuilt.landing)
    refresh(rebuilt, AFTER)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{places.warehouse}' as refreshed (read_only)")
        connection.execute(f"attach '{rebuilt.warehouse}' as rebuilt (read_only)")
        marts = connection.execute(
            "select table_name from information_schema.tables "
            "where table_catalog = 'rebuilt' and table_schema = 'marts'"
        ).fetchall()
        assert ("fct_turns",) in marts
        # They tell when the files were loaded.
        of_one_loading = {("fct_loads",), ("rpt_reconciliation",)}
        assert of_one_loading < set(marts)
        for (mart,) in set(marts) - of_one_loading:
            differences = connection.execute(
                f"select count(*) from ("
                f"(from refreshed.marts.{mart} except all from rebuilt.marts.{mart}) union all "
                f"(from rebuilt.marts.{mart} except all from refreshed.marts.{mart}))"
            ).fetchall()
            assert (mart, differences) == (mart, [(0,)])
        [(is_everything, touched, everybody)] = connection.execute(
            "select is_everything, (select count(*) from refreshed.refresh.touched_users), "
            "(select count(distinct (business_id, user_id)) from refreshed.raw.messages) "
            "from refreshed.refresh.scope"
        ).fetchall()
    assert not is_everything
    assert 0 < touched < everybody / 2


def test_a_refresh_of_nothing_new_leaves_warehouse_and_exports_as_they_are(places: Places) -> None:
    files = [path for path in places.exports.rglob("*") if path.is_file()]
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}
    with duckdb.connect(str(places.warehouse), read_only=True) as connection:
        tables = marts_and_their_places(connection)
    output = refresh(places, AFTER)
    assert "nothing has changed" in output
    with duckdb.connect(str(places.warehouse), read_only=True) as connection:
        assert marts_and_their_places(connection) == tables
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files} == before


def test_after_dbt_was_run_by_hand_everything_is_computed(places: Places) -> None:
    run = subprocess.run(
        [
            *(Path(sys.executable).with_name("dbt"), "run", "--select", "fct_sessions"),
            *("--project-dir", PROJECT_DIR, "--profiles-dir", PROJECT_DIR / "profiles"),
            *("--target-path", places.folder / "by_hand"),
        ],
        env=places.environment(**AFTER),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(places.warehouse)) as connection:
        connection.execute("create table marts.fct_retired as select 'salon' as business_id")
        connection.execute("create view staging.stg_retired__rows as select 1 as one")

    assert "nothing has changed" not in refresh(places, AFTER)

    with duckdb.connect(str(places.warehouse), read_only=True) as connection:
        assert connection.execute("select is_everything from refresh.scope").fetchall() == [(True,)]
        # What a model of an earlier version left behind is gone, and leaves with no export.
        retired = "select table_name from information_schema.tables where table_name ~ 'retired'"
        assert connection.execute(retired).fetchall() == []
    assert not list(places.exports.rglob("*retired*"))


def marts_and_their_places(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """Every mart with the number under which the engine keeps it: a new table has a new one."""
    return connection.execute(
        "select table_name, table_oid, estimated_size from duckdb_tables() "
        "where schema_name = 'marts' order by table_name"
    ).fetchall()
