"""Continuous distributions of delays, and of sums of two of them. All times are in microseconds.

A `Spread` names its `knots`: between two neighbours its distribution function is smooth on the scale of their
distance, and beyond the first and the last there is next to nothing. An integral over a delay is cut at these,
and Gauss-Legendre quadrature then has some eleven digits on each piece.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from cascadesim.draws import quantiles
from cascadesim.engines.exact.quadrature import Floats, Table, integral

_TAIL = 1e-12  # the probability beyond the first and the last knot
_TAIL_Z = 7.04  # the normal quantile there
_TINY = 1e-300  # stands for zero where a logarithm is taken
_LARGE = 100.0  # exp(-exp(100)) is zero; more would overflow


class Spread(Hashable, Protocol):
    """A continuous distribution of a positive delay; equal ones are the same one."""

    @property
    def knots(self) -> Floats:
        """Increasing times, between which the distribution is smooth."""

    def cdf(self, time: Floats) -> Floats:
        """P(delay <= time), 0 for negative times."""

    def pdf(self, time: Floats) -> Floats:
        """The density, per microsecond, at positive times."""


@dataclass(frozen=True)
class LogNormal:
    """The delay's logarithm is normal with mean `mu` and standard deviation `sigma`."""

    mu: float
    sigma: float

    @functools.cached_property
    def knots(self) -> Floats:
        """Steps of at most one standard deviation and at most a factor e."""
        pieces = math.ceil(2 * _TAIL_Z * max(1.0, self.sigma))
        return np.exp(self.mu + self.sigma * np.linspace(-_TAIL_Z, _TAIL_Z, pieces + 1))

    def cdf(self, time: Floats) -> Floats:
        """See `Spread`."""
        from scipy.special import ndtr

        below: Floats = ndtr(self._z(time))
        return below

    def pdf(self, time: Floats) -> Floats:
        """See `Spread`."""
        z = self._z(time)
        density: Floats = np.exp(-z * z / 2) / (np.maximum(time, _TINY) * (self.sigma * math.sqrt(2 * math.pi)))
        return density

    def _z(self, time: Floats) -> Floats:
        score: Floats = (np.log(np.maximum(time, _TINY)) - self.mu) / self.sigma
        return score


@dataclass(frozen=True)
class Weibull:
    """P(delay > t) = exp(-(t / scale) ** shape); an exponential has shape 1."""

    scale: float
    shape: float

    @functools.cached_property
    def knots(self) -> Floats:
        """Steps of at most a factor e and at most 2 in the hazard, and of a factor exp(1.2) in time."""
        low, high = math.log(_TAIL), math.log(-math.log(_TAIL))
        pieces = math.ceil((high - low) / min(1.0, 1.2 * self.shape))
        hazards = np.union1d(np.exp(np.linspace(low, high, pieces + 1)), np.arange(4.0, math.exp(high), 2.0))
        return self.scale * hazards ** (1 / self.shape)

    def cdf(self, time: Floats) -> Floats:
        """See `Spread`."""
        below: Floats = -np.expm1(-self._hazard(time))
        return below

    def pdf(self, time: Floats) -> Floats:
        """See `Spread`."""
        hazard = self._hazard(time)
        density: Floats = self.shape * hazard * np.exp(-hazard) / np.maximum(time, _TINY)
        return density

    def _hazard(self, time: Floats) -> Floats:
        log = self.shape * (np.log(np.maximum(time, _TINY)) - math.log(self.scale))
        hazard: Floats = np.exp(np.minimum(log, _LARGE))
        return hazard


@dataclass(frozen=True)
class Curve:
    """Linear between (`times`, `shares`), which begin at (0, 0) and end at share 1."""

    times: tuple[float, ...]
    shares: tuple[float, ...]

    @functools.cached_property
    def knots(self) -> Floats:
        """The given points."""
        return np.array(self.times)

    def cdf(self, time: Floats) -> Floats:
        """See `Spread`."""
        return np.interp(time, self.times, self.shares)

    def pdf(self, time: Floats) -> Floats:
        """See `Spread`."""
        slopes = np.diff(self.shares) / np.diff(self.times)
        return np.concatenate([[0.0], slopes, [0.0]])[np.searchsorted(self.knots, time, side="right")]


@dataclass(frozen=True)
class Between:
    """A delay of the law `whole`, given that it lies in (low, high]."""

    whole: Spread
    low: float
    high: float

    @functools.cached_property
    def knots(self) -> Floats:
        """Those of the whole, and the ends of the range."""
        ends = self.low, max(self.low, min(self.high, float(self.whole.knots[-1])))
        return np.unique(np.append(np.clip(self.whole.knots, *ends), ends))

    def cdf(self, time: Floats) -> Floats:
        """See `Spread`."""
        below, mass = self._range
        return (self.whole.cdf(np.clip(time, self.low, self.high)) - below) / mass

    def pdf(self, time: Floats) -> Floats:
        """See `Spread`."""
        return np.where((time >= self.low) & (time < self.high), self.whole.pdf(time), 0.0) / self._range[1]

    @functools.cached_property
    def _range(self) -> tuple[float, float]:
        below, upto = self.whole.cdf(np.array([self.low, self.high]))
        return float(below), float(upto - below)


@dataclass(frozen=True)
class Sum:
    """A delay of the law `one` and then an independent one of the law `other`, tabulated once."""

    one: Spread
    other: Spread

    @property
    def knots(self) -> Floats:
        """Where the table's pieces meet."""
        return self._table.edges

    def cdf(self, time: Floats) -> Floats:
        """See `Spread`."""
        return np.where(time < self.knots[0], 0.0, self._table(time))

    def pdf(self, time: Floats) -> Floats:
        """See `Spread`."""
        return self._table.slope(time)

    @functools.cached_property
    def _table(self) -> Table:
        first = float(self.one.knots[0] + self.other.knots[0])
        last = float(self.one.knots[-1] + self.other.knots[-1])
        start = max(first, 1.0)
        return Table(self._convolved, np.unique(np.append(first, logarithmic(start, max(last, 2 * start)))))

    def _convolved(self, time: Floats) -> Floats:
        return mean_of(self.one, np.zeros_like(time), time, ((time, self.other.knots),), self.other.cdf)


def mean_of(
    spread: Spread,
    low: Floats,
    high: Floats,
    clocks: tuple[tuple[Floats, Floats], ...],
    value: Callable[..., Floats],
) -> Floats:
    """E[value(clock - delay, ...); low < delay <= high], for many ranges and clocks at once.

    Each of `clocks` is (what the clocks show, the knots of `value` in what is left on them).
    """
    cuts = [spread.knots, *(clock[:, None] - knots for clock, knots in clocks)]

    def density(delay: Floats, part: slice) -> Floats:
        return spread.pdf(delay) * value(*(clock[part, None, None] - delay for clock, _ in clocks))

    return integral(density, np.maximum(low, 0.0), high, cuts)


def logarithmic(first: float, last: float) -> Floats:
    """Times from the first to the last, each at most e squared times the one before."""
    return np.geomspace(first, last, 2 + int(math.log(last / first) / 2))


@functools.lru_cache(maxsize=1024)
def sum_of(one: Spread, other: Spread) -> Sum:
    """Their sum; asked again, the same one, whose table need not be made anew."""
    return Sum(one, other)


def spread_of(law: quantiles.Law) -> Spread | None:
    """The continuous distribution of a fitted law; None for a delay that is always the same."""
    if law.shape == quantiles.LOGNORMAL:
        return LogNormal(law.a, law.b)
    if law.shape == quantiles.WEIBULL:
        return Weibull(law.a, law.b)
    if law.shape == quantiles.EXPONENTIAL:
        return Weibull(law.a, 1.0)
    return Curve(law.times, law.shares) if law.shape == quantiles.CURVE else None
