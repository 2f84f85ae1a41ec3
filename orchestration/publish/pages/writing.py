"""Writes the page, the workbook and the digest of each business beside its files."""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from orchestration.config import PROJECT_DIR, Locale
from orchestration.publish.pages.contents import SHOWN, Contents, read_contents
from orchestration.publish.pages.digest import render_digest
from orchestration.publish.pages.page import render_page
from orchestration.publish.pages.workbook import render_workbook
from orchestration.publish.release import Mart
from orchestration.publish.state import literal

PAGE = "dashboard.html"
WORKBOOK = "kpi.xlsx"
DIGEST = "digest.txt"
PAGE_FILES = (PAGE, WORKBOOK, DIGEST)
_WORKER = "orchestration.publish.pages.worker"
# For fewer businesses starting a process costs more than it saves.
_LEAST_OF_A_PROCESS = 10
# So few that what is read of all of them fits easily into memory.
_READ_AT_ONCE = 10


def page_files(marts: Collection[Mart]) -> list[str]:
    """Name the files that are made of these marts: none where one of the marts is missing."""
    return [*PAGE_FILES] if {mart.name for mart in marts} >= SHOWN else []


def write_pages(marts_file: Path, folder: Path, businesses: Sequence[str], locale: Locale) -> None:
    """Write what people look at of each business into its folder below `folder`.

    `marts_file` is whole, and open nowhere. Many businesses are shared among processes, one for
    each core, as Python computes on one alone. Raises RuntimeError where one of them failed.
    """
    count = min(os.cpu_count() or 1, len(businesses) // _LEAST_OF_A_PROCESS)
    if count < 2:
        write_share(marts_file, folder, businesses, locale)
        return
    shares = [
        {
            "marts_file": str(marts_file),
            "folder": str(folder),
            "businesses": businesses[number::count],
            "locale": locale,
        }
        for number in range(count)
    ]
    with ThreadPoolExecutor(max_workers=count) as waiting:
        for _ in waiting.map(_write_elsewhere, shares):
            pass


def _write_elsewhere(share: dict[str, object]) -> None:
    """Write a share in a process of its own."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", _WORKER],
        cwd=PROJECT_DIR,
        input=json.dumps(share),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.splitlines() or ["no reason was given"])[-1]
        raise RuntimeError(f"The pages could not be written: {reason}")


def write_share(marts_file: Path, folder: Path, businesses: Sequence[str], locale: Locale) -> None:
    """Write the pages of these businesses in this process."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(f"attach {literal(marts_file)} as exported (read_only)")
        for start in range(0, len(businesses), _READ_AT_ONCE):
            read = read_contents(connection, businesses[start : start + _READ_AT_ONCE])
            for business, contents in read.items():
                _write(contents, folder / business, locale)


def _write(contents: Contents, folder: Path, locale: Locale) -> None:
    (folder / PAGE).write_text(render_page(contents, locale), encoding="utf-8")
    (folder / WORKBOOK).write_bytes(render_workbook(contents, locale))
    (folder / DIGEST).write_text(render_digest(contents, locale), encoding="utf-8")
