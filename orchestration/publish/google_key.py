"""The key of a service account, as a file or as its content."""

import json
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from orchestration.errors import ActionableError

_NEEDED = ("client_email", "private_key", "token_uri")


def read_key(given: SecretStr, variable: str) -> dict[str, Any]:
    """Return the key that `variable` names or holds.

    Raises ActionableError, which shows nothing of the key, where it is none.
    """
    text = given.get_secret_value().strip()
    where = "" if text.startswith("{") else f" {text}"
    try:
        key = json.loads(text if not where else Path(text).expanduser().read_text("utf-8"))
    except (OSError, ValueError):
        key = None
    if not isinstance(key, dict) or not all(isinstance(key.get(name), str) for name in _NEEDED):
        place = f"names the file{where}, which" if where else "holds what"
        raise ActionableError(
            f"{variable} {place} is not the JSON key of a service account: make a key in the "
            "Google Cloud console (IAM, Service accounts, Keys) and give its path or its content."
        )
    return key


def secrets_of(key: dict[str, Any]) -> list[str]:
    """Return what of a key must never be shown: the private key, whole and line by line."""
    whole = str(key["private_key"])
    lines = [line for line in whole.splitlines() if line and not line.startswith("-----")]
    return [whole, *lines, str(key.get("private_key_id") or "")]
