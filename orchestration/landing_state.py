"""What lies in the landing zone, in one word: another word means that something changed."""

import hashlib
from pathlib import Path

from orchestration.landing import find_files


def landing_state(landing_dir: Path) -> str:
    """Return a hash of the path, size and time of every file that is read, "" if there is none.

    Raises ActionableError where the landing zone cannot be walked.
    """
    zone = find_files(landing_dir)
    if not zone.files:
        return ""
    paths = [file.path for file in zone.files]
    paths += [zone.settings_path(business) for business in zone.businesses]
    state = hashlib.sha256()
    for path in filter(Path.is_file, paths):
        stat = path.stat()
        state.update(repr((str(path), stat.st_size, stat.st_mtime_ns)).encode())
    return state.hexdigest()
