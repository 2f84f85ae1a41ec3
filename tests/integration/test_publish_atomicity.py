import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from orchestration.config import PROJECT_DIR
from orchestration.errors import ActionableError
from orchestration.publish.files import publish_files
from orchestration.publish.release import open_release
from orchestration.publish.swap import STAGING, staging_folder
from tests.integration.conftest import AS_OF, Publish

PUBLISH = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from orchestration.publish.files import publish_files
from orchestration.publish.release import open_release
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
with open_release(Path(sys.argv[1]), datetime(2026, 11, 1, tzinfo=UTC)) as release:
    publish_files(release, Path(sys.argv[2]))
"""


def messages_seen(exports: Path) -> set[str]:
    """Read two files of one business as a reader who opened its folder once."""
    folder = os.open(exports / "salon", os.O_RDONLY)
    try:
        seen = set()
        for name in ("csv/rpt_messages.csv", "csv/rpt_messages_again.csv"):
            with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=folder), encoding="utf-8") as file:
                seen.add(file.read())
        return seen
    finally:
        os.close(folder)


def test_a_reader_sees_the_old_export_or_the_new_one_and_never_a_mixture(
    publish: Publish, exports: Path
) -> None:
    def change(number: int) -> str:
        return "; ".join(
            f"create or replace table marts.{table} as "
            f"select business_id, {number} as messages from marts.fct_sessions"
            for table in ("rpt_messages", "rpt_messages_again")
        )

    publish(change(0))
    faults: list[object] = []
    seen: set[str] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                both = messages_seen(exports)
                with duckdb.connect(str(exports / "marts.duckdb"), read_only=True) as connection:
                    connection.execute("from marts.rpt_messages").fetchall()
                json.loads((exports / "manifest.json").read_text(encoding="utf-8"))
            except FileNotFoundError as error:
                # The folder opened before the exchange is removed after it: a reader opens again.
                if (exports / "salon/csv/rpt_messages.csv").exists():
                    continue
                faults.append(error)
            except Exception as error:
                faults.append(error)
            else:
                if len(both) != 1:
                    faults.append(both)
                seen.update(both)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 15):
        publish(change(number))
    done.set()
    reader.join()

    assert faults == []
    assert len(seen) > 1


def test_a_full_disk_leaves_the_old_export_whole_and_says_so(
    publish: Publish, exports: Path, marts_warehouse: Path
) -> None:
    publish()
    before = {path: path.read_bytes() for path in exports.rglob("*") if path.is_file()}
    with duckdb.connect(str(marts_warehouse)) as connection:
        connection.execute("update marts.fct_sessions set messages = 9")

    # A limit on the size of a file fails a write in the middle as a full disk does.
    run = subprocess.run(
        [sys.executable, "-c", PUBLISH, str(marts_warehouse), str(exports), "100000"],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert "ActionableError: The exports could not be written to" in run.stderr
    assert "what was exported before is still there" in run.stderr
    assert {path: path.read_bytes() for path in exports.rglob("*") if path.is_file()} == before


def test_what_a_killed_run_left_is_cleaned_at_the_next_start(
    publish: Publish, exports: Path
) -> None:
    leftover = exports / STAGING / "salon" / "csv"
    leftover.mkdir(parents=True)
    (leftover / "rpt_half.csv").write_text("half")

    publish()

    assert not (exports / STAGING).exists()
    assert not (exports / "salon/csv/rpt_half.csv").exists()


def test_two_refreshes_never_write_the_same_exports_at_once(
    publish: Publish, exports: Path
) -> None:
    with (
        staging_folder(exports),
        pytest.raises(ActionableError, match="Another refresh is writing"),
    ):
        publish()


@pytest.mark.parametrize("place", ["/proc/exports", "{folder}/warehouse.duckdb/exports"])
def test_a_folder_that_cannot_be_written_is_named(
    marts_warehouse: Path, tmp_path: Path, place: str
) -> None:
    export_dir = Path(place.format(folder=tmp_path))

    with (
        open_release(marts_warehouse, AS_OF) as release,
        pytest.raises(ActionableError, match=f"could not be written to {export_dir}"),
    ):
        publish_files(release, export_dir)
