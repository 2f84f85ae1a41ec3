"""`python -m orchestration.refresh`: one refresh from landing files to exports, and the scorecard.

Says what it does line by line, ends with 0 when everything was published, with 1 and one sentence
on the error stream where a person has to mend something, with 130 when interrupted.
"""

import argparse
import atexit
import os
import sys
import time
from typing import NoReturn, get_args

from rich.console import Console

from orchestration.config import Locale, Settings, read_settings
from orchestration.errors import ActionableError
from orchestration.preflight import check_places, write_demo_into_empty_landing
from orchestration.reports import StepReport
from orchestration.running import Listener, run_refresh
from orchestration.scorecard import print_scorecard, read_scorecard

# A pipe has no width; this one holds the longest names of KPIs.
_WIDTH_OF_A_PIPE = 120
_INTERRUPTED = 130


def main() -> int:
    """Refresh once. Returns the exit code."""
    # Names of files and businesses are never taken for markup.
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDTH_OF_A_PIPE
    try:
        locale = _read_locale()
        settings = read_settings()
        settings = settings.model_copy(update={"locale": locale or settings.locale})
        started = time.monotonic()
        if write_demo_into_empty_landing(settings):
            console.print(f"The landing zone was empty: a demo lies in {settings.landing_dir}")
        check_places(settings)
        _run(settings, console)
        scorecards = read_scorecard(settings.warehouse_path, settings.locale)
        print_scorecard(console, scorecards, settings.locale)
        _print_places(settings, console, time.monotonic() - started)
    except ActionableError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted: the exports are whole, and the next run starts over.", file=sys.stderr)
        return _INTERRUPTED
    return 0


def _read_locale() -> Locale | None:
    parser = argparse.ArgumentParser(prog="orchestration.refresh", description=__doc__)
    parser.add_argument("--locale", help="language of scorecard, pages and workbooks: ru or en")
    given = parser.parse_args().locale
    if given is None:
        return None
    locale: Locale
    for locale in get_args(Locale):
        if given == locale:
            return locale
    raise ActionableError(f"LOCALE={given!r} is no language of the scorecard: set it to ru or en.")


def _run(settings: Settings, console: Console) -> None:
    with console.status("starting …") as status:

        def ended(name: str, report: StepReport, seconds: float) -> None:
            if report.details.get("businesses") == 0:
                # Most businesses bring files, and need not be told of portals.
                return
            tables = f"{len(report.rows)} tables, " if len(report.rows) > 1 else ""
            checks = f", {len(report.checks)} checks" if report.checks else ""
            what = f"{tables}{sum(report.rows.values()):,} rows{checks}"
            console.print(f"  {name:<16} {what:<42} {seconds:>6.1f} s")
            for remark in report.remarks:
                console.print(f"    {remark}")
            for warning in filter(None, (check.warning for check in report.checks)):
                console.print(f"  warning: {warning}", style="yellow")

        run_refresh(
            settings, Listener(started=lambda name: status.update(f"{name} …"), ended=ended)
        )


def _print_places(settings: Settings, console: Console, seconds: float) -> None:
    console.print()
    for name, path in (
        ("exports", settings.export_dir),
        ("warehouse", settings.warehouse_path),
        ("landing zone", settings.landing_dir),
    ):
        console.print(f"  {name:<16} {path}")
    console.print(f"  as of            {settings.as_of:%Y-%m-%d %H:%M} UTC, {seconds:.0f} s")


def _leave(code: int) -> NoReturn:
    """End the process, after a failure or an interrupt without taking it apart.

    Threads of dbt may still be at work then, and Python's end would complain of what they hold.
    """
    if code:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit()


if __name__ == "__main__":
    _leave(main())
