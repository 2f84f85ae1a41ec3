"""`python -m orchestration.doctor`: what is configured, what is missing, what is wrong.

Nothing is changed, loaded or sent. Ends with 0 when nothing is wrong, warnings apart, else with 1.
"""

import argparse
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import get_args
from urllib.parse import quote

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.config import Locale, Settings, read_settings
from orchestration.doctor.chats import examine_telegram
from orchestration.doctor.destinations import (
    examine_bigquery,
    examine_google_sheets,
    examine_postgres,
)
from orchestration.doctor.findings import Examination, Finding, State, wrong
from orchestration.doctor.landing import examine_landing
from orchestration.doctor.portals import examine_portals
from orchestration.doctor.results import examine_exports, examine_warehouse
from orchestration.doctor.surroundings import (
    examine_environment,
    examine_schedule,
    examine_tools,
)
from orchestration.doctor.words import AREAS, HEADINGS, SAYINGS, STATES, SUMMARY
from orchestration.errors import ActionableError
from orchestration.publish.secrecy import without

_WIDTH_OF_A_PIPE = 120
_STYLES = {
    State.GOOD: "green",
    State.WARNING: "yellow",
    State.WRONG: "bold red",
    State.ABSENT: "dim",
}
_EXAMINATIONS: Mapping[str, Examination] = {
    "environment": examine_environment,
    "landing": examine_landing,
    "portals": examine_portals,
    "warehouse": examine_warehouse,
    "exports": examine_exports,
    "postgres": examine_postgres,
    "google_sheets": examine_google_sheets,
    "bigquery": examine_bigquery,
    "telegram": examine_telegram,
    "schedule": examine_schedule,
}


def main() -> int:
    """Examine everything. Returns the exit code."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDTH_OF_A_PIPE
    parser = argparse.ArgumentParser(prog="orchestration.doctor", description=__doc__)
    parser.add_argument("--locale", default="ru", choices=get_args(Locale), help="language")
    locale: Locale = parser.parse_args().locale
    secrets: list[str] = []
    try:
        settings = read_settings()
        secrets = secrets_of(settings)
        findings = [*examine_tools(), *examine(settings)]
    except ActionableError as error:
        findings = [*examine_tools(), wrong("environment", "as_told", told=str(error))]
    print_findings(console, findings, locale, secrets)
    return int(any(finding.state is State.WRONG for finding in findings))


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what each examination finds; one that breaks off hinders no other."""
    for area, examination in _EXAMINATIONS.items():
        try:
            yield from examination(settings)
        except Exception as error:
            reason = str(error).splitlines()[0] if str(error) else ""
            yield wrong(area, "as_told", told=f"{type(error).__name__}: {reason}")


def print_findings(
    console: Console, findings: Sequence[Finding], locale: Locale, secrets: Collection[str]
) -> None:
    """Print a table of findings and one line that sums them up, no secret in either."""
    table = Table(*(HEADINGS[name][locale] for name in ("area", "state")), show_edge=False)
    table.add_column(HEADINGS["says"][locale], overflow="fold")
    last = ""
    for finding in findings:
        says = without(told(finding, locale), secrets)
        area = "" if finding.area == last else AREAS[finding.area][locale]
        state = Text(STATES[finding.state][locale], _STYLES[finding.state])
        table.add_row(area, state, Text(says))
        last = finding.area
    console.print(table)
    states = [finding.state for finding in findings]
    worst = next((state for state in (State.WRONG, State.WARNING) if state in states), State.GOOD)
    console.print()
    console.print(
        SUMMARY[worst][locale].format(
            wrongs=states.count(State.WRONG), warnings=states.count(State.WARNING)
        )
    )


def told(finding: Finding, locale: Locale) -> str:
    """Return the finding in words."""
    return SAYINGS[finding.says][locale].format(**finding.values)


def secrets_of(settings: Settings) -> list[str]:
    """Return all that is never printed, whoever should quote it in an error."""
    webhooks = [each.get_secret_value() for each in settings.bitrix24_webhooks().values()]
    given: list[SecretStr | None] = [
        settings.pseudonym_key,
        settings.postgres_url,
        settings.telegram_bot_token,
        *settings.postgres_reader_passwords().values(),
    ]
    secrets = [secret.get_secret_value() for secret in given if secret]
    secrets += [*webhooks, *(webhook.rstrip("/").rpartition("/")[2] for webhook in webhooks)]
    if settings.postgres_url:
        with suppress(ProgrammingError):
            address = conninfo_to_dict(settings.postgres_url.get_secret_value())
            password = str(address.get("password") or "")
            secrets += [password, quote(password), quote(password, safe="")]
    for key in (settings.google_sheets_credentials, settings.bigquery_credentials):
        # A path may be shown.
        if key and key.get_secret_value().lstrip().startswith("{"):
            secrets.append(key.get_secret_value())
    return secrets


if __name__ == "__main__":
    sys.exit(main())
