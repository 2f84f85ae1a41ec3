"""A refresh in this process: every step in its order, told one by one, with a log."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.config import Settings
from orchestration.errors import ActionableError
from orchestration.lock import only_refresh
from orchestration.reports import StepReport
from orchestration.steps import FETCHING_LOGGER, STEPS, Step
from orchestration.warehouse import open_warehouse

# Whatever a module of this package logs goes to the refresh's log.
_LOGGER = logging.getLogger("orchestration")


@dataclass(frozen=True)
class Listener:
    """What to do when a step starts, and when it has ended after so many seconds."""

    started: Callable[[str], None]
    ended: Callable[[str, StepReport, float], None]


def run_refresh(settings: Settings, listener: Listener, steps: Sequence[Step] = STEPS) -> None:
    """Run every step, from landing files to exports, telling the listener of each.

    A step that fails stops those that need it and no other. The account of the run goes to
    `logs/refresh.log` in Dagster's home. Raises ActionableError with a sentence per failed step.
    """
    log = settings.dagster_home / "logs" / "refresh.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    missing: set[str] = set()
    failures: list[str] = []
    with only_refresh(settings.dagster_home), _logged_to(log), ExitStack() as held:
        # Opening and closing the file takes longer than most steps.
        held.enter_context(open_warehouse(settings.warehouse_path))
        held.enter_context(_progress_told(listener))
        for step in steps:
            if step.prepare:
                step.prepare()
        for step in steps:
            if step.is_alone:
                held.close()
            if not missing.isdisjoint(step.needs):
                _LOGGER.warning("%s is left out", step.name)
                missing.add(step.name)
                continue
            try:
                _run(step, settings, listener)
            except ActionableError as error:
                _LOGGER.exception("%s failed", step.name)
                missing.add(step.name)
                failures.append(str(error))
            except Exception as error:
                _LOGGER.exception("%s failed", step.name)
                missing.add(step.name)
                reason = str(error).splitlines()[0] if str(error) else type(error).__name__
                failures.append(
                    f"The step {step.name} failed in a way nobody foresaw ({reason}): see {log}."
                )
    if failures:
        raise ActionableError("\n".join(failures))


def _run(step: Step, settings: Settings, listener: Listener) -> None:
    listener.started(step.name)
    _LOGGER.info("%s starts", step.name)
    started = time.monotonic()
    report = step.run(settings)
    seconds = time.monotonic() - started
    rows = sum(report.rows.values())
    _LOGGER.info("%s ended after %.3f s with %s rows", step.name, seconds, rows)
    listener.ended(step.name, report, seconds)


class _Progress(logging.Handler):
    """Tells the listener what a step says of itself while it runs."""

    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self._listener = listener

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one line."""
        self._listener.started(record.getMessage())


@contextmanager
def _progress_told(listener: Listener) -> Iterator[None]:
    handler = _Progress(listener)
    FETCHING_LOGGER.addHandler(handler)
    try:
        yield
    finally:
        FETCHING_LOGGER.removeHandler(handler)


@contextmanager
def _logged_to(path: Path) -> Iterator[None]:
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    _LOGGER.addHandler(handler)
    _LOGGER.setLevel(logging.INFO)
    # A library of dbt prints whatever reaches the root.
    _LOGGER.propagate = False
    try:
        yield
    except BaseException:
        _LOGGER.exception("the refresh broke off")
        raise
    finally:
        _LOGGER.removeHandler(handler)
        handler.close()
