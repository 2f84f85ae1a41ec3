"""Python and its packages, the environment, and when a refresh starts by itself."""

import os
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from orchestration.config import PROJECT_DIR, Settings
from orchestration.doctor.findings import Finding, absent, good, listed, warning, wrong

ENV_FILE = PROJECT_DIR / ".env"
_SHOWN_PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "dagster")
_BY_BUSINESS = (
    "BITRIX24_WEBHOOK_",
    "GOOGLE_SHEET_",
    "POSTGRES_READER_PASSWORD_",
    "TELEGRAM_CHAT_",
)


def examine_tools() -> Iterator[Finding]:
    """Compare what is installed with what pyproject.toml asks for."""
    project = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text("utf-8"))["project"]
    version, wanted = ".".join(map(str, sys.version_info[:3])), project["requires-python"]
    is_fit = SpecifierSet(wanted).contains(version)
    python = good if is_fit else wrong
    yield python("tools", "python" if is_fit else "python_unfit", version=version, wanted=wanted)
    faults = []
    for requirement in map(Requirement, project["dependencies"]):
        try:
            installed = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            faults.append(f"{requirement.name} —")
            continue
        if not requirement.specifier.contains(installed, prereleases=True):
            faults.append(f"{requirement.name} {installed} ({requirement.specifier})")
    if faults:
        yield wrong("tools", "packages_unfit", packages=listed(faults))
    else:
        shown = [f"{name} {metadata.version(name)}" for name in _SHOWN_PACKAGES]
        yield good("tools", "packages", packages=", ".join(shown))


def examine_environment(settings: Settings, env_file: Path = ENV_FILE) -> Iterator[Finding]:
    """Look for what is fixed, missing or misspelt in `.env`."""
    area = "environment"
    given = {name.upper(): value for name, value in dotenv_values(env_file).items()}
    if given:
        yield good(area, "env_file", path=env_file, variables=len(given))
    else:
        yield absent(area, "no_env_file", path=env_file)
    known = {name.upper() for name in Settings.model_fields}
    # What only dbt or make reads, and what the shell gives anyway.
    strangers = [
        name
        for name in given
        if name not in known and not name.startswith(_BY_BUSINESS) and name not in os.environ
    ]
    if strangers:
        yield warning(area, "unknown_variables", names=listed(sorted(strangers)))
    if given.get("AS_OF"):
        yield warning(area, "as_of_fixed", as_of=f"{settings.as_of:%Y-%m-%d %H:%M}")
    if settings.pseudonym_key is not None:
        yield good(area, "pseudonym_key")
    elif is_anything_sent(settings):
        yield warning(area, "no_pseudonym_key_sent")
    else:
        yield absent(area, "no_pseudonym_key")


def is_anything_sent(settings: Settings) -> bool:
    """Whether tables with digests leave this machine."""
    return bool(settings.postgres_url or settings.google_sheets() or settings.bigquery_project)


def examine_schedule(settings: Settings) -> Iterator[Finding]:
    """Say when `make dev` refreshes, and whether it could."""
    # It takes most of a second.
    from dagster._utils.schedules import is_valid_cron_string

    cron, zone = settings.nightly_cron, settings.nightly_timezone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield wrong("schedule", "bad_time_zone", zone=zone)
    if is_valid_cron_string(cron):
        yield good("schedule", "nightly", cron=cron, zone=zone)
    else:
        yield wrong("schedule", "bad_cron", cron=cron)
