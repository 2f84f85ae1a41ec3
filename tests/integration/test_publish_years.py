"""A fact of many rows is a folder of files by year; a refresh writes the years that it changed."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.publish import folder, writing
from tests.integration.handmade_marts import FIRST_DATE, House, a_house

NEXT_YEAR = date(2027, 1, 5)
FACT = "salon/parquet/fct_turns.parquet"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Salon has 20 sessions with two turns each, of which the limit lets 30 rows into one file."""
    monkeypatch.setattr(folder, "ROWS_OF_A_FILE", 30)
    # A file of fewer rows is written together with those of other businesses.
    monkeypatch.setattr(writing, "_SMALL_ROWS", 10)
    return a_house(tmp_path)


def files(house: House) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in (house.exports / FACT).iterdir()}


def test_the_files_of_the_years_are_the_mart(house: House) -> None:
    house.refresh({("salon", "chat-3"): (NEXT_YEAR, 4)})
    house.publish()

    assert files(house).keys() == {"2026.parquet", "2027.parquet"}
    with duckdb.connect(str(house.folder / "warehouse.duckdb")) as connection:
        in_files = connection.execute(
            "select year(asked_at), filename, count(*) from read_parquet(?) "
            "group by all order by all",
            [f"{house.exports / FACT}/*"],
        ).fetchall()
    assert [(year, Path(name).stem, count) for year, name, count in in_files] == [
        (2026, "2026", 38),
        (2027, "2027", 2),
    ]
    # A fact below the limit is one file.
    assert (house.exports / "salon/parquet/fct_sessions.parquet").is_file()


def test_a_year_that_did_not_change_keeps_its_file(house: House) -> None:
    house.refresh({("salon", "chat-3"): (NEXT_YEAR, 4)})
    house.publish()
    before = files(house)

    house.refresh({("salon", "chat-25"): (NEXT_YEAR, 4)})
    assert not house.publish().is_everything

    after = files(house)
    assert after["2026.parquet"] == before["2026.parquet"]
    assert after["2027.parquet"] != before["2027.parquet"]
    house.assert_exports_are_those_of_everything()


def test_a_year_without_rows_loses_its_file(house: House) -> None:
    house.refresh({("salon", "chat-3"): (NEXT_YEAR, 4)})
    house.publish()

    house.refresh({("salon", "chat-3"): (FIRST_DATE, 4)})
    assert not house.publish().is_everything

    assert files(house).keys() == {"2026.parquet"}
    house.assert_exports_are_those_of_everything()


def test_a_fact_that_outgrows_its_file_becomes_a_folder_and_goes_back(house: House) -> None:
    few = {("salon", f"chat-{number}"): None for number in range(8)}
    house.refresh({**few})
    house.publish()
    assert (house.exports / FACT).is_file()

    house.refresh(dict.fromkeys(few, (FIRST_DATE, 2)))
    house.publish()
    assert files(house).keys() == {"2026.parquet"}

    house.refresh({**few})
    house.publish()
    assert (house.exports / FACT).is_file()
    house.assert_exports_are_those_of_everything()


def test_a_file_of_a_year_that_somebody_deleted_is_written_again(house: House) -> None:
    (house.exports / FACT / "2026.parquet").unlink()
    house.refresh({("clinic", "chat-3"): (FIRST_DATE, 4)})

    assert "salon" in house.publish().businesses_written
    house.assert_exports_are_those_of_everything()


def test_what_somebody_else_put_into_the_folder_stays(house: House) -> None:
    (house.exports / FACT / "notes.txt").write_text("mine", encoding="utf-8")
    house.refresh({("salon", "chat-3"): (NEXT_YEAR, 4)})
    house.publish()

    assert files(house).keys() == {"2026.parquet", "2027.parquet", "notes.txt"}
