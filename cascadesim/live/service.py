"""A campaign as one process runs it: the runner, through what fails outside, until nothing more is to come."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

from cascadesim.errors import OutsideError
from cascadesim.live.campaign import Campaign
from cascadesim.live.clock import HostClock
from cascadesim.live.protocols import Sender, Store
from cascadesim.live.runner import Held, Runner
from cascadesim.units import MINUTE, SECOND

_log = logging.getLogger(__name__)

End = Held | Literal["stopped"] | None
"""Why a service ended: None if everybody's way has come to its end and nothing more is waited for."""

_FIRST_WAIT, _LONGEST_WAIT = SECOND, MINUTE


class Service:
    """Works on a campaign until it ends. What fails outside is waited for: nothing that was recorded is lost by it.

    `ends` says, of an instant at which nobody is left to be worked on, whether nothing more is to be waited for.
    """

    def __init__(
        self, campaign: Campaign, store: Store, sender: Sender, clock: HostClock, ends: Callable[[int], bool]
    ) -> None:
        self._runner = Runner(campaign, store=store, sender=sender, clock=clock)
        self._clock = clock
        self._ends = ends
        self._is_to_stop = False

    def run(self, passed: Callable[[int], None] | None = None) -> End:
        """Why it ended."""
        wait = _FIRST_WAIT
        while not self._is_to_stop:
            try:
                self._runner.run(passed)
                wait = _FIRST_WAIT
            except OutsideError as error:
                _log.error("%s It is tried again in %d s.", error, wait // SECOND)
                self._rest(wait)
                wait = min(2 * wait, _LONGEST_WAIT)
                continue
            if self._runner.held is not None or self._is_to_stop:
                break
            if self._ends(self._clock.now()):
                return None
            self._clock.sleep_until(self._clock.now() + SECOND)
        return "stopped" if self._is_to_stop else self._runner.held

    def stop(self) -> None:
        """Lets `run` end after the batch in hand."""
        self._is_to_stop = True
        self._runner.stop()
        self._clock.wake()

    def _rest(self, wait: int) -> None:
        until = self._clock.now() + wait
        while not self._is_to_stop and self._clock.now() < until:
            self._clock.sleep_until(until)
