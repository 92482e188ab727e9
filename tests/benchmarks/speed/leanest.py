"""The benchmark's campaign as lean as SimPy allows: callbacks on bare events, no process, no `Resource`.

A person *is* an event, put into the agenda again and again. It takes foresight to need so few of them. Channels are
first in, first out, and whether somebody will have stopped is known once their messages are out, so who joins a queue
learns their slot at once, and the queue is but the time of its next slot. Only who will still have to act when their
wait is over comes back; opens need no events.
"""

from __future__ import annotations

from typing import cast

import simpy
from simpy.events import EventPriority

from cascadesim.units import DAY
from tests.benchmarks.speed.given import NEVER, Counts, Given, quiet_for


class Recipient(simpy.Event):
    """A person, due at their next step; `stops_at` is when the first open that is reported comes."""

    _ok, _value = True, None

    def __init__(self, person: int) -> None:
        self.person = person
        self.step = 0
        self.stops_at = self.first_open = NEVER


class Campaign:
    """One run: the times of the channels' next slots, and what is counted."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.env = simpy.Environment()
        self.next_slot = [0] * len(given.steps)
        self.sent, self.delivered, self.opened = ([0] * len(given.steps) for _ in range(3))
        self.callbacks = (self.join,)

    def run(self) -> tuple[list[Counts], int]:
        """The counts of each step, and how many were covered."""
        recipients = [Recipient(person) for person in range(self.given.people)]
        for recipient in recipients:
            if self.has_step(recipient, 0):
                self.join(recipient)
        self.env.run()
        covered = sum(recipient.first_open < NEVER for recipient in recipients)
        return [Counts(*three) for three in zip(self.sent, self.delivered, self.opened, strict=True)], covered

    def has_step(self, recipient: Recipient, first: int) -> bool:
        """Moves the person on to their next step, beginning at this one; False if none reaches them."""
        for number in range(first, len(self.given.steps)):
            if self.given.steps[number].reached[recipient.person]:
                recipient.step = number
                return True
        return False

    def join(self, recipient: Recipient) -> None:
        """A person queues: what becomes of their message is known at once."""
        person, number = recipient.person, recipient.step
        step = self.given.steps[number]
        slot = max(self.next_slot[number], int(self.env.now))
        if recipient.stops_at <= slot or slot >= self.given.horizon:
            return
        quiet = quiet_for(step.quiet, (self.given.clocks[person] + slot) % DAY)
        if quiet:
            self.come_back(recipient, slot + quiet)
            return
        self.next_slot[number] = slot + step.interval
        self.sent[number] += 1
        self.delivered[number] += slot + step.delivered_after[person] <= self.given.horizon
        opened = slot + step.opened_after[person]
        if opened <= self.given.horizon:
            self.opened[number] += 1
            recipient.first_open = min(recipient.first_open, opened)
            if step.stops:
                recipient.stops_at = min(recipient.stops_at, opened)
        if self.has_step(recipient, number + 1):
            self.come_back(recipient, slot + step.wait)

    def come_back(self, recipient: Recipient, at: int) -> None:
        """Puts the person into the agenda, unless they will have stopped; who acts together goes by place."""
        if at < recipient.stops_at and at < self.given.horizon:
            recipient.callbacks = self.callbacks
            self.env.schedule(recipient, cast("EventPriority", recipient.person), at - int(self.env.now))


def simulate(given: Given) -> tuple[list[Counts], int]:
    """The counts of each step, and how many were covered."""
    return Campaign(given).run()
