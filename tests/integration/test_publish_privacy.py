import re
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.demo import demo_people
from tests.fixtures.personal_data import (
    names_of_people,
    personal_data_in,
    raw_ids,
    secrets_of_people,
)
from tests.integration.conftest import DemoRun

END_DATE = date(2026, 11, 1)
NAME = re.compile(r"[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+")


@pytest.fixture(scope="module")
def exported_text(demo_run: DemoRun) -> str:
    """Every text that left the house: of all tables, and of the files as they are."""
    texts = [
        path.read_text(encoding="utf-8")
        for kind in ("*.csv", "dashboard.html", "digest.txt")
        for path in demo_run.exports.rglob(kind)
    ]
    for path in demo_run.exports.rglob("kpi.xlsx"):
        with zipfile.ZipFile(path) as book:
            texts += [book.read(name).decode() for name in book.namelist()]
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


@pytest.fixture(scope="module")
def queued_words(demo_run: DemoRun) -> list[str]:
    """What customers wrote, as the review queues show it."""
    with duckdb.connect(str(demo_run.exports / "marts.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select message_words from rpt_review_queue union all from "
            "(select message_words from fct_review_messages)"
        ).fetchall()
    return [words for (words,) in rows]


def test_what_customers_wrote_leaves_the_house_without_their_names_phones_and_addresses(
    queued_words: list[str],
) -> None:
    people = demo_people(END_DATE)
    # One of the people is a shared number, and called so.
    names = {
        part.lower()
        for person in people
        if NAME.fullmatch(person.name)
        for part in person.name.split()
    }
    assert len(names) > 30
    digits = {re.sub(r"\D", "", person.phone)[-7:] for person in people}
    emails = {person.email.lower() for person in people}

    assert len(queued_words) > 100
    # Names are there to be masked, and their cases ("к Ольге") with them.
    assert any("‹имя›" in words for words in queued_words)
    for words in queued_words:
        assert names & set(re.findall(r"\w+", words.lower())) == set()
        assert not any(number in re.sub(r"\D", "", words) for number in digits)
        assert not any(email in words.lower() for email in emails)
        assert re.search(r"\d{4}|@|https?:", words) is None
        assert len(words) <= 300


def test_only_the_queue_shows_the_key_by_which_a_message_is_labelled(demo_run: DemoRun) -> None:
    keys = "select message_key from marts.fct_predictions"
    with duckdb.connect(str(demo_run.warehouse), read_only=True) as connection:
        known = {key for (key,) in connection.execute(keys).fetchall()}
    with duckdb.connect(str(demo_run.exports / "marts.duckdb"), read_only=True) as connection:
        told = {
            table: {
                key for (key,) in connection.execute(f"select message_key from {table}").fetchall()
            }
            for table in ("fct_predictions", "fct_review_messages", "rpt_review_queue")
        }
    assert len(told["fct_predictions"]) == len(known)
    assert told["rpt_review_queue"] < known
    assert told["fct_predictions"] & known == set()
    assert told["fct_review_messages"] < told["fct_predictions"]


def test_the_same_tables_leave_in_every_form(demo_run: DemoRun) -> None:
    with duckdb.connect(str(demo_run.exports / "marts.duckdb"), read_only=True) as connection:
        tables = {name for (name,) in connection.execute("show tables").fetchall()}

    assert tables == {path.stem for path in Path(demo_run.exports).rglob("*.parquet")}
    assert {name for name in tables if name.startswith("rpt_")} == {
        path.stem for path in demo_run.exports.rglob("*.csv")
    }
