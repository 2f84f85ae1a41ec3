"""Replacing what readers see: a folder or a file is the old one or the new one, at any moment."""

import ctypes
import fcntl
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from orchestration.errors import ActionableError

STAGING = ".publishing"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def staging_folder(target: Path) -> Iterator[Path]:
    """Yield an empty hidden folder inside `target`, on the same filesystem, gone on leaving.

    What a killed run left there is removed first. Raises ActionableError where another process
    is at work in it, OSError where the folder cannot be made.
    """
    target.mkdir(parents=True, exist_ok=True)
    staging = target / STAGING
    # The kernel frees the lock when its holder dies, so a leftover is one that can be locked.
    lock = _lock(staging)
    try:
        _empty(staging)
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        os.close(lock)


def _lock(folder: Path) -> int:
    folder.mkdir(exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise ActionableError(
            f"Another refresh is writing to {folder.parent}: wait for it to end and run again, "
            "or set EXPORT_DIR to another folder."
        ) from error
    return descriptor


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def replace_folder(new: Path, target: Path, owned: Collection[str]) -> None:
    """Put the folder `new` in the place of `target` in one step.

    `owned` are the paths inside the folder that this project writes; whatever else somebody put
    into `target` stays. What was there before is left at `new` for the caller to remove.
    """
    if not target.exists():
        new.rename(target)
        return
    _keep_foreign_files(target, new, owned)
    _exchange(new, target)


def remove_folder(target: Path, aside: Path, owned: Collection[str]) -> None:
    """Take the owned files of `target` away in one step, and the folder if nothing else is left."""
    if not target.exists():
        return
    aside.mkdir()
    _keep_foreign_files(target, aside, owned)
    if any(path.is_file() for path in aside.rglob("*")):
        _exchange(aside, target)
    else:
        target.rename(aside.with_name(f"{aside.name}.gone"))


def _keep_foreign_files(old: Path, new: Path, owned: Collection[str]) -> None:
    for path in sorted(old.rglob("*")):
        name = path.relative_to(old).as_posix()
        kept = new / name
        if name in owned or kept.exists() or (path.is_dir() and not path.is_symlink()):
            continue
        kept.parent.mkdir(parents=True, exist_ok=True)
        link(path, kept)


def link(path: Path, kept: Path) -> None:
    """Make `kept` the same file as `path`, or a copy of the same age where links cannot be made."""
    try:
        os.link(path, kept, follow_symlinks=False)
    except OSError:
        shutil.copy2(path, kept, follow_symlinks=False)


def _exchange(first: Path, second: Path) -> None:
    if not _exchanged_by_kernel(first, second):
        # Elsewhere than on Linux the folder is missing for the moment between two renames.
        aside = first.with_name(f"{first.name}.old")
        second.rename(aside)
        first.rename(second)
        aside.rename(first)


def _exchanged_by_kernel(first: Path, second: Path) -> bool:
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        code = libc.renameat2(
            _AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE
        )
        return bool(code == 0)
    return False
