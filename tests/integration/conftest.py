"""Fixtures shared by the integration tests."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.config import PROJECT_DIR
from orchestration.publish.files import FilesWritten, publish_files
from orchestration.publish.release import open_release

AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
Publish = Callable[..., FilesWritten]

_PLACES = {
    "LANDING_DIR": "landing",
    "WAREHOUSE_PATH": "warehouse.duckdb",
    "EXPORT_DIR": "exports",
    "DAGSTER_HOME": "dagster",
}


@dataclass(frozen=True)
class Places:
    """Where one refresh reads and writes; `folder` holds all of it."""

    folder: Path

    @property
    def landing(self) -> Path:
        return self.folder / "landing"

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    def environment(self, **changes: str) -> dict[str, str]:
        """The environment of a refresh of these places as of AS_OF, with `changes`."""
        places = {name: str(self.folder / place) for name, place in _PLACES.items()}
        return {**os.environ, **places, "AS_OF": "2026-11-01T00:00:00Z", **changes}

    def refresh(
        self,
        *arguments: str,
        project: Path = PROJECT_DIR,
        changes: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the command as `make refresh` does."""
        return subprocess.run(
            [sys.executable, "-m", "orchestration.refresh", *arguments],
            cwd=project,
            env=self.environment(**(changes or {})),
            capture_output=True,
            text=True,
            check=False,
        )


@dataclass(frozen=True)
class DemoRun(Places):
    """A whole refresh of the demo, and what it printed."""

    output: str


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--demo-run", type=Path, help="a refreshed demo, to save making one")


def pytest_configure(config: pytest.Config) -> None:
    # Whatever a test imports or starts, it never sees the user's data.
    scratch = Path(tempfile.mkdtemp(prefix="kpi-tests-"))
    (scratch / "landing").mkdir()
    os.environ.update(Places(scratch).environment())
    config.add_cleanup(lambda: shutil.rmtree(scratch))


@pytest.fixture(scope="session")
def demo_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    """The demo, refreshed once from landing files to exports; tests only read it."""
    folder: Path | None = request.config.getoption("--demo-run")
    if folder is None:
        folder = tmp_path_factory.mktemp("demo")
        (folder / "landing").mkdir()
        run = Places(folder).refresh()
        assert run.returncode == 0, run.stderr
        (folder / "output.txt").write_text(run.stdout, encoding="utf-8")
    folder = folder.absolute()
    return DemoRun(folder, (folder / "output.txt").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def demo_warehouse(demo_run: DemoRun) -> Path:
    """The warehouse of the refreshed demo."""
    return demo_run.warehouse


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Places of a refresh of its own, with an empty landing zone."""
    (tmp_path / "landing").mkdir()
    return Places(tmp_path)


@pytest.fixture
def marts_warehouse(tmp_path: Path) -> Path:
    """A warehouse with a fact, a report and a shared dimension of two businesses."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            create schema marts;
            create table marts.fct_sessions as
                select
                    business_id,
                    'chat-' || number as session_id,
                    'operator-' || number as operator_id,
                    number as messages,
                    timestamp '2026-10-01 10:00:00' as started_at,
                from (values ('clinic'), ('salon')) as businesses(business_id),
                    range(3) as numbers(number);
            create table marts.fct_turns as
                select business_id, session_id, session_id || '-1' as turn_id
                from marts.fct_sessions;
            create table marts.rpt_funnel as
                select
                    business_id,
                    date '2026-10-01' as period_start,
                    step,
                    0.25::double as rate,
                from (values ('clinic'), ('salon')) as businesses(business_id),
                    (values ('=1+1'), ('-12.5'), ('заявка'), (null)) as steps(step);
            create table marts.dim_channels as
                select 'web' as channel_id, 'Сайт' as name_ru;
            """
        )
    return path


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    return tmp_path / "exports"


@pytest.fixture
def publish(marts_warehouse: Path, exports: Path) -> Publish:
    """Publish the small warehouse to `exports`, after an optional change of its marts."""

    def run(change: str | None = None, as_of: datetime = AS_OF) -> FilesWritten:
        if change:
            with duckdb.connect(str(marts_warehouse)) as connection:
                connection.execute(change)
        with open_release(marts_warehouse, as_of) as release:
            return publish_files(release, exports)

    return run
