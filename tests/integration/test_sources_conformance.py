"""Every source module that there is: golden rows, nothing lost, and no input that breaks it.

A new system is held to all of this by a module of golden files in tests/fixtures/goldens.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.config import PROJECT_DIR
from orchestration.errors import ActionableError
from orchestration.sources.contract import Feed, Reading
from orchestration.sources.systems import SYSTEMS
from tests.fixtures.goldens import Golden, all_goldens
from tests.fixtures.landing_zone import Zone, open_zone

GOLDENS = all_goldens()
FEEDS = {
    (system.name, folder): feed
    for system in SYSTEMS.values()
    for folder, feed in system.feeds.items()
    if feed.read
}
MEBIBYTE = 1 << 20

each_golden = pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)

HOSTILE = {
    "blank": b" \n\r\n\t\n",
    "byte order mark": b"\xef\xbb\xbf",
    "one brace": b"{",
    "another object": b'{"a": 1}\n',
    "a list": b"[1, 2]\n",
    "nested lists": b"[" * 100_000,
    "nested objects": b'{"messages":' * 20_000,
    "deep value": b'{"messages": [{"text": ' + b"[" * 5_000 + b"]" * 5_000 + b"}]}",
    "huge line": b"x" * (9 * MEBIBYTE),
    "huge text": b'{"messages": [{"text": "' + b"x" * (9 * MEBIBYTE) + b'"}]}',
    "huge number": b'{"id": ' + b"9" * 100_000 + b"}\n",
    "NUL": b"\x00" * 1_000,
    "half a character": b'{"messages": [{"id": 1, "type": "message", "text": "\\ud83d"}]}',
    "not a number": b'{"id": NaN}\n{"id": Infinity}\n',
    "UTF-16": "привет\n".encode("utf-16"),
    "cp1251": "привет\n".encode("cp1251"),
    "gzip that breaks off": b"\x1f\x8b\x08\x00",
    "zip that breaks off": b"PK\x03\x04" + b"\x00" * 40,
    "page of a login": b"<!DOCTYPE html><html><body>login</body></html>",
}


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    with open_zone(tmp_path) as zone:
        yield zone


def feed_of(golden: Golden) -> Feed:
    return FEEDS[golden.feed_key()]


def put(zone: Zone, golden: Golden, content: bytes | None = None, name: str | None = None) -> Path:
    if golden.settings:
        zone.put("salon/business.yml", golden.settings.encode())
    for beside, text in golden.beside.items():
        write(zone, f"salon/{beside}", text)
    folder, _, given_name = golden.source_file.rpartition("/")
    source_file = f"salon/{folder}/{name or given_name}"
    return write(zone, source_file, golden.content if content is None else content)


def write(zone: Zone, source_file: str, content: bytes) -> Path:
    # The bytes as they are: what a name promises need not be true.
    path = zone.landing_dir / source_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def load(zone: Zone, golden: Golden) -> str:
    """Load the golden's feed; give what a person is told, "" if nothing is wrong."""
    try:
        zone.load(feed_of(golden).owner())
    except ActionableError as error:
        return str(error)
    return ""


def assert_conserved(zone: Zone, golden: Golden) -> None:
    """Assert that every row read is a row of some stream, a duplicate or a reject."""
    zone.assert_conserved()
    streams = " union all ".join(
        f"select source_file from raw.{s}" for s in feed_of(golden).outputs
    )
    assert (
        zone.rows(
            "select source_file, rows_loaded, count(rows.source_file) from raw.loaded_files "
            f"left join ({streams}) as rows using (source_file) group by all "
            "having rows_loaded <> count(rows.source_file)"
        )
        == []
    )


def rows_of(zone: Zone, golden: Golden) -> dict[str, list[dict[str, Any]]]:
    """The rows of the golden file by stream, with the columns that the golden names, as text."""
    found: dict[str, list[dict[str, Any]]] = {}
    for stream, expected in golden.rows.items():
        cursor = zone.connection.execute(
            f"select * from raw.{stream} where source_file = ? order by source_line",
            [f"salon/{golden.source_file}"],
        )
        names = [column[0] for column in cursor.description or ()]
        found[stream] = []
        for number, row in enumerate(cursor.fetchall()):
            values = dict(zip(names, row, strict=True))
            wanted = expected[number].keys() if number < len(expected) else {"source_line"}
            found[stream].append({name: plain(values[name]) for name in wanted})
    return found


def plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text.rstrip("0") if "." in text and text[:2] == "20" and ":" in text else text


def test_every_feed_has_a_golden_file() -> None:
    assert {golden.feed_key() for golden in GOLDENS} == FEEDS.keys() - _FEEDS_LIKE_ANOTHER


# A folder whose files are read exactly as those of another of the same system.
_FEEDS_LIKE_ANOTHER = {
    (system, folder)
    for (system, folder), feed in FEEDS.items()
    if folder
    and (system, folder) not in {golden.feed_key() for golden in GOLDENS}
    and any(other is feed for (name, _), other in FEEDS.items() if name == system)
}


@each_golden
def test_a_golden_file_gives_its_rows_and_its_rejects(zone: Zone, golden: Golden) -> None:
    put(zone, golden)
    load(zone, golden)
    assert rows_of(zone, golden) == {stream: list(rows) for stream, rows in golden.rows.items()}
    assert [(line, reason) for line, reason, _ in zone.rejects()] == list(golden.rejects)
    loaded = sum(len(rows) for rows in golden.rows.values())
    assert zone.values(
        f"select rows_read from raw.loaded_files where source_file = 'salon/{golden.source_file}'"
    ) == [loaded + len(golden.rejects)]
    assert_conserved(zone, golden)


@each_golden
def test_the_same_file_twice_is_a_no_op(zone: Zone, golden: Golden) -> None:
    path = put(zone, golden)
    load(zone, golden)
    rows = zone.content()
    assert load(zone, golden).startswith("Too many rows" if golden.rejects else "")
    assert zone.content() == rows
    path.with_name(f"яяя {path.name}").write_bytes(path.read_bytes())
    load(zone, golden)
    assert {stream: zone.content()[stream] for stream in golden.rows} == {
        stream: rows[stream] for stream in golden.rows
    }
    assert_conserved(zone, golden)


@each_golden
def test_another_declaration_of_who_is_who_reads_the_file_again(zone: Zone, golden: Golden) -> None:
    put(zone, golden)
    load(zone, golden)
    zone.put("salon/business.yml", b"participants: {operators: [somebody else]}")
    try:
        report = zone.load(feed_of(golden).owner())
    except ActionableError:
        assert golden.rejects
    else:
        assert report.files_changed >= 1
    assert zone.values("select count(distinct read_with) from raw.loaded_files") == [1]


@each_golden
def test_records_are_numbered_one_by_one_and_read_the_same_again(
    tmp_path: Path, golden: Golden
) -> None:
    reading = Reading("salon", "Europe/Moscow", f"salon/{golden.source_file}")
    path = tmp_path / golden.source_file.rpartition("/")[2]
    path.write_bytes(golden.content)
    read = feed_of(golden).read
    assert read is not None
    records = list(read(path, reading))
    assert [record.number for record in records] == list(range(1, len(records) + 1))
    assert list(read(path, reading)) == records


@each_golden
def test_a_file_cut_off_anywhere_is_told_and_conserved(zone: Zone, golden: Golden) -> None:
    size = len(golden.content)
    for part in range(1, 12):
        name = golden.source_file.rpartition("/")[2]
        put(zone, golden, golden.content[: size * part // 12], f"{part} {name}")
    put(zone, golden, golden.content[:-1], f"99 {golden.source_file.rpartition('/')[2]}")
    load(zone, golden)
    assert_conserved(zone, golden)


@each_golden
def test_an_empty_file_gives_no_row_and_no_exception(zone: Zone, golden: Golden) -> None:
    put(zone, golden, b"")
    load(zone, golden)
    assert all(zone.values(f"select count(*) from raw.{stream}") == [0] for stream in golden.rows)
    assert_conserved(zone, golden)


@each_golden
def test_a_file_that_is_not_utf8_is_rejected_and_conserved(zone: Zone, golden: Golden) -> None:
    name = golden.source_file.rpartition("/")[2]
    text = golden.content.decode("utf-8", "ignore")
    put(zone, golden, text.encode("cp1251", "replace"), f"a {name}")
    put(zone, golden, text.encode("utf-16"), f"b {name}")
    put(zone, golden, golden.content.replace(b"\n", b"\xff\n"), f"c {name}")
    load(zone, golden)
    assert_conserved(zone, golden)


@each_golden
def test_a_hostile_file_is_rejected_with_a_word(zone: Zone, golden: Golden) -> None:
    name = golden.source_file.rpartition("/")[2]
    for hostile, content in HOSTILE.items():
        put(zone, golden, content, f"{hostile} {name}")
    load(zone, golden)
    assert_conserved(zone, golden)
    assert all(zone.values(f"select count(*) from raw.{stream}") == [0] for stream in golden.rows)
    passed = zone.values(
        "select string_split(source_file, '/')[-1] from raw.loaded_files where rows_rejected = 0"
    )
    assert {file.removesuffix(f" {name}") for file in passed} <= {"blank", "byte order mark"}
    assert zone.values("select count(*) from raw.loaded_files") == [len(HOSTILE)]


@each_golden
def test_nul_in_a_file_is_conserved(zone: Zone, golden: Golden) -> None:
    name = golden.source_file.rpartition("/")[2]
    middle = len(golden.content) // 2
    put(zone, golden, golden.content[:middle] + b"\x00" + golden.content[middle:], f"a {name}")
    put(zone, golden, golden.content.replace(b" ", b"\x00"), f"b {name}")
    load(zone, golden)
    assert_conserved(zone, golden)


@each_golden
def test_ten_thousand_times_the_content_is_read_in_the_same_memory(
    tmp_path: Path, golden: Golden
) -> None:
    name = golden.source_file.rpartition("/")[2]
    if golden.content.startswith(b"PK"):
        pytest.skip("what follows the end of a zip is not read")
    peaks = []
    for times in (300, 10_000):
        path = tmp_path / f"{times}" / name
        path.parent.mkdir()
        path.write_bytes(golden.content * times)
        peaks.append(peak_memory(path, golden))
    assert peaks[1] - peaks[0] < 48 * MEBIBYTE


def peak_memory(path: Path, golden: Golden) -> int:
    """Bytes that a process of its own took at most to read the file to its end."""
    script = (
        "import json, resource, sys\n"
        "from pathlib import Path\n"
        "from orchestration.sources.contract import Reading\n"
        "from orchestration.sources.systems import SYSTEMS\n"
        "path, system, folder = sys.argv[1:]\n"
        "read = SYSTEMS[system].feeds[folder].read\n"
        "reading = Reading('salon', 'Europe/Moscow', 'salon/' + Path(path).name)\n"
        "assert all(record.number for record in read(Path(path), reading))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(path), *golden.feed_key()],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(json.loads(run.stdout.splitlines()[-1]))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.data())
@each_golden
def test_whatever_is_done_to_a_file_its_rows_are_conserved(
    golden: Golden, data: st.DataObject
) -> None:
    content = golden.content
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 40))
        put_in = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from(PIECES)))
        content = content[:start] + put_in + content[start + length :]
    with tempfile.TemporaryDirectory() as folder, open_zone(Path(folder)) as zone:
        put(zone, golden, content)
        load(zone, golden)
        assert_conserved(zone, golden)


PIECES = [
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\\",
    b"\\ud800",
    b"null",
    b"true",
    b"1e999",
    b"-1",
    b"[[]]",
    b'{"a":{}}',
    b"\n",
    b"\r",
    b"\x00",
    b"\xff",
    b'"id":[],',
    b'"text":{},',
]
