"""Dagster's home: made ready at each start, whatever the last run left behind."""

import fcntl
import json
import os
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.storage.tags import GRPC_INFO_TAG

from orchestration.config import read_settings
from orchestration.errors import ActionableError

COMMAND_TAG = {"started_by": "orchestration.refresh"}
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


@contextmanager
def only_refresh(home: Path) -> Iterator[None]:
    """Hold the lock of the refresh command. Raises ActionableError where another one holds it."""
    descriptor = os.open(home / "refresh.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise ActionableError(
            "Another refresh is running: wait for it to end and run again."
        ) from error
    finally:
        os.close(descriptor)


def end_dead_runs(instance: dg.DagsterInstance, *, is_only_refresh: bool) -> None:
    """Mark runs as failed whose process is gone, and give their places in the pool back.

    A killed process cannot do so itself, and the next run would wait for it for ever.
    `is_only_refresh` says that the caller holds the lock, so that no other command is alive.
    """
    for run in instance.get_runs(filters=dg.RunsFilter(statuses=_RUNNING)):
        is_of_command = COMMAND_TAG.items() <= run.tags.items()
        is_dead = is_only_refresh if is_of_command else _is_server_gone(run.tags)
        if is_dead:
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
            try:
                with only_refresh(home):
                    end_dead_runs(instance, is_only_refresh=True)
            except ActionableError:
                end_dead_runs(instance, is_only_refresh=False)
    except ActionableError as error:
        sys.exit(str(error))
    print(home)


if __name__ == "__main__":
    main()
