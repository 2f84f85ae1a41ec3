"""The pages of many businesses are written by several processes, and are those that one writes."""

from pathlib import Path

import pytest

from orchestration.publish.pages import writing
from orchestration.publish.pages.writing import PAGE_FILES, write_pages, write_share
from tests.integration.conftest import DemoRun


def pages(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def marts_file(demo_run: DemoRun) -> Path:
    return Path(demo_run.exports) / "marts.duckdb"


@pytest.fixture
def businesses(demo_run: DemoRun) -> list[str]:
    return sorted(path.parent.name for path in Path(demo_run.exports).glob("*/dashboard.html"))


def test_several_processes_write_what_one_writes(
    tmp_path: Path, marts_file: Path, businesses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_LEAST_OF_A_PROCESS", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    for folder in ("by_one", "by_several"):
        for business in businesses:
            (tmp_path / folder / business).mkdir(parents=True)

    write_share(marts_file, tmp_path / "by_one", businesses, "en")
    write_pages(marts_file, tmp_path / "by_several", businesses, "en")

    assert len(businesses) > 1
    assert len(pages(tmp_path / "by_several")) == len(businesses) * len(PAGE_FILES)
    assert pages(tmp_path / "by_several") == pages(tmp_path / "by_one")


def test_a_process_that_fails_says_why(
    tmp_path: Path, marts_file: Path, businesses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_LEAST_OF_A_PROCESS", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    absent = tmp_path / "nobody made this folder"

    with pytest.raises(RuntimeError, match=r"pages could not be written.*nobody made this folder"):
        write_pages(marts_file, absent, businesses, "en")
