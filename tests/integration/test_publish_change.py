"""An export of what a refresh touched equals an export of everything."""

import json
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.publish import files
from tests.integration.handmade_marts import (
    BUSINESSES,
    FIRST_DATE,
    House,
    a_house,
    say_what_was_touched,
)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return a_house(tmp_path)


KEYS = st.tuples(
    st.sampled_from([*BUSINESSES, "newcomer"]),
    st.integers(0, 24).map(lambda number: f"chat-{number}"),
)
SESSIONS = st.none() | st.tuples(
    st.integers(0, 40).map(lambda days: FIRST_DATE + timedelta(days=days)), st.integers(1, 9)
)
CHANGES = st.dictionaries(KEYS, SESSIONS, max_size=6)


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(st.lists(CHANGES, min_size=1, max_size=3))
def test_what_was_touched_brought_over_gives_the_files_of_an_export_of_everything(
    steps: list[dict[tuple[str, str], tuple[date, int] | None]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = a_house(Path(folder))
        for changes in steps:
            house.refresh(changes)
            assert not house.publish().is_everything
        house.assert_exports_are_those_of_everything()


def test_a_session_that_moves_to_another_business_date_leaves_no_row_behind(house: House) -> None:
    house.refresh({("salon", "chat-3"): (date(2026, 12, 24), 4)})

    assert not house.publish().is_everything
    house.assert_exports_are_those_of_everything()


def test_a_business_that_comes_gets_a_folder_and_one_that_goes_loses_its_own(house: House) -> None:
    for number in range(4, 20):
        house.sessions.pop(("gym", f"chat-{number}"))
    house.refresh({}, is_everything=True)
    house.publish()
    house.refresh(
        {("newcomer", "chat-1"): (FIRST_DATE, 7)}
        | {("gym", f"chat-{number}"): None for number in range(4)}
    )

    written = house.publish()

    assert not written.is_everything
    assert written.businesses_removed == ("gym",)
    house.assert_exports_are_those_of_everything()


def test_the_key_of_the_digests_is_kept_from_refresh_to_refresh(house: House) -> None:
    house.publish(key="lighthouse")
    house.refresh({("salon", "chat-3"): (FIRST_DATE, 4)})

    assert not house.publish(key="lighthouse").is_everything
    house.assert_exports_are_those_of_everything("lighthouse")
    assert not [
        path
        for path in house.exports.rglob("*")
        if path.is_file() and b"lighthouse" in path.read_bytes()
    ]


def test_a_business_that_was_not_touched_keeps_its_facts_and_gets_new_reports(
    house: House,
) -> None:
    facts = house.exports / "clinic/parquet/fct_sessions.parquet"
    report = house.exports / "clinic/parquet/dim_dates.parquet"
    before = facts.stat(), report.stat()
    house.refresh({("salon", "chat-3"): (date(2027, 1, 1), 4)})

    assert house.publish().businesses_written == ("clinic", "gym", "salon")
    assert facts.stat().st_ino == before[0].st_ino
    assert report.stat().st_ino != before[1].st_ino


def test_a_refresh_that_touched_nothing_leaves_every_file(house: House) -> None:
    before = {path: path.stat().st_mtime_ns for path in house.exports.rglob("*")}

    written = house.publish()

    assert (written.is_everything, written.businesses_written) == (False, ())
    assert {path: path.stat().st_mtime_ns for path in house.exports.rglob("*")} == before


def _forget(house: House) -> None:
    (house.exports / "marts.duckdb").unlink()


def _edit_the_marts(house: House) -> None:
    path = house.exports / "marts.duckdb"
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update fct_sessions set messages = 99")


def _leave_a_log_beside_the_marts(house: House) -> None:
    (house.exports / "marts.duckdb.wal").write_bytes(b"cut off")


def _miss_a_refresh(house: House) -> None:
    house.refresh({("clinic", "chat-1"): (FIRST_DATE, 8)})


def _keep_a_change_to_itself(house: House) -> None:
    house.refresh({("clinic", "chat-1"): None, ("salon", "chat-9"): None}, untold=True)
    house.number -= 1


def _touch_most(house: House) -> None:
    house.refresh({("gym", f"chat-{number}"): (FIRST_DATE, 1) for number in range(20)})
    house.number -= 1


@pytest.mark.parametrize(
    "spoil",
    [
        _forget,
        _edit_the_marts,
        _leave_a_log_beside_the_marts,
        _miss_a_refresh,
        _keep_a_change_to_itself,
        _touch_most,
    ],
)
def test_everything_is_exported_where_the_last_export_is_no_base(
    house: House, spoil: Callable[[House], None]
) -> None:
    spoil(house)
    if spoil is not _touch_most:
        house.refresh({("salon", "chat-3"): (FIRST_DATE, 9)})

    assert house.publish().is_everything
    assert not (house.exports / "marts.duckdb.wal").exists()
    house.assert_exports_are_those_of_everything()


def test_another_key_or_another_exporter_exports_everything(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.refresh({})
    assert house.publish(key="lighthouse").is_everything
    house.assert_exports_are_those_of_everything("lighthouse")

    monkeypatch.setattr(files, "EXPORTER_VERSION", files.EXPORTER_VERSION + 1)
    house.refresh({})
    assert house.publish(key="lighthouse").is_everything


@pytest.mark.parametrize("name", ["csv/rpt_kpi_daily.csv", "parquet/fct_turns.parquet"])
@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_file_that_somebody_deleted_or_edited_is_written_again(
    house: House, name: str, is_deleted: bool
) -> None:
    path = house.exports / "salon" / name
    if is_deleted:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[::-1])
    house.refresh({("clinic", "chat-3"): (FIRST_DATE, 4)})

    written = house.publish()

    assert not written.is_everything
    assert "salon" in written.businesses_written
    house.assert_exports_are_those_of_everything()


@pytest.mark.parametrize("text", ["", "{}", '{"businesses": {"../../etc": {}}}', "edited"])
def test_a_manifest_that_was_tampered_with_is_written_again(house: House, text: str) -> None:
    path = house.exports / "manifest.json"
    if text == "edited":
        content = json.loads(path.read_text(encoding="utf-8"))
        content["businesses"]["salon"]["fingerprint"] = "0"
        del content["businesses"]["gym"]
        text = json.dumps(content)
    path.write_text(text, encoding="utf-8")
    house.refresh({("clinic", "chat-3"): (FIRST_DATE, 4)})

    house.publish()

    house.assert_exports_are_those_of_everything()


@pytest.mark.parametrize("steps", range(5))
@pytest.mark.parametrize("is_next", [False, True])
def test_an_export_that_was_cut_off_is_made_good_by_the_next_one(
    house: House, monkeypatch: pytest.MonkeyPatch, steps: int, is_next: bool
) -> None:
    house.refresh({("salon", "chat-3"): (date(2027, 1, 1), 4), ("gym", "chat-9"): None})
    left = iter(range(steps))

    def cut_off(step: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object) -> object:
            if next(left, None) is None:
                raise KeyboardInterrupt
            return step(*arguments)

        return run

    # What readers see changes step by step: three folders, the marts, the manifest.
    with monkeypatch.context() as patch:
        patch.setattr(files, "replace_folder", cut_off(files.replace_folder))
        patch.setattr(Path, "replace", cut_off(Path.replace))
        with pytest.raises(KeyboardInterrupt):
            house.publish()
    if is_next:
        house.refresh({("salon", "chat-4"): (date(2027, 1, 2), 4)})
    house.publish()

    house.assert_exports_are_those_of_everything()


def test_the_demo_with_some_sessions_changed_and_some_gone(
    demo_warehouse: Path, tmp_path: Path
) -> None:
    house = House(tmp_path)
    path = tmp_path / "warehouse.duckdb"
    shutil.copyfile(demo_warehouse, path)
    with duckdb.connect(str(path)) as connection:
        say_what_was_touched(connection, 1, [], [], is_everything=True)
    house.publish()
    with duckdb.connect(str(path)) as connection:
        sessions = connection.execute(
            "select business_id, session_id from marts.fct_sessions order by hash(session_id) "
            "limit 40"
        ).fetchall()
        say_what_was_touched(connection, 2, sessions, [], is_everything=False)
        leads = connection.execute(
            "select business_id, lead_id from marts.fct_leads "
            "semi join refresh.touched_sessions using (business_id, session_id)"
        ).fetchall()
        say_what_was_touched(connection, 2, sessions, leads, is_everything=False)
        connection.execute(
            "create temporary table gone as "
            "from refresh.touched_sessions where hash(session_id) % 2 = 0"
        )
        for change in (
            "update marts.fct_sessions set session_date = session_date + 1 "
            "where (business_id, session_id) in (from refresh.touched_sessions)",
            "delete from marts.fct_sessions where (business_id, session_id) in (from gone)",
            "delete from marts.fct_turns where (business_id, session_id) in (from gone)",
            "delete from marts.fct_leads where (business_id, session_id) in (from gone)",
            "update marts.rpt_kpi_daily set sessions = sessions + 1 "
            "where session_date = (select max(session_date) from marts.rpt_kpi_daily)",
        ):
            connection.execute(change)

    assert not house.publish().is_everything
    house.assert_exports_are_those_of_everything()
