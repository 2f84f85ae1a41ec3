"""Fixtures shared by the integration tests."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.publish.files import FilesWritten, publish_files
from orchestration.publish.release import open_release

AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
Publish = Callable[..., FilesWritten]


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
