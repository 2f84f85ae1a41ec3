"""What a run of dbt did, told as every other step is, and where its time went."""

from collections.abc import Iterable

from dbt.artifacts.resources.types import NodeType
from dbt.artifacts.schemas.results import TestStatus
from dbt.artifacts.schemas.run import RunResult

from orchestration.dbt import Build
from orchestration.reports import Check, StepReport

_BUILT = (NodeType.Model, NodeType.Seed)


def report_models(build: Build, seconds: float) -> StepReport:
    """Return the rows of every model and seed (none of a view), and every test as a check.

    `seconds` are those of the whole step.
    """
    built = [result for result in build.nodes if result.node.resource_type in _BUILT]
    return StepReport(
        {
            result.node.name: build.rows.get(f"{result.node.schema}.{result.node.name}", 0)
            for result in built
        },
        checks=[
            _check(result) for result in build.nodes if result.node.resource_type == NodeType.Test
        ],
        remarks=[_where_the_time_went(build, built, seconds)],
    )


def _check(result: RunResult) -> Check:
    is_warning = result.status == TestStatus.Warn
    warning = f"The data test {result.node.name} warns: {result.message}" if is_warning else None
    return Check(result.node.name, result.node.schema, result.failures or 0, warning)


def _where_the_time_went(build: Build, built: Iterable[RunResult], seconds: float) -> str:
    models, everything = _seconds_running(built), _seconds_running(build.nodes)
    return (
        f"models {models:.1f} s, tests alone {everything - models:.1f} s, "
        f"dbt itself {max(0.0, seconds - everything):.1f} s"
    )


def _seconds_running(results: Iterable[RunResult]) -> float:
    """Seconds in which any of these ran: nodes run side by side, so that they cannot be added."""
    spans = sorted(
        (timing.started_at.timestamp(), timing.completed_at.timestamp())
        for result in results
        for timing in result.timing
        if timing.name == "execute" and timing.started_at and timing.completed_at
    )
    covered, end = 0.0, float("-inf")
    for started, stopped in spans:
        covered += max(0.0, stopped - max(started, end))
        end = max(end, stopped)
    return covered
