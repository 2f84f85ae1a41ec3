import json
import socket
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.tags import GRPC_INFO_TAG

from orchestration.definitions import WAREHOUSE_POOL, defs
from orchestration.home import end_dead_runs, open_home


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with open_home(tmp_path / "dagster") as instance:
        yield instance


def started_run(instance: dg.DagsterInstance, tags: dict[str, str]) -> str:
    """A run that holds the pool's only place, as a killed process leaves it."""
    run = instance.create_run_for_job(
        defs.resolve_job_def("refresh"), status=dg.DagsterRunStatus.STARTED, tags=tags
    )
    history = instance.event_log_storage
    history.initialize_concurrency_limit_to_default(WAREHOUSE_POOL)
    history.claim_concurrency_slot(WAREHOUSE_POOL, run.run_id, "models")
    return run.run_id


def is_over(instance: dg.DagsterInstance, run_id: str) -> bool:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    slots = instance.event_log_storage.get_concurrency_info(WAREHOUSE_POOL).claimed_slots
    is_failed = run.status == dg.DagsterRunStatus.FAILURE
    assert is_failed == (slots == [])
    return is_failed


def test_a_run_of_the_interface_is_over_when_its_server_is_gone(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    path = tmp_path / "server"
    run_id = started_run(instance, {GRPC_INFO_TAG: json.dumps({"socket": str(path)})})

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        end_dead_runs(instance)
        assert not is_over(instance, run_id)

    end_dead_runs(instance)
    assert is_over(instance, run_id)


def test_nothing_is_sent_home_to_dagster_and_only_one_run_goes_on(
    instance: dg.DagsterInstance,
) -> None:
    assert not instance.telemetry_enabled
    assert not instance.nux_enabled
    assert instance.get_concurrency_config().run_queue_config is not None
    assert instance.get_concurrency_config().pool_config.default_pool_limit == 1
