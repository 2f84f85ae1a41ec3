"""What is measured: each function makes its data and runs the competitors on it in turns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.bench import LIMIT, Bench, Timing, assert_same, write_figures_of
from benchmarks.figures import MEASURES
from benchmarks.generate import FORMATS, LAST_DAY_NAME, Format, Shape
from benchmarks.pipeline import Workplace

# The tools besides this project, by module.
TOOLS = (LIMIT, "peer_polars", "peer_pandas", "peer_postgres", "peer_dlt")
# What every tool reads.
_COMMON: Format = "csv"
# So little that its time is that of starting everything.
_LITTLE = Shape(scale=0.001, businesses=1, days=3)
_MANY_BUSINESSES = 50
# 2,000 messages a day.
_SMALL_BUSINESS = Shape(scale=0.18, businesses=1, days=90)
_SHORTER = 10


@dataclass(frozen=True)
class Compared:
    """The tools and the refresh on one landing zone, and the refresh of next to nothing.

    `figures` are the rows in which all agree.
    """

    tools: Sequence[Timing]
    refresh: Timing
    refresh_of_little: Timing
    messages: int
    messages_of_little: int
    figures: int


@dataclass(frozen=True)
class Loaded:
    """One format: its size, and both competitors on it."""

    file_format: Format
    size_bytes: int
    limit: Timing
    refresh: Timing


@dataclass(frozen=True)
class History:
    """The first refresh of all but the last day, and the one that adds this day."""

    messages: int
    messages_of_day: int
    first: Timing
    day: Timing
    work: Workplace


@dataclass(frozen=True)
class Again:
    """Refreshes of a warehouse that exists."""

    long: History
    short: History
    unchanged: Timing


@dataclass(frozen=True)
class Overhead:
    """A small business: refreshes and dbt alone on what they made, in turns."""

    messages: int
    refresh: Timing
    dbt_alone: Timing


@dataclass(frozen=True)
class Shared:
    """The same messages in one business and in many."""

    businesses: int
    files: int
    refresh: Timing


def compare_tools(bench: Bench) -> Compared:
    """Run every tool on the same CSV files. Raises RuntimeError where figures differ."""
    little, written_little = bench.land("next to nothing", _LITTLE)
    # Once unmeasured, so that nobody pays for compiling Python.
    little.refresh()
    work, written = bench.land("tools", bench.with_format(_COMMON))
    tools, refresh = [Timing(name) for name in TOOLS], Timing("refresh")
    refresh_of_little = Timing("refresh of next to nothing")
    expected = work.folder / f"{LIMIT}.csv"
    rows = 0
    for _ in range(bench.runs):
        for tool in tools:
            figures = work.folder / f"{tool.name}.csv"
            bench.run_tool(tool, work, _COMMON, figures)
            if not tool.skipped:
                rows = assert_same(expected, figures)
        rows = _first_refresh(bench, refresh, work, expected)
        little.forget()
        bench.run_refresh(refresh_of_little, little)
    bench.tell(f"  the same {len(MEASURES)} figures in {rows:,} rows by all")
    return Compared(
        tools,
        refresh,
        refresh_of_little,
        written.rows["messages"],
        written_little.rows["messages"],
        rows,
    )


def compare_formats(bench: Bench) -> list[Loaded]:
    """Run the limit and a first refresh on each format."""
    loaded = []
    for file_format in FORMATS:
        work, written = bench.land(f"format {file_format}", bench.with_format(file_format))
        limit, refresh = Timing(LIMIT), Timing("refresh")
        figures = work.folder / "limit.csv"
        for _ in range(bench.runs):
            bench.run_tool(limit, work, file_format, figures)
            _first_refresh(bench, refresh, work, figures)
        loaded.append(Loaded(file_format, written.size_bytes, limit, refresh))
    return loaded


def refresh_again(bench: Bench) -> Again:
    """Refresh what exists: nothing new, and one more day on a long and on a short history."""
    days = max(2, bench.shape.days // _SHORTER)
    scale = bench.shape.scale * days / bench.shape.days
    long = _add_a_day(bench, "long history", bench.shape)
    unchanged = Timing("nothing changed")
    for _ in range(bench.runs):
        bench.run_refresh(unchanged, long.work)
    short = _add_a_day(bench, "short history", replace(bench.shape, scale=scale, days=days))
    return Again(long, short, unchanged)


def compare_with_dbt_alone(bench: Bench) -> Overhead:
    """Refresh a small business that is there already, and run dbt alone over it."""
    work, written = bench.land("small business", _SMALL_BUSINESS)
    refresh, dbt_alone = Timing("refresh"), Timing("dbt build alone")
    # Once unmeasured: the first refresh loads, and dbt alone has yet to parse the project.
    work.refresh()
    work.build_with_dbt_alone()
    for _ in range(bench.runs):
        bench.run_refresh(refresh, work)
        usage = work.build_with_dbt_alone()
        dbt_alone.usages.append(usage)
        bench.tell(f"  {dbt_alone.name}: {usage.wall:.1f} s")
    return Overhead(written.rows["messages"], refresh, dbt_alone)


def share_among_businesses(bench: Bench) -> list[Shared]:
    """Refresh the same number of messages as one business and as many."""
    shared = []
    for businesses in (1, _MANY_BUSINESSES):
        shape = replace(bench.shape, businesses=businesses)
        work, written = bench.land(f"businesses {businesses}", shape)
        refresh = Timing("refresh")
        for _ in range(bench.runs):
            work.forget()
            bench.run_refresh(refresh, work)
        shared.append(Shared(businesses, written.files, refresh))
    return shared


def _first_refresh(bench: Bench, timing: Timing, work: Workplace, expected: Path) -> int:
    work.forget()
    bench.run_refresh(timing, work)
    figures = work.folder / "refresh.csv"
    write_figures_of(work, figures)
    return assert_same(expected, figures)


def _add_a_day(bench: Bench, name: str, shape: Shape) -> History:
    work, written = bench.land(name, shape)
    first, day = Timing("all but the last day"), Timing("one more day")
    kept = work.folder / "kept"
    last_day = sorted(work.landing.glob(f"*/generic/*/{LAST_DAY_NAME}.*"))
    # Hidden files are not read.
    hidden = [file.with_name(f".{file.name}") for file in last_day]
    for file, name_before in zip(last_day, hidden, strict=True):
        file.rename(name_before)
    bench.run_refresh(first, work)
    work.keep(kept)
    for file, name_before in zip(last_day, hidden, strict=True):
        name_before.rename(file)
    for _ in range(bench.runs):
        work.restore(kept)
        bench.run_refresh(day, work)
    return History(written.rows["messages"], written.messages_of_last_day, first, day, work)
