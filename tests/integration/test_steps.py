import json
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.config import PROJECT_DIR, Settings, read_settings
from orchestration.definitions import defs
from orchestration.errors import ActionableError
from orchestration.lock import only_refresh
from orchestration.reports import StepReport
from orchestration.running import Listener, run_refresh
from orchestration.steps import STEPS, Step
from tests.integration.conftest import DemoRun, Places

HOLD = """
import sys, time
from pathlib import Path
from orchestration.lock import only_refresh
with only_refresh(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


class Heard:
    """What a refresh of given steps told."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.ended: list[str] = []

    def refresh(self, steps: Sequence[Step], home: Path) -> None:
        settings = Settings(dagster_home=home)
        run_refresh(
            settings, Listener(self.started.append, lambda name, *_: self.ended.append(name)), steps
        )


def made(_: Settings) -> StepReport:
    return StepReport({"table": 1})


def broken(_: Settings) -> StepReport:
    raise ActionableError("The file is broken: mend it.")


def impossible(_: Settings) -> StepReport:
    raise ValueError("one is two\nand so on")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo_run: DemoRun) -> Settings:
    """The demo's landing zone, with places of its own for everything else."""
    for name, value in Places(tmp_path).environment(LANDING_DIR=str(demo_run.landing)).items():
        monkeypatch.setenv(name, value)
    return read_settings()


def test_the_command_goes_through_the_steps_of_dagsters_job_in_its_order() -> None:
    job = defs.resolve_job_def("refresh")
    needs = {
        node.name.removeprefix("raw__").removesuffix("__files"): {
            output.node.removeprefix("raw__")
            for inputs in dependencies.values()
            for output in inputs.get_node_dependencies()
        }
        for node, dependencies in job.dependencies.items()
    }
    names = [step.name for step in STEPS]

    assert {step.name: set(step.needs) for step in STEPS} == needs
    for step in STEPS:
        assert set(step.needs) <= set(names[: names.index(step.name)])


def test_dagsters_job_makes_the_exports_that_the_command_makes(
    settings: Settings, demo_run: DemoRun
) -> None:
    (settings.landing_dir / "notes.txt").write_text("mine")
    try:
        with dg.DagsterInstance.ephemeral() as instance:
            run = defs.resolve_job_def("refresh").execute_in_process(instance=instance)
    finally:
        (settings.landing_dir / "notes.txt").unlink()

    def fingerprint(exports: Path) -> str:
        manifest = json.loads((exports / "manifest.json").read_text(encoding="utf-8"))
        return str(manifest["fingerprint"])

    assert run.success
    assert fingerprint(settings.export_dir) == fingerprint(demo_run.exports)
    rows = {
        event.asset_key.path[-1]: event.materialization.metadata.get("dagster/row_count")
        for event in run.get_asset_materialization_events()
        if event.asset_key
    }
    assert rows["fct_sessions"] is not None
    assert rows["messages"] is not None
    [unread] = [
        check
        for check in run.get_asset_check_evaluations()
        if check.check_name == "every_file_was_read"
    ]
    assert not unread.passed
    assert unread.severity == dg.AssetCheckSeverity.WARN
    assert "Files nobody reads: 1, such as notes.txt" in (unread.description or "")


def test_the_command_starts_without_dagster() -> None:
    code = (
        "import sys, orchestration.refresh, orchestration.models_report\n"
        "print([name for name in sys.modules if name.partition('.')[0].startswith('dagster')])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )

    assert answer.stdout == "[]\n"


def test_a_step_that_fails_stops_those_that_need_it_and_no_other(tmp_path: Path) -> None:
    heard = Heard()
    steps = [
        Step("leads", broken),
        Step("messages", made),
        Step("ratings", broken),
        Step("models", made, needs=["leads", "messages"]),
        Step("exports", made, needs=["models"]),
        Step("ledger", made, needs=["messages"]),
    ]

    with pytest.raises(ActionableError) as told:
        heard.refresh(steps, tmp_path)

    assert str(told.value).splitlines() == ["The file is broken: mend it."] * 2
    assert heard.started == ["leads", "messages", "ratings", "ledger"]
    assert heard.ended == ["messages", "ledger"]


def test_a_failure_nobody_foresaw_is_named_with_its_step_and_is_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "refresh.log"

    with pytest.raises(ActionableError) as told:
        Heard().refresh([Step("messages", impossible)], tmp_path)

    assert str(told.value) == (
        f"The step messages failed in a way nobody foresaw (one is two): see {log}."
    )
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_every_stream_that_cannot_be_loaded_is_named_and_the_others_are_loaded(
    places: Places,
) -> None:
    for stream in ("messages", "ratings", "costs"):
        folder = places.landing / "salon" / "generic" / stream
        folder.mkdir(parents=True)
        (folder / "a.jsonl").write_text("broken\n", encoding="utf-8")
    cost = {"cost_date": "2026-10-01", "item": "bot", "amount": 1, "currency": "RUB"}
    (places.landing / "salon/generic/costs/a.jsonl").write_text(json.dumps(cost))

    run = places.refresh()

    assert run.returncode == 1
    assert "salon/generic/messages/a.jsonl" in run.stderr
    assert "salon/generic/ratings/a.jsonl" in run.stderr
    assert "models" not in run.stdout
    assert "Traceback" not in run.stderr
    with duckdb.connect(str(places.warehouse), read_only=True) as connection:
        assert connection.execute("select count(*) from raw.costs").fetchall() == [(1,)]


def test_a_killed_command_gives_its_place_back(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=PROJECT_DIR,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(ActionableError, match="Another refresh is running"),
            only_refresh(tmp_path),
        ):
            pass
        holder.kill()

    with only_refresh(tmp_path):
        pass


def test_dagster_waits_for_its_turn_until_the_command_is_over(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=PROJECT_DIR,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        threading.Timer(0.5, holder.kill).start()
        with only_refresh(tmp_path, is_patient=True):
            assert holder.wait() == -signal.SIGKILL
