"""`python -m benchmarks.run` = `make bench`: measure everything and write RESULTS.md.

Ends with 1 where two competitors computed different figures.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from benchmarks import scenarios, story
from benchmarks.bench import Bench
from benchmarks.chart import draw_bars
from benchmarks.generate import Shape
from benchmarks.measure import PROJECT_DIR
from benchmarks.report import Circumstances, Section, print_section, write_page

_HERE = Path(__file__).parent
_LEAST_WIDTH = 110


def main() -> int:
    """Measure, print each answer when it is known, and write the page. Returns the exit code."""
    arguments = _read_arguments()
    console = Console(highlight=False, markup=False, emoji=False)
    console.width = max(console.width, _LEAST_WIDTH)
    started = time.monotonic()

    def tell(line: str) -> None:
        console.print(f"{time.monotonic() - started:7.0f} s  {line}", soft_wrap=True)

    arguments.place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=arguments.place, prefix="bench-") as place:
        bench = Bench(
            place=Path(place).absolute(),
            shape=Shape(arguments.scale, arguments.businesses, arguments.days),
            runs=arguments.runs,
            tell=tell,
        )
        try:
            _run(bench, console, arguments.results)
        except RuntimeError as error:
            print(error, file=sys.stderr)
            return 1
    tell(f"written to {arguments.results}")
    return 0


def _run(bench: Bench, console: Console, page: Path) -> None:
    sections: list[Section] = []
    load_before = os.getloadavg()[0]

    def answer(*answers: Section) -> None:
        for section in answers:
            print_section(console, section)
        sections.extend(answers)

    compared = scenarios.compare_tools(bench)
    answer(*story.tell_tools(compared))
    answer(story.tell_formats(scenarios.compare_formats(bench)))
    answer(story.tell_again(scenarios.refresh_again(bench)))
    answer(story.tell_overhead(scenarios.compare_with_dbt_alone(bench)))
    answer(story.tell_shared(scenarios.share_among_businesses(bench)))
    chart = page.with_suffix(".svg")
    title = f"{compared.messages:,} messages to daily KPIs: seconds on the clock"
    chart.write_text(draw_bars(title, "s", story.tool_bars(compared)), encoding="utf-8")
    circumstances = Circumstances(bench.shape, bench.runs, compared.messages, load_before)
    write_page(page, chart.name, sections, circumstances)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.run", description=__doc__)
    parser.add_argument("--scale", type=float, default=Shape.scale, help="millions of messages")
    parser.add_argument("--businesses", type=int, default=Shape.businesses)
    parser.add_argument("--days", type=int, default=Shape.days)
    parser.add_argument("--runs", type=int, default=3, help="how often each competitor runs")
    parser.add_argument(
        "--place",
        type=Path,
        default=PROJECT_DIR / "target",
        help="where everything is made that is removed at the end",
    )
    parser.add_argument("--results", type=Path, default=_HERE / "RESULTS.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
