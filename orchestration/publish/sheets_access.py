"""Who opens the spreadsheets, and what is said where Google does not let them be opened."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError
from google.oauth2.service_account import Credentials
from gspread.exceptions import APIError
from pydantic import SecretStr

from orchestration.errors import ActionableError
from orchestration.publish.offers import variable_name
from orchestration.publish.sheets_client import GOOGLE, Pace, SheetsClient

_CELLS_OF_GOOGLE = 10_000_000
_SCOPES = ["https://www.googleapis.com/auth/spreadsheets"]


@dataclass(frozen=True)
class SheetsPlace:
    """Whose key opens the spreadsheets, and their ids by the business's name in capitals."""

    credentials: SecretStr
    spreadsheets: Mapping[str, str]
    endpoint: str = GOOGLE
    pace: Pace = field(default_factory=Pace)
    most_cells: int = _CELLS_OF_GOOGLE


def open_client(key: Mapping[str, Any], place: SheetsPlace) -> SheetsClient:
    """Return a client that works with the key. Raises ActionableError where the key is broken."""
    try:
        credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
            dict(key), scopes=_SCOPES
        )
    except ValueError:
        raise ActionableError(
            "GOOGLE_SHEETS_CREDENTIALS holds a private key that cannot be read: download a new "
            "key of the service account from the Google Cloud console."
        ) from None
    return SheetsClient(credentials, place.pace, place.endpoint)


@contextmanager
def readable_errors(business: str, email: str) -> Iterator[None]:
    """Turn what Google and the network refuse into one sentence about this business."""
    variable = f"GOOGLE_SHEET_{variable_name(business)}"
    stays = "the spreadsheet is as it was"
    try:
        yield
    except APIError as error:
        match error.response.status_code:
            case 403:
                advice = (
                    f"may not be written by {email}: open it, press Share and make that address "
                    "an editor (or enable the Google Sheets API in the key's project)"
                )
            case 404:
                advice = (
                    f"does not exist: copy the part between /d/ and /edit of its address to "
                    f"{variable}"
                )
            case _:
                advice = "was refused: run `make refresh` again later"
        reason = str(error.error.get("message") or error.response.status_code)
        raise ActionableError(
            f"Google Sheets: the spreadsheet of {business} ({variable}) {advice}; Google says: "
            f"{reason}; {stays}."
        ) from error
    except GoogleAuthError as error:
        raise ActionableError(
            f"Google Sheets: Google does not accept the key of {email} in "
            f"GOOGLE_SHEETS_CREDENTIALS ({_first(error)}): make a new key of the service account; "
            f"{stays}."
        ) from error
    except requests.RequestException as error:
        raise ActionableError(
            f"Google Sheets could not be reached for {business} ({type(error).__name__}): check "
            f"the network and run `make refresh` again; {stays}."
        ) from error


def _first(error: Exception) -> str:
    return str(error.args[0] if error.args else type(error).__name__)
