"""Makes the pictures of the README from a demo of its own: `make pictures`.

    docs/pictures/page.png, page-dark.png, page-phone.png, workbook.png

A tool of the development, as it needs a browser and an office.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import ViewportSize

from orchestration.config import PROJECT_DIR, Locale
from tests.browser import open_browser

FOLDER = PROJECT_DIR / "docs" / "pictures"
BUSINESS = "salon_lime"
AS_OF = "2026-11-01T00:00:00Z"
DESK: ViewportSize = {"width": 1280, "height": 1000}
PHONE: ViewportSize = {"width": 390, "height": 844}
LOOKS: dict[str, tuple[ViewportSize, Literal["light", "dark"]]] = {
    "page.png": (DESK, "light"),
    "page-dark.png": (DESK, "dark"),
    "page-phone.png": (PHONE, "light"),
}
WORKBOOK_DOTS = 110


def main(locale: Locale) -> None:
    """Refresh a demo in a temporary folder and look at what it exported for one business."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kpi-pictures-") as place:
        exports = _refresh(Path(place), locale) / BUSINESS
        _look_at_page(exports / "dashboard.html")
        _look_at_workbook(exports / "kpi.xlsx", Path(place))
    for picture in sorted(FOLDER.glob("*.png")):
        print(f"{picture.relative_to(PROJECT_DIR)}, {picture.stat().st_size // 1000} kB")


def _refresh(place: Path, locale: Locale) -> Path:
    (place / "landing").mkdir()
    subprocess.run(
        [sys.executable, "-m", "orchestration.refresh", "--locale", locale],
        cwd=PROJECT_DIR,
        env={
            **os.environ,
            "LANDING_DIR": str(place / "landing"),
            "WAREHOUSE_PATH": str(place / "warehouse.duckdb"),
            "EXPORT_DIR": str(place / "exports"),
            "DAGSTER_HOME": str(place / "dagster"),
            "AS_OF": AS_OF,
        },
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return place / "exports"


def _look_at_page(page: Path) -> None:
    with open_browser() as browser:
        for name, (viewport, scheme) in LOOKS.items():
            opened = browser.new_page(viewport=viewport, color_scheme=scheme)
            opened.goto(page.as_uri())
            opened.screenshot(path=FOLDER / name, animations="disabled")
            opened.close()


def _look_at_workbook(workbook: Path, place: Path) -> None:
    profile = f"-env:UserInstallation={(place / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", place, workbook],
        stdout=subprocess.DEVNULL,
        check=True,
    )
    subprocess.run(
        [
            *("pdftoppm", "-singlefile", "-r", str(WORKBOOK_DOTS), "-png"),
            *(place / "kpi.pdf", FOLDER / "workbook"),
        ],
        check=True,
    )


if __name__ == "__main__":
    main("en" if "en" in sys.argv[1:] else "ru")
