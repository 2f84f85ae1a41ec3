"""What an export has to write: the marts of each business that differ from what lies there."""

from collections.abc import Collection, Mapping
from pathlib import Path

from orchestration.publish.fingerprint import WHOLE, Contents
from orchestration.publish.folder import business_files, content_of, is_for_businesses, mart_parts
from orchestration.publish.pages.writing import page_files
from orchestration.publish.release import Mart
from orchestration.publish.state import State, signature

# The marts to write per business, by name, and of each the parts to write.
Plan = Mapping[str, Mapping[str, Collection[str]]]


def plan_files(
    base: State | None,
    contents: Contents,
    businesses: tuple[str, ...],
    marts: Collection[Mart],
    place: Path,
) -> Plan:
    """Return what to write per business: what changed, all where a file was touched."""
    with_files = [mart for mart in marts if is_for_businesses(mart)]
    plan = {}
    for business in businesses:
        known = None
        if base:
            names = all_files(marts, base.contents, business)
            found = signature(place / business, names)
            known = base.contents if found and found == base.files.get(business) else None
        own = {
            mart.name: _changed_parts(known, contents, mart, business)
            for mart in with_files
            if not known
            or content_of(known, mart, business) != content_of(contents, mart, business)
        }
        if own:
            plan[business] = own
    return plan


def all_files(marts: Collection[Mart], contents: Contents, business: str) -> list[str]:
    """Name every file in the folder of a business with these contents, pages too."""
    return [*business_files(marts, contents, business), *page_files(marts)]


def _changed_parts(
    before: Contents | None, after: Contents, mart: Mart, business: str
) -> Collection[str]:
    new = content_of(after, mart, business)
    parts = mart_parts(new)
    if before is None or parts == [WHOLE]:
        return parts
    old = content_of(before, mart, business)
    is_known = mart_parts(old) != [WHOLE]
    return [part for part in parts if not is_known or old.parts.get(part) != new.parts.get(part)]
