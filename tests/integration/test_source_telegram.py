"""Telegram's exports and updates: texts in parts, broken escapes, and who is who."""

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

READING = Reading("salon", "Europe/Moscow", "salon/telegram/result.json")


def read(content: str, reading: Reading = READING, name: str = "result.json") -> list[Any]:
    """Values of the records, or the fault of those that are rejects."""
    reader = SYSTEMS["telegram"].feeds[""].read
    assert reader is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text(content, encoding="utf-8")
        return [record.fault or json.loads(record.text or "") for record in reader(path, reading)]


def chat(*messages: dict[str, Any], **header: Any) -> str:
    given = {"name": "Анна", "type": "personal_chat", "id": 501, **header}
    return json.dumps({**given, "messages": list(messages)}, ensure_ascii=False)


def said(number: int, who: str, text: Any = "да", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date_unixtime": str(1790939000 + number),
        "from": who,
        "from_id": f"user{ {'Анна': 501, 'Олег': 502, 'Лайм': 900}[who] }",
        "text": text,
        **more,
    }


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
parts = st.one_of(
    words, words.map(lambda text: {"type": "bold", "text": text}), st.just({"type": "plain"})
)
texts = st.one_of(words, st.lists(parts, max_size=4))


def desktop_json(value: Any) -> str:
    """JSON as Telegram Desktop writes it: a control character is \\x and two digits."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    for code in (*range(9), 11, 12, *range(14, 32)):
        for escape in (f"\\u{code:04x}", {8: "\\b", 12: "\\f"}.get(code, "")):
            if escape:
                # A backslash that is itself escaped is none.
                text = text.replace("\\\\", "\0").replace(escape, f"\\x{code:02X}")
                text = text.replace("\0", "\\\\")
    return text


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(["Анна", "Лайм"]), texts), max_size=8))
def test_an_export_is_read_as_it_was_said(messages: list[tuple[str, Any]]) -> None:
    document = json.loads(chat(*(said(i, who, text) for i, (who, text) in enumerate(messages))))
    expected = [
        "".join(part.get("text", "") if isinstance(part, dict) else part for part in text)
        for _, text in messages
    ]
    rows = read(desktop_json(document))
    assert [row.get("body", "") for row in rows] == expected
    assert [row["sender"] for row in rows] == [
        "customer" if who == "Анна" else "operator" for who, _ in messages
    ]


def test_the_owner_of_an_account_is_an_operator_in_every_chat() -> None:
    document = {
        "personal_information": {"user_id": 900},
        "chats": {
            "list": [
                # Who wrote first is not the customer, as the owner is known not to be one.
                json.loads(chat(said(1, "Лайм"), said(2, "Олег"), id=1, name=None)),
            ]
        },
    }
    assert [row["sender"] for row in read(json.dumps(document))] == ["operator", "customer"]


def test_the_other_side_of_a_chat_is_the_customer_even_if_we_wrote_first() -> None:
    rows = read(chat(said(1, "Лайм"), said(2, "Анна")))
    assert [row["sender"] for row in rows] == ["operator", "customer"]
    assert {row["user_id"] for row in rows} == {"501"}


def test_a_deleted_account_is_known_by_its_id() -> None:
    rows = read(chat(said(1, "Анна") | {"from": None}, said(2, "Лайм")))
    assert [row["sender"] for row in rows] == ["customer", "operator"]


def test_ids_of_old_exports_are_numbers_and_their_times_are_local() -> None:
    old = {"id": 1, "type": "message", "date": "2020-05-01T10:00:00", "from": "Анна", "text": "да"}
    [row] = read(chat(old | {"from_id": 501}))
    assert (row["sender"], row["sent_at"]) == ("customer", "2020-05-01T10:00:00")


def test_an_edited_message_counts_once_at_its_first_time() -> None:
    [row] = read(chat(said(1, "Анна", edited_unixtime="1799999999")))
    assert row["sent_at"] == "1790939001"


def test_a_phone_in_a_forwarded_message_is_not_the_customers() -> None:
    text = [{"type": "phone", "text": "+79161234567"}, {"type": "email", "text": "a@b.ru"}]
    own, foreign = read(chat(said(1, "Анна", text), said(2, "Анна", text, forwarded_from="Олег")))
    assert (own["phone"], own["email"]) == ("+79161234567", "a@b.ru")
    assert "phone" not in foreign
    assert "email" not in foreign


def test_a_contact_that_the_customer_sends_gives_the_phone() -> None:
    contact = {"first_name": "Анна", "phone_number": "+79161234567"}
    [row] = read(chat(said(1, "Анна", "", contact_information=contact)))
    assert (row["phone"], row["kind"]) == ("+79161234567", "media")


@pytest.mark.parametrize("kind", ["saved_messages", "verification_codes"])
def test_what_is_the_owners_private_matter_is_not_read(kind: str) -> None:
    assert read(chat(said(1, "Лайм"), type=kind)) == []


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ("{}", ["unknown_format"]),
        ("[]", ["unknown_format"]),
        ('{"name": "a", "id": 1}', ["unknown_format"]),
        ('{"messages": ["a", {"type": "story"}]}', ["unknown_type", "unknown_type"]),
        (chat(said(1, "Анна"))[:-20], ["broken_file"]),
    ],
)
def test_what_is_no_export_is_rejected(content: str, faults: list[str]) -> None:
    assert read(content) == faults


def test_a_chat_without_messages_is_no_fault() -> None:
    assert read(chat()) == []


PERSON = {"id": 7, "is_bot": False, "first_name": "Анна", "username": "anna"}
GROUP = {"id": -100, "type": "supergroup", "title": "Ученики"}


def update(**message: Any) -> str:
    given = {"message_id": 1, "from": PERSON, "chat": GROUP, "date": 1790939111, **message}
    return json.dumps({"update_id": 1, "message": given}, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    ("message", "declared", "role"),
    [
        ({"text": "да"}, (), "customer"),
        ({"text": "да"}, ("@ANNA",), "operator"),
        ({"text": "да"}, ("7",), "operator"),
        ({"text": "да", "sender_chat": GROUP}, (), "operator"),
        ({"text": "да", "from": PERSON | {"is_bot": True}}, (), "bot"),
        ({"text": "да", "chat": {"id": 9, "type": "private"}}, (), "operator"),
        ({"new_chat_members": [PERSON]}, (), "system"),
    ],
)
def test_who_wrote_an_update(message: dict[str, Any], declared: tuple[str], role: str) -> None:
    reading = replace(READING, operators=frozenset(declared))
    [row] = read(update(**message), reading, "log.jsonl")
    assert row["sender"] == role


def test_a_list_of_updates_as_the_api_answers_it_is_read() -> None:
    updates = [json.loads(update(text="а")), {"update_id": 2, "poll": {"id": "1"}}]
    [row] = read(json.dumps({"ok": True, "result": updates}), name="updates.json")
    assert row["body"] == "а"


def test_a_press_is_later_than_the_update_before_it() -> None:
    press = {"id": "5", "from": PERSON, "data": "x", "message": {"chat": GROUP, "date": 0}}
    lines = update(text="а") + json.dumps({"update_id": 2, "callback_query": press})
    assert [row["sent_at"] for row in read(lines, name="log.jsonl")] == [1790939111, 1790939111]
    assert read(json.dumps({"update_id": 2, "callback_query": press}), name="log.jsonl") == [
        "missing_field:sent_at"
    ]


def test_a_message_of_which_nothing_is_known_is_rejected() -> None:
    assert read(update(), name="log.jsonl") == ["unknown_content"]
