"""What the page and the workbook name is there: columns in the marts, words in both languages."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from orchestration.config import Locale
from orchestration.publish.pages import workbook
from orchestration.publish.pages.layout import layout
from orchestration.publish.pages.words import words
from tests.integration.conftest import DemoRun
from tests.integration.shown_figures import Marts

LOCALES: tuple[Locale, ...] = ("ru", "en")
ASSETS = files("orchestration.publish.pages").joinpath("assets")
SCRIPTS = {
    script.name: script.read_text(encoding="utf-8")
    for script in ASSETS.iterdir()
    if script.name.endswith(".js")
}
TABLES = [table for tables in layout().values() for table in tables]


@pytest.fixture(scope="module")
def marts(demo_run: DemoRun) -> Marts:
    return Marts(str(demo_run.exports / "marts.duckdb"))


def keys(value: Any, path: str = "") -> Iterator[str]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from keys(inner, f"{path}.{name}")
        case list():
            yield f"{path}[{len(value)}]"
        case _:
            assert value.strip(), path
            yield f"{path} {sorted(re.findall(r'{(.*?)}', value))}"


def test_both_languages_have_the_same_words_with_the_same_places() -> None:
    russian, english = (list(keys(words(locale))) for locale in LOCALES)

    assert sorted(russian) == sorted(english)
    assert json.dumps(words("ru")) != json.dumps(words("en"))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table["title"])
def test_every_report_and_column_of_the_layout_is_in_the_marts(
    marts: Marts, table: dict[str, Any]
) -> None:
    offered = marts.columns(table["report"])
    chosen = {table[name] for name in ("without",) if name in table}
    chosen |= {table["above"][0]} if "above" in table else set()
    for column in table["columns"]:
        ends = {column[end] for end in ("lower", "upper") if end in column}
        chosen |= {
            name.replace("{locale}", locale)
            for name in (column["name"], *ends)
            for locale in LOCALES
        }
        if "of" in column:
            shown = {f"{column.get('show', 'name')}_{locale}" for locale in LOCALES}
            assert shown <= marts.columns(column["of"]), column

    assert chosen <= offered


@pytest.mark.parametrize("locale", LOCALES)
def test_every_word_that_is_used_exists(locale: Locale) -> None:
    texts = words(locale)
    used = {
        (place, key)
        for script in SCRIPTS.values()
        for place, key in re.findall(r"texts\.(\w+)(?:\.(\w+))?", script)
    }
    assert len(used) > 30
    for place, key in used:
        assert place in texts, place
        assert not key or not isinstance(texts[place], dict) or key in texts[place], (place, key)
    for page in ("overview", "when", *layout()):
        assert set(texts["pages"][page]) == {"short", "title", "lead"}
    columns = [column for table in TABLES for column in table["columns"]]
    columns += [*workbook._SCORECARD, *workbook._DICTIONARY, *workbook._TRENDS]
    for column in columns:
        assert column.get("label", column["name"]) in texts["columns"], column
        assert column["unit"] != "words" or column["words"] in texts, column
    for table in TABLES:
        assert table["title"] in texts["tables"]


def test_no_word_lies_unused() -> None:
    python = "".join(
        part.read_text(encoding="utf-8")
        for part in files("orchestration.publish.pages").iterdir()
        if part.name.endswith(".py")
    )
    laid_out = {
        column["words"] for table in TABLES for column in table["columns"] if "words" in column
    }
    written = python + "".join(SCRIPTS.values())
    for key in words("en"):
        assert key in laid_out or re.search(rf"texts\.{key}\b|[\"']{key}[\"']", written), key


def test_every_light_and_every_stream_has_its_word(marts: Marts) -> None:
    lights, streams = words("ru")["lights"], words("ru")["streams"]
    named = [
        (table["report"], column["name"])
        for table in TABLES
        for column in table["columns"]
        if column["unit"] == "light"
    ]
    for report, column in [*named, ("rpt_scorecard", "status"), ("rpt_segments", "status")]:
        found = marts.rows(f"select distinct {column} as status from exported.{report}")
        assert {row["status"] for row in found} <= set(lights), report
    found = marts.rows("select distinct stream from exported.rpt_reconciliation")
    assert {row["stream"] for row in found} <= set(streams)
