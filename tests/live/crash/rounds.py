"""A campaign and its killers: workers that die and are started again until it is at its end."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count, islice
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import select

from cascadesim.cascade import Phase
from cascadesim.live.sql import SqlStore
from cascadesim.live.sql.schema import recipient
from tests.live.crash.campaign import SEED, Size
from tests.live.crash.claims import Accepted, End, Evidence, Stopped
from tests.live.crash.mortal import POINTS, Death, Place, go_on, stop_people

TIMES = 3
"""How often each point is died at."""

_FORK = multiprocessing.get_context("fork")  # nothing is to be loaded again: a life may last but a tenth of a second
_KILLED = -9
_AT_ONCE = 1_000


@dataclass(frozen=True)
class Deaths:
    """The arrivals at a point and the seconds of a life to choose from, and how many lives end by the clock."""

    nth: tuple[int, int] = (1, 1)
    seconds: tuple[float, float] = (0, 0)
    by_the_clock: int = 0

    def draw(self) -> list[Death]:
        """All, in an order that is always the same."""
        numbers = random.Random(SEED)
        deaths = [Death(point, numbers.randint(*self.nth)) for point in POINTS for _ in range(TIMES)]
        deaths += [Death(seconds=numbers.uniform(*self.seconds)) for _ in range(self.by_the_clock)]
        numbers.shuffle(deaths)
        return deaths


@dataclass
class _Life:
    """A worker's process and what is to become of it."""

    number: int
    death: Death
    process: BaseProcess
    ends: float
    is_over: bool = False


@dataclass
class Round:
    """A campaign in an empty database, run by so many workers at once; it is given up after so many seconds."""

    database: Path | str
    folder: Path
    size: Size
    workers: int = 1
    seconds: float = 300
    _place: Place = field(init=False)
    _looked_at: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self._place = Place(self.database, self.folder, time.time_ns() // 1_000)

    def run(self, deaths: Iterable[Death] = (), with_stops: bool = False) -> Evidence:
        """Runs it to its end; a worker dies each of these deaths, and while they do people are stopped."""
        begun, to_come = time.monotonic(), deque(deaths)
        evidence = Evidence(self.size.batch, self.workers)
        self._place.open().close()  # its tables: before there are two who would make them
        stopping = _process(stop_people, self._place, self.size) if with_stops else None
        try:
            self._work(evidence, to_come, begun + self.seconds)
            if stopping is not None:
                stopping.join(self.seconds)
        finally:
            if stopping is not None:
                stopping.kill()
        evidence.seconds, evidence.still_to_die = time.monotonic() - begun, len(to_come)
        self._read(evidence)
        return evidence

    def _work(self, evidence: Evidence, to_come: deque[Death], until: float) -> None:
        numbers = count()
        lives = [self._life(next(numbers), to_come) for _ in range(self.workers)]
        try:
            while lives and time.monotonic() < until:
                _let_some_end(lives)
                for life in [life for life in lives if life.is_over]:
                    lives.remove(life)
                    if life.process.exitcode == _KILLED:
                        evidence.died[life.number] = life.death.cause
                        self._look_for_unwritten(evidence)
                        lives.append(self._life(next(numbers), to_come))
                    elif life.process.exitcode:
                        raise RuntimeError(f"a worker ended by itself, with {life.process.exitcode}")
                    elif life.death != Death():
                        to_come.append(life.death)
        finally:
            for life in lives:
                life.process.kill()

    def _life(self, number: int, to_come: deque[Death]) -> _Life:
        death = to_come.popleft() if to_come else Death()
        ends = float("inf") if death.seconds is None else time.monotonic() + death.seconds
        return _Life(number, death, _process(go_on, self._place, self.size, number, death), ends)

    def _look_for_unwritten(self, evidence: Evidence) -> None:
        """What has been accepted up to now the store must know by now."""
        if not self._place.accepted.exists():
            return
        with self._place.accepted.open("rb") as file:
            file.seek(self._looked_at)
            new = file.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._looked_at += len(whole)
        keys = [line.split("\t")[1] for line in whole.decode().splitlines()]
        with closing(self._place.open()) as store:
            for some in _parts(keys):
                evidence.unwritten.update(set(some) - {message.key for message in store.attempts(some)})

    def _read(self, evidence: Evidence) -> None:
        if self._place.accepted.exists():
            rows = (line.split("\t") for line in self._place.accepted.read_text().splitlines())
            evidence.accepted = [
                Accepted(int(life), key, person, int(step), int(claimed), int(at))
                for life, key, person, step, claimed, at in rows
            ]
        if self._place.stopped.exists():
            rows = (line.split("\t") for line in self._place.stopped.read_text().splitlines())
            evidence.stopped = [Stopped(person, int(at)) for person, at in rows]
        with closing(self._place.open()) as store:
            evidence.ends = dict(_ends(store, self.size))
            evidence.attempts = {message.key: message.state for message in store.messages()}


def _ends(store: SqlStore, size: Size) -> Iterator[tuple[str, End]]:
    with store.engine.connect() as connection:
        leased = select(recipient.c.key).where(recipient.c.campaign == store.campaign, recipient.c.lease_until > 0)
        in_hand = set(connection.execute(leased).scalars())
    for some in _parts([f"s:{person.id}" for person in size.persons()]):
        for row in store.recipients(some):
            is_idle = row.journey.phase is Phase.DONE and not row.appointments and row.key not in in_hand
            yield row.person.id, End(is_idle, row.journey.out)


def _let_some_end(lives: list[_Life]) -> None:
    """Waits until one has died, and kills those whose time has come."""
    first = min(life.ends for life in lives)
    wait([life.process.sentinel for life in lives], timeout=min(1.0, max(0.0, first - time.monotonic())))
    for life in lives:
        if life.ends <= time.monotonic():
            life.process.kill()
            life.process.join()
        life.is_over = not life.process.is_alive()


def _process(work: object, *given: object) -> BaseProcess:
    process = _FORK.Process(target=work, args=given, daemon=True)  # type: ignore[arg-type]
    process.start()
    return process


def _parts(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
