"""Requests that change a spreadsheet, as version 4 of the API has them."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from orchestration.publish.sheets_grid import KEY, STAGING, Spreadsheet
from orchestration.publish.sheets_pages import Cell, Page

_CELLS_A_REQUEST = 100_000
_BYTES_A_REQUEST = 1_500_000
_FORMATS = {
    "VARCHAR": {"type": "TEXT"},
    "DATE": {"type": "DATE", "pattern": "yyyy-mm-dd"},
    "TIMESTAMP": {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm:ss"},
    "TIMESTAMP WITH TIME ZONE": {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm:ss"},
}
_HEADER = {"textFormat": {"bold": True}, "numberFormat": {"type": "TEXT"}}
_FORMATTED = "userEnteredFormat(numberFormat,textFormat)"

Request = dict[str, Any]


def staging_requests(leftovers: Collection[int], staged: Mapping[int, Page]) -> list[Request]:
    """Return what makes a hidden worksheet for each page, after removing those left behind."""
    requests: list[Request] = [{"deleteSheet": {"sheetId": gid}} for gid in leftovers]
    for gid, page in staged.items():
        properties = {"sheetId": gid, "title": staging_title(gid), "hidden": True}
        requests.append({"addSheet": {"properties": properties | _grid(page)}})
        requests.append(_mark(gid, STAGING))
    return requests


def staging_title(gid: int) -> str:
    """Name a hidden worksheet."""
    return f"staging {gid}"


def chunks(gid: int, rows: Iterator[list[Cell]]) -> Iterator[tuple[Request, int, int]]:
    """Yield ranges of values small enough for one request, each with its cells and bytes."""
    held: list[list[Cell]] = []
    first, size, cells = 1, 0, 0
    for row in rows:
        bytes_of_row = len(json.dumps(row))
        if held and (cells + len(row) > _CELLS_A_REQUEST or size + bytes_of_row > _BYTES_A_REQUEST):
            yield _range(gid, first, held), cells, size
            first, held, size, cells = first + len(held), [], 0, 0
        held.append(row)
        size += bytes_of_row
        cells += len(row)
    yield _range(gid, first, held), cells, size


def requests_of_values(parts: Iterator[tuple[Request, int, int]]) -> Iterator[list[Request]]:
    """Put small ranges together, as every request counts."""
    held: list[Request] = []
    cells = size = 0
    for part, its_cells, its_size in parts:
        if held and (cells + its_cells > _CELLS_A_REQUEST or size + its_size > _BYTES_A_REQUEST):
            yield held
            held, cells, size = [], 0, 0
        held.append(part)
        cells, size = cells + its_cells, size + its_size
    if held:
        yield held


def _range(gid: int, first: int, rows: Sequence[Sequence[Cell]]) -> Request:
    return {"range": f"'{staging_title(gid)}'!A{first}", "values": rows, "majorDimension": "ROWS"}


def exchange_requests(
    spreadsheet: Spreadsheet,
    staged: Mapping[int, Page],
    new_gids: Mapping[str, int],
    gone: Collection[str],
) -> list[Request]:
    """Return what puts every staged page into its place at once; the places keep their numbers."""
    requests: list[Request] = []
    taken = set(spreadsheet.titles)
    for staging, page in staged.items():
        live = spreadsheet.live.get(page.table)
        gid = live.gid if live else new_gids[page.table]
        if live is None:
            title = free_title(page.table, taken)
            taken.add(title)
            properties = {"sheetId": gid, "title": title} | _grid(page)
            requests.append({"addSheet": {"properties": properties}})
        else:
            requests.append(
                {
                    "updateSheetProperties": {
                        "properties": {"sheetId": gid} | _grid(page),
                        "fields": "gridProperties(rowCount,columnCount,frozenRowCount)",
                    }
                }
            )
        requests.append(
            {
                "copyPaste": {
                    "source": _whole(staging, page),
                    "destination": _whole(gid, page),
                    "pasteType": "PASTE_NORMAL",
                }
            }
        )
        requests += _formats(gid, page)
        requests.append({"deleteSheet": {"sheetId": staging}})
        value = json.dumps({"table": page.table, "fingerprint": page.fingerprint})
        requests.append(_change_mark(live.metadata_id, value) if live else _mark(gid, value))
    return [
        *requests,
        *({"deleteSheet": {"sheetId": spreadsheet.live[table].gid}} for table in gone),
    ]


def free_title(table: str, taken: Collection[str]) -> str:
    """Name the worksheet of a table so that nobody's worksheet has the name."""
    # Google does not tell titles apart by their case.
    known = {title.casefold() for title in taken}
    title, number = table, 2
    while title.casefold() in known:
        title, number = f"{table} ({number})", number + 1
    return title


def _grid(page: Page) -> Request:
    size = {"rowCount": page.height, "columnCount": len(page.types), "frozenRowCount": 1}
    return {"gridProperties": size}


def _whole(gid: int, page: Page) -> Request:
    return {
        "sheetId": gid,
        "startRowIndex": 0,
        "endRowIndex": page.height,
        "startColumnIndex": 0,
        "endColumnIndex": len(page.types),
    }


def _formats(gid: int, page: Page) -> Iterator[Request]:
    for column, of_type in enumerate(page.types.values()):
        known = _FORMATS.get(of_type)
        place = {"startColumnIndex": column, "endColumnIndex": column + 1, "startRowIndex": 1}
        yield _format({"sheetId": gid} | place, {"numberFormat": known} if known else {})
    yield _format({"sheetId": gid, "startRowIndex": 0, "endRowIndex": 1}, _HEADER)


def _format(place: Request, form: Request) -> Request:
    cell = {"userEnteredFormat": form}
    return {"repeatCell": {"range": place, "cell": cell, "fields": _FORMATTED}}


def _mark(gid: int, value: str) -> Request:
    mark = {
        "metadataKey": KEY,
        "metadataValue": value,
        "location": {"sheetId": gid},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": mark}}


def _change_mark(metadata_id: int, value: str) -> Request:
    return {
        "updateDeveloperMetadata": {
            "dataFilters": [{"developerMetadataLookup": {"metadataId": metadata_id}}],
            "developerMetadata": {"metadataValue": value},
            "fields": "metadataValue",
        }
    }
