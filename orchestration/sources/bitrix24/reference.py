"""What a portal's codes mean: stages, sources, pipelines, items of lists; and who works there.

All of it is small and asked for whole each time. It lies in `_reference`, which the landing zone
passes over: what of it matters to a record is written beside the record as `known`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.sources.bitrix24.client import Portal
from orchestration.sources.bitrix24.envelopes import write_envelope
from orchestration.sources.bitrix24.faults import PortalError
from orchestration.sources.bitrix24.journal import Journal
from orchestration.sources.bitrix24.paging import Listing, Row, pages_by_offset

_SIMPLE_CRM = 2
_DEALS = 2


@dataclass
class Report:
    """What one fetching did, by kind of record, and what could not be had, some words each.

    `refused` is what a right would open, `absent` what the portal does not have at all.
    """

    read: dict[str, int] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    def count(self, counts: dict[str, int], kind: str, more: int = 1) -> None:
        """Add to one of the counts."""
        counts[kind] = counts.get(kind, 0) + more


@dataclass(frozen=True)
class Fetching:
    """One fetching of one business: whom to ask, where to write, whom to tell, what became."""

    portal: Portal
    folder: Path
    started_at: datetime
    report: Report
    tell: Callable[[str], None]

    def origin(self, run_id: str) -> dict[str, Any]:
        """Whence and when a line came."""
        now = datetime.fromtimestamp(self.portal.pace.clock.now(), UTC)
        return {"_loaded_at": now.isoformat(timespec="seconds"), "_run_id": run_id}

    def optional(self, what: str, fetch: Callable[[], None]) -> None:
        """Do without what the webhook's rights or the portal's plan do not give, and say so."""
        try:
            fetch()
        except PortalError as error:
            if not error.fault.is_missing_right():
                raise
            words = f"{self.portal.name}: no {what} ({error.fault.code})"
            list_ = self.report.refused if error.fault.is_refusal() else self.report.absent
            if words not in list_:
                list_.append(words)


@dataclass
class Reference:
    """Meanings of codes. `items` are those of list fields by entity, field and item id."""

    is_simple: bool = False
    names: dict[str, str] = field(default_factory=dict)
    semantics: dict[str, str] = field(default_factory=dict)
    pipelines: dict[str, str] = field(default_factory=dict)
    items: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)

    def describe(self, entity: str, row: Row) -> dict[str, Any]:
        """What is known of the codes in a row of crm.lead.list or crm.deal.list."""
        status_key = "STATUS_ID" if entity == "lead" else "STAGE_ID"
        status = f"{entity}/{row.get(status_key)}"
        known: dict[str, Any] = {
            "status": self.names.get(status),
            "semantics": self.semantics.get(status),
            "source": self.names.get(f"source/{row.get('SOURCE_ID')}"),
            "pipeline": self.pipelines.get(str(row.get("CATEGORY_ID"))),
            "items": dict(self._items(entity, row)),
            "is_lead": entity == "deal" and self.is_simple,
        }
        return {name: value for name, value in known.items() if value}

    def _items(self, entity: str, row: Row) -> Iterator[tuple[str, str]]:
        for name, texts in self.items.get(entity, {}).items():
            value = row.get(name)
            ids = value if isinstance(value, list) else [value]
            found = [texts[str(item)] for item in ids if str(item) in texts]
            if found:
                yield name, ", ".join(found)


def fetch_reference(fetching: Fetching) -> Reference:
    """Ask for all that codes stand for, and keep it in the landing zone."""
    reference = Reference()
    portal = fetching.portal
    reference.is_simple = str(portal.call("crm.settings.mode.get").result) == str(_SIMPLE_CRM)

    def statuses() -> None:
        for row in _keep(fetching, "statuses", Listing("crm.status.list")):
            group, code = str(row.get("ENTITY_ID")), str(row.get("STATUS_ID"))
            entity = {"STATUS": "lead", "SOURCE": "source"}.get(group)
            entity = "deal" if group.startswith("DEAL_STAGE") else entity
            if entity:
                reference.names[f"{entity}/{code}"] = str(row.get("NAME"))
                reference.semantics[f"{entity}/{code}"] = str(row.get("SEMANTICS") or "P")

    def pipelines() -> None:
        listing = Listing(
            "crm.category.list", {"entityTypeId": _DEALS}, id_key="id", path=("categories",)
        )
        for row in _keep(fetching, "pipelines", listing):
            reference.pipelines[str(row.get("id"))] = str(row.get("name"))

    def fields(entity: str) -> None:
        for row in _keep(fetching, f"{entity}_fields", Listing(f"crm.{entity}.userfield.list")):
            items = row.get("LIST")
            if row.get("USER_TYPE_ID") == "enumeration" and isinstance(items, list):
                texts = {str(item.get("ID")): str(item.get("VALUE")) for item in items}
                reference.items.setdefault(entity, {})[str(row.get("FIELD_NAME"))] = texts

    def users() -> None:
        for _ in _keep(fetching, "users", Listing("user.get")):
            pass

    fetching.optional("stages", statuses)
    fetching.optional("pipelines", pipelines)
    fetching.optional("custom fields of leads", lambda: fields("lead"))
    fetching.optional("custom fields of deals", lambda: fields("deal"))
    fetching.optional("operators", users)
    return reference


def _keep(fetching: Fetching, kind: str, listing: Listing) -> Iterator[Row]:
    """Give every row of a listing; those that are new or changed are written."""
    journal = Journal(fetching.folder / "_reference", kind)
    run = journal.begin(fetching.started_at, None)
    heads = journal.heads()
    for page in pages_by_offset(fetching.portal, listing):
        for row in page:
            yield row
            record_id = int(row.get(listing.id_key) or 0)
            head, line = write_envelope(kind, record_id, row, {}, fetching.origin(run.run_id))
            if heads.get(record_id) != head:
                journal.write(line)
                fetching.report.count(fetching.report.written, kind)
            fetching.report.count(fetching.report.read, kind)
    journal.commit(0)
    journal.finish()


def facts(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The named values of a row that are there."""
    return {name: row[name] for name in names if row.get(name) not in (None, "", [], {})}
