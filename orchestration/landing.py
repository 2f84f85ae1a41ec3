"""The landing zone: whose files lie there, which stream each belongs to, and which nobody reads.

<landing_dir>/<business>/<system>/<stream>/<any name>.{jsonl,jsonl.gz,csv,csv.gz,parquet}
<landing_dir>/<business>/business.yml
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import ActionableError
from orchestration.sources.contract import Feed
from orchestration.sources.systems import SYSTEMS

SETTINGS_NAME = "business.yml"
BUSINESS_NAME = re.compile(r"[a-z0-9_-]{1,40}")


@dataclass(frozen=True)
class LandingFile:
    """One file that a system can read; `source_file` is its path below the landing zone.

    `stream` is the name of its folder, "" for a file directly in the system's folder.
    """

    path: Path
    source_file: str
    business_id: str
    system: str
    stream: str
    format: str


@dataclass(frozen=True)
class UnreadFile:
    """One file that nothing reads, and why: a stable word."""

    business_id: str | None
    source_file: str
    reason: str


@dataclass(frozen=True)
class LandingZone:
    """Everything found, each part sorted by path: business ids, files, files that nobody reads."""

    landing_dir: Path
    businesses: tuple[str, ...]
    files: tuple[LandingFile, ...]
    unread_files: tuple[UnreadFile, ...]

    def settings_path(self, business_id: str) -> Path:
        """Where the settings of a business lie, if it has any."""
        return self.landing_dir / business_id / SETTINGS_NAME


def find_files(landing_dir: Path) -> LandingZone:
    """Walk the landing zone once; hidden and temporary names are passed over in silence.

    Raises ActionableError for a missing landing zone, a folder that cannot be listed, a business
    whose name is not allowed, settings under another name, and names that are not UTF-8.
    """
    if not landing_dir.is_dir():
        raise ActionableError(
            f"The landing zone {landing_dir} does not exist or is no folder: create it, "
            "or set LANDING_DIR to the folder that holds one folder per business."
        )
    businesses: list[str] = []
    found: list[LandingFile | UnreadFile] = []
    for entry in _list(landing_dir):
        if not entry.is_dir():
            if not is_passed_over(entry.name):
                found.append(UnreadFile(None, entry.name, "unknown_business"))
        elif BUSINESS_NAME.fullmatch(entry.name):
            businesses.append(entry.name)
            found.extend(_find_in_business(entry))
        elif not is_passed_over(entry.name):
            raise ActionableError(
                f"The folder {entry.path} cannot be a business, as its name is not 1 to 40 of "
                "a-z, 0-9, _ and -: rename it."
            )
    return LandingZone(
        landing_dir,
        tuple(businesses),
        tuple(file for file in found if isinstance(file, LandingFile)),
        tuple(file for file in found if isinstance(file, UnreadFile)),
    )


def _find_in_business(business: os.DirEntry[str]) -> Iterator[LandingFile | UnreadFile]:
    for entry in _list(Path(business.path)):
        if entry.name == SETTINGS_NAME or is_passed_over(entry.name):
            continue
        if entry.name.lower() in {"business.yml", "business.yaml"}:
            raise ActionableError(
                f"The settings {entry.path} would not be read under this name: "
                f"rename the file to {SETTINGS_NAME}."
            )
        system = SYSTEMS.get(entry.name)
        if system is None or not entry.is_dir():
            yield from _unread(entry, business.name, Path(business.name), "unknown_system")
            continue
        below = Path(business.name, entry.name)
        for child in _list(Path(entry.path)):
            if is_passed_over(child.name):
                continue
            folder = child.name if child.is_dir() else ""
            feed = system.feeds.get(folder)
            if feed is None:
                yield from _unread(child, business.name, below, "unknown_stream")
            elif folder:
                for file in _list(Path(child.path)):
                    if not is_passed_over(file.name):
                        yield from _read_by(feed, file, system.name, folder, below / folder)
            else:
                yield from _read_by(feed, child, system.name, folder, below)


def _read_by(
    feed: Feed, entry: os.DirEntry[str], system: str, stream: str, below: Path
) -> Iterator[LandingFile | UnreadFile]:
    business_id = below.parts[0]
    name = entry.name.lower()
    endings = [ending for ending in feed.formats if name.endswith(ending)]
    if not endings:
        yield from _unread(entry, business_id, below, "unknown_extension")
        return
    yield LandingFile(
        path=Path(entry.path),
        source_file=(below / entry.name).as_posix(),
        business_id=business_id,
        system=system,
        stream=stream,
        format=feed.formats[max(endings, key=len)],
    )


def _unread(
    entry: os.DirEntry[str], business_id: str, below: Path, reason: str
) -> Iterator[UnreadFile]:
    if not entry.is_dir(follow_symlinks=False):
        yield UnreadFile(business_id, (below / entry.name).as_posix(), reason)
        return
    for child in _list(Path(entry.path)):
        if not is_passed_over(child.name):
            yield from _unread(child, business_id, below / entry.name, reason)


def is_passed_over(name: str) -> bool:
    """Whether a name is hidden or temporary, so that what bears it is nobody's."""
    # So an iPhone names each chat that it exports.
    is_hidden = name.startswith((".", "_")) and not name.startswith("_chat")
    return is_hidden or name.endswith((".tmp", ".part"))


def _list(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise ActionableError(
            f"The folder {folder} cannot be listed ({error.strerror}): "
            "give the user who runs the pipeline the right to read it."
        ) from error
    for entry in listed:
        # What the file system holds beside UTF-8 comes as lone surrogates, which nothing can store.
        if any("\ud800" <= character <= "\udfff" for character in entry.name):
            raise ActionableError(f"The name {entry.name!r} in {folder} is not UTF-8: rename it.")
    return listed
