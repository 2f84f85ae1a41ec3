"""The Bitrix24 portals: whose each is, whether it answers, and what its webhook may read."""

from collections.abc import Iterator
from typing import NoReturn

from pydantic import SecretStr

from orchestration.config import Settings
from orchestration.doctor.findings import Finding, absent, good, listed, warning, wrong
from orchestration.doctor.landing import businesses_of
from orchestration.errors import ActionableError
from orchestration.publish.offers import unknown_names
from orchestration.sources.bitrix24.client import Portal
from orchestration.sources.bitrix24.pacing import Clock

_AREA = "portals"
_RIGHTS = ("crm", "imopenlines", "user", "booking")


class _ImpatienceError(Exception):
    """What did not work at once is told, not tried again."""


def examine_portals(settings: Settings) -> Iterator[Finding]:
    """Ask every portal once which rights its webhook has."""
    webhooks = settings.bitrix24_webhooks()
    if not webhooks:
        yield absent(_AREA, "no_portals")
        return
    for name in unknown_names(webhooks, businesses_of(settings)):
        folder = settings.landing_dir / name.lower()
        yield warning(_AREA, "portal_without_folder", variable=name, folder=folder)
    for name, webhook in sorted(webhooks.items()):
        yield from _portal(name, webhook)


def _portal(name: str, webhook: SecretStr) -> Iterator[Finding]:
    try:
        portal = Portal(name, webhook, Clock(sleep=_give_up))
    except ActionableError as error:
        yield wrong(_AREA, "as_told", told=str(error))
        return
    try:
        given = portal.call("scope").result
    except _ImpatienceError:
        yield wrong(_AREA, "portal_silent", business=name)
        return
    except ActionableError as error:
        yield wrong(_AREA, "as_told", told=str(error))
        return
    finally:
        portal.close()
    missing = [right for right in _RIGHTS if right not in given]
    if not missing:
        yield good(_AREA, "portal", business=name)
    elif "crm" in missing:
        yield wrong(_AREA, "portal_without_crm", business=name, rights=listed(missing))
    else:
        yield warning(_AREA, "portal_rights", business=name, rights=listed(missing))


def _give_up(_: float) -> NoReturn:
    raise _ImpatienceError
