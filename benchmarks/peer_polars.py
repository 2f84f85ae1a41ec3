"""Competitor: the figures in Polars' lazy frames, over CSV files.

python -m benchmarks.peer_polars <landing> csv <figures.csv>
"""

import sys
from pathlib import Path

import polars as pl

from benchmarks.figures import COLUMNS, KEYS
from benchmarks.limit import COLUMNS as FILE_COLUMNS

PERSON = ["business_id", "channel", "user_id"]
SESSION = ["business_id", "session_key"]
_TYPES = {
    "varchar": pl.String,
    "timestamptz": pl.String,
    "double": pl.Float64,
    "boolean": pl.Boolean,
}


def scan_stream(landing_dir: Path, stream: str, time: str) -> pl.LazyFrame:
    """All files of a stream, with `business_id` from their folders."""
    columns = FILE_COLUMNS[stream]
    return pl.scan_csv(
        landing_dir / "*" / "generic" / stream / "*.csv",
        schema={name: _TYPES[kind] for name, kind in columns.items()},
        include_file_paths="path",
    ).with_columns(
        pl.col(time).str.to_datetime("%Y-%m-%dT%H:%M:%S%.3fZ", time_unit="ms"),
        business_id=pl.col("path").str.split("/").list.get(-4),
    )


def find_sessions(messages: pl.LazyFrame) -> pl.LazyFrame:
    """One row per session: the platform's number, or a silence of more than a day."""
    is_customer = pl.col("sender") == "customer"
    by_gap = messages.filter(pl.col("session_id").is_null()).sort([*PERSON, "sent_at"])
    silence = pl.col("sent_at").diff().over(PERSON)
    opens = is_customer & (silence > pl.duration(days=1)).fill_null(value=True)
    number = opens.cum_sum().over(PERSON)
    by_gap = by_gap.with_columns(
        session_key=pl.concat_str("channel", "user_id", number, separator="|")
    )
    by_number = messages.filter(pl.col("session_id").is_not_null()).with_columns(
        session_key=pl.col("session_id")
    )
    is_classified = pl.col("intent").is_not_null()
    return (
        pl.concat([by_number, by_gap])
        .group_by(SESSION)
        .agg(
            pl.col("channel", "user_id").first(),
            phone=pl.col("phone").min(),
            started_at=pl.col("sent_at").min(),
            ended_at=pl.col("sent_at").max(),
            answered_at=pl.col("sent_at").filter(~is_customer).min(),
            bot_messages=(pl.col("sender") == "bot").sum(),
            operator_messages=(pl.col("sender") == "operator").sum(),
            classifiable_messages=is_classified.sum(),
            no_match_messages=(is_classified & pl.col("is_fallback")).sum(),
        )
    )


def count_leads(leads: pl.LazyFrame, sessions: pl.LazyFrame) -> pl.LazyFrame:
    """Leads per session, by the session's number or by the phone within a week."""
    leads = leads.group_by("business_id", "lead_id").agg(
        pl.col("created_at").min(), pl.col("session_id", "phone").first()
    )
    named = leads.filter(pl.col("session_id").is_not_null()).select(
        "business_id", session_key="session_id"
    )
    people = sessions.filter(pl.col("phone").is_not_null()).select(*PERSON, "phone").unique()
    phoned = (
        leads.filter(pl.col("session_id").is_null())
        .join(people, on=["business_id", "phone"])
        .sort("created_at")
        .join_asof(
            sessions.select(*PERSON, "session_key", "started_at", "ended_at").sort("started_at"),
            left_on="created_at",
            right_on="started_at",
            by=PERSON,
            check_sortedness=False,
        )
        .filter(pl.col("created_at") <= pl.col("ended_at") + pl.duration(days=7))
        .select(SESSION)
    )
    return pl.concat([named, phoned]).group_by(SESSION).agg(leads=pl.len())


def write_figures(landing_dir: Path, place: Path) -> None:
    """Read the landing zone and write the figures to `place`."""
    # Collected once, as three steps read it.
    sessions = find_sessions(scan_stream(landing_dir, "messages", "sent_at")).collect().lazy()
    leads = count_leads(scan_stream(landing_dir, "leads", "created_at"), sessions)
    local = pl.col("started_at").dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Moscow")
    (
        sessions.join(leads, on=SESSION, how="left")
        .group_by("business_id", local.dt.date().alias("session_date"), "channel")
        .agg(
            sessions=pl.len(),
            answered_sessions=pl.col("answered_at").count(),
            ttr_seconds_sum=(pl.col("answered_at") - pl.col("started_at"))
            .dt.total_milliseconds()
            .sum()
            / 1000,
            classifiable_messages=pl.col("classifiable_messages").sum(),
            no_match_messages=pl.col("no_match_messages").sum(),
            handoff_sessions=(
                (pl.col("bot_messages") > 0) & (pl.col("operator_messages") > 0)
            ).sum(),
            operator_messages=pl.col("operator_messages").sum(),
            leads=pl.col("leads").sum(),
        )
        .sort(KEYS)
        .select(COLUMNS)
        .collect()
        .write_csv(place)
    )


if __name__ == "__main__":
    write_figures(Path(sys.argv[1]), Path(sys.argv[3]))
