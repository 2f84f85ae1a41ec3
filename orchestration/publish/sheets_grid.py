"""What a spreadsheet holds, as version 4 of the API tells it."""

import json
import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

# Where this is written on a worksheet, it was made here.
KEY = "chatbot-kpi-warehouse"
STAGING = "staging"


@dataclass(frozen=True)
class Live:
    """A worksheet made here: its number (gid), which Data Studio is bound to, and its content."""

    gid: int
    metadata_id: int
    fingerprint: str
    size: int


@dataclass(frozen=True)
class Spreadsheet:
    """Worksheets made here by table, leftovers of a run that was cut off, and everybody else's."""

    live: Mapping[str, Live]
    leftovers: Collection[int]
    foreign_cells: int
    titles: Collection[str]
    gids: Collection[int]

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of the content of each table."""
        return {table: live.fingerprint for table, live in self.live.items()}


def read_spreadsheet(answer: Mapping[str, Any]) -> Spreadsheet:
    """Understand the answer of spreadsheets.get."""
    live: dict[str, Live] = {}
    leftovers: list[int] = []
    foreign = 0
    properties = [sheet["properties"] for sheet in answer.get("sheets", ())]
    for sheet in answer.get("sheets", ()):
        grid = sheet["properties"].get("gridProperties", {})
        gid, size = sheet["properties"]["sheetId"], _size(grid)
        mark = next(
            (one for one in sheet.get("developerMetadata", ()) if one["metadataKey"] == KEY), None
        )
        if mark is None:
            foreign += size
        elif mark["metadataValue"] == STAGING:
            leftovers.append(gid)
        else:
            value = json.loads(mark["metadataValue"])
            live[value["table"]] = Live(gid, mark["metadataId"], value["fingerprint"], size)
    return Spreadsheet(
        live,
        leftovers,
        foreign,
        [one["title"] for one in properties],
        [one["sheetId"] for one in properties],
    )


def _size(grid: Mapping[str, Any]) -> int:
    return int(grid.get("rowCount", 0)) * int(grid.get("columnCount", 0))


def free_gids(spreadsheet: Spreadsheet, count: int) -> list[int]:
    """Return numbers that no worksheet of the spreadsheet has."""
    found: set[int] = set()
    while len(found) < count:
        found |= {random.randrange(1, 2**31)} - set(spreadsheet.gids)  # noqa: S311
    return sorted(found)
