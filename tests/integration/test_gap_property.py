"""What another gap would give is what a rebuild under that gap gives."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.adversarial_rows import DENSE, SETTINGS, SPARSE, raw_rows
from tests.integration.models_in_memory import Models, compile_models, with_origin

OWN_GAP = 1440
# Long after the last of the rows, so that every session is settled under any gap.
LOOKED_AT_FROM = datetime(2026, 6, 1)
FIGURES = (
    "sessions, ttr_median_seconds, answerable_sessions, unanswered_sessions, "
    "mature_sessions, given_sessions"
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return compile_models(tmp_path_factory.mktemp("models"))


def build(
    models: Models, raw: Mapping[str, Sequence[Mapping[str, Any]]], gap_minutes: int
) -> duckdb.DuckDBPyConnection:
    [business] = SETTINGS["businesses"]
    rows = {
        stream: [with_origin(stream, row, line) for line, row in enumerate(told)]
        for stream, told in raw.items()
    }
    return models.build(
        rows
        | {
            "businesses": [{**business, "session_gap_minutes": gap_minutes}],
            "refresh_context": [{"as_of": LOOKED_AT_FROM}],
        }
    )


@settings(max_examples=8, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=st.one_of(raw_rows(DENSE), raw_rows(SPARSE)), gap_minutes=st.sampled_from([30, 4320]))
def test_another_gap_gives_the_figures_of_a_rebuild_under_that_gap(
    models: Models, raw: dict[str, list[dict[str, Any]]], gap_minutes: int
) -> None:
    # A close parts as it does under the business's own gap, and a note is told from a broadcast by
    # what it is marked as, which the gap report does not keep.
    messages = [{**row, "is_ack": False} for row in raw["messages"]]
    events = [row for row in raw["session_events"] if row["event"] not in ("closed", "reopened")]
    told = raw | {"messages": messages, "session_events": events}
    query = f"select {FIGURES} from marts.rpt_gap_sensitivity where gap_minutes = {gap_minutes}"
    with build(models, told, OWN_GAP) as own, build(models, told, gap_minutes) as rebuilt:
        assert own.execute(query).fetchall() == rebuilt.execute(query).fetchall()


@settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=st.one_of(raw_rows(DENSE), raw_rows(SPARSE)))
def test_the_own_gap_gives_the_sessions_of_the_facts(
    models: Models, raw: dict[str, list[dict[str, Any]]]
) -> None:
    with build(models, raw, OWN_GAP) as connection:
        [(sessions, unanswered, converted, given)] = connection.execute(
            "select sessions, unanswered_sessions, converted_sessions, given_sessions "
            f"from marts.rpt_gap_sensitivity where gap_minutes = {OWN_GAP}"
        ).fetchall()
        inbound = "from marts.fct_sessions where session_kind = 'inbound'"
        parted = f"{inbound} and session_id in (select session_id from int_messages_sessionized)"
        connection.execute("set schema = 'intermediate'")
        assert connection.execute(
            "select count(*), count(*) filter (where is_settled and not is_answered), "
            f"count(*) filter (where is_mature and is_converted) {parted}"
        ).fetchall() == [(sessions, unanswered, converted)]
        assert connection.execute(f"select count(*) - {sessions} {inbound}").fetchall() == [
            (given,)
        ]
