"""The job that the machines do: one batch, by any of this process's runners."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event

from cascadesim.errors import OutsideError
from cascadesim.live.runner import Runner

Troubled = Callable[[OutsideError], None]


class Desk:
    """The runners of this process, and what has become of their work. A runner works one batch at a time."""

    def __init__(self, new_runner: Callable[[], Runner], troubled: Troubled) -> None:
        self._new_runner = new_runner
        self._troubled = troubled
        self._idle: SimpleQueue[Runner] = SimpleQueue()
        self.fault: Exception | None = None
        """Why this process cannot go on."""
        self.closed = Event()
        """Set: no further batch is begun here."""

    def work(self) -> bool:
        """Works one batch; False if nobody was due. OutsideError where the outside failed: worth another try."""
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
        except Exception as fault:  # a fault of the program: the next batch would meet it again
            self.give_up(fault)
            return False
        return found > 0

    def is_worth_another_try(self, error: BaseException) -> bool:
        """Whether a failed batch is tried again; whoever runs this process is told."""
        if not isinstance(error, OutsideError) or self.closed.is_set():
            return False
        self._troubled(error)
        return True

    def give_up(self, fault: Exception) -> None:
        """Lets the process end with the first such fault."""
        self.fault = self.fault or fault
        self.closed.set()

    def _runner(self) -> Runner:
        try:
            return self._idle.get_nowait()
        except Empty:
            return self._new_runner()
