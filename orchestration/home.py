"""Dagster's home: made ready at each start, whatever the last run left behind."""

import json
import shutil
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import dagster as dg
from dagster._core.storage.tags import GRPC_INFO_TAG

from orchestration.config import read_settings
from orchestration.errors import ActionableError

_CONFIG = Path(__file__).with_name("dagster.yaml")
_RUNNING = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def open_home(home: Path) -> dg.DagsterInstance:
    """Make `home` with the project's dagster.yaml and return the instance that lives there.

    Raises ActionableError where it cannot be made.
    """
    try:
        (home / "logs").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_CONFIG, home / _CONFIG.name)
    except OSError as error:
        raise ActionableError(
            f"Dagster's home {home} cannot be written ({error.strerror}): set DAGSTER_HOME to a "
            "folder you may write to."
        ) from error
    return dg.DagsterInstance.from_config(str(home))


def end_dead_runs(instance: dg.DagsterInstance) -> None:
    """Mark runs as failed whose process is gone, and give their places in the pool back.

    A killed process cannot do so itself, and the next run would wait for it for ever.
    """
    for run in instance.get_runs(filters=dg.RunsFilter(statuses=_RUNNING)):
        if _is_server_gone(run.tags):
            instance.report_run_failed(run, "The process of this run is gone.")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _is_server_gone(tags: Mapping[str, str]) -> bool:
    server = json.loads(tags.get(GRPC_INFO_TAG, "{}"))
    path = server.get("socket")
    if not path:
        return False
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        return client.connect_ex(path) != 0


def main() -> None:
    """Make the home ready for `dagster dev` and print where it is."""
    try:
        home = read_settings().dagster_home
        with open_home(home) as instance:
            end_dead_runs(instance)
    except ActionableError as error:
        sys.exit(str(error))
    print(home)


if __name__ == "__main__":
    main()
