"""The time of a campaign that is run: whole microseconds since it began, by this machine's clock."""

from __future__ import annotations

import logging
import time
from threading import Event

from cascadesim.units import SECOND

_log = logging.getLogger(__name__)

POLL = SECOND
"""How long a sleeper sleeps at most: other processes enter people and record receipts in the same store."""

_JUMP = 5 * SECOND
_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # goes on while a machine sleeps


class HostClock:
    """Counts on from what the machine's clock says when it is made, and never goes back.

    A clock that is put forward or back later changes nothing: the time that has passed counts, and one warning says
    so. `began` is the campaign's instant 0 in Unix microseconds; `not_before` is the latest instant that the store
    knows of (None: of none): a machine whose clock is behind it goes on from there.
    """

    def __init__(self, began: int, not_before: int | None = None) -> None:
        self._began = began
        self._boot = _since_boot()
        now = unix_now() - began
        self._start = now if not_before is None else max(now, not_before)
        self._off = unix_now() - began - self._start  # how far the machine's clock is off ours
        self._woken = Event()

    def now(self) -> int:
        """See `cascadesim.live.Clock`."""
        now = self._start + _since_boot() - self._boot
        off = unix_now() - self._began - now
        if abs(off - self._off) > _JUMP:
            way = "forward" if off > self._off else "back"
            _log.warning(
                "this machine's clock was put %s by %d s: the campaign goes on by the time that has passed",
                *(way, abs(off - self._off) // SECOND),
            )
            self._off = off
        return now

    def sleep_until(self, at: int) -> None:
        """See `cascadesim.live.Clock`. Sleeps a second at most."""
        wait = min(at - self.now(), POLL)
        if wait > 0:
            self._woken.wait(wait / SECOND)
        self._woken.clear()

    def wake(self) -> None:
        """Ends the sleep: something has come in, or the campaign is to stop."""
        self._woken.set()


def unix_now() -> int:
    """The machine's time in Unix microseconds."""
    return time.time_ns() // 1_000


def _since_boot() -> int:
    return time.clock_gettime_ns(_SINCE_BOOT) // 1_000
