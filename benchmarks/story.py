"""What the measurements say: tables, and sentences computed from them, favourable or not."""

from collections.abc import Sequence

from benchmarks.bench import LIMIT, Timing
from benchmarks.chart import Bar
from benchmarks.pipeline import PARTS
from benchmarks.report import Section
from benchmarks.scenarios import Again, Compared, Loaded, Overhead, Shared

REFRESH = "this project"
_NAMES = {
    LIMIT: "limit: DuckDB, by hand",
    "peer_polars": "Polars",
    "peer_pandas": "pandas",
    "peer_postgres": "PostgreSQL",
    "peer_dlt": "dlt and dbt on DuckDB",
}
# Below this ratio of two times their difference is mostly noise.
_TOLD_APART = 1.3
_PART_NAMES = {
    "start": "starting Python, looking at the places; the scorecard",
    "load": "loading files into `raw`, with ledger and rejects",
    "models": "dbt models: all KPIs, not only the compared ones",
    "tests": "dbt data tests, while no model ran",
    "dbt": "dbt beside the queries: starting, compiling, keeping account",
    "export": "de-identified exports",
}


def tell_tools(compared: Compared) -> list[Section]:
    """All tools side by side, and where the time of the refresh goes."""
    limit, refresh = compared.tools[0], compared.refresh
    ran = [tool for tool in compared.tools if not tool.skipped]
    rows = [
        _tool_row(_NAMES[tool.name], tool, limit, compared.messages)
        if not tool.skipped
        else [_NAMES[tool.name], "not run", "", "", "", "", ""]
        for tool in compared.tools
    ]
    rows.append(_tool_row(f"{REFRESH}: first refresh", refresh, limit, compared.messages))
    headings = ["", "wall, s", "spread, s", "CPU, s", "memory, MB", "messages/s", "× limit"]
    remarks = [
        f"All {len(ran) + 1} arrive at the same figures on the same CSV files: "
        f"{compared.figures:,} rows (business, date, channel) of sessions, answered sessions, "
        "sum of response times, classified and unmatched messages, handoffs, operator messages "
        "and leads.",
        "The tools do only that. A refresh also keeps a ledger and the rejects, removes "
        "duplicates, attributes ratings, bookings and payments, builds every other KPI with its "
        "interval for each period, tests the data, and exports it.",
        f"A first refresh takes {refresh.wall / limit.wall:.0f} times as long as the limit and "
        f"{refresh.cpu / limit.cpu:.0f} times its CPU; its models alone "
        f"{refresh.part('models') / limit.wall:.0f} times.",
        "Importing and starting is counted, but for PostgreSQL's server; its memory is that of its "
        "largest process.",
        *(_compare_loads(tool, refresh) for tool in ran if tool.parts),
        *(
            f"{_NAMES[tool.name]} was not run: {tool.skipped}."
            for tool in compared.tools
            if tool.skipped
        ),
    ]
    parts = [
        [_PART_NAMES[name], f"{refresh.part(name):.1f}", f"{refresh.part(name) / refresh.wall:.0%}"]
        for name in PARTS
    ]
    return [
        Section("The same figures by several tools", headings, rows, remarks),
        Section(
            "Where the time of a first refresh goes",
            ["", "s", "share"],
            parts,
            [_marginal(compared)],
        ),
    ]


def _compare_loads(tool: Timing, refresh: Timing) -> str:
    return (
        f"Loading all streams takes dlt {tool.part('load'):.1f} s, which merges rows by key and "
        f"remembers the files, and this project {refresh.part('load'):.1f} s. dbt over what dlt "
        f"loaded takes {tool.part('dbt'):.1f} s, for one model of the compared figures alone."
    )


def _marginal(compared: Compared) -> str:
    little, refresh = compared.refresh_of_little, compared.refresh
    price = f"A first refresh of {compared.messages_of_little:,} messages takes {little.wall:.1f} s"
    if refresh.wall < _TOLD_APART * little.wall:
        return f"{price}: nearly all of the time above is that of starting, whatever the size."
    more = (refresh.wall - little.wall) / (compared.messages - compared.messages_of_little)
    return (
        f"{price}, the price of starting; from there to the size above each million messages "
        f"takes {more * 1_000_000:.0f} s."
    )


def tool_bars(compared: Compared) -> list[Bar]:
    """The bars of the picture."""
    refresh = compared.refresh
    return [
        *(Bar(_NAMES[tool.name], {"": tool.wall}) for tool in compared.tools if not tool.skipped),
        Bar(REFRESH, {name: refresh.part(name) for name in PARTS}),
    ]


def tell_formats(loaded: Sequence[Loaded]) -> Section:
    """Formats side by side."""
    rows = [
        [
            format_.file_format,
            f"{format_.size_bytes / 1e6:,.1f}",
            f"{format_.limit.wall:.2f}",
            f"{format_.refresh.part('load'):.1f}",
            f"{format_.refresh.wall:.1f}",
            f"{format_.refresh.wall / format_.limit.wall:.0f}",
        ]
        for format_ in loaded
    ]
    headings = ["", "files, MB", "limit, s", "loading, s", "first refresh, s", "× limit"]
    return Section("Formats", headings, rows, ["The figures are the same in all of them."])


def tell_again(again: Again) -> Section:
    """Refreshes of a warehouse that exists."""
    long, short = again.long, again.short
    timings = [
        ("first refresh, all but the last day", long.messages - long.messages_of_day, long.first),
        ("nothing changed", long.messages, again.unchanged),
        ("one more day", long.messages, long.day),
        ("first refresh, short history", short.messages - short.messages_of_day, short.first),
        ("one more day, short history", short.messages, short.day),
    ]
    rows = [
        [
            name,
            f"{messages:,}",
            f"{timing.wall:.1f}",
            f"{timing.cpu:.1f}",
            f"{timing.part('load'):.1f}",
            f"{timing.wall / long.first.wall:.2f}",
        ]
        for name, messages, timing in timings
    ]
    remarks = [
        f"Files are loaded once, and who is not touched is not computed again: "
        f"{long.messages_of_day:,} new messages cost {long.day.wall / short.day.wall:.1f} times as "
        f"much on a history {long.messages / short.messages:.0f} times as long (models: "
        f"{long.day.part('models'):.1f} s and {short.day.part('models'):.1f} s).",
    ]
    headings = ["", "messages", "wall, s", "CPU, s", "loading, s", "× first refresh"]
    return Section("The next refresh", headings, rows, remarks)


def tell_overhead(overhead: Overhead) -> Section:
    """A refresh beside dbt alone."""
    refresh, dbt_alone = overhead.refresh, overhead.dbt_alone
    rows = [
        [name, f"{timing.wall:.1f}", f"{timing.cpu:.1f}", f"{timing.wall / dbt_alone.wall:.2f}"]
        for name, timing in (("`dbt build` alone", dbt_alone), ("a refresh", refresh))
    ]
    remark = (
        f"One business with {overhead.messages:,} messages, 2,000 a day; the refresh also looks "
        "for new files, exports what changed and prints the scorecard, and takes "
        f"{refresh.cpu / dbt_alone.cpu:.2f} times the CPU."
    )
    headings = ["", "wall, s", "CPU, s", "× dbt alone"]
    return Section("What a refresh adds to dbt", headings, rows, [remark])


def tell_shared(shared: Sequence[Shared]) -> Section:
    """One business beside many."""
    one, many = shared
    rows = [
        [
            f"{case.businesses}",
            f"{case.files:,}",
            f"{case.refresh.wall:.1f}",
            f"{case.refresh.cpu:.1f}",
            f"{case.refresh.peak_bytes / 1e6:,.0f}",
            *(f"{case.refresh.part(name):.1f}" for name in ("load", "models", "export")),
        ]
        for case in shared
    ]
    headings = [
        "businesses",
        *("files", "wall, s", "CPU, s", "memory, MB"),
        *("loading, s", "models, s", "exports, s"),
    ]
    remark = (
        f"The same messages among {many.businesses} businesses take "
        f"{many.refresh.wall / one.refresh.wall:.2f} times as long as in one."
    )
    return Section("One business or many", headings, rows, [remark])


def _tool_row(name: str, timing: Timing, limit: Timing, messages: int) -> list[str]:
    return [
        name,
        f"{timing.wall:.2f}",
        f"{timing.spread:.2f}",
        f"{timing.cpu:.2f}",
        f"{timing.peak_bytes / 1e6:,.0f}",
        f"{messages / timing.wall:,.0f}",
        f"{timing.wall / limit.wall:.1f}",
    ]
