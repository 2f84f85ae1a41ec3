"""How fast a portal may be asked: its leaky bucket, and the time it allows each method.

Bitrix24 lets 2 requests a second drain from a bucket of 50 and refuses what overflows; besides, it
grants every method 480 s of its own time in ten minutes and says until when it is then blocked.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

_DRAIN_PER_SECOND = 2.0
# Below the portal's 50, as other programs on this address share the bucket.
_BURST = 45
# Where the portal does not say until when a method is blocked: tried again after 5, 10, 20 … s.
_FIRST_BLOCK_SECONDS = 5.0
_LONGEST_GUESS_SECONDS = 60.0
_LONGEST_BLOCK_SECONDS = 660.0
_LONGEST_PAUSE_SECONDS = 30.0


@dataclass(frozen=True)
class Clock:
    """What time is and how it is waited for: `now` is epoch seconds, `ticks` never goes back."""

    now: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass
class Pace:
    """One portal's bucket as far as this program filled it, and until when methods are blocked."""

    clock: Clock
    _level: float = 0.0
    _ticks: float = 0.0
    _portal_ahead: float = 0.0
    _reset_at: dict[str, float] = field(default_factory=dict)

    def take_turn(self) -> None:
        """Wait until one more request has room in the bucket."""
        self._drain()
        if self._level + 1 > _BURST:
            self.clock.sleep((self._level + 1 - _BURST) / _DRAIN_PER_SECOND)
            self._drain()
        self._level += 1

    def overflowed(self) -> None:
        """Note that the portal refused a request: its bucket is full, whoever filled it."""
        self._drain()
        self._level = float(_BURST)

    def heard(self, method: str, told: object) -> None:
        """Note from the `time` of an answer until when its method's account runs."""
        if not isinstance(told, dict):
            return
        finish, reset_at = told.get("finish"), told.get("operating_reset_at")
        if isinstance(finish, int | float):
            self._portal_ahead = finish - self.clock.now()
        if isinstance(reset_at, int | float):
            self._reset_at[method] = float(reset_at)

    def wait_for(self, method: str, times: int) -> None:
        """Wait, for the `times`-th time in a row, until a method with no time left is free again.

        The portal's own clock decides when that is.
        """
        reset_at = self._reset_at.pop(method, None)
        if reset_at is None:
            seconds = min(_FIRST_BLOCK_SECONDS * 2 ** (times - 1), _LONGEST_GUESS_SECONDS)
        else:
            seconds = reset_at - self.clock.now() - self._portal_ahead + 1
        self.clock.sleep(min(max(seconds, 1.0), _LONGEST_BLOCK_SECONDS))

    def pause(self, times: int) -> None:
        """Wait before trying again what failed `times` times in a row."""
        self.clock.sleep(min(0.5 * 2**times, _LONGEST_PAUSE_SECONDS))

    def _drain(self) -> None:
        ticks = self.clock.ticks()
        self._level = max(0.0, self._level - (ticks - self._ticks) * _DRAIN_PER_SECOND)
        self._ticks = ticks
