"""Whole models with rates drawn from what is believed of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cascadesim.draws.kinds import kinds
from cascadesim.draws.reach import Reach
from cascadesim.draws.streams import Streams
from cascadesim.errors import RefusedError
from cascadesim.model.model import Model
from cascadesim.model.question import Question
from cascadesim.model.rates import Rate, Verb
from cascadesim.optimizer.uncertainty.beliefs import Belief, Floats, RateName
from cascadesim.units import Share

_ATTEMPTS = 200
_REACTIONS: tuple[Verb, ...] = ("opens", "answers")


@dataclass(frozen=True, slots=True)
class Drawn:
    """Models, and the rates drawn for them: `rates[d, r]` is the rate of `beliefs[r]` in `models[d]`."""

    beliefs: tuple[Belief, ...]
    rates: Floats
    models: tuple[Model, ...]


def drawn(model: Model, question: Question, beliefs: Sequence[Belief], seed: int, count: int) -> Drawn:
    """So many models. A rate's number is drawn by the seed, its name and the number of the draw, as S3 has it.

    Where the rates of a draw cannot be true together (no joint reach has these margins, a kind's factor lifts a rate
    over 100%) all of them are drawn again: beliefs are conditional on being possible. RefusedError where that does
    not help.
    """
    streams = Streams(seed, 0)
    found = [_possible(model, question, tuple(beliefs), streams, number) for number in range(count)]
    rates = np.array([rates for rates, _ in found], dtype=np.float64).reshape(count, len(beliefs))
    return Drawn(tuple(beliefs), rates, tuple(model for _, model in found))


def with_rates(model: Model, rates: Mapping[RateName, float]) -> Model:
    """The model with these rates as its points; all others, and every delay, as they are."""

    def put(rate: Rate, name: RateName) -> Rate:
        value = rates.get(name)
        return rate if value is None else replace(rate, low=Share(value), high=Share(value))

    channels = tuple(
        replace(
            c,
            rates=tuple(put(r, RateName(c.name, r.verb)) for r in c.rates),
            resend=tuple(put(r, RateName(c.name, r.verb, resend=True)) for r in c.resend),
        )
        for c in model.channels
    )
    segments = tuple(
        replace(s, rates=tuple(replace(o, rate=put(o.rate, RateName(o.channel, o.rate.verb, s.name))) for o in s.rates))
        for s in model.segments
    )
    return replace(model, channels=channels, segments=segments)


def _possible(
    model: Model, question: Question, beliefs: tuple[Belief, ...], streams: Streams, number: int
) -> tuple[list[float], Model]:
    for attempt in range(_ATTEMPTS):
        rates = [_drawn(belief, streams, number, attempt) for belief in beliefs]
        found = with_rates(model, {b.name: rate for b, rate in zip(beliefs, rates, strict=True)})
        if not any(contradictions(found, question)):
            return rates, found
    raise RefusedError(
        f"of {_ATTEMPTS} draws of the rates none can be true: `reaches both` or `kinds` rule out what ranges and "
        "measurements say"
    )


def _drawn(belief: Belief, streams: Streams, number: int, attempt: int) -> float:
    name = belief.name
    purpose = f"rate {'resend ' if name.resend else ''}{name.verb}"
    uniform, _ = streams.pair(name.segment or "", name.channel, purpose, number, attempt)
    return float(belief.quantiles(np.array([uniform]))[0])


def contradictions(model: Model, question: Question) -> Iterator[bool]:
    """Whether no people can be as the model says, rule by rule (S4)."""
    for segment in map(model.segment, model.segments_of(question.segments)):
        if segment.both:
            yield not _has_joint_reach(model, segment.name)
        if segment.kinds:
            largest = max(factor for _, _, factor in kinds(segment))
            rates = (model.rate(segment.name, c, verb) for c in question.channels for verb in _REACTIONS)
            yield any(rate is not None and rate.share * largest > 1 for rate in rates)


def _has_joint_reach(model: Model, segment: str) -> bool:
    try:
        Reach(model, segment)
    except ValueError:
        return False
    return True
