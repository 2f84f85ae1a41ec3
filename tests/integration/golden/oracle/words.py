"""What a text is: small talk, a yes, a question, a price."""

import re
from functools import cache

from tests.integration.golden.oracle.business import seed

_PRICE = re.compile(
    r"\d\s*(тыс\w*\.?\s*)?(₽|руб|р\b|€|eur|\$|usd|dollar|₹|inr|rupee)|[€$₹]\s*\d", re.IGNORECASE
)


def meaning(body: str) -> str | None:
    """Meaning of a whole message that is small talk: of seeds/phrases.csv, or `emoji`."""
    plain = " ".join(re.findall(r"\w+", body.lower()))
    return _phrases().get(plain) if plain else "emoji" if body.strip() else None


def is_question(body: str) -> bool:
    """Whether it ends in a question mark, emoji and brackets apart."""
    return re.sub(r"[^\w?.!…]+", "", body).endswith("?")


def names_price(body: str) -> bool:
    """Whether it says how much something costs."""
    return _PRICE.search(body) is not None


@cache
def _phrases() -> dict[str, str]:
    return {row["phrase"]: row["meaning"] for row in seed("phrases")}
