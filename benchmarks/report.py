"""What was measured, as a table on the screen and as a page of Markdown."""

import importlib.metadata
import os
import platform
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.generate import LAST_DAY, Shape
from benchmarks.measure import PROJECT_DIR

_PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "dagster", "dlt", "pandas", "polars")


@dataclass(frozen=True)
class Circumstances:
    """What was measured, how often, and how busy the machine was with other things before."""

    shape: Shape
    runs: int
    messages: int
    load_before: float


@dataclass(frozen=True)
class Section:
    """One question and its answer: a table, and sentences about it."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    remarks: Sequence[str] = ()


def print_section(console: Console, section: Section) -> None:
    """Print a section as a table."""
    table = Table(title=section.title, title_justify="left")
    for number, heading in enumerate(section.headings):
        table.add_column(heading, justify="right" if number else "left")
    for row in section.rows:
        table.add_row(*row)
    console.print(table)
    for remark in section.remarks:
        console.print(remark)
    console.print()


def write_page(
    place: Path, chart: str, sections: Sequence[Section], circumstances: Circumstances
) -> None:
    """Write all sections to `place`, with the picture `chart` that lies beside it."""
    lines = [
        "# How fast",
        "",
        "Written by `make bench`. No time here is a promise: it is that of one machine on one day.",
        "The ratios say more, and they too change with the size of the data.",
        "",
        f"![Seconds on the clock by tool, and the parts of a refresh]({chart})",
        "",
        *_facts(circumstances),
        "",
    ]
    for section in sections:
        lines += [f"## {section.title}", "", *_markdown(section), ""]
        lines += [line for remark in section.remarks for line in (remark, "")]
    place.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _facts(circumstances: Circumstances) -> list[str]:
    shape, runs = circumstances.shape, circumstances.runs
    facts = {
        "Data": f"{circumstances.messages:,} messages (scale {shape.scale:g}), "
        f"{shape.businesses} businesses, {shape.days} days up to {LAST_DAY}",
        "Runs": f"{runs} of each, in turns; the tables hold medians. Each is a process of its own, "
        "measured from its start to its end; the files had just been written",
        "Machine": f"{os.cpu_count()} cores, {_memory_bytes() / 2**30:.0f} GiB of memory, "
        f"{platform.system()} on {platform.machine()}; other programs kept "
        f"{circumstances.load_before:.1f} cores busy before",
        "Versions": ", ".join(_versions()),
        "Date": f"{datetime.now(UTC):%Y-%m-%d}, revision {_revision()}",
    }
    return _markdown(Section("", ("", ""), [(f"**{name}**", fact) for name, fact in facts.items()]))


def _markdown(section: Section) -> list[str]:
    ruler = ["---", *["---:"] * (len(section.headings) - 1)] if section.title else ["---"] * 2
    return ["| " + " | ".join(row) + " |" for row in (section.headings, ruler, *section.rows)]


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _versions() -> list[str]:
    versions = [f"Python {platform.python_version()}"]
    for package in _PACKAGES:
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    if program := shutil.which("postgres"):
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        versions.append(f"PostgreSQL {told.stdout.split()[2]}")
    return versions


def _revision() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or "unknown"
