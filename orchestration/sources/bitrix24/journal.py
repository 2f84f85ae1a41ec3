"""What lies in the landing zone of one kind of record, and how far its fetching has come.

`<folder>/<run>-<kind>-<part>.jsonl.gz` are the files, each complete from the moment it has that
name; `<folder>/_<kind>.json` is the journal, which the landing zone passes over. It names its
files: if one of them is not there, the journal is void and everything is asked for again, so that
what is noted and what lies there cannot part. What lies there is always found out from the files.
"""

import gzip
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

from pydantic import BaseModel, ValidationError

from orchestration.sources.bitrix24.envelopes import Head, read_head
from orchestration.sources.lines import BROKEN_CONTENT

_PACKING = 5


class Run(BaseModel):
    """A fetching that has begun: `started_at` by the portal's clock, `since` from when it asks."""

    run_id: str
    started_at: datetime
    since: datetime | None = None
    last_id: int = 0
    parts: int = 0


class Notes(BaseModel):
    """What a journal holds; `watermark` is when the last complete run started, portal's clock.

    `last_id` is the highest id that a complete run has seen.
    """

    files: dict[str, int] = {}
    watermark: datetime | None = None
    last_full_at: datetime | None = None
    last_id: int = 0
    run: Run | None = None


class Journal:
    """One kind of record of one business in its folder of the landing zone."""

    def __init__(self, folder: Path, kind: str) -> None:
        """Read what is noted; void it where files are missing or changed."""
        self.folder, self.kind = folder, kind
        self._path = folder / f"_{kind}.json"
        self.notes = self._read()
        self.rows_uncommitted = 0
        self._part: _Part | None = None

    def begin(self, started_at: datetime, since: datetime | None) -> Run:
        """Go on with the run that broke off, or begin one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob(f"*-{self.kind}-*.jsonl.gz.tmp"):
            left.unlink()
        if self.notes.run is None:
            run_id = f"{started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
            self.notes.run = Run(run_id=run_id, started_at=started_at, since=since)
            self._save()
        return self.notes.run

    def write(self, line: bytes) -> None:
        """Add a line to the part that is being written."""
        run = self._run()
        if self._part is None:
            self._part = _Part(self._free_path(run))
        self._part.write(line)
        self.rows_uncommitted += 1

    def commit(self, last_id: int) -> None:
        """Give the part its name and note that the run has come to `last_id`."""
        if self._part is not None:
            self.notes.files[self._part.path.name] = self._part.close()
            self._part = None
            self.rows_uncommitted = 0
        self._run().last_id = last_id
        self._save()

    def finish(self) -> None:
        """Note that the run is complete; everything written must be committed."""
        run = self._run()
        self.notes.watermark = run.started_at
        self.notes.last_id = max(self.notes.last_id, run.last_id)
        if run.since is None:
            self.notes.last_full_at = run.started_at
        self.notes.run = None
        self._save()

    def heads(self) -> dict[int, Head]:
        """The latest of what lies in the files, by id."""
        return {head.id: head for head, _ in self.lines()}

    def lines(self) -> Iterator[tuple[Head, bytes]]:
        """Every line of the files in the order of their writing, with its beginning."""
        for path in sorted(self.folder.glob(f"*-{self.kind}-*.jsonl.gz")):
            try:
                with gzip.open(path) as content:
                    for line in content:
                        head = read_head(line)
                        if head is not None:
                            yield head, line
            except BROKEN_CONTENT:
                # The loader tells of the file; what it does not give is fetched again.
                continue

    def _free_path(self, run: Run) -> Path:
        """A file that is there stays, also where nobody came to note it."""
        while True:
            run.parts += 1
            path = self.folder / f"{run.run_id}-{self.kind}-{run.parts:04}.jsonl.gz"
            if not path.exists():
                return path

    def _run(self) -> Run:
        if self.notes.run is None:
            raise RuntimeError(f"no run of {self.kind} has begun")
        return self.notes.run

    def _read(self) -> Notes:
        try:
            notes = Notes.model_validate_json(self._path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return Notes()
        for name, size in notes.files.items():
            path = self.folder / name
            if not path.is_file() or path.stat().st_size != size:
                return Notes()
        return notes

    def _save(self) -> None:
        temporary = self._path.with_name(f"{self._path.name}.tmp")
        with temporary.open("w", encoding="utf-8") as content:
            json.dump(self.notes.model_dump(mode="json"), content, indent=1)
            _flush(content.fileno())
        temporary.replace(self._path)
        _flush_folder(self.folder)


class _Part:
    """One file while it is written, under a temporary name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._temporary = path.with_name(f"{path.name}.tmp")
        self._packed = self._temporary.open("wb")
        # Without a time in it the same rows are the same bytes.
        self._content = cast(
            IO[bytes], gzip.GzipFile("", "wb", _PACKING, fileobj=self._packed, mtime=0)
        )

    def write(self, line: bytes) -> None:
        self._content.write(line)

    def close(self) -> int:
        """Make the file whole and give it its name; returns its size in bytes."""
        self._content.close()
        self._packed.flush()
        _flush(self._packed.fileno())
        self._packed.close()
        self._temporary.replace(self.path)
        _flush_folder(self.path.parent)
        return self.path.stat().st_size


def _flush(descriptor: int) -> None:
    os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
