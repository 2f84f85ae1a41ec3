import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.config import PROJECT_DIR
from tests.integration.conftest import DemoRun, Places


def refused(places: Places, **changes: str) -> str:
    """The sentence with which a refresh is refused, without a traceback, before dbt starts."""
    run = places.refresh(changes=changes)
    assert run.returncode == 1, run.stdout
    assert "Traceback" not in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert not (places.folder / "dagster" / "logs" / "dbt.log").exists()
    return run.stderr


def salon(places: Places, settings: str = "") -> Path:
    business = places.landing / "salon"
    (business / "generic" / "messages").mkdir(parents=True)
    (business / "business.yml").write_text(settings, encoding="utf-8")
    return business


def small_project(folder: Path) -> Path:
    """This project with one model in the place of all of them."""
    for part in ("orchestration", "seeds", "profiles"):
        shutil.copytree(PROJECT_DIR / part, folder / part)
    for part in ("models/marts", "macros", "tests/data", "tests/unit"):
        (folder / part).mkdir(parents=True)
    shutil.copy(PROJECT_DIR / "macros" / "schemas.sql", folder / "macros")
    (folder / "dbt_project.yml").write_text(
        "name: chatbot_kpi\nprofile: chatbot_kpi\nseed-paths: []\ntest-paths: [tests/data]\n"
        "models: {chatbot_kpi: {marts: {+schema: marts, +materialized: table}}}\n"
    )
    (folder / "models" / "marts" / "_models.yml").write_text(
        "sources: [{name: raw, tables: [{name: businesses}]}]\n"
    )
    (folder / "models" / "marts" / "dim_businesses.sql").write_text(
        "select business_id from {{ source('raw', 'businesses') }}"
    )
    return folder


def messages(count: int) -> str:
    return "".join(
        json.dumps(
            {
                "message_id": f"m{number}",
                "channel": "web",
                "user_id": "ann",
                "sent_at": f"2026-10-{number % 28 + 1:02}T10:00:00Z",
                "sender": "customer",
                "body": "привет",
            }
        )
        + "\n"
        for number in range(count)
    )


def test_a_refresh_that_is_interrupted_says_so_and_leaves_the_exports(
    places: Places,
) -> None:
    salon(places)
    command = [sys.executable, "-m", "orchestration.refresh"]
    with subprocess.Popen(
        command,
        cwd=PROJECT_DIR,
        env=places.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        # The models come after the ledger.
        while "ledger" not in run.stdout.readline():
            assert run.poll() is None
        time.sleep(0.5)
        run.send_signal(signal.SIGINT)
        sentence = run.stderr.read()

    assert run.returncode == 130
    assert sentence.startswith("Interrupted:")
    assert len(sentence.splitlines()) == 1
    assert list(places.exports.iterdir()) == []


def test_make_alone_lists_the_commands() -> None:
    answer = subprocess.run(
        ["make"], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    ).stdout

    for command in ("run", "refresh", "dev", "test", "lint", "clean"):
        assert f"\n  {command} " in answer


def test_a_refresh_prints_the_scorecard_of_every_business_and_where_things_lie(
    demo_run: DemoRun,
) -> None:
    with duckdb.connect(str(demo_run.warehouse), read_only=True) as connection:
        names = connection.execute("select name from marts.dim_businesses").fetchall()

    assert len(names) == 3
    for (name,) in names:
        assert f"{name} · последние 28 дней (2026-10-04 – 2026-10-31)" in demo_run.output
    assert "Точность понимания" in demo_run.output
    assert str(demo_run.exports) in demo_run.output
    assert "\x1b[" not in demo_run.output


def test_a_second_refresh_leaves_the_same_bytes(demo_run: DemoRun) -> None:
    def content() -> dict[str, object]:
        files: dict[str, object] = {
            path.relative_to(demo_run.exports).as_posix(): path.read_bytes()
            for path in demo_run.exports.rglob("*")
            if path.is_file()
        }
        # A commit between the two runs is the one thing that may change.
        manifest = json.loads((demo_run.exports / "manifest.json").read_text(encoding="utf-8"))
        return files | {"manifest.json": manifest | {"revision": None}}

    before = content()

    assert demo_run.refresh(changes={"AS_OF": "2026-11-01T03:00:00+03:00"}).returncode == 0

    after = content()
    assert [name for name in after if after[name] != before.get(name)] == []
    assert after.keys() == before.keys()


def test_a_landing_zone_that_does_not_exist_is_named(places: Places) -> None:
    assert "/nowhere does not exist" in refused(places, LANDING_DIR="/nowhere")


def test_a_time_that_is_none_is_named(places: Places) -> None:
    assert "AS_OF='yesterday'" in refused(places, AS_OF="yesterday")


def test_a_wrong_key_of_a_business_is_named_with_its_file(places: Places) -> None:
    salon(places, settings="time_zone: Europe/Moscow\n")

    sentence = refused(places)

    assert "salon/business.yml" in sentence
    assert "time_zone" in sentence


@pytest.mark.parametrize("variable", ["WAREHOUSE_PATH", "EXPORT_DIR", "DAGSTER_HOME"])
def test_a_place_that_cannot_be_written_is_named_with_its_variable(
    places: Places, variable: str
) -> None:
    salon(places)

    sentence = refused(places, **{variable: "/proc/nowhere/place"})

    assert "/proc/nowhere" in sentence
    assert f"set {variable}" in sentence


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_the_right_to_read_it_is_named(places: Places) -> None:
    folder = salon(places) / "generic" / "messages"
    folder.chmod(0)

    assert "generic/messages cannot be listed" in refused(places)


def test_a_warehouse_that_another_process_holds_is_named(places: Places) -> None:
    salon(places)

    with duckdb.connect(str(places.warehouse)):
        assert "warehouse.duckdb is in use by another process" in refused(places)


def test_an_empty_landing_zone_beside_a_warehouse_is_not_filled_with_a_demo(
    places: Places,
) -> None:
    duckdb.connect(str(places.warehouse)).close()

    places.refresh(changes={"EXPORT_DIR": "/proc/nowhere"})

    assert list(places.landing.iterdir()) == []


def test_a_broken_file_stops_the_refresh_and_leaves_the_exports(places: Places) -> None:
    file = salon(places) / "generic" / "messages" / "october.jsonl"
    file.write_text(messages(9) + "broken\n", encoding="utf-8")

    run = places.refresh()

    assert run.returncode == 1
    assert "salon/generic/messages/october.jsonl" in run.stderr
    assert "Traceback" not in run.stderr
    assert list(places.exports.iterdir()) == []


def test_a_data_test_that_fails_is_named_and_nothing_is_published(
    places: Places, tmp_path: Path
) -> None:
    project = small_project(tmp_path / "project")
    (project / "tests" / "data" / "no_business_is_a_salon.sql").write_text(
        "select * from {{ ref('dim_businesses') }} where business_id = 'salon'"
    )
    salon(places)
    places.exports.mkdir()
    (places.exports / "manifest.json").write_text("the old one")

    run = places.refresh(project=project)

    assert run.returncode == 1
    assert "1 data test failed (no_business_is_a_salon)" in run.stderr
    assert "the exports were left as they were" in run.stderr
    assert [path.read_text() for path in places.exports.iterdir()] == ["the old one"]


def test_a_file_nobody_reads_is_warned_of_on_the_way(places: Places, tmp_path: Path) -> None:
    project = small_project(tmp_path / "project")
    (salon(places) / "notes.txt").write_text("mine")

    run = places.refresh(project=project)

    assert "  warning: Files nobody reads: 1, such as salon/notes.txt" in run.stdout


def test_a_refresh_leaves_dbts_own_command_nothing_to_parse_anew(
    places: Places, tmp_path: Path
) -> None:
    project = small_project(tmp_path / "project")
    salon(places)
    parse = [
        *(str(Path(sys.executable).with_name("dbt")), "--quiet", "parse"),
        *("--profiles-dir", "profiles", "--no-send-anonymous-usage-stats"),
    ]
    environment = os.environ | {"WAREHOUSE_PATH": "data/warehouse.duckdb"}

    def parsed_files(target: Path) -> int:
        command = [*parse, "--target-path", str(target)]
        subprocess.run(command, cwd=project, env=environment, check=True)
        account = json.loads((target / "perf_info.json").read_text(encoding="utf-8"))
        return int(account["parsed_path_count"])

    assert parsed_files(project / "target") > 0
    places.refresh(project=project)

    assert parsed_files(project / "target") == 0
