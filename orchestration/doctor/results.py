"""The warehouse and the exports: whether the last refresh went well, and from when they are."""

import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.config import Settings
from orchestration.doctor.findings import Finding, good, listed, warning, wrong
from orchestration.errors import ActionableError
from orchestration.lock import only_refresh
from orchestration.publish.files import MARTS_FILE
from orchestration.publish.manifest import read_manifest
from orchestration.publish.pages.writing import PAGE_FILES
from orchestration.warehouse import open_warehouse

# The nightly refresh and half a day to mend what stopped it, as Dagster's freshness has it.
_FRESH_WITHIN = timedelta(hours=36)
_LEAST_FREE = 2**30
_FAILED = re.compile(r" ERROR orchestration: (\S+) failed$", re.MULTILINE)


def examine_warehouse(settings: Settings) -> Iterator[Finding]:
    """Open the warehouse for reading and ask what the last refresh left there."""
    area, path = "warehouse", settings.warehouse_path
    yield from _free_space(path)
    if _is_refreshing(settings.dagster_home):
        yield warning(area, "refresh_running")
        return
    if not path.exists():
        yield warning(area, "no_warehouse", path=path)
        return
    try:
        with open_warehouse(path, read_only=True) as connection:
            as_of, is_built = _last_refresh(connection)
    except ActionableError as error:
        yield wrong(area, "as_told", told=str(error))
        return
    except duckdb.CatalogException:
        yield wrong(area, "never_refreshed", path=path)
        return
    yield good(area, "warehouse", path=path, size=_size(path), as_of=f"{as_of:%Y-%m-%d %H:%M}")
    log = settings.dagster_home / "logs" / "refresh.log"
    if not is_built:
        yield wrong(area, "build_unfinished", log=log)
    if failed := _failed_steps(log, path):
        yield wrong(area, "steps_failed", steps=listed(failed), log=log)
    age = datetime.now(UTC) - as_of
    if age > _FRESH_WITHIN:
        yield warning(area, "warehouse_old", days=age.days, hours=age.seconds // 3600)


def _last_refresh(connection: duckdb.DuckDBPyConnection) -> tuple[datetime, bool]:
    """Return from when the last refresh looked, and whether what it began to build was ended."""
    [(as_of, begun, ended)] = connection.execute(
        "select (select as_of from raw.refresh_context), "
        "(select max(number) from refresh.scope), (select max(number) from refresh.built)"
    ).fetchall()
    if as_of is None:
        raise duckdb.CatalogException("no refresh got so far as to say from when it looks")
    return as_of.replace(tzinfo=UTC), ended is not None and begun == ended


def _failed_steps(log: Path, warehouse: Path) -> list[str]:
    """Return the steps that failed in the last `make refresh`, unless Dagster refreshed since."""
    a_minute = 60
    if not log.is_file() or warehouse.stat().st_mtime > log.stat().st_mtime + a_minute:
        return []
    return _FAILED.findall(log.read_text("utf-8", errors="replace"))


def _is_refreshing(home: Path) -> bool:
    try:
        with only_refresh(home):
            return False
    except ActionableError:
        return True
    except OSError:
        # No refresh has been here yet, or nobody may write here, which the step of exports tells.
        return False


def _free_space(path: Path) -> Iterator[Finding]:
    folder = next(each for each in path.parents if each.is_dir())
    free = shutil.disk_usage(folder).free
    needed = max(_LEAST_FREE, path.stat().st_size if path.is_file() else 0)
    told = good if free >= needed else warning
    says = "free_space" if free >= needed else "little_space"
    yield told("warehouse", says, free=_shown(free), needed=_shown(needed), folder=folder)


def examine_exports(settings: Settings) -> Iterator[Finding]:
    """Say from when the exports are, and which files each business has."""
    area, folder = "exports", settings.export_dir
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        yield wrong(area, "exports_not_writable", path=existing)
    manifest = read_manifest(folder)
    if manifest is None:
        yield warning(area, "no_exports", path=folder)
        return
    as_of = f"{datetime.fromisoformat(manifest.as_of):%Y-%m-%d %H:%M}"
    yield good(area, "exports", path=folder, as_of=as_of, businesses=len(manifest.businesses))
    if not (folder / MARTS_FILE).is_file():
        yield wrong(area, "files_missing", business="—", files=MARTS_FILE)
    for business in manifest.businesses:
        own = folder / business
        counts = {kind: len(list(own.glob(f"{kind}/*.{kind}"))) for kind in ("csv", "parquet")}
        pages = [name for name in sorted(PAGE_FILES) if (own / name).is_file()]
        yield good(area, "exports_of", business=business, pages=listed(pages), **counts)
        missing = [name for name in sorted(PAGE_FILES) if name not in pages]
        missing += [f"{kind}/" for kind, count in counts.items() if not count]
        if missing:
            yield wrong(area, "files_missing", business=business, files=listed(missing))


def _size(path: Path) -> str:
    return _shown(path.stat().st_size)


def _shown(size: int) -> str:
    return f"{size / 2**30:.1f} GiB" if size >= 2**30 else f"{size / 2**20:.1f} MiB"
