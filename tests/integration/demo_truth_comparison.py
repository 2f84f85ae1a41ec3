"""What the marts say of the demo, held against what really happened in it.

Every function returns sentences, one per difference: an empty list is full agreement.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from orchestration.demo import DemoTruth, SessionTruth, business_totals

Key = tuple[str, str, str | datetime]

_PLAIN = (
    "session_kind",
    "is_qualified",
    "is_bot_involved",
    "is_settled",
    "is_mature",
    "session_date",
    "scenario",
    "bot_version",
    "variant",
    "started_at",
    "ended_at",
    "customer_messages",
    "bot_messages",
    "operator_messages",
    "is_answered",
    "ttr_seconds",
    "ttr_bot_seconds",
    "ttr_human_seconds",
    "classifiable_messages",
    "no_match_messages",
    "labelled_messages",
    "correct_messages",
    "has_handoff",
    "handoff_type",
    "outcome",
    "is_resolved",
    "leads",
    "is_converted",
    "csat_chat",
    "csat_visit",
    "nps_score",
)
# Not known yet (a window still open) and nothing to sum both count as nothing here.
_EMPTY_IS_NOTHING = (
    "returned_within_24h",
    "returned_within_72h",
    "returned_within_168h",
    "human_handle_seconds",
    "lead_amount",
    "paid_amount",
)
_TOTALS = (
    "qualified_sessions",
    "settled_sessions",
    "mature_sessions",
    "bot_sessions",
    "settled_bot_sessions",
    "answered_sessions",
    "unanswered_sessions",
    "classifiable_messages",
    "no_match_messages",
    "labelled_messages",
    "correct_messages",
    "handoff_sessions",
    "unplanned_handoff_sessions",
    "contained_sessions",
    "resolved_sessions",
    "csat_chat_responses",
    "csat_chat_sum",
    "nps_responses",
    "nps_promoters",
    "nps_detractors",
    "human_handle_seconds",
    "operator_sessions",
    "operator_messages",
    "converted_sessions",
    "leads",
    "csat_visit_responses",
    "csat_visit_sum",
)


def session_differences(connection: duckdb.DuckDBPyConnection, truth: DemoTruth) -> list[str]:
    """Hold every row of `fct_sessions` against the session that was told."""
    given_ids = {
        (session.business_id, session.session_id)
        for session in truth.sessions
        if session.session_id is not None
    }
    rows: dict[Key, dict[str, Any]] = {}
    for row in _rows(connection, "select * from marts.fct_sessions"):
        named = (row["business_id"], row["session_id"]) in given_ids
        found_by = row["session_id"] if named else row["started_at"]
        rows[row["business_id"], row["channel"], found_by] = row
    differences = []
    for session in truth.sessions:
        row = rows.pop(_key(session), None)
        if row is None:
            differences.append(f"{_name(session)} is missing")
            continue
        for column, told, found in _compared(session, row):
            if told != found:
                differences.append(f"{_name(session)}: {column} is {found!r}, was {told!r}")
    differences += [f"session {key} was never told" for key in rows]
    return differences


def total_differences(connection: duckdb.DuckDBPyConnection, truth: DemoTruth) -> list[str]:
    """Hold each business's sums of `rpt_kpi_daily` against the sums of its stories."""
    sums = ", ".join(f"sum({name}) as {name}" for name in _TOTALS)
    found = {
        row["business_id"]: row
        for row in _rows(
            connection,
            f"select business_id, sum(sessions) as all_sessions, {sums}"
            " from marts.rpt_kpi_daily group by business_id",
        )
    }
    differences = []
    for business_id in _businesses(truth):
        counts = business_totals(truth, business_id).counts
        differences += [
            f"{business_id}: {name} is {found[business_id][name]}, was {counts[name]}"
            for name in ("all_sessions", *_TOTALS)
            if found[business_id][name] != counts[name]
        ]
    return differences


def scorecard_differences(connection: duckdb.DuckDBPyConnection, truth: DemoTruth) -> list[str]:
    """Hold what the scorecard says of all time against the shares of the stories."""
    found = {
        (row["business_id"], row["kpi"]): row["value"]
        for row in _rows(
            connection,
            "select business_id, kpi, value from marts.rpt_scorecard where period = 'all_time'",
        )
    }
    differences = []
    for business_id in _businesses(truth):
        totals = business_totals(truth, business_id)
        counts = totals.counts
        told = {
            "intent_accuracy": totals.intent_accuracy,
            "lead_conversion_rate": counts["converted_sessions"] / counts["mature_sessions"],
            "unmatched_lead_rate": counts["unmatched_leads"] / counts["crm_leads"],
            "no_show_rate": counts["visits_no_show"]
            / (counts["visits_no_show"] + counts["visits_arrived"]),
            "cancellation_rate": counts["visits_cancelled"]
            / sum(counts[f"visits_{fate}"] for fate in ("arrived", "no_show", "cancelled")),
            "manual_load_minutes": counts["human_handle_seconds"]
            / 60
            / counts["qualified_sessions"]
            * 100,
        }
        differences += [
            f"{business_id}: {kpi} is {found.get((business_id, kpi))}, was {value}"
            for kpi, value in told.items()
            if not math.isclose(found.get((business_id, kpi)) or 0.0, value, rel_tol=1e-6)
        ]
    return differences


def date_differences(connection: duckdb.DuckDBPyConnection, truth: DemoTruth) -> list[str]:
    """Hold the qualified sessions of every local date against those that began on it."""
    found: dict[tuple[str, date], int] = {
        (row["business_id"], row["session_date"]): row["sessions"]
        for row in _rows(
            connection,
            "select business_id, session_date, sum(qualified_sessions) as sessions"
            " from marts.rpt_kpi_daily group by all having sessions > 0",
        )
    }
    told = {
        (business_id, day): sessions
        for business_id in _businesses(truth)
        for day, sessions in business_totals(truth, business_id).sessions_per_date.items()
    }
    return [
        f"{key[0]} on {key[1]}: {found.get(key, 0)} sessions, were {told.get(key, 0)}"
        for key in sorted(found.keys() | told.keys())
        if found.get(key) != told.get(key)
    ]


def lead_differences(connection: duckdb.DuckDBPyConnection, truth: DemoTruth) -> list[str]:
    """Hold every row of `fct_leads` against the lead that was told."""
    found = {
        (row["business_id"], row["lead_id"]): row
        for row in _rows(connection, "select * from marts.fct_leads")
    }
    differences = []
    for lead in truth.leads:
        name = f"lead {lead.lead_id} of {lead.business_id} ({lead.case or 'ordinary'})"
        row = found.pop((lead.business_id, lead.lead_id), None)
        if row is None:
            differences.append(f"{name} is missing")
            continue
        told: dict[str, object] = {
            "match_method": lead.method,
            "created_at": lead.created_at,
            "is_deleted": lead.is_deleted,
            "visit_status": lead.visit_status,
            "paid_amount": lead.paid_amount or None,
            "revenue_amount": None if lead.is_deleted else lead.paid_amount,
        }
        if lead.session is not None and lead.session.session_id is not None:
            told["session_id"] = lead.session.session_id
        differences += [
            f"{name}: {column} is {row[column]!r}, was {value!r}"
            for column, value in told.items()
            if row[column] != value
        ]
    differences += [f"lead {key} was never told" for key in found]
    return differences


def _compared(
    session: SessionTruth, row: Mapping[str, Any]
) -> Iterator[tuple[str, object, object]]:
    for column in _PLAIN:
        yield column, getattr(session, column), row[column]
    for column in _EMPTY_IS_NOTHING:
        yield column, getattr(session, column), row[column] or 0
    yield "first_customer_at", session.t0, row["first_customer_at"]
    if session.is_answered_in_target is not None:
        yield "is_answered_in_target", session.is_answered_in_target, row["is_answered_in_target"]
    if session.daypart is not None:
        yield "daypart", session.daypart, row["daypart"]


def _key(session: SessionTruth) -> Key:
    return session.business_id, session.channel, session.session_id or session.started_at


def _name(session: SessionTruth) -> str:
    what = ", ".join(session.cases) or "ordinary"
    return (
        f"{session.business_id} {session.session_id or session.channel} "
        f"{session.started_at:%Y-%m-%d %H:%M:%S} ({what})"
    )


def _businesses(truth: DemoTruth) -> list[str]:
    return sorted({session.business_id for session in truth.sessions})


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[dict[str, Any]]:
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    for values in result.fetchall():
        yield {
            name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
            for name, value in zip(names, values, strict=True)
        }
