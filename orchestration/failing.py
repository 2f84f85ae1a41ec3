"""How a step fails: in one sentence, where a person can mend it."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from orchestration.errors import ActionableError


@contextmanager
def one_sentence() -> Iterator[None]:
    """Turn a warehouse that cannot be written into an ActionableError that says so."""
    try:
        yield
    except duckdb.IOException as error:
        reason = str(error).splitlines()[0]
        raise ActionableError(
            f"The warehouse could not be written ({reason}): free some space on its disk or set "
            "WAREHOUSE_PATH; what was exported before is still there."
        ) from error
