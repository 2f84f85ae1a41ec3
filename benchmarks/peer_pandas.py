"""Competitor: the figures as an analyst writes them in pandas, over CSV files.

python -m benchmarks.peer_pandas <landing> csv <figures.csv>
"""

import sys
from pathlib import Path

import pandas as pd

from benchmarks.figures import COLUMNS, KEYS

MESSAGES = [
    "channel",
    "session_id",
    "user_id",
    "sent_at",
    "sender",
    "intent",
    "is_fallback",
    "phone",
]
LEADS = ["lead_id", "created_at", "session_id", "phone"]
PERSON = ["business_id", "channel", "user_id"]
SESSION = ["business_id", "session_key"]


def read_stream(landing_dir: Path, stream: str, columns: list[str], time: str) -> pd.DataFrame:
    """Read some columns of all files of a stream, with `business_id` from their folders."""
    texts = {name: "string" for name in columns if name not in (time, "is_fallback")}
    return pd.concat(
        pd.read_csv(path, usecols=columns, dtype=texts, parse_dates=[time]).assign(
            business_id=path.parts[-4]
        )
        for path in sorted(landing_dir.glob(f"*/generic/{stream}/*.csv"))
    )


def find_sessions(messages: pd.DataFrame) -> pd.DataFrame:
    """One row per session: the platform's number, or a silence of more than a day."""
    messages = messages.sort_values([*PERSON, "sent_at"])
    silence = messages.groupby(PERSON)["sent_at"].diff()
    opens = (messages["sender"] == "customer") & ~(silence <= pd.Timedelta(days=1))
    number = opens.groupby([messages[name] for name in PERSON]).cumsum().astype("string")
    told_by_gap = messages["channel"] + "|" + messages["user_id"] + "|" + number
    is_customer = messages["sender"] == "customer"
    is_operator = messages["sender"] == "operator"
    return (
        messages.assign(
            session_key=messages["session_id"].fillna(told_by_gap),
            answered_at=messages["sent_at"].where(~is_customer),
            bot_messages=messages["sender"] == "bot",
            operator_messages=is_operator,
            classifiable_messages=messages["intent"].notna(),
            no_match_messages=messages["intent"].notna() & (messages["is_fallback"] == True),  # noqa: E712
        )
        .groupby(SESSION)
        .agg(
            channel=("channel", "first"),
            user_id=("user_id", "first"),
            phone=("phone", "first"),
            started_at=("sent_at", "min"),
            ended_at=("sent_at", "max"),
            answered_at=("answered_at", "min"),
            bot_messages=("bot_messages", "sum"),
            operator_messages=("operator_messages", "sum"),
            classifiable_messages=("classifiable_messages", "sum"),
            no_match_messages=("no_match_messages", "sum"),
        )
        .reset_index()
    )


def count_leads(leads: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Leads per session, by the session's number or by the phone within a week."""
    leads = leads.sort_values("created_at").drop_duplicates(["business_id", "lead_id"])
    named = leads.rename(columns={"session_id": "session_key"}).dropna(subset=["session_key"])
    people = sessions.dropna(subset=["phone"])[[*PERSON, "phone"]].drop_duplicates()
    phoned = pd.merge_asof(
        leads[leads["session_id"].isna()]
        .merge(people, on=["business_id", "phone"])
        .sort_values("created_at"),
        sessions[[*PERSON, "session_key", "started_at", "ended_at"]].sort_values("started_at"),
        left_on="created_at",
        right_on="started_at",
        by=PERSON,
    )
    phoned = phoned[phoned["created_at"] <= phoned["ended_at"] + pd.Timedelta(days=7)]
    found = pd.concat([named[SESSION], phoned[SESSION]])
    return found.groupby(SESSION).size().rename("leads").reset_index()


def write_figures(landing_dir: Path, place: Path) -> None:
    """Read the landing zone and write the figures to `place`."""
    sessions = find_sessions(read_stream(landing_dir, "messages", MESSAGES, "sent_at"))
    leads = read_stream(landing_dir, "leads", LEADS, "created_at")
    sessions = sessions.merge(count_leads(leads, sessions), on=SESSION, how="left")
    is_handoff = (sessions["bot_messages"] > 0) & (sessions["operator_messages"] > 0)
    waited = (sessions["answered_at"] - sessions["started_at"]).dt.total_seconds()
    daily = (
        sessions.assign(
            session_date=sessions["started_at"].dt.tz_convert("Europe/Moscow").dt.date,
            sessions=1,
            answered_sessions=sessions["answered_at"].notna(),
            ttr_seconds_sum=waited,
            handoff_sessions=is_handoff,
        )
        .groupby(list(KEYS))[list(COLUMNS[len(KEYS) :])]
        .sum()
        .reset_index()
    )
    daily.astype({"leads": "int64"}).to_csv(place, index=False, columns=list(COLUMNS))


if __name__ == "__main__":
    write_figures(Path(sys.argv[1]), Path(sys.argv[3]))
