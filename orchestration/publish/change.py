"""What a refresh changed in the marts, brought over to the exported copy without the rest.

Schema `refresh` of the warehouse says which sessions and leads were touched since the refresh
before; every other mart is read, and written anew if its content differs.
"""

from dataclasses import dataclass

import duckdb

from orchestration.publish.fingerprint import Content, Contents
from orchestration.publish.marts_file import write_mart
from orchestration.publish.release import BUSINESS, Mart, Release, read_contents, released_columns
from orchestration.publish.state import State

_SESSIONS = ("touched_sessions", (BUSINESS, "session_id"))
_LEADS = ("touched_leads", (BUSINESS, "lead_id"))
# Marts that are too large to read each time: the table that says what was touched, its key.
_TOUCHED = {
    "fct_sessions": _SESSIONS,
    "fct_turns": _SESSIONS,
    "fct_predictions": _SESSIONS,
    "fct_openings": _SESSIONS,
    "fct_operator_sessions": _SESSIONS,
    "chat_logs": _SESSIONS,
    "fct_leads": _LEADS,
    "fct_exposures": _SESSIONS,
}
# The rows of a view follow from the others; to count them would cost a join of all facts.
_COUNTED = frozenset(_TOUCHED) - {"chat_logs"}
# From here on writing everything costs no more, and leaves the marts in order.
_LARGEST_SHARE = 0.25


@dataclass(frozen=True)
class Scope:
    """Which refresh made the marts, and whether it may have changed all of them."""

    number: int
    is_everything: bool


def is_large(mart: Mart) -> bool:
    """Whether the mart is brought over by what was touched, not read whole."""
    return mart.name in _TOUCHED and set(_TOUCHED[mart.name][1]) <= set(mart.columns)


def read_scope(connection: duckdb.DuckDBPyConnection) -> Scope | None:
    """Return what schema `refresh` of the warehouse says, None where it says nothing."""
    needed = ["scope", _SESSIONS[0], _LEADS[0]]
    [(found,)] = connection.execute(
        "select count(*) from information_schema.tables "
        "where table_catalog = current_database() and table_schema = 'refresh' "
        "and list_contains(?, table_name)",
        [needed],
    ).fetchall()
    if found != len(needed):
        return None
    scopes = connection.execute("select number, is_everything from refresh.scope").fetchall()
    return Scope(*scopes[0]) if len(scopes) == 1 and None not in scopes[0] else None


def follow(release: Release, scope: Scope | None, before: State) -> Contents | None:
    """Return the contents of the marts, of the large ones by what was touched since `before`.

    `before` is attached as `published`. None where only an export of everything is sure to be
    right: the marts are not those of its refresh or the next one, or their rows do not add up.
    """
    if scope is None or before.refresh not in (scope.number - 1, scope.number):
        return None
    is_same = before.refresh == scope.number
    if scope.is_everything and not is_same:
        return None
    _prepare_keys(release.connection, is_everything=scope.is_everything)
    if _share_touched(release.connection, before) > _LARGEST_SHARE:
        return None
    contents = {}
    for mart in release.marts:
        known = before.contents.get(mart.name, {})
        if not is_large(mart):
            contents[mart.name] = read_contents(release.connection, mart.name, mart)
            continue
        found = _replaced(release.connection, mart, known)
        if found is None or not _adds_up(release.connection, mart, found):
            return None
        contents[mart.name] = found
    # Marts are made anew under a number that was published only if nothing changed at all.
    if scope.is_everything and contents != before.contents:
        return None
    return contents


def bring_over(release: Release, before: Contents, after: Contents) -> None:
    """Make the copy of the last export that is attached as `exported` equal to the release.

    `after` is what `follow` returned; what it laid aside of the large marts is used here.
    """
    connection = release.connection
    for mart in release.marts:
        if before.get(mart.name, {}) == after[mart.name]:
            continue
        if is_large(mart):
            # The copy has the rows of the last export in their old places.
            connection.execute(
                f"delete from exported.{mart.name} "  # noqa: S608
                f"where rowid in (select place from gone_{mart.name})"
            )
            connection.execute(f"insert into exported.{mart.name} from fresh_{mart.name}")
        else:
            write_mart(connection, mart)


def _prepare_keys(connection: duckdb.DuckDBPyConnection, *, is_everything: bool) -> None:
    # What was touched means nothing where everything was.
    condition = "false" if is_everything else "true"
    for touched, keys in (_SESSIONS, _LEADS):
        columns = ", ".join(keys)
        connection.execute(
            f"create or replace temporary table {touched} as "  # noqa: S608
            f"select distinct {columns} from refresh.{touched} where {condition}"
        )
        released = released_columns(Mart(touched, dict.fromkeys(keys, "VARCHAR")))
        connection.execute(
            f"create or replace temporary table {touched}_released as "  # noqa: S608
            f"select {released} from {touched}"
        )


def _share_touched(connection: duckdb.DuckDBPyConnection, before: State) -> float:
    rows = sum(content.rows for content in before.contents.get("fct_sessions", {}).values())
    [(touched,)] = connection.execute(f"select count(*) from {_SESSIONS[0]}").fetchall()  # noqa: S608
    return float(touched) / rows if rows else 1.0


def _replaced(
    connection: duckdb.DuckDBPyConnection, mart: Mart, known: dict[str, Content]
) -> dict[str, Content] | None:
    touched, keys = _TOUCHED[mart.name]
    [(rows,)] = connection.execute(f"select count(*) from {touched}").fetchall()  # noqa: S608
    if not rows:
        return known
    using = f"using ({', '.join(keys)})"
    connection.execute(
        f"create or replace temporary table fresh_{mart.name} as "  # noqa: S608
        f"select {released_columns(mart)} from marts.{mart.name} semi join {touched} {using}"
    )
    connection.execute(
        f"create or replace temporary table gone_{mart.name} as "  # noqa: S608
        f"select rowid as place, * from published.{mart.name} semi join {touched}_released {using}"
    )
    old, new = (
        read_contents(connection, f"{rows}_{mart.name}", mart) for rows in ("gone", "fresh")
    )
    nothing = Content()
    found = {
        business: known.get(business, nothing).replaced(
            old.get(business, nothing), new.get(business, nothing)
        )
        for business in known | old | new
    }
    if not all(part.is_possible for content in found.values() for part in content.parts.values()):
        return None
    return {business: content for business, content in found.items() if content.parts}


def _adds_up(connection: duckdb.DuckDBPyConnection, mart: Mart, found: dict[str, Content]) -> bool:
    if mart.name not in _COUNTED:
        return True
    rows = connection.execute(
        f"select {BUSINESS}, count(*) from marts.{mart.name} group by all"  # noqa: S608
    ).fetchall()
    return dict(rows) == {business: content.rows for business, content in found.items()}
