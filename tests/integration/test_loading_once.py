"""Exactly once by content: raw is what lies in the landing zone, whatever came before."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest

from orchestration.errors import ActionableError
from orchestration.loading import (
    create_raw_tables,
    load_businesses,
    load_stream,
    stream,
    write_refresh_context,
)
from orchestration.loading import tables as raw_tables
from tests.fixtures.landing_zone import Zone, as_csv, as_jsonl, message, open_zone

FOLDER = "salon/generic/messages"
ONE = [message(1)]
TWO = [message(1), message(2)]


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    with open_zone(tmp_path) as zone:
        yield zone


def message_ids(zone: Zone) -> list[tuple[str, str]]:
    return zone.rows("select source_file[24:], message_id from raw.messages order by all")


def ledger(zone: Zone) -> list[tuple[str, int, int, int, int]]:
    return zone.rows(
        "select source_file[24:], rows_read, rows_loaded, rows_duplicate, rows_rejected "
        "from raw.loaded_files order by 1"
    )


def assert_is_a_rebuild(zone: Zone) -> None:
    """Assert that a new warehouse of the same landing zone would hold the same."""
    with duckdb.connect() as connection:
        fresh = Zone(zone.landing_dir, connection)
        fresh.load()
        assert fresh.content() == zone.content()
    zone.assert_conserved()


def test_the_same_files_again_are_a_no_op(zone: Zone) -> None:
    zone.put_messages(TWO)
    first = zone.load()
    loaded_at = zone.values("select loaded_at from raw.messages")
    again = zone.load()
    assert (first.files_new, first.rows_loaded) == (1, 2)
    assert (again.files_new, again.files_unchanged, again.rows_read) == (0, 1, 0)
    assert zone.values("select loaded_at from raw.messages") == loaded_at


def test_a_file_only_touched_is_not_loaded_again(zone: Zone) -> None:
    path = zone.put_messages(TWO)
    zone.load()
    os.utime(path, (0, 0))
    assert zone.load().files_unchanged == 1


def test_new_content_of_the_same_size_and_time_replaces_the_old(zone: Zone) -> None:
    path = zone.put_messages([message(1), message(2)])
    status = path.stat()
    zone.load()
    path.write_bytes(path.read_bytes().replace(b'"m2"', b'"m3"'))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    report = zone.load()
    assert (report.files_changed, report.files_new) == (1, 0)
    assert message_ids(zone) == [("a.jsonl", "m1"), ("a.jsonl", "m3")]
    assert_is_a_rebuild(zone)


def test_a_changed_file_takes_its_old_rejects_along(zone: Zone) -> None:
    zone.put_messages(["nonsense", *ONE])
    with pytest.raises(ActionableError):
        zone.load()
    zone.put_messages(ONE)
    zone.load()
    assert zone.rejects() == []
    assert_is_a_rebuild(zone)


def test_a_file_that_vanished_takes_its_rows_along(zone: Zone) -> None:
    zone.put_messages(ONE, "a.jsonl")
    zone.put_messages([message(2)], "b.jsonl")
    gone = zone.put_messages([message(3)], "c.jsonl")
    zone.load()
    gone.unlink()
    report = zone.load()
    assert (report.files_removed, report.files_unchanged) == (1, 2)
    assert message_ids(zone) == [("a.jsonl", "m1"), ("b.jsonl", "m2")]
    assert_is_a_rebuild(zone)


def test_a_file_moved_to_another_name_is_loaded_under_it(zone: Zone) -> None:
    path = zone.put_messages(TWO)
    zone.load()
    path.rename(path.with_name("b.jsonl"))
    report = zone.load()
    assert (report.files_new, report.files_removed) == (1, 1)
    assert_is_a_rebuild(zone)


def test_twins_are_loaded_once_under_the_first_name(zone: Zone) -> None:
    zone.put_messages(TWO, "b.jsonl")
    zone.put_messages(TWO, "a.jsonl")
    report = zone.load()
    assert (report.rows_read, report.rows_loaded, report.rows_duplicate) == (4, 2, 2)
    assert ledger(zone) == [("a.jsonl", 2, 2, 0, 0), ("b.jsonl", 2, 0, 2, 0)]
    assert zone.load().files_unchanged == 2


def test_twins_of_other_businesses_and_streams_are_strangers(zone: Zone) -> None:
    zone.put_messages(ONE)
    zone.put("clinic/generic/messages/a.jsonl", as_jsonl(ONE))
    assert zone.load().rows_duplicate == 0
    assert zone.values("select business_id from raw.messages order by 1") == ["clinic", "salon"]


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_the_order_in_which_twins_arrive_and_leave_changes_nothing(
    zone: Zone, order: tuple[str, ...]
) -> None:
    paths = {}
    for name in order:
        paths[name] = zone.put_messages([*TWO, "nonsense", *[message(9)] * 40], f"{name}.jsonl")
        zone.load()
        assert_is_a_rebuild(zone)
    for name in order[:2]:
        paths[name].unlink()
        zone.load()
        assert zone.values("select count(*) from raw.messages") == [42]
        assert_is_a_rebuild(zone)


def test_when_the_first_twin_changes_the_other_one_stands_in(zone: Zone) -> None:
    zone.put_messages(TWO, "a.jsonl")
    zone.put_messages(TWO, "b.jsonl")
    zone.load()
    zone.put_messages([message(3)], "a.jsonl")
    zone.load()
    assert message_ids(zone) == [("a.jsonl", "m3"), ("b.jsonl", "m1"), ("b.jsonl", "m2")]
    assert_is_a_rebuild(zone)


def test_empty_twins_are_left_alone(zone: Zone) -> None:
    zone.put_messages([], "a.jsonl")
    zone.put_messages([], "b.jsonl")
    zone.load()
    assert zone.load().files_unchanged == 2


def test_another_time_zone_of_the_business_reads_its_files_again(zone: Zone) -> None:
    zone.put_messages([message(1, sent_at="2026-03-01T10:00:00")])
    zone.load()
    zone.put("salon/business.yml", b"timezone: Asia/Tokyo")
    assert zone.load().files_changed == 1
    assert zone.values("select sent_at::varchar from raw.messages") == ["2026-03-01 01:00:00"]
    assert_is_a_rebuild(zone)


def test_another_version_of_the_loader_reads_everything_again(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone.put_messages(TWO)
    zone.load()
    monkeypatch.setattr(raw_tables, "LOADER_VERSION", raw_tables.LOADER_VERSION + 1)
    assert zone.load().files_new == 1
    assert zone.values("select count(*) from raw.messages") == [2]


def test_files_are_cut_into_batches_without_a_trace(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_BATCH_BYTES", 300)
    for number in range(12):
        zone.put_messages([message(number), message(number + 1)], f"{number % 7}{number}.jsonl")
    zone.put_messages(TWO, "twin.jsonl")
    zone.put_messages(TWO, "a twin.jsonl")
    zone.load()
    monkeypatch.undo()
    assert_is_a_rebuild(zone)


def test_an_empty_landing_zone_after_a_full_one_is_refused(zone: Zone) -> None:
    path = zone.put_messages(TWO)
    zone.load()
    path.unlink()
    with pytest.raises(ActionableError, match="LANDING_DIR"):
        zone.load()
    with pytest.raises(ActionableError, match="LANDING_DIR"):
        load_stream(zone.connection, zone.landing_dir, "messages")
    assert zone.values("select count(*) from raw.messages") == [2]


def test_a_landing_zone_that_was_always_empty_is_none_to_complain_of(zone: Zone) -> None:
    assert zone.load().files_new == 0


def test_a_file_with_too_many_rejects_is_stored_and_refused_until_it_is_mended(zone: Zone) -> None:
    zone.put_messages([message(1)], "good.jsonl")
    zone.put_messages([*map(message, range(2, 20)), "nonsense", "{}"], "dirty.jsonl")
    for _ in range(2):
        with pytest.raises(ActionableError) as raised:
            zone.load()
        for word in ("dirty.jsonl", "2 of 20", "not_json (1)", "missing_field:message_id (1)"):
            assert word in str(raised.value)
        assert "good.jsonl" not in str(raised.value)
        assert zone.values("select count(*) from raw.messages") == [19]
        assert len(zone.rejects()) == 2
        zone.assert_conserved()
    zone.load("leads")  # other streams are not to blame
    zone.put_messages([*map(message, range(2, 20))], "dirty.jsonl")
    assert zone.load().rows_rejected == 0


def test_five_percent_of_rejects_are_borne(zone: Zone) -> None:
    zone.put_messages([*map(message, range(19)), "nonsense"])
    report = zone.load()
    assert (report.rows_loaded, report.rows_rejected) == (19, 1)


def test_a_file_that_is_written_to_while_it_is_read_is_not_stored(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zone.put_messages(TWO)
    stage_files = stream.stage_files

    def stage_and_write(*given: Any) -> None:
        stage_files(*given)
        path.write_bytes(path.read_bytes() + as_jsonl([message(3)]))

    monkeypatch.setattr(stream, "stage_files", stage_and_write)
    with pytest.raises(ActionableError, match=r"a\.jsonl was written to while it was read"):
        zone.load()
    assert message_ids(zone) == []
    monkeypatch.undo()
    assert zone.load().rows_loaded == 3


def test_a_folder_made_after_the_businesses_were_loaded_has_its_own_zone(zone: Zone) -> None:
    zone.load()
    zone.put("salon/business.yml", b"timezone: Asia/Tokyo")
    zone.put_messages([message(1, sent_at="2026-03-01T10:00:00")])
    load_stream(zone.connection, zone.landing_dir, "messages")
    assert zone.values("select sent_at::varchar from raw.messages") == ["2026-03-01 01:00:00"]


@dataclass
class CountingConnection:
    """A connection that counts what is executed on it."""

    connection: duckdb.DuckDBPyConnection
    statements: int = 0

    def execute(self, *arguments: Any, **options: Any) -> duckdb.DuckDBPyConnection:
        self.statements += 1
        return self.connection.execute(*arguments, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


def test_a_thousand_businesses_with_a_file_each_load_in_few_statements(zone: Zone) -> None:
    for number in range(1000):
        rows = [message(line, user_id=f"u{number}") for line in range(3)]
        name = f"b{number}/generic/messages/a"
        zone.put(f"{name}.csv", as_csv(rows)) if number % 2 else zone.put(
            f"{name}.jsonl", as_jsonl(rows)
        )
    counting = CountingConnection(zone.connection)
    load_businesses(zone.connection, zone.landing_dir)
    report = load_stream(cast(duckdb.DuckDBPyConnection, counting), zone.landing_dir, "messages")
    assert report.rows_loaded == 3000
    # As many as for two files, one of each kind.
    assert counting.statements < 100


def test_the_moment_of_the_refresh_is_one_row_in_utc(zone: Zone) -> None:
    write_refresh_context(zone.connection, datetime(2026, 3, 1, tzinfo=UTC))
    eastern = timezone(timedelta(hours=3))
    write_refresh_context(zone.connection, datetime(2026, 3, 2, 3, tzinfo=eastern))
    assert zone.rows("from raw.refresh_context") == [(datetime(2026, 3, 2),)]


def test_every_raw_table_is_there_before_anything_is_loaded(zone: Zone) -> None:
    create_raw_tables(zone.connection)
    create_raw_tables(zone.connection)
    tables = zone.values("select table_name from duckdb_tables() where schema_name = 'raw'")
    assert {"messages", "deals", "costs", "rejected", "unread_files", "refresh_context"} <= set(
        tables
    )
    assert len(tables) == 9 + 2 + 1 + 7


def test_a_loading_that_is_killed_leaves_whole_files_and_is_made_good(tmp_path: Path) -> None:
    with open_zone(tmp_path) as zone:
        for number in range(30):
            zone.put_messages([message(line) for line in range(2000)], f"{number}.jsonl.gz")
            zone.put_messages([message(number, body=str(number))], f"{number}.jsonl")
        warehouse = tmp_path / "warehouse.duckdb"
        program = (
            "import duckdb, sys; from pathlib import Path; "
            "from orchestration.loading import load_businesses, load_stream, stream; "
            "stream._BATCH_BYTES = 200_000; "
            "connection = duckdb.connect(sys.argv[1]); landing = Path(sys.argv[2]); "
            "load_businesses(connection, landing); print('go', flush=True); "
            "load_stream(connection, landing, 'messages')"
        )
        for delay in (0.05, 0.2, 0.4, 0.6, 0.9):
            loading = subprocess.Popen(
                [sys.executable, "-c", program, str(warehouse), str(zone.landing_dir)],
                stdout=subprocess.PIPE,
            )
            assert loading.stdout is not None
            loading.stdout.readline()
            time.sleep(delay)
            loading.send_signal(signal.SIGKILL)
            loading.wait()
            with duckdb.connect(str(warehouse)) as connection:
                Zone(zone.landing_dir, connection).assert_conserved()
        with duckdb.connect(str(warehouse)) as connection:
            killed = Zone(zone.landing_dir, connection)
            killed.load()
            assert_is_a_rebuild(killed)
