"""What a campaign as a whole is at: running or not, what it may spend, and what it has spent.

Whoever holds the store may change it while runners work; they look at it in each turn, so an order to pause is
heeded from the next batch on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, NamedTuple

from cascadesim.model.billing import Billing
from cascadesim.model.chain import Chain
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from cascadesim.model.prices import campaign_total
from cascadesim.model.rates import State

Course = Literal["running", "paused", "cancelled"]

MOST: tuple[State, ...] = ("delivered", "opened", "clicked", "replied")
"""All that a message may be billed for: what it costs at most."""


class Spent(NamedTuple):
    """What has gone out on a channel: messages, and what they cost at most, in billionths."""

    messages: int = 0
    cost: int = 0

    def and_one(self, cost: int) -> Spent:
        """With one more message at this cost."""
        return Spent(self.messages + 1, self.cost + cost)


class Caps(NamedTuple):
    """What a campaign may not go beyond; None: no such limit. `a_week` counts a person's messages in a store."""

    messages: int | None = None
    cost: int | None = None
    a_week: int | None = None


class Control(NamedTuple):
    """A campaign's own row. `spent` is by channel, and counts what is written to be sent.

    `plan` is the SHA-256 of the plan in force; None: the store does not say.
    """

    course: Course = "running"
    caps: Caps = Caps()
    plan: str | None = None
    spent: Mapping[str, Spent] = {}


class Purse:
    """Knows what messages of these models cost at most, and whether the caps leave room for one more.

    The last model's prices are those of the campaign; `channels` are all that it has a step on: they cost their fees
    from the start (S13).
    """

    def __init__(self, models: Sequence[Model], channels: Collection[str]) -> None:
        self._billing = {id(model): Billing(model) for model in models}
        self._model = models[-1]
        self._channels = tuple(channels)

    def cost(self, model: Model, chain: Chain, step: int, channel: str, person: Person) -> int:
        """What the message costs at most, in billionths."""
        return self._billing[id(model)].cost(chain, step, channel, person, MOST)

    def has_room(self, caps: Caps, spent: Mapping[str, Spent], channel: str, cost: int) -> bool:
        """Whether one more message on the channel stays within the caps; no channel: whether there is any room."""
        if caps.messages is not None and sum(s.messages for s in spent.values()) >= caps.messages:
            return False
        if caps.cost is None:
            return True
        more = spent if not channel else {**spent, channel: spent.get(channel, Spent()).and_one(cost)}
        return self.total(more) <= caps.cost

    def total(self, spent: Mapping[str, Spent]) -> int:
        """What the campaign comes to at most, in billionths, fees and minimum commitments included."""
        costs = dict.fromkeys(self._channels, 0) | {channel: s.cost for channel, s in spent.items()}
        return campaign_total(self._model, costs)
