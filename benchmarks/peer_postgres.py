"""Competitor: PostgreSQL with the query of limit.sql, over CSV files, on a server of its own.

    python -m benchmarks.peer_postgres <landing> csv <figures.csv>

Measures itself: starting and stopping the server is not counted. Memory is that of
its largest process. Ends with SKIPPED and a reason on the error stream where no server can be had.
"""

import json
import os
import pwd
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.limit import COLUMNS, QUERY
from benchmarks.measure import OWN_USAGE, SKIPPED

_USERS = ("postgres", "nobody")
_TYPES = {"varchar": "text", "double": "double precision"}
_START_SECONDS = 30
# No promise to survive a crash, as none of the others makes one; room to sort and hash in memory.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "shared_buffers": "512MB",
    "work_mem": "256MB",
    "timezone": "UTC",
}


@contextmanager
def run_server() -> Iterator[Path]:
    """Yield the folder of the socket of a fresh server, which is gone afterwards."""
    programs = _find_programs()
    user = _server_user()
    folder = Path(tempfile.mkdtemp(prefix="bench-pg-"))
    if user:
        shutil.chown(folder, user)
    try:
        data = folder / "data"
        made = subprocess.run(
            [programs / "initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8"],
            user=user,
            cwd=folder,
            check=False,
            capture_output=True,
            text=True,
        )
        if made.returncode:
            _skip(f"initdb failed: {made.stderr.strip()}")
        settings = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
        with subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, *settings],
            user=user,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as server:
            try:
                _wait_until_ready(folder)
                yield folder
            finally:
                server.terminate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_figures(landing_dir: Path, place: Path, socket: Path) -> None:
    """Copy the files into tables, run the query and write the figures to `place`."""
    script: list[str] = []
    for stream, columns in COLUMNS.items():
        declared = ", ".join(f"{name} {_TYPES.get(kind, kind)}" for name, kind in columns.items())
        script.append(f"create unlogged table {stream} ({declared}, business_id text);")
        for path in sorted(landing_dir.glob(f"*/generic/{stream}/*.csv")):
            script += [
                f"alter table {stream} alter business_id set default '{path.parts[-4]}';",
                f"\\copy {stream} ({', '.join(columns)}) from '{path}' csv header",
            ]
    query = " ".join(
        line for line in QUERY.read_text(encoding="utf-8").splitlines() if not line.startswith("--")
    )
    script += ["analyze;", f"\\copy ({query}) to '{place}' csv header"]
    _psql(socket, "\n".join(script))


def _psql(socket: Path, script: str) -> None:
    subprocess.run(
        ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", socket, "-U", "bench", "postgres"],
        input=script,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _wait_until_ready(socket: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        ready = subprocess.run(
            ["psql", "-X", "-h", socket, "-U", "bench", "postgres", "-c", "select 1"],
            check=False,
            capture_output=True,
        )
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    _skip("the server did not start")


def _find_programs() -> Path:
    found = shutil.which("initdb") or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None
    )
    if found is None or shutil.which("psql") is None:
        _skip("initdb or psql is not installed")
    return Path(str(found)).parent


def _server_user() -> str | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    user = next((name for name in _USERS if name in known), None)
    if user is None:
        _skip("the server refuses to run as root, and there is nobody else")
    return user


def _skip(reason: str) -> None:
    print(reason, file=sys.stderr)
    sys.exit(SKIPPED)


def main() -> None:
    """Run the competitor and print what it used."""
    landing_dir, place = Path(sys.argv[1]).resolve(), Path(sys.argv[3]).resolve()
    with run_server() as socket:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.monotonic()
        write_figures(landing_dir, place, socket)
        wall = time.monotonic() - started
    # The server's own use is known once it has ended.
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(OWN_USAGE + json.dumps({"wall": wall, "cpu": cpu, "peak_bytes": after.ru_maxrss * 1024}))


if __name__ == "__main__":
    main()
