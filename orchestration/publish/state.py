"""What the exporter remembers of its last export, inside `marts.duckdb`, which it describes.

Kept there it is exchanged with the marts in one step and can never be that of other marts. It is
believed only while the file bears the time that was written into it: whoever edited the file
changed that.
"""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import duckdb
from pydantic import BaseModel, ValidationError

from orchestration.publish.fingerprint import Contents, fingerprint
from orchestration.publish.release import Release

_TABLE = "publishing.state"


class State(BaseModel):
    """One export. `refresh` is its number, None where the warehouse has none.

    `written_as` stands for everything that changes how the same marts are written, `locale` is the
    language of the pages, `files` holds a signature of each business's files, `written_at` is the
    time of `marts.duckdb` in ns.
    """

    written_as: str
    locale: str
    refresh: int | None
    written_at: int
    contents: Contents
    files: dict[str, str]


def written_as(release: Release, exporter_version: int) -> str:
    """Return a fingerprint of how a release is written; it tells no more of the key than a digest.

    DuckDB's version is part of it, as another one may hash the same row otherwise.
    """
    [(key_mark,)] = release.connection.execute(
        "select md5(key || md5(key || '|exports|')) from pseudonym_keys"
    ).fetchall()
    return fingerprint(
        {
            "exporter_version": exporter_version,
            "duckdb": duckdb.__version__,
            "key": key_mark,
            "columns": {mart.name: list(mart.columns.items()) for mart in release.marts},
        }
    )


@contextmanager
def last_export(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[State | None]:
    """Yield the state of the marts file, attached as `published`, or None if it is not as left."""
    # A log beside it means that somebody wrote to it and was cut off.
    if not path.is_file() or log_of(path).exists():
        yield None
        return
    try:
        connection.execute(f"attach {literal(path)} as published (read_only)")
    except duckdb.Error:
        yield None
        return
    try:
        yield _read_state(connection, path)
    finally:
        connection.execute("detach published")


def _read_state(connection: duckdb.DuckDBPyConnection, path: Path) -> State | None:
    try:
        [(text,)] = connection.execute(f"from published.{_TABLE}").fetchall()
        state = State.model_validate_json(text)
    except (duckdb.Error, ValidationError, ValueError):
        return None
    return state if path.stat().st_mtime_ns == state.written_at else None


def write_state(connection: duckdb.DuckDBPyConnection, state: State) -> None:
    """Write the state into the marts file that is attached as `exported`."""
    connection.execute("create schema if not exists exported.publishing")
    connection.execute(f"create or replace table exported.{_TABLE} (content json)")
    connection.execute(
        f"insert into exported.{_TABLE} values (?)",  # noqa: S608
        [state.model_dump_json()],
    )


def seal(path: Path, state: State) -> None:
    """Make the finished marts file read-only, and as old as its state says."""
    path.chmod(0o444)
    os.utime(path, ns=(state.written_at, state.written_at))


def signature(folder: Path, names: Collection[str]) -> str:
    """Return a hash of names, sizes and times of the files, nothing where one is missing.

    A hard link of a file has the signature of the file.
    """
    signed = sha256()
    for name in sorted(names):
        try:
            found = (folder / name).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        signed.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return signed.hexdigest()


def log_of(path: Path) -> Path:
    """Name the write-ahead log that DuckDB keeps beside an open file."""
    return path.with_name(f"{path.name}.wal")


def literal(path: Path) -> str:
    """Return the path as a string of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
