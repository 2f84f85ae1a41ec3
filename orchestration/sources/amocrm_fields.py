"""Custom fields of an amoCRM lead, found by the id, code or name that business.yml gives."""

import sqlite3
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


class Contacts:
    """Phones and e-mails of the contacts of a file, outside of memory; to be closed."""

    def __init__(self) -> None:
        """Begin without any."""
        # An SQLite database without a name lies in a temporary file and vanishes when closed.
        self._known = sqlite3.connect("")
        self._known.execute("create table contacts (id text primary key, phone text, email text)")

    def close(self) -> None:
        """Forget them."""
        self._known.close()

    def learn(self, contact: Mapping[str, Any]) -> None:
        """Remember a contact of a page of contacts."""
        given = list(_values(contact))
        found = [_find(given, _USUAL_NAMES[column]) for column in ("phone", "email")]
        plain = [value and value.encode(errors="replace").decode() for value in found]
        self._known.execute(
            "insert or replace into contacts values (?, ?, ?)", [str(contact.get("id")), *plain]
        )

    def find(self, contact: Mapping[str, Any]) -> dict[str, str]:
        """Phone and e-mail of a lead's contact: its own fields, else what was learnt of its id."""
        given = list(_values(contact))
        learnt = self._known.execute(
            "select phone, email from contacts where id = ?", [str(contact.get("id"))]
        ).fetchone() or (None, None)
        values = {
            column: _find(given, _USUAL_NAMES[column]) or known
            for column, known in zip(("phone", "email"), learnt, strict=True)
        }
        return {column: value for column, value in values.items() if value}


def custom_columns(
    lead: Mapping[str, Any], declared: Mapping[str, str], contacts: Contacts
) -> dict[str, str]:
    """Columns of `leads` that the lead's custom fields hold; `declared` are the keys of FIELDS.

    Phone and e-mail are those of the main contact where the lead has none and no field is declared.
    """
    columns = {}
    given = list(_values(lead))
    for column, usual in _USUAL_NAMES.items():
        name = declared.get(column.removesuffix("_id") + "_field")
        value = _find(given, (name,) if name else usual)
        if value is not None:
            columns[column] = value
    of_contact = contacts.find(main_contact(lead))
    for column, value in of_contact.items():
        if f"{column}_field" not in declared:
            columns.setdefault(column, value)
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
