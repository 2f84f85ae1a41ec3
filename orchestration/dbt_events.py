"""dbt's events as Dagster's assets and checks, by the public translation of dagster-dbt."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DbtProject
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage
from dagster_dbt.dbt_manifest import validate_manifest
from dbt_common.events.base_types import EventMsg
from dbt_common.events.functions import msg_to_dict

from orchestration.config import PROJECT_DIR, read_settings
from orchestration.dbt import PROFILES_DIR, Build, parse_where_changed, target_dir

ROW_COUNT = "dagster/row_count"

DbtEvent = dg.Output[Any] | dg.AssetCheckResult | dg.AssetObservation


def current_project() -> DbtProject:
    """Return the dbt project with a manifest that is newer than every file of the project.

    Raises ActionableError with dbt's own words where the project cannot be parsed.
    """
    settings = read_settings()
    parse_where_changed(settings)
    return DbtProject(PROJECT_DIR, target_path=target_dir(settings), profiles_dir=PROFILES_DIR)


def left_as_they_are(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
    """Yield every asset that was asked for as made: what it holds is what it would hold."""
    for key in sorted(context.selected_asset_keys):
        yield dg.MaterializeResult(asset_key=key, metadata={"unchanged": True})


def told(
    messages: Sequence[EventMsg],
    build: Build,
    context: dg.AssetExecutionContext,
    project: DbtProject,
) -> Iterator[DbtEvent]:
    """Yield what dbt told of the nodes that were asked for, with the rows of the tables.

    The others were built as well, as all models are built together.
    """
    manifest = validate_manifest(project.manifest_path)
    for message in messages:
        event = DbtCoreCliEventMessage(raw_event=msg_to_dict(message), event_history_metadata={})
        if not event.is_result_event:
            continue
        # Each line of the log is a row of Dagster's history, and passed tests are many.
        if not _is_passed_test(event):
            context.log.info(str(event))
        for translated in event.to_default_asset_events(manifest, context=context, project=project):
            if _is_asked_for(translated, context):
                yield _with_rows(translated, manifest, build.rows)  # type: ignore[arg-type]


def _is_asked_for(event: object, context: dg.AssetExecutionContext) -> bool:
    if isinstance(event, dg.Output):
        return event.output_name in context.op_execution_context.selected_output_names
    if isinstance(event, dg.AssetCheckResult) and event.asset_key and event.check_name:
        key = dg.AssetCheckKey(event.asset_key, event.check_name)
        return key in context.selected_asset_check_keys
    return True


def _is_passed_test(event: DbtCoreCliEventMessage) -> bool:
    node = event.raw_event["data"]["node_info"]
    return bool(node["resource_type"] == "test" and node["node_status"] == "pass")


def _with_rows(event: DbtEvent, manifest: Mapping[str, Any], rows: Mapping[str, int]) -> DbtEvent:
    if not isinstance(event, dg.Output):
        return event
    node = manifest["nodes"][event.metadata["unique_id"].value]
    count = rows.get(f"{node['schema']}.{node['alias']}")
    if count is None:
        return event
    return event.with_metadata({**event.metadata, ROW_COUNT: count})
