"""What all scenarios share: where they work, how often they measure, and what they measured."""

import importlib.util
import json
import shutil
import statistics
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from benchmarks.generate import Format, Shape, Written
from benchmarks.measure import OWN_PARTS, CannotRunError, Usage, measure
from benchmarks.pipeline import PARTS, Refreshed, Workplace

LIMIT = "limit"
# What a tool needs that only the benchmarks install.
_PACKAGES = {"peer_polars": "polars", "peer_pandas": "pandas", "peer_dlt": "dlt"}
# Tools that use dbt: parsing is done once and then only for changes, and no part of what is told.
_PARSING = ("peer_dlt",)


@dataclass
class Timing:
    """All runs of one competitor; figures asked of it are medians."""

    name: str
    usages: list[Usage] = field(default_factory=list)
    parts: list[Mapping[str, float]] = field(default_factory=list)
    skipped: str | None = None

    @property
    def wall(self) -> float:
        """Seconds on the clock."""
        return statistics.median(usage.wall for usage in self.usages)

    @property
    def cpu(self) -> float:
        """Seconds of all cores together."""
        return statistics.median(usage.cpu for usage in self.usages)

    @property
    def peak_bytes(self) -> float:
        """Largest memory."""
        return statistics.median(usage.peak_bytes for usage in self.usages)

    @property
    def spread(self) -> float:
        """Seconds on the clock between the fastest and the slowest run."""
        walls = [usage.wall for usage in self.usages]
        return max(walls) - min(walls)

    def part(self, name: str) -> float:
        """Seconds of one of the refresh's PARTS, or of those that a tool tells."""
        return statistics.median(parts[name] for parts in self.parts)


@dataclass(frozen=True)
class Bench:
    """The main shape, how often each competitor runs, and a folder for all that is made.

    `tell` is given a line for each thing done.
    """

    place: Path
    shape: Shape
    runs: int
    tell: Callable[[str], None]

    def land(self, name: str, shape: Shape) -> tuple[Workplace, Written]:
        """Make a workplace with a landing zone of its own."""
        work = Workplace(self.place / name)
        shutil.rmtree(work.folder, ignore_errors=True)
        options = [
            text for key, value in asdict(shape).items() for text in (f"--{key}", str(value))
        ]
        # In a process of its own: the caller's memory is the least that a child can be seen with.
        made = measure(_module("generate", work.landing, *options, "--json"))
        written = Written(**json.loads(made.output))
        work.parse()
        self.tell(
            f"{name}: {written.rows['messages']:,} messages in {written.files:,} files of "
            f"{written.size_bytes / 1e6:,.1f} MB"
        )
        return work, written

    def with_format(self, file_format: Format) -> Shape:
        """The main shape in another format."""
        return replace(self.shape, format=file_format)

    def run_tool(self, tool: Timing, work: Workplace, file_format: Format, figures: Path) -> None:
        """Run a tool that computes the figures alone, once."""
        if tool.skipped:
            return
        try:
            _refuse_missing_package(tool.name)
            command = _module(tool.name, work.landing, file_format, figures)
            if tool.name in _PARSING and not tool.usages:
                measure([*command, "--parse"])
            done = measure(command)
        except CannotRunError as error:
            tool.skipped = str(error)
            self.tell(f"  {tool.name} is left out: {error}")
            return
        tool.usages.append(done.usage)
        if done.output.startswith(OWN_PARTS):
            tool.parts.append(json.loads(done.output.removeprefix(OWN_PARTS)))
        self.tell(f"  {tool.name}: {done.usage.wall:.2f} s")

    def run_refresh(self, timing: Timing, work: Workplace) -> None:
        """Run a refresh once, on what the workplace holds."""
        done: Refreshed = work.refresh()
        timing.usages.append(done.usage)
        timing.parts.append(done.parts)
        parts = ", ".join(f"{name} {done.parts[name]:.1f}" for name in PARTS)
        self.tell(f"  {timing.name}: {done.usage.wall:.1f} s ({parts})")


def write_figures_of(work: Workplace, figures: Path) -> None:
    """Write the figures of a workplace's warehouse."""
    measure(_module("figures", "write", work.warehouse, figures))


def assert_same(expected: Path, actual: Path) -> int:
    """Compare two files of figures and return their rows; raises RuntimeError where they differ."""
    return int(measure(_module("figures", "compare", expected, actual)).output)


def _refuse_missing_package(tool: str) -> None:
    package = _PACKAGES.get(tool)
    if package and importlib.util.find_spec(package) is None:
        raise CannotRunError(f"{package} is not installed; `make bench` installs it")


def _module(name: str, *arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-m", f"benchmarks.{name}", *arguments]
