"""Who dies: a process that runs the campaign with the shipped runner and store, and is killed with -9 at a point.

What outlives it is the database, and what the provider has accepted: a line in a file of its own, before anything
else happens. Stops are another process's, and so is their file.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from cascadesim.live import Changes, Outgoing, Recipient, Result, Settled
from cascadesim.live.intake import Intake, Stop
from cascadesim.live.sql import SqlStore, open_store
from tests.live.crash.campaign import NAME, PLAN, Size, WallClock

POINTS = ("claimed", "written", "accepted", "recorded", "advanced")
"""Claimed, and nothing committed; attempts written, nothing sent; half of the batch accepted by the provider; what it
said written, and nothing committed; all committed."""
BY_THE_CLOCK = "by the clock"
_TAKES = 0.0002


class Death(NamedTuple):
    """At the nth arrival at a point; or by the clock, so many seconds after the process began."""

    point: str | None = None
    nth: int = 0
    seconds: float | None = None

    @property
    def cause(self) -> str:
        """The point, or the clock."""
        return self.point or BY_THE_CLOCK


class Place(NamedTuple):
    """Where the campaign is: its database, and the folder of the files that outlive its processes."""

    database: Path | str
    folder: Path
    began: int

    def open(self) -> SqlStore:
        """The shipped store."""
        return open_store(self.database, name=NAME, plan=PLAN)

    @property
    def accepted(self) -> Path:
        """What the provider has accepted."""
        return self.folder / "accepted.txt"

    @property
    def stopped(self) -> Path:
        """Whose stop has been committed, and when."""
        return self.folder / "stopped.txt"


class Fate:
    """Comes when its death says."""

    def __init__(self, death: Death) -> None:
        self._point, self._left = death.point, death.nth

    def at(self, point: str) -> None:
        if point == self._point:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


class Mortal(SqlStore):
    """The shipped store, with points of death in it."""

    fate: Fate

    @contextmanager
    def transaction(self, alone: bool = False) -> Iterator[None]:
        self.settles = False
        with super().transaction(alone):
            yield
            if self.settles:
                self.fate.at("recorded")
        if self.settles:
            self.fate.at("advanced")

    def claim(self, now: int, most: int, until: int) -> list[Recipient]:
        claimed = super().claim(now, most, until)
        if claimed:
            self.fate.at("claimed")
        return claimed

    def commit(self, changes: Changes) -> None:
        super().commit(changes)
        self.settles = any(message.state == "accepted" for message in changes.messages.values())


class Provider:
    """Accepts all, and remembers it whatever happens to who has sent it: the life that sent it, what, and when."""

    def __init__(self, file: Path, life: int, fate: Fate, clock: WallClock) -> None:
        self._file = _appending(file)
        self._life, self._fate, self._clock = life, fate, clock

    def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        self._fate.at("written")
        for place, message in enumerate(batch):
            time.sleep(_TAKES)  # stops come meanwhile
            words = self._life, message.key, message.person.id, message.step, message.at, self._clock.now()
            _say(self._file, words)
            if place == len(batch) // 2:
                self._fate.at("accepted")
        return [Settled("accepted") for _ in batch]


def go_on(place: Place, size: Size, life: int, death: Death) -> None:
    """Enters all who are not there yet and runs the campaign to its end, or to one's own."""
    opened = place.open()
    store = Mortal(opened.engine, opened.place, opened.campaign)
    store.fate = Fate(death)
    clock = WallClock(place.began)
    runner = size.runner(store, Provider(place.accepted, life, store.fate, clock), clock)
    runner.enrol(size.persons())
    runner.run()


def stop_people(place: Place, size: Size) -> None:
    """Stops some people every now and then, as an endpoint would, and notes when that has been committed."""
    clock, file, to_stop = WallClock(place.began), _appending(place.stopped), size.to_stop()
    store = place.open()
    intake = Intake(size.campaign(), store, clock)
    for first in range(0, len(to_stop), size.stops_at_once):
        some = to_stop[first : first + size.stops_at_once]
        intake.take([Stop(person, "unsubscribed", clock.now()) for person in some])
        now = clock.now()
        for person in some:
            _say(file, (person, now))
        time.sleep(size.pause)


def _appending(file: Path) -> int:
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def _say(file: int, words: Sequence[object]) -> None:
    os.write(file, ("\t".join(map(str, words)) + "\n").encode())
