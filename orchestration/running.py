"""The refresh job, run in this process and told step by step."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
from dagster import DagsterEventType as EventType
from dagster._core.errors import DagsterExecutionInterruptedError
from dagster._core.events.log import EventLogEntry

from orchestration.checks import ROW_COUNT
from orchestration.config import Settings
from orchestration.definitions import defs, refresh
from orchestration.errors import ActionableError
from orchestration.home import COMMAND_TAG, end_dead_runs, only_refresh, open_home


@dataclass
class Step:
    """One step of the refresh: what it made, how long it took, and what it warns of."""

    name: str
    rows: int = 0
    tables: int = 0
    checks: int = 0
    seconds: float = 0.0
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Listener:
    """What to do when a step starts and when it has ended."""

    started: Callable[[str], None]
    ended: Callable[[Step], None]


def run_refresh(settings: Settings, listener: Listener) -> None:
    """Run the whole job, from landing files to exports, telling the listener of each step.

    Dagster's own account of the run goes to `logs/refresh.log` in its home. Raises ActionableError
    with a sentence per failed step.
    """
    run_id = str(uuid.uuid4())
    log = settings.dagster_home / "logs" / "refresh.log"
    failures: list[str] = []
    with (
        open_home(settings.dagster_home) as instance,
        only_refresh(settings.dagster_home),
        log.open("w", encoding="utf-8") as file,
    ):
        end_dead_runs(instance, is_only_refresh=True)
        steps: dict[str, Step] = {}

        def tell(entry: EventLogEntry) -> None:
            print(_line(entry), file=file, flush=True)
            _hear(entry, steps, failures, listener, log)

        instance.add_event_listener(run_id, tell)
        try:
            result = defs.resolve_job_def(refresh.name).execute_in_process(
                instance=instance,
                run_id=run_id,
                tags=COMMAND_TAG,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        except DagsterExecutionInterruptedError:
            raise KeyboardInterrupt from None
    if not result.success:
        raise ActionableError("\n".join(failures) or f"The refresh did not finish: see {log}.")


def _hear(
    entry: EventLogEntry,
    steps: dict[str, Step],
    failures: list[str],
    listener: Listener,
    log: Path,
) -> None:
    event = entry.dagster_event
    if event is None or event.step_key is None:
        return
    step = steps.setdefault(event.step_key, Step(_name(event.step_key)))
    match event.event_type:
        case EventType.STEP_START:
            listener.started(step.name)
        case EventType.ASSET_MATERIALIZATION:
            step.tables += 1
            rows = event.materialization.metadata.get(ROW_COUNT)
            step.rows += rows.value if isinstance(rows, dg.IntMetadataValue) and rows.value else 0
        case EventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            step.checks += 1
            if not check.passed and check.severity == dg.AssetCheckSeverity.WARN:
                step.warnings.append(check.description or check.check_name)
        case EventType.STEP_SUCCESS:
            step.seconds = event.step_success_data.duration_ms / 1000
            listener.ended(step)
        case EventType.STEP_FAILURE:
            told = event.step_failure_data.user_failure_data
            error = event.step_failure_data.error
            failures.append(
                told.description
                if told and told.description
                else f"The step {step.name} failed in a way nobody foresaw "
                f"({error.cause.message.strip() if error and error.cause else error}): see {log}."
            )


def _name(step_key: str) -> str:
    return step_key.removeprefix("raw__").removesuffix("__files")


def _line(entry: EventLogEntry) -> str:
    event = entry.dagster_event
    failure = event.step_failure_data.error if event and event.is_step_failure else None
    text = f"{entry.step_key or ''} {entry.user_message or (event.message if event else '')}"
    return f"{text}\n{failure.to_string()}" if failure else text
