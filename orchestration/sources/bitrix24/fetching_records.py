"""Leads and deals: what changed, then what is there, so that nothing stays that the portal lost.

Lists of Bitrix24 tell what was modified but not what was deleted or merged away, nor what came into
sight because rights changed. So every run after the first also reads all ids: those never seen are
fetched, those that vanished are written once more as gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from orchestration.sources.bitrix24.communications import communications
from orchestration.sources.bitrix24.envelopes import Head, write_envelope
from orchestration.sources.bitrix24.journal import Journal, Run
from orchestration.sources.bitrix24.paging import (
    PAGE_ROWS,
    ROWS_AT_ONCE,
    Listing,
    Row,
    gathered,
    pages_by_id,
    rows_by_ids,
)
from orchestration.sources.bitrix24.reference import Fetching, Reference, facts
from orchestration.sources.bitrix24.vanishing import last_versions, refuse_exodus

OVERLAP = timedelta(minutes=10)

_FULL_EVERY = timedelta(days=7)
_ROWS_PER_PART = 20_000


@dataclass(frozen=True)
class Kind:
    """One kind of record: its folder, the word for one of them, and how all are listed."""

    name: str
    entity: str
    listing: Listing


LEADS = Kind(
    "leads",
    "lead",
    Listing("crm.lead.list", {"select": ["*", "UF_*", "PHONE", "EMAIL", "IM", "WEB"]}),
)
DEALS = Kind("deals", "deal", Listing("crm.deal.list", {"select": ["*", "UF_*"]}))


@dataclass
class _Records:
    """One run over one kind: what lies there, and whose communications were written now."""

    fetching: Fetching
    kind: Kind
    reference: Reference
    journal: Journal
    run: Run
    heads: dict[int, Head]
    horizon: datetime | None
    survivors: dict[str, set[int]] = field(default_factory=dict)

    def store(self, rows: list[Row]) -> None:
        """Write those of `rows` that are not there yet as they are."""
        report, kind = self.fetching.report, self.kind.name
        contacts = self._contacts(rows)
        for row in rows:
            known = self.reference.describe(self.kind.entity, row)
            if contact := contacts.get(str(row.get("CONTACT_ID"))):
                known["contact"] = contact
            self.write(int(row["ID"]), row, known)
        report.count(report.read, kind, len(rows))
        self.fetching.tell(
            f"{kind}: {report.read.get(kind, 0):,} read, {report.written.get(kind, 0):,} new"
        )

    def write(self, record_id: int, row: Row, known: Mapping[str, Any]) -> None:
        """Write one record, unless it lies there with the same content."""
        before = self.heads.get(record_id)
        origin = self.fetching.origin(self.run.run_id)
        if before is not None and (before.is_gone or self._is_late(row)):
            origin["_changed_at"] = self.fetching.started_at.isoformat()
        head, line = write_envelope(self.kind.entity, record_id, row, known, origin)
        if head == before:
            return
        self.journal.write(line)
        self.heads[record_id] = head
        self.fetching.report.count(self.fetching.report.written, self.kind.name)
        if self.horizon is not None:
            for communication in communications(row):
                self.survivors.setdefault(communication, set()).add(record_id)

    def _is_late(self, row: Row) -> bool:
        """Whether the time of modification does not tell of the change."""
        try:
            modified = datetime.fromisoformat(str(row.get("DATE_MODIFY")))
        except ValueError:
            return False
        return self.horizon is not None and modified.tzinfo is not None and modified < self.horizon

    def _contacts(self, rows: list[Row]) -> dict[str, dict[str, Any]]:
        """Phones and e-mails of the contacts of those leads that have none of their own."""
        if self.kind.entity != "lead" and not self.reference.is_simple:
            return {}
        ids = sorted(
            {
                str(row["CONTACT_ID"])
                for row in rows
                if row.get("CONTACT_ID") not in (None, "", "0")
                and not (row.get("PHONE") and row.get("EMAIL"))
            }
        )
        listing = Listing("crm.contact.list", {"select": ["ID", "PHONE", "EMAIL"]})
        contacts: dict[str, dict[str, Any]] = {}

        def ask() -> None:
            for row in rows_by_ids(self.fetching.portal, listing, "ID", ids):
                contacts[str(row["ID"])] = facts(row, "PHONE", "EMAIL")

        self.fetching.optional("contacts", ask)
        return contacts


def fetch_records(fetching: Fetching, kind: Kind, reference: Reference) -> None:
    """Fetch what changed since the last complete run, and mark what is gone."""
    journal = Journal(fetching.folder / kind.name, kind.name)
    notes = journal.notes
    horizon = notes.watermark - OVERLAP if notes.watermark else None
    is_full = notes.last_full_at is None or fetching.started_at - notes.last_full_at > _FULL_EVERY
    run = journal.begin(fetching.started_at, None if is_full else horizon)
    records = _Records(fetching, kind, reference, journal, run, journal.heads(), horizon)
    last_id = run.last_id
    try:
        for rows in gathered(pages_by_id(fetching.portal, _modified(kind, run.since), last_id)):
            records.store(rows)
            last_id = int(rows[-1]["ID"])
            if journal.rows_uncommitted >= _ROWS_PER_PART:
                journal.commit(last_id)
        journal.commit(last_id)
        if horizon is not None:
            _fetch_with_changed_contacts(records, horizon)
            journal.commit(last_id)
            _reconcile(records)
    finally:
        # What was read is kept, whatever stopped the rest.
        journal.commit(last_id)
    journal.finish()


def _modified(kind: Kind, since: datetime | None) -> Listing:
    listing = kind.listing
    changed = {">=DATE_MODIFY": since.isoformat()} if since else {}
    return Listing(listing.method, listing.params, changed)


def _fetch_with_changed_contacts(records: _Records, since: datetime) -> None:
    """A phone that changed on the contact's card does not touch the lead's time."""
    fetching, listing = records.fetching, records.kind.listing
    if records.kind.entity != "lead" and not records.reference.is_simple:
        return
    changed = Listing("crm.contact.list", {"select": ["ID"]}, {">=DATE_MODIFY": since.isoformat()})

    def ask() -> None:
        for contacts in gathered(pages_by_id(fetching.portal, changed)):
            for start in range(0, len(contacts), PAGE_ROWS):
                ids = [row["ID"] for row in contacts[start : start + PAGE_ROWS]]
                theirs = Listing(listing.method, listing.params, {"@CONTACT_ID": ids})
                for rows in gathered(pages_by_id(fetching.portal, theirs)):
                    records.store(rows)

    fetching.optional("contacts", ask)


def _reconcile(records: _Records) -> None:
    fetching, kind = records.fetching, records.kind
    every_id = Listing(kind.listing.method, {"select": ["ID"]})
    present: set[int] = set()
    for page in pages_by_id(fetching.portal, every_id):
        present |= {int(row["ID"]) for row in page}
        fetching.tell(f"{kind.name}: {len(present):,} compared")
    living = {record_id for record_id, head in records.heads.items() if not head.is_gone}
    unseen = sorted(present - living)
    for start in range(0, len(unseen), ROWS_AT_ONCE):
        ids = map(str, unseen[start : start + ROWS_AT_ONCE])
        records.store(list(rows_by_ids(fetching.portal, kind.listing, "ID", ids)))
    gone = living - present
    refuse_exodus(fetching.portal.name, kind.name, len(gone), len(living))
    for record_id, row, known in last_versions(records.journal, gone):
        survivor = _survivor(records, row)
        if survivor is not None:
            known = {**known, "merged_into": str(survivor)}
        origin = fetching.origin(records.run.run_id)
        origin["_changed_at"] = fetching.started_at.isoformat()
        head, line = write_envelope(kind.entity, record_id, row, known, origin, is_gone=True)
        records.journal.write(line)
        records.heads[record_id] = head
        fetching.report.count(fetching.report.gone, kind.name)


def _survivor(records: _Records, row: Row) -> int | None:
    """The one living record, changed just now, that has all of a gone one's phones and addresses.

    The portal does not say what a record was merged into, but merging modifies the survivor and
    leaves it everything by which the person can be reached.
    """
    holders = [records.survivors.get(each, set()) for each in communications(row)]
    common = set.intersection(*holders) if holders else set()
    return common.pop() if len(common) == 1 else None
