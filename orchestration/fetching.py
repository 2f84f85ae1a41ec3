"""Bring what portals hold into the landing zone, before anything is loaded from there."""

from collections.abc import Callable, Mapping

from pydantic import SecretStr

from orchestration.config import Settings
from orchestration.errors import ActionableError
from orchestration.landing import find_files
from orchestration.reports import Check, StepReport
from orchestration.sources.bitrix24.faults import PortalUnreachableError
from orchestration.sources.bitrix24.fetching import fetch_business
from orchestration.sources.bitrix24.reference import Report

STEP = "bitrix24"
EVERY_RIGHT = "every_right_is_given"


def fetch_portals(settings: Settings, tell: Callable[[str], None]) -> StepReport:
    """Fetch every business that has a webhook, telling how far it is; do nothing without any.

    One portal that is closed keeps nobody from the others. Raises ActionableError with a sentence
    per portal that failed, PortalUnreachableError where another try may help all of them.
    """
    reports: dict[str, Report] = {}
    failures: list[ActionableError] = []
    webhooks = settings.bitrix24_webhooks()
    for business_id, webhook in _by_business(webhooks, settings).items():
        try:
            reports[business_id] = fetch_business(business_id, webhook, settings.landing_dir, tell)
        except ActionableError as error:
            failures.append(error)
    if failures:
        is_passing = all(isinstance(failure, PortalUnreachableError) for failure in failures)
        kind = PortalUnreachableError if is_passing else ActionableError
        raise kind("\n".join(map(str, failures)))
    return _report(reports)


def _by_business(webhooks: Mapping[str, SecretStr], settings: Settings) -> Mapping[str, SecretStr]:
    """Whose folder each webhook fills: the one of that name, or a new one.

    Raises ActionableError for two folders of which the name of the variable can mean either.
    """
    folders: dict[str, str] = {}
    for business_id in find_files(settings.landing_dir).businesses if webhooks else ():
        name = business_id.upper().replace("-", "_")
        if name in folders and name in webhooks:
            raise ActionableError(
                f"BITRIX24_WEBHOOK_{name} can mean the business {folders[name]} or {business_id}: "
                "rename one of the two folders."
            )
        folders[name] = business_id
    return {folders.get(name, name.lower()): webhook for name, webhook in webhooks.items()}


def _report(reports: Mapping[str, Report]) -> StepReport:
    lines = ["| business | records | read | new | gone |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {business_id} | {kind} | {read} | {report.written.get(kind, 0)} "
        f"| {report.gone.get(kind, 0)} |"
        for business_id, report in reports.items()
        for kind, read in report.read.items()
    ]
    refused = [each for report in reports.values() for each in report.refused]
    missing = [each for report in reports.values() for each in (*report.refused, *report.absent)]
    warning = (
        f"Bitrix24 does not give all: {'; '.join(refused)}; give the webhook the right if it is "
        "wanted."
    )
    return StepReport(
        {STEP: sum(sum(report.written.values()) for report in reports.values())},
        checks=[Check(EVERY_RIGHT, STEP, len(refused), warning if refused else None)],
        details={
            "businesses": len(reports),
            "records_gone": sum(sum(report.gone.values()) for report in reports.values()),
            "not_to_be_had": "; ".join(missing) or "nothing",
        },
        preview="\n".join(lines),
    )
