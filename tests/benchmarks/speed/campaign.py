"""The campaign that the benchmark simulates, and its variants: more people, steps, channels, segments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from cascadesim.language.script import read
from cascadesim.model.chain import Chain, Send
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import Duration

SCRIPT = Path(__file__).with_name("five-steps.cascade")
PEOPLE = 100_000  # as many as the script has


def campaign(people: int = PEOPLE) -> Model:
    """The script's campaign for so many people: limits are in proportion, so that queues last as long."""
    model = read(SCRIPT).model
    segments = tuple(replace(s, people=Headcount(_count(s) * people // PEOPLE)) for s in model.segments)
    return replace(model, segments=segments, channels=tuple(_paced(c, people) for c in model.channels))


def without_limits(model: Model) -> Model:
    """The same without throughput limits; quiet hours stay."""
    return replace(model, channels=tuple(replace(c, throughput=None) for c in model.channels))


def without_limits_and_quiet_hours(model: Model) -> Model:
    """The same without throughput limits and without quiet hours."""
    return replace(model, channels=tuple(replace(c, throughput=None, quiet=()) for c in model.channels))


def with_steps(count: int) -> Model:
    """So many steps, on the five channels in turn; a channel's second message is a resend."""
    model = campaign()
    (chain,) = model.chains
    return replace(model, chains=(_of_steps(chain, islice(cycle(_sends(chain)), count)),))


def with_channels(count: int) -> Model:
    """Ten steps on so many channels in turn; all are like Viber, so that only their number differs."""
    model = campaign()
    (chain,) = model.chains
    viber, wait = model.channel("viber"), _sends(chain)[0].wait
    channels = tuple(replace(viber, name=f"viber{n}") for n in range(count))
    sends = (Send((channel.name,), wait=wait) for channel in islice(cycle(channels), 10))
    bare = tuple(replace(s, rates=()) for s in model.segments)
    return replace(model, channels=channels, segments=bare, chains=(_of_steps(chain, sends),))


def with_segments(count: int) -> Model:
    """As many people in so many segments: copies of the script's two in turn, with their rates and zones."""
    model = campaign()
    shares = [PEOPLE * (n + 1) // count - PEOPLE * n // count for n in range(count)]
    copies = zip(shares, cycle(model.segments), strict=False)
    segments = tuple(replace(s, name=f"{s.name}{n}", people=Headcount(p)) for n, (p, s) in enumerate(copies))
    return replace(model, segments=segments)


def _count(segment: Segment) -> int:
    assert isinstance(segment.people, Headcount)
    return segment.people.count


def _paced(channel: Channel, people: int) -> Channel:
    limit = channel.throughput
    assert limit is not None
    faster = replace(limit, count=limit.count * people, per=Duration(limit.per * PEOPLE))
    return replace(channel, throughput=faster)


def _sends(chain: Chain) -> list[Send]:
    """The chain's steps, each with a wait: the last, which needs none, has the first one's."""
    first = chain.sends[0].wait
    return [replace(send, wait=send.wait or first) for send in chain.sends]


def _of_steps(chain: Chain, sends: Iterable[Send]) -> Chain:
    steps = list(sends)
    steps[-1] = replace(steps[-1], wait=None)
    return replace(chain, body=tuple(steps))
