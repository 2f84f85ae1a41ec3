"""Scenarios told by hand, an oracle in plain Python and the models agree, cell by cell."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest

from tests.integration.golden.computed import Key, computed, scenario_names, sessions
from tests.integration.golden.edge_cases import EDGE_CASES
from tests.integration.golden.told import Told, all_told
from tests.integration.golden.warehouses import rows
from tests.integration.models_in_memory import marts

# Columns without a value until their rules are built: one that gets values has to leave the list.
STUBS: Mapping[str, frozenset[str]] = {
    "fct_sessions": frozenset(),
    "fct_leads": frozenset(),
    "fct_turns": frozenset(),
}
# Columns that the oracle does not compute, and why.
NOT_COMPARED: Mapping[str, Mapping[str, str]] = {
    "fct_sessions": {
        "business_id": "the key",
        "session_id": "held to the platform's own or to being the only one, below",
        "user_key": "held to the person, below",
        "loss_evidence": "a text for people, there where a reason is",
        "changes_at": "no figure: when a refresh has to look again",
    },
    "fct_leads": {
        "business_id": "the key",
        "lead_id": "the key",
        "session_id": "held to the session, below",
        "system": "always generic",
        "created_date": "the local date of created_at, by which the scorecard counts leads",
        "funnel_position": "counted by the funnel's own test",
        "changes_at": "no figure: when a refresh has to look again",
    },
    "fct_turns": {
        "business_id": "the key",
        "session_id": "the key",
        "turn_id": "no figure",
        "is_first_bot_answer": "a flag for the article's view",
    },
}
# What the oracle keeps for its own sums.
_OWN = {"person", "has_hours", "is_week_old", "steps"}


def test_every_edge_case_of_the_contract_is_told() -> None:
    names = {told.scenario.name for told in all_told()}

    assert {case: [n for n in told if n not in names] for case, told in EDGE_CASES.items()} == {
        case: [] for case in EDGE_CASES
    }


def test_the_oracle_says_of_sessions_what_a_person_says() -> None:
    differences: list[str] = []
    for told in all_told():
        found = _of_scenario(told)
        if len(found) != len(told.scenario.told):
            differences.append(
                f"{_name(told)}: {len(found)} sessions, hand {len(told.scenario.told)}"
            )
        for columns, by_hand in zip(found, told.scenario.told, strict=False):
            differences += [
                f"{_name(told)}, {column}: oracle {_plain(columns[column])}, hand {value}"
                for column, value in by_hand.items()
                if _plain(columns[column]) != value
            ]
    assert not differences, "\n".join(["", *differences])


def test_the_oracle_says_of_leads_what_a_person_says() -> None:
    differences: list[str] = []
    for told in all_told():
        for name, by_hand in told.scenario.told_leads.items():
            lead = computed()[told.scenario.business].leads[told.telling.own(name)]
            for column, value in by_hand.items():
                expected = told.telling.moment(value) if column.endswith("_at") and value else value
                if lead[column] != expected:
                    differences.append(
                        f"{_name(told)}, {name}, {column}: oracle {lead[column]}, hand {value}"
                    )
    assert not differences, "\n".join(["", *differences])


def test_the_warehouse_has_the_sessions_of_the_oracle(at_once: duckdb.DuckDBPyConnection) -> None:
    found = _sessions(at_once)

    assert [k for k in found if k not in sessions()] == []
    assert [scenario_names()[k] for k in sessions() if k not in found] == []


def test_every_session_is_that_of_the_oracle(at_once: duckdb.DuckDBPyConnection) -> None:
    by_hand = _by_hand()
    found = _sessions(at_once)
    differences: list[str] = []
    for key, (_, columns) in sessions().items():
        differences += _differences(
            f"{key[0]}, {scenario_names()[key]}",
            found[key],
            {name: value for name, value in columns.items() if name not in _OWN},
            by_hand.get(key, {}),
        )
    assert not differences, "\n".join(["", *differences])


def test_a_session_bears_the_platforms_id_or_one_of_its_own(
    at_once: duckdb.DuckDBPyConnection,
) -> None:
    found = _sessions(at_once)
    ids = [(key[0], row["session_id"]) for key, row in found.items()]

    assert len(set(ids)) == len(ids)
    for key, (session, _) in sessions().items():
        if session.platform_id is not None:
            assert found[key]["session_id"] == session.platform_id


def test_sessions_share_a_key_of_the_person_where_the_person_is_one(
    at_once: duckdb.DuckDBPyConnection,
) -> None:
    found = _sessions(at_once)
    people = {(key[0], *session.person) for key, (session, _) in sessions().items()}
    pairs = {
        ((key[0], *session.person), found[key]["user_key"])
        for key, (session, _) in sessions().items()
    }

    assert len(pairs) == len(people) == len({user_key for _, user_key in pairs})


def test_a_lost_session_has_evidence_and_no_other(at_once: duckdb.DuckDBPyConnection) -> None:
    wrong = rows(
        at_once,
        "select session_id, loss_reason, loss_evidence from marts.fct_sessions "
        "where (loss_reason is null) != (loss_evidence is null)",
    )
    assert wrong == []


def test_every_lead_is_that_of_the_oracle(at_once: duckdb.DuckDBPyConnection) -> None:
    found = {
        (row["business_id"], row["lead_id"]): row for row in rows(at_once, "from marts.fct_leads")
    }
    expected = {
        (business, lead_id): lead
        for business, one in computed().items()
        for lead_id, lead in one.leads.items()
    }
    assert found.keys() == expected.keys()
    differences: list[str] = []
    for key, lead in expected.items():
        differences += _differences(", ".join(key), found[key], lead, {})
    assert not differences, "\n".join(["", *differences])


def test_every_lead_points_at_the_session_of_the_oracle(
    at_once: duckdb.DuckDBPyConnection,
) -> None:
    begun = {
        (row["business_id"], row["lead_id"]): row["started_at"]
        for row in rows(
            at_once,
            "select leads.business_id, lead_id, sessions.started_at from marts.fct_leads as leads "
            "left join marts.fct_sessions as sessions using (business_id, session_id)",
        )
    }
    assert {key: moment and moment.replace(tzinfo=UTC) for key, moment in begun.items()} == {
        (business, lead_id): match.session.started_at if match.session else None
        for business, one in computed().items()
        for lead_id, match in one.matches.items()
    }


def test_every_turn_is_that_of_the_oracle(at_once: duckdb.DuckDBPyConnection) -> None:
    found: dict[Key, list[dict[str, Any]]] = {}
    for row in rows(
        at_once,
        "select turns.*, channel, started_at from marts.fct_turns as turns "
        "inner join marts.fct_sessions using (business_id, session_id) order by turn_number",
    ):
        found.setdefault(_key(row), []).append(row)
    differences: list[str] = []
    for business, one in computed().items():
        for session, turns in zip(one.sessions, one.turns, strict=True):
            key = (business, session.channel, session.started_at)
            name = f"{business}, {scenario_names()[key]}"
            if len(found.get(key, [])) != len(turns):
                differences.append(f"{name}: {len(found.get(key, []))} turns, oracle {len(turns)}")
                continue
            for row, turn in zip(found.get(key, []), turns, strict=True):
                where = f"{name}, turn {turn['turn_number']}"
                differences += _differences(where, row, turn, {})
    assert not differences, "\n".join(["", *differences])


@pytest.mark.parametrize("table", sorted(NOT_COMPARED))
def test_no_column_is_skipped_in_silence(at_once: duckdb.DuckDBPyConnection, table: str) -> None:
    facts = rows(at_once, f"from marts.{table}")
    compared = {
        "fct_sessions": set(next(iter(sessions().values()))[1]) - _OWN,
        "fct_leads": set(next(iter(computed()["lotus"].leads.values()))),
        "fct_turns": set(next(turns[0] for turns in computed()["lotus"].turns if turns)),
    }[table]

    assert set(facts[0]) == compared | NOT_COMPARED[table].keys() | STUBS[table]
    empty = {name for name in facts[0] if all(row[name] is None for row in facts)}
    assert empty == STUBS[table]


def test_deliveries_in_another_order_and_a_refresh_apart_give_the_same(
    at_once: duckdb.DuckDBPyConnection, in_parts: duckdb.DuckDBPyConnection
) -> None:
    # These tell when what came, which is not the same.
    of_arrival = {"rpt_reconciliation", "fct_loads", "fct_sources"}
    whole, parts = marts(at_once), marts(in_parts)

    assert whole.keys() == parts.keys()
    assert [name for name in whole if whole[name] != parts[name] and name not in of_arrival] == []


def _name(told: Told) -> str:
    return f"{told.scenario.business}, {told.scenario.name}"


def _of_scenario(told: Told) -> list[Mapping[str, Any]]:
    return [
        columns
        for key, (_, columns) in sessions().items()
        if key[0] == told.scenario.business and scenario_names()[key] == told.scenario.name
    ]


def _by_hand() -> dict[Key, Mapping[str, Any]]:
    by_name = {
        (told.scenario.business, told.scenario.name): iter(told.scenario.told)
        for told in all_told()
    }
    return {key: next(by_name[key[0], scenario_names()[key]], {}) for key in sessions()}


def _sessions(connection: duckdb.DuckDBPyConnection) -> dict[Key, dict[str, Any]]:
    return {_key(row): row for row in rows(connection, "from marts.fct_sessions")}


def _key(row: Mapping[str, Any]) -> Key:
    return row["business_id"], row["channel"], row["started_at"].replace(tzinfo=UTC)


def _differences(
    where: str, found: Mapping[str, Any], expected: Mapping[str, Any], by_hand: Mapping[str, Any]
) -> Iterator[str]:
    for column, value in expected.items():
        if _plain(found[column]) != _plain(value):
            hand = f", hand {by_hand[column]}" if column in by_hand else ""
            yield f"{where}, {column}: warehouse {_plain(found[column])}, oracle {value}{hand}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return value.isoformat() if isinstance(value, date) else value
