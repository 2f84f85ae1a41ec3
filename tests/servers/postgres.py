"""A PostgreSQL server of the tests' own, on loopback, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

_USERS = ("postgres", "nobody")
_START_SECONDS = 30
ADMIN_PASSWORD = "admin-secret-1"
WRITER_PASSWORD = "writer/secret@2"
_SETTINGS = {"fsync": "off", "timezone": "Europe/Moscow", "max_connections": "30"}


class NoServerError(Exception):
    """Why no server can be had."""


@dataclass(frozen=True)
class Server:
    """A server on which everybody logs in with a password."""

    port: int

    def url(self, user: str, password: str, database: str) -> str:
        return psycopg.conninfo.make_conninfo(
            host="127.0.0.1", port=self.port, user=user, password=password, dbname=database
        )

    def connect(self, user: str, password: str, database: str = "shop") -> psycopg.Connection:
        return psycopg.connect(self.url(user, password, database), autocommit=True)

    def admin(self, database: str = "shop") -> psycopg.Connection:
        return self.connect("admin", ADMIN_PASSWORD, database)


def find_programs() -> Path:
    """Where initdb and postgres are. Raises NoServerError where they are not installed."""
    found = shutil.which("initdb") or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None
    )
    if found is None:
        raise NoServerError("PostgreSQL is not installed: apt-get install postgresql")
    return Path(found).parent


@contextmanager
def run_server() -> Iterator[Server]:
    """Yield a fresh server. Raises NoServerError where there is none to be had."""
    programs, user = find_programs(), _server_user()
    folder = Path(tempfile.mkdtemp(prefix="kpi-pg-"))
    try:
        (folder / "password").write_text(ADMIN_PASSWORD, encoding="utf-8")
        if user:
            shutil.chown(folder, user)
            shutil.chown(folder / "password", user)
        _initdb(programs, folder, user)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(
                [
                    *(programs / "postgres", "-D", folder / "data", "-h", "127.0.0.1"),
                    *("-p", str(port), "-k", folder, *settings),
                ],
                user=user,
                cwd=folder,
                stdout=log,
                stderr=log,
            ) as process,
        ):
            try:
                server = Server(port)
                _wait_until_ready(server, folder / "log")
                yield server
            finally:
                # Immediate: whoever is still connected need not leave first.
                process.send_signal(3)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initdb(programs: Path, folder: Path, user: str | None) -> None:
    made = subprocess.run(
        [
            *(programs / "initdb", "-D", folder / "data", "-U", "admin", "-E", "UTF8"),
            *("-A", "scram-sha-256", "--pwfile", folder / "password", "--locale", "C"),
        ],
        user=user,
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    if made.returncode:
        raise NoServerError(f"initdb failed: {made.stderr.strip()}")


def _wait_until_ready(server: Server, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            server.admin("postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise NoServerError(f"the server did not start: {log.read_text(encoding='utf-8')[-300:]}")


def _server_user() -> str | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    user = next((name for name in _USERS if name in known), None)
    if user is None:
        raise NoServerError("the server refuses to run as root, and there is nobody else")
    return user
