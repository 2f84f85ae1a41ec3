"""Bookings, each with its clients and the deal it belongs to.

The portal tells neither when a booking was changed nor whether the customer came, and a cancelled
one is deleted. So all are listed each time, those that vanished are written once more as gone, and
the deal comes along with its stage, which is where a business notes the visit.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from orchestration.sources.bitrix24.client import MOST_COMMANDS, Command
from orchestration.sources.bitrix24.envelopes import write_envelope
from orchestration.sources.bitrix24.faults import Fault
from orchestration.sources.bitrix24.fetching_records import DEALS
from orchestration.sources.bitrix24.journal import Journal
from orchestration.sources.bitrix24.paging import (
    Listing,
    Row,
    pages_by_offset,
    results_of,
    rows_by_ids,
)
from orchestration.sources.bitrix24.reference import Fetching, Reference
from orchestration.sources.bitrix24.vanishing import last_versions, refuse_exodus

_KIND = "bookings"
# Until when after a visit its deal is looked at again.
_SETTLED_AFTER = timedelta(days=60)
_PER_BATCH = MOST_COMMANDS // 2


def fetch_bookings(fetching: Fetching, reference: Reference) -> None:
    """Fetch bookings that are new or not yet settled, and mark those that are gone."""
    journal = Journal(fetching.folder / _KIND, _KIND)
    run = journal.begin(fetching.started_at, None)
    heads = journal.heads()
    report = fetching.report
    present: set[int] = set()
    settled = (fetching.started_at - _SETTLED_AFTER).timestamp()
    try:
        for page in pages_by_offset(fetching.portal, _listing(fetching.started_at)):
            present |= {int(row["id"]) for row in page}
            report.count(report.read, _KIND, len(page))
            rows = [row for row in page if int(row["id"]) not in heads or _start(row) > settled]
            for row, known in _completed(fetching, rows, reference):
                origin = fetching.origin(run.run_id)
                head, line = write_envelope("booking", int(row["id"]), row, known, origin)
                if heads.get(head.id) != head:
                    journal.write(line)
                    heads[head.id] = head
                    report.count(report.written, _KIND)
            fetching.tell(f"{_KIND}: {report.read[_KIND]:,} read")
        journal.commit(0)
        living = {record_id for record_id, head in heads.items() if not head.is_gone}
        gone = living - present
        refuse_exodus(fetching.portal.name, _KIND, len(gone), len(living))
        for record_id, payload, known in last_versions(journal, gone):
            origin = fetching.origin(run.run_id)
            _, line = write_envelope("booking", record_id, payload, known, origin, is_gone=True)
            journal.write(line)
            report.count(report.gone, _KIND)
    finally:
        journal.commit(0)
    journal.finish()


def _listing(now: datetime) -> Listing:
    until = int((now + timedelta(days=3650)).timestamp())
    return Listing(
        "booking.v1.booking.list",
        {"order": {"id": "ASC"}},
        {"within": {"dateFrom": 0, "dateTo": until}},
        id_key="id",
        path=("booking",),
    )


def _start(row: Row) -> float:
    try:
        return float(row["datePeriod"]["from"]["timestamp"])
    except (KeyError, TypeError, ValueError):
        return float("inf")


def _completed(
    fetching: Fetching, rows: list[Row], reference: Reference
) -> Iterator[tuple[Row, dict[str, Any]]]:
    for start in range(0, len(rows), _PER_BATCH):
        chunk = rows[start : start + _PER_BATCH]
        commands = {}
        for row in chunk:
            params = {"bookingId": row["id"]}
            commands[f"c{row['id']}"] = Command("booking.v1.booking.client.list", params)
            commands[f"d{row['id']}"] = Command("booking.v1.booking.externalData.list", params)
        found = dict(results_of(fetching.portal, commands))
        deals_of = {
            row["id"]: [
                str(link.get("value"))
                for link in _items(found, f"d{row['id']}", "externalData")
                if link.get("moduleId") == "crm" and link.get("entityTypeId") == "DEAL"
            ]
            for row in chunk
        }
        ids = sorted({deal_id for deal_ids in deals_of.values() for deal_id in deal_ids})
        deals = {
            str(deal["ID"]): deal for deal in rows_by_ids(fetching.portal, DEALS.listing, "ID", ids)
        }
        for row in chunk:
            known: dict[str, Any] = {"clients": _items(found, f"c{row['id']}", "bookingClient")}
            deal = next((deals[each] for each in deals_of[row["id"]] if each in deals), None)
            if deal:
                known |= {"deal": deal, "deal_known": reference.describe("deal", deal)}
            yield row, known


def _items(found: dict[str, Any], key: str, name: str) -> list[dict[str, Any]]:
    result = found.get(key)
    if isinstance(result, Fault) or not isinstance(result, dict):
        return []
    items = result.get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
