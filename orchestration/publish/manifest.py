"""The manifest of the exports: what lies there, from when, and of which content."""

import json
import subprocess
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from orchestration.config import PROJECT_DIR
from orchestration.publish.fingerprint import SHARED, Content, Contents, fingerprint
from orchestration.publish.release import BUSINESS_NAME, Release, business_names

MANIFEST = "manifest.json"
# They tell when files were loaded: the same data loaded another day has the same fingerprint.
_OF_ONE_LOADING = frozenset({"fct_loads", "rpt_reconciliation"})


class TableEntry(BaseModel):
    """One exported table: rows of all businesses, and its columns with their types."""

    rows: int
    columns: dict[str, str]


class BusinessEntry(BaseModel):
    """One business: rows per table, and the fingerprint of the data in its folder."""

    fingerprint: str
    rows: dict[str, int]


class Manifest(BaseModel):
    """What the exports hold. `as_of` is in UTC; `revision` is None outside a git repository."""

    model_config = ConfigDict(extra="ignore")

    as_of: str
    revision: str | None
    exporter_version: int
    fingerprint: str
    tables: dict[str, TableEntry]
    businesses: dict[Annotated[str, StringConstraints(pattern=f"^{BUSINESS_NAME}$")], BusinessEntry]


def describe(release: Release, contents: Contents, exporter_version: int) -> Manifest:
    """Return the manifest of a release with these contents, as this exporter writes it."""
    shared = {
        mart.name: contents[mart.name].get(SHARED, Content())
        for mart in release.marts
        if not mart.has_business
    }
    written_as = {
        "exporter_version": exporter_version,
        "columns": {mart.name: list(mart.columns.items()) for mart in release.marts},
        "shared": shared,
    }
    businesses = {}
    for business in business_names(contents):
        own = {
            mart.name: contents[mart.name].get(business, Content())
            for mart in release.marts
            if mart.has_business
        }
        data = {name: content for name, content in own.items() if name not in _OF_ONE_LOADING}
        businesses[business] = BusinessEntry(
            fingerprint=fingerprint(written_as | {"business": business, "own": data}),
            rows={name: content.rows for name, content in (own | shared).items()},
        )
    return Manifest(
        as_of=release.as_of.strftime("%Y-%m-%dT%H:%M:%SZ"),
        revision=git_revision(PROJECT_DIR),
        exporter_version=exporter_version,
        fingerprint=fingerprint(written_as | {"businesses": businesses}),
        tables={
            mart.name: TableEntry(
                rows=sum(content.rows for content in contents[mart.name].values()),
                columns=mart.columns,
            )
            for mart in release.marts
        },
        businesses=businesses,
    )


def read_manifest(export_dir: Path) -> Manifest | None:
    """Return what the last export wrote, or None where there is nothing that can be trusted."""
    try:
        return Manifest.model_validate_json((export_dir / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError, ValidationError):
        return None


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Write the manifest so that equal content gives equal bytes."""
    content: dict[str, Any] = manifest.model_dump()
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def git_revision(folder: Path) -> str | None:
    """Return the commit of the repository whose root is `folder`, None where there is none."""
    command = ["git", "-C", str(folder), "rev-parse", "--show-toplevel", "HEAD"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        return None
    if answer.returncode != 0:
        return None
    top, revision = answer.stdout.split("\n")[:2]
    # A copy of the project inside somebody else's repository has no revision of its own.
    return revision if Path(top) == folder else None
