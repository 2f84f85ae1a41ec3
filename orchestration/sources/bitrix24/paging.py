"""All rows of a list method, by id, many pages to a request, none lost and none twice.

Offsets lose rows when others are deleted meanwhile. Here every page asks for the ids above the last
one of the page before, which the portal itself puts in: `$result[p0][49][ID]`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestration.sources.bitrix24.client import MOST_COMMANDS, Command, Portal
from orchestration.sources.bitrix24.faults import Fault

PAGE_ROWS = 50
ROWS_AT_ONCE = PAGE_ROWS * MOST_COMMANDS
_DEPTHS = (1, 4, 16, 50)
_MOST_STOPS = 15

Row = dict[str, Any]


@dataclass(frozen=True)
class Listing:
    """One list method: parameters beside the filter, the id's name, and where the rows lie."""

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    filter: Mapping[str, Any] = field(default_factory=dict)
    id_key: str = "ID"
    path: tuple[str, ...] = ()


def pages_by_id(portal: Portal, listing: Listing, after: int = 0) -> Iterator[list[Row]]:
    """Give the rows above the id `after`, ids strictly rising, in pages of at most 50.

    Waits where the portal says so. Raises PortalError for an answer that is no such page.
    """
    last, level, stops = after, 0, 0
    while True:
        commands = _chain(listing, last, _DEPTHS[level])
        answer = portal.batch(commands, halt=True)
        for key in commands:
            if key in answer.faults:
                stops += 1
                _wait(portal, listing.method, answer.faults[key], stops)
                break
            page = _rows(portal, listing, answer.results.get(key))
            last = _last_id(portal, listing, page, last)
            stops = 0
            yield page
            # Behind a short page the references lead nowhere and the portal starts anew.
            if len(page) < PAGE_ROWS:
                return
        else:
            level = min(level + 1, len(_DEPTHS) - 1)


def pages_by_offset(portal: Portal, listing: Listing) -> Iterator[list[Row]]:
    """Give the rows of a method that cannot filter by id; each id once.

    Ends with a short page, or with one that repeats what is known: a portal asked beyond the end
    may answer its first page.
    """
    seen: set[str] = set()
    start = 0
    while True:
        params = {**listing.params, "start": start}
        if listing.filter:
            params["filter"] = dict(listing.filter)
        rows = _rows(portal, listing, portal.call(listing.method, params).result)
        fresh = [row for row in rows if str(row.get(listing.id_key)) not in seen]
        if fresh:
            yield fresh
        if len(rows) < PAGE_ROWS or not fresh:
            return
        seen |= {str(row.get(listing.id_key)) for row in fresh}
        start += PAGE_ROWS


def results_of(portal: Portal, commands: Mapping[str, Command]) -> Iterator[tuple[str, Any]]:
    """Run at most 50 commands that do not build on each other; give what succeeds by key.

    A fault that may pass is asked again; one that stays is given as a Fault.
    """
    left, stops = dict(commands), 0
    while left:
        answer = portal.batch(left, halt=False)
        passing: list[tuple[str, Fault]] = []
        for key in list(left):
            if key in answer.faults and answer.faults[key].is_passing():
                passing.append((key, answer.faults[key]))
            elif key in answer.faults:
                yield key, answer.faults[key]
                del left[key]
            elif key in answer.results:
                yield key, answer.results[key]
                del left[key]
            else:
                passing.append((key, Fault("", "no answer")))
        if passing:
            stops = stops + 1 if len(passing) == len(left) else 1
            key, fault = passing[0]
            _wait(portal, left[key].method, fault, stops)


def rows_by_ids(portal: Portal, listing: Listing, key: str, ids: Iterable[str]) -> Iterator[Row]:
    """Give the rows of a listing whose `key` is among `ids`, where each id has at most one."""
    listed = list(ids)
    for start in range(0, len(listed), ROWS_AT_ONCE):
        chunk = listed[start : start + ROWS_AT_ONCE]
        commands = {
            f"c{index}": Command(
                listing.method,
                {**listing.params, "filter": {f"@{key}": chunk[index : index + PAGE_ROWS]}},
            )
            for index in range(0, len(chunk), PAGE_ROWS)
        }
        for _, result in results_of(portal, commands):
            if isinstance(result, Fault):
                raise portal.error(listing.method, result)
            yield from _rows(portal, listing, result)


def gathered(pages: Iterator[list[Row]]) -> Iterator[list[Row]]:
    """Give the rows of many pages together."""
    rows: list[Row] = []
    for page in pages:
        rows += page
        if len(rows) >= ROWS_AT_ONCE:
            yield rows
            rows = []
    if rows:
        yield rows


def _chain(listing: Listing, after: int, depth: int) -> dict[str, Command]:
    reference = "".join(f"[{step}]" for step in (*listing.path, PAGE_ROWS - 1, listing.id_key))
    commands = {}
    for index in range(depth):
        bound = str(after) if index == 0 else f"$result[p{index - 1}]{reference}"
        commands[f"p{index}"] = Command(
            listing.method,
            {
                **listing.params,
                "order": {listing.id_key: "ASC"},
                "filter": {**listing.filter, f">{listing.id_key}": bound},
                # No counting of all rows, which takes the portal longer than the page itself.
                "start": -1,
            },
        )
    return commands


def _wait(portal: Portal, method: str, fault: Fault, stops: int) -> None:
    if fault.code and not fault.is_passing():
        raise portal.error(method, fault)
    if stops > _MOST_STOPS:
        raise portal.unreachable(method, f"{fault.code} {fault.text}".strip())
    if fault.is_block():
        portal.pace.wait_for(method, stops)
    else:
        portal.pace.pause(stops)


def _rows(portal: Portal, listing: Listing, result: object) -> list[Row]:
    for step in listing.path:
        result = result.get(step) if isinstance(result, dict) else None
    if not isinstance(result, list) or not all(isinstance(row, dict) for row in result):
        raise portal.error(listing.method, Fault("", "the answer is not a list of records"))
    return result


def _last_id(portal: Portal, listing: Listing, page: list[Row], last: int) -> int:
    for row in page:
        given = str(row.get(listing.id_key))
        if not given.isdecimal() or int(given) <= last:
            raise portal.error(listing.method, Fault("", "the ids of the list do not rise"))
        last = int(given)
    return last
