"""Competitor: this project's refresh, as a person starts it, in places of its own.

The parts of a refresh are read from what it prints.
"""

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generate import AS_OF
from benchmarks.measure import PROJECT_DIR, Usage, measure

# Parts of a refresh, in the order in which they happen; their seconds add up to the wall clock's.
PARTS = ("start", "load", "models", "tests", "dbt", "export")

_STEP = re.compile(r"^  (\w+) .*? (\d+\.\d) s$", re.MULTILINE)
_MODELS = re.compile(
    r"^    models (\d+\.\d) s, tests alone (\d+\.\d) s, dbt itself (\d+\.\d) s$", re.M
)
_PARSE = """
from orchestration.config import read_settings
from orchestration.dbt import parse_where_changed
parse_where_changed(read_settings())
"""
_STATE = ("warehouse.duckdb", "exports")


@dataclass(frozen=True)
class Refreshed:
    """What a refresh used, and the seconds of its PARTS."""

    usage: Usage
    parts: dict[str, float]


@dataclass(frozen=True)
class Workplace:
    """Where one refresh reads and writes: everything lies below `folder`."""

    folder: Path

    @property
    def landing(self) -> Path:
        """The landing zone."""
        return self.folder / "landing"

    @property
    def warehouse(self) -> Path:
        """The warehouse."""
        return self.folder / "warehouse.duckdb"

    def environment(self) -> dict[str, str]:
        """What tells the refresh and dbt where to work."""
        return {
            "LANDING_DIR": str(self.landing),
            "WAREHOUSE_PATH": str(self.warehouse),
            "EXPORT_DIR": str(self.folder / "exports"),
            "DAGSTER_HOME": str(self.folder / "dagster"),
            "AS_OF": AS_OF,
        }

    def forget(self) -> None:
        """Remove what was made of the landing zone, as before a first refresh.

        What dbt knows of the project stays, as parsing it is no part of refreshing.
        """
        for name in _STATE:
            _remove(self.folder / name)

    def parse(self) -> None:
        """Let dbt parse the project for these places, as is done once and then only for changes."""
        measure([sys.executable, "-c", _PARSE], self.environment())

    def keep(self, place: Path) -> None:
        """Keep what the refreshes have made so far in `place`."""
        self._copy(self.folder, place)

    def restore(self, place: Path) -> None:
        """Go back to what was kept in `place`."""
        self._copy(place, self.folder)

    @staticmethod
    def _copy(origin: Path, target: Path) -> None:
        target.mkdir(parents=True, exist_ok=True)
        for name in _STATE:
            _remove(target / name)
            if (origin / name).is_dir():
                shutil.copytree(origin / name, target / name)
            else:
                shutil.copy2(origin / name, target / name)

    def refresh(self) -> Refreshed:
        """Run the command of `make refresh`."""
        measured = measure([sys.executable, "-m", "orchestration.refresh"], self.environment())
        steps = {name: float(seconds) for name, seconds in _STEP.findall(measured.output)}
        # Where nothing changed nothing is built.
        told = _MODELS.findall(measured.output) or [("0", "0", "0")]
        models, tests, dbt = told[0]
        known = {
            "load": sum(steps.values()) - steps["models"] - steps["exports"],
            "models": float(models),
            "tests": float(tests),
            "dbt": float(dbt),
            "export": steps["exports"],
        }
        start = max(0.0, measured.usage.wall - sum(known.values()))
        return Refreshed(measured.usage, {"start": start, **known})

    def build_with_dbt_alone(self) -> Usage:
        """Run dbt's own command over the loaded warehouse: models and data tests, nothing else."""
        folder = self.folder / "dbt"
        command: list[str | Path] = [
            Path(sys.executable).with_name("dbt"),
            *("--quiet", "build", "--exclude-resource-type", "unit_test"),
            *("--project-dir", PROJECT_DIR, "--profiles-dir", PROJECT_DIR / "profiles"),
            *("--target-path", folder, "--log-path", folder / "logs"),
            "--no-send-anonymous-usage-stats",
        ]
        return measure(command, self.environment()).usage


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
