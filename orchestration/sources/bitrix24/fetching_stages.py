"""Stage history of leads and deals: it only grows, so what is above the last id is what is new."""

from orchestration.sources.bitrix24.envelopes import write_envelope
from orchestration.sources.bitrix24.journal import Journal
from orchestration.sources.bitrix24.paging import Listing, pages_by_id
from orchestration.sources.bitrix24.reference import Fetching, Reference

_FOLDER = "stage_history"
_ENTITY_TYPES = {"lead": 1, "deal": 2}
_ROWS_PER_PART = 50_000


def fetch_stages(fetching: Fetching, entity: str, reference: Reference) -> None:
    """Fetch the steps of leads or of deals that were not there at the last run."""
    kind = f"{entity}_history"
    journal = Journal(fetching.folder / _FOLDER, kind)
    run = journal.begin(fetching.started_at, None)
    # Parts that nobody came to note are not written twice.
    known = set(journal.heads()) if not journal.notes.watermark else set()
    last_id = max(run.last_id, journal.notes.last_id)
    listing = Listing(
        "crm.stagehistory.list", {"entityTypeId": _ENTITY_TYPES[entity]}, path=("items",)
    )
    beside = {"is_lead": True} if entity == "deal" and reference.is_simple else {}
    report = fetching.report
    try:
        for page in pages_by_id(fetching.portal, listing, last_id):
            for row in page:
                last_id = int(row["ID"])
                if last_id not in known:
                    origin = fetching.origin(run.run_id)
                    _, line = write_envelope(kind, last_id, row, beside, origin)
                    journal.write(line)
                    report.count(report.written, kind)
            report.count(report.read, kind, len(page))
            if journal.rows_uncommitted >= _ROWS_PER_PART:
                journal.commit(last_id)
                fetching.tell(f"{kind}: {report.read[kind]:,} read")
    finally:
        journal.commit(last_id)
    journal.finish()
