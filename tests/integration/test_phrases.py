"""The phrases of the seed are spelt as a message is, once its punctuation is gone."""

import csv
from pathlib import Path

import duckdb
import jinja2

PROJECT = Path(__file__).parents[2]


def test_every_phrase_can_be_found_in_a_message() -> None:
    environment = jinja2.Environment()  # noqa: S701 (SQL, not HTML)
    engine = environment.from_string((PROJECT / "macros" / "engine.sql").read_text()).module
    plain_words = engine.plain_words("phrase")  # type: ignore[attr-defined]
    with (PROJECT / "seeds" / "phrases.csv").open(encoding="utf-8", newline="") as file:
        phrases = [row["phrase"] for row in csv.DictReader(file)]
    query = f"select phrase from (select unnest($1) as phrase) where {plain_words} != phrase"
    assert duckdb.execute(query, [phrases]).fetchall() == []
    # A longer text is never small talk.
    assert max(map(len, phrases)) <= 60
