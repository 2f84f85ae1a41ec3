"""The article's table chat_logs becomes messages and leads without losing a row."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.config import PROJECT_DIR
from orchestration.errors import ActionableError
from tests.fixtures.landing_zone import Zone, open_zone

FILE = "salon/article/chat_logs/log.csv"
HEADER = "session_id,response_time,intent_correct,created_lead\n"
DATED = "session_id;response_time;intent_correct;created_lead;answered_at\n"


@pytest.fixture
def zone(tmp_path: Path) -> Iterator[Zone]:
    with open_zone(tmp_path) as zone:
        yield zone


def put(zone: Zone, rows: str, header: str = HEADER, name: str = FILE) -> None:
    zone.put(name, (header + rows).encode())


def told(zone: Zone) -> list[tuple[str, ...]]:
    return zone.rows(
        "select sender, session_id, sent_at::varchar, intent_correct from raw.messages "
        "order by session_id, sent_at, sender desc"
    )


def test_a_row_is_a_question_and_its_answer(zone: Zone) -> None:
    put(zone, "s1;2,5;true;0;2026-03-01T10:00:00Z\n", DATED)
    report = zone.load()
    assert (report.rows_read, report.rows_loaded) == (1, 1)
    assert told(zone) == [
        ("customer", "s1", "2026-03-01 09:59:57.5", True),
        ("bot", "s1", "2026-03-01 10:00:00", None),
    ]
    assert zone.rows("select distinct channel, user_id, kind, system from raw.messages") == [
        ("web", "s1", "text", "article")
    ]
    assert zone.rows("select sender, intent from raw.messages where intent is not null") == [
        ("customer", "article")
    ]


def test_rows_without_a_date_are_laid_out_from_1970_per_session(zone: Zone) -> None:
    put(zone, "s1,2,1,0\ns2,5,0,1\ns1,30,,0\ns1,1.5,0,1\n")
    zone.load()
    assert told(zone) == [
        ("customer", "s1", "1970-01-01 00:00:00", True),
        ("bot", "s1", "1970-01-01 00:00:02", None),
        ("customer", "s1", "1970-01-01 00:00:03", None),
        ("bot", "s1", "1970-01-01 00:00:33", None),
        ("customer", "s1", "1970-01-01 00:00:34", False),
        ("bot", "s1", "1970-01-01 00:00:35.5", None),
        ("customer", "s2", "1970-01-01 00:00:00", False),
        ("bot", "s2", "1970-01-01 00:00:05", None),
    ]


def test_a_row_without_a_response_time_is_a_question_nobody_answered(zone: Zone) -> None:
    put(zone, "s1,,1,1\n")
    zone.load()
    assert [row[0] for row in told(zone)] == ["customer"]
    assert zone.values("select created_at::varchar from raw.leads") == ["1970-01-01 00:00:00"]


def test_a_session_gives_one_lead_when_its_first_lead_row_was_answered(zone: Zone) -> None:
    put(
        zone,
        "s1;2;1;0;2026-03-01T10:00:00Z\n"
        "s1;2;1;1;2026-03-01T12:00:00Z\n"
        "s1;2;1;1;2026-03-01T11:00:00Z\n"
        "s2;2;1;0;2026-03-01T11:00:00Z\n",
        DATED,
    )
    zone.load()
    assert zone.rows(
        "select lead_id, created_at::varchar, modified_at::varchar, status, session_id, channel, "
        "source_line from raw.leads"
    ) == [("s1", *["2026-03-01 11:00:00"] * 2, "new", "s1", "web", 4)]


def test_the_article_query_gives_the_same_figures_from_the_messages(zone: Zone) -> None:
    put(zone, "s1,2,1,0\ns1,7,0,1\ns2,4,1,0\ns2,4,1,0\n")
    zone.load()
    assert zone.rows(
        """
        select
            session_id,
            count(*) filter (where intent_correct) / count(*) filter (where sender = 'customer'),
            (select count(*) from raw.leads where leads.session_id = messages.session_id)
        from raw.messages
        group by session_id
        order by session_id
        """
    ) == [("s1", 0.5, 1), ("s2", 1.0, 0)]


def test_equal_rows_in_one_file_are_several_messages_with_ids_of_their_own(zone: Zone) -> None:
    put(zone, "s1,2,1,0\ns1,2,1,0\ns1,2,1,0\n")
    zone.load()
    assert zone.values("select count(distinct message_id) from raw.messages") == [6]


def test_equal_rows_in_two_files_are_the_same_messages(zone: Zone) -> None:
    put(zone, "s1;2;1;0;2026-03-01T10:00:00Z\ns1;3;1;0;2026-03-01T10:05:00Z\n", DATED)
    more = "s1;3.0;yes;N;2026-03-01T13:05:00+03:00\ns1;4;1;0;2026-03-01T10:09:00Z\n"
    put(zone, more, DATED, FILE.replace("log.csv", "more.csv"))
    zone.load()
    assert zone.values("select count(*) from raw.messages") == [8]
    assert zone.values("select count(distinct (message_id, sent_at)) from raw.messages") == [6]


def test_the_ledger_counts_rows_of_the_file_and_conserves_them(zone: Zone) -> None:
    rows = "".join(f"s{number},2,1,1\n" for number in range(40))
    put(zone, rows + "s1,-1,1,0\n")
    put(zone, rows + "s1,-1,1,0\n", name=FILE.replace("log.csv", "twin.csv"))
    zone.load()
    zone.assert_conserved()
    assert zone.rows(
        "select stream, rows_read, rows_loaded, rows_duplicate, rows_rejected from raw.loaded_files"
    ) == [("chat_logs", 41, 40, 0, 1), ("chat_logs", 41, 0, 41, 0)]
    assert zone.rejects() == [(42, "bad_value:response_time", "s1,-1,1,0")]
    assert zone.values("select count(*) from raw.messages") == [80]
    assert zone.values("select count(*) from raw.leads") == [40]


def test_leads_of_the_file_come_and_go_with_the_messages(zone: Zone) -> None:
    put(zone, "s1,2,1,1\n")
    zone.put("salon/generic/costs/keep.jsonl", b"")
    zone.load("leads")
    assert zone.values("select count(*) from raw.leads") == [0]
    zone.load("messages")
    assert zone.values("select count(*) from raw.leads") == [1]
    (zone.landing_dir / FILE).unlink()
    zone.load("leads")
    assert zone.values("select count(*) from raw.leads") == [1]
    zone.load("messages")
    assert zone.values("select count(*) from raw.leads") == [0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",2,1,0", "missing_field:session_id"),
        ("s1,fast,1,0", "bad_value:response_time"),
        ("s1,1e9,1,0", "bad_value:response_time"),
        ("s1,2,perhaps,0", "bad_value:intent_correct"),
        ("s1,2,1,2", "bad_value:created_lead"),
    ],
)
def test_a_row_that_cannot_be_read_is_told(zone: Zone, row: str, reason: str) -> None:
    put(zone, row + "\n")
    with pytest.raises(ActionableError, match="Too many rows were rejected"):
        zone.load()
    assert zone.rejects() == [(2, reason, row)]


# The query as the article prints it, but for the breaks of its lines.
QUERY = """
SELECT session_id, MIN(response_time) AS ttr,
SUM(CASE WHEN intent_correct THEN 1 ELSE 0 END)/COUNT(*) AS intent_accuracy,
SUM(CASE WHEN created_lead=1 THEN 1 ELSE 0 END) AS leads FROM chat_logs GROUP BY session_id;
"""
# What DECISIONS.md sets side by side, and how each is counted for one business.
FIGURES = {
    "sessions, the query": ("{:,}", "select count(*) from article"),
    "sessions, the contract": ("{:,}", "select count(*) from sessions"),
    "of them without an answer, though settled": (
        "{:,}",
        "select count(*) from sessions where is_settled and not is_answered",
    ),
    "answered by a person alone": (
        "{:,}",
        "select count(*) from sessions where is_answered and ttr_bot_seconds is null",
    ),
    "mean time to response, the query": ("{:.2f} s", "select avg(ttr) from article"),
    "the same sessions by their first turn": (
        "{:.2f} s",
        "select avg(ttr_seconds) from article inner join sessions using (session_id)",
    ),
    "sessions whose fastest turn is not the first": (
        "{:,}",
        "select count(*) from article inner join sessions using (session_id) "
        "where ttr < ttr_seconds",
    ),
    "mean time to response, the contract": ("{:.0f} s", "select avg(ttr_seconds) from sessions"),
    "intent accuracy, the query": ("{:.3f}", "select avg(intent_accuracy) from article"),
    "answers that nobody judged": (
        "{:,}",
        "select count(*) from chat_logs where intent_correct is null",
    ),
    "intent accuracy, the contract": ("{:.3f}", "select value from accuracy"),
    "leads, the query": ("{:,}", "select sum(leads)::bigint from article"),
    "leads, the contract": ("{:,}", "select sum(leads)::bigint from sessions"),
    "deliveries of a message that had come before": ("{:,}", "select count from repeated"),
}


def figures(connection: duckdb.DuckDBPyConnection, business: str) -> list[str]:
    """What the query and the contract give for one business, in words."""
    for view, rows in {
        "chat_logs": "marts.chat_logs where business_id = $b",
        "sessions": "marts.fct_sessions where business_id = $b and is_qualified",
        "accuracy": "marts.rpt_scorecard where business_id = $b and period = 'all_time' "
        "and kpi = 'intent_accuracy'",
    }.items():
        connection.execute(f"create or replace temp table {view} as from {rows}", {"b": business})
    connection.execute(
        "create or replace temp table repeated as select count(*) - count(distinct "
        "(system, chat_id, message_id)) as count from raw.messages where business_id = ?",
        [business],
    )
    connection.execute(f"create or replace temp table article as {QUERY}")
    return [
        form.format(connection.execute(query).fetchall()[0][0]) for form, query in FIGURES.values()
    ]


def test_the_figures_that_the_decisions_quote_are_those_of_the_demo(demo_warehouse: Path) -> None:
    with duckdb.connect(str(demo_warehouse), read_only=True) as connection:
        businesses = ["clinic_neva", "salon_lime", "trainer_baltic"]
        columns = [figures(connection, business) for business in businesses]
    lines = [
        f"| {name} | {' | '.join(values)} |"
        for name, *values in zip(FIGURES, *columns, strict=True)
    ]
    decisions = (PROJECT_DIR / "DECISIONS.md").read_text(encoding="utf-8")
    assert [line for line in lines if line not in decisions] == []
