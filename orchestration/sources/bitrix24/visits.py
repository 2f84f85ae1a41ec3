"""Visits: Bitrix24's own bookings, and those that a business notes in fields of leads and deals.

No booking says whether the customer came, and a cancelled one is deleted. What became of a visit
stands in a field or in the stage of the deal, under names that business.yml gives.
"""

from collections.abc import Mapping

from orchestration.sources.bitrix24.fields import Settings, Values
from orchestration.sources.bitrix24.records import Given, Rows, times
from orchestration.streams import BOOKINGS


def booking_rows(given: Given, settings: Settings) -> Rows:
    """A booking of Bitrix24 with the deal that it belongs to."""
    values = given.values()
    clients = given.known.get("clients")
    contact = next(
        (
            client.get("id")
            for client in (clients if isinstance(clients, list) else [])
            if isinstance(client.get("type"), dict) and client["type"].get("code") == "CONTACT"
        ),
        None,
    )
    deal = given.known.get("deal") if isinstance(given.known.get("deal"), dict) else None
    deal_known = given.known.get("deal_known")
    status, deal_values = "booked", None
    if deal is not None:
        about = Given(deal, deal_known if isinstance(deal_known, dict) else {})
        deal_values = about.values()
        status = _visit_status(about, deal_values, settings)
    yield (
        BOOKINGS,
        {
            "booking_id": values.text("id"),
            "deal_id": deal_values.text("id") if deal_values else None,
            "contact_id": str(contact) if contact else None,
            "starts_at": _timestamp(values.raw("dateperiod"), "from"),
            "status": "cancelled" if given.is_gone else status,
            "service": values.text("name"),
            "modified_at": given.changed_at,
        },
    )


def noted_visit(
    given: Given, values: Values, settings: Settings, owner: Mapping[str, object]
) -> Rows:
    """A visit whose time stands in a field of the record; `owner` are the ids it goes by."""
    starts_at = values.text(*settings.fields.get("visit_at", ()))
    if not starts_at:
        return
    kind = "deal" if "deal_id" in owner else "lead"
    yield (
        BOOKINGS,
        {
            **owner,
            "booking_id": f"{kind}-{values.text('id')}",
            "contact_id": values.id("contactid"),
            "starts_at": starts_at,
            **times(given, values),
            "status": "cancelled" if given.is_gone else _visit_status(given, values, settings),
            "service": values.text(*settings.fields.get("visit_service", ())),
        },
    )


def _visit_status(given: Given, values: Values, settings: Settings) -> str:
    """The field's value, else the stage; a value that nobody explained stays, to be rejected."""
    told = values.text(*settings.fields.get("visit_status", ()))
    if told and told != "0":
        return settings.visit_status([told]) or told
    status = given.known.get("status")
    stages = [values.text("stageid", "statusid"), str(status) if status else None]
    return settings.visit_status(stages) or "booked"


def _timestamp(period: object, end: str) -> object:
    edge = period.get(end) if isinstance(period, dict) else None
    return edge.get("timestamp") if isinstance(edge, dict) else None
