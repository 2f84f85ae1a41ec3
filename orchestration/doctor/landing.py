"""The landing zone: whose files lie there, and which nobody reads."""

import os
from collections import Counter
from collections.abc import Iterator

from orchestration.business import read_business
from orchestration.config import Settings
from orchestration.doctor.findings import Finding, absent, good, listed, warning, wrong
from orchestration.errors import ActionableError
from orchestration.landing import LandingZone, find_files
from orchestration.publish.offers import plain_names, variable_name

_AREA = "landing"


def businesses_of(settings: Settings) -> tuple[str, ...]:
    """Return the businesses that have a folder; none where the landing zone cannot be walked."""
    try:
        return find_files(settings.landing_dir).businesses
    except ActionableError:
        return ()


def examine_landing(settings: Settings) -> Iterator[Finding]:
    """Walk the landing zone as a refresh does, and read every business.yml with its own reader."""
    is_default = settings.landing_dir == Settings.model_fields["landing_dir"].default
    if is_default and not settings.landing_dir.exists():
        yield warning(_AREA, "landing_to_come", path=settings.landing_dir)
        return
    try:
        zone = find_files(settings.landing_dir)
    except ActionableError as error:
        yield wrong(_AREA, "as_told", told=str(error))
        return
    yield good(_AREA, "landing", path=zone.landing_dir, businesses=len(zone.businesses))
    if not os.access(zone.landing_dir, os.W_OK | os.X_OK):
        unwritable = wrong if settings.bitrix24_webhooks() else warning
        yield unwritable(_AREA, "landing_not_writable", path=zone.landing_dir)
    if not zone.businesses:
        empty = warning if not is_default else absent
        yield empty(_AREA, "no_businesses", path=zone.landing_dir)
    yield from _businesses(settings, zone)
    reasons: dict[str, list[str]] = {}
    for file in zone.unread_files:
        reasons.setdefault(file.reason, []).append(file.source_file)
    for reason, files in sorted(reasons.items()):
        yield warning(_AREA, f"unread_{reason}", files=listed(files, 3))
    try:
        plain_names(zone.businesses)
    except ActionableError as error:
        yield warning(_AREA, "as_told", told=str(error))


def _businesses(settings: Settings, zone: LandingZone) -> Iterator[Finding]:
    for business in zone.businesses:
        path = zone.settings_path(business)
        try:
            known = read_business(path)
        except ActionableError as error:
            yield wrong(_AREA, "as_told", told=str(error))
            continue
        systems = Counter(file.system for file in zone.files if file.business_id == business)
        if systems:
            told = ", ".join(f"{system} ({files})" for system, files in sorted(systems.items()))
            says = "business" if path.is_file() else "business_by_default"
            name = known.name or business
            yield good(_AREA, says, business=business, name=name, systems=told)
        elif variable_name(business) in settings.bitrix24_webhooks():
            yield good(_AREA, "business_of_portal", business=business)
        else:
            yield warning(_AREA, "business_empty", business=business, folder=path.parent)
