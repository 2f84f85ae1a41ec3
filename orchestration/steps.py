"""The work of a refresh, step by step, and the order of the steps.

The command runs them one after the other; Dagster's assets call the same functions. dbt is imported
by the step that needs it, as that takes a second.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING

from orchestration import checks, digests
from orchestration.config import Settings
from orchestration.delivering import DESTINATIONS, released
from orchestration.errors import ActionableError
from orchestration.failing import one_sentence
from orchestration.loading import (
    LoadReport,
    create_raw_tables,
    load_businesses,
    load_stream,
    write_refresh_context,
)
from orchestration.loading.tables import BUSINESS_TABLES
from orchestration.publish.files import publish_files
from orchestration.reports import StepReport
from orchestration.scope import Scope, begin_build, end_build
from orchestration.streams import STREAMS
from orchestration.warehouse import open_warehouse

if TYPE_CHECKING:
    from orchestration.dbt import Build, Listen

SETTINGS_TABLES = (*BUSINESS_TABLES, "refresh_context")
LEDGER_TABLES = ("loaded_files", "rejected")
# Asking portals takes minutes: whoever runs the step may listen.
FETCHING_LOGGER = logging.getLogger("orchestration.fetching")
# The landing zone may be a network folder.
_LOAD_ATTEMPTS = 3
_SECONDS_BETWEEN_ATTEMPTS = 1


@dataclass(frozen=True)
class Step:
    """One step: it is left out where one of those that it needs failed or was left out.

    `prepare` begins, before the first step, what takes time and needs no data. Where `is_alone`,
    the step opens the warehouse in a way of its own (dbt's profile, for reading alone), so that
    the same process may not have it open in another.
    """

    name: str
    run: Callable[[Settings], StepReport]
    needs: Sequence[str] = ()
    prepare: Callable[[], object] | None = None
    is_alone: bool = False


def fetch(settings: Settings) -> StepReport:
    """Bring what is new in the portals into the landing zone, telling the log how far it is."""
    from orchestration.fetching import fetch_portals

    return fetch_portals(settings, FETCHING_LOGGER.info)


def load_settings(settings: Settings) -> StepReport:
    """Read every business.yml, and note from when the refresh looks."""
    with one_sentence(), open_warehouse(settings.warehouse_path) as connection:
        create_raw_tables(connection)
        load_businesses(connection, settings.landing_dir)
        write_refresh_context(connection, settings.as_of)
        return StepReport(checks.row_counts(connection, SETTINGS_TABLES))


def load(settings: Settings, stream: str) -> StepReport:
    """Load one stream, once more where the landing zone faltered; what was loaded stays loaded."""
    with one_sentence(), open_warehouse(settings.warehouse_path) as connection:
        report = _load(partial(load_stream, connection, settings.landing_dir, stream))
        rows, preview = checks.stream_preview(connection, stream)
    return StepReport({stream: rows}, details=vars(report), preview=preview)


def _load(attempt: Callable[[], LoadReport]) -> LoadReport:
    for _ in range(_LOAD_ATTEMPTS - 1):
        try:
            return attempt()
        except OSError:
            time.sleep(_SECONDS_BETWEEN_ATTEMPTS)
    return attempt()


def account(settings: Settings) -> StepReport:
    """Say what became of every file and line, and warn of those that were not read."""
    with one_sentence(), open_warehouse(settings.warehouse_path) as connection:
        files, preview = checks.ledger_preview(connection)
        rejected = checks.row_counts(connection, ["rejected"])["rejected"]
        return StepReport(
            dict(zip(LEDGER_TABLES, (files, rejected), strict=True)),
            checks=(checks.check_files(connection), checks.check_lines(connection)),
            preview=preview,
        )


def build_models(settings: Settings, listen: "Listen | None" = None) -> "Build | None":
    """Compute what changed and test it; None where nothing did, as the marts then hold it already.

    All models are built or none: what one of them holds of a touched session is what the others
    make of it. `failure` of what was built says what went wrong; `listen` is given dbt's events.
    """
    with one_sentence(), open_warehouse(settings.warehouse_path) as connection:
        scope = begin_build(connection)
    if scope is Scope.NOTHING:
        return None
    _import_dbt().join()
    from orchestration import dbt

    with one_sentence():
        built = dbt.build(settings, scope, listen)
    if built.failure is None:
        with open_warehouse(settings.warehouse_path) as connection:
            end_build(connection)
    return built


@cache
def _import_dbt() -> threading.Thread:
    """Import dbt in a thread: beside the loading, and where no interrupt can be lost in it."""
    thread = threading.Thread(
        target=import_module, args=["orchestration.models_report"], daemon=True
    )
    thread.start()
    return thread


def _report_models(settings: Settings) -> StepReport:
    started = time.monotonic()
    built = build_models(settings)
    if built is None:
        return StepReport({}, remarks=["nothing has changed: the marts are left as they are"])
    if built.failure:
        raise ActionableError(built.failure)
    from orchestration.models_report import report_models

    return report_models(built, time.monotonic() - started)


def export(settings: Settings) -> StepReport:
    """Copy the marts to files, whole or not at all, once every test has passed."""
    with released(settings) as release:
        written = publish_files(release, settings.export_dir, settings.locale)
        alerts = checks.check_alerts(release.connection)
    return StepReport(
        {"files": written.rows},
        checks=alerts,
        details={
            "businesses_written": len(written.businesses_written),
            "businesses_removed": len(written.businesses_removed),
            "fingerprint": written.manifest.fingerprint,
        },
    )


STEPS: Sequence[Step] = (
    Step("bitrix24", fetch),
    Step("settings", load_settings, needs=["bitrix24"]),
    *(Step(stream, partial(load, stream=stream), needs=["settings"]) for stream in STREAMS),
    Step("ledger", account, needs=list(STREAMS)),
    Step(
        "models",
        _report_models,
        needs=["settings", *STREAMS, "ledger"],
        prepare=_import_dbt,
        is_alone=True,
    ),
    Step("exports", export, needs=["models"], is_alone=True),
    *(
        Step(name, deliver, needs=["models"], is_alone=True)
        for name, deliver in DESTINATIONS.items()
    ),
    Step(digests.STEP, digests.send_digests, needs=["exports"]),
)
