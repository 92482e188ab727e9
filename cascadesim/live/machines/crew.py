"""Who does the jobs of this process, and why it may have to end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event

from cascadesim.errors import OutsideError
from cascadesim.live.runner import Held, Runner

_log = logging.getLogger(__name__)


class Crew:
    """The runners of this process: each works one batch at a time, and is made when all others are busy."""

    def __init__(self, new_runner: Callable[[], Runner]) -> None:
        self._new_runner = new_runner
        self._idle: SimpleQueue[Runner] = SimpleQueue()
        self.closed = Event()
        """Set: no further batch is begun here."""
        self.held: Held | None = None
        """Why nothing more goes out, by anybody."""
        self.fault: Exception | None = None
        """What the program has done wrong."""

    def work(self) -> bool:
        """Works one batch; False if nobody was due. OutsideError where the outside failed: that is worth another try.

        What else is raised ends the process, for the next batch would meet it again.
        """
        if self.closed.is_set():
            return False
        try:
            runner = self._runner()
            try:
                found = runner.work()
            finally:
                self._idle.put(runner)
        except OutsideError:
            raise
        except Exception as fault:
            self.fault = fault
            self.closed.set()
            return False
        if runner.held not in (None, "paused"):
            self.held = runner.held
            self.closed.set()
        return found > 0

    def is_worth_another_try(self, error: BaseException) -> bool:
        """Whether a batch that has failed is tried again."""
        if not isinstance(error, OutsideError) or self.closed.is_set():
            return False
        _log.error("%s It is tried again.", error)
        return True

    def _runner(self) -> Runner:
        try:
            return self._idle.get_nowait()
        except Empty:
            return self._new_runner()
