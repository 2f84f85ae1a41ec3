"""Open-line conversations: the CRM's activities name the sessions, these give their messages.

No method lists sessions. A session is asked for again when its activity changed and as long as it
is not completed, as messages may come without the activity being touched.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from orchestration.sources.bitrix24.client import Command
from orchestration.sources.bitrix24.envelopes import write_envelope
from orchestration.sources.bitrix24.faults import Fault
from orchestration.sources.bitrix24.fetching_records import OVERLAP
from orchestration.sources.bitrix24.journal import Journal
from orchestration.sources.bitrix24.paging import Listing, Row, pages_by_id, results_of
from orchestration.sources.bitrix24.reference import Fetching, facts

_KIND = "messages"
_SESSIONS = {"PROVIDER_ID": "IMOPENLINES_SESSION"}
_ACTIVITY = ("ID", "OWNER_TYPE_ID", "OWNER_ID", "ASSOCIATED_ENTITY_ID", "COMPLETED", "CREATED")
_MESSAGE = ("id", "chatid", "senderid", "date", "text", "params")
_USER = ("id", "name", "bot", "connector")
_CHAT = ("id", "entityId", "entityData1", "entityData2", "dateCreate")
_ROWS_PER_PART = 5_000


def fetch_chats(fetching: Fetching) -> None:
    """Fetch the messages of every session that is new, changed or open."""
    journal = Journal(fetching.folder / _KIND, _KIND)
    watermark = journal.notes.watermark
    run = journal.begin(fetching.started_at, watermark - OVERLAP if watermark else None)
    heads = journal.heads()
    last_id = run.last_id
    unreadable: set[str] = set()
    try:
        for page, is_changed in _activities(fetching, run.since, last_id):
            for session_id, payload in _histories(fetching, page, unreadable):
                origin = fetching.origin(run.run_id)
                head, line = write_envelope("chat", session_id, payload, {}, origin)
                if heads.get(session_id) != head:
                    journal.write(line)
                    heads[session_id] = head
                    fetching.report.count(fetching.report.written, _KIND)
            fetching.report.count(fetching.report.read, _KIND, len(page))
            fetching.tell(f"{_KIND}: {fetching.report.read[_KIND]:,} conversations read")
            last_id = int(page[-1]["ID"]) if is_changed else last_id
            if journal.rows_uncommitted >= _ROWS_PER_PART:
                journal.commit(last_id)
    finally:
        journal.commit(last_id)
    journal.finish()
    if unreadable:
        fetching.report.refused.append(
            f"{fetching.portal.name}: no messages of {len(unreadable):,} conversations, such as "
            f"{min(unreadable)}"
        )


def _activities(
    fetching: Fetching, since: datetime | None, after: int
) -> Iterator[tuple[list[Row], bool]]:
    """Pages of the changed ones by id, then of all that are still open."""
    params = {"select": list(_ACTIVITY)}
    changed = {">=LAST_UPDATED": since.isoformat()} if since else {}
    listing = Listing("crm.activity.list", params, {**_SESSIONS, **changed})
    for page in pages_by_id(fetching.portal, listing, after):
        if page:
            yield page, True
    if since:
        listing = Listing("crm.activity.list", params, {**_SESSIONS, "COMPLETED": "N"})
        for page in pages_by_id(fetching.portal, listing):
            if page:
                yield page, False


def _histories(
    fetching: Fetching, page: list[Row], unreadable: set[str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    activities = {str(row.get("ASSOCIATED_ENTITY_ID")): row for row in page}
    commands = {
        f"s{session_id}": Command("imopenlines.session.history.get", {"SESSION_ID": session_id})
        for session_id in activities
        if session_id.isdecimal() and session_id != "0"
    }
    for key, result in results_of(fetching.portal, commands):
        session_id = key.removeprefix("s")
        if isinstance(result, Fault) and result.is_missing_right():
            raise fetching.portal.error("imopenlines.session.history.get", result)
        if isinstance(result, Fault) or not isinstance(result, dict):
            # One chat that the webhook's user may not see does not stand for the others.
            unreadable.add(session_id)
            continue
        activity = facts(activities[session_id], *_ACTIVITY)
        yield int(session_id), {"activity": activity, "history": _essence(result)}


def _essence(history: dict[str, Any]) -> dict[str, Any]:
    """The history without what is not needed: avatars, birthdays, signed links to files."""
    return {
        **facts(history, "chatId", "sessionId", "sessionVoteHead"),
        "message": {
            key: facts(message, *_MESSAGE) for key, message in _entries(history, "message")
        },
        "users": {key: facts(user, *_USER) for key, user in _entries(history, "users")},
        "chat": {key: facts(chat, *_CHAT) for key, chat in _entries(history, "chat")},
    }


def _entries(history: dict[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    value = history.get(name)
    entries = value if isinstance(value, dict) else {}
    return [(key, entry) for key, entry in entries.items() if isinstance(entry, dict)]
