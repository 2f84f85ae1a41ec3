import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from pydantic import SecretStr

from orchestration.errors import ActionableError
from orchestration.publish.files import publish_files
from orchestration.publish.release import open_release
from tests.integration.conftest import AS_OF, Publish


def content(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def parquet(path: Path) -> list[tuple[object, ...]]:
    return duckdb.execute("from read_parquet(?)", [str(path)]).fetchall()


def test_each_business_gets_its_reports_as_csv_and_all_marts_as_parquet(
    publish: Publish, exports: Path
) -> None:
    written = publish()

    assert written.businesses_written == ("clinic", "salon")
    assert sorted(content(exports)) == sorted(
        [
            *(f"{business}/csv/rpt_funnel.csv" for business in ("clinic", "salon")),
            *(
                f"{business}/parquet/{table}.parquet"
                for business in ("clinic", "salon")
                for table in ("dim_channels", "fct_sessions", "fct_turns", "rpt_funnel")
            ),
            "manifest.json",
            "marts.duckdb",
        ]
    )
    assert {row[0] for row in parquet(exports / "salon/parquet/fct_turns.parquet")} == {"salon"}
    assert parquet(exports / "salon/parquet/dim_channels.parquet") == [("web", "Сайт")]


def test_no_cell_of_a_csv_file_can_become_a_formula(publish: Publish, exports: Path) -> None:
    publish()

    text = (exports / "salon/csv/rpt_funnel.csv").read_text(encoding="utf-8")

    assert list(csv.DictReader(text.splitlines())) == [
        {"business_id": "salon", "period_start": "2026-10-01", "step": step, "rate": "0.25"}
        for step in ("-12.5", "'=1+1", "заявка", "")
    ]


@pytest.mark.parametrize("step", ["заявка", "заявка\nсалона", "\r", '"', "", "clinic,\nsalon,"])
def test_a_small_business_sees_its_own_lines_whatever_their_cells_hold(
    publish: Publish, exports: Path, step: str
) -> None:
    publish(
        "create or replace table marts.rpt_funnel as select business_id, number, text as step "
        f"from (values ('clinic', 1, '{step}'), ('salon', 2, '{step}'), ('salon', 3, 'b')) "
        "as cells(business_id, number, text)"
    )

    for business, numbers in {"clinic": ["1"], "salon": ["2", "3"]}.items():
        path = exports / business / "csv/rpt_funnel.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            read = list(csv.DictReader(lines))
        assert [row["number"] for row in read] == numbers
        assert {row["business_id"] for row in read} == {business}
        # A text that a spreadsheet may take for a formula has a mark before it.
        assert read[0]["step"].removeprefix("'") == step


def test_ids_of_customers_leave_hashed_and_still_join_within_a_business(
    publish: Publish, exports: Path
) -> None:
    publish()
    marts = exports / "marts.duckdb"

    assert rows(marts, "from marts.fct_sessions where session_id like '%chat%'") == []
    assert rows(
        marts,
        "select count(*), count(distinct session_id), min(length(turn_id)), min(operator_id) "
        "from marts.fct_sessions join marts.fct_turns using (business_id, session_id)",
    ) == [(6, 6, 32, "operator-0")]


def test_a_key_changes_every_digest_and_is_in_no_file(
    marts_warehouse: Path, publish: Publish, exports: Path
) -> None:
    query = "select session_id from marts.fct_sessions order by all"
    publish()
    without_key = rows(exports / "marts.duckdb", query)
    with open_release(marts_warehouse, AS_OF, SecretStr("lighthouse")) as release:
        publish_files(release, exports)
    with_key = rows(exports / "marts.duckdb", query)

    assert len(set(with_key)) == len(set(without_key)) == 6
    assert not set(with_key) & set(without_key)
    assert rows(
        exports / "marts.duckdb",
        "select count(*) from marts.fct_sessions join marts.fct_turns using (session_id)",
    ) == [(6,)]
    assert not [
        path for path in exports.rglob("*") if path.is_file() and b"lighthouse" in path.read_bytes()
    ]


def test_a_mart_with_a_column_of_personal_data_is_never_published(
    publish: Publish, exports: Path
) -> None:
    with pytest.raises(ActionableError, match=r"personal data \(rpt_funnel\.Phone\)"):
        publish("alter table marts.rpt_funnel add column Phone varchar")

    assert not exports.exists()


def test_a_run_without_changes_leaves_every_byte(publish: Publish, exports: Path) -> None:
    publish()
    before = content(exports)

    written = publish()

    assert content(exports) == before
    assert written.businesses_written == ()


def test_a_later_as_of_with_the_same_marts_changes_the_manifest_only(
    publish: Publish, exports: Path
) -> None:
    publish()
    before = content(exports)

    publish(as_of=datetime(2026, 11, 2, tzinfo=UTC))

    after = content(exports)
    assert [name for name in after if after[name] != before[name]] == ["manifest.json"]
    assert json.loads(after["manifest.json"][0]) == json.loads(before["manifest.json"][0]) | {
        "as_of": "2026-11-02T00:00:00Z"
    }


def test_the_order_of_rows_in_the_warehouse_changes_no_file(
    publish: Publish, exports: Path
) -> None:
    publish()
    before = content(exports)
    (exports / "manifest.json").unlink()

    publish(
        "create or replace table marts.fct_sessions as "
        "from (from marts.fct_sessions) order by session_id desc"
    )

    after = content(exports)
    assert {name for name in after if after[name][0] != before[name][0]} <= {"marts.duckdb"}


def test_only_the_business_that_changed_is_written_anew(publish: Publish, exports: Path) -> None:
    publish()
    before = content(exports)

    written = publish("update marts.fct_sessions set messages = 9 where business_id = 'salon'")

    after = content(exports)
    assert written.businesses_written == ("salon",)
    assert all(after[name] == before[name] for name in after if name.startswith("clinic/"))
    assert rows(exports / "marts.duckdb", "select sum(messages) from marts.fct_sessions") == [(30,)]


def test_a_file_that_somebody_deleted_is_written_again(publish: Publish, exports: Path) -> None:
    publish()
    (exports / "salon/csv/rpt_funnel.csv").unlink()

    assert publish().businesses_written == ("salon",)
    assert (exports / "salon/csv/rpt_funnel.csv").is_file()


def test_files_of_somebody_else_are_never_touched(publish: Publish, exports: Path) -> None:
    publish()
    foreign = [exports / name for name in ("notes.txt", "salon/mine.xlsx", "salon/csv/old/a.csv")]
    (exports / "photos").mkdir()
    foreign.append(exports / "photos/cat.jpg")
    for path in foreign:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")

    publish("update marts.fct_sessions set messages = 9")
    written = publish("delete from marts.fct_sessions where business_id = 'salon'")
    for table in ("fct_turns", "rpt_funnel"):
        written = publish(f"delete from marts.{table} where business_id = 'salon'")

    assert written.businesses_removed == ("salon",)
    assert all(path.read_text() == "mine" for path in foreign)
    assert not (exports / "salon/parquet").exists()


def test_the_manifest_says_what_lies_there(publish: Publish, exports: Path) -> None:
    publish()

    manifest = json.loads((exports / "manifest.json").read_text(encoding="utf-8"))

    assert manifest["as_of"] == "2026-11-01T00:00:00Z"
    assert manifest["tables"]["fct_turns"]["rows"] == 6
    assert list(manifest["businesses"]) == ["clinic", "salon"]
    assert manifest["businesses"]["clinic"]["rows"] == {
        "dim_channels": 1,
        "fct_sessions": 3,
        "fct_turns": 3,
        "rpt_funnel": 4,
    }


def test_the_copy_of_the_marts_opens_in_every_duckdb_from_1_0_on(
    publish: Publish, exports: Path
) -> None:
    publish()

    with duckdb.connect(str(exports / "marts.duckdb"), read_only=True) as connection:
        [(tags,)] = connection.execute(
            "select tags from duckdb_databases() where database_name = 'marts'"
        ).fetchall()

    assert tags["storage_version"] == "v1.0.0+"
