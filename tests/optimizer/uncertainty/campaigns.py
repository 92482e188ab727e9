"""Campaigns so small that what their uncertain rates do is known in closed form."""

from __future__ import annotations

from cascadesim.model.channel import Channel, Price
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import Keep, Objective, Question
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import DAY, HOUR, MINUTE, Duration, Money, Share

LATE = Delay("fixed", ((Share(1), Duration(20 * MINUTE)),))


def known(verb: str, share: float) -> Rate:
    return Rate(verb, Share(share), Share(share), delay=LATE if verb == "opens" else None)


def measured(verb: str, share: float, number: int) -> Rate:
    return Rate(verb, Share(share), Share(share), number, delay=LATE if verb == "opens" else None)


def ranged(verb: str, low: float, high: float) -> Rate:
    return Rate(verb, Share(low), Share(high), delay=LATE if verb == "opens" else None)


def channel(name: str, *rates: Rate, cost: str = "0", **more) -> Channel:
    return Channel(name, rates=rates, costs=(Price(euro(cost), "message sent"), *more.pop("costs", ())), **more)


def euro(text: str) -> Money:
    return Money.parse(f"{text} EUR")


def campaign(
    *channels: Channel, segments: tuple[Segment, ...] = (Segment("all", Headcount(1000)),), **scenario
) -> Model:
    return Model(Scenario(horizon=Duration(3 * DAY), **{"seed": 7, **scenario}), channels, segments)


def asked(goal: str, channels: str, *keeps: Keep, **more) -> Question:
    """By default one message: which channel is all there is to choose."""
    settings = {"max_steps": 1, "waits": (Duration(HOUR),)} | more
    return Question(Objective(goal, settings.pop("value", None)), tuple(channels.split()), keeps=keeps, **settings)
