"""Rasa's events: the real log gives what Rasa X counted; sessions, fallbacks, handoffs are told."""

import gzip
import json
from collections import Counter
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.business import read_business
from orchestration.config import PROJECT_DIR
from orchestration.sources import rasa
from tests.fixtures.landing_zone import as_csv, as_jsonl, open_zone
from tests.fixtures.source_reading import Told, read_source

VENDOR = PROJECT_DIR.parent / "shared" / "data" / "vendor" / "rasa"
START = 1_790_939_000.0
needs_vendor = pytest.mark.skipif(
    not VENDOR.is_dir(), reason="the real log, not to be copied here, is not at ../shared/data"
)


def event(kind: str, second: float, **fields: Any) -> dict[str, Any]:
    return {"event": kind, "timestamp": START + second, **fields}


def user(second: float, text: str, intent: str | None = "book", **fields: Any) -> dict[str, Any]:
    parsed = {"intent": {"name": intent, "confidence": 0.9}, "entities": []}
    given = {"input_channel": "telegram", "message_id": f"m{second}", "parse_data": parsed}
    return event("user", second, text=text, **given | fields)


def bot(second: float, text: str | None = "Да", **fields: Any) -> dict[str, Any]:
    return event("bot", second, text=text, data={"buttons": None}, metadata={}, **fields)


def action(second: float, name: str, policy: str | None = None) -> dict[str, Any]:
    return event("action", second, name=name, policy=policy, confidence=1.0)


TALK = [
    action(0, "action_session_start"),
    event("session_started", 0.00002),
    action(0.00004, "action_listen"),
    user(1, "хочу записаться"),
    event("active_loop", 1.1, name="booking_form"),
    event("slot", 1.2, name="requested_slot", value="date"),
    bot(1.5, "На какой день?"),
    user(9, "фыва", "inform"),
    action(9.1, "action_default_fallback", "policy_1_RulePolicy"),
    bot(9.2, "Не понял вас"),
    action(9.3, "action_human_handoff"),
]


TRACKER = {"sender_id": "555", "slots": {}, "events": TALK, "latest_input_channel": "telegram"}


def of_sender(events: list[dict[str, Any]], sender: str = "555") -> list[dict[str, Any]]:
    return [{"sender_id": sender, **logged} for logged in events]


def read(events: list[dict[str, Any]], **fields: str) -> Told:
    told = read_source(rasa.SYSTEM, as_jsonl(of_sender(events)), fields=fields)
    assert told.faults() == []
    return told


def messages(events: list[dict[str, Any]], *columns: str, **fields: str) -> list[tuple[Any, ...]]:
    """Columns of the messages in order of time."""
    rows = sorted(read(events, **fields).rows("messages"), key=itemgetter("sent_at"))
    return [tuple(row.get(name) for name in columns) for row in rows]


@needs_vendor
def test_the_real_log_gives_what_rasa_x_counted(tmp_path: Path) -> None:
    log = VENDOR / "health_triage_bot.events.jsonl.gz"
    with open_zone(tmp_path) as zone:
        zone.put("clinic/rasa/log.jsonl.gz", gzip.decompress(log.read_bytes()))
        report = zone.load()
        zone.assert_conserved()
        expected = json.loads((VENDOR / "health_triage_bot.rasa_x_expected.json").read_text())
        totals = expected["conversation_statistic"][0]
        assert zone.rows(
            "select sender, count(*) from raw.messages group by 1 order by 2 desc"
        ) == [
            ("customer", totals["total_user_messages"]),
            ("bot", totals["total_bot_messages"]),
        ]
        assert (report.rows_loaded, report.rows_rejected) == (81 + 73, 0)
        intents = zone.rows(
            "select intent, count(*) from raw.messages where intent != '' group by 1"
        )
        assert dict(intents) == expected["conversation_intent_statistic"]
        spoken = {
            person["sender_id"]: (person["number_user_messages"], person["latest_input_channel"])
            for person in expected["per_conversation"]
            if person["number_user_messages"]
        }
        assert spoken == {
            sender: (count, channel)
            for sender, count, channel in zone.rows(
                "select user_id, count(*), arg_max(channel, sent_at) from raw.messages "
                "where sender = 'customer' group by 1"
            )
        }
        said_by = sum(
            count
            for name, count in expected["conversation_action_statistic"].items()
            if name.startswith("utter_")
        )
        assert zone.values("select count(*) from raw.messages where sender = 'bot'") == [said_by]
        # 16 sessions were started, in 3 of them nobody said anything.
        assert zone.values("select count(distinct session_id) from raw.messages") == [13]
        assert zone.values("select count(*) from raw.messages where session_id is null") == [0]


def test_a_talk_is_told_with_session_intent_scenario_and_fallback() -> None:
    session = "rasa-555-1790939000000000"
    columns = ("sender", "body", "intent", "intent_confidence", "is_fallback", "scenario")
    assert messages(TALK, *columns) == [
        ("customer", "хочу записаться", "book", 0.9, False, "booking_form"),
        ("bot", "На какой день?", None, None, None, "booking_form"),
        ("customer", "фыва", "inform", 0.9, True, "booking_form"),
        ("bot", "Не понял вас", None, None, None, "booking_form"),
    ]
    assert set(messages(TALK, "session_id", "channel", "user_id", "chat_id")) == {
        (session, "telegram", "555", "555")
    }
    assert read(TALK).columns("session_events", "event", "reason", "session_id") == [
        ("handoff_started", "action_human_handoff", session)
    ]


def as_rows_of_the_table(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "sender_id": "555",
            "type_name": logged["event"],
            "timestamp": logged["timestamp"],
            "intent_name": None,
            "action_name": logged.get("name"),
            "data": json.dumps(logged, ensure_ascii=False),
        }
        for number, logged in enumerate(events, start=1)
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("shuffled.jsonl", as_jsonl(of_sender(TALK[::-1]))),
        ("rows.jsonl", as_jsonl(as_rows_of_the_table(TALK))),
        (
            "nested.jsonl",
            as_jsonl(
                {**row, "data": json.loads(row["data"])} for row in as_rows_of_the_table(TALK)
            ),
        ),
        ("rows.csv", as_csv(as_rows_of_the_table(TALK))),
        ("rows.csv", as_csv(as_rows_of_the_table(TALK), ";")),
        ("rows.json", json.dumps(as_rows_of_the_table(TALK), indent=1).encode()),
        ("tracker.json", json.dumps(TRACKER, indent=1, sort_keys=True).encode()),
        ("trackers.jsonl", as_jsonl([TRACKER])),
        ("trackers.json", json.dumps([TRACKER], ensure_ascii=False).encode()),
    ],
)
def test_the_same_events_in_every_form_are_the_same_rows(name: str, content: bytes) -> None:
    found = read_source(rasa.SYSTEM, content, name)
    assert found.rows("messages") == read(TALK).rows("messages")
    assert found.rows("session_events") == read(TALK).rows("session_events")
    assert found.faults() == []


def test_what_a_custom_start_says_before_its_event_is_in_the_session() -> None:
    start, started = action(0, "action_session_start"), event("session_started", 0.2)
    talk = [user(-99, "до"), start, bot(0.1, "Привет"), started, user(1, "привет")]
    assert messages(talk, "body", "session_id", "channel") == [
        ("до", None, "telegram"),
        ("Привет", "rasa-555-1790939000000000", "telegram"),
        ("привет", "rasa-555-1790939000000000", "telegram"),
    ]


def test_rasas_own_session_id_rules() -> None:
    metadata = {"session_id": "4b3c", "model_id": "v7"}
    talk = [event("session_started", 0), user(1, "привет", metadata=metadata)]
    assert messages(talk, "session_id", "bot_version") == [("rasa-4b3c", "v7")]


@pytest.mark.parametrize(
    "answer",
    [
        [action(2, "action_default_fallback")],
        [action(2, "action_two_stage_fallback")],
        [action(2, "utter_default", "policy_2_FallbackPolicy")],
        [action(2, "action_default_ask_affirmation", "TwoStageFallbackPolicy")],
        [event("flow_started", 2, flow_id="pattern_cannot_handle")],
        [bot(2), action(3, "action_default_fallback")],
    ],
)
def test_a_fallback_is_put_on_the_message_that_it_answers(answer: list[dict[str, Any]]) -> None:
    talk = [user(0, "раз"), user(1, "два"), *answer, user(9, "три")]
    found = messages(talk, "sender", "body", "is_fallback")
    assert [row[1:] for row in found if row[0] == "customer"] == [
        ("раз", False),
        ("два", True),
        ("три", False),
    ]


def test_an_intent_of_the_fallback_classifier_is_a_fallback() -> None:
    talk = [user(0, "фыва", "nlu_fallback"), user(1, "привет", None)]
    assert messages(talk, "intent", "intent_confidence", "is_fallback") == [
        ("nlu_fallback", 0.9, True),
        (None, None, False),
    ]


def test_a_button_a_photo_and_a_reminder_are_not_texts() -> None:
    talk = [
        user(0, "/book{}"),
        event("user", 1, text=None, parse_data={}, input_channel="telegram"),
        user(2, "EXTERNAL: remind"),
        bot(3, None, extra=1),
        event("agent", 4, text="Слушаю вас"),
    ]
    assert messages(talk, "sender", "kind") == [
        ("customer", "button"),
        ("customer", "media"),
        ("system", "service"),
        ("bot", "media"),
        ("operator", "text"),
    ]


def test_a_person_takes_over_and_gives_back() -> None:
    talk = [
        user(0, "позовите человека"),
        action(1, "action_call_admin"),
        event("flow_started", 2, flow_id="pattern_human_handoff"),
        event("pause", 3),
        event("resume", 4),
        event("session_ended", 5),
    ]
    told = read(talk, handoff_actions="action_call_admin, action_other")
    assert told.columns("session_events", "event", "reason", "session_id", "user_id") == [
        ("handoff_started", "action_call_admin", None, "555"),
        ("handoff_started", "pattern_human_handoff", None, "555"),
        ("handoff_started", "pause", None, "555"),
        ("handoff_ended", "resume", None, "555"),
        ("closed", None, None, "555"),
    ]


@pytest.mark.parametrize("given", ['"action_a, action_b"', "[action_a, action_b]"])
def test_handoff_actions_are_a_list_or_a_text(tmp_path: Path, given: str) -> None:
    path = tmp_path / "business.yml"
    path.write_text(f"rasa: {{handoff_actions: {given}}}")
    assert read_business(path).rasa == {"handoff_actions": "action_a, action_b"}


def test_a_scenario_is_a_flow_or_the_declared_slot_until_it_ends() -> None:
    talk = [
        user(0, "раз"),
        event("flow_started", 0.5, flow_id="booking"),
        event("flow_started", 0.6, flow_id="pattern_continue_interrupted"),
        user(1, "два"),
        event("flow_completed", 1.5, flow_id="booking", step_id="end"),
        user(2, "три"),
        event("slot", 2.5, name="topic", value="prices"),
        event("slot", 2.6, name="other", value="x"),
        user(3, "четыре"),
    ]
    assert messages(talk, "body", "scenario", scenario_slot="topic") == [
        ("раз", "booking"),
        ("два", "booking"),
        ("три", "prices"),
        ("четыре", "prices"),
    ]


@pytest.mark.parametrize(
    ("logged", "fields", "channel"),
    [
        ("rest", {}, "rest"),
        ("rest", {"channel": "web"}, "web"),
        ("Telegram", {"channel": "web"}, "telegram"),
        (None, {"channel": "web"}, "web"),
        (None, {}, "rasa"),
    ],
)
def test_the_channel_is_the_logs_unless_it_is_only_technical(
    logged: str | None, fields: dict[str, str], channel: str
) -> None:
    talk = [bot(0), user(1, "раз", input_channel=logged), bot(2)]
    assert messages(talk, "channel", **fields) == [(channel,)] * 3


def test_an_event_logged_twice_is_one_message() -> None:
    found = messages([logged for logged in TALK for _ in range(3)], "message_id", "is_fallback")
    assert (len(found), len(set(found))) == (12, 4)
    assert len({message_id for message_id, _ in found}) == 4


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"event": "new_thing"}, "unknown_event"),
        ({"event": None}, "missing_field:event"),
        ({"sender_id": " "}, "missing_field:sender_id"),
        ({"timestamp": None}, "missing_field:timestamp"),
        ({"timestamp": "soon"}, "bad_timestamp:timestamp"),
        ({"timestamp": 1e400}, "bad_timestamp:timestamp"),
        ({"event": None, "type_name": "user", "data": "{"}, "bad_value:data"),
    ],
)
def test_what_is_no_event_is_told_and_the_rest_is_read(changes: dict[str, Any], fault: str) -> None:
    good = {"sender_id": "555", **user(0, "раз")}
    lines = as_jsonl([{**good, **changes}, good]).replace(b"Infinity", b"1e400")
    told = read_source(rasa.SYSTEM, lines)
    assert told.faults() == [fault]
    assert told.records[0].line == 1
    assert told.columns("messages", "body") == [("раз",)]


logged_events = st.one_of(
    st.builds(user, st.integers(0, 99), st.sampled_from(["привет", "/go", "", "EXTERNAL: x"])),
    st.builds(bot, st.integers(0, 99), st.sampled_from(["Да", None])),
    st.builds(action, st.integers(0, 99), st.sampled_from(["action_listen", "human_handoff"])),
    st.builds(event, st.sampled_from(["session_started", "pause", "slot"]), st.integers(0, 99)),
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from("abc"), logged_events), max_size=30), st.randoms())
def test_every_event_that_says_something_is_a_row_whatever_the_order(
    logged: list[tuple[str, dict[str, Any]]], random: Random
) -> None:
    lines = [{"sender_id": sender, **said} for sender, said in logged]
    told = read_source(rasa.SYSTEM, as_jsonl(lines))
    kinds = Counter(said["event"] for said in lines)
    handoffs = sum(said.get("name") == "human_handoff" for said in lines)
    assert told.faults() == []
    assert len(told.rows("messages")) == kinds["user"] + kinds["bot"]
    assert len(told.rows("session_events")) == kinds["pause"] + handoffs
    # Only what bears the same time is in the file's order.
    if len({said["timestamp"] for said in lines}) == len(lines):
        random.shuffle(lines)
        assert read_source(rasa.SYSTEM, as_jsonl(lines)).rows("messages") == told.rows("messages")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    ["event", "events", "data", "sender_id", "timestamp", "text", "parse_data"]
                ),
                st.one_of(inner, st.sampled_from(["user", "bot", "action", "slot", "1"])),
                max_size=5,
            ),
        ),
        max_leaves=20,
    )
)
def test_no_json_at_all_is_an_exception(value: Any) -> None:
    read_source(rasa.SYSTEM, json.dumps(value).encode(), "a.json")
