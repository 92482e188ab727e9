"""The frontier of spaces too large to list: the best plans at some prices of a miss, and at levels of coverage.

At a price of a covered person the segment solver finds the plan with the least cost and misses together: a corner of
the convex hull. Between two known corners there is another exactly if the price at which the two are equally good has a
better plan than either. Between corners the cheapest plans that cover so much at least are found for all levels in one
descent (`sweep`), with some of the edges' prices: a plan that misses no more than m has at least the cost of its value
less the price of m misses, so the bound at a price bounds the cost at a level (Lagrangian relaxation).
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.optimizer.audience import Audience
from cascadesim.optimizer.bound import Weights
from cascadesim.optimizer.candidates import Candidates
from cascadesim.optimizer.descent import Found
from cascadesim.optimizer.quantities import COST, COVERED
from cascadesim.optimizer.solver import Going, best, cheapest

LEVELS = 100
"""Levels of coverage, evenly from the cheapest plan's to the most there is, at which the cheapest plan is found."""

_CLOSE = 1e-4  # of a value: what is closer is no other corner
_FINE = 1_000  # edges shorter than the whole by this are not looked into
_NEAR = 1e-3  # of a cost: what is cheaper by less is not looked for
_PRICES = 8  # of a miss, that make the bound of all levels
_PLENTY = 1e6  # times the dearest message: a price of a miss at which coverage alone counts


def corners(audience: Audience, going: Going, most: int) -> Candidates:
    """The corners of the convex hull of cost and coverage, up to about so many, within a ten-thousandth of a value."""
    return audience.candidates(_Edge.found(_corners(audience, going, most)), 0, complete=False)


def levels(audience: Audience, going: Going, count: int = LEVELS) -> Candidates:
    """The corners, and between them the cheapest plan of each level of coverage, within a thousandth of its cost."""
    known = _corners(audience, going, count)
    found = _Edge.found(known)
    if len(known) > 1:
        allowed = np.linspace(known[0].missed, known[-1].missed, count + 1)[1:-1]
        found.append(_between(audience, known, allowed, going))
    return audience.candidates(found, 0, complete=False)


def _between(audience: Audience, corners: list[_Edge], allowed: Floats, going: Going) -> Found:
    """The cheapest plans that miss no more than each of these."""
    after = [next(corner for corner in corners if corner.missed <= missed) for missed in allowed]
    known = Found._make(np.concatenate(parts) for parts in zip(*(corner.plan for corner in after), strict=True))
    slopes = np.array([a.price(b) for a, b in itertools.pairwise(corners)])
    prices = np.unique(slopes[np.linspace(0, len(slopes) - 1, _PRICES).round().astype(int)])
    weights, _ = audience.weights({COST: 1.0}, np.zeros(len(audience.space.channels)))
    known = known._replace(value=known.cost.sum(axis=1))
    return cheapest(audience.board, weights, allowed, known, prices, _NEAR, going)


class _Edge:
    """A corner: a plan, what it misses and costs for one person, where the edge to the next begins."""

    def __init__(self, found: Found) -> None:
        self.plan = found
        self.missed = float(found.missed[0, 0])
        self.cost = float(found.cost[0].sum())

    def price(self, other: _Edge) -> float:
        """The price of a miss at which this corner and a dearer one are equally good."""
        return (other.cost - self.cost) / (self.missed - other.missed)

    @staticmethod
    def found(corners: list[_Edge]) -> list[Found]:
        return [corner.plan for corner in corners]


def _corners(audience: Audience, going: Going, most: int) -> list[_Edge]:
    """From the cheapest to the one that covers most."""
    dearest = float(audience.board.sending_of.max(initial=0.0) + audience.board.price.max(initial=0.0)) or 1.0
    ends = [_at(audience, price, math.inf, going) for price in (dearest / _PLENTY, dearest * _PLENTY)]
    first, last = (end for end in ends if end is not None)  # every plan is below infinity
    if last.missed >= first.missed:
        return [first]
    known, edges, least = [first, last], [(first, last)], (first.missed - last.missed) / _FINE
    while edges and len(known) < most and going(0):
        a, b = edges.pop(0)
        price = a.price(b)
        between = _at(audience, price, (a.cost + price * a.missed) * (1 - _CLOSE), going)
        if between is not None and b.missed < between.missed < a.missed:
            known.append(between)
            edges += [edge for edge in ((a, between), (between, b)) if edge[0].missed - edge[1].missed > least]
    return sorted(known, key=lambda corner: -corner.missed)


def _at(audience: Audience, price: float, known: float, going: Going) -> _Edge | None:
    """The best plan at a price of a miss, if it is below the value known."""
    found = best(audience.board, _weights(audience, price), going, known)
    return None if found is None else _Edge(found.found)


def _weights(audience: Audience, price: float) -> Weights:
    nothing = np.zeros(len(audience.space.channels))
    return audience.weights({COST: 1.0, COVERED: -price}, nothing)[0]
