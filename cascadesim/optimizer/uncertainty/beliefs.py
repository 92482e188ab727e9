"""What is believed of a rate that says how well it is known: a Beta distribution for each.

 - `34% measured on 900`: the posterior of 306 successes in 900 under Jeffreys' prior, Beta(1/2, 1/2). It is the same
   whether one thinks of a share or of its odds, remains a proper belief where nobody or everybody was counted, and
   its 95% intervals hold the truth close to 95% of the time (Brown, Cai, DasGupta, "Interval estimation for a
   binomial proportion", 2001).
 - `20% to 30%`: the Beta whose mean is the middle, which all other calculations use (S4), and whose standard
   deviation is that of a normal distribution with the range as its 95% interval. There is one for every range
   within 0% to 100%; within the range lies 95% of its probability, or more if it is wide.
 - both: the range. It was written down by somebody who knew the count.

A rate with neither is taken as it stands. Rates are believed to be independent of each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.model.model import Model
from cascadesim.model.question import Question
from cascadesim.model.rates import Rate, Verb

Floats = NDArray[np.float64]

_JEFFREYS = 0.5
_Z = 1.959963984540054  # the normal distribution's 97.5% quantile


@dataclass(frozen=True, slots=True)
class RateName:
    """Which line of a script a rate is: a channel's, its rate for a resend, or a segment's own on the channel."""

    channel: str
    verb: Verb
    segment: str | None = None
    resend: bool = False

    def __str__(self) -> str:
        again, whose = "resend " if self.resend else "", f" for {self.segment}" if self.segment else ""
        return f"{again}{self.verb} on {self.channel}{whose}"

    @property
    def rank(self) -> tuple[str, str, bool, str]:
        """The order of rates, whatever the file's."""
        return self.channel, self.verb, self.resend, self.segment or ""


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of one rate: Beta(`a`, `b`)."""

    name: RateName
    a: float
    b: float

    @property
    def mean(self) -> float:
        """The expected rate."""
        return self.a / (self.a + self.b)

    @property
    def deviation(self) -> float:
        """The standard deviation."""
        return math.sqrt(self.mean * (1 - self.mean) / (self.a + self.b + 1))

    def quantiles(self, levels: Floats) -> Floats:
        """The rates below which these shares of the probability lie."""
        from scipy.special import betaincinv

        found: Floats = betaincinv(self.a, self.b, levels)
        return found

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval, as much outside below as above."""
        low, high = self.quantiles(np.array([0.025, 0.975]))
        return float(low), float(high)


def belief(name: RateName, rate: Rate) -> Belief | None:
    """What the rate's line says of it; None where it says nothing of how well it is known."""
    if rate.low < rate.high:
        mean, deviation = rate.share, (rate.high - rate.low) / (2 * _Z)
        size = mean * (1 - mean) / deviation**2 - 1
        return Belief(name, mean * size, (1 - mean) * size)
    if rate.measured is None:
        return None
    return Belief(name, rate.share * rate.measured + _JEFFREYS, (1 - rate.share) * rate.measured + _JEFFREYS)


def beliefs(model: Model, question: Question) -> tuple[Belief, ...]:
    """One for each rate with evidence that some plan of the question may depend on, in order of name."""
    found = (belief(name, rate) for name, rate in rates_of(model, question))
    return tuple(sorted((b for b in found if b is not None), key=lambda b: b.name.rank))


def rates_of(model: Model, question: Question) -> Iterator[tuple[RateName, Rate]]:
    """Every rate that some plan of the question may depend on, with the line that states it."""
    segments = [model.segment(name) for name in model.segments_of(question.segments)]
    again = {r.channel for r in question.repeats if r.times > 1}
    for channel in map(model.channel, set(question.channels)):
        own = [(s.name, o.rate) for s in segments for o in s.rates if o.channel == channel.name]
        yield from ((RateName(channel.name, rate.verb, segment), rate) for segment, rate in own)
        for rate in channel.rates:
            if _count(own, rate.verb) < len(segments):
                yield RateName(channel.name, rate.verb), rate
        if channel.name in again:
            yield from ((RateName(channel.name, rate.verb, resend=True), rate) for rate in channel.resend)


def _count(own: Iterable[tuple[str, Rate]], verb: Verb) -> int:
    return len({segment for segment, rate in own if rate.verb == verb})
