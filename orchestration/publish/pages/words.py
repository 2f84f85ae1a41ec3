"""The words around the figures, in both languages; names of KPIs come from the registry."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from orchestration.config import Locale


@cache
def words(locale: Locale) -> dict[str, Any]:
    """Return the words of a language by their place."""
    path = files(__package__).joinpath("assets", f"words.{locale}.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
