"""Writes the page, the workbook and the digest of each business beside its files."""

from collections.abc import Collection
from pathlib import Path

import duckdb

from orchestration.config import Locale
from orchestration.publish.pages.contents import SHOWN, read_contents
from orchestration.publish.pages.digest import render_digest
from orchestration.publish.pages.page import render_page
from orchestration.publish.pages.workbook import render_workbook
from orchestration.publish.release import Mart

PAGE = "dashboard.html"
WORKBOOK = "kpi.xlsx"
DIGEST = "digest.txt"
PAGE_FILES = (PAGE, WORKBOOK, DIGEST)


def page_files(marts: Collection[Mart]) -> list[str]:
    """Name the files that are made of these marts: none where one of the marts is missing."""
    return [*PAGE_FILES] if {mart.name for mart in marts} >= SHOWN else []


def write_pages(
    connection: duckdb.DuckDBPyConnection, business: str, folder: Path, locale: Locale
) -> None:
    """Write what people look at of a business, from `exported`, into its folder."""
    contents = read_contents(connection, business)
    (folder / PAGE).write_text(render_page(contents, locale), encoding="utf-8")
    (folder / WORKBOOK).write_bytes(render_workbook(contents, locale))
    (folder / DIGEST).write_text(render_digest(contents, locale), encoding="utf-8")
