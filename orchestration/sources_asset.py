"""Bring what portals hold into the landing zone, before anything is loaded from there."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import SecretStr

from orchestration.checks import ROW_COUNT
from orchestration.config import read_settings
from orchestration.errors import ActionableError
from orchestration.failing import one_sentence
from orchestration.landing import find_files
from orchestration.sources.bitrix24.faults import PortalUnreachableError
from orchestration.sources.bitrix24.fetching import fetch_business
from orchestration.sources.bitrix24.reference import Report

STEP = "bitrix24"
BITRIX24 = dg.AssetKey(["sources", "bitrix24"])

_EVERY_RIGHT = "every_right_is_given"
_RETRIES = dg.RetryPolicy(max_retries=1, delay=20)


def fetching_asset(pool: str) -> dg.AssetsDefinition:
    """The asset that fetches every business with a webhook; without webhooks it does nothing."""

    @dg.multi_asset(
        name=STEP,
        specs=[dg.AssetSpec(BITRIX24, group_name="sources")],
        check_specs=[dg.AssetCheckSpec(_EVERY_RIGHT, asset=BITRIX24)],
        pool=pool,
        retry_policy=_RETRIES,
    )
    def fetch(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        """Bring what is new in every Bitrix24 portal into the landing zone."""
        settings = read_settings()
        with one_sentence():
            webhooks = _by_business(settings.bitrix24_webhooks(), settings.landing_dir)
        reports: dict[str, Report] = {}
        failures: list[ActionableError] = []
        for business_id, webhook in webhooks.items():
            try:
                reports[business_id] = fetch_business(
                    business_id, webhook, settings.landing_dir, context.log.info
                )
            except ActionableError as error:
                # One portal that is closed keeps nobody from the others.
                failures.append(error)
        if failures:
            raise dg.Failure(
                "\n".join(map(str, failures)),
                allow_retries=all(isinstance(each, PortalUnreachableError) for each in failures),
            )
        yield dg.MaterializeResult(
            asset_key=BITRIX24, metadata=_metadata(reports), check_results=[_rights(reports)]
        )

    return fetch


def _by_business(webhooks: Mapping[str, SecretStr], landing_dir: Path) -> dict[str, SecretStr]:
    """Whose folder each webhook fills: the one of that name, or a new one.

    Raises ActionableError for two folders of which the name of the variable can mean either.
    """
    folders: dict[str, str] = {}
    for business_id in find_files(landing_dir).businesses if webhooks else ():
        name = business_id.upper().replace("-", "_")
        if name in folders and name in webhooks:
            raise ActionableError(
                f"BITRIX24_WEBHOOK_{name} can mean the business {folders[name]} or {business_id}: "
                "rename one of the two folders."
            )
        folders[name] = business_id
    return {folders.get(name, name.lower()): webhook for name, webhook in webhooks.items()}


def _metadata(reports: Mapping[str, Report]) -> Mapping[str, Any]:
    lines = ["| business | records | read | new | gone |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {business_id} | {kind} | {read} | {report.written.get(kind, 0)} "
        f"| {report.gone.get(kind, 0)} |"
        for business_id, report in reports.items()
        for kind, read in report.read.items()
    ]
    missing = [each for report in reports.values() for each in (*report.refused, *report.absent)]
    return {
        ROW_COUNT: sum(sum(report.written.values()) for report in reports.values()),
        "businesses": len(reports),
        "records_gone": sum(sum(report.gone.values()) for report in reports.values()),
        "preview": dg.MetadataValue.md("\n".join(lines)),
        "not_to_be_had": "; ".join(missing) or "nothing",
    }


def _rights(reports: Mapping[str, Report]) -> dg.AssetCheckResult:
    refused = [each for report in reports.values() for each in report.refused]
    return dg.AssetCheckResult(
        passed=not refused,
        check_name=_EVERY_RIGHT,
        asset_key=BITRIX24,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"Bitrix24 does not give all: {'; '.join(refused)}; give the webhook the "
        "right if it is wanted."
        if refused
        else None,
        metadata={"count": len(refused)},
    )
