"""What a person sees of a load: counts, never the content of a row."""

from collections.abc import Sequence

import duckdb

from orchestration.reports import Check, some_of
from orchestration.streams import STREAMS

EVERY_LINE_READ = "every_line_was_read"
EVERY_FILE_READ = "every_file_was_read"
# What a business is warned of, as in seeds/alerts.csv.
ALERTS = ("waiting_chats", "silent_source", "handoff_jump", "session_id_drop")
_PREVIEW_ROWS = 20
# An agency has hundreds; the line is for a person.
_NAMED_BUSINESSES = 10


def row_counts(connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> dict[str, int]:
    """Return the rows of tables in `raw`."""
    counts = " union all ".join(
        f"select '{table}', count(*) from raw.{table}"  # noqa: S608
        for table in tables
    )
    return dict(connection.execute(counts).fetchall())


def stream_preview(connection: duckdb.DuckDBPyConnection, stream: str) -> tuple[int, str]:
    """Return the rows of a stream in `raw`, and in Markdown rows and period per business."""
    time = next(
        (
            column.name
            for column in STREAMS[stream].columns
            if column.required and column.type in ("timestamp", "date")
        ),
        None,
    )
    period = f"min({time})::date, max({time})::date" if time else "null, null"
    rows = connection.execute(
        f"select business_id, system, count(*), {period} "  # noqa: S608
        f"from raw.{stream} group by all order by all"
    ).fetchall()
    return sum(row[2] for row in rows), _table(("business", "system", "rows", "from", "to"), rows)


def ledger_preview(connection: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    """Return the files of the ledger, and in Markdown what became of their rows."""
    rows = connection.execute(
        "select business_id, system, stream, count(*), sum(rows_read)::bigint, "
        "sum(rows_loaded)::bigint, sum(rows_duplicate)::bigint, sum(rows_rejected)::bigint "
        "from raw.loaded_files group by all order by all"
    ).fetchall()
    columns = ("business", "system", "stream", "files", "read", "loaded", "duplicate", "rejected")
    return sum(row[3] for row in rows), _table(columns, rows)


def check_lines(connection: duckdb.DuckDBPyConnection) -> Check:
    """Warn of lines that could not be read, with their reasons and the first of each."""
    reasons = connection.execute(
        "select business_id, system, stream, reason, count(*), "
        "min_by(source_file || ':' || source_line, (source_file, source_line)) "
        "from raw.rejected group by all order by all"
    ).fetchall()
    examples = [f"{first} ({reason})" for _, _, _, reason, _, first in reasons]
    return _check(
        name=EVERY_LINE_READ,
        table="rejected",
        count=sum(row[4] for row in reasons),
        sentence="Rejected lines: {count}, such as {example}; raw.rejected holds them all.",
        examples=examples,
        preview=_table(("business", "system", "stream", "reason", "lines", "first"), reasons),
    )


def check_files(connection: duckdb.DuckDBPyConnection) -> Check:
    """Warn of files in the landing zone that nothing reads."""
    unread = connection.execute(
        "select source_file, reason from raw.unread_files order by all"
    ).fetchall()
    return _check(
        name=EVERY_FILE_READ,
        table="loaded_files",
        count=len(unread),
        sentence="Files nobody reads: {count}, such as {example}; rename, move or remove them.",
        examples=[f"{file} ({reason})" for file, reason in unread],
        preview=_table(("file", "reason"), unread),
    )


def _check(
    *, name: str, table: str, count: int, sentence: str, examples: Sequence[str], preview: str
) -> Check:
    warning = sentence.format(count=f"{count:,}", example=examples[0]) if count else None
    return Check(name, table, count, warning, preview)


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows[:_PREVIEW_ROWS]]
    text = "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)
    rest = len(rows) - _PREVIEW_ROWS
    return f"{text}\n\n… and {rest} more" if rest > 0 else text


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|")


def check_alerts(connection: duckdb.DuckDBPyConnection) -> tuple[Check, ...]:
    """Warn of each kind of alert that is raised for some business, from the released marts."""
    rows = connection.execute(
        "select alert, business_id, name_en, text_en from rpt_alerts where is_raised "
        "order by position, business_id"
    ).fetchall()
    return tuple(
        _alert_check(alert, [row[1:] for row in rows if row[0] == alert]) for alert in ALERTS
    )


def _alert_check(alert: str, raised: Sequence[tuple[str, str, str]]) -> Check:
    names = sorted({business for business, _, _ in raised})
    where = "; each sees its own on its page" if len(names) > _NAMED_BUSINESSES else ""
    named = some_of(names, _NAMED_BUSINESSES)
    warning = f"{raised[0][1]}: {named}{where}." if raised else None
    preview = _table(("business", "what to do"), [(name, text) for name, _, text in raised])
    return Check(alert, "files", len(raised), warning, preview)
