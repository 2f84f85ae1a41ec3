"""The BigQuery emulator `bqemulator`, installed once into an environment of its own in target/.

It needs another DuckDB than the project's, and that one's spatial extension, which it would
download; the extension comes from the package registry instead.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.config import PROJECT_DIR

_DUCKDB = "1.5.5"
_PACKAGES = (
    "bqemulator==1.4.0",
    f"duckdb=={_DUCKDB}",
    f"duckdb-extension-spatial=={_DUCKDB}",
    # A wheel of DuckDB does not ask for it, its functions in Python do.
    "numpy",
)
_PLACE = PROJECT_DIR / "target" / "bqemulator"
_INSTALL_SECONDS = 300
_START_SECONDS = 60


class NoEmulatorError(Exception):
    """Why no emulator can be had."""


@contextmanager
def run_emulator(log: Path) -> Iterator[str]:
    """Yield the address of an empty emulator. Raises NoEmulatorError where there is none."""
    python, home = _install()
    rest, grpc = _free_ports()
    command = [
        *(python.with_name("bqemulator"), "start", "--ephemeral", "--project", "shop"),
        *("--rest-host", "127.0.0.1", "--rest-port", str(rest)),
        *("--grpc-host", "127.0.0.1", "--grpc-port", str(grpc), "--log-level", "error"),
    ]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, env={**os.environ, "HOME": str(home)}, stdout=output, stderr=output
        ) as process,
    ):
        try:
            address = f"http://127.0.0.1:{rest}"
            _wait_until_ready(address, process, log)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _install() -> tuple[Path, Path]:
    """Return the environment's Python and the home in which the emulator finds its extension."""
    python, home = _PLACE / "bin" / "python", _PLACE / "home"
    done = _PLACE / "installed"
    if done.is_file() and done.read_text(encoding="utf-8") == "\n".join(_PACKAGES):
        return python, home
    shutil.rmtree(_PLACE, ignore_errors=True)
    uv = Path(sys.executable).with_name("uv")
    if uv.is_file():
        _run(uv, "venv", "--quiet", "--python", sys.executable, _PLACE)
        _run(uv, "pip", "install", "--quiet", "--python", python, *_PACKAGES)
    else:
        _run(sys.executable, "-m", "venv", _PLACE)
        _run(python, "-m", "pip", "install", "--quiet", *_PACKAGES)
    [extension] = _PLACE.glob("lib/*/site-packages/duckdb_extension_spatial/extensions/v*/*")
    platform = _run(
        python, "-c", "import duckdb; print(duckdb.execute('pragma platform').fetchone()[0])"
    ).strip()
    place = home / ".duckdb" / "extensions" / f"v{_DUCKDB}" / platform
    place.mkdir(parents=True)
    shutil.copyfile(extension, place / extension.name)
    done.write_text("\n".join(_PACKAGES), encoding="utf-8")
    return python, home


def _run(*command: object) -> str:
    try:
        return subprocess.run(
            [str(part) for part in command],
            # Inside the project uv would put the project's own DuckDB there.
            cwd=_PLACE.anchor,
            check=True,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoEmulatorError(f"the emulator cannot be installed: {error}") from error
    except subprocess.CalledProcessError as error:
        reason = error.stderr.strip().splitlines()[-1:] or [str(error)]
        raise NoEmulatorError(f"the emulator cannot be installed: {reason[0]}") from error


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/bigquery/v2/projects/shop/datasets", timeout=5)  # noqa: S310
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    text = log.read_text(encoding="utf-8").strip().splitlines()[-1:]
    raise NoEmulatorError(f"the emulator did not start: {text}")
