"""The shipped runner over a store in a database: a cascade of two steps, nothing reported, everybody sent both."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from cascadesim.live import Campaign, Outgoing, Result, Runner, Sender, Settled
from cascadesim.live.sql import SqlStore, open_store
from cascadesim.model.chain import Chain, Event, Send, Wait
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model, Scenario
from cascadesim.model.person import Person
from cascadesim.model.rates import Rate
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import HOUR, Duration, Share
from tests.benchmarks.speed.machine import memory, once
from tests.live.conftest import HandClock, Never

STEPS = 2
PLAN = "0" * 64
_OPENS = (Rate("opens", Share(0.5), Share(0.5)),)
_CHAIN = Chain("c", (Send(("push",), wait=Wait(Duration(HOUR))), Send(("sms",))), stop_when=(Event("opened"),))
_REACH = frozenset({"push", "sms"})


@dataclass(frozen=True)
class Ran:
    """What enrolling and running took, in seconds, the messages sent, and the memory's growth after half of them."""

    enrolled: float
    ran: float
    sent: int
    grown: int = 0

    @property
    def steps_per_second(self) -> float:
        """Messages sent in a second of running."""
        return self.sent / self.ran


class _Accepting:
    """Accepts all, and notes the memory in use when the first half is out."""

    def __init__(self, half: int) -> None:
        self.accepted = 0
        self.memory_at_half = 0
        self._half = half

    def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        self.accepted += len(batch)
        if not self.memory_at_half and self.accepted >= self._half:
            self.memory_at_half = memory()
        return [Settled("accepted", "r") for _ in batch]


def run(where: Path | str, people: int, batch: int, name: str = "benchmark") -> Ran:
    """Runs the campaign to its end."""
    store, sender = open_store(where, name=name, plan=PLAN), _Accepting(people * STEPS // 2)
    runner = runner_over(store, name, batch, sender)
    enrolled = once(lambda: runner.enrol(persons(people)))
    gc.freeze()  # a host that runs plans has not loaded what this benchmark has: numba for its figures
    ran = once(runner.run)
    grown = memory() - sender.memory_at_half
    store.close()
    return Ran(enrolled, ran, sender.accepted, grown)


def share(where: str, people: int, batch: int, workers: int, name: str) -> Ran:
    """The same by so many processes: first the first step, then the second, for their clocks are not one."""
    store = open_store(where, name=name, plan=PLAN)
    runner = runner_over(store, name, batch, _Accepting(0))
    enrolled = once(lambda: runner.enrol(persons(people)))
    store.close()
    sent: list[int] = []
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(_ready, range(workers)))
        work: Callable[[int], int] = partial(_work, where, batch, name)
        ran = once(lambda: sent.extend(s for at in (0, HOUR) for s in pool.map(work, [at] * workers)))
    return Ran(enrolled, ran, sum(sent))


def persons(count: int) -> Iterator[Person]:
    """So many, one at a time."""
    return (Person("s", n, f"p{n:07}", "s", n, 0, n, "UTC", _REACH) for n in range(count))


def _ready(_: int) -> int:
    return os.getpid()


def _work(where: str, batch: int, name: str, at: int) -> int:
    store, sender = open_store(where, name=name, plan=PLAN), _Accepting(0)
    runner = runner_over(store, name, batch, sender, at)
    while runner.work():
        pass
    store.close()
    return sender.accepted


def runner_over(store: SqlStore, name: str, batch: int, sender: Sender, at: int = 0) -> Runner:
    """The runner of the campaign, at an instant that it goes on from."""
    channels = (Channel("push", rates=_OPENS), Channel("sms", rates=_OPENS))
    model = Model(Scenario(), channels, (Segment("s", Headcount(1)),))
    routes, clock = model.routes(_CHAIN), HandClock()
    clock.at = at
    return Runner(Campaign(name, model, routes, Never()), store=store, sender=sender, clock=clock, batch=batch)
