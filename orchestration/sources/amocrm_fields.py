"""Custom fields of an amoCRM lead, found by the id, code or name that business.yml gives."""

from collections.abc import Iterator, Mapping
from typing import Any

# What each column is called where business.yml names no field of its own.
_USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "session_id": ("session_id", "session id", "id сессии"),
    "channel": ("channel", "канал"),
    "user_id": (),
    "phone": ("phone", "телефон"),
    "email": ("email", "e-mail"),
    "utm_source": ("utm_source",),
    "utm_medium": ("utm_medium",),
    "utm_campaign": ("utm_campaign",),
}
_CHANNELS = {
    "сайт": "web",
    "website": "web",
    "site": "web",
    "вконтакте": "vk",
    "авито": "avito",
    "телеграм": "telegram",
    "тг": "telegram",
    "вотсап": "whatsapp",
    "whats app": "whatsapp",
    "инстаграм": "instagram",
    "вайбер": "viber",
    "телефон": "phone",
    "звонок": "phone",
    "почта": "email",
    "e-mail": "email",
}

FIELDS: Mapping[str, str] = {
    "session_field": "id, code or name of the lead's field that holds the session's id",
    "channel_field": "… that says where the customer wrote",
    "user_field": "… that holds the customer's id in the messenger",
    "phone_field": "… that holds the phone",
    "email_field": "… that holds the e-mail",
    "utm_source_field": "… that holds utm_source, if it is not the tracking field UTM_SOURCE",
    "utm_medium_field": "… that holds utm_medium",
    "utm_campaign_field": "… that holds utm_campaign",
}


def custom_columns(lead: Mapping[str, Any], declared: Mapping[str, str]) -> dict[str, str]:
    """Columns of `leads` that the lead's custom fields hold; `declared` are the keys of FIELDS.

    The main contact's own fields, where an export brings them, give phone and e-mail in their
    absence.
    """
    columns = {}
    given = list(_values(lead))
    for column, usual in _USUAL_NAMES.items():
        name = declared.get(column.removesuffix("_id") + "_field")
        value = _find(given, (name,) if name else usual)
        if value is None and column in {"phone", "email"} and not name:
            value = _find(list(_values(main_contact(lead))), usual)
        if value is not None:
            columns[column] = value
    if "channel" in columns:
        channel = columns["channel"].strip().lower()
        columns["channel"] = _CHANNELS.get(channel, channel)
    return columns


def main_contact(lead: Mapping[str, Any]) -> Mapping[str, Any]:
    """The contact that the lead calls its main one, else the first; {} where it has none."""
    embedded = lead.get("_embedded")
    contacts = embedded.get("contacts") if isinstance(embedded, dict) else None
    found = [contact for contact in contacts or () if isinstance(contact, dict)]
    return next((contact for contact in found if contact.get("is_main")), found[0] if found else {})


def _values(holder: Mapping[str, Any]) -> Iterator[tuple[set[str], str]]:
    """Each filled custom field: what it goes by, and its first value."""
    fields = holder.get("custom_fields_values")
    for custom in fields if isinstance(fields, list) else []:
        values = custom.get("values") if isinstance(custom, dict) else None
        first = values[0] if isinstance(values, list) and values else None
        value = first.get("value") if isinstance(first, dict) else None
        if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
            names = (custom.get(key) for key in ("field_id", "field_code", "field_name"))
            yield {_comparable(name) for name in names if name}, str(value)


def _find(given: list[tuple[set[str], str]], wanted: tuple[str, ...]) -> str | None:
    names = {_comparable(name) for name in wanted}
    return next((value for known, value in given if known & names), None)


def _comparable(name: Any) -> str:
    return str(name).strip().casefold()
