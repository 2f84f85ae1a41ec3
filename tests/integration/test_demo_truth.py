"""The pipeline finds in the demo's files what the demo knows of itself."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.demo import DemoTruth, demo_truth
from tests.integration.demo_truth_comparison import (
    date_differences,
    lead_differences,
    scorecard_differences,
    session_differences,
    total_differences,
)


@pytest.fixture(scope="module")
def truth() -> DemoTruth:
    return demo_truth(date(2026, 11, 1))


@pytest.fixture
def marts(demo_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(demo_warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


def test_every_session_is_found_as_it_was_told(
    marts: duckdb.DuckDBPyConnection, truth: DemoTruth
) -> None:
    differences = session_differences(marts, truth)
    assert not differences, _shown(differences)


def test_every_lead_is_found_as_it_was_told(
    marts: duckdb.DuckDBPyConnection, truth: DemoTruth
) -> None:
    differences = lead_differences(marts, truth)
    assert not differences, _shown(differences)


def test_the_daily_report_adds_up_to_the_stories(
    marts: duckdb.DuckDBPyConnection, truth: DemoTruth
) -> None:
    differences = total_differences(marts, truth)
    assert not differences, _shown(differences)


def test_the_scorecard_shows_the_shares_of_the_stories(
    marts: duckdb.DuckDBPyConnection, truth: DemoTruth
) -> None:
    differences = scorecard_differences(marts, truth)
    assert not differences, _shown(differences)


def test_every_local_date_has_the_sessions_that_began_on_it(
    marts: duckdb.DuckDBPyConnection, truth: DemoTruth
) -> None:
    differences = date_differences(marts, truth)
    assert not differences, _shown(differences)


def _shown(differences: list[str]) -> str:
    return "\n".join([f"{len(differences)} differences", *differences[:40]])
