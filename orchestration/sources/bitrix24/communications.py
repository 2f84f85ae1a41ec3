"""By what a person of a lead or a contact can be reached, in one spelling."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PHONE_DIGITS = 10


def communications(row: Mapping[str, Any]) -> list[str]:
    """Phones (their last ten digits) and e-mails of a row; its chats where it has none."""
    found = {f"PHONE {re.sub('[^0-9]', '', value)[-_PHONE_DIGITS:]}" for value in _of(row, "PHONE")}
    found |= {f"EMAIL {value.strip().lower()}" for value in _of(row, "EMAIL")}
    return sorted(found or {f"IM {value}" for value in _of(row, "IM")})


def _of(row: Mapping[str, Any], name: str) -> Iterator[str]:
    values = row.get(name)
    for value in values if isinstance(values, list) else []:
        if isinstance(value, dict) and value.get("VALUE"):
            yield str(value["VALUE"])
