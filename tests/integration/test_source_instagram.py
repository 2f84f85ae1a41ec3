"""Instagram's export and webhooks: letters that are bytes, and who is who."""

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.sources.contract import Reading
from orchestration.sources.systems import SYSTEMS

READING = Reading("salon", "Europe/Moscow", "salon/instagram/message_1.json")


def read(document: Any, folder: str = "", reading: Reading = READING) -> list[Any]:
    """Values of the records, or the fault of those that are rejects."""
    reader = SYSTEMS["instagram"].feeds[folder].read
    assert reader is not None
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "message_1.json")
        path.write_text(json.dumps(document), encoding="utf-8")
        return [record.fault or json.loads(record.text or "") for record in reader(path, reading)]


def as_exported(text: str) -> str:
    return text.encode().decode("latin-1")


def thread(*messages: tuple[str, str], title: str = "Анна", **more: Any) -> dict[str, Any]:
    return {
        # The newest comes first.
        "messages": [
            {
                "sender_name": as_exported(who),
                "timestamp_ms": 1790939111000 + number,
                "content": as_exported(text),
            }
            for number, (who, text) in reversed(list(enumerate(messages)))
        ],
        "title": as_exported(title),
        **more,
    }


letters = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=20)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(["Анна", "lime"]), letters), min_size=1, max_size=8))
def test_an_export_is_read_as_it_was_said(messages: list[tuple[str, str]]) -> None:
    rows = read(thread(*messages))[::-1]
    assert [row["body"] for row in rows] == [text for _, text in messages]
    assert [row["sender"] for row in rows] == [
        "customer" if who == "Анна" else "operator" for who, _ in messages
    ]
    assert len({row["message_id"] for row in rows}) == len(rows)


@pytest.mark.parametrize("text", ["café", "привет", "naïve – “да”", "plain"])
def test_a_text_that_is_written_right_stays_as_it_is(text: str) -> None:
    document = thread(("Анна", "x"))
    document["messages"][0]["content"] = text
    [row] = read(document)
    assert row["body"] == text


def test_who_wrote_first_is_the_customer_where_the_title_is_nobody() -> None:
    rows = read(thread(("lime", "а"), ("Анна", "б"), title="Группа"))
    assert {row["body"]: row["sender"] for row in rows} == {"а": "customer", "б": "operator"}


def test_where_our_side_is_declared_all_others_are_customers() -> None:
    reading = replace(READING, operators=frozenset({"lime"}))
    rows = read(thread(("lime", "а"), ("Анна", "б"), title="Группа"), reading=reading)
    assert {row["body"]: row["sender"] for row in rows} == {"а": "operator", "б": "customer"}


def test_a_conversation_bears_the_id_of_its_thread() -> None:
    [row] = read(thread(("Анна", "а"), thread_path="inbox/anna_17841"))
    assert (row["chat_id"], row["user_id"]) == ("anna_17841", "anna_17841")


def test_what_is_no_conversation_is_rejected() -> None:
    assert read({"profile_user": []}) == ["unknown_format"]
    assert read(thread()) == ["unknown_format"]
    assert read({"messages": [1]}) == ["unknown_type"]


def payload(**said: Any) -> dict[str, Any]:
    event = {"sender": {"id": "5"}, "recipient": {"id": "178"}, "timestamp": 1790939111000, **said}
    return {"object": "instagram", "entry": [{"id": "178", "messaging": [event]}]}


@pytest.mark.parametrize("kind", ["read", "reaction", "delivery", "optin", "take_thread_control"])
def test_what_nobody_said_is_nothing(kind: str) -> None:
    assert read(payload(**{kind: {"mid": "m"}}), "webhooks") == []


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"object": "instagram"}, "unknown_event"),
        ({"entry": [1]}, "unknown_event"),
        ({"entry": [{"messaging": [1]}]}, "unknown_event"),
        ({"entry": [{"changes": [{"field": "weather", "value": {}}]}]}, "unknown_event"),
        (payload(message={"text": "без mid"}), "missing_field:message_id"),
    ],
)
def test_what_is_unknown_is_rejected(document: dict[str, Any], fault: str) -> None:
    assert read(document, "webhooks") == [fault]


def test_an_echo_is_the_bot_only_where_it_is_declared() -> None:
    echo = payload(message={"mid": "m", "text": "а", "is_echo": True, "app_id": 42})
    [row] = read(echo, "webhooks")
    assert (row["sender"], row["operator_id"], row["user_id"]) == ("operator", "5", "178")
    [row] = read(echo, "webhooks", replace(READING, bots=frozenset({"42"})))
    assert row["sender"] == "bot"
