"""Ask one Bitrix24 portal by its inbound webhook, with patience and without telling the URL.

The URL is the secret: whoever knows it reads the CRM. It stays in a SecretStr, in no message, no
log and no exception chain; what httpx raises and logs bears it and is therefore never let out.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from pydantic import SecretStr

from orchestration.errors import ActionableError
from orchestration.quiet_http import quiet_client
from orchestration.sources.bitrix24.faults import (
    ADVICE,
    Fault,
    PortalError,
    PortalUnreachableError,
)
from orchestration.sources.bitrix24.pacing import Clock, Pace

MOST_COMMANDS = 50

# The portal ends a request of its own after 60 s.
_TIMEOUT = httpx.Timeout(65, connect=5)
_ATTEMPTS = 8
# A portal that is not there, or answers with pages for people, hardly gets better by asking.
_ATTEMPTS_IN_VAIN = 4
# Ten minutes is the longest block; more in a row mean that somebody else uses up the budget.
_MOST_BLOCKS = 15
_NO_CONNECTION = "no connection"
_SHOWN_OF_A_DESCRIPTION = 200
# The portal shows it with a method behind it, as an example.
_WEBHOOK = re.compile(
    r"(?P<url>https?://[^/\s]+/rest/\d+/(?P<code>[^/\s?]+))(/[\w.]*(\?\S*)?)?", re.ASCII
)


@dataclass(frozen=True)
class Answer:
    """The `result` of a method, and the `time` that the portal told with it."""

    result: Any
    time: Mapping[str, Any]


@dataclass(frozen=True)
class BatchAnswer:
    """Results and faults by the commands' keys; a command that was not run is in neither."""

    results: Mapping[str, Any]
    faults: Mapping[str, Fault]


@dataclass(frozen=True)
class Command:
    """One method with its parameters, as PHP would nest them."""

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_query(self) -> str:
        """The command as a batch wants it; keys are encoded, as PHP would cut `>=` out of them."""
        return f"{self.method}?{urlencode(_pairs(self.params))}"


class Portal:
    """One portal under the name of its business; close it when done."""

    def __init__(self, name: str, webhook: SecretStr, clock: Clock | None = None) -> None:
        """Raise ActionableError, which does not show it, where `webhook` is none."""
        match = _WEBHOOK.fullmatch(webhook.get_secret_value().strip())
        if match is None:
            raise ActionableError(
                f"The Bitrix24 webhook of {name} is not of the form "
                "https://<portal>/rest/<user>/<code>/: copy it whole from the portal."
            )
        self.name = name
        self.pace = Pace(clock or Clock())
        self._url = SecretStr(match["url"])
        self._code = SecretStr(match["code"])
        self._http = quiet_client(_TIMEOUT)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(self, method: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Call one method, again and again while that can help.

        Raises PortalError for what asking again cannot mend, PortalUnreachableError for the rest.
        """
        failures = blocks = 0
        while True:
            self.pace.take_turn()
            status, content, failure = self._post(method, params or {})
            answer = _as_object(content)
            if status == 200 and answer is not None and "result" in answer:
                self.pace.heard(method, answer.get("time"))
                return Answer(answer["result"], answer.get("time") or {})
            fault = self._fault(answer)
            if status == 429 or (fault and fault.is_block()):
                blocks += 1
                if blocks > _MOST_BLOCKS:
                    raise self.unreachable(method, "its time for this method stays used up")
                self.pace.wait_for(method, blocks)
                continue
            is_in_vain = failure == _NO_CONNECTION or (0 < status < 400 and fault is None)
            if (fault and not fault.is_passing() and status < 500) or 400 <= status < 500:
                raise self.error(method, fault or Fault("", f"HTTP {status}"))
            failures += 1
            if failures >= (_ATTEMPTS_IN_VAIN if is_in_vain else _ATTEMPTS):
                raise self.unreachable(method, failure or _told(status, fault))
            if status == 503:
                self.pace.overflowed()
            self.pace.pause(failures)

    def batch(self, commands: Mapping[str, Command], *, halt: bool) -> BatchAnswer:
        """Run at most 50 commands in one request; keys must not be numbers only.

        A batch answers 200 even if every command failed: look at the faults.
        """
        queries = {key: command.as_query() for key, command in commands.items()}
        result = self.call("batch", {"halt": int(halt), "cmd": queries}).result
        parts = result if isinstance(result, dict) else {}
        # PHP writes an empty array as a list, whatever its keys would have been.
        results, errors, times = (
            value if isinstance(value := parts.get(name), dict) else {}
            for name in ("result", "result_error", "result_time")
        )
        for key, told in times.items():
            if key in commands:
                self.pace.heard(commands[key].method, told)
        faults = {key: self._fault(error) or Fault("", "") for key, error in errors.items()}
        return BatchAnswer(results, faults)

    def error(self, method: str, fault: Fault) -> PortalError:
        """What to tell of a fault that stays."""
        advice = ADVICE.get(fault.code, "see what the portal says")
        told = f"{fault.code} {fault.text}".strip() or "no reason given"
        return PortalError(
            f"The Bitrix24 portal of {self.name} refused {method} ({told}): {advice}, "
            "and run again; what was fetched so far is kept.",
            fault,
        )

    def unreachable(self, method: str, told: str) -> PortalUnreachableError:
        """What to tell where patience did not help."""
        return PortalUnreachableError(
            f"The Bitrix24 portal of {self.name} could not be asked for {method} ({told}): see "
            "whether the portal and its webhook work, and run again; what was fetched so far is "
            "kept."
        )

    def _post(self, method: str, params: Mapping[str, Any]) -> tuple[int, bytes, str | None]:
        """Give status and body, or why there are none; nothing of httpx's errors gets out."""
        try:
            answer = self._http.post(
                f"{self._url.get_secret_value()}/{method}.json", json=dict(params)
            )
        except httpx.ConnectError:
            return 0, b"", _NO_CONNECTION
        except httpx.TimeoutException:
            return 0, b"", "no answer in time"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return 0, b"", f"the connection broke, {type(error).__name__}"
        return answer.status_code, answer.content, None

    def _fault(self, answer: object) -> Fault | None:
        if not isinstance(answer, dict) or "error" not in answer:
            return None
        error: Any = answer["error"]
        text: Any = answer.get("error_description") or ""
        if isinstance(error, dict):
            error, text = error.get("code") or "", error.get("message") or ""
        return Fault(self._scrubbed(str(error)), self._scrubbed(str(text)))

    def _scrubbed(self, text: str) -> str:
        for secret in (self._url, self._code):
            text = text.replace(secret.get_secret_value(), "…")
        return text[:_SHOWN_OF_A_DESCRIPTION]


def _as_object(content: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _told(status: int, fault: Fault | None) -> str:
    if fault:
        return f"HTTP {status}, {fault.code} {fault.text}".strip()
    if 300 <= status < 400:
        return f"HTTP {status}, it redirects elsewhere"
    return f"HTTP {status}, the answer is not the portal's JSON"


def _pairs(value: object, key: str = "") -> list[tuple[str, str]]:
    """Nested parameters as PHP's query: a[b][0]=1."""
    if isinstance(value, Mapping):
        items = [(f"{key}[{name}]" if key else str(name), item) for name, item in value.items()]
    elif isinstance(value, list | tuple):
        items = [(f"{key}[{index}]", item) for index, item in enumerate(value)]
    else:
        return [(key, str(value))]
    return [pair for name, item in items for pair in _pairs(item, name)]
