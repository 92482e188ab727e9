"""Which plans can be best at all: those that no other is at least as good as in everything that counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.quadrature import Floats

_STEPS = 2.0**48  # values closer than a column's largest over this are equal: float noise makes no difference


def efficient(columns: Floats, leading: int) -> NDArray[np.intp]:
    """The rows, in their order, that no other row makes needless where less is better in every column.

    A row is needless if another is nowhere larger and either smaller in one of the `leading` columns (what is
    to be best) or an earlier row (the better rank). Values are compared as whole multiples of 4e-15 of their
    column's largest: so the sums are exact, and a row is made needless only by rows before it in their order.
    """
    largest = np.max(np.abs(columns), axis=0, initial=0.0)
    whole = np.rint(columns / np.where(largest > 0, largest, 1.0) * _STEPS)
    left = np.argsort(whole.sum(axis=1), kind="stable")
    kept = []
    while left.size:
        first, rest = left[0], left[1:]
        kept.append(first)
        smaller_somewhere = np.any(whole[rest] < whole[first], axis=1)
        as_good = np.all(whole[rest, :leading] == whole[first, :leading], axis=1)
        left = rest[smaller_somewhere | (as_good & (rest < first))]
    return np.sort(np.array(kept, dtype=np.intp))


def lower_hull(cost: Floats, gain: Floats) -> list[int]:
    """The plans on the convex hull of least cost for each gain, from the cheapest to the one that gains most.

    Of the plans it returns each costs more and gains more than the one before, at a falling rate.
    """
    hull: list[int] = []
    for k in np.lexsort((-gain, cost)):
        if hull and gain[k] <= gain[hull[-1]]:
            continue
        while len(hull) > 1 and _is_above(cost, gain, hull[-2], hull[-1], k):
            hull.pop()
        hull.append(int(k))
    return hull


def _is_above(cost: Floats, gain: Floats, a: int, b: int, c: int) -> bool:
    """Whether b lies on or above the line from a to c: going straight gains at least as much for the money."""
    return bool((cost[b] - cost[a]) * (gain[c] - gain[a]) >= (cost[c] - cost[a]) * (gain[b] - gain[a]))
