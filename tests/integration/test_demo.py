"""The demo is the same each time, keeps to the contract of the streams, and tells of everything."""

import csv
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.business import read_business
from orchestration.config import PROJECT_DIR
from orchestration.demo import DemoTruth, business_totals, demo_people, demo_truth, write_demo
from orchestration.demo.cases import CASES
from orchestration.errors import ActionableError
from orchestration.streams import STREAMS

END_DATE = date(2026, 11, 1)
BUSINESSES = ("clinic_neva", "salon_lime", "trainer_baltic")

# The edge cases as the metric contract lists them, and the cases that tell them.
CONTRACT = {
    "no bot reply": ("no_bot_reply",),
    "handoff before any reply": ("handoff_before_any_reply",),
    "handoff nobody takes": ("handoff_nobody_takes",),
    "operator without handoff event": ("operator_without_handoff_event",),
    "bot and operator in the same second": ("bot_and_operator_in_the_same_second",),
    "several leads in one session": ("several_leads_in_one_session",),
    "one lead and several sessions": ("one_lead_and_several_sessions",),
    "lead without session id": (
        "lead_by_phone_only",
        "lead_by_chat_reference_only",
        "lead_by_user_id_only",
        "lead_by_email_only",
    ),
    "lead before the session": ("lead_before_the_session",),
    "merged lead": ("merged_lead",),
    "deleted lead": ("deleted_lead",),
    "messages out of order": ("messages_out_of_order",),
    "duplicate delivery": ("duplicate_delivery",),
    "edited message": ("edited_message",),
    "late record after the session closed": ("late_record_after_closing",),
    "late record that joins two sessions": ("late_record_joins_two_sessions",),
    "or splits none": ("late_record_splits_none",),
    "a gap exactly at the limit": ("gap_exactly_at_the_limit", "gap_a_second_over_the_limit"),
    "midnight": ("midnight",),
    "month end": ("end_of_month",),
    "clock change": ("clock_change",),
    "daypart edges": ("daypart_edges",),
    "reopened next day with only thanks": ("reopened_next_day_with_only_thanks",),
    "staff and test users": ("staff_user", "tester"),
    "operator-only": ("operator_only",),
    "silent broadcast": (
        "silent_broadcast",
        "broadcast_replied",
        "broadcast_to_a_former_customer",
        "broadcast_to_a_former_customer_in_vain",
    ),
    "auto-reply out of hours": ("auto_reply_out_of_hours",),
    "voice or photo only": ("voice_only", "photo_only"),
    "one person in two channels": ("one_person_in_two_channels",),
    "two people on one phone": ("two_people_on_one_phone",),
    "variant changed in the middle": ("variant_changed_in_the_middle",),
    "survey answered twice": ("survey_answered_twice",),
    "period still maturing": ("period_still_maturing",),
    "zero denominators": ("zero_denominators",),
    "agent writes first": ("agent_writes_first", "agent_writes_first_and_is_answered"),
    "spam": ("spam",),
}


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("landing")
    write_demo(folder, END_DATE)
    return folder


@pytest.fixture(scope="module")
def truth() -> DemoTruth:
    return demo_truth(END_DATE)


def test_the_same_end_date_gives_the_same_bytes_in_any_process(
    landing: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "landing"
    environment = os.environ | {
        "LANDING_DIR": str(elsewhere),
        "AS_OF": "2026-11-01T00:00:00Z",
        "PYTHONHASHSEED": "7",
        "TZ": "America/New_York",
    }
    command = [sys.executable, "-m", "orchestration.demo"]
    told = subprocess.run(
        command, cwd=PROJECT_DIR, env=environment, check=True, capture_output=True, text=True
    )
    assert "sessions" in told.stdout
    assert _fingerprints(elsewhere) == _fingerprints(landing)


def test_a_landing_zone_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "salon").mkdir()
    with pytest.raises(ActionableError, match="already holds salon"):
        write_demo(tmp_path, END_DATE)
    assert [path.name for path in tmp_path.iterdir()] == ["salon"]


def test_no_half_written_file_is_left_behind(landing: Path) -> None:
    assert not [path for path in landing.rglob("*") if path.name.startswith(".")]


def test_the_demo_is_small(landing: Path) -> None:
    size = sum(path.stat().st_size for path in landing.rglob("*") if path.is_file())
    assert size < 10_000_000


def test_every_edge_case_of_the_contract_is_told(truth: DemoTruth) -> None:
    told = truth.cases()
    assert {case.name for case in CASES} == told
    assert {phrase for phrase, names in CONTRACT.items() if not told.issuperset(names)} == set()


def test_every_settings_file_is_accepted(landing: Path) -> None:
    for business_id in BUSINESSES:
        assert read_business(landing / business_id / "business.yml").name


@pytest.mark.parametrize("business_id", BUSINESSES)
def test_every_written_row_keeps_to_its_stream(landing: Path, business_id: str) -> None:
    for stream in STREAMS.values():
        required = {column.name for column in stream.columns if column.required}
        values = {column.name: column.values for column in stream.columns if column.values}
        for row in _rows(landing / business_id / "generic" / stream.name):
            assert row.keys() <= set(stream.column_names())
            filled = {name for name, value in row.items() if value not in (None, "")}
            assert required <= filled
            groups = stream.required_groups
            assert not groups or any(filled.issuperset(group) for group in groups)
            for name in values.keys() & filled:
                assert row[name] in values[name]


def test_all_streams_are_written_by_every_business_that_may(landing: Path) -> None:
    written = {path.name for path in landing.glob("*/generic/*")}
    assert written == set(STREAMS)


def test_nobody_in_the_demo_can_be_called_or_written_to() -> None:
    people = demo_people(END_DATE)
    assert all(person.phone.startswith("+7900000") for person in people)
    assert all(person.email.endswith("@example.com") for person in people)


@pytest.mark.parametrize(
    "end_date",
    # On a Monday the last day is one on which the clinic is closed.
    [END_DATE, date(2026, 5, 15), date(2026, 11, 9), date(2027, 1, 2), date(2028, 3, 1)],
)
def test_the_truth_does_not_contradict_itself(end_date: date) -> None:
    truth = demo_truth(end_date)
    as_of = datetime(end_date.year, end_date.month, end_date.day, tzinfo=UTC)
    starts = set()
    for session in truth.sessions:
        assert session.started_at <= session.ended_at < as_of
        assert session.is_answered == (session.ttr_seconds is not None)
        assert (session.outcome is not None) == session.is_qualified
        assert (session.outcome == "pending") == (session.is_qualified and not session.is_settled)
        assert session.has_handoff == (session.handoff_type is not None)
        assert session.correct_messages <= session.labelled_messages
        assert session.labelled_messages <= session.classifiable_messages
        assert session.classifiable_messages <= session.customer_messages
        assert session.bot_answers <= session.bot_messages
        assert session.human_handle_seconds <= 300 * session.operator_messages
        assert not session.returned_within_24h or session.returned_within_72h
        assert not session.returned_within_72h or session.returned_within_168h
        starts.add((session.business_id, session.channel, session.started_at))
    assert len(starts) == len(truth.sessions)
    matched = sum(lead.method is not None and not lead.is_deleted for lead in truth.leads)
    assert matched == sum(session.leads for session in truth.sessions)


def test_where_gaps_part_sessions_everybody_keeps_the_gap(truth: DemoTruth) -> None:
    talks: dict[tuple[str, str], list[Any]] = {}
    for session in truth.sessions:
        if session.session_id is None and "closed_and_begun_anew" not in session.cases:
            talks.setdefault((session.channel, session.user_id), []).append(session)
    for of_one_person in talks.values():
        of_one_person.sort(key=lambda session: session.started_at)
        for earlier, later in pairwise(of_one_person):
            assert later.started_at - earlier.ended_at > timedelta(hours=24)


@pytest.mark.parametrize("business_id", BUSINESSES)
def test_the_rates_are_those_of_a_plausible_business(truth: DemoTruth, business_id: str) -> None:
    totals = business_totals(truth, business_id)
    counts = totals.counts
    rates = {
        "unanswered": counts["unanswered_sessions"] / counts["settled_sessions"],
        "handoff": counts["handoff_sessions"] / counts["bot_sessions"],
        "conversion": counts["converted_sessions"] / counts["mature_sessions"],
        "intent accuracy": totals.intent_accuracy,
        "csat": counts["csat_chat_sum"] / counts["csat_chat_responses"],
        "nps": (counts["nps_promoters"] - counts["nps_detractors"]) / counts["nps_responses"],
        "no-show": counts["visits_no_show"] / (counts["visits_no_show"] + counts["visits_arrived"]),
        "lost at first": (counts["unanswered_sessions"] + totals.outcomes["abandoned"])
        / counts["settled_sessions"],
    }
    ranges = {
        "unanswered": (0.05, 0.13),
        "handoff": (0.05, 0.17),
        "conversion": (0.17, 0.32),
        "intent accuracy": (0.83, 0.94),
        "csat": (4.1, 4.5),
        "nps": (0.25, 0.55),
        "no-show": (0.07, 0.17),
        "lost at first": (0.2, 0.35),
    }
    for name, (low, high) in ranges.items():
        assert low < rates[name] < high, f"{name} is {rates[name]:.3f}"


def test_the_second_greeting_converts_better(truth: DemoTruth) -> None:
    rates = {}
    for variant in ("A", "B"):
        arm = [s for s in truth.sessions if s.variant == variant and s.is_mature]
        assert len(arm) > 400
        rates[variant] = sum(session.is_converted for session in arm) / len(arm)
    assert rates["B"] > rates["A"] + 0.05


def _rows(folder: Path) -> Iterator[Mapping[str, object]]:
    for path in sorted(folder.glob("*")):
        if path.name.endswith(".jsonl.gz"):
            yield from map(json.loads, gzip.decompress(path.read_bytes()).decode().splitlines())
        elif path.suffix == ".csv":
            yield from _csv_rows(path.read_bytes())
        else:
            with duckdb.connect() as connection:
                result = connection.read_parquet(str(path))
                for values in result.fetchall():
                    yield dict(zip(result.columns, values, strict=True))


def _csv_rows(content: bytes) -> Iterator[Mapping[str, object]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251")
    header = text.splitlines()[0]
    delimiter = next(character for character in ";\t," if character in header)
    yield from csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)


def _fingerprints(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
