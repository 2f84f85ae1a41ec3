"""Leads, deals and their stages: what the portal sends becomes rows of streams.

Rows of crm.lead.list and crm.deal.list (UPPER_CASE, texts) and of crm.item.list (camelCase) are
read alike. Where a portal has no leads, a deal is a lead too, under an id of its own.
"""

from orchestration.sources.bitrix24.channels import channel_of, chat_parts
from orchestration.sources.bitrix24.fields import Settings, Values, squashed
from orchestration.sources.bitrix24.records import Given, Rows, times
from orchestration.sources.bitrix24.visits import noted_visit
from orchestration.streams import DEALS, LEADS, STAGE_HISTORY

_SEMANTICS = {"P": "open", "S": "won", "F": "lost"}
# What the stages that every portal has mean, by code or name, where nothing else says it.
_STAGES = {
    squashed(stage): semantic
    for semantic, stages in {
        "open": "NEW, IN_PROCESS, PROCESSED, PREPARATION, PREPAYMENT_INVOICE, EXECUTING, "
        "FINAL_INVOICE, Не обработан, В работе, Обработан, Новая, Подготовка документов, "
        "Счёт на предоплату, Финальный счёт, Unassigned, In progress, Processed",
        "won": "CONVERTED, WON, Качественный лид, Сделка успешна, Good lead, Deal won",
        "lost": "JUNK, LOSE, APOLOGY, Некачественный лид, Сделка провалена, "
        "Анализ причины провала, Junk lead, Deal lost, Analyze failure",
    }.items()
    for stage in stages.split(", ")
}
# Planned from the start and filled in every deal: they tell of a payment only where it was won.
_PLANNED = frozenset({"opportunity", "closedate"})


def lead_rows(given: Given, settings: Settings) -> Rows:
    """A lead, and its visit where the business notes it in a field."""
    values = given.values()
    lead_id = values.text("id")
    yield LEADS, _lead(given, values, settings, lead_id)
    yield from noted_visit(given, values, settings, {"lead_id": lead_id})


def deal_rows(given: Given, settings: Settings) -> Rows:
    """A deal, its visit, and the lead that it is where there are no leads."""
    values = given.values()
    deal_id = values.text("id")
    semantic = _semantic(given, values, settings)
    lead_id = values.id("leadid")
    if given.known.get("is_lead"):
        lead_id = f"deal-{deal_id}"
        lead = _lead(given, values, settings, lead_id)
        survivor = lead["merged_into"]
        yield LEADS, lead | {"merged_into": f"deal-{survivor}" if survivor else None}
    yield (
        DEALS,
        {
            "deal_id": deal_id,
            "lead_id": lead_id,
            "contact_id": values.id("contactid"),
            **times(given, values),
            "closed_at": values.text("closedate") if values.text("closed") == "Y" else None,
            "stage": values.text("stageid"),
            "stage_semantic": semantic,
            "pipeline": given.known.get("pipeline") or values.text("categoryid"),
            "amount": values.money("opportunity"),
            "currency": values.text("currencyid"),
            **_payment(values, settings, semantic),
            "session_id": values.text(*settings.fields.get("session_id", ())),
            "loss_reason": _loss_reason(given, values, settings, semantic),
            "is_deleted": given.is_gone or None,
        },
    )
    yield from noted_visit(given, values, settings, {"deal_id": deal_id, "lead_id": lead_id})


def stage_rows(given: Given, settings: Settings) -> Rows:
    """A step of a lead's or a deal's way through its stages."""
    values = given.values()
    is_lead = "statusid" in values
    step: dict[str, object] = {
        "entity": "lead" if is_lead else "deal",
        "entity_id": values.text("ownerid"),
        "stage": values.text("statusid", "stageid"),
        "stage_semantic": _semantic(given, values, settings),
        "entered_at": values.text("createdtime"),
    }
    yield STAGE_HISTORY, step
    if given.known.get("is_lead"):
        yield STAGE_HISTORY, step | {"entity": "lead", "entity_id": f"deal-{step['entity_id']}"}


def _lead(
    given: Given, values: Values, settings: Settings, lead_id: str | None
) -> dict[str, object]:
    semantic = _semantic(given, values, settings)
    chat = _chat(values, settings)
    contact = Values(given.known.get("contact") or {})
    return {
        "lead_id": lead_id,
        **times(given, values),
        "status": values.text("statusid", "stageid"),
        "status_semantic": semantic,
        "title": values.text("title"),
        "amount": values.money("opportunity"),
        "currency": values.text("currencyid"),
        "source": values.text("sourceid"),
        "session_id": values.text(*settings.fields.get("session_id", ())),
        "chat_reference": "|".join(("imol", *chat)) if chat else None,
        "user_id": values.text(*settings.fields.get("user_id", ())),
        "channel": _channel(values, settings, chat),
        "phone": _communication(values, "phone") or _communication(contact, "phone"),
        "email": _communication(values, "email") or _communication(contact, "email"),
        "contact_id": values.id("contactid"),
        **{
            name: values.text(*settings.fields.get(name, ()), squashed(name))
            for name in ("utm_source", "utm_medium", "utm_campaign")
        },
        "is_returning": values.text("isreturncustomer"),
        "merged_into": given.known.get("merged_into"),
        "is_deleted": given.is_gone or None,
        "loss_reason": _loss_reason(given, values, settings, semantic),
    }


def _semantic(given: Given, values: Values, settings: Settings) -> str | None:
    status = values.text("statusid", "stageid") or ""
    for name in (status, given.known.get("status")):
        if name and squashed(str(name)) in settings.semantics:
            return settings.semantics[squashed(str(name))]
    letter = values.text("statussemanticid", "stagesemanticid") or given.known.get("semantics")
    # C5:WON is the stage WON of the pipeline 5.
    return _SEMANTICS.get(str(letter)) or _STAGES.get(squashed(status.rpartition(":")[2]))


def _loss_reason(
    given: Given, values: Values, settings: Settings, semantic: str | None
) -> str | None:
    """Lost leads say why in a field, in the note on the status, or by the status itself."""
    if semantic != "lost":
        return None
    status = given.known.get("status")
    return values.text(*settings.fields.get("loss_reason", ()), "statusdescription") or (
        str(status) if status else None
    )


def _payment(values: Values, settings: Settings, semantic: str | None) -> dict[str, object]:
    amounts, days = (settings.fields.get(name, ()) for name in ("paid_amount", "paid_at"))
    if semantic != "won" and _PLANNED & {*amounts, *days}:
        return {}
    amount, day = values.money(*amounts), values.text(*days)
    return {"paid_amount": amount, "paid_at": day} if amount and day else {}


def _chat(values: Values, settings: Settings) -> tuple[str, str, str, str] | None:
    references = (str(each) for each in _communications(values, "im"))
    chats = (chat_parts(each, settings.channels) for each in references if each[:5] == "imol|")
    return next((chat for chat in chats if chat), None)


def _channel(
    values: Values, settings: Settings, chat: tuple[str, str, str, str] | None
) -> str | None:
    given = values.text(*settings.fields.get("channel", ()))
    if given:
        return channel_of(given, settings.channels)
    if chat:
        return chat[0]
    # The source of what came through an open line is `<line>|<CONNECTOR>`.
    line, bar, connector = (values.text("sourceid") or "").partition("|")
    return channel_of(connector, settings.channels) if bar and line.isdecimal() else None


def _communication(values: Values, name: str) -> str | None:
    return next(iter(_communications(values, name)), None)


def _communications(values: Values, name: str) -> list[str]:
    """Phones, e-mails or chats; crm.item.list has all of them in `fm`."""
    given, mixed = values.raw(name), values.raw("fm")
    entries = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    found = [str(entry["VALUE"]) for entry in entries if entry.get("VALUE")]
    for entry in mixed if isinstance(mixed, list) else []:
        if isinstance(entry, dict) and str(entry.get("typeId")).lower() == name:
            found.append(str(entry.get("value") or ""))
    return [each for each in found if each]
