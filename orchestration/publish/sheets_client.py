"""Google Sheets asked politely: no more writes a minute than allowed, and again what may pass."""

import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gspread
import requests
from google.auth.credentials import Credentials
from google.auth.exceptions import RefreshError, TransportError
from gspread.exceptions import APIError

GOOGLE = "https://sheets.googleapis.com"
_TRIES = 7
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_CUT_OFF = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)
_LONGEST_WAIT = 64.0
_WRITES_A_MINUTE = 60
_TIMEOUT = (15.0, 180.0)


@dataclass
class Pace:
    """Lets so many writes through in any `seconds`; what a service account is allowed."""

    writes: int = _WRITES_A_MINUTE
    seconds: float = 60.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _written: deque[float] = field(default_factory=deque)

    def wait(self) -> None:
        """Return when the next write may begin."""
        if len(self._written) == self.writes:
            until = self._written.popleft() + self.seconds
            if (left := until - self.clock()) > 0:
                self.sleep(left)
        self._written.append(self.clock())


class SheetsClient(gspread.HTTPClient):
    """Sends requests to Google, or to whoever speaks as it does at `endpoint`.

    What is refused for now (408, 429, 5xx) or does not come through is tried 7 times in about a
    minute; then the error is raised.
    """

    def __init__(self, auth: Credentials, pace: Pace, endpoint: str = GOOGLE) -> None:
        """Take the key, and the pace that all clients of a service account share."""
        super().__init__(auth)
        self.set_timeout(_TIMEOUT)
        self._pace = pace
        self._endpoint = endpoint

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request. Raises gspread's APIError or an error of the connection at last."""
        address = endpoint.replace(GOOGLE, self._endpoint, 1)
        tries = 1
        while True:
            if method != "get":
                self._pace.wait()
            try:
                return super().request(method, address, *args, **kwargs)
            except APIError as error:
                if error.response.status_code not in _PASSING or tries == _TRIES:
                    raise
                asked = error.response.headers.get("Retry-After", "")
            except RefreshError as error:
                if not error.retryable or tries == _TRIES:
                    raise
                asked = ""
            except (*_CUT_OFF, TransportError):
                if tries == _TRIES:
                    raise
                asked = ""
            self._pace.sleep(_wait(tries, asked))
            tries += 1


def _wait(tries: int, asked: str) -> float:
    """Seconds until the next try: what the server asked for, or longer from try to try."""
    if asked.isdigit():
        return min(float(asked), 2 * _LONGEST_WAIT)
    return float(min(2 ** (tries - 1), _LONGEST_WAIT)) * random.uniform(0.5, 1.5)  # noqa: S311
