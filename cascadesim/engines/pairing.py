"""The statistics of a paired comparison: figures of two sides that write to the same people, and their difference.

Every figure is a ratio R = Y/X of two sums over people (`engines.tally`). Each person adds e = (y - R x) / X to the
error of a side (the delta method), and e of side B less e of side A to that of the difference. Where people are
independent the variance of that sum is taken within segments (Cochran, "Sampling techniques", 1977, 6.3); in a
segment of arrivals, whose number of people is random, it is the sum of squares. Where throughput limits tie people
together only replications are independent: Student's t over them. Intervals are at 95%, differences are B minus A.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.outcome import Estimate
from cascadesim.engines.tally import COST, COVERED, DUPLICATES, MESSAGES, NORMAL, ONE
from cascadesim.units import BILLION

Table = NDArray[np.int64]
"""The people of one segment, a row each in the order of their number; columns as `engines.tally` numbers them."""
Weights = NDArray[np.float64]
"""What a unit of each quantity adds to something."""

FIGURES: Mapping[str, tuple[int, int | None, float]] = {
    "coverage": (COVERED, ONE, 1.0),
    "cost": (COST, None, BILLION),
    "cost_per_person": (COST, ONE, BILLION),
    "cost_per_covered": (COST, COVERED, BILLION),
    "messages_per_person": (MESSAGES, ONE, 1.0),
    "duplicates_per_person": (DUPLICATES, ONE, 1.0),
}
"""What is compared: a quantity, what it is divided by (None: replications), and its unit."""

_A, _B = 0, 1
_QUANTITIES = 5


@dataclass(frozen=True, slots=True)
class PairedFigure:
    """A figure on both sides, and its difference.

    `variance_saved` is the share by which pairing made the difference's variance smaller than that of two
    simulations apart; None where neither side varies, or where it cannot be told.
    """

    a: Estimate
    b: Estimate
    difference: Estimate
    variance_saved: float | None

    def to_json(self) -> dict[str, Any]:
        """`{"a", "b", "difference", "variance_saved"}`."""
        estimates = {"a": self.a.to_json(), "b": self.b.to_json(), "difference": self.difference.to_json()}
        return {**estimates, "variance_saved": self.variance_saved}


@dataclass(frozen=True, slots=True)
class Pairs:
    """What the people of one segment came to in one replication, on both sides.

    `sums[side][quantity]` are whole. `products[i, j]` sums over people the products of A's five quantities followed
    by B's minus A's: where the sides agree nothing is left to be rounded.
    """

    arrives: bool
    people: int
    sums: tuple[tuple[int, ...], ...]
    products: NDArray[np.float64]

    @classmethod
    def of(cls, a: Table, b: Table, arrives: bool) -> Pairs:
        """The sums of two tables of the same people; ValueError if they are not equally many."""
        if a.shape != b.shape:
            raise ValueError(f"{len(a)} people on one side and {len(b)} on the other are not the same people")
        columns = np.concatenate((a.T, (b - a).T)).astype(np.float64)  # the squares of costs pass 64 bits
        products = np.empty((len(columns), len(columns)))
        for i, one in enumerate(columns):
            for j in range(i + 1):
                products[i, j] = products[j, i] = (one * columns[j]).sum()
        return cls(arrives, len(a), tuple(tuple(side.sum(axis=0).tolist()) for side in (a, b)), products)


class Run(NamedTuple):
    """One replication of some segments; `extra` is what campaign fees and minimum commitments add on each side."""

    pairs: Sequence[Pairs]
    extra: tuple[int, int] = (0, 0)

    def totals(self, side: int) -> list[int]:
        """The sum of each quantity over all people, with the extra in the cost."""
        totals = [sum(column) for column in zip(*(p.sums[side] for p in self.pairs), strict=True)]
        totals[COST] += self.extra[side]
        return totals


def paired_figures(runs: Sequence[Run], limited: bool) -> dict[str, PairedFigure]:
    """All figures of some segments, over all replications; `limited` where people are not independent."""
    return {name: _paired(runs, y, x, unit, limited) for name, (y, x, unit) in FIGURES.items()}


def _paired(runs: Sequence[Run], y: int, x: int | None, unit: float, limited: bool) -> PairedFigure:
    ratios = [_ratio([run.totals(side) for run in runs], y, x) for side in (_A, _B)]
    most = 1.0 if y == COVERED else math.inf
    alone, apart = [], []
    for side, ratio in enumerate(ratios):
        weights = ratio.weights * (side == _A), ratio.weights * (side == _B)
        apart.append(_variance(runs, *weights, limited))
        alone.append(_estimate(ratio.mean, _half(apart[-1], limited, len(runs)), unit, 0.0, most))
    a, b = ratios
    if a.mean is None or b.mean is None:
        return PairedFigure(alone[_A], alone[_B], Estimate(None), None)
    together = _variance(runs, -a.weights, b.weights, limited)
    difference = _estimate(b.mean - a.mean, _half(together, limited, len(runs)), unit, -math.inf, math.inf)
    return PairedFigure(alone[_A], alone[_B], difference, _saved(together, apart))


class _Ratio(NamedTuple):
    """Y/X over all replications, None where X is nothing; what a unit of each quantity adds to its error."""

    mean: float | None
    weights: Weights


def _ratio(totals: Sequence[Sequence[int]], y: int, x: int | None) -> _Ratio:
    weights = np.zeros(_QUANTITIES)
    over = len(totals) if x is None else sum(t[x] for t in totals)
    if not over:
        return _Ratio(None, weights)
    mean = sum(t[y] for t in totals) / over
    weights[y] = 1 / over
    if x is not None:
        weights[x] = -mean / over
    return _Ratio(mean, weights)


def _variance(runs: Sequence[Run], a: Weights, b: Weights, limited: bool) -> float | None:
    """The estimated variance of a sum over people: of A's quantities by weights `a`, and of B's by `b`.

    None where one replication cannot tell.
    """
    if limited:
        return _over_replications([float(a @ run.totals(_A) + b @ run.totals(_B)) for run in runs])
    return sum(_within(several, a, b) for several in zip(*(run.pairs for run in runs), strict=True))


def _within(several: Sequence[Pairs], a: Weights, b: Weights) -> float:
    """The variance in one segment; its people in all replications are one sample."""
    weights = np.concatenate((a + b, b))
    squares = sum(float(weights @ p.products @ weights) for p in several)
    number = sum(p.people for p in several)
    if number and not several[0].arrives:
        squares -= sum(float(a @ p.sums[_A] + b @ p.sums[_B]) for p in several) ** 2 / number
    return max(0.0, squares)


def _over_replications(values: Sequence[float]) -> float | None:
    count = len(values)
    if count < 2:
        return None
    mean = sum(values) / count
    return sum((value - mean) ** 2 for value in values) * count / (count - 1)


def _half(variance: float | None, limited: bool, count: int) -> float | None:
    """Half the width of the interval."""
    if variance is None:
        return None
    if not limited:
        return NORMAL * math.sqrt(variance)
    from scipy.stats import t

    return float(t.ppf(0.975, count - 1)) * math.sqrt(variance)


def _estimate(mean: float | None, half: float | None, unit: float, least: float, most: float) -> Estimate:
    if mean is None or half is None:
        return Estimate(None if mean is None else mean / unit)
    return Estimate(mean / unit, max(least, (mean - half) / unit), min(most, (mean + half) / unit))


def _saved(together: float | None, apart: Sequence[float | None]) -> float | None:
    known = sum(v for v in apart if v is not None)
    return None if together is None or not known else 1 - together / known
