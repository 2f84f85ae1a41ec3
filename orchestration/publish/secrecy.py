"""Secrets of destinations stay out of whatever is printed, logged or kept."""

import traceback
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from orchestration.errors import ActionableError

_HIDDEN = "***"
# A shorter one would black out ordinary words.
_SHORTEST = 4


@contextmanager
def hidden(secrets: Collection[str]) -> Iterator[None]:
    """Let no error leave that would show one of the secrets, in its text or in what caused it."""
    try:
        yield
    except Exception as error:
        shown = "".join(traceback.format_exception(error))
        if not any(secret in shown for secret in _worth_hiding(secrets)):
            raise
        text = without(str(error), secrets)
        kind = ActionableError if isinstance(error, ActionableError) else RuntimeError
        raise kind(text) from None


def without(text: str, secrets: Collection[str]) -> str:
    """Return the text with every secret blacked out."""
    # The longest first, as one may be part of another.
    for secret in sorted(_worth_hiding(secrets), key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return text


def _worth_hiding(secrets: Collection[str]) -> list[str]:
    return [secret for secret in secrets if len(secret) >= _SHORTEST]
