"""Every business's portal is fetched before anything is loaded, and its URL stays a secret."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.config import Settings, read_settings
from orchestration.definitions import BITRIX24, bitrix24, defs, fetching_asset, new_files
from orchestration.preflight import write_demo_into_empty_landing
from tests.fixtures.bitrix24_portal import (
    STAND_IN,
    TOKEN,
    WITHOUT_STAND_IN,
    StandIn,
    open_stand_in,
)

with_stand_in = pytest.mark.skipif(not STAND_IN.is_file(), reason=WITHOUT_STAND_IN)


@pytest.fixture
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "landing"
    folder.mkdir()
    monkeypatch.setenv("LANDING_DIR", str(folder))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    return folder


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with open_stand_in(60) as stand_in:
        yield stand_in


def materialize(**options: Any) -> dg.ExecuteInProcessResult:
    return dg.materialize([fetching_asset(dg.RetryPolicy(max_retries=1, delay=0))], **options)


def told(result: dg.ExecuteInProcessResult) -> str:
    """All that Dagster would show of a run."""
    return "\n".join(repr(event) for event in result.all_events)


def metadata(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    (event,) = result.asset_materializations_for_node("bitrix24")
    return {name: value.value for name, value in event.metadata.items()}


def test_the_portals_are_fetched_before_anything_is_loaded() -> None:
    graph = defs.get_repository_def().asset_graph
    assert graph.get(dg.AssetKey(["raw", "businesses"])).parent_keys == {BITRIX24}
    assert BITRIX24 in defs.resolve_job_def("refresh").asset_layer.executable_asset_keys
    policy = bitrix24.op.retry_policy
    assert policy is not None
    assert policy.max_retries > 0


def test_a_refresh_asked_for_by_new_files_does_not_ask_the_portals(landing: Path) -> None:
    (landing / "salon/generic/messages").mkdir(parents=True)
    (landing / "salon/generic/messages/a.jsonl").write_text("{}\n")
    with dg.DagsterInstance.ephemeral() as instance:
        answer = new_files(dg.build_sensor_context(instance))
    assert isinstance(answer, dg.SensorResult)
    (request,) = answer.run_requests or []
    everything = defs.get_repository_def().asset_graph.executable_asset_keys
    assert set(request.asset_selection or []) == everything - {BITRIX24}


def test_without_a_webhook_nothing_is_done(landing: Path) -> None:
    result = materialize()
    assert metadata(result)["dagster/row_count"] == 0
    assert list(landing.iterdir()) == []


@with_stand_in
def test_every_business_with_a_webhook_is_fetched_and_counted(
    landing: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    (landing / "my-salon").mkdir()
    monkeypatch.setenv("BITRIX24_WEBHOOK_MY_SALON", stand_in.url)
    monkeypatch.setenv("BITRIX24_WEBHOOK_CLINIC", stand_in.url)
    result = materialize()
    assert sorted(path.name for path in landing.iterdir()) == ["clinic", "my-salon"]
    shown = metadata(result)
    assert shown["businesses"] == 2
    assert shown["records_gone"] == 0
    assert "| my-salon | leads | 60 | 60 | 0 |" in shown["preview"]
    assert TOKEN not in told(result)
    assert "127.0.0.1" not in told(result)


@with_stand_in
@pytest.mark.usefixtures("landing")
def test_a_right_that_is_missing_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_stand_in(10, scope=("crm", "user")) as stand_in:
        monkeypatch.setenv("BITRIX24_WEBHOOK_SALON", stand_in.url)
        (check,) = materialize().get_asset_check_evaluations()
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.WARN
    assert "salon: no bookings (insufficient_scope)" in (check.description or "")


@with_stand_in
def test_one_portal_that_is_closed_keeps_nobody_from_the_others(
    landing: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BITRIX24_WEBHOOK_A", stand_in.url.replace(TOKEN, "revoked"))
    monkeypatch.setenv("BITRIX24_WEBHOOK_B", stand_in.url)
    monkeypatch.setenv("BITRIX24_WEBHOOK_C", f"https://portal/{TOKEN}")
    result = materialize(raise_on_error=False)
    assert not result.success
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    said = failure.step_failure_data.user_failure_data
    assert said is not None
    assert "portal of a refused server.time (INVALID_CREDENTIALS" in (said.description or "")
    assert "The Bitrix24 webhook of c is not of the form" in (said.description or "")
    assert TOKEN not in told(result)
    assert "revoked/" not in told(result)
    assert list((landing / "b/bitrix24/leads").glob("*.jsonl.gz"))


@with_stand_in
@pytest.mark.usefixtures("landing")
def test_a_portal_that_is_down_for_a_moment_is_asked_again_by_the_factory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("orchestration.sources.bitrix24.pacing.Pace.pause", lambda *_: None)
    # More faults in a row than the reader has patience for, and then none.
    with open_stand_in(10, faults=[(number, "502") for number in range(1, 10)]) as stand_in:
        monkeypatch.setenv("BITRIX24_WEBHOOK_SALON", stand_in.url)
        result = materialize()
    assert result.success
    assert any(event.is_step_up_for_retry for event in result.all_events)
    assert TOKEN not in told(result)


def test_two_folders_that_one_variable_can_mean_are_refused(
    landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("my-salon", "my_salon"):
        (landing / name).mkdir()
    monkeypatch.setenv("BITRIX24_WEBHOOK_MY_SALON", "https://portal/rest/1/code/")
    result = materialize(raise_on_error=False)
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert "can mean the business my-salon or my_salon" in told(result)
    assert failure.step_failure_data.user_failure_data is not None


def test_a_webhook_is_a_secret_wherever_settings_are_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BITRIX24_WEBHOOK_MY_SALON", f"https://portal/rest/1/{TOKEN}/")
    monkeypatch.setenv("BITRIX24_WEBHOOK_EMPTY", "")
    settings = read_settings()
    assert list(settings.bitrix24_webhooks()) == ["MY_SALON"]
    shown = (repr(settings), str(settings), settings.model_dump_json(), repr(vars(settings)))
    assert TOKEN not in json.dumps(shown)
    assert TOKEN not in repr(settings.bitrix24_webhooks())


def test_webhooks_may_stand_in_the_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.config.PROJECT_DIR", tmp_path)
    (tmp_path / ".env").write_text("BITRIX24_WEBHOOK_SALON=https://portal/rest/1/code/\n")
    assert list(Settings().bitrix24_webhooks()) == ["SALON"]


def test_where_a_portal_is_given_no_demo_is_written(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_PATH", str(tmp_path / "none.duckdb"))
    monkeypatch.setenv("BITRIX24_WEBHOOK_SALON", "https://portal/rest/1/code/")
    assert not write_demo_into_empty_landing(read_settings())
    assert list(landing.iterdir()) == []
