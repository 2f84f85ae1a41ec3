"""Competitor: dlt loads the CSV files of all streams into DuckDB, dbt computes the figures there.

    python -m benchmarks.peer_dlt <landing> csv <figures.csv> [--parse]

As one would build it from ready-made parts: dlt's filesystem source lists the files that are new
by their time of change, its DuckDB reader yields Arrow tables, rows are merged by primary key; the
dbt project in peer_dbt has one model with the query of limit.sql. Everything lies in a folder
beside the figures. Prints the seconds of both as OWN_PARTS. With --parse dbt parses its project
for a later run, and nothing else is done.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import dlt
import duckdb
import pyarrow
from dbt.cli.main import dbtRunner
from dlt.common.runtime.run_context import switch_context
from dlt.sources.filesystem import filesystem, read_csv_duckdb

from benchmarks.limit import QUERY, STREAM_COLUMNS
from benchmarks.measure import OWN_PARTS

_DBT_PROJECT = Path(__file__).with_name("peer_dbt")
# What makes a row one and the same, and which version of it is kept; no key may hold nulls.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "messages": ("business_id", "channel", "message_id"),
    "leads": ("business_id", "lead_id"),
    "ratings": ("business_id", "rating_id"),
    "intent_labels": ("business_id", "message_id", "labeller"),
}
_LATEST: Mapping[str, str] = {"leads": "modified_at"}
# A little faster here than dlt's default of 5,000.
_CHUNK_ROWS = 100_000


def load(landing_dir: Path, folder: Path) -> None:
    """Load what is new of all streams into the warehouse below `folder`, where dlt works too."""
    _stay_within(folder)
    pipeline = dlt.pipeline(
        "landing",
        pipelines_dir=str(folder / "pipelines"),
        destination=dlt.destinations.duckdb(str(_warehouse(folder))),
        dataset_name="raw",
    )
    pipeline.run(list(_resources(landing_dir)))


def run_dbt(verb: str, folder: Path) -> None:
    """Let dbt `run` or `parse` its project for the warehouse below `folder`, where it works too."""
    os.environ["PEER_WAREHOUSE"] = str(_warehouse(folder))
    variables = {"figures_query": QUERY.read_text(encoding="utf-8")}
    done = dbtRunner().invoke(
        [
            *("--quiet", verb, "--vars", json.dumps(variables)),
            *("--project-dir", str(_DBT_PROJECT), "--profiles-dir", str(_DBT_PROJECT)),
            *("--target-path", str(folder / "dbt"), "--log-path", str(folder / "dbt" / "logs")),
        ]
    )
    if not done.success:
        raise RuntimeError(f"dbt failed: {done.exception or done.result}")


def write_figures(landing_dir: Path, place: Path) -> dict[str, float]:
    """Load, run dbt and write the figures to `place`; return the seconds of `load` and of `dbt`."""
    folder = _folder(place)
    started = time.monotonic()
    load(landing_dir.absolute(), folder)
    loaded = time.monotonic()
    run_dbt("run", folder)
    ended = time.monotonic()
    with duckdb.connect(_warehouse(folder), read_only=True) as connection:
        connection.execute(f"copy marts.daily_figures to '{place}' (format csv, header)")
    return {"load": loaded - started, "dbt": ended - loaded}


def forget(place: Path) -> None:
    """Remove what dlt has loaded. What dbt has parsed stays, as it does for a refresh."""
    folder = _folder(place)
    shutil.rmtree(folder / "pipelines", ignore_errors=True)
    _warehouse(folder).unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)


def _folder(place: Path) -> Path:
    return place.absolute().with_suffix("")


def _warehouse(folder: Path) -> Path:
    return folder / "warehouse.duckdb"


def _stay_within(folder: Path) -> None:
    os.environ.update(
        DLT_DATA_DIR=str(folder),
        RUNTIME__DLTHUB_TELEMETRY="false",
        # It warns for each chunk that Arrow's columns may hold nulls and keys may not.
        RUNTIME__LOG_LEVEL="ERROR",
    )
    # Settings of the user are not read, and the id that dlt makes for each, telemetry or not, is
    # not left in the home: no variable says where it goes.
    switch_context(str(folder))._global_dir = str(folder)


def _resources(landing_dir: Path) -> Iterator[Any]:
    for business in sorted(landing_dir.iterdir()):
        # The reader knows no path, so that each business has a resource of its own.
        for stream, types in STREAM_COLUMNS.items():
            files = filesystem(
                str(landing_dir),
                file_glob=f"{business.name}/generic/{stream}/*.csv",
                incremental=dlt.sources.incremental("modification_date"),
            )
            reader = read_csv_duckdb(
                chunk_size=_CHUNK_ROWS,
                use_pyarrow=True,
                header=True,
                auto_detect=False,
                columns=dict(types),
            )
            resource = (files | reader).with_name(f"{business.name}_{stream}")
            resource.add_map(_name_business(business.name))
            resource.apply_hints(
                table_name=stream,
                write_disposition="merge",
                primary_key=_KEYS[stream],
                columns={_LATEST[stream]: {"dedup_sort": "desc"}} if stream in _LATEST else None,
            )
            yield resource


def _name_business(business_id: str) -> Callable[[Any], Any]:
    def add(rows: Any) -> Any:
        return rows.append_column("business_id", pyarrow.repeat(business_id, rows.num_rows))

    return add


def main() -> None:
    """Run the competitor from nothing and print the seconds of its parts, or let dbt parse."""
    landing_dir, place = Path(sys.argv[1]), Path(sys.argv[3])
    forget(place)
    if "--parse" in sys.argv:
        run_dbt("parse", _folder(place))
    else:
        print(OWN_PARTS + json.dumps(write_figures(landing_dir, place)))


if __name__ == "__main__":
    main()
