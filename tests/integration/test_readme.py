"""What the READMEs and the changelog name is there, and their figures are those of the demo."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import yaml
from rich.console import Console

from orchestration.business import read_business
from orchestration.config import PROJECT_DIR, Locale, Settings
from orchestration.publish.pages.writing import PAGE_FILES
from orchestration.scorecard import print_scorecard, read_scorecard
from tests.integration.conftest import DemoRun

READMES = {"en": "README.md", "ru": "README.ru.md"}
PAGES = [*READMES.values(), "docs/own-files.md"]
_LINK = re.compile(r"\]\(([^)#]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"[\w.-]+\.(md|csv|yml|toml|example)")
_FOLDERS = {path.name for path in PROJECT_DIR.iterdir() if path.is_dir()}
# Made by a refresh, or by whoever brings files.
_MADE = ("data/", "exports/", "target/")
# In the table of rooms a file is named within its room.
_ROOM = re.compile(r"^\| `([\w/]+)`.*\| ([^|]*) \|$", re.MULTILINE)


def read(page: str) -> str:
    return (PROJECT_DIR / page).read_text(encoding="utf-8")


def named_paths(text: str) -> Iterator[str]:
    for code in _CODE.findall(text):
        is_below = code.split("/")[0] in _FOLDERS and not code.startswith(_MADE)
        if ("/" in code and is_below) or _FILE.fullmatch(code):
            yield code


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_path_leads_somewhere(page: str) -> None:
    text, folder = read(page), (PROJECT_DIR / page).parent
    links = [link for link in _LINK.findall(text) if "://" not in link]
    assert links
    assert [link for link in links if not (folder / link).exists()] == []
    known = {path.name for path in PROJECT_DIR.rglob("*.*") if ".venv" not in path.parts}
    known |= {*PAGE_FILES, "business.yml"}
    lost = [
        path
        for path in named_paths(text)
        if not (PROJECT_DIR / path).exists() and path not in known
    ]
    assert lost == []


def test_every_file_that_the_table_of_rooms_names_is_in_its_room() -> None:
    rooms = _ROOM.findall(read("README.md"))
    assert len(rooms) > 8
    for room, files in rooms:
        for name in _CODE.findall(files):
            assert (PROJECT_DIR / room / name).exists(), f"{room}/{name}"


def test_every_folder_of_models_is_in_the_table_of_rooms() -> None:
    rooms = dict(_ROOM.findall(read("README.md")))
    for room in ("staging", "intermediate", "marts"):
        folders = {path.name for path in (PROJECT_DIR / "models" / room).iterdir() if path.is_dir()}
        assert {name.strip("/") for name in _CODE.findall(rooms[f"models/{room}"])} == folders


@pytest.mark.parametrize("page", PAGES)
def test_every_command_is_one_of_make(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = set(
        re.findall(r"\bmake ([a-z][a-z-]+)", re.sub(r"and make,|and make ", "", read(page)))
    )
    assert named
    assert named <= targets


@pytest.mark.parametrize("page", READMES.values())
def test_every_variable_is_read_by_somebody(page: str) -> None:
    known = {name.upper() for name in Settings.model_fields}
    known |= set(re.findall(r"^([A-Z]+) \?=", read("Makefile"), re.MULTILINE)) | {"FILE"}
    named = set(re.findall(r"`(?:make [a-z-]+ )?([A-Z][A-Z_]{3,})(?:=[^`]*)?`", read(page)))
    assert len(named) > 4
    assert named <= known


def marts() -> list[str]:
    described = (PROJECT_DIR / "models" / "marts").rglob("_models.yml")
    return [
        model["name"] for path in described for model in yaml.safe_load(path.read_text())["models"]
    ]


@pytest.mark.parametrize("page", READMES.values())
def test_every_report_answers_a_question_and_no_other_is_named(page: str) -> None:
    reports = {name for name in marts() if name.startswith("rpt_")}
    assert set(re.findall(r"`(rpt_\w+)`", read(page))) == reports


def test_every_mart_has_a_row_in_the_changelog() -> None:
    changelog = read("CHANGELOG.md")
    assert len(marts()) > 60
    assert [name for name in marts() if f"`{name}`" not in changelog] == []


@pytest.mark.parametrize("locale", get_args(Locale))
def test_the_scorecard_shown_is_that_of_the_demo(demo_run: DemoRun, locale: Locale) -> None:
    console = Console(file=io.StringIO(), width=120, highlight=False, record=True)
    print_scorecard(console, read_scorecard(demo_run.warehouse, locale), locale)
    shown = [line.strip() for line in console.export_text().splitlines()]
    block = [
        line.strip()
        for line in read(READMES[locale]).splitlines()
        if line.startswith(("    Салон", "    ┃", "    │"))
    ]
    assert len(block) == 12
    assert [line for line in block if line not in shown] == []


def test_every_file_of_the_exports_is_told(demo_run: DemoRun) -> None:
    made = {path.name for path in demo_run.exports.glob("*") if path.is_file()}
    for business in (path for path in demo_run.exports.iterdir() if path.is_dir()):
        made |= {path.name for path in business.iterdir()}
    for page in READMES.values():
        told = re.findall(r"^    exports/(\S+)", read(page), re.MULTILINE)
        assert {re.sub(r"^<\w+>/", "", path).split("/")[0] for path in told} == made


def test_the_errors_of_experiments_are_those_of_the_statistics() -> None:
    def most(table: str) -> float:
        [part] = re.findall(
            rf"<!-- {table} -->(.*?)<!-- end of {table} -->", read("docs/statistics.md"), re.DOTALL
        )
        rows = [row for row in part.splitlines() if re.match(r"\| [\d.]+, ", row)]
        return max(float(cell) for row in rows for cell in row.split("|")[2:-1])

    figures = (most("false_alarms"), most("false_alarms_of_one_look"))
    for page in READMES.values():
        text = read(page).replace("2,1", "2.1").replace("41,7", "41.7")
        assert all(f"{figure}" in text for figure in figures)


def test_the_settings_shown_are_read_as_they_stand(tmp_path: Path) -> None:
    lines = read("docs/own-files.md").split("## business.yml")[1].splitlines()
    shown = "\n".join(line[4:] for line in lines if line.startswith("    "))
    path = tmp_path / "business.yml"
    path.write_text(shown, encoding="utf-8")
    assert read_business(path).targets == {"handoff_rate": 0.08, "csat_visit_mean": 4.5}


def test_the_first_page_stays_short() -> None:
    for page in READMES.values():
        assert len(read(page).splitlines()) <= 220
