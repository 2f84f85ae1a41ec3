"""The awkward cases, each told at least once."""

from orchestration.demo.ledger import Ledger


def tell_cases(ledger: Ledger) -> None:
    """Tell them."""
