"""`make docs`: one page that describes every model and asks nobody for anything."""

import re
import shutil
from pathlib import Path

import pytest

from orchestration.config import PROJECT_DIR, read_settings
from orchestration.errors import ActionableError
from orchestration.model_docs import write_model_docs
from tests.integration.conftest import DemoRun, Places

# What makes a browser fetch something when it opens a page; links that a person clicks do not.
_FETCHED = re.compile(
    r"""<(?:script|img|iframe|link|source)\b[^>]*?\s(?:src|href)\s*=\s*["']?(?:https?:)?//"""
    r"""|@import\s+(?:url\()?["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//"""
)


def test_the_docs_are_one_page_that_fetches_nothing_and_names_every_model_and_no_place(
    demo_run: DemoRun, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(demo_run.warehouse, places.warehouse)
    for name, value in places.environment().items():
        monkeypatch.setenv(name, value)
    page = places.folder / "docs" / "index.html"
    write_model_docs(read_settings(), page)

    assert [path.name for path in page.parent.iterdir()] == ["index.html"]
    text = page.read_text(encoding="utf-8")
    assert not _FETCHED.findall(text)
    # Only with this does the page tell its makers that it was opened.
    assert '"send_anonymous_usage_stats": true' not in text
    for model in (PROJECT_DIR / "models").rglob("*.sql"):
        assert f'"model.chatbot_kpi.{model.stem}"' in text
    assert str(PROJECT_DIR) not in text
    assert str(places.folder) not in text


def test_the_check_above_sees_what_would_be_fetched() -> None:
    for fetched in (
        '<script async src="https://cdn.example/a.js">',
        "<link rel=stylesheet href=//fonts.example/a.css>",
        "@import url(https://fonts.example/a.css)",
        "background: url('http://pictures.example/a.png')",
    ):
        assert _FETCHED.search(fetched), fetched
    assert not _FETCHED.search('<a href="https://docs.getdbt.com">')


def test_without_a_warehouse_nothing_is_made(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in places.environment().items():
        monkeypatch.setenv(name, value)
    page: Path = places.folder / "docs" / "index.html"
    with pytest.raises(ActionableError, match="does not exist yet: run `make run` first"):
        write_model_docs(read_settings(), page)
    assert not places.warehouse.exists()
    assert not page.parent.exists()
