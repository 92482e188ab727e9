"""A campaign as every turn needs it: its name, who follows what, and what messages cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cascadesim import cascade
from cascadesim.cascade import Program
from cascadesim.live.control import Caps, Control, Purse, Spent
from cascadesim.live.protocols import Numbers
from cascadesim.live.rows import Recipient
from cascadesim.model.chain import Route
from cascadesim.model.model import Model
from cascadesim.model.person import Person


class Edition(NamedTuple):
    """A plan as the runner follows it: the model, and who follows which chain."""

    model: Model
    routes: Sequence[Route]


class Campaign:
    """What is the same in every turn: the campaign's name, who follows what, and the channels' limits.

    `earlier` are the editions that this one has replaced: who had started under one of them goes on by it.
    `plan` is the SHA-256 of the plan behind it (None: nobody looks whether it has been replaced). RefusedError for a
    chain with a hole.
    """

    def __init__(
        self,
        name: str,
        model: Model,
        routes: Sequence[Route],
        numbers: Numbers,
        earlier: Sequence[Edition] = (),
        plan: str | None = None,
    ) -> None:
        self.name = name
        self.plan = plan
        self.routes = tuple(routes)
        self.numbers = numbers
        editions = [*earlier, Edition(model, self.routes)]
        self.programs = [Program(e.model, route.chain) for e in editions for route in e.routes]
        self.limits = {c.name: c.throughput for c in model.channels if c.throughput is not None}
        self._first = len(self.programs) - len(self.routes)
        channels = {channel for program in self.programs for channel in program.chain.channels}
        self._purse = Purse([e.model for e in editions], sorted(channels))

    def entrant(self, person: Person) -> Recipient | None:
        """The row of somebody who enters; None: the campaign is not for them."""
        route = cascade.choose(self.routes, person, self.numbers.lot)
        if route is None:
            return None
        return Recipient(recipient_key(person), person, self._first + route, cascade.begin(person), person.entry)

    def is_replaced(self, control: Control) -> bool:
        """Whether another plan is in force by now: people may be on ways that are not known here."""
        return self.plan is not None and control.plan != self.plan

    def cost(self, recipient: Recipient, step: int, channel: str) -> int:
        """What a message to the recipient costs at most, in billionths."""
        program = self.programs[recipient.route]
        return self._purse.cost(program.model, program.chain, step, channel, recipient.person)

    def has_room(self, caps: Caps, spent: Mapping[str, Spent], channel: str = "", cost: int = 0) -> bool:
        """Whether one more message, at this cost, stays within the caps."""
        return self._purse.has_room(caps, spent, channel, cost)

    def total(self, spent: Mapping[str, Spent]) -> int:
        """What the campaign comes to at most, in billionths, fees and minimum commitments included."""
        return self._purse.total(spent)

    def message_key(self, recipient: Recipient, step: int, channel: str, attempt: int) -> str:
        """The name by which a message is known to the store, the provider and its receipts."""
        return message_key(self.name, recipient.key, step, channel, attempt)

    def next_key(self, recipient: Recipient, channel: str) -> str:
        """The key of the recipient's message that is to go out next on the channel."""
        journey = recipient.journey
        return self.message_key(recipient, journey.last, channel, journey.attempt(channel))


def message_key(campaign: str, recipient: str, step: int, channel: str, attempt: int) -> str:
    """See `Campaign.message_key`."""
    return f"{campaign}:{recipient}:{step}:{channel}:{attempt}"


def keys_of(campaign: str, recipient: Recipient) -> list[str]:
    """The keys of all that has been written to the recipient, and of what may be on its way."""
    before: Counter[str] = Counter()
    keys = []
    journey = recipient.journey
    for step, channel in (*journey.out, *((journey.last, channel) for channel in journey.pending)):
        keys.append(message_key(campaign, recipient.key, step, channel, before[channel]))
        before[channel] += 1
    return keys


def recipient_key(person: Person) -> str:
    """The name of a recipient in a campaign."""
    return key_of(person.segment, person.id)


def key_of(segment: str, person: str) -> str:
    """The name that somebody with this id has as a recipient there: ids are unique within a segment."""
    return f"{segment}:{person}"
