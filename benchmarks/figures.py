"""The figures that every competitor has to arrive at, and the proof that they are the same.

A CSV file with a row per business, local date and channel: KEYS, then MEASURES.

    python -m benchmarks.figures write <warehouse> <figures.csv>
    python -m benchmarks.figures compare <figures.csv> <other figures.csv>
"""

import sys
from pathlib import Path

import duckdb

KEYS = ("business_id", "session_date", "channel")
MEASURES = (
    "sessions",
    "answered_sessions",
    "ttr_seconds_sum",
    "classifiable_messages",
    "no_match_messages",
    "handoff_sessions",
    "operator_messages",
    "leads",
)
_KEY_TYPES = ("varchar", "date", "varchar")
COLUMNS = KEYS + MEASURES
# Sums of seconds are added in any order, by some tools in doubles.
_TOLERANCE = 0.001
_SHOWN = 5


class FiguresDifferError(Exception):
    """Two competitors computed different things, so that their times cannot be compared."""


def write_warehouse_figures(warehouse_path: Path, place: Path) -> None:
    """Write the figures that the warehouse's `rpt_kpi_daily` gives to `place`."""
    sums = ", ".join(f"sum({measure}) as {measure}" for measure in MEASURES)
    with duckdb.connect(warehouse_path, read_only=True) as connection:
        connection.execute(
            f"copy (select {', '.join(KEYS)}, {sums} from marts.rpt_kpi_daily group by all) "
            f"to '{place}' (format csv, header)"
        )


def assert_same_figures(expected: Path, actual: Path) -> int:
    """Compare two files of figures and return how many rows they have.

    Raises FiguresDifferError with the first rows that differ, or where there is nothing to compare.
    """
    differs = " or ".join(
        f"expected.{measure} is null or actual.{measure} is null "
        f"or abs(expected.{measure} - actual.{measure}) > {_TOLERANCE}"
        for measure in MEASURES
    )
    types = dict.fromkeys(MEASURES, "double") | dict(zip(KEYS, _KEY_TYPES, strict=True))
    columns = "{" + ", ".join(f"'{name}': '{types[name]}'" for name in COLUMNS) + "}"
    with duckdb.connect() as connection:
        for name, file in (("expected", expected), ("actual", actual)):
            connection.execute(
                f"create table {name} as from read_csv('{file}', header = true, "
                f"auto_detect = false, columns = {columns})"
            )
        rows = int(connection.execute("select count(*) from expected").fetchall()[0][0])
        different = connection.execute(
            f"from expected full join actual using ({', '.join(KEYS)}) where {differs} order by all"
        ).fetchall()
    if not rows:
        raise FiguresDifferError(f"{expected.name} holds no figures.")
    if different:
        shown = "\n".join(f"  {row}" for row in different[:_SHOWN])
        raise FiguresDifferError(
            f"{actual.name} and {expected.name} differ in {len(different):,} of {rows:,} rows:\n"
            f"{shown}"
        )
    return rows


if __name__ == "__main__":
    verb, first, second = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if verb == "write":
        write_warehouse_figures(first, second)
    else:
        print(assert_same_figures(first, second))
