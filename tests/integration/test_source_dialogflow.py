"""Dialogflow's turns: what was said, understood and answered, however the table was saved."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.sources import dialogflow
from tests.fixtures.landing_zone import as_csv, as_jsonl, open_zone
from tests.fixtures.source_reading import Told, read_source

AGENT = "projects/lime/locations/global/agents/a1"
AT = "2026-10-02 11:05:11.123456 UTC"


def result(text: str | None, match: dict[str, Any], *answers: str, **more: Any) -> dict[str, Any]:
    """A response to one turn."""
    messages = [
        {"text": {"text": [answer]}, "responseType": "HANDLER_PROMPT"} for answer in answers
    ]
    messages += more.pop("messages", [])
    query = {"languageCode": "ru", "match": match, "responseMessages": messages, **more}
    return {"responseId": more.pop("id", None), "queryResult": {**query, "text": text}}


def turn(position: int, response: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A row of the table that CX exports."""
    text = response.get("queryResult", {}).get("text")
    return {
        "project_id": "lime",
        "agent_id": "a1",
        "conversation_name": f"{AGENT}/sessions/te-7f3a",
        "turn_position": position,
        "request_time": AT,
        "language_code": "ru",
        "request": {"queryInput": {"text": {"text": text}}} if text else {},
        "response": response,
        "partial_responses": None,
        "derived_data": {},
        **changes,
    }


BOOK = {"matchType": "INTENT", "confidence": 0.87, "intent": {"displayName": "book"}}
NO_MATCH = {"matchType": "NO_MATCH", "confidence": 0.3}
WELCOME = turn(
    1,
    result(
        None, {"matchType": "EVENT", "event": "WELCOME"}, "Здравствуйте!", triggerEvent="WELCOME"
    ),
    request={"queryInput": {"event": {"event": "WELCOME"}}},
)
TALK = [
    WELCOME,
    turn(2, result("Хочу записаться", BOOK, "На какой день?", "Есть завтра")),
    turn(3, result("фыва", NO_MATCH, "Не понял вас", currentFlow={"displayName": "Запись"})),
]


def read(*rows: dict[str, Any], **fields: str) -> Told:
    told = read_source(dialogflow.SYSTEM, as_jsonl(rows), fields=fields)
    assert told.faults() == []
    return told


def test_a_talk_is_told_turn_by_turn() -> None:
    columns = ("sender", "body", "intent", "intent_confidence", "is_fallback", "scenario")
    assert read(*TALK).columns("messages", *columns) == [
        ("bot", "Здравствуйте!", None, None, None, None),
        ("customer", "Хочу записаться", "book", 0.87, False, None),
        ("bot", "На какой день?", None, None, None, None),
        ("bot", "Есть завтра", None, None, None, None),
        ("customer", "фыва", None, None, True, "Запись"),
        ("bot", "Не понял вас", None, None, None, "Запись"),
    ]
    assert read(*TALK).columns("messages", "sequence") == [
        (1001,),
        (2000,),
        (2001,),
        (2002,),
        (3000,),
        (3001,),
    ]
    assert set(read(*TALK).columns("messages", "session_id", "user_id", "sent_at", "channel")) == {
        ("te-7f3a", "te-7f3a", AT, "dialogflow")
    }
    ids = read(*TALK).columns("messages", "message_id")
    assert len(set(ids)) == len(ids)


def as_texts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """JSON columns as text, as CSV and most other exports have them."""
    return [
        {
            name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
            for name, value in row.items()
        }
        for row in rows
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", as_jsonl(as_texts(TALK))),
        ("a.json", json.dumps(TALK, indent=1).encode()),
        ("a.csv", as_csv(as_texts(TALK))),
        ("a.csv", as_csv(as_texts(TALK), ";")),
    ],
)
def test_the_same_table_in_every_form_is_the_same_rows(name: str, content: bytes) -> None:
    told = read_source(dialogflow.SYSTEM, content, name)
    assert told.faults() == []
    assert told.rows("messages") == read(*TALK).rows("messages")


def test_a_parquet_file_is_the_same_table(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jsonl", tmp_path / "a.parquet"
    source.write_bytes(as_jsonl(as_texts(TALK)))
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'Asia/Tokyo'")
        connection.execute(
            "copy (select * replace ("
            "replace(request_time, ' UTC', '+00')::timestamptz as request_time) "
            f"from read_json('{source}', columns = {{conversation_name: 'varchar', "
            "turn_position: 'bigint', request_time: 'varchar', request: 'varchar', "
            f"response: 'varchar'}})) to '{target}' (format parquet)"
        )
    told = read_source(dialogflow.SYSTEM, target.read_bytes(), "a.parquet")
    columns = ("sender", "body", "intent", "is_fallback", "sequence")
    assert told.columns("messages", *columns) == read(*TALK).columns("messages", *columns)
    assert set(told.columns("messages", "sent_at")) == {("2026-10-02 11:05:11.123456+00",)}


@pytest.mark.parametrize(
    ("row", "kind", "body"),
    [
        (turn(1, result("Привет", BOOK)), "text", "Привет"),
        (turn(1, result("Привет", BOOK), request={}), "text", "Привет"),
        (turn(1, result(None, BOOK, transcript="Привет")), "text", "Привет"),
        (
            turn(1, result(None, BOOK), request={"queryInput": {"dtmf": {"digits": "12"}}}),
            "text",
            "12",
        ),
        (
            turn(1, result(None, BOOK), request={"queryInput": {"intent": {"intent": "x/1"}}}),
            "button",
            None,
        ),
    ],
)
def test_a_customer_may_type_speak_dial_or_press(
    row: dict[str, Any], kind: str, body: str | None
) -> None:
    assert read(row).columns("messages", "sender", "kind", "body", "intent") == [
        ("customer", kind, body, "book")
    ]


def test_a_silent_turn_is_no_message_of_the_customer() -> None:
    silent = turn(2, result("", {"matchType": "NO_INPUT"}, "Вы тут?"))
    assert read(silent).columns("messages", "sender", "body") == [("bot", "Вы тут?")]


def test_answers_are_partial_ones_texts_speech_or_what_the_log_derived() -> None:
    partial = {"queryResult": {"responseMessages": [{"text": {"text": ["Минуту", ""]}}]}}
    spoken = [{"outputAudioText": {"text": "Слушаю"}}]
    rich = [{"payload": {"richContent": []}}]
    told = read(
        turn(1, result("а", BOOK, "Готово"), partial_responses=[partial]),
        turn(2, result("б", BOOK, messages=spoken)),
        turn(3, result("в", BOOK, "Выберите", messages=rich)),
        turn(4, result("г", BOOK, messages=rich)),
        turn(5, result("д", BOOK), derived_data={"agentUtterances": "Да"}),
        turn(6, result("е", BOOK)),
    )
    found = told.columns("messages", "sender", "kind", "body")
    assert [row[1:] for row in found if row[0] == "bot"] == [
        ("text", "Минуту"),
        ("text", "Готово"),
        ("text", "Слушаю"),
        ("text", "Выберите"),
        ("media", None),
        ("text", "Да"),
    ]


@pytest.mark.parametrize(
    ("shown", "event"),
    [
        ({"liveAgentHandoff": {}}, "handoff_started"),
        ({"telephonyTransferCall": {"phoneNumber": "1"}}, "handoff_started"),
        ({"endInteraction": {}}, "closed"),
        ({"conversationSuccess": {}}, None),
    ],
)
def test_a_handoff_and_an_end_are_events(shown: dict[str, Any], event: str | None) -> None:
    told = read(turn(1, result("Позовите человека", BOOK, "Зову", messages=[shown])))
    expected = [(event, AT, "te-7f3a")] if event else []
    assert told.columns("session_events", "event", "event_at", "session_id") == expected
    assert len(told.rows("messages")) == 2


@pytest.mark.parametrize(
    ("name", "session_id"),
    [
        (f"{AGENT}/sessions/te-7f3a", "te-7f3a"),
        (f"{AGENT}/environments/e1/sessions/te-7f3a", "te-7f3a"),
        (f"{AGENT}/sessions/79161234567", "dialogflow-79161234567"),
        ("te-7f3a", "te-7f3a"),
    ],
)
def test_a_session_is_the_callers_own_unless_it_is_a_mere_number(
    name: str, session_id: str
) -> None:
    told = read(turn(1, result("Привет", BOOK), conversation_name=name))
    assert told.columns("messages", "session_id") == [(session_id,)]


def test_the_channel_is_declared_or_the_callers() -> None:
    asked = {"queryInput": {"text": {"text": "а"}}, "queryParams": {"channel": "telegram"}}
    row = turn(1, result("а", BOOK), request=asked)
    assert read(row).columns("messages", "channel") == [("telegram",)]
    assert read(row, channel="web").columns("messages", "channel") == [("web",)]


def test_a_turn_exported_twice_is_the_same_messages() -> None:
    told = read(*TALK, *as_texts(TALK))
    ids = told.columns("messages", "message_id")
    assert (len(ids), len(set(ids))) == (12, 6)
    again = turn(2, result("Хочу записаться", BOOK), request_time="2026-11-02 11:05:11 UTC")
    assert not set(read(again).columns("messages", "message_id")) & set(ids)


def es_answer(**changes: Any) -> dict[str, Any]:
    """An answer of ES as somebody logged it."""
    return {
        "timestamp": "2026-10-02T11:05:11Z",
        "responseId": "r1",
        "queryResult": {
            "queryText": "Хочу записаться",
            "intent": {"displayName": "book"},
            "intentDetectionConfidence": 0.87,
            "fulfillmentText": "На какой день?",
            "fulfillmentMessages": [{"text": {"text": ["На какой день?"]}}],
        },
        "session": "projects/x/agent/sessions/te-7f3a",
        **changes,
    }


def test_an_answer_of_es_is_a_turn_too() -> None:
    told = read(es_answer())
    columns = ("message_id", "sender", "body", "intent", "is_fallback", "session_id", "sequence")
    assert told.columns("messages", *columns) == [
        ("r1-question", "customer", "Хочу записаться", "book", False, "te-7f3a", None),
        ("r1-answer-1", "bot", "На какой день?", None, None, "te-7f3a", None),
    ]
    logged = {"timestamp": "2026-10-02T11:05:11Z", "jsonPayload": es_answer(timestamp=None)}
    assert read(logged).rows("messages") == told.rows("messages")


def test_what_es_did_not_understand_is_a_fallback() -> None:
    intent = {"displayName": "Default Fallback Intent", "isFallback": True}
    understood = {"queryText": "фыва", "intent": intent, "fulfillmentText": "Не понял"}
    told = read(es_answer(queryResult=understood))
    assert told.columns("messages", "body", "is_fallback") == [("фыва", True), ("Не понял", None)]


@pytest.mark.parametrize(
    ("source", "body"), [("telegram", "Телеграм"), ("viber", "Общее"), (None, "Общее")]
)
def test_of_messages_for_several_messengers_the_customers_is_read(
    source: str | None, body: str
) -> None:
    messages = [
        {"text": {"text": ["Телеграм"]}, "platform": "TELEGRAM"},
        {"text": {"text": ["Общее"]}},
    ]
    answer = es_answer(
        queryResult={"queryText": "а", "fulfillmentMessages": messages},
        originalDetectIntentRequest={"source": source},
    )
    assert read(answer).columns("messages", "body")[1:] == [(body,)]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({**TALK[0], "response": "{"}, "bad_value:response"),
        (turn(1, {}, conversation_name=None), "missing_field:conversation_name"),
        (turn(1, {}, turn_position="first"), "bad_value:turn_position"),
        (turn(1, {}, request_time=""), "missing_field:request_time"),
        (turn(1, result(None, BOOK, messages=["?"])), "unknown_type"),
        (es_answer(timestamp=None), "missing_field:timestamp"),
        (es_answer(session=None), "missing_field:session"),
        ({"id": 1}, "unknown_type"),
    ],
)
def test_what_is_not_understood_is_told_and_the_rest_is_read(
    row: dict[str, Any], fault: str
) -> None:
    told = read_source(dialogflow.SYSTEM, as_jsonl([row, TALK[0]]))
    assert told.faults() == [fault]
    assert told.columns("messages", "body") == [("Здравствуйте!",)]


def test_a_talk_loads_in_the_order_of_its_turns(tmp_path: Path) -> None:
    with open_zone(tmp_path) as zone:
        zone.put("salon/business.yml", b"dialogflow: {channel: web}")
        zone.put("salon/dialogflow/a.csv", as_csv(as_texts(TALK[::-1])))
        zone.load()
        zone.assert_conserved()
        assert zone.rows(
            "select body, channel, sent_at::varchar from raw.messages order by sequence"
        ) == [
            (body, "web", "2026-10-02 11:05:11.123456")
            for body in (
                *("Здравствуйте!", "Хочу записаться", "На какой день?", "Есть завтра"),
                *("фыва", "Не понял вас"),
            )
        ]


turns = st.builds(
    lambda position, text, match, answers: turn(position, result(text, match, *answers)),
    st.integers(0, 500),
    st.sampled_from([None, "Привет", ""]),
    st.sampled_from([BOOK, NO_MATCH, {"matchType": "NO_INPUT"}, {}]),
    st.lists(st.sampled_from(["Да", "Нет", ""]), max_size=3),
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(turns, max_size=6), st.booleans())
def test_everything_said_in_any_turn_is_a_row(rows: list[dict[str, Any]], is_text: bool) -> None:
    told = read_source(dialogflow.SYSTEM, as_jsonl(as_texts(rows) if is_text else rows))
    assert told.faults() == []
    results = [row["response"]["queryResult"] for row in rows]
    asked = sum(
        bool(found["text"]) and found["match"].get("matchType") != "NO_INPUT" for found in results
    )
    answered = sum(
        bool(shown["text"]["text"][0]) for found in results for shown in found["responseMessages"]
    )
    senders = [sender for (sender,) in told.columns("messages", "sender")]
    assert (senders.count("customer"), senders.count("bot")) == (asked, answered)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    [
                        *("conversation_name", "turn_position", "request_time", "request"),
                        *("response", "queryResult", "responseMessages", "match", "intent"),
                        *("queryInput", "text", "partial_responses", "derived_data", "session"),
                        *("fulfillmentMessages", "timestamp", "jsonPayload", "platform"),
                    ]
                ),
                st.one_of(inner, st.sampled_from(["1", "a/b", 1])),
                max_size=8,
            ),
        ),
        max_leaves=25,
    )
)
def test_no_json_at_all_is_an_exception(value: Any) -> None:
    read_source(dialogflow.SYSTEM, json.dumps(value).encode(), "a.json")
