"""The demo as a whole: three businesses lived through, and what is true of them."""

from datetime import date
from pathlib import Path
from random import Random

from orchestration.demo.cases import tell_cases
from orchestration.demo.diary import Diary
from orchestration.demo.hearing import label_samples
from orchestration.demo.profiles import BUSINESSES
from orchestration.demo.schedule import live_through
from orchestration.demo.truth import DemoTruth, Person, judge_age
from orchestration.demo.writing import write_diary
from orchestration.errors import ActionableError

DAYS = 90


def write_demo(landing_dir: Path, end_date: date) -> DemoTruth:
    """Fill an empty landing zone with 90 days that end the day before `end_date`.

    The same `end_date` gives the same bytes. Returns what is true of the files. Raises
    ActionableError where the landing zone already holds something or cannot be written.
    """
    _require_empty(landing_dir)
    diarys = _live(end_date)
    try:
        for diary in diarys:
            write_diary(diary, landing_dir)
    except OSError as error:
        raise ActionableError(
            f"The demo cannot be written to {landing_dir} ({error.strerror}): set LANDING_DIR to "
            "a folder you may write to."
        ) from error
    return _truth(diarys, end_date)


def demo_truth(end_date: date) -> DemoTruth:
    """What is true of the demo that ends the day before `end_date`; writes nothing."""
    return _truth(_live(end_date), end_date)


def demo_people(end_date: date) -> tuple[Person, ...]:
    """Everybody in the demo: names, phones, addresses and ids that must never leave the house."""
    return demo_truth(end_date).people


def _live(end_date: date) -> list[Diary]:
    diarys = []
    for business in BUSINESSES:
        rng = Random(business.business_id)  # noqa: S311 - invented data, nothing to guard
        diary = Diary(business, end_date, DAYS, rng)
        tell_cases(diary)
        live_through(diary)
        label_samples(diary)
        diarys.append(diary)
    return diarys


def _truth(diarys: list[Diary], end_date: date) -> DemoTruth:
    for diary in diarys:
        for session in diary.sessions:
            judge_age(session, diary.as_of)
    return DemoTruth(
        end_date=end_date,
        as_of=diarys[0].as_of,
        sessions=tuple(session for diary in diarys for session in diary.sessions),
        leads=tuple(lead for diary in diarys for lead in diary.leads),
        people=tuple(person for diary in diarys for person in diary.people),
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
