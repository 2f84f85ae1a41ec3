"""One refresh at a time, whoever started it: a lock in Dagster's home that dies with its holder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.errors import ActionableError


@contextmanager
def only_refresh(home: Path, *, is_patient: bool = False) -> Iterator[None]:
    """Hold the lock of `home`, which exists; the operating system gives a killed process's back.

    Where another process holds it, a patient caller waits for its turn; the others are told so by
    an ActionableError.
    """
    descriptor = os.open(home / "refresh.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if is_patient else fcntl.LOCK_NB))
        yield
    except BlockingIOError as error:
        raise ActionableError(
            "Another refresh is running: wait for it to end and run again."
        ) from error
    finally:
        os.close(descriptor)
