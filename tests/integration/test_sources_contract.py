"""What every module of `sources` builds on: rows of several streams, roles, and when to re-read."""

import json
from dataclasses import replace

import pytest

from orchestration.sources.contract import Reading, Record, outputs_of, row, union_of
from orchestration.streams import BOOKINGS, LEADS, MESSAGES, SESSION_EVENTS, Column, Stream

READING = Reading("salon", "Europe/Moscow", "salon/telegram/result.json")


def test_a_union_has_every_column_once_and_requires_only_the_name_of_the_stream() -> None:
    union = union_of("chat", MESSAGES, SESSION_EVENTS)
    assert union.column_names() == (
        "stream",
        *MESSAGES.column_names(),
        *(name for name in SESSION_EVENTS.column_names() if name not in MESSAGES.column_names()),
    )
    assert [column.name for column in union.columns if column.required] == ["stream"]
    assert union.required_groups == ()


def test_a_column_that_two_streams_spell_differently_is_plain_text_in_their_union() -> None:
    columns = {column.name: column for column in union_of("crm", LEADS, BOOKINGS).columns}
    assert columns["status"] == Column("status")
    assert columns["modified_at"] == Column("modified_at", "timestamp")


def test_a_column_of_two_types_has_no_union() -> None:
    other = Stream("other", (Column("sent_at"),))
    with pytest.raises(ValueError, match="sent_at"):
        union_of("chat", MESSAGES, other)


def test_the_outputs_part_the_records_by_the_name_of_their_stream() -> None:
    outputs = outputs_of(MESSAGES, SESSION_EVENTS)
    assert list(outputs) == ["messages", "session_events"]
    assert outputs["session_events"].endswith("from records where stream = 'session_events'")


def test_a_row_is_the_json_of_what_is_given_with_the_name_of_its_stream() -> None:
    values = {"event_id": "e1", "session_id": "s1", "event": "closed", "event_at": 1, "value": None}
    assert row(SESSION_EVENTS, 3, values, "raw", line=7) == Record(
        3,
        '{"stream": "session_events", "event_id": "e1", "session_id": "s1", '
        '"event": "closed", "event_at": 1}',
        "raw",
        None,
        7,
    )


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"event_id": None}, "missing_field:event_id"),
        ({"event_id": " \n"}, "missing_field:event_id"),
        ({"event": "opened"}, "bad_value:event"),
        ({"session_id": None}, "missing_field:session_id|channel+user_id"),
        ({"session_id": None, "channel": "web"}, "missing_field:session_id|channel+user_id"),
    ],
)
def test_a_row_that_its_stream_cannot_hold_is_a_reject(
    changes: dict[str, str | None], fault: str
) -> None:
    values = {"event_id": "e1", "session_id": "s1", "event": "closed", "event_at": 1}
    assert row(SESSION_EVENTS, 1, values | changes, "raw") == Record(1, None, "raw", fault)


def test_a_row_may_hold_any_text() -> None:
    body = '"\\\x00\n\u2028🙂'
    values = {"message_id": "m", "channel": "web", "user_id": "u", "sent_at": 1, "sender": "bot"}
    record = row(MESSAGES, 1, values | {"body": body}, "raw")
    assert json.loads(record.text or "")["body"] == body


@pytest.mark.parametrize(
    ("declared", "names"),
    [
        ("Лайм Бот", ("лайм бот",)),
        ("@lime_bot", (None, "Lime_Bot")),
        ("user123", ("Имя", "user123")),
        ("+7 (916) 123-45-67", ("79161234567",)),
        ("89161234567", ("+7 916 123-45-67",)),
    ],
)
def test_a_declared_participant_is_known_however_the_name_is_written(
    declared: str, names: tuple[str | None, ...]
) -> None:
    assert replace(READING, bots=frozenset({declared})).declared_role(*names) == "bot"
    assert replace(READING, operators=frozenset({declared})).declared_role(*names) == "operator"
    assert READING.declared_role(*names) is None


def test_only_what_changes_the_reading_changes_its_fingerprint() -> None:
    others = [
        replace(READING, time_zone="Asia/Omsk"),
        replace(READING, bots=frozenset({"a"})),
        replace(READING, operators=frozenset({"a"})),
        replace(READING, fields={"session_field": "a"}),
    ]
    assert len({reading.fingerprint() for reading in [READING, *others]}) == 5
    same = replace(READING, business_id="clinic", source_file="elsewhere")
    assert same.fingerprint() == READING.fingerprint()
