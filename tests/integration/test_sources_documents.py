"""Records come out of whatever an answer or a table was saved as, none lost, memory bounded."""

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.config import PROJECT_DIR
from orchestration.sources.documents import Item, json_items
from orchestration.sources.tables import table_items

LISTS = ("payload", "data.payload", "events")

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.text('aя"\\{}[]\n', max_size=5)
)
records = st.dictionaries(st.sampled_from(["id", "text", "part"]), scalars, min_size=1, max_size=3)
pages = st.one_of(
    records,
    st.lists(records, max_size=3),
    st.builds(lambda found: {"meta": {"id": 1}, "payload": found}, st.lists(records, max_size=3)),
    st.builds(lambda found: {"data": {"payload": found}}, st.lists(records, max_size=3)),
)


def read(folder: Path, content: bytes, name: str = "a.json") -> list[Item]:
    path = folder / name
    path.write_bytes(content)
    return list(json_items(path, LISTS))


def values(items: Sequence[Item]) -> list[Any]:
    assert [item.fault for item in items] == [None] * len(items)
    return [item.value for item in items]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize(
    "content",
    [
        '{"id": 1}\n{"id": 2}\n',
        '{"id": 1}\r\n\r\n{"id": 2}',
        '\ufeff{"id": 1}{"id": 2}',
        '[{"id": 1}, {"id": 2}]',
        '[\n  {"id": 1},\n  {\n"id": 2}]',
        '{"payload": [{"id": 1}]}\n{"data": {"payload": [{"id": 2}]}}',
        '{\n"data": {\n"meta": {"all": 2}, "payload": [\n{"id": 1},\n{"id": 2}\n]}}',
        '{\n"payload": [{"id": 1}]\n}\n{\n"payload": [{"id": 2}]\n}',
        '[{"payload": [{"id": 1}]}, {"id": 2}]',
        '{"payload": [\n{"id": 1}\n]}\n{"payload": [\n{"id": 2}\n]}',
    ],
)
def test_the_same_records_come_out_however_they_are_wrapped(
    tmp_path: Path, name: str, content: str
) -> None:
    expected = [{"id": 1}, {"id": 2}]
    assert values(read(tmp_path, content.encode(), name)) == expected
    assert values(read(tmp_path, gzip.compress(content.encode()), name + ".gz")) == expected


@pytest.mark.parametrize(
    "content",
    ['{"events": [{"id": 1}], "sender": "a"}', '{\n"events": [\n{"id": 1}\n],\n"sender": "a"\n}'],
)
def test_a_record_knows_its_list_and_what_the_page_says_beside_it(
    tmp_path: Path, content: str
) -> None:
    (item,) = read(tmp_path, content.encode())
    assert (item.origin, item.context["sender"]) == ("events", "a")


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b'{"id": 1}\n{"id":\n\xff\n5\n', [None, "not_json", "not_utf8", "not_object"]),
        (b'{\n"events": [\n{"id": 1}, 3, {"id"', [None, "not_object", "not_json"]),
        (b'{\n"id": 1', ["not_json"]),
        (b'{\n"id": "\xff"}', ["not_utf8"]),
        (b"no JSON", ["not_json"]),
        (b"\x00" * 9, ["not_json"]),
        (b"[" * 100_000, ["not_json"]),
        (b'{"events": [' * 100_000, ["not_json"]),
        (b'{\n"a": ' * 100_000, ["not_json"]),
        (b'{"events":\n[' + b"9" * 5_000 + b"]}", ["not_json"]),
        (b"", []),
        (b" \n\n", []),
        (b'{"payload": []}', []),
    ],
)
def test_what_cannot_be_read_has_a_word_and_the_rest_is_read(
    tmp_path: Path, content: bytes, faults: list[str | None]
) -> None:
    assert [item.fault for item in read(tmp_path, content)] == faults


def test_a_packed_file_that_breaks_off_gives_what_was_before(tmp_path: Path) -> None:
    lines = b"".join(b'{"id": %d}\n' % number for number in range(10_000))
    items = read(tmp_path, gzip.compress(lines)[:-2_000], "a.jsonl.gz")
    assert items[-1].fault == "broken_file"
    assert len(items) > 100
    assert {item.fault for item in items[:-1]} <= {None, "not_json"}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(pages, max_size=4), st.sampled_from([None, 1]), st.sampled_from(["\n", "", " "]))
def test_no_record_is_lost_or_made_up(found: list[Any], indent: int | None, between: str) -> None:
    expected = []
    for page in found:
        for part in page if isinstance(page, list) else [page]:
            inner = part.get("payload", part.get("data", {}).get("payload"))
            expected += [part] if inner is None else inner
    content = between.join(json.dumps(page, indent=indent, ensure_ascii=False) for page in found)
    with tempfile.TemporaryDirectory() as folder:
        assert values(read(Path(folder), content.encode())) == expected


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    record = json.dumps({"id": 1, "text": "x" * 1_000})
    documents = {
        "list.json": f'{{\n"payload": [{record}' + f",{record}" * 40_000 + "]}",
        "text.json": '{\n"text": "' + "x" * 40_000_000 + '"}',
        "line.jsonl": '{"text": "' + "x" * 40_000_000 + '"}\n{"id": 1}',
    }
    for name, content in documents.items():
        (tmp_path / name).write_text(content)
    program = (
        "import resource, sys; from pathlib import Path;"
        "from orchestration.sources.documents import json_items;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "print(*[sum(1 for _ in json_items(Path(path), ('payload',))) for path in sys.argv[1:]]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, *(str(tmp_path / name) for name in documents)],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    counts, grown = run.stdout.splitlines()
    assert counts == "40001 1 2"
    kilobytes = int(grown) // (1 if sys.platform == "linux" else 1 << 10)
    assert kilobytes < 100 << 10


def test_rows_of_a_table_are_the_same_in_every_format(tmp_path: Path) -> None:
    lines = '{"id": "1", "data": "{\\"a\\": \\"я;\\"}"}\n'
    (tmp_path / "a.jsonl").write_text(lines)
    (tmp_path / "a.csv").write_text('id;data\n1;"{""a"": ""я;""}"\n')
    with duckdb.connect() as connection:
        source, target = tmp_path / "a.jsonl", tmp_path / "a.parquet"
        connection.execute(
            f"copy (select id, data from read_json('{source}', columns = "
            "{id: 'varchar', data: 'varchar'})) "
            f"to '{target}' (format parquet)"
        )
    for name in ("a.jsonl", "a.csv", "a.parquet"):
        assert values(list(table_items(tmp_path / name, (), ("id", "data")))) == [
            {"id": "1", "data": '{"a": "я;"}'}
        ], name


def test_a_table_of_something_else_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("<html>\n<body>\n")
    assert [item.fault for item in table_items(path, (), ("id", "data"))] == ["unknown_format"]
    path.write_text(" \n\n")
    assert list(table_items(path, (), ("id", "data"))) == []


def test_a_file_that_is_no_parquet_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1")
    assert [item.fault for item in table_items(path, (), ())] == ["not_parquet"]
