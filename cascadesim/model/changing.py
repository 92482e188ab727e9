"""What if a rate were another? A model with one rate changed."""

from __future__ import annotations

from dataclasses import replace

from cascadesim.model.model import Model
from cascadesim.model.rates import Rate, Verb
from cascadesim.units import Share


def with_rate(model: Model, channel: str, verb: Verb, share: Share | float | str, segment: str | None = None) -> Model:
    """The model in which this rate, a channel's or a segment's own on it, is the share: `0.41` or `"41%"`.

    Its delay stays; a range, and what it was measured on, speak of the old one and go. The other rates stay too, so
    it is for the caller to say what still goes together, as joint reach. ValueError for a share that is none, and,
    with the rates there are, where nobody states this one.
    """
    number = Share.parse(share) if isinstance(share, str) else Share(share)
    if not 0 <= number <= 1:
        raise ValueError(f"{share!r} is not a share: it lies between 0 and 1")
    there = _stated(model)
    if (channel, verb, segment) not in there:
        raise ValueError(f"nobody states that rate: there are {'; '.join(map(_named, there))}")

    def put(rate: Rate) -> Rate:
        return replace(rate, low=number, high=number, measured=None)

    if segment is None:
        of = model.channel(channel)
        changed = replace(of, rates=tuple(put(r) if r.verb == verb else r for r in of.rates))
        return replace(model, channels=tuple(changed if c is of else c for c in model.channels))
    group = model.segment(segment)
    own = tuple(replace(r, rate=put(r.rate)) if (r.channel, r.rate.verb) == (channel, verb) else r for r in group.rates)
    return replace(model, segments=tuple(replace(s, rates=own) if s is group else s for s in model.segments))


def _stated(model: Model) -> list[tuple[str, Verb, str | None]]:
    channels: list[tuple[str, Verb, str | None]] = [(c.name, r.verb, None) for c in model.channels for r in c.rates]
    return channels + [(r.channel, r.rate.verb, s.name) for s in model.segments for r in s.rates]


def _named(rate: tuple[str, Verb, str | None]) -> str:
    channel, verb, segment = rate
    return f"{verb} on {channel}" + (f" for {segment}" if segment else "")
