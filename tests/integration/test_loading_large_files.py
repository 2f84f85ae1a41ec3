"""JSON lines files that are read in one parse give the rows that reading line by line gives."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.errors import ActionableError
from orchestration.loading import fast_lines
from tests.fixtures.landing_zone import Zone, as_jsonl, message, open_zone

AWKWARD = [
    b"",
    b" \t",
    b"nonsense",
    b"[1, 2]",
    b"null",
    b'"text"',
    b'{"a": 1} {}',
    b'{"a": 1}\r{"a": 2}',
    b"\x0b",
    b'\x0c{"a": 1}',
    b'{"a": "\x00"}',
    b'{"a": "\x01"}',
    b'{"a": "\xff"}',
    b'{"a": "\\ud800"}',
    b'{"message_id": NaN, "mood": 1}',
    b'{"message_id": "a", "message_id": "b"}',
    b'{"deep": ' + b"[" * 300 + b"]" * 300 + b"}",
    *as_jsonl(
        [
            message(1, body="NaN", mood=1),
            message(2, body="Infinity", sent_at="x"),
            message(3, message_id=" ", Mood=2),
            message(4, sender=" BOT ", is_ack="Yes", intent_confidence="5e-1"),
            message(5, body={"deep": [1, None, "я"]}, session_id=12345678901234567890123),
        ]
    ).splitlines(),
]


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    with open_zone(tmp_path) as zone:
        yield zone


def contents(zone: Zone) -> list[Any]:
    """Load twice, as if files were small and as if they were large."""
    found = []
    for large_bytes in (1 << 40, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fast_lines, "_LARGE_BYTES", large_bytes)
            with zone.connection.cursor() as connection:
                connection.execute("drop schema if exists raw cascade")
                fresh = Zone(zone.landing_dir, connection)
                try:
                    fresh.load()
                except ActionableError as error:
                    assert "Too many rows were rejected" in str(error)  # noqa: PT017
                fresh.assert_conserved()
                found.append(fresh.content())
    return found


def test_an_awkward_line_is_the_same_row_or_reject_in_a_large_file(zone: Zone) -> None:
    for number, line in enumerate(AWKWARD):
        good = as_jsonl([message(10), message(11)]).splitlines()
        zone.put(f"salon/generic/messages/{number}.jsonl", b"\n".join([good[0], line, good[1]]))
        zone.put(f"salon/generic/messages/bom{number}.jsonl", b"\xef\xbb\xbf" + line)
        packed = b"\r\n".join([line, *good, line, b""])
        zone.put(f"salon/generic/messages/{number}.jsonl.gz", packed)
    small, large = contents(zone)
    assert large == small
    assert len(small["messages"]) > 4 * len(AWKWARD)
    assert len({row[5] for row in small["rejected"]}) > 5


def test_the_lines_of_a_file_read_by_several_threads_have_their_numbers(zone: Zone) -> None:
    rows = [message(number, body="x" * 300) for number in range(1, 200_001)]
    lines = [json.dumps(row) for row in rows]
    bad = [7, 50_000, 99_999, 150_001, 199_990]
    for number in bad:
        lines[number - 1] = "nonsense"
    zone.put_messages(lines)
    zone.put_messages(lines[:5_000], "b.jsonl")
    zone.load()
    assert zone.values("select source_line from raw.rejected order by source_file, 1") == [*bad, 7]
    assert zone.values(
        "select count(*) from raw.messages where message_id = 'm' || source_line"
    ) == [205_000 - 6]
