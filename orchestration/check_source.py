"""`python -m orchestration.check_source --file …`: what a file is and would give, nothing loaded.

Ends with 0 when a reader takes the file, with 1 and one sentence on the error stream when none does
or a person has to mend something.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from orchestration.business import read_business
from orchestration.check_source_words import KINDS, REASONS, ROLES, STREAMS, WORDS
from orchestration.config import Locale, Settings, read_settings
from orchestration.errors import ActionableError
from orchestration.landing import BUSINESS_NAME, SETTINGS_NAME, is_passed_over
from orchestration.sources.contract import Reading
from orchestration.sources.systems import SYSTEMS
from orchestration.trial import Kind, Trial, recognise, try_file

_SHOWN_SPEAKERS = 12
_WIDTH_OF_A_PIPE = 120
_ANY_BUSINESS = "my_business"


def main() -> int:
    """Check the file. Returns the exit code."""
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDTH_OF_A_PIPE
    parser = argparse.ArgumentParser(prog="orchestration.check_source", description=__doc__)
    parser.add_argument("--file", default="", help="the file to check")
    parser.add_argument("--business", default="", help="folder of the business in the landing zone")
    parser.add_argument("--locale", default="ru", help="language: ru or en")
    given = parser.parse_args()
    try:
        if given.locale not in get_args(Locale):
            raise ActionableError(f"LOCALE={given.locale!r} is no language: set it to ru or en.")
        check_file(console, given.file, given.business, given.locale)
    except ActionableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def check_file(console: Console, file: str, business: str, locale: Locale) -> None:
    """Print what the file is and would give.

    Raises ActionableError for a file that is not there, a name that is no business, settings that
    cannot be used, and a file that nobody can read.
    """
    path = Path(file).expanduser().absolute()
    if not file or not path.is_file():
        raise ActionableError(WORDS["no_file"][locale].format(file=file))
    settings = read_settings()
    place = _place(path, settings)
    business = business or (place[0] if place else _ANY_BUSINESS)
    if not BUSINESS_NAME.fullmatch(business):
        raise ActionableError(WORDS["no_business"][locale].format(business=business))
    business_settings = settings.landing_dir / business / SETTINGS_NAME
    known = read_business(business_settings)
    kind = place[1] if place else None
    if kind is None:
        kind = recognise(path, known.reading(business, path.name, ""))
    if kind is None:
        endings = ", ".join(sorted({ending for _, ending in _endings()}))
        raise ActionableError(WORDS["unknown"][locale].format(name=path.name, endings=endings))
    folder = "/".join(part for part in (business, kind.system, kind.folder) if part)
    reading = known.reading(business, f"{folder}/{path.name}", kind.system)
    trial = try_file(path, kind, reading, business_settings)
    _print_kind(console, path, kind, settings.landing_dir / folder, place is not None, locale)
    _print_rows(console, trial, reading, locale)
    # The columns of a table say who is who, and nobody guesses.
    can_correct = kind.feed.read is not None
    _print_speakers(console, trial, reading, business_settings, locale, can_correct)
    _print_rejects(console, trial, locale)
    for warning in trial.warnings:
        console.print(f"! {warning}")
    console.print()
    console.print(WORDS["nothing_loaded"][locale])


def _place(path: Path, settings: Settings) -> tuple[str, Kind] | None:
    """The business and kind of a file that lies in the landing zone already."""
    try:
        parts = path.relative_to(settings.landing_dir).parts
    except ValueError:
        return None
    if len(parts) not in {3, 4} or parts[1] not in SYSTEMS:
        return None
    folder = parts[2] if len(parts) == 4 else ""
    feed = SYSTEMS[parts[1]].feeds.get(folder)
    if feed is None or not any(path.name.lower().endswith(ending) for ending in feed.formats):
        return None
    return parts[0], Kind(parts[1], folder, feed)


def _endings() -> Iterator[tuple[str, str]]:
    for system in SYSTEMS.values():
        for feed in system.feeds.values():
            for ending in feed.formats:
                yield system.name, ending


def _print_kind(
    console: Console, path: Path, kind: Kind, folder: Path, is_there: bool, locale: Locale
) -> None:
    size = path.stat().st_size
    shown = f"{size / 1024:,.0f} KiB" if size >= 1024 else f"{size} B"
    console.print(f"{path.name} ({shown})")
    name = f"{kind.system}/{kind.folder}".rstrip("/")
    console.print(WORDS["is"][locale].format(kind=KINDS.get(name, {}).get(locale, name), name=name))
    console.print(WORDS["lies" if is_there else "put"][locale].format(folder=folder))
    if is_passed_over(path.name):
        console.print("! " + WORDS["rename"][locale].format(name=path.name))


def _print_rows(console: Console, trial: Trial, reading: Reading, locale: Locale) -> None:
    for stream, count in trial.rows.items():
        if count or len(trial.rows) == 1:
            console.print(f"{STREAMS[stream][locale]}: {count:,}".replace(",", "\u00a0"))
    if trial.first and trial.last:
        zone = ZoneInfo(reading.time_zone)
        first, last = (
            f"{moment.replace(tzinfo=ZoneInfo('UTC')).astimezone(zone):%Y-%m-%d %H:%M}"
            for moment in (trial.first, trial.last)
        )
        period = WORDS["period"][locale]
        console.print(period.format(first=first, last=last, zone=reading.time_zone))


def _print_speakers(
    console: Console,
    trial: Trial,
    reading: Reading,
    settings: Path,
    locale: Locale,
    can_correct: bool,
) -> None:
    if not trial.speakers:
        return
    table = Table(title=WORDS["speakers"][locale], title_justify="left", title_style="bold")
    for heading in WORDS["headings"][locale].split("|"):
        table.add_column(heading)
    # Our side first, as it is few and what has to be right.
    ranked = sorted(trial.speakers.items(), key=lambda item: (item[0][1] == "customer", -item[1]))
    for (name, role), count in ranked[:_SHOWN_SPEAKERS]:
        is_declared = reading.declared_role(name) is not None
        how = WORDS["declared" if is_declared else "guessed"][locale]
        table.add_row(shortened(name), f"{ROLES[role][locale]} ({how})", f"{count}")
    console.print()
    console.print(table)
    if len(ranked) > _SHOWN_SPEAKERS:
        more = len(ranked) - _SHOWN_SPEAKERS
        console.print(WORDS["more"][locale].format(count=more))
    if can_correct:
        console.print(WORDS["correct"][locale].format(settings=settings))


def _print_rejects(console: Console, trial: Trial, locale: Locale) -> None:
    console.print()
    if not trial.rejects:
        console.print(WORDS["no_rejects"][locale])
        return
    rejected = sum(count for count, _ in trial.rejects.values())
    read = rejected + sum(trial.rows.values())
    console.print(WORDS["rejects"][locale].format(rejected=rejected, read=read))
    for reason, (count, lines) in trial.rejects.items():
        word, _, field = reason.partition(":")
        meaning = REASONS.get(word, {}).get(locale, "").format(field=field)
        numbers = ", ".join(map(str, lines)) + (", …" if count > len(lines) else "")
        console.print(
            f"  {reason}: {count} ({WORDS['line'][locale]} {numbers})"
            + (f" — {meaning}" if meaning else "")
        )


def shortened(name: str) -> str:
    """A name, phone or id as it may be shown: enough to know whose it is, not enough to use."""
    if re.fullmatch(r"\+?[\d\s()-]{9,}", name):
        return f"{name[:4]}…{name[-2:]}"
    first, *rest = name.split() or ["—"]
    return " ".join([first[:12], *(f"{part[0]}." for part in rest[:1])])


if __name__ == "__main__":
    sys.exit(main())
