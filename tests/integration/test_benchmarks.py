"""What the benchmarks compare is the same: otherwise their times would mean nothing."""

import shutil
from importlib import import_module
from pathlib import Path

import duckdb
import pytest

from benchmarks import bench, daily, limit
from benchmarks.bench import Bench, Timing
from benchmarks.figures import FiguresDifferError, assert_same_figures, write_warehouse_figures
from benchmarks.generate import FORMATS, Format, Shape, generate
from benchmarks.pipeline import Workplace
from tests.integration.conftest import Places

SHAPE = Shape(scale=0.004, businesses=2, days=20)


def landed(folder: Path, file_format: Format = "csv") -> Path:
    generate(folder, Shape(SHAPE.scale, SHAPE.businesses, SHAPE.days, file_format))
    return folder


def content(folder: Path) -> dict[Path, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return landed(tmp_path_factory.mktemp("benchmarks") / "landing")


@pytest.fixture(scope="module")
def by_hand(landing: Path) -> Path:
    figures = landing.parent / "limit.csv"
    limit.write_figures(landing, "csv", figures)
    return figures


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_same_shape_gives_the_same_bytes(tmp_path: Path, file_format: Format) -> None:
    first, second = (landed(tmp_path / name, file_format) for name in ("first", "second"))
    assert content(first) == content(second)


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_hand_written_query_gives_the_same_figures_in_every_format(
    tmp_path: Path, by_hand: Path, file_format: Format
) -> None:
    figures = tmp_path / "figures.csv"
    limit.write_figures(landed(tmp_path / "landing", file_format), file_format, figures)
    assert assert_same_figures(by_hand, figures) > SHAPE.days


@pytest.mark.parametrize("tool", ["pandas", "polars"])
def test_other_tools_give_the_figures_of_the_hand_written_query(
    tmp_path: Path, landing: Path, by_hand: Path, tool: str
) -> None:
    pytest.importorskip(tool)
    import_module(f"benchmarks.peer_{tool}").write_figures(landing, tmp_path / "figures.csv")
    assert_same_figures(by_hand, tmp_path / "figures.csv")


def run_once(landing: Path, folder: Path, tool: Timing) -> Path:
    """Run a tool as the benchmarks do, in a process and a folder of its own."""
    work = Workplace(folder)
    if not work.landing.exists():
        shutil.copytree(landing, work.landing)
    figures = folder / f"{tool.name}.csv"
    Bench(folder, SHAPE, 1, lambda _: None).run_tool(tool, work, "csv", figures)
    return figures


def test_dlt_and_dbt_give_the_figures_of_the_hand_written_query_each_time(
    tmp_path: Path, landing: Path, by_hand: Path
) -> None:
    pytest.importorskip("dlt", reason="dlt is not installed; `make bench` installs it")
    tool = Timing("peer_dlt")
    for _ in range(2):
        assert_same_figures(by_hand, run_once(landing, tmp_path, tool))

    assert tool.skipped is None
    for parts, usage in zip(tool.parts, tool.usages, strict=True):
        assert 0 < parts["load"] + parts["dbt"] < usage.wall
    tables = {"messages": "*", "ratings": "*", "intent_labels": "*", "leads": "distinct lead_id"}
    with duckdb.connect(tmp_path / "peer_dlt" / "warehouse.duckdb", read_only=True) as connection:
        for stream, counted in tables.items():
            loaded, landed_rows, businesses = connection.execute(
                f"select (select count(*) from raw.{stream}), count({counted}), "
                f"(select count(distinct business_id) from raw.{stream}) "
                f"from read_csv('{landing}/*/generic/{stream}/*.csv')"
            ).fetchall()[0]
            assert (stream, loaded, businesses) == (stream, landed_rows, SHAPE.businesses)
        # Of a lead's versions the latest is kept.
        (unequal,) = connection.execute(
            "select count(*) from raw.leads full join ("
            "select lead_id, max(modified_at) as modified_at "
            f"from read_csv('{landing}/*/generic/leads/*.csv') group by lead_id"
            ") as latest using (lead_id, modified_at) "
            "where status is null or latest.lead_id is null"
        ).fetchall()[0]
        assert unequal == 0


def test_a_tool_that_is_not_installed_is_left_out_with_a_reason(
    tmp_path: Path, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(bench._PACKAGES, "peer_dlt", "a_package_nobody_has")
    tool = Timing("peer_dlt")
    assert not run_once(landing, tmp_path, tool).exists()
    assert tool.skipped == "a_package_nobody_has is not installed; `make bench` installs it"


def test_a_refresh_gives_the_figures_of_the_hand_written_query(
    places: Places, by_hand: Path
) -> None:
    landed(places.landing)
    run = places.refresh()
    assert run.returncode == 0, run.stderr
    figures = places.folder / "refresh.csv"
    write_warehouse_figures(places.warehouse, figures)
    assert_same_figures(by_hand, figures)

    with duckdb.connect(str(places.warehouse), read_only=True) as connection:
        by_daily_query = places.folder / "daily.csv"
        daily.write_figures(places.landing, "csv", by_daily_query)
        assert_every_cell_of_the_daily_table(connection, by_daily_query)
        by_method = connection.execute(
            "select distinct coalesce(match_method, unmatched_reason) from marts.fct_leads"
        ).fetchall()
        (facts,) = connection.execute(
            "select max(ended_at - started_at) > interval 8 hours, bool_or(not is_answered), "
            "bool_or(no_match_messages > 0), bool_and(is_mature) from marts.fct_sessions"
        ).fetchall()
    # Every branch of the query had something to do.
    assert {method for (method,) in by_method} == {
        "session_id",
        "phone",
        "no_session_in_window",
    }
    assert all(facts)


def assert_every_cell_of_the_daily_table(
    connection: duckdb.DuckDBPyConnection, by_hand: Path
) -> None:
    columns = connection.execute("describe marts.rpt_kpi_daily").fetchall()
    names = [name for name, *_ in columns]
    types = "{" + ", ".join(f"'{name}': '{of_type}'" for name, of_type, *_ in columns) + "}"
    table = f"read_csv('{by_hand}', header = true, auto_detect = false, columns = {types})"
    # Doubles are added in another order.
    cells = ", ".join(
        f"round({name}, 3) as {name}" if of_type == "DOUBLE" else name
        for name, of_type, *_ in columns
    )
    expected = connection.execute(f"select {cells} from {table} order by {', '.join(names)}")
    rows = expected.fetchall()
    actual = connection.execute(
        f"select {cells} from marts.rpt_kpi_daily order by {', '.join(names)}"
    )
    assert len(rows) > SHAPE.days
    assert actual.fetchall() == rows


def test_figures_that_differ_are_named(tmp_path: Path, by_hand: Path) -> None:
    lines = by_hand.read_text(encoding="utf-8").splitlines()
    changed = tmp_path / "changed.csv"
    changed.write_text("\n".join([lines[0], *lines[2:]]) + "\n", encoding="utf-8")
    with pytest.raises(FiguresDifferError, match="differ in 1 of"):
        assert_same_figures(by_hand, changed)
