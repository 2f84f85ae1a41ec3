"""The page of a business: one HTML file that needs no network, with everything it shows inside."""

import html
import json
from functools import cache
from importlib.resources import files
from typing import Any

from orchestration.config import Locale
from orchestration.publish.pages.contents import Contents, Table
from orchestration.publish.pages.layout import layout
from orchestration.publish.pages.words import words

_SCRIPTS = ("format.js", "parts.js", "overview.js", "pages.js", "main.js")


def render_page(contents: Contents, locale: Locale) -> str:
    """Return the page as text: the same contents give the same bytes."""
    texts = words(locale)
    name = str(contents.business["name"])
    shown: dict[str, Any] = {
        "locale": locale,
        "business": contents.business,
        "tables": {table: _columnar(rows) for table, rows in contents.tables.items()},
        "days": _columnar(contents.days),
        "layout": layout(),
        "texts": texts,
    }
    parts = {
        "locale": locale,
        "title": html.escape(f"{name} · {texts['title']}"),
        "noscript": html.escape(texts["noscript"]),
        "contents": _json(shown),
        **_assets(),
    }
    page = _asset("page.html")
    # One pass, so that nothing in a part can be taken for the place of another.
    pieces = page.split("{{")
    return pieces[0] + "".join(
        parts[name] + rest for name, rest in (piece.split("}}", 1) for piece in pieces[1:])
    )


def _columnar(table: Table) -> dict[str, Any]:
    return {"columns": table.columns, "rows": table.rows}


def _json(value: object) -> str:
    # A text that closes the script element, or begins a comment in it, must stay a text.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _assets() -> dict[str, str]:
    return {
        "styles": _asset("page.css"),
        "echarts": _asset("vendor/echarts.common.min.js"),
        "scripts": "\n".join(_asset(name) for name in _SCRIPTS),
    }


def _asset(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")
