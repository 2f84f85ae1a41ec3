"""Files as downloaded, which are the export itself, packed by gzip, or one of many in a zip."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from orchestration.sources.lines import BROKEN_CONTENT, open_content


def members(path: Path, is_wanted: Callable[[str], bool]) -> list[str] | None:
    """Names of the wanted files of a zip, sorted; [""] where it is none, None where it broke."""
    if not zipfile.is_zipfile(path):
        return None if path.name.lower().endswith(".zip") else [""]
    try:
        with zipfile.ZipFile(path) as archive:
            return sorted(name for name in archive.namelist() if is_wanted(name))
    except BROKEN_CONTENT:
        return None


@contextmanager
def open_member(path: Path, name: str) -> Iterator[IO[bytes]]:
    """Yield the bytes of one of the `members`; raises what BROKEN_CONTENT lists."""
    if not name:
        with open_content(path) as content:
            yield content
    else:
        with zipfile.ZipFile(path) as archive, _open(archive, name) as content:
            yield content


def _open(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    try:
        return archive.open(name)
    except RuntimeError as error:
        # It is locked by a password, or packed in a way that nobody knows.
        raise zipfile.BadZipFile(str(error)) from error
