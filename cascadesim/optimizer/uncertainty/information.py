"""What it is worth to know one rate better (Raiffa, Schlaifer, "Applied Statistical Decision Theory", 1961).

Were a rate known exactly, one would take the plan that is best given it: the *expected value of partial perfect
information* is by how much that lowers the expected value (less is better, here). Measured on n people, the rate is
still open, though less: the *expected value of sample information*.

Both need each plan's expected value given one rate, whatever the others are: a regression over the draws (Strong,
Oakley, Brennan, "Estimating multiparameter partial expected value of perfect information", 2014). What a plan comes to
is a product in which a rate stands once for each message on its channel, so a parabola does; the other rates,
which are believed to be independent of it, enter linearly to take out most of the noise. Of a parabola the expectation
under any Beta is known, and a count of n leaves a Beta: so what is measured needs no simulation but a sum over
the counts that may come, which are beta-binomial.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cascadesim.optimizer.uncertainty.beliefs import Belief, Floats

SIZES = (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
"""On how many people a rate may be measured."""

ENOUGH = 0.8
"""Of what knowing the rate exactly is worth: where a measurement brings so much, more people bring little."""

NOTHING = 1e-4
"""Of the value of the plan: information worth less is not worth a measurement, nor told from noise."""

_LEVELS = 4_000  # equally likely values of a rate, in place of its distribution
_COUNTS = 2_000  # groups of neighbouring counts, at most


@dataclass(frozen=True, slots=True)
class Worthwhile:
    """What it is worth to know a rate: exactly, and measured on each of `SIZES`; in the unit of the values."""

    belief: Belief
    exactly: float
    measured: tuple[float, ...]

    @property
    def enough(self) -> int:
        """The fewest people that bring `ENOUGH` of what there is; the most that are considered, if none do."""
        found = (size for size, gain in zip(SIZES, self.measured, strict=True) if gain >= ENOUGH * self.exactly)
        return next(found, SIZES[-1])

    def gain(self, size: int) -> float:
        """What measuring on so many, one of `SIZES`, is worth."""
        return self.measured[SIZES.index(size)]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to measure next: the rate, on how many people, and by how much that lowers the expected regret."""

    belief: Belief
    people: int
    gain: float


def worthwhile(beliefs: Sequence[Belief], rates: Floats, values: Floats) -> tuple[Worthwhile, ...]:
    """For each rate; `rates[d, r]` are those drawn, `values[d, c]` what each plan comes to, less being better."""
    reference = values.mean(axis=0).argmin()
    apart = values - values[:, [reference]]
    return tuple(_worthwhile(belief, parabolas(beliefs, rates, apart, r)) for r, belief in enumerate(beliefs))


def suggestion(found: Sequence[Worthwhile], value: float) -> Suggestion | None:
    """The rate that is worth most to know, on as many people as bring most of it; None if none is worth anything.

    `value` is what the plan itself comes to, by which nothing is told from something. What a measurement costs is
    not known: prices are the campaign's.
    """
    best = max(found, key=lambda w: w.exactly, default=None)
    if best is None or best.exactly <= NOTHING * abs(value):
        return None
    return Suggestion(best.belief, best.enough, best.gain(best.enough))


def parabolas(beliefs: Sequence[Belief], rates: Floats, values: Floats, r: int) -> Floats:
    """Each plan's expected value given rate r: coefficients[j, c] of (rate - its mean)**j, j = 0, 1, 2."""
    centred = rates - np.array([belief.mean for belief in beliefs])
    others = np.delete(centred, r, axis=1)
    own = centred[:, r] / beliefs[r].deviation
    columns = [np.ones(len(own)), own, own**2]
    if 4 * (len(beliefs) + 2) <= len(own):  # enough draws to tell so many coefficients
        columns += list((others / [b.deviation for k, b in enumerate(beliefs) if k != r]).T)
    found = np.linalg.lstsq(np.column_stack(columns), values, rcond=None)[0]
    scaled: Floats = found[:3] / beliefs[r].deviation ** np.arange(3)[:, None]
    return scaled


def _worthwhile(belief: Belief, plans: Floats) -> Worthwhile:
    unknowing = _best(np.array([[1.0, 0.0, belief.deviation**2]]), np.ones(1), plans)
    distance = belief.quantiles((np.arange(_LEVELS) + 0.5) / _LEVELS) - belief.mean
    levels = np.column_stack([np.ones(_LEVELS), distance, distance**2])
    exactly = max(0.0, unknowing - _best(levels, np.full(_LEVELS, 1 / _LEVELS), plans))
    gains = (unknowing - _best(*after(belief, size), plans) for size in SIZES)
    return Worthwhile(belief, exactly, tuple(min(exactly, max(0.0, gain)) for gain in gains))


def _best(moments: Floats, weights: Floats, plans: Floats) -> float:
    """The expected value where the best plan is taken at each of these weighted states of knowledge."""
    return float(weights @ (moments @ plans).min(axis=1))


def after(belief: Belief, people: int) -> tuple[Floats, Floats]:
    """What a count among so many people may leave: moments (0, 1, 2) about the present mean, and the weights.

    After k of n the belief is Beta(a + k, b + n - k); k is beta-binomial. Neighbouring counts are put together
    where there are more than some thousands, which loses less than a thousandth of what is learnt.
    """
    from scipy.special import betaln

    a, b, k = belief.a, belief.b, np.arange(people + 1.0)
    chances = np.exp(betaln(a + k, b + people - k) - betaln(a, b) - betaln(k + 1, people - k + 1)) / (people + 1)
    mean = (a + k) / (a + b + people)
    variance = mean * (1 - mean) / (a + b + people + 1)
    distance = mean - belief.mean
    each = np.column_stack([np.ones(people + 1), distance, variance + distance**2]) * chances[:, None]
    starts = np.arange(0, people + 1, max(1, math.ceil((people + 1) / _COUNTS)))
    sums = np.add.reduceat(each, starts, axis=0)
    likely = sums[:, 0] > 0
    weights = sums[likely, 0]
    moments: Floats = sums[likely] / weights[:, None]
    return moments, weights / weights.sum()
