"""Destinations as steps of a refresh and as assets of the factory."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from orchestration.config import Settings, read_settings
from orchestration.definitions import defs, models
from orchestration.delivering import DESTINATIONS
from orchestration.errors import ActionableError
from orchestration.publish.offers import known_contents, make_offers, plain_names
from orchestration.publish.release import open_release
from orchestration.publish.secrecy import hidden
from orchestration.reports import StepReport
from orchestration.running import Listener, run_refresh
from orchestration.steps import STEPS
from tests.integration.conftest import AS_OF, DemoRun
from tests.servers.google_sheets import Google, Spreadsheet, run_google


@pytest.fixture
def google() -> Iterator[Google]:
    with run_google() as service:
        service.spreadsheets = {"lime": Spreadsheet()}
        yield service


@pytest.fixture
def settings(demo_run: DemoRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The demo's warehouse, exported to a place of its own, and no destination."""
    for name in os.environ:
        if name.startswith(("POSTGRES", "GOOGLE", "BIGQUERY")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("WAREHOUSE_PATH", str(demo_run.warehouse))
    monkeypatch.setenv("EXPORT_DIR", str(tmp_path / "exports"))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    return read_settings()


def test_every_destination_is_an_asset_that_waits_for_every_mart_and_for_no_other_export() -> None:
    graph = defs.get_repository_def().asset_graph
    marts = {key for key in models.keys if key.path[0] == "marts"}

    assert set(DESTINATIONS) == {"postgres", "google_sheets", "bigquery"}
    for name in DESTINATIONS:
        assert graph.get(dg.AssetKey(["exports", name])).parent_keys == marts


def test_dagster_shows_that_a_destination_is_not_configured(settings: Settings) -> None:
    job = defs.resolve_job_def("refresh")
    with dg.DagsterInstance.ephemeral() as instance:
        run = job.execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey(["exports", name]) for name in DESTINATIONS],
        )

    states = {
        event.asset_key.path[-1]: event.materialization.metadata["state"].value
        for event in run.get_asset_materialization_events()
        if event.asset_key
    }
    assert settings.postgres_url is None
    assert states == dict.fromkeys(DESTINATIONS, "not configured")


def test_a_destination_that_fails_keeps_nobody_from_the_others(
    settings: Settings, google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "POSTGRES_URL": "postgresql://writer:hunter2@127.0.0.1:1/shop",
        "GOOGLE_SHEETS_CREDENTIALS": google.service_account(),
        "GOOGLE_SHEETS_ENDPOINT": google.address,
        "GOOGLE_SHEET_SALON_LIME": "lime",
    }.items():
        monkeypatch.setenv(name, value)
    reports: dict[str, StepReport] = {}
    steps = [step for step in STEPS if step.name in ("exports", *DESTINATIONS)]

    with pytest.raises(ActionableError) as told:
        run_refresh(
            read_settings(),
            Listener(lambda _: None, lambda name, report, _: reports.update({name: report})),
            steps,
        )

    [sentence] = str(told.value).splitlines()
    assert sentence.startswith("PostgreSQL at 127.0.0.1:1 could not be reached")
    assert "hunter2" not in sentence
    assert list(reports) == ["exports", "google_sheets", "bigquery"]
    # A worksheet for each report and the dictionary, beside the one that a new spreadsheet has.
    sheets = google.spreadsheets["lime"].worksheets
    assert reports["google_sheets"].details["tables_sent"] == len(sheets) - 1 > 2
    assert (settings.export_dir / "manifest.json").is_file()
    assert {"rpt_scorecard", "dictionary"} < {sheet.title for sheet in sheets}


def test_what_the_files_counted_is_not_counted_again_and_is_the_same(
    demo_run: DemoRun, tmp_path: Path
) -> None:
    with open_release(demo_run.warehouse, AS_OF) as release:
        known = known_contents(release, demo_run.exports)

        assert known is not None
        assert make_offers(replace(release, contents=known), 1) == make_offers(release, 1)
        assert make_offers(release, 1) != make_offers(release, 2)
        assert known_contents(release, tmp_path) is None


def test_two_businesses_that_would_share_a_place_are_refused() -> None:
    assert plain_names(["a-b", "c"]) == {"a-b": "a_b", "c": "c"}

    with pytest.raises(ActionableError, match="a-b and a_b would share one place"):
        plain_names(["a-b", "a_b"])


def test_an_error_that_would_show_a_secret_is_told_without_it() -> None:
    def caused() -> None:
        try:
            raise ValueError("postgresql://me:lighthouse@host")
        except ValueError as error:
            raise ActionableError("It failed: mend it.") from error

    with pytest.raises(ActionableError, match="mend it") as told, hidden(["lighthouse"]):
        caused()
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__

    with pytest.raises(RuntimeError, match=r"^key \*\*\* is bad$"), hidden(["lighthouse"]):
        raise ValueError("key lighthouse is bad")
    with pytest.raises(KeyError), hidden(["lighthouse"]):
        raise KeyError("another")
