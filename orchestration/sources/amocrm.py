"""amoCRM's leads (API v4) as leads, the deals that they are at the same time, and stage changes.

`<business>/amocrm/<any name>.{json,jsonl}` (also `.gz`): pages as the API returns them (one JSON a
file, or JSON lines), their `_embedded` lists, or single records, told apart by content:

- leads: times are epoch seconds; stage 142 is won and 143 lost in every pipeline; custom fields
  are found by the id, code or name in business.yml under `amocrm:` (FIELDS), else by usual names;
- pipelines and contacts: they name the stages, and give phone and e-mail, of the leads that follow
  them in the same file, as a file means the same whatever lies beside it; elsewhere a stage is its
  number and a contact no more than its id;
- events: `lead_status_changed` becomes stage_history, `lead_deleted` a deleted lead.

amoCRM has one record for what other systems call a lead and a deal, so each gives a row of both
under the same id. Won is paid: the budget on the day it was closed. A deleted lead (`only_deleted`
tells its id and time alone) is marked so, and so is its deal.

Deliberately nothing: other events, and a page's links. Companies, tasks and others are rejected as
`unknown_type`, what the API answered in place of a page as `vendor_error`.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from orchestration.sources.amocrm_fields import FIELDS, Contacts, custom_columns, main_contact
from orchestration.sources.contract import (
    Feed,
    Reading,
    Record,
    System,
    outputs_of,
    reject,
    row,
    union_of,
)
from orchestration.sources.documents import JSON_FORMATS, Item, json_items
from orchestration.streams import DEALS, LEADS, STAGE_HISTORY, Stream

_LISTS = ("_embedded.leads", "_embedded.pipelines", "_embedded.events")
_SEMANTICS = {142: "won", 143: "lost"}
_DELETED = "deleted"

_Rows = Iterator[tuple[Stream, dict[str, Any]] | str]


@dataclass(frozen=True)
class _Known:
    """What the file has told so far: contacts, and names of stages and pipelines."""

    contacts: Contacts
    names: dict[str, str] = field(default_factory=dict)

    def stage(self, pipeline: Any, status: Any) -> Any:
        return self.names.get(f"{pipeline}/{status}", status)


def read(path: Path, reading: Reading) -> Iterator[Record]:
    """Give the rows of each record, or its reject."""
    numbers = count(1)
    with closing(Contacts()) as contacts:
        known = _Known(contacts)
        for item in json_items(path, _LISTS):
            found = iter([item.fault]) if item.fault else _rows(item, reading, known)
            for result in found:
                number = next(numbers)
                if isinstance(result, str):
                    yield reject(number, result, item.raw_text, item.line)
                else:
                    yield row(result[0], number, result[1], item.raw_text, item.line)


def _rows(item: Item, reading: Reading, known: _Known) -> _Rows:
    record = item.value or {}
    if item.origin == "_embedded.pipelines" or "statuses" in _embedded(record):
        _learn_pipeline(record, known.names)
    elif item.origin == "_embedded.events" or "entity_id" in record:
        yield from _event_rows(record, known)
    elif item.origin == "_embedded.leads" or "status_id" in record or "is_deleted" in record:
        yield from _lead_rows(record, reading, known)
    elif "contacts" in _embedded(record):
        contacts = _embedded(record)["contacts"]
        for contact in contacts if isinstance(contacts, list) else []:
            if isinstance(contact, dict):
                known.contacts.learn(contact)
            else:
                yield "not_object"
    elif "title" in record and "detail" in record:
        yield "vendor_error"
    else:
        yield "unknown_type"


def _lead_rows(lead: Mapping[str, Any], reading: Reading, known: _Known) -> _Rows:
    if lead.get("is_deleted") is True:
        yield from _deleted_rows(lead.get("id"), lead.get("created_at"), lead.get("updated_at"))
        return
    status, pipeline = lead.get("status_id"), lead.get("pipeline_id")
    semantic = _semantic(status)
    columns = custom_columns(lead, reading.fields, known.contacts)
    shared = {
        "contact_id": main_contact(lead).get("id"),
        "created_at": lead.get("created_at"),
        "modified_at": lead.get("updated_at"),
        "amount": lead.get("price"),
        "loss_reason": _loss_reason(lead) if semantic == "lost" else None,
    }
    stage = known.stage(pipeline, status)
    yield (
        LEADS,
        {
            "lead_id": lead.get("id"),
            "status": stage,
            "status_semantic": semantic,
            "title": lead.get("name"),
            "source": _source(lead),
            **shared,
            **columns,
        },
    )
    closed_at = lead.get("closed_at") or None
    is_won = semantic == "won"
    yield (
        DEALS,
        {
            "deal_id": lead.get("id"),
            "lead_id": lead.get("id"),
            "stage": stage,
            "stage_semantic": semantic,
            "pipeline": known.names.get(str(pipeline), pipeline),
            "closed_at": closed_at,
            "paid_amount": lead.get("price") if is_won else None,
            "paid_at": (closed_at or lead.get("updated_at")) if is_won else None,
            "session_id": columns.get("session_id"),
            **shared,
        },
    )


def _deleted_rows(lead_id: Any, created_at: Any, deleted_at: Any) -> _Rows:
    times = {"created_at": created_at or deleted_at, "modified_at": deleted_at}
    gone = {"lead_id": lead_id, "is_deleted": True, **times}
    yield LEADS, {"status": _DELETED, **gone}
    yield DEALS, {"deal_id": lead_id, "stage": _DELETED, **gone}


def _event_rows(event: Mapping[str, Any], known: _Known) -> _Rows:
    kind, at = event.get("type"), event.get("created_at")
    if kind == "lead_deleted":
        yield from _deleted_rows(event.get("entity_id"), None, at)
    elif kind == "lead_status_changed":
        after = event.get("value_after")
        first = after[0] if isinstance(after, list) and after else None
        status = first.get("lead_status") if isinstance(first, dict) else None
        if not isinstance(status, dict):
            yield "missing_field:stage"
            return
        yield (
            STAGE_HISTORY,
            {
                "entity": "lead",
                "entity_id": event.get("entity_id"),
                "stage": known.stage(status.get("pipeline_id"), status.get("id")),
                "stage_semantic": _semantic(status.get("id")),
                "entered_at": at,
            },
        )


def _learn_pipeline(pipeline: Mapping[str, Any], names: dict[str, str]) -> None:
    """Remember what a pipeline and its stages are called; 142 and 143 are in every pipeline."""
    statuses = _embedded(pipeline).get("statuses")
    for status in statuses if isinstance(statuses, list) else []:
        if isinstance(status, dict) and isinstance(status.get("name"), str):
            names[f"{pipeline.get('id')}/{status.get('id')}"] = status["name"]
    if isinstance(pipeline.get("name"), str):
        names[str(pipeline.get("id"))] = pipeline["name"]


def _semantic(status: Any) -> str | None:
    return _SEMANTICS.get(status, "open") if isinstance(status, int) else None


def _embedded(record: Mapping[str, Any]) -> Mapping[str, Any]:
    embedded = record.get("_embedded")
    return embedded if isinstance(embedded, dict) else {}


def _loss_reason(lead: Mapping[str, Any]) -> Any:
    reason = _embedded(lead).get("loss_reason")
    first = reason[0] if isinstance(reason, list) and reason else reason
    name = first.get("name") if isinstance(first, dict) else None
    return name or lead.get("loss_reason_id")


def _source(lead: Mapping[str, Any]) -> Any:
    source = _embedded(lead).get("source")
    name = source.get("name") if isinstance(source, dict) else None
    return name or lead.get("source_id")


_FEED = Feed(
    union_of("amocrm_records", LEADS, DEALS, STAGE_HISTORY),
    outputs_of(LEADS, DEALS, STAGE_HISTORY),
    formats=JSON_FORMATS,
    read=read,
)

SYSTEM = System("amocrm", dict.fromkeys(("", "leads", "events"), _FEED), fields=FIELDS)
