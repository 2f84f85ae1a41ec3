"""The refresh job, run in this process and told step by step."""

import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
from dagster import DagsterEventType as EventType
from dagster._core.errors import DagsterExecutionInterruptedError
from dagster._core.events.log import EventLogEntry
from dagster._core.execution.plan.objects import StepFailureData

from orchestration.checks import ROW_COUNT
from orchestration.config import Settings
from orchestration.definitions import defs, refresh
from orchestration.errors import ActionableError
from orchestration.home import COMMAND_TAG, end_dead_runs, only_refresh, open_home
from orchestration.sources_asset import STEP as FETCHING_STEP


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


@dataclass
class _Account:
    """What was heard of the run so far."""

    steps: dict[str, Step] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    is_interrupted: bool = False


def run_refresh(settings: Settings, listener: Listener) -> None:
    """Run the whole job, from landing files to exports, telling the listener of each step.

    Dagster's own account of the run goes to `logs/refresh.log` in its home. Raises ActionableError
    with a sentence per failed step, KeyboardInterrupt where somebody stopped it.
    """
    # One time for the whole run, also where nobody gave one: each step reads the settings itself.
    os.environ["AS_OF"] = settings.as_of.isoformat()
    run_id = str(uuid.uuid4())
    log = settings.dagster_home / "logs" / "refresh.log"
    account = _Account()
    with (
        open_home(settings.dagster_home) as instance,
        only_refresh(settings.dagster_home),
        log.open("w", encoding="utf-8") as file,
    ):
        end_dead_runs(instance, is_only_refresh=True)

        def tell(entry: EventLogEntry) -> None:
            print(_line(entry), file=file, flush=True)
            _hear(entry, account, listener, log)

        instance.add_event_listener(run_id, tell)
        result = defs.resolve_job_def(refresh.name).execute_in_process(
            instance=instance,
            run_id=run_id,
            tags=COMMAND_TAG,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    if account.is_interrupted:
        raise KeyboardInterrupt
    if not result.success:
        raise ActionableError("\n".join(account.failures) or f"The refresh broke off: see {log}.")


def _hear(entry: EventLogEntry, account: _Account, listener: Listener, log: Path) -> None:
    event = entry.dagster_event
    if event is None and entry.step_key == FETCHING_STEP:
        # Asking portals takes minutes, and says how far it is.
        listener.started(f"{FETCHING_STEP}, {entry.user_message}")
    if event is None or event.step_key is None:
        return
    step = account.steps.setdefault(event.step_key, Step(_name(event.step_key)))
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
            _hear_failure(event.step_failure_data, step, account, log)


def _hear_failure(data: StepFailureData, step: Step, account: _Account, log: Path) -> None:
    told, error = data.user_failure_data, data.error
    if error and error.cls_name == DagsterExecutionInterruptedError.__name__:
        account.is_interrupted = True
    elif told and told.description:
        account.failures.append(told.description)
    else:
        reason = (error.cause or error).message.splitlines()[0] if error else "no reason given"
        account.failures.append(
            f"The step {step.name} failed in a way nobody foresaw ({reason}): see {log}."
        )


def _name(step_key: str) -> str:
    return step_key.removeprefix("raw__").removesuffix("__files")


def _line(entry: EventLogEntry) -> str:
    event = entry.dagster_event
    failure = event.step_failure_data.error if event and event.is_step_failure else None
    text = f"{entry.step_key or ''} {entry.user_message or (event.message if event else '')}"
    return f"{text}\n{failure.to_string()}" if failure else text
