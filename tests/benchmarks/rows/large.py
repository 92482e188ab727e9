"""The shipped runner over very many people in a SQLite file: is its memory flat, and does it keep its speed?"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cascadesim.live import Outgoing, Result, Settled
from cascadesim.live.sql import open_store
from cascadesim.model.person import Person
from tests.benchmarks.rows.shipped import PLAN, STEPS, persons, runner_over
from tests.benchmarks.speed.machine import memory

NAME = "benchmark"


class Mark(NamedTuple):
    """After so many people: the seconds that the last ones took, the bytes in memory, and those of the files."""

    people: int
    seconds: float
    memory: int
    size: int


class Marks:
    """Marks taken on the way, one after so many people."""

    def __init__(self, file: Path, every: int) -> None:
        self.taken: list[Mark] = []
        self._file, self._every = file, every
        self._last = 0.0

    def begin(self) -> None:
        """The first are on their way from now on."""
        self._last = time.perf_counter()

    def pass_by(self, people: int) -> None:
        """Takes the next mark if so many have passed."""
        if people < self._every * (len(self.taken) + 1):
            return
        now = time.perf_counter()
        size = sum(file.stat().st_size for file in self._file.parent.glob(f"{self._file.name}*"))
        self.taken.append(Mark(people, now - self._last, memory(), size))
        self._last = now

    @property
    def grown(self) -> int:
        """By how many bytes the memory has grown at most since the first."""
        return max(mark.memory for mark in self.taken) - self.taken[0].memory


class _Passing:
    """Accepts all, and takes a mark when so many have been sent everything."""

    def __init__(self, marks: Marks) -> None:
        self.sent, self._marks = 0, marks

    def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        self.sent += len(batch)
        self._marks.pass_by(self.sent // STEPS)
        return [Settled("accepted", "r") for _ in batch]


def run(file: Path, people: int, batch: int, every: int) -> tuple[Marks, Marks]:
    """The marks while all are enrolled, and while they are sent all their messages."""
    store, enrolling, running = open_store(file, name=NAME, plan=PLAN), Marks(file, every), Marks(file, every)
    runner = runner_over(store, NAME, batch, _Passing(running))
    gc.freeze()  # as in `shipped.run`
    enrolling.begin()
    runner.enrol(_passing(people, enrolling))
    running.begin()
    runner.run()
    store.close()
    return enrolling, running


def _passing(people: int, marks: Marks) -> Iterator[Person]:
    for number, person in enumerate(persons(people), 1):
        yield person
        marks.pass_by(number)
