"""The demo as a whole: three businesses lived through, and what is true of them."""

from datetime import date
from pathlib import Path
from random import Random

from orchestration.demo.businesses import BUSINESSES
from orchestration.demo.cases import tell_cases
from orchestration.demo.hearing import label_samples
from orchestration.demo.ledger import Ledger
from orchestration.demo.schedule import live_through
from orchestration.demo.truth import DemoTruth, Person, judge_age
from orchestration.demo.writing import write_ledger
from orchestration.errors import ActionableError

DAYS = 90


def write_demo(landing_dir: Path, end_date: date) -> DemoTruth:
    """Fill an empty landing zone with 90 days that end the day before `end_date`.

    The same `end_date` gives the same bytes. Returns what is true of the files. Raises
    ActionableError where the landing zone already holds something or cannot be written.
    """
    _require_empty(landing_dir)
    ledgers = _live(end_date)
    try:
        for ledger in ledgers:
            write_ledger(ledger, landing_dir)
    except OSError as error:
        raise ActionableError(
            f"The demo cannot be written to {landing_dir} ({error.strerror}): set LANDING_DIR to "
            "a folder you may write to."
        ) from error
    return _truth(ledgers, end_date)


def demo_truth(end_date: date) -> DemoTruth:
    """What is true of the demo that ends the day before `end_date`; writes nothing."""
    return _truth(_live(end_date), end_date)


def demo_people(end_date: date) -> tuple[Person, ...]:
    """Everybody in the demo: names, phones, addresses and ids that must never leave the house."""
    return demo_truth(end_date).people


def _live(end_date: date) -> list[Ledger]:
    ledgers = []
    for business in BUSINESSES:
        rng = Random(business.business_id)  # noqa: S311 - invented data, nothing to guard
        ledger = Ledger(business, end_date, DAYS, rng)
        tell_cases(ledger)
        live_through(ledger)
        label_samples(ledger)
        ledgers.append(ledger)
    return ledgers


def _truth(ledgers: list[Ledger], end_date: date) -> DemoTruth:
    for ledger in ledgers:
        for session in ledger.sessions:
            judge_age(session, ledger.as_of)
    return DemoTruth(
        end_date=end_date,
        as_of=ledgers[0].as_of,
        sessions=tuple(session for ledger in ledgers for session in ledger.sessions),
        leads=tuple(lead for ledger in ledgers for lead in ledger.leads),
        people=tuple(person for ledger in ledgers for person in ledger.people),
    )


def _require_empty(landing_dir: Path) -> None:
    if landing_dir.exists() and not landing_dir.is_dir():
        raise ActionableError(
            f"The landing zone {landing_dir} is a file: set LANDING_DIR to a folder."
        )
    found = sorted(path.name for path in landing_dir.glob("[!.]*"))
    if found:
        raise ActionableError(
            f"The landing zone {landing_dir} already holds {', '.join(found[:3])}: the demo only "
            "fills an empty one, so set LANDING_DIR to an empty folder or empty this one."
        )
