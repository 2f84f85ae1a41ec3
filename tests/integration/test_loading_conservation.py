"""Whatever a file holds, every row is accounted for, and the way it is packed is no matter."""

import tempfile
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.errors import ActionableError
from tests.fixtures.landing_zone import Zone, as_csv, as_jsonl, message, open_zone

RELAXED = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

letters = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
good_rows = st.fixed_dictionaries(
    {
        "number": st.integers(0, 20),
        "body": st.one_of(st.none(), st.text(letters, max_size=20)),
        "sequence": st.one_of(st.none(), st.integers(0, 99)),
        "sender": st.sampled_from(["customer", "Bot", "HUMAN"]),
        "is_ack": st.one_of(st.none(), st.booleans()),
        "intent_confidence": st.one_of(st.none(), st.integers(0, 8).map(lambda part: part / 8)),
        "sent_at": st.sampled_from(["2026-03-01T10:00:00Z", "2026-03-01T10:00:00", "1772359200"]),
    }
)
bad_rows = st.fixed_dictionaries(
    {
        "number": st.integers(0, 20),
        "sent_at": st.sampled_from(["x", None]),
        "sequence": st.just("y"),
    }
)
lines = st.one_of(
    good_rows,
    bad_rows,
    st.sampled_from(
        [b"", b" ", b"{", b"[]", b"null", b"\xff", b"\x00", b"{}\r", b"\x01", b"\xef\xbb\xbf"]
    ),
    st.binary(max_size=8).filter(lambda content: b"\n" not in content),
    st.text(letters, max_size=8).map(str.encode),
)
cells = st.text(st.sampled_from('ab,;"\n\r\t я'), max_size=6)


def as_line(line: bytes | dict[str, Any]) -> bytes:
    return line if isinstance(line, bytes) else as_jsonl([message(**line)]).rstrip(b"\n")


def load(zone: Zone) -> None:
    try:
        zone.load()
    except ActionableError as error:
        assert "Too many rows were rejected" in str(error)  # noqa: PT017 — either way is right


def rows_of(zone: Zone) -> set[tuple[Any, ...]]:
    return set(
        zone.rows("select * exclude (source_file, source_line, loaded_at) from raw.messages")
    )


@RELAXED
@given(st.lists(st.lists(lines, max_size=12), min_size=1, max_size=4), st.booleans())
def test_rows_read_are_rows_loaded_duplicate_and_rejected(
    files: list[list[bytes | dict[str, Any]]], is_packed: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder, open_zone(Path(folder)) as zone:
        contents = [[as_line(line) for line in file] for file in files]
        for number, content in enumerate(contents):
            name = f"{number}.jsonl.gz" if is_packed else f"{number}.jsonl"
            zone.put(f"salon/generic/messages/{name}", b"\n".join(content))
        load(zone)
        zone.assert_conserved()
        for number, content in enumerate(contents):
            expected = sum(1 for line in content if line.strip(b" \t\n\r\x0b\x0c"))
            if content and content[0].startswith(b"\xef\xbb\xbf"):
                expected -= not content[0][3:].strip()
            assert zone.values(
                "select rows_read from raw.loaded_files "
                f"where source_file like 'salon/generic/messages/{number}.%'"
            ) == [expected]


@RELAXED
@given(st.lists(st.lists(cells, min_size=1, max_size=7), max_size=12), st.sampled_from(",;\t"))
def test_rows_of_any_csv_are_conserved(table: list[list[str]], delimiter: str) -> None:
    with tempfile.TemporaryDirectory() as folder, open_zone(Path(folder)) as zone:
        rows = [delimiter.join(row) for row in table]
        content = as_csv([message(1)], delimiter).decode() + "\n".join(rows)
        zone.put("salon/generic/messages/a.csv", content.encode())
        load(zone)
        zone.assert_conserved()


@RELAXED
@given(
    st.lists(st.tuples(good_rows, st.integers(0, 3)), min_size=1, max_size=12),
    st.permutations(["a.jsonl", "b.jsonl.gz", "c.csv", "d.csv.gz"]),
    st.sampled_from(",;\t"),
)
def test_rows_are_the_same_however_they_are_split_into_files(
    rows: list[tuple[dict[str, Any], int]], names: list[str], delimiter: str
) -> None:
    with tempfile.TemporaryDirectory() as folder, open_zone(Path(folder)) as zone:
        zone.put_messages([message(**row) for row, _ in rows])
        zone.load()
        expected = rows_of(zone)
    with tempfile.TemporaryDirectory() as folder, open_zone(Path(folder)) as zone:
        for number, name in enumerate(names):
            part = [message(**row) for row, place in rows if place == number]
            content = as_csv(part, delimiter) if ".csv" in name else as_jsonl(part)
            zone.put(f"salon/generic/messages/{name}", content)
        zone.load()
        assert rows_of(zone) == expected


@RELAXED
@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3), min_size=1),
        min_size=1,
        max_size=5,
    )
)
def test_any_history_of_the_landing_zone_ends_in_what_lies_there(
    history: list[dict[str, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, open_zone(Path(folder)) as zone:
        for state in history:
            for old in (zone.landing_dir / "salon/generic/messages").glob("*"):
                old.unlink()
            for name, content in state.items():
                rows = [message(number) for number in range(content)] + ["nonsense"]
                zone.put_messages(rows, f"{name}.jsonl")
            load(zone)
        zone.assert_conserved()
        with duckdb.connect() as connection:
            fresh = Zone(zone.landing_dir, connection)
            load(fresh)
            assert fresh.content() == zone.content()
