"""How a step fails: in one sentence, where a person can mend it."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
import duckdb

from orchestration.errors import ActionableError


@contextmanager
def one_sentence() -> Iterator[None]:
    """Turn what a person can mend into a dagster.Failure that says so and is never retried."""
    try:
        yield
    except ActionableError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    except duckdb.IOException as error:
        reason = str(error).splitlines()[0]
        raise dg.Failure(
            f"The warehouse could not be written ({reason}): free some space on its disk or set "
            "WAREHOUSE_PATH; what was exported before is still there.",
            allow_retries=False,
        ) from error
