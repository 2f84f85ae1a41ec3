"""One command in a process of its own: how long, how much work, how much memory.

Numbers are those of the operating system for the process and what it waited for, from its start to
its end: importing and starting are part of it. The caller's own memory is the least that can be
seen, so that it must stay small.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# The exit code of a competitor that cannot run here, with the reason on its error stream.
SKIPPED = 77
OWN_USAGE = "usage: "
# So begins what a competitor prints that tells the seconds of its parts by name, as JSON.
OWN_PARTS = "parts: "
PROJECT_DIR = Path(__file__).resolve().parent.parent
_STOP_SECONDS = 10
_SHOWN_CHARACTERS = 2000


class CannotRunError(Exception):
    """A competitor that cannot run on this machine; the message is the reason."""


@dataclass(frozen=True)
class Usage:
    """Seconds on the clock, seconds of all cores together, and the largest memory in bytes."""

    wall: float
    cpu: float
    peak_bytes: int


@dataclass(frozen=True)
class Measured:
    """What a command used, and what it printed."""

    usage: Usage
    output: str


def measure(
    command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> Measured:
    """Run a command in the project's folder with changes of the environment, to its end.

    A command that prints OWN_USAGE and the fields of Usage as JSON has measured itself. Raises
    CannotRunError where it says so, RuntimeError with the end of what it printed where it failed.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=PROJECT_DIR,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            _stop(process)
            raise
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    if process.returncode == SKIPPED:
        raise CannotRunError(texts[1].strip())
    if process.returncode:
        end = "\n".join(texts)[-_SHOWN_CHARACTERS:]
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{end}")
    usage = _own_usage(texts[0]) or Usage(wall, used.ru_utime + used.ru_stime, _bytes(used))
    return Measured(usage, texts[0])


def _stop(process: subprocess.Popen[bytes]) -> None:
    # Interrupted rather than killed, so that a server it started is stopped as well.
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _own_usage(output: str) -> Usage | None:
    told = output.removeprefix(OWN_USAGE)
    return Usage(**json.loads(told)) if told != output else None


def _bytes(used: resource.struct_rusage) -> int:
    # Linux counts in kibibytes, macOS in bytes.
    return int(used.ru_maxrss) * (1 if sys.platform == "darwin" else 1024)
