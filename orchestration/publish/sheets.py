"""Destination: Google Sheets, a spreadsheet per business with a worksheet per report.

A page is written to a hidden worksheet first; one request, which Google carries out whole or not at
all, then copies every page that changed to its place. The places keep their numbers, to which
reports of Data Studio are bound. What was made here bears a mark with the fingerprint of its
content: a page whose content did not change is not sent, and nobody else's worksheet is touched.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gspread.exceptions import APIError

from orchestration.errors import ActionableError
from orchestration.publish.google_key import read_key, secrets_of
from orchestration.publish.offers import (
    Delivered,
    Offer,
    make_offers,
    unknown_names,
    variable_name,
)
from orchestration.publish.release import Release
from orchestration.publish.secrecy import hidden
from orchestration.publish.sheets_access import SheetsPlace, open_client, readable_errors
from orchestration.publish.sheets_client import SheetsClient
from orchestration.publish.sheets_grid import Spreadsheet, free_gids, read_spreadsheet
from orchestration.publish.sheets_pages import Page, make_pages
from orchestration.publish.sheets_requests import (
    chunks,
    exchange_requests,
    requests_of_values,
    staging_requests,
)

# Raised whenever the same rows would be written differently: all pages are then sent anew.
_VERSION = 1


def publish_sheets(release: Release, place: SheetsPlace) -> Delivered:
    """Bring the reports to the spreadsheet of each business that has one, whole or not at all.

    Raises ActionableError, which shows nothing of the key, with a sentence per spreadsheet that
    could not be written; it is then as it was.
    """
    offers = make_offers(release, _VERSION)
    key = read_key(place.credentials, "GOOGLE_SHEETS_CREDENTIALS")
    told: list[Delivered] = []
    failures: list[str] = []
    with hidden(secrets_of(key)):
        client = open_client(key, place)
        for business, of_business in offers.items():
            identity = place.spreadsheets.get(variable_name(business))
            if identity is None:
                continue
            try:
                with readable_errors(business, key["client_email"]):
                    told.append(_publish(client, identity, release, of_business, place))
            except ActionableError as error:
                failures.append(str(error))
    if failures:
        raise ActionableError("\n".join(failures))
    unknown = unknown_names(place.spreadsheets, offers)
    return Delivered(
        rows=sum(one.rows for one in told),
        sent=sum(one.sent for one in told),
        unchanged=sum(one.unchanged for one in told),
        remarks=(
            *itertools.chain.from_iterable(one.remarks for one in told),
            *(f"GOOGLE_SHEET_{name} names no business of the marts" for name in unknown),
        ),
    )


def read_worksheets(place: SheetsPlace) -> dict[str, dict[str, int]]:
    """Return the number (gid) of each worksheet made here by its table, for every spreadsheet.

    Raises ActionableError, which shows nothing of the key, where one cannot be read.
    """
    key = read_key(place.credentials, "GOOGLE_SHEETS_CREDENTIALS")
    found = {}
    with hidden(secrets_of(key)):
        client = open_client(key, place)
        for business, identity in place.spreadsheets.items():
            with readable_errors(business, key["client_email"]):
                spreadsheet = read_spreadsheet(client.fetch_sheet_metadata(identity))
            found[business] = {table: live.gid for table, live in spreadsheet.live.items()}
    return found


def _publish(
    client: SheetsClient,
    identity: str,
    release: Release,
    offers: Sequence[Offer],
    place: SheetsPlace,
) -> Delivered:
    before = read_spreadsheet(client.fetch_sheet_metadata(identity))
    # While a page is exchanged its old cells, the new ones and the staged ones are there.
    pages = make_pages(release, offers, (place.most_cells - before.foreign_cells) // 2)
    known = before.fingerprints()
    changed = [page for page in pages if known.get(page.table) != page.fingerprint]
    gone = sorted(set(known) - {page.table for page in pages})
    if changed or gone or before.leftovers:
        _exchange(client, identity, release, before, changed, gone)
    return Delivered(
        rows=sum(page.rows for page in pages),
        sent=len(changed),
        unchanged=len(pages) - len(changed),
        remarks=tuple(
            f"Google Sheets: {page.table} of {offers[0].business}: {page.note[1]}"
            for page in pages
            if page.note[1]
        ),
    )


def _exchange(
    client: SheetsClient,
    identity: str,
    release: Release,
    before: Spreadsheet,
    changed: Sequence[Page],
    gone: Sequence[str],
) -> None:
    gids = free_gids(before, 2 * len(changed))
    staged = dict(zip(gids, changed, strict=False))
    new_gids = dict(zip((page.table for page in changed), gids[len(changed) :], strict=True))

    def is_staged(now: Spreadsheet) -> bool:
        return set(now.leftovers) == set(staged)

    def is_exchanged(now: Spreadsheet) -> bool:
        known = now.fingerprints()
        is_there = all(known.get(page.table) == page.fingerprint for page in changed)
        return is_there and known.keys().isdisjoint(gone)

    if first := staging_requests(before.leftovers, staged):
        _apply(client, identity, first, is_staged)
    parts = (part for gid, page in staged.items() for part in chunks(gid, page.read(release)))
    written = 0
    for values in requests_of_values(parts):
        answer = client.values_batch_update(identity, {"valueInputOption": "RAW", "data": values})
        written += int(answer["totalUpdatedRows"])
    expected = sum(page.rows + 1 for page in changed)
    if written != expected:
        raise ActionableError(
            f"Google Sheets took {written} rows where {expected} were sent, so nothing was "
            "exchanged: run `make refresh` again."
        )
    if last := exchange_requests(before, staged, new_gids, gone):
        _apply(client, identity, last, is_exchanged)


def _apply(
    client: SheetsClient,
    identity: str,
    changes: Sequence[Mapping[str, Any]],
    is_applied: Callable[[Spreadsheet], bool],
) -> None:
    """Have Google carry out all changes or none.

    Where an answer is lost on the way the changes are sent again, and refused, as they are there.
    """
    try:
        client.batch_update(identity, {"requests": list(changes)})
    except APIError as error:
        refused = 400
        now = read_spreadsheet(client.fetch_sheet_metadata(identity))
        if error.response.status_code != refused or not is_applied(now):
            raise
