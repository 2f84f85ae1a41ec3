"""Every format and every awkward way to write it: good rows load, bad ones are told."""

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.errors import ActionableError
from tests.fixtures.landing_zone import Zone, as_csv, as_jsonl, message, open_zone

ROWS = [
    message(1, body='Скажите, "когда"; завтра?\nВторая строка', sequence=1, intent_confidence=0.5),
    message(2, sender="bot", is_fallback=True, body="😀 = '\\x01'"),
    message(3, body="", kind="media", phone="+79160000000"),
]
PLAIN = as_jsonl([message(1), message(2)])


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    with open_zone(tmp_path) as zone:
        yield zone


def load_with_rejects(zone: Zone) -> list[tuple[int, str, str | None]]:
    """Load files of which too much is rejected; give the rejects."""
    with pytest.raises(ActionableError, match="Too many rows were rejected"):
        zone.load()
    zone.assert_conserved()
    return zone.rejects()


def loaded(zone: Zone) -> list[tuple[Any, ...]]:
    return zone.rows(
        "select * exclude (source_file, source_line, loaded_at) from raw.messages order by all"
    )


def lines(zone: Zone) -> list[tuple[str, int]]:
    return zone.rows("select message_id, source_line from raw.messages order by 2")


def as_parquet(folder: Path, query: str) -> bytes:
    path = folder / "rows.parquet"
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'Asia/Tokyo'")
        connection.execute(f"copy ({query}) to '{path}' (format parquet)")
    return path.read_bytes()


def rows_as_parquet(folder: Path) -> bytes:
    source = folder / "rows.json"
    source.write_text(json.dumps(ROWS), encoding="utf-8")
    return as_parquet(folder, f"select * from read_json('{source}', format = 'array')")


def test_the_same_rows_in_every_format_are_the_same_rows(zone: Zone, tmp_path: Path) -> None:
    windows = as_csv([{**row, "body": row["body"].replace("😀", "")} for row in ROWS], ";")
    contents = {
        "a.jsonl": as_jsonl(ROWS),
        "a.jsonl.gz": as_jsonl(ROWS),
        "bom.jsonl": b"\xef\xbb\xbf" + as_jsonl(ROWS),
        "crlf.jsonl": as_jsonl(ROWS).replace(b"\n", b"\r\n"),
        "mixed.jsonl": as_jsonl(ROWS).replace(b"\n", b"\r\n", 1),
        "a.csv": as_csv(ROWS),
        "bom.csv.gz": b"\xef\xbb\xbf" + as_csv(ROWS),
        "semicolon.csv": as_csv(ROWS, ";"),
        "tab.csv": as_csv(ROWS, "\t"),
        "a.parquet": rows_as_parquet(tmp_path),
        "windows.csv": windows.decode().replace("\n", "\r\n").encode("cp1251"),
    }
    expected = None
    for name, content in contents.items():
        path = zone.put(f"salon/generic/messages/{name}", content)
        report = zone.load()
        zone.assert_conserved()
        assert (report.rows_loaded, report.rows_rejected) == (3, 0), name
        if name == "windows.csv":
            assert [row[11].replace("\r", "") for row in loaded(zone) if row[11]] == [
                'Скажите, "когда"; завтра?\nВторая строка',
                " = '\\x01'",
            ]
        else:
            expected = expected or loaded(zone)
            assert loaded(zone) == expected, name
        path.unlink()
        zone.put("salon/generic/costs/keep.jsonl", b"")


def test_lines_that_are_no_objects_are_rejected_and_the_rest_loads(zone: Zone) -> None:
    zone.put_messages(
        ["nonsense", message(1), "[1, 2]", '"text"', "null", '{"message_id": 1', '{"a": 1} {}']
    )
    assert [reject[:2] for reject in load_with_rejects(zone)] == [
        (1, "not_json"),
        (3, "not_object"),
        (4, "not_object"),
        (5, "not_object"),
        (6, "not_json"),
        (7, "not_json"),
    ]
    assert zone.rejects()[0][2] == "nonsense"
    assert lines(zone) == [("m1", 2)]


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("broken", [b"", b"\xff\n"])
def test_blank_lines_are_no_rows_but_count_as_lines(
    zone: Zone, line_end: bytes, broken: bytes
) -> None:
    rows = [b"", b" ", PLAIN.splitlines()[0], b"\t", b"", PLAIN.splitlines()[1]]
    zone.put("salon/generic/messages/a.jsonl", line_end.join(rows) + (b"\n" + broken) * 3)
    if broken:
        assert [reject[1] for reject in load_with_rejects(zone)] == ["not_utf8"] * 3
    else:
        zone.load()
    assert lines(zone) == [("m1", 3), ("m2", 6)]


AWKWARD = {
    "a byte that parts columns": (b'{"a": "\x01"}', "not_json"),
    "a NUL byte": (b'{"a": "\x00"}', "not_json"),
    "a byte that is not UTF-8": (b'{"a": "caf\xe9"}', "not_utf8"),
    "a carriage return inside": (b'{"a": 1}\r{"a": 2}', "not_json"),
    "a lone surrogate": (b'{"a": "\\ud800"}', "not_json"),
    "a line of 5 MB": (b'{"a": "' + b"x" * 5_000_000 + b'"}', "line_too_long"),
}


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
@pytest.mark.parametrize("case", AWKWARD)
def test_an_awkward_line_costs_only_itself(zone: Zone, case: str, name: str) -> None:
    line, reason = AWKWARD[case]
    first, second = PLAIN.splitlines()
    zone.put(f"salon/generic/messages/{name}", b"\n".join([first, line, second]) + b"\n")
    assert [reject[:2] for reject in load_with_rejects(zone)] == [(2, reason)]
    assert lines(zone) == [("m1", 1), ("m2", 3)]


def test_a_long_line_of_good_json_loads(zone: Zone) -> None:
    zone.put_messages(
        [message(1, body="я" * 600_000), message(2, body="x" * 3_000_000), message(3)]
    )
    zone.load()
    lengths = zone.values("select length(body) from raw.messages order by source_line")
    assert lengths == [600_000, 3_000_000, 12]


def test_the_text_of_a_reject_is_what_the_file_holds(zone: Zone) -> None:
    bad = message(1, sent_at="вчера")
    zone.put_messages([bad])
    zone.put("salon/generic/messages/b.csv", as_csv([bad | {"body": 'a "b"\nc'}], ";"))
    zone.put("salon/generic/messages/c.csv", as_csv([bad], ",", "cp1251"))
    texts = [text for _, _, text in load_with_rejects(zone)]
    assert texts[0] == as_jsonl([bad]).decode().rstrip("\n")
    assert texts[1] == as_csv([bad | {"body": 'a "b"\nc'}], ";").decode().split("\n", 1)[1][:-1]
    assert texts[2] == as_csv([bad]).decode().splitlines()[1]


def test_a_reject_of_parquet_has_its_row_as_text(zone: Zone, tmp_path: Path) -> None:
    content = as_parquet(tmp_path, "select 'm1' as message_id, 7 as channel, [1] as extra")
    zone.put("salon/generic/messages/a.parquet", content)
    ((line, reason, text),) = load_with_rejects(zone)
    assert (line, reason) == (1, "missing_field:user_id")
    assert json.loads(text or "") == {"message_id": "m1", "channel": 7, "extra": [1]}


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_gzip_file_that_breaks_off_loads_what_is_there_and_is_refused(
    zone: Zone, share: float
) -> None:
    chance = random.Random(1)  # noqa: S311 — not for secrets
    rows = [message(number, body=str(chance.random())) for number in range(20_000)]
    packed = gzip.compress(as_jsonl(rows))
    path = zone.put("salon/generic/messages/a.jsonl", b"")
    path.rename(path.with_suffix(".jsonl.gz")).write_bytes(packed[: int(len(packed) * share)])
    ((line, reason, _),) = load_with_rejects(zone)
    assert reason == "broken_file"
    assert zone.values("select count(*) from raw.messages") == [line - 1]
    assert line > 20_000 * share * 0.9


def test_a_gzip_file_by_content_or_by_name_alone_is_read_as_it_is(zone: Zone) -> None:
    packed = zone.put("salon/generic/messages/a.jsonl.gz", PLAIN)
    packed.rename(packed.with_name("packed.jsonl"))
    plain = zone.put("salon/generic/leads/a.jsonl", PLAIN)
    plain.rename(packed.with_name("plain.jsonl.gz"))
    report = zone.load()
    assert report.rows_loaded == 4


def test_a_gzip_file_of_several_parts_is_read_whole(zone: Zone) -> None:
    first, second = PLAIN.splitlines(keepends=True)
    path = zone.put("salon/generic/messages/a.jsonl.gz", b"")
    path.write_bytes(gzip.compress(first) + gzip.compress(second))
    assert zone.load().rows_loaded == 2


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv", "a.csv.gz"])
def test_an_empty_file_has_no_rows(zone: Zone, name: str) -> None:
    zone.put(f"salon/generic/messages/{name}", b"")
    report = zone.load()
    assert (report.files_new, report.rows_read) == (1, 0)
    assert zone.load().files_unchanged == 1


def test_a_file_that_is_no_parquet_is_refused_and_spares_its_neighbours(
    zone: Zone, tmp_path: Path
) -> None:
    good = rows_as_parquet(tmp_path)
    for name, content in {"a": good, "b": b"PAR1 broken", "c": good[:-30] + good[-8:]}.items():
        zone.put(f"salon/generic/messages/{name}.parquet", content)
    rejects = load_with_rejects(zone)
    assert [reject[1] for reject in rejects] == ["not_parquet", "not_parquet"]
    assert zone.values("select count(*) from raw.messages") == [3]


def test_parquet_files_of_different_schemas_load_together(zone: Zone, tmp_path: Path) -> None:
    common = "'telegram' as channel, 'u' as user_id, 'customer' as sender"
    for name, query in {
        "zoned": "'m1' as message_id, timestamptz '2026-03-01 10:00:00+05' as sent_at",
        "naive": "2 as message_id, timestamp '2026-03-01 10:00:00' as sent_at",
        "nanoseconds": "'m3' as message_id, timestamp_ns '2026-03-01 10:00:00.5' as sent_at",
        "epoch": "'m4' as message_id, 1772359200.0::double as sent_at, {'a': [1]} as body",
        "text": "'m5' as \"Message_ID\", '2026-03-01T10:00:00Z' as sent_at, 'x' as filename",
    }.items():
        content = as_parquet(tmp_path, f"select {query}, {common}")
        zone.put(f"salon/generic/messages/{name}.parquet", content)
    zone.load()
    assert zone.rows("select message_id, sent_at::varchar, body from raw.messages order by 1") == [
        ("2", "2026-03-01 07:00:00", None),
        ("m1", "2026-03-01 05:00:00", None),
        ("m3", "2026-03-01 07:00:00.5", None),
        ("m4", "2026-03-01 10:00:00", '{"a":[1]}'),
        ("m5", "2026-03-01 10:00:00", None),
    ]
    assert zone.values(
        "select unknown_columns from raw.loaded_files where unknown_columns <> ''"
    ) == ["filename"]


def test_parquet_columns_may_have_the_names_that_duckdb_gives_to_files(
    zone: Zone, tmp_path: Path
) -> None:
    row = "'vk' as channel, 'u' as user_id, 'bot' as sender, timestamp '2026-03-01' as sent_at"
    for number in range(3):
        query = f"select 'm{number}' as message_id, 7 as file_index, 8 as hive, {row}"
        zone.put(f"salon/generic/messages/day={number}.parquet", as_parquet(tmp_path, query))
    zone.load()
    assert zone.rows("select message_id, source_file from raw.messages order by 1") == [
        (f"m{number}", f"salon/generic/messages/day={number}.parquet") for number in range(3)
    ]


def test_csv_rows_with_too_few_or_too_many_cells_are_rejected(zone: Zone) -> None:
    header, good, *_ = as_csv([message(1)]).splitlines()
    rows = [header, good, b"m2,telegram", good + b",more", b"", good + b",", b"   "]
    zone.put("salon/generic/messages/a.csv", b"\n".join(rows) + b"\n")
    assert [reject[:2] for reject in load_with_rejects(zone)] == [
        (3, "bad_columns"),
        (4, "bad_columns"),
    ]
    assert lines(zone) == [("m1", 2), ("m1", 5)]


def test_quotes_out_of_order_reject_every_line_they_swallow(zone: Zone) -> None:
    header, *rows = as_csv([message(number) for number in range(1, 40)]).splitlines()
    rows[20] = b'm21,"telegram,u1,2026-03-01T10:00:00Z,customer,'
    zone.put("salon/generic/messages/a.csv", b"\n".join([header, *rows]) + b"\n")
    rejects = load_with_rejects(zone)
    assert [reject[:2] for reject in rejects] == [(line, "bad_quotes") for line in range(22, 41)]
    assert zone.values("select count(*) from raw.messages") == [20]


def test_a_csv_header_that_names_a_column_twice_rejects_every_row(zone: Zone) -> None:
    zone.put("salon/generic/messages/a.csv", b"message_id,Message_ID,channel\n1,2,web\n3,4,web\n")
    assert [reject[:2] for reject in load_with_rejects(zone)] == [
        (2, "bad_header"),
        (3, "bad_header"),
    ]


def test_bytes_that_are_not_utf8_in_a_utf8_csv_reject_their_row_only(zone: Zone) -> None:
    content = as_csv([message(number) for number in range(1, 4)])
    content = content.replace(b"m2,", b"m2\xff,")
    zone.put("salon/generic/messages/a.csv", content)
    assert [reject[:2] for reject in load_with_rejects(zone)] == [(3, "not_utf8")]
    assert zone.values("select body from raw.messages") == ["Здравствуйте"] * 2


def test_headers_are_known_in_any_case_and_with_blanks(zone: Zone) -> None:
    content = as_csv([message(1)]).replace(b"message_id", b" Message_ID ").replace(b"body", b"Body")
    zone.put("salon/generic/messages/a.csv", content)
    zone.load()
    assert zone.rows("select message_id, body from raw.messages") == [("m1", "Здравствуйте")]


def test_unknown_columns_are_named_in_the_ledger(zone: Zone) -> None:
    extra = {"mood": "good", "Age": 7}
    zone.put_messages([message(1), message(2, mood="x"), message(3, Age=None, zodiac={"a": 1})])
    zone.put("salon/generic/messages/b.csv", as_csv([message(4) | extra]))
    zone.put("salon/generic/messages/c.csv", as_csv([message(5) | extra], ";", "cp1251"))
    zone.put_messages([message(6)], "d.jsonl")
    zone.load()
    assert zone.values("select unknown_columns from raw.loaded_files order by source_file") == [
        "mood,zodiac",
        "age,mood",
        "age,mood",
        None,
    ]


def test_quoted_line_ends_in_a_large_csv_are_read_as_python_reads_them(zone: Zone) -> None:
    chance = random.Random(7)  # noqa: S311 — not for secrets
    parts = ["\n", '"', ",", ";", "слово ", "x" * 50, "''", "\\"]
    rows = [
        message(number, body="".join(chance.choices(parts, k=chance.randrange(1, 40))) + ".")
        for number in range(30_000)
    ]
    zone.put("salon/generic/messages/a.csv", as_csv(rows))
    zone.load()
    assert zone.rows("select message_id, body, source_line from raw.messages order by 3") == [
        (row["message_id"], row["body"], line) for line, row in enumerate(rows, start=2)
    ]


@pytest.mark.parametrize("name", ["a*", "a?", "[a]", "a b", "a'b", "я", "{a}", "a%20b", "$a"])
def test_a_file_of_any_name_is_read_and_only_that_file(
    zone: Zone, tmp_path: Path, name: str
) -> None:
    zone.put("salon/generic/messages/ab.jsonl", PLAIN)
    zone.put(f"salon/generic/messages/{name}.jsonl", as_jsonl([message(3)]))
    zone.put(f"salon/generic/messages/{name}.csv", as_csv([message(4)]))
    zone.put(f"salon/generic/messages/{name}.parquet", rows_as_parquet(tmp_path))
    assert zone.load().rows_loaded == 2 + 1 + 1 + 3
    zone.assert_conserved()


def test_a_file_that_cannot_be_read_is_named(zone: Zone) -> None:
    (zone.landing_dir / "salon/generic/messages/a.jsonl").mkdir(parents=True)
    with pytest.raises(ActionableError, match=r"a\.jsonl cannot be read \(Is a directory\)"):
        zone.load()
