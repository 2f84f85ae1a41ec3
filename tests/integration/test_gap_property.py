"""What another gap would give is what a rebuild under that gap gives."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.adversarial_rows import DENSE, SETTINGS, SPARSE, START, raw_rows
from tests.integration.models_in_memory import Models, compile_models, with_origin

OWN_GAP = 1440
# Long after the last of the rows, so that every session is mature under any gap.
LOOKED_AT_FROM = datetime(2027, 3, 1)
FIGURES = (
    "sessions, ttr_median_seconds, answerable_sessions, unanswered_sessions, mature_sessions, "
    "converted_sessions, given_sessions"
)
# Minutes of silence: some shorter and some longer than each of the gaps.
SILENCES = [0, 1, 20, 30, 31, 300, 720, 800, 1440, 1500, 2000, 4000, 5000]
SAID: Sequence[Mapping[str, Any]] = [
    {"sender": "customer"},
    {"sender": "customer"},
    {"sender": "customer"},
    {"sender": "bot"},
    {"sender": "operator"},
    {"sender": "bot", "is_broadcast": True},
    {"sender": "system"},
]
PEOPLE = ["anna", "boris"]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return compile_models(tmp_path_factory.mktemp("models"))


def build(
    models: Models, raw: Mapping[str, Sequence[Mapping[str, Any]]], **own: Any
) -> duckdb.DuckDBPyConnection:
    [business] = SETTINGS["businesses"]
    rows = {
        stream: [with_origin(stream, row, line) for line, row in enumerate(told)]
        for stream, told in raw.items()
    }
    return models.build(
        rows | {"businesses": [{**business, **own}], "refresh_context": [{"as_of": LOOKED_AT_FROM}]}
    )


@st.composite
def conversations(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Talk of two people in no platform's sessions, with pauses, and a lead now and then."""
    now = START
    messages: list[dict[str, Any]] = []
    leads: list[dict[str, Any]] = []
    for number in range(draw(st.integers(20, 50))):
        now += timedelta(minutes=draw(st.sampled_from(SILENCES)))
        user = draw(st.sampled_from(PEOPLE))
        message = {
            "message_id": f"m{number}",
            "channel": "telegram",
            "user_id": user,
            "kind": "text",
        }
        messages.append({**message, "sent_at": now, **draw(st.sampled_from(SAID))})
        if draw(st.integers(0, 9)) == 0:
            created = now + timedelta(minutes=draw(st.sampled_from(SILENCES)))
            times = {"created_at": created, "modified_at": created}
            leads.append({"lead_id": f"l{number}", "user_id": user, "status": "NEW", **times})
    return {"messages": messages, "leads": leads}


@settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=conversations())
def test_another_gap_gives_the_figures_of_a_rebuild_under_that_gap(
    models: Models, raw: dict[str, list[dict[str, Any]]]
) -> None:
    with build(models, raw, session_gap_minutes=OWN_GAP, lead_window_days=300) as own:
        for gap in (30, 720, 4320):
            query = f"select {FIGURES} from marts.rpt_gap_sensitivity where gap_minutes = {gap}"
            with build(models, raw, session_gap_minutes=gap, lead_window_days=300) as rebuilt:
                assert own.execute(query).fetchall() == rebuilt.execute(query).fetchall(), gap


@settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=st.one_of(conversations(), raw_rows(DENSE), raw_rows(SPARSE)))
def test_the_own_gap_gives_the_sessions_of_the_facts(
    models: Models, raw: dict[str, list[dict[str, Any]]]
) -> None:
    with build(models, raw) as connection:
        [(sessions, unanswered, converted, given)] = connection.execute(
            "select sessions, unanswered_sessions, converted_sessions, given_sessions "
            f"from marts.rpt_gap_sensitivity where gap_minutes = {OWN_GAP}"
        ).fetchall()
        inbound = "from marts.fct_sessions where session_kind = 'inbound'"
        parted = (
            f"{inbound} and session_id in "
            "(select session_id from intermediate.int_messages_sessionized)"
        )
        assert connection.execute(
            "select count(*), count(*) filter (where is_settled and not is_answered), "
            f"count(*) filter (where is_mature and is_converted) {parted}"
        ).fetchall() == [(sessions, unanswered, converted)]
        assert connection.execute(f"select count(*) - {sessions} {inbound}").fetchall() == [
            (given,)
        ]
