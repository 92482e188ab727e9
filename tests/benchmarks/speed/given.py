"""What the two SimPy models are given, and what they are to find.

They draw no numbers: reach, and how long every message would take to be delivered and opened, is drawn here by name
(S3), before their clock starts. So they are spared what the compiled engine does within its time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cascadesim.draws.behaviour import Behaviour
from cascadesim.draws.people import draw_people
from cascadesim.engines.outcome import ChainOutcome
from cascadesim.model.calendar import Clock, quiet_rules
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from cascadesim.model.prices import Tariff, tariff
from cascadesim.units import BILLION, DAY

NEVER = 1 << 62


class Step(NamedTuple):
    """One step. Lists have an entry a person, in the order of places; times are in microseconds.

    `interval` is between two slots of the channel, `quiet` its quiet hours as times of the day (from, to: past
    midnight), `stops` says whether an open is reported and so stops the chain; delays count from dispatch.
    """

    channel: str
    wait: int
    interval: int
    quiet: tuple[int, int] | None
    stops: bool
    reached: list[bool]
    delivered_after: list[int]
    opened_after: list[int]


class Given(NamedTuple):
    """A campaign, drawn. `clocks` is the time of the day that each person's clock shows at the start."""

    people: int
    horizon: int
    clocks: list[int]
    steps: tuple[Step, ...]


class Counts(NamedTuple):
    """What became of a step's messages, in numbers of messages."""

    sent: int
    delivered: int
    opened: int


@dataclass(frozen=True)
class Totals:
    """What the models and the engines must agree on: counts of each step, the cost in billionths, who was covered."""

    steps: tuple[Counts, ...]
    cost: int
    covered: int


def given(model: Model) -> Given:
    """Draws everybody of the model's one chain: linear, every channel once, all with limits and in one price."""
    (chain,) = model.chains
    people = draw_people(model, model.segments_of(chain.segments), 0, {})
    behaviour, clock = Behaviour(model, 0), Clock(model.scenario)
    steps = tuple(
        _step(model, send.channels[0], int(send.wait.lasting) if send.wait else 0, people, behaviour)
        for send in chain.sends
    )
    zones = {zone: _time_of_day(clock, zone) for zone in {p.zone for p in people}}
    return Given(len(people), int(model.scenario.horizon), [zones[p.zone] for p in people], steps)


def _step(model: Model, channel: str, wait: int, people: list[Person], behaviour: Behaviour) -> Step:
    limit = model.channel(channel).throughput
    assert limit is not None
    assert limit.per % limit.count == 0, "a server that is held for an interval needs a whole number of microseconds"
    fates = [behaviour.message(p, channel, 0, 0) if channel in p.reach else None for p in people]
    return Step(
        channel,
        wait,
        limit.per // limit.count,
        _quiet(model, channel),
        model.channel(channel).reports_state("opened"),
        [fate is not None for fate in fates],
        [fate.delivered or NEVER if fate else NEVER for fate in fates],
        [fate.opened or NEVER if fate else NEVER for fate in fates],
    )


def _quiet(model: Model, channel: str) -> tuple[int, int] | None:
    rules = quiet_rules(model, model.segments[0].name, channel)
    if not rules:
        return None
    (rule,) = rules
    assert rule.hours is not None
    assert rule.hours.end <= rule.hours.start
    start, end = ((t.hour * 60 + t.minute) * 60_000_000 for t in (rule.hours.start, rule.hours.end))
    return start, end


def _time_of_day(clock: Clock, zone: str) -> int:
    reading = clock.local(0, zone)
    return ((reading.hour * 60 + reading.minute) * 60 + reading.second) * 1_000_000


def quiet_for(quiet: tuple[int, int] | None, time_of_day: int) -> int:
    """How much longer the quiet hours last; 0 outside them."""
    if quiet is None or quiet[1] <= time_of_day < quiet[0]:
        return 0
    return (quiet[1] - time_of_day) % DAY


def totals(model: Model, steps: list[Counts], covered: int) -> Totals:
    """What a model's counts come to."""
    cost = 0
    for send, counts in zip(model.chains[0].sends, steps, strict=True):
        price = _price(model, send.channels[0])
        cost += counts.sent * (price.sent + price.part) + counts.delivered * price.delivered
    return Totals(tuple(steps), cost, covered)


def totals_of(outcome: ChainOutcome) -> Totals:
    """What an engine found."""
    figures = outcome.total
    people = sum(segment.people for segment in outcome.segments)
    steps = tuple(Counts(*(_whole(getattr(s, name).mean) for name in Counts._fields)) for s in figures.steps)
    return Totals(steps, _whole(figures.cost.mean, BILLION), _whole(figures.coverage.mean, people))


def _price(model: Model, channel: str) -> Tariff:
    (price,) = {tariff(model, segment.name, channel) for segment in model.segments}
    assert not price.opened
    return price


def _whole(mean: float | None, unit: float = 1) -> int:
    assert mean is not None
    return round(mean * unit)
