"""What can be refused at once is refused before anything is loaded."""

import errno
import os
from pathlib import Path

from orchestration.business import read_business
from orchestration.config import Settings
from orchestration.errors import ActionableError
from orchestration.landing import find_files
from orchestration.warehouse import open_warehouse

_SCHEMAS = frozenset({"raw", "staging", "intermediate", "marts", "seeds"})


def write_demo_into_empty_landing(settings: Settings) -> bool:
    """Write the demo where a first refresh would find nothing; returns whether it did.

    Raises ActionableError where the named landing zone does not exist or cannot be listed.
    """
    landing_dir = settings.landing_dir
    is_default = landing_dir == Settings.model_fields["landing_dir"].default
    if is_default and settings.bitrix24_webhooks():
        # The data come from a portal into a folder that need not be there yet.
        landing_dir.mkdir(parents=True, exist_ok=True)
    if not landing_dir.exists() and not is_default:
        raise ActionableError(
            f"The landing zone {landing_dir} does not exist: make the folder or correct "
            "LANDING_DIR."
        )
    # A named folder that is suddenly empty beside a warehouse is an unmounted disk, not a start.
    is_start = is_default or not settings.warehouse_path.exists()
    if not is_start or settings.bitrix24_webhooks() or not _is_empty(landing_dir):
        return False
    # The generator is not needed once there are files.
    from orchestration.demo import write_demo

    write_demo(landing_dir, end_date=settings.as_of.date())
    return True


def check_places(settings: Settings) -> None:
    """Look at everything the refresh reads and writes.

    Raises ActionableError for a landing zone that cannot be read, wrong settings of a business, a
    warehouse that another process holds, and folders that cannot be written.
    """
    zone = find_files(settings.landing_dir)
    for business in zone.businesses:
        read_business(zone.settings_path(business))
    if settings.warehouse_path.stem in _SCHEMAS:
        # DuckDB names a database after its file, and could not tell it from the schema.
        raise ActionableError(
            f"The warehouse {settings.warehouse_path} is named as one of its own schemas: set "
            "WAREHOUSE_PATH to another name, such as warehouse.duckdb."
        )
    with open_warehouse(settings.warehouse_path):
        pass
    _check_writable(settings.export_dir, "The exports", "EXPORT_DIR")
    _check_writable(settings.dagster_home, "The logs and Dagster's history", "DAGSTER_HOME")


def _is_empty(landing_dir: Path) -> bool:
    try:
        return not landing_dir.exists() or all(
            path.name.startswith(".") for path in landing_dir.iterdir()
        )
    except OSError as error:
        raise ActionableError(
            f"The landing zone {landing_dir} cannot be listed ({error.strerror}): set LANDING_DIR "
            "to a folder you may read."
        ) from error


def _check_writable(folder: Path, content: str, variable: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise ActionableError(
            f"{content} cannot be written to {folder} ({error.strerror}): set {variable} to a "
            "folder you may write to."
        ) from error
