"""Rehearsing a plan: the live runner on a virtual clock, with drawn people (S1 to S13)."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TextIO

from cascadesim.draws.behaviour import Behaviour
from cascadesim.live import Campaign, Console, MemoryStore, Message, Recipient, Runner, Sender, Store
from cascadesim.live.runner import BATCH
from cascadesim.model.billing import Billing
from cascadesim.model.person import Person
from cascadesim.model.prices import campaign_total
from cascadesim.model.record import Record
from cascadesim.plan import Plan
from cascadesim.rehearsal.world import DrawnWorld, VirtualClock
from cascadesim.units import Money

_READ_AT_ONCE = 1_000


def rehearse(
    plan: Plan,
    people: Sequence[Person],
    replication: int = 0,
    batch: int = BATCH,
    progress: Callable[[int], None] | None = None,
    show: int = 0,
    stream: TextIO | None = None,
    store: Store | None = None,
) -> Rehearsal:
    """Runs the plan with people drawn by `cascadesim.draws.people` for the same replication; nobody is contacted.

    Its records are those of the SimPy engine for the same seed, whatever the batch. `progress` is told now and
    then how many people's ways have come to their end. The first `show` messages are printed to the stream
    (default: standard output). The rows are in `store`, a fresh one; default: in memory, which is fastest.
    """
    model, clock = plan.model, VirtualClock()
    store = MemoryStore() if store is None else store
    behaviour = Behaviour(model, replication)
    world = DrawnWorld(model, behaviour, clock)
    sender: Sender = Console(model, stream or sys.stdout, show, world) if show else world
    runner = Runner(
        Campaign("rehearsal", model, plan.routes(), behaviour), store=store, sender=sender, clock=clock, batch=batch
    )
    clock.reports_to(runner.receipts)
    enrolled = runner.enrol(people)
    world.expect(people)
    runner.run(progress)
    clock.run_out()
    return Rehearsal(plan, replication, enrolled, store, world)


@dataclass(frozen=True)
class Rehearsal:
    """What a rehearsal came to. `people` is how many the plan was for.

    The times at which messages queued and went out are the runner's, read back from its rows; what became of
    them is the world's, for not all is reported.
    """

    plan: Plan
    replication: int
    people: int
    store: Store
    world: DrawnWorld

    def records(self) -> list[Record]:
        """A row a message, in the order of segment, person's number, step and channel."""
        return self._records

    @property
    def messages(self) -> dict[str, int]:
        """How many messages went out on each channel of the plan, by name."""
        counted = Counter(record.channel for record in self._records)
        return {channel: counted[channel] for channel in self._channels}

    @property
    def receipts(self) -> int:
        """How many reports came in, outside events included."""
        return self.store.reports

    @property
    def cost(self) -> Money:
        """What all of it comes to, fees and minimum commitments of the campaign included (S13)."""
        spent = dict.fromkeys(self._channels, 0)
        for record in self._records:
            spent[record.channel] += record.cost
        return Money(campaign_total(self.plan.model, spent), self.plan.model.scenario.currency)

    @cached_property
    def _records(self) -> list[Record]:
        return [record for _, record in sorted(self._numbered(), key=lambda numbered: numbered[0])]

    def _numbered(self) -> Iterator[tuple[tuple[str, int, int, str], Record]]:
        billing = Billing(self.plan.model)
        messages = (message for message in self.store.messages() if message.key in self.world.fates)
        while some := list(islice(messages, _READ_AT_ONCE)):
            rows = {row.key: row for row in self.store.recipients({message.recipient for message in some})}
            for message in some:
                row = rows[message.recipient]
                yield (
                    (row.person.segment, row.person.number, message.step, message.channel),
                    self._record(billing, row, message),
                )

    def _record(self, billing: Billing, recipient: Recipient, message: Message) -> Record:
        person, fate = recipient.person, self.world.fates[message.key]
        chain = self.plan.segments[recipient.route].chain
        return Record(
            self.replication, person.segment, person.id, message.step, message.channel, person.entry,
            message.queued_at, message.sent_at, fate.delivered, fate.opened, fate.clicked, fate.replied,
            billing.cost(chain, message.step, message.channel, person, fate.states), message.attempt,
        )  # fmt: skip

    @property
    def _channels(self) -> list[str]:
        return sorted({channel for route in self.plan.routes() for channel in route.chain.channels})
