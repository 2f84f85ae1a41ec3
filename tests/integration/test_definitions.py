import json
import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration import checks
from orchestration.dbt_events import current_project
from orchestration.definitions import WAREHOUSE_POOL, defs, models, new_files
from orchestration.errors import ActionableError
from orchestration.loading import create_raw_tables, load_businesses, load_stream
from orchestration.streams import STREAMS
from orchestration.warehouse import open_warehouse


@pytest.fixture
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "landing"
    (folder / "salon" / "generic" / "messages").mkdir(parents=True)
    monkeypatch.setenv("LANDING_DIR", str(folder))
    return folder


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


class Ticks:
    """The sensor, asked again and again; it remembers its cursor as the daemon would."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self.cursor: str | None = None

    def requests(self) -> list[str | None]:
        context = dg.build_sensor_context(self.instance, cursor=self.cursor)
        answer = new_files(context)
        if isinstance(answer, dg.SkipReason):
            return []
        assert isinstance(answer, dg.SensorResult)
        self.cursor = answer.cursor
        return [request.run_key for request in answer.run_requests or []]


@pytest.fixture
def ticks(instance: dg.DagsterInstance) -> Ticks:
    return Ticks(instance)


def messages_file(landing: Path, name: str = "a.jsonl") -> Path:
    return landing / "salon" / "generic" / "messages" / name


def test_one_job_one_schedule_and_one_sensor_refresh_everything() -> None:
    repository = defs.get_repository_def()
    job = repository.get_job("refresh")
    everything = set(repository.asset_graph.executable_asset_keys)

    assert set(job.asset_layer.executable_asset_keys) == everything
    assert repository.get_schedule_def("nightly").job_name == "refresh"
    assert repository.get_schedule_def("nightly").execution_timezone == "Europe/Moscow"
    assert repository.get_sensor_def("new_files").job_name == "refresh"


def test_every_room_is_a_group() -> None:
    assert {spec.group_name for spec in defs.resolve_all_asset_specs()} == {
        "sources",
        "raw",
        "seeds",
        "staging",
        "intermediate",
        "marts",
        "exports",
    }


def test_every_stream_is_an_asset_and_no_source_of_the_models_is_made_elsewhere() -> None:
    graph = defs.get_repository_def().asset_graph

    assert {dg.AssetKey(["raw", stream]) for stream in STREAMS} <= graph.executable_asset_keys
    assert graph.get_all_asset_keys() == graph.executable_asset_keys


def test_the_exports_wait_for_every_mart() -> None:
    graph = defs.get_repository_def().asset_graph
    marts = {key for key in models.keys if key.path[0] == "marts"}

    assert graph.get(dg.AssetKey(["exports", "files"])).parent_keys == marts


def test_only_one_step_at_a_time_opens_the_warehouse() -> None:
    job = defs.resolve_job_def("refresh")

    assert all(node.definition.pools == {WAREHOUSE_POOL} for node in job.graph.nodes)


def test_every_data_test_of_a_model_is_a_check_of_its_asset() -> None:
    path = current_project().manifest_path
    manifest = json.loads(path.read_text(encoding="utf-8"))
    tests = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and not any(parent.startswith("source.") for parent in node["depends_on"]["nodes"])
    }

    assert tests - {key.name for key in models.check_keys} == set()


def test_a_file_that_came_changed_or_went_asks_for_one_refresh(landing: Path, ticks: Ticks) -> None:
    assert ticks.requests() == []
    file = messages_file(landing)
    keys = []

    file.write_text("{}\n")
    keys += ticks.requests()
    assert ticks.requests() == []

    os.utime(file, (1, 1))
    keys += ticks.requests()
    messages_file(landing, "b.jsonl").write_text("{}\n")
    keys += ticks.requests()
    messages_file(landing, "b.jsonl").unlink()
    keys += ticks.requests()

    assert ticks.requests() == []
    assert len(set(keys)) == 4


def test_settings_that_changed_ask_for_a_refresh(landing: Path, ticks: Ticks) -> None:
    messages_file(landing).write_text("{}\n")
    ticks.requests()

    (landing / "salon" / "business.yml").write_text("currency: EUR\n")

    assert len(ticks.requests()) == 1


def test_a_file_under_a_temporary_name_asks_for_nothing(landing: Path, ticks: Ticks) -> None:
    messages_file(landing).write_text("{}\n")
    ticks.requests()

    for name in (".a.jsonl", "b.jsonl.tmp", "c.jsonl.part"):
        messages_file(landing, name).write_text("{}\n")

    assert ticks.requests() == []


def test_a_landing_zone_that_went_away_asks_for_nothing(
    landing: Path, ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages_file(landing).write_text("{}\n")
    ticks.requests()

    monkeypatch.setenv("LANDING_DIR", str(landing / "nowhere"))

    assert ticks.requests() == []


def test_what_was_not_read_is_warned_of_with_an_example_and_without_its_content(
    landing: Path, tmp_path: Path
) -> None:
    lines = [json.dumps({"message_id": "m1"}), "broken +79001234567", "{}"]
    messages_file(landing).write_text("\n".join(lines), encoding="utf-8")
    (landing / "salon" / "notes.txt").write_text("mine")
    with open_warehouse(tmp_path / "warehouse.duckdb") as connection:
        create_raw_tables(connection)
        load_businesses(connection, landing)
        with pytest.raises(ActionableError):
            load_stream(connection, landing, "messages")
        rejected, unread = checks.check_lines(connection), checks.check_files(connection)

    assert rejected.warning is not None
    assert "Rejected lines: 3, such as salon/generic/messages/a.jsonl:" in rejected.warning
    assert unread.warning is not None
    assert "Files nobody reads: 1, such as salon/notes.txt (unknown_system)" in unread.warning
    assert "+79001234567" not in repr((rejected, unread))
