"""What messages cost (S13), in whole billionths of the scenario's currency: sums do not depend on order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cascadesim.model.model import Model
from cascadesim.model.rates import State
from cascadesim.units import MINUTE

_STATE_OF_BASIS: dict[str, State] = {
    "message delivered": "delivered",
    "message opened": "opened",
    "message clicked": "clicked",
    "message replied": "replied",
    "minute": "opened",
    "started minute": "opened",
}


@dataclass(frozen=True, slots=True)
class Tariff:
    """What one message of a segment costs on a channel, in billionths: by part, by message, by state it gets to.

    An answer is an open; the price of an answered call is in `opened`.
    """

    sent: int = 0
    part: int = 0
    delivered: int = 0
    opened: int = 0
    clicked: int = 0
    replied: int = 0

    def cost(self, parts: int, states: Iterable[State]) -> int:
        """The cost of one dispatched message that got to these states (`answered` counts as opened)."""
        total = self.sent + self.part * parts
        for state in states:
            total += getattr(self, "opened" if state == "answered" else state, 0)
        return total


@dataclass(frozen=True, slots=True)
class CampaignFee:
    """What a channel costs once: a fee, and a minimum that all its costs together come to (billionths)."""

    fee: int = 0
    at_least: int = 0


def tariff(model: Model, segment: str, channel: str) -> Tariff:
    """The tariff that holds for a segment's messages on a channel; bases add up.

    A call's minutes are those of its constant length, a fraction of a minute rounded half up to a billionth.
    """
    amounts = {"sent": 0, "part": 0, "delivered": 0, "opened": 0, "clicked": 0, "replied": 0}
    lasts = model.channel(channel).lasts or 0
    for price in model.prices(segment, channel):
        amount = model.billionths(price.amount)
        if price.basis == "campaign":
            continue
        if price.basis == "minute":
            amount = (2 * amount * lasts + MINUTE) // (2 * MINUTE)
        elif price.basis == "started minute":
            amount *= -(-lasts // MINUTE)
        key = {"message sent": "sent", "part sent": "part"}.get(price.basis) or _STATE_OF_BASIS[price.basis]
        amounts[key] += amount
    return Tariff(**amounts)


def campaign_fee(model: Model, channel: str) -> CampaignFee:
    """What the channel costs once a campaign, whoever is written to."""
    once = [p for p in model.channel(channel).costs if p.basis == "campaign"]
    fee = sum(model.billionths(p.amount) for p in once if not p.at_least)
    return CampaignFee(fee, max((model.billionths(p.amount) for p in once if p.at_least), default=0))


def campaign_total(model: Model, spent: dict[str, int]) -> int:
    """The cost of a campaign in billionths: `spent` has the messages' cost for each channel with a step.

    Every channel adds its messages and its fee, or its minimum commitment where that is larger.
    """
    total = 0
    for channel, amount in spent.items():
        once = campaign_fee(model, channel)
        total += max(amount + once.fee, once.at_least)
    return total
