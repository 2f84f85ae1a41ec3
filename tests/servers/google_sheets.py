"""Google Sheets as its documentation has version 4 of the API, on loopback, kept in memory.

The token endpoint checks the signature of the key; a batchUpdate is applied to a copy, so that it
happens whole or not at all; grids, cells and writes a minute have limits; faults can be ordered.
"""

import copy
import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

EMAIL = "writer@kpi.iam.gserviceaccount.com"
_SCOPE = "https://www.googleapis.com/auth/spreadsheets"
# Whom keys of service accounts are shown to, wherever the token is asked for.
_AUDIENCE = "https://oauth2.googleapis.com/token"
_TOKEN = "ya29.of-the-tests"
_RANGE = re.compile(r"'(.+)'!A(\d+)")


class RefusedError(Exception):
    """An answer other than 200."""

    def __init__(self, code: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.headers = headers or {}


@dataclass
class Worksheet:
    """A grid: cells by row and column (from 0), number formats by column."""

    gid: int
    title: str
    rows: int = 1000
    columns: int = 26
    hidden: bool = False
    frozen: int = 0
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    formats: dict[int, str] = field(default_factory=dict)
    metadata: dict[int, tuple[str, str]] = field(default_factory=dict)

    def table(self) -> list[list[Any]]:
        """Everything in the grid down to the last row with a value, '' where there is none."""
        last = max((row for (row, _), value in self.cells.items() if value != ""), default=-1)
        return [
            [self.cells.get((row, column), "") for column in range(self.columns)]
            for row in range(last + 1)
        ]

    def properties(self) -> dict[str, Any]:
        grid = {"rowCount": self.rows, "columnCount": self.columns, "frozenRowCount": self.frozen}
        named = {"sheetId": self.gid, "title": self.title, "gridProperties": grid}
        return named | ({"hidden": True} if self.hidden else {})


@dataclass
class Spreadsheet:
    """Worksheets in their order, and whether the key may write."""

    worksheets: list[Worksheet] = field(default_factory=lambda: [Worksheet(0, "Sheet1")])
    is_shared: bool = True
    next_metadata_id: int = 1

    def by_title(self, title: str) -> Worksheet:
        for worksheet in self.worksheets:
            if worksheet.title == title:
                return worksheet
        raise RefusedError(400, f"Unable to parse range: {title}")

    def by_gid(self, gid: int) -> Worksheet:
        for worksheet in self.worksheets:
            if worksheet.gid == gid:
                return worksheet
        raise RefusedError(400, f"No grid with id: {gid}")


@dataclass
class Google:
    """The whole service. `faults` are done to the next writes, one each, None to none:

    a status, 'cut' (the connection breaks before anything is done) or 'lost' (it is done, and the
    answer gets lost).
    """

    address: str = ""
    spreadsheets: dict[str, Spreadsheet] = field(default_factory=dict)
    most_cells: int = 10_000_000
    faults: deque[int | str | None] = field(default_factory=deque)
    writes_allowed: int = 10_000
    window_seconds: float = 60.0
    writes: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    tokens_given: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)
    _moments: deque[float] = field(default_factory=deque)
    _key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )

    def service_account(self) -> str:
        """The key of the service account, as its JSON."""
        private = self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return json.dumps(
            {
                "type": "service_account",
                "client_email": EMAIL,
                "private_key_id": "key-of-the-tests",
                "private_key": private.decode(),
                "token_uri": f"{self.address}/token",
            }
        )

    def token(self, form: dict[str, list[str]]) -> dict[str, Any]:
        public = self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        try:
            [assertion] = form["assertion"]
            claims = jwt.decode(assertion, certs=public, audience=_AUDIENCE)
        except (KeyError, ValueError, GoogleAuthError) as error:
            raise RefusedError(400, "invalid_grant") from error
        is_right = (
            form.get("grant_type") == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
            and claims["iss"] == EMAIL
            and _SCOPE in claims["scope"].split()
        )
        if not is_right:
            raise RefusedError(400, "invalid_grant")
        self.tokens_given += 1
        return {"access_token": _TOKEN, "expires_in": 3600, "token_type": "Bearer"}

    def count_write(self, name: str) -> None:
        """Let a write pass, or refuse it because there were too many lately."""
        now = time.monotonic()
        while self._moments and self._moments[0] <= now - self.window_seconds:
            self._moments.popleft()
        if len(self._moments) >= self.writes_allowed:
            wait = str(round(self.window_seconds))
            raise RefusedError(429, "Quota exceeded for quota metric", {"Retry-After": wait})
        self._moments.append(now)
        self.writes.append(name)

    def get(self, identity: str, rest: str, query: dict[str, list[str]]) -> dict[str, Any]:
        spreadsheet = self._opened(identity)
        if rest == "":
            return _described(identity, spreadsheet)
        if rest == "values:batchGet":
            ranges = [_read(spreadsheet, one) for one in query["ranges"]]
            return {"spreadsheetId": identity, "valueRanges": ranges}
        return _read(spreadsheet, unquote(rest.removeprefix("values/")))

    def post(self, identity: str, rest: str, body: dict[str, Any]) -> dict[str, Any]:
        spreadsheet = self._opened(identity)
        # Changes happen to a copy, which takes the place of the original once all have.
        changed = copy.deepcopy(spreadsheet)
        match rest:
            case ":batchUpdate":
                for request in body["requests"]:
                    [(kind, what)] = request.items()
                    _CHANGES[kind](changed, what)
                    self._limit(changed)
                if not any(not worksheet.hidden for worksheet in changed.worksheets):
                    raise RefusedError(400, "You can't remove all the visible sheets")
                answer: dict[str, Any] = {"spreadsheetId": identity, "replies": []}
            case "values:batchUpdate":
                counted = [_write(changed, body, one) for one in body["data"]]
                answer = {
                    "spreadsheetId": identity,
                    "totalUpdatedRows": sum(rows for rows, _ in counted),
                    "totalUpdatedCells": sum(cells for _, cells in counted),
                }
            case _:
                raise RefusedError(404, "Requested entity was not found.")
        spreadsheet.worksheets = changed.worksheets
        spreadsheet.next_metadata_id = changed.next_metadata_id
        return answer

    def _opened(self, identity: str) -> Spreadsheet:
        if identity not in self.spreadsheets:
            raise RefusedError(404, "Requested entity was not found.")
        if not self.spreadsheets[identity].is_shared:
            raise RefusedError(403, "The caller does not have permission")
        return self.spreadsheets[identity]

    def _limit(self, spreadsheet: Spreadsheet) -> None:
        if sum(one.rows * one.columns for one in spreadsheet.worksheets) > self.most_cells:
            raise RefusedError(
                400,
                "This action would increase the number of cells in the workbook above the limit "
                f"of {self.most_cells} cells.",
            )


def _described(identity: str, spreadsheet: Spreadsheet) -> dict[str, Any]:
    sheets = [
        {
            "properties": worksheet.properties(),
            "developerMetadata": [
                {
                    "metadataId": number,
                    "metadataKey": key,
                    "metadataValue": value,
                    "visibility": "DOCUMENT",
                    "location": {"locationType": "SHEET", "sheetId": worksheet.gid},
                }
                for number, (key, value) in worksheet.metadata.items()
            ],
        }
        for worksheet in spreadsheet.worksheets
    ]
    return {"spreadsheetId": identity, "properties": {"title": identity}, "sheets": sheets}


def _read(spreadsheet: Spreadsheet, title: str) -> dict[str, Any]:
    return {"range": title, "values": spreadsheet.by_title(title.strip("'")).table()}


def _write(spreadsheet: Spreadsheet, body: dict[str, Any], part: dict[str, Any]) -> tuple[int, int]:
    matched = _RANGE.fullmatch(part["range"])
    if matched is None:
        raise RefusedError(400, f"Unable to parse range: {part['range']}")
    worksheet, first = spreadsheet.by_title(matched[1]), int(matched[2]) - 1
    is_raw = body["valueInputOption"] == "RAW"
    values = part["values"]
    if first + len(values) > worksheet.rows or max(map(len, values)) > worksheet.columns:
        raise RefusedError(400, f"Range ({part['range']}) exceeds grid limits.")
    for row, of_row in enumerate(values, start=first):
        for column, value in enumerate(of_row):
            if isinstance(value, str) and len(value) > 50_000:
                raise RefusedError(400, "Your input contains more than the maximum of 50000")
            is_formula = not is_raw and isinstance(value, str) and value[:1] in ("=", "+")
            worksheet.cells[row, column] = {"formula": value} if is_formula else value
    return len(values), sum(map(len, values))


def _add_sheet(spreadsheet: Spreadsheet, what: dict[str, Any]) -> None:
    given = what["properties"]
    for worksheet in spreadsheet.worksheets:
        if worksheet.title.casefold() == given["title"].casefold():
            raise RefusedError(400, f'A sheet with the name "{given["title"]}" already exists.')
        if worksheet.gid == given["sheetId"]:
            raise RefusedError(400, f"Sheet with id {given['sheetId']} already exists.")
    worksheet = Worksheet(given["sheetId"], given["title"], hidden=given.get("hidden", False))
    spreadsheet.worksheets.append(worksheet)
    _resize(worksheet, given["gridProperties"])


def _resize(worksheet: Worksheet, grid: dict[str, int]) -> None:
    worksheet.rows, worksheet.columns = grid["rowCount"], grid["columnCount"]
    worksheet.frozen = grid["frozenRowCount"]
    if worksheet.rows <= worksheet.frozen:
        raise RefusedError(400, "You can't freeze all visible rows on the sheet.")
    worksheet.cells = {
        (row, column): value
        for (row, column), value in worksheet.cells.items()
        if row < worksheet.rows and column < worksheet.columns
    }


def _delete_sheet(spreadsheet: Spreadsheet, what: dict[str, Any]) -> None:
    spreadsheet.worksheets.remove(spreadsheet.by_gid(what["sheetId"]))


def _update_properties(spreadsheet: Spreadsheet, what: dict[str, Any]) -> None:
    if what["fields"] != "gridProperties(rowCount,columnCount,frozenRowCount)":
        raise RefusedError(400, "Invalid fields")
    _resize(spreadsheet.by_gid(what["properties"]["sheetId"]), what["properties"]["gridProperties"])


def _copy_paste(spreadsheet: Spreadsheet, what: dict[str, Any]) -> None:
    start, end = what["source"], what["destination"]
    source, target = spreadsheet.by_gid(start["sheetId"]), spreadsheet.by_gid(end["sheetId"])
    if end["endRowIndex"] > target.rows or end["endColumnIndex"] > target.columns:
        raise RefusedError(400, "The destination exceeds grid limits.")
    for row in range(end["endRowIndex"]):
        for column in range(end["endColumnIndex"]):
            value = source.cells.get((row, column))
            if value is None:
                target.cells.pop((row, column), None)
            else:
                target.cells[row, column] = value


def _repeat_cell(spreadsheet: Spreadsheet, what: dict[str, Any]) -> None:
    place, worksheet = what["range"], spreadsheet.by_gid(what["range"]["sheetId"])
    form = what["cell"]["userEnteredFormat"].get("numberFormat", {})
    # The header is formatted whole.
    if place["startRowIndex"] == 1:
        for column in range(place["startColumnIndex"], place["endColumnIndex"]):
            worksheet.formats[column] = form.get("type", "")


def _create_metadata(spreadsheet: Spreadsheet, what: dict[str, Any]) -> None:
    given = what["developerMetadata"]
    worksheet = spreadsheet.by_gid(given["location"]["sheetId"])
    worksheet.metadata[spreadsheet.next_metadata_id] = (
        given["metadataKey"],
        given["metadataValue"],
    )
    spreadsheet.next_metadata_id += 1


def _update_metadata(spreadsheet: Spreadsheet, what: dict[str, Any]) -> None:
    [chosen] = what["dataFilters"]
    number = chosen["developerMetadataLookup"]["metadataId"]
    for worksheet in spreadsheet.worksheets:
        if number in worksheet.metadata:
            key, _ = worksheet.metadata[number]
            worksheet.metadata[number] = (key, what["developerMetadata"]["metadataValue"])
            return
    raise RefusedError(400, "No developer metadata matched.")


_CHANGES: dict[str, Callable[[Spreadsheet, dict[str, Any]], None]] = {
    "addSheet": _add_sheet,
    "deleteSheet": _delete_sheet,
    "updateSheetProperties": _update_properties,
    "copyPaste": _copy_paste,
    "repeatCell": _repeat_cell,
    "createDeveloperMetadata": _create_metadata,
    "updateDeveloperMetadata": _update_metadata,
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    google: Google

    def do_GET(self) -> None:
        self._answer(is_write=False)

    def do_POST(self) -> None:
        self._answer(is_write=True)

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, *, is_write: bool) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        google = self.google
        try:
            with google.lock:
                if url.path == "/token":
                    content = google.token(parse_qs(body.decode()))
                else:
                    content = self._served(url.path, url.query, body, is_write=is_write)
            self._send(200, content, {})
        except RefusedError as refused:
            google.refusals.append(refused.code)
            if url.path == "/token":
                content = {"error": str(refused), "error_description": "Invalid JWT Signature."}
            else:
                error = {"code": refused.code, "message": str(refused), "status": "REFUSED"}
                content = {"error": error}
            self._send(refused.code, content, refused.headers)
        except ConnectionAbortedError:
            self.close_connection = True
            self.connection.close()

    def _served(self, path: str, query: str, body: bytes, *, is_write: bool) -> dict[str, Any]:
        google = self.google
        if self.headers.get("Authorization") != f"Bearer {_TOKEN}":
            raise RefusedError(401, "Request had invalid authentication credentials.")
        matched = re.fullmatch(r"/v4/spreadsheets/([^/:]+)/?(.*)", path)
        if matched is None:
            raise RefusedError(404, "Requested entity was not found.")
        if not is_write:
            return google.get(matched[1], matched[2], parse_qs(query))
        google.count_write(matched[2])
        fault = google.faults.popleft() if google.faults else None
        if fault == "cut":
            raise ConnectionAbortedError
        if isinstance(fault, int):
            raise RefusedError(fault, "The service is currently unavailable.")
        google.bodies.append(body.decode())
        content = google.post(matched[1], matched[2], json.loads(body))
        if fault == "lost":
            raise ConnectionAbortedError
        return content

    def _send(self, code: int, content: dict[str, Any], headers: dict[str, str]) -> None:
        data = json.dumps(content).encode()
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def run_google() -> Iterator[Google]:
    """Yield the service with one empty spreadsheet each for `salon-sheet` and `clinic-sheet`."""
    google = Google()
    google.spreadsheets = {name: Spreadsheet() for name in ("salon-sheet", "clinic-sheet")}
    handler = type("Handler", (_Handler,), {"google": google})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    google.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield google
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
