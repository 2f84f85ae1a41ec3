import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.demo import demo_people, demo_truth
from tests.integration.conftest import DemoRun

END_DATE = date(2026, 11, 1)
NAME = re.compile(r"[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+")
WORD = re.compile(r"[\w.@+-]+")


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


def test_no_phone_address_name_or_handle_of_anybody_leaves_the_house(exported_text: str) -> None:
    people = demo_people(END_DATE)
    secrets = {secret for person in people for secret in (person.phone, person.email)}
    secrets |= {person.phone.lstrip("+") for person in people}
    secrets |= {user_id for person in people for _, user_id in person.user_ids}

    assert len(people) > 1000
    assert secrets & set(WORD.findall(exported_text)) == set()
    assert {person.name for person in people} & set(NAME.findall(exported_text)) == set()


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


def test_no_id_of_the_chat_platform_or_the_crm_leaves_the_house(exported_text: str) -> None:
    truth = demo_truth(END_DATE)
    ids = {session.session_id for session in truth.sessions} | {
        lead.lead_id for lead in truth.leads
    }

    assert len(ids) > 1000
    assert ids & set(WORD.findall(exported_text)) == set()


def test_the_same_tables_leave_in_every_form(demo_run: DemoRun) -> None:
    with duckdb.connect(str(demo_run.exports / "marts.duckdb"), read_only=True) as connection:
        tables = {name for (name,) in connection.execute("show tables").fetchall()}

    assert tables == {path.stem for path in Path(demo_run.exports).rglob("*.parquet")}
    assert {name for name in tables if name.startswith("rpt_")} == {
        path.stem for path in demo_run.exports.rglob("*.csv")
    }
