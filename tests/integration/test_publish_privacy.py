from pathlib import Path

import duckdb
import pytest

from tests.fixtures.personal_data import (
    names_of_people,
    personal_data_in,
    raw_ids,
    secrets_of_people,
)
from tests.integration.conftest import DemoRun


@pytest.fixture(scope="module")
def exported_text(demo_run: DemoRun) -> str:
    """Every text that left the house: of all tables, and of the CSV files as they are."""
    texts = [path.read_text(encoding="utf-8") for path in demo_run.exports.rglob("*.csv")]
    with duckdb.connect(str(demo_run.exports / "marts.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where not internal and data_type = 'VARCHAR'"
        ).fetchall()
        for table, column in columns:
            values = connection.execute(f"select distinct {column} from {table}").fetchall()
            texts.append("\n".join(value for (value,) in values if value))
    return "\n".join(texts)


def test_the_scanner_finds_what_it_is_to_find() -> None:
    assert len(names_of_people()) > 100
    assert len(secrets_of_people()) > 1000
    assert len(raw_ids()) > 1000
    for found in (names_of_people(), secrets_of_people(), raw_ids()):
        sample = min(found)
        assert personal_data_in(f"a, {sample}\tb") == {sample}


def test_no_phone_address_name_handle_or_id_of_anybody_leaves_the_house(
    exported_text: str,
) -> None:
    assert len(exported_text) > 100_000
    assert personal_data_in(exported_text) == set()


def test_the_same_tables_leave_in_every_form(demo_run: DemoRun) -> None:
    with duckdb.connect(str(demo_run.exports / "marts.duckdb"), read_only=True) as connection:
        tables = {name for (name,) in connection.execute("show tables").fetchall()}

    assert tables == {path.stem for path in Path(demo_run.exports).rglob("*.parquet")}
    assert {name for name in tables if name.startswith("rpt_")} == {
        path.stem for path in demo_run.exports.rglob("*.csv")
    }
