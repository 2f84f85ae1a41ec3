"""The reports count what the facts hold: each cell against plain Python and statsmodels.

The facts that are counted are the warehouse's own, which the tests beside hold to the oracle: a
difference of a fact so shows once, at its session.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date
from functools import cache
from typing import Any

import duckdb
import pytest

from tests.integration.golden.computed import computed
from tests.integration.golden.oracle.business import seed
from tests.integration.golden.oracle.periods import (
    Span,
    count,
    daily_sums,
    leads_within,
    rows_within,
    share_mature,
    spans_of,
)
from tests.integration.golden.oracle.reports import (
    LEAD_SEGMENTS,
    SEGMENTS,
    funnel,
    heat_map,
    losses,
    resolution_counts,
)
from tests.integration.golden.oracle.scorecard import Kpi, kpis_of, light, wilson
from tests.integration.golden.oracle.warehouse import Columns, Computed
from tests.integration.golden.warehouses import rows

_KINDS = {row["kpi"]: row["kind"] for row in seed("kpis")}
# The warehouse expands Student's quantile, good to 0.2 % from 3 degrees of freedom on.
_STUDENT = 0.005
_FIGURES = ("value", "lower", "upper", "numerator", "denominator", "observations")
_OF_SESSIONS = ("channel", "daypart", "scenario", "bot_version")


@pytest.fixture(scope="module")
def facts(at_once: duckdb.DuckDBPyConnection) -> Mapping[str, Computed]:
    """The oracle's sessions with the warehouse's columns."""
    found = {
        (row["business_id"], row["channel"], row["started_at"].replace(tzinfo=UTC)): row
        for row in rows(at_once, "from marts.fct_sessions")
    }
    with_facts = {}
    for business, one in computed().items():
        columns = []
        for session, own in zip(one.sessions, one.columns, strict=True):
            row = found[business, session.channel, session.started_at]
            columns.append(own | row | {"session_date": row["session_date"].isoformat()})
        with_facts[business] = Computed(**{**vars(one), "columns": columns})
    return with_facts


def test_periods_are_those_of_the_calendar(
    at_once: duckdb.DuckDBPyConnection, facts: Mapping[str, Computed]
) -> None:
    found = {
        (row["business_id"], row["period"]): (
            (row["period_start"], row["period_end"]),
            row["previous_start"] and (row["previous_start"], row["previous_end"]),
        )
        for row in rows(at_once, "from marts.dim_periods")
    }
    assert found == {
        (business, period): spans
        for business, one in facts.items()
        for period, spans in spans_of(one).items()
    }


def test_daily_sums_are_those_of_the_facts(
    at_once: duckdb.DuckDBPyConnection, facts: Mapping[str, Computed]
) -> None:
    groups: dict[tuple[Any, ...], list[Columns]] = {}
    for business, one in facts.items():
        for row in one.columns:
            place = (business, date.fromisoformat(row["session_date"]))
            groups.setdefault((*place, *(row[name] for name in _OF_SESSIONS)), []).append(row)
    differences: list[str] = []
    for row in rows(at_once, "from marts.rpt_kpi_daily"):
        key = (row["business_id"], row["session_date"], *(row[name] for name in _OF_SESSIONS))
        sums = daily_sums(groups.pop(key))
        assert row.keys() == sums.keys() | {"business_id", "session_date", *_OF_SESSIONS}
        differences += [
            f"{key}, {name}: warehouse {row[name]}, oracle {value}"
            for name, value in sums.items()
            if not _is_near(row[name], value)
        ]
    assert not differences, "\n".join(["", *differences])
    assert groups == {}


@pytest.mark.parametrize("table", ["rpt_scorecard", "rpt_segments"])
def test_kpis_are_those_of_the_facts(
    at_once: duckdb.DuckDBPyConnection, facts: Mapping[str, Computed], table: str
) -> None:
    @cache
    def counted(
        business: str, span: Span, dimension: str | None, segment: str | None
    ) -> tuple[Mapping[str, Kpi], Sequence[Columns]]:
        one = facts[business]
        inside = rows_within(one, span)
        if dimension is None:
            return kpis_of(count(inside, leads_within(one, span))), inside
        inside = [row for row in inside if SEGMENTS[dimension](row) == segment]
        leads: list[Columns] | None = None
        if dimension in LEAD_SEGMENTS:
            named = LEAD_SEGMENTS[dimension]
            leads = [lead for lead in leads_within(one, span) if named(lead) == segment]
        return kpis_of(count(inside, leads)), inside

    found = rows(at_once, f"from marts.{table}")
    differences: list[str] = []
    for row in found:
        business = row["business_id"]
        place = (row.get("dimension"), row.get("segment"))
        current, previous = spans_of(facts[business])[row["period"]]
        kpis, inside = counted(business, current, *place)
        before = counted(business, previous, *place)[0] if previous else None
        differences += [
            f"{business}, {row['period']}, {place}, {row['kpi']}, {difference}"
            for difference in _kpi_differences(
                row, kpis[row["kpi"]], facts[business], inside, before
            )
        ]
    assert not differences, "\n".join(["", *differences])
    assert {row["dimension"] for row in found if "dimension" in row} == (
        SEGMENTS.keys() if table == "rpt_segments" else set()
    )


def test_a_scorecard_has_every_kpi_in_every_period(at_once: duckdb.DuckDBPyConnection) -> None:
    found = {
        (row["business_id"], row["period"], row["kpi"])
        for row in rows(at_once, "from marts.rpt_scorecard")
    }
    periods = [row["period"] for row in seed("periods")]
    assert found == {
        (business, period, kpi) for business in computed() for period in periods for kpi in _KINDS
    }


def test_the_heat_map_is_that_of_the_facts(
    at_once: duckdb.DuckDBPyConnection, facts: Mapping[str, Computed]
) -> None:
    expected = {
        (business, period, *place): cell
        for business, one in facts.items()
        for period, (span, _) in spans_of(one).items()
        for place, cell in heat_map(rows_within(one, span)).items()
    }
    _assert_cells(
        rows(at_once, "from marts.rpt_speed_heatmap"),
        expected,
        ("business_id", "period", "weekday", "hour"),
    )


def test_losses_are_those_of_the_facts(
    at_once: duckdb.DuckDBPyConnection, facts: Mapping[str, Computed]
) -> None:
    expected: dict[tuple[Any, ...], Columns] = {}
    for business, one in facts.items():
        for period, (span, _) in spans_of(one).items():
            for channel, inside in _by_channel(rows_within(one, span)).items():
                lost = losses(inside)
                for reason in (row["loss_reason"] for row in seed("loss_reasons")):
                    cell: Columns = {"sessions": lost[reason], "lost_sessions": lost.total()}
                    if lost:
                        lower, upper = wilson(lost[reason], lost.total())
                        cell["reason_share"] = lost[reason] / lost.total()
                        cell |= {"reason_share_lower": lower, "reason_share_upper": upper}
                    expected[business, period, channel, reason] = cell
    found = rows(at_once, "from marts.rpt_loss_reasons")
    _assert_cells(found, expected, ("business_id", "period", "channel", "loss_reason"), True)


def test_the_funnel_is_that_of_the_facts(
    at_once: duckdb.DuckDBPyConnection, facts: Mapping[str, Computed]
) -> None:
    expected: dict[tuple[Any, ...], Columns] = {}
    for business, one in facts.items():
        for period, (span, _) in spans_of(one).items():
            for channel, inside in _by_channel(rows_within(one, span)).items():
                steps = funnel(inside)
                entered = next(iter(steps.values()))
                for step, converted in steps.items():
                    cell: Columns = {"entered": entered, "converted": converted}
                    if step != "session" and entered:
                        lower, upper = wilson(converted, entered)
                        cell |= {"rate": converted / entered, "lower": lower, "upper": upper}
                    expected[business, period, channel, step] = cell
                    entered = converted
    found = rows(at_once, "from marts.rpt_funnel")
    _assert_cells(found, expected, ("business_id", "period", "channel", "step"), True)


def test_vendors_definitions_are_counted_on_the_facts(
    at_once: duckdb.DuckDBPyConnection, facts: Mapping[str, Computed]
) -> None:
    expected: dict[tuple[Any, ...], Columns] = {}
    for business, one in facts.items():
        for period, (span, _) in spans_of(one).items():
            counts = resolution_counts(rows_within(one, span))
            for row in seed("resolution_definitions"):
                numerator, denominator = counts[row["numerator"]], counts[row["denominator"]]
                cell: Columns = {"numerator": numerator, "denominator": denominator}
                if denominator:
                    lower, upper = wilson(numerator, denominator)
                    cell |= {"rate": numerator / denominator, "lower": lower, "upper": upper}
                expected[business, period, row["definition"]] = cell
    found = rows(at_once, "from marts.rpt_resolution_definitions")
    _assert_cells(found, expected, ("business_id", "period", "definition"), True)


def _kpi_differences(
    row: Mapping[str, Any],
    kpi: Kpi,
    one: Computed,
    inside: Sequence[Columns],
    before: Mapping[str, Kpi] | None,
) -> Iterator[str]:
    kind = _KINDS[row["kpi"]]
    is_mean = kind == "mean"
    for name in _FIGURES:
        # The order statistics about a quantile are chosen freely; three values have no good mean.
        if name in ("lower", "upper") and (
            kind == "quantile" or (is_mean and kpi.observations < 4)
        ):
            continue
        # A count has no observations but itself.
        if name == "observations" and kind == "count":
            continue
        expected = getattr(kpi, name)
        # Nothing that was counted and no row to count are one.
        found = row[name] if expected is None or name == "value" else row[name] or 0
        if not _is_near(found, expected, _STUDENT if is_mean and name in ("lower", "upper") else 0):
            yield f"{name}: warehouse {row[name]}, oracle {expected}"
    target = one.business.targets.get(row["kpi"])
    if not _is_near(row["target"], target):
        yield f"target: warehouse {row['target']}, oracle {target}"
    if kind not in ("quantile", "count") and row["status"] != light(row["kpi"], kpi, target):
        yield f"status: warehouse {row['status']}, oracle {light(row['kpi'], kpi, target)}"
    if row["value"] is not None and not _is_near(row["share_mature"], share_mature(inside)):
        yield f"share_mature: warehouse {row['share_mature']}, oracle {share_mature(inside)}"
    # Immature periods are compared with nothing.
    if row["previous_value"] is not None:
        earlier = before[row["kpi"]].value if before else None
        if not _is_near(row["previous_value"], earlier):
            yield f"previous_value: warehouse {row['previous_value']}, oracle {earlier}"
        if row["change"] is not None and not _is_near(
            row["change"], row["value"] - row["previous_value"]
        ):
            yield f"change: warehouse {row['change']}"


def _by_channel(inside: Sequence[Columns]) -> dict[str, list[Columns]]:
    channels: dict[str, list[Columns]] = {"all": list(inside)}
    for row in inside:
        channels.setdefault(row["channel"], []).append(row)
    return channels


def _assert_cells(
    found: Sequence[Mapping[str, Any]],
    expected: Mapping[tuple[Any, ...], Columns],
    keys: Sequence[str],
    may_leave_out_nothing: bool = False,
) -> None:
    """Assert that rows have the figures expected; empty ones may be missing where it is said."""
    by_key = {tuple(row[name] for name in keys): row for row in found}
    assert len(by_key) == len(found)
    differences = [
        f"{key} is missing"
        for key, cell in expected.items()
        if key not in by_key and not (may_leave_out_nothing and not any(cell.values()))
    ]
    for key, row in by_key.items():
        cell = expected.get(key)
        if cell is None:
            counts = [row[name] for name in ("sessions", "entered") if row.get(name)]
            differences += [f"{key}: {counts} of nothing"] if counts else []
            continue
        differences += [
            f"{key}, {name}: warehouse {row[name]}, oracle {value}"
            for name, value in cell.items()
            if not _is_near(row[name], value)
        ]
    assert not differences, "\n".join(["", *differences])


def _is_near(found: float | None, expected: float | None, tolerance: float = 0) -> bool:
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=max(tolerance, 1e-9), abs_tol=1e-9)
