"""The DuckDB file: opened by one writer at a time, or told clearly why not."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.config import read_settings
from orchestration.errors import ActionableError


@contextmanager
def open_warehouse(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection in UTC to the warehouse at `path`, closed on leaving.

    A writer makes missing parent folders and the file. Raises ActionableError where the folder
    cannot be made, the file is not a warehouse, is absent (readers), or another process holds it.
    """
    try:
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(str(path), read_only=read_only)
    except OSError as error:
        raise ActionableError(
            f"The warehouse folder {path.parent} cannot be made ({error.strerror}): "
            "set WAREHOUSE_PATH to a place you may write to."
        ) from error
    except duckdb.Error as error:
        raise ActionableError(_reason_not_opened(path, str(error))) from error
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set memory_limit = ?", [read_settings().memory_limit])
        yield connection
    finally:
        connection.close()


def _reason_not_opened(path: Path, message: str) -> str:
    if "Could not set lock" in message or "Conflicting lock" in message:
        return (
            f"The warehouse {path} is in use by another process: wait for the other refresh to "
            "end, or close the program that has it open, and run again."
        )
    if "not a valid DuckDB database" in message:
        return (
            f"The file {path} is not a DuckDB warehouse: set WAREHOUSE_PATH to another file, or "
            "delete this one, as it can be rebuilt from the landing zone."
        )
    if "does not exist" in message:
        return f"The warehouse {path} does not exist yet: run `make run` first."
    return (
        f"The warehouse {path} cannot be opened ({message.splitlines()[0]}): check the rights of "
        "the file and its folder, or set WAREHOUSE_PATH."
    )
