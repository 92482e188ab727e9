"""Small models for the tests of the exact engine, written without a script."""

from __future__ import annotations

from cascadesim.model.chain import Chain, Event, Send, Wait
from cascadesim.model.channel import Channel, Price
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import Objective, Question
from cascadesim.model.rates import Delay, Rate, State, Verb
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import Duration, Money, Share


def us(text: str) -> Duration:
    return Duration.parse(text)


def fixed(text: str) -> Delay:
    return Delay("fixed", ((Share(1.0), us(text)),))


def half(median: str, ninety: str | None = None, shape: str | None = None) -> Delay:
    """`half within .., 90% within ..`: a log-normal, unless a shape is named; one quantile: an exponential."""
    points = [(Share(0.5), us(median))] + ([] if ninety is None else [(Share(0.9), us(ninety))])
    return Delay(shape or ("exponential" if ninety is None else "lognormal"), tuple(points))  # type: ignore[arg-type]


def curve(*points: tuple[float, str]) -> Delay:
    return Delay("curve", tuple((Share(share), us(time)) for share, time in points))


def rate(verb: Verb, share: float, delay: Delay | None = None, of: State | None = None) -> Rate:
    return Rate(verb, Share(share), Share(share), of=of, delay=delay)


def price(text: str, basis: str, at_least: bool = False) -> Price:
    return Price(Money.parse(text), basis, at_least)  # type: ignore[arg-type]


def opened(channel: str | None = None) -> Event:
    return Event("opened", channel)


def send(channel: str, wait: str | None = None, undelivered: str | None = None) -> Send:
    early = None if undelivered is None else us(undelivered)
    return Send((channel,), wait=None if wait is None else Wait(us(wait), early))


def chain(*sends: Send, stop: tuple[Event, ...] = (Event("opened"),), name: str = "c") -> Chain:
    return Chain(name, sends, stop_when=stop)


def model(
    *channels: Channel,
    segments: tuple[Segment, ...] = (Segment("all", Headcount(1000)),),
    horizon: str = "7 days",
    cover: tuple[Event, ...] = (),
    within: str | None = None,
) -> Model:
    question = Question(Objective("coverage"), (), covered_when=cover, within=None if within is None else us(within))
    return Model(Scenario(horizon=us(horizon)), channels, segments, questions=(question,))
