"""The benchmark's campaign as SimPy's users write it: a process a person, a `Resource` a channel, `any_of` to wait.

A message holds its channel for the interval between two slots; whoever finds quiet hours lets go of the channel and
asks again when they are over. Nothing is done to be slow: no processes but the people's, and opens are time-outs that
are put into the agenda only if they are to happen.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import cast

import simpy
from simpy.events import EventPriority

from cascadesim.units import DAY
from tests.benchmarks.speed.given import NEVER, Counts, Given, Step, quiet_for


class Turn(simpy.Event):
    """A time-out after which people act: at equal times after everything else, and in the order of places (S1, S2).

    SimPy's own would let act first who began to wait first.
    """

    def __init__(self, env: simpy.Environment, delay: int, person: int) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, cast("EventPriority", 2 + person), delay)


class Campaign:
    """One run: the people's processes, the channels, and what is counted."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.env = simpy.Environment()
        self.channels = [simpy.Resource(self.env) for _ in given.steps]
        self.sent, self.delivered, self.opened = ([0] * len(given.steps) for _ in range(3))
        self.first_open = [NEVER] * given.people

    def run(self) -> tuple[list[Counts], int]:
        """The counts of each step, and how many were covered."""
        for person in range(self.given.people):
            self.env.process(self.recipient(person))
        self.env.run()
        covered = sum(at < NEVER for at in self.first_open)
        return [Counts(*three) for three in zip(self.sent, self.delivered, self.opened, strict=True)], covered

    def recipient(self, person: int) -> Generator[simpy.Event, object, None]:
        """A person's way through the chain."""
        env, opens = self.env, list[simpy.Event]()
        for number, step in enumerate(self.given.steps):
            if not step.reached[person]:
                continue
            while True:
                with self.channels[number].request() as slot:
                    yield slot
                    if env.now >= self.given.horizon or any(event.processed for event in opens):
                        return
                    quiet = quiet_for(step.quiet, (self.given.clocks[person] + int(env.now)) % DAY)
                    if not quiet:
                        self.send(person, number, step, opens)
                        yield env.timeout(step.interval)
                        break
                yield Turn(env, quiet, person)
            if step is self.given.steps[-1]:
                return
            yield env.any_of([*opens, Turn(env, step.wait - step.interval, person)])
            if any(event.processed for event in opens):
                return

    def send(self, person: int, number: int, step: Step, opens: list[simpy.Event]) -> None:
        """A message goes out, and is counted; a reported open is added to `opens`."""
        now = int(self.env.now)
        self.sent[number] += 1
        self.delivered[number] += now + step.delivered_after[person] <= self.given.horizon
        opened = now + step.opened_after[person]
        if opened <= self.given.horizon:
            self.opened[number] += 1
            self.first_open[person] = min(self.first_open[person], opened)
            if step.stops:
                opens.append(self.env.timeout(step.opened_after[person]))


def simulate(given: Given) -> tuple[list[Counts], int]:
    """The counts of each step, and how many were covered."""
    return Campaign(given).run()
