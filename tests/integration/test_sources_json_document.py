"""Values are taken out of a JSON document of any size, and what is no JSON is told in a word."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.sources.json_document import (
    ANY,
    LONGEST_VALUE_BYTES,
    JsonPath,
    json_objects,
    json_values,
)

WANTED = frozenset({("name",), ("messages", ANY), ("chats", "list", ANY, "messages", ANY)})


def read(content: bytes, wanted: frozenset[JsonPath] = WANTED) -> list[tuple[JsonPath, Any, Any]]:
    found = json_values(io.BytesIO(content), wanted)
    return [(each.path, each.value, each.fault) for each in found]


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(values, max_size=5), values, st.booleans())
def test_what_lies_at_a_wanted_path_is_given_as_it_is(
    messages: list[Any], other: Any, is_packed: bool
) -> None:
    document = {"other": other, "messages": messages, "name": "Анна"}
    content = json.dumps(document, ensure_ascii=is_packed, indent=None if is_packed else 1)
    expected = [(("messages", index), value, None) for index, value in enumerate(messages)]
    assert read(content.encode()) == [*expected, (("name",), "Анна", None)]


def test_the_place_in_every_list_is_told() -> None:
    document = {"chats": {"list": [{"messages": [1]}, {"x": [[]]}, {"messages": [2, 3]}]}}
    assert [path for path, _, _ in read(json.dumps(document).encode())] == [
        ("chats", "list", 0, "messages", 0),
        ("chats", "list", 2, "messages", 0),
        ("chats", "list", 2, "messages", 1),
    ]


@pytest.mark.parametrize("shift", range(6))
def test_an_escape_that_is_no_json_is_mended_wherever_the_reading_is_cut(shift: int) -> None:
    # The reader takes 64 KiB at a time.
    filling = "x" * ((1 << 16) - 12 - shift)
    content = rf'{{"name": "{filling}\x0B\\x41\u0041\\"}}'.encode()
    assert read(content) == [(("name",), f"{filling}\x0b\\x41A\\", None)]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", [((), "empty_file")]),
        (b"hello", [((), "not_json")]),
        (b'{"messages": ["a', [((), "broken_file")]),
        (b'{"messages": [1, {"a":', [(("messages", 0), None), ((), "broken_file")]),
        (b'{"messages": [1, x]}', [(("messages", 0), None), ((), "broken_file")]),
        (b'{"messages": [1, "\xff"]}', [(("messages", 0), None), ((), "broken_file")]),
        (
            b'{"messages": [1, ' + b"9" * 5_000 + b"]}",
            [(("messages", 0), None), ((), "broken_file")],
        ),
        (b"[" * 20_000, [((), "nested_too_deep")]),
    ],
)
def test_what_stood_before_a_fault_is_given(
    content: bytes, found: list[tuple[JsonPath, str | None]]
) -> None:
    assert [(path, fault) for path, _, fault in read(content)] == found


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("[" * 200 + "]" * 200, "nested_too_deep"),
        ('{"a": [' + '"xxxxxxxx", ' * (LONGEST_VALUE_BYTES // 8) + "0]}", "value_too_long"),
    ],
)
def test_a_value_that_is_too_much_is_passed_over_and_the_next_one_read(
    value: str, fault: str
) -> None:
    content = f'{{"messages": [{value}, 2]}}'.encode()
    assert [(found, told) for _, found, told in read(content)] == [(None, fault), (2, None)]


def test_a_text_that_is_too_long_ends_the_document() -> None:
    text = "x" * (LONGEST_VALUE_BYTES * 2)
    content = f'{{"messages": [1, "{text}", 2]}}'.encode()
    assert [(found, told) for _, found, told in read(content)] == [
        (1, None),
        (None, "value_too_long"),
    ]


OBJECTS = [{"a": 1}, {"b": [2]}]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(map(json.dumps, OBJECTS)),
        json.dumps(OBJECTS),
        "\ufeff \n" + json.dumps(OBJECTS, indent=1),
    ],
)
def test_objects_are_read_from_lines_and_from_a_list(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text, encoding="utf-8")
    assert [line.value for line in json_objects(path)] == OBJECTS


def test_one_object_over_many_lines_is_one(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(OBJECTS[1], indent=1))
    assert [line.value for line in json_objects(path)] == [OBJECTS[1]]


def test_what_is_no_object_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('[1, {"a": 1}]')
    assert [(line.value, line.fault) for line in json_objects(path)] == [
        (None, "not_object"),
        ({"a": 1}, None),
    ]
