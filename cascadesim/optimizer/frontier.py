"""What coverage costs: the plans that no other beats in coverage and in cost per person, both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from cascadesim.optimizer.answer import FrontierPoint
from cascadesim.optimizer.candidates import Candidates
from cascadesim.optimizer.dominance import efficient, lower_hull
from cascadesim.optimizer.master import Master
from cascadesim.optimizer.quantities import COST, COVERED, Form
from cascadesim.units import BILLION

Picks = tuple[int, ...]

_DECIMALS = 9  # of a share, and of a unit of money: what is closer is the same point


def frontier(master: Master, candidates: Sequence[Candidates], chosen: Picks) -> tuple[FrontierPoint, ...]:
    """The points from the cheapest to the one that covers most; `keep` lines do not count here.

    For one segment: all of them. For several: those that are best at some price of a covered person (the convex
    hull, before campaign fees), and the choice made.
    """
    over = frozenset(c.segment for c in candidates)
    people = sum(c.people for c in candidates)
    found = np.array([*_merged(candidates), chosen]) if len(candidates) > 1 else np.arange(len(candidates[0].plans))
    picks = list(found.reshape(-1, len(candidates)).T)
    cost = master.totals(Form({COST: 1.0}, over, fees=1.0), picks)
    covered = master.totals(Form({COVERED: 1.0}, over), picks)
    points = np.column_stack([cost / people / BILLION, -covered / people])
    best = efficient(np.round(points, _DECIMALS), leading=2)
    return tuple(
        FrontierPoint(
            -float(points[i, 1]),
            float(points[i, 0]),
            {c.name: c.plans[k] for c, k in zip(candidates, (p[i] for p in picks), strict=True)},
        )
        for i in best[np.argsort(points[best, 0], kind="stable")]
    )


def _merged(candidates: Sequence[Candidates]) -> Iterator[Picks]:
    """All segments' cheapest plans; then, one at a time, the change of plan that covers most for its price."""
    hulls = [lower_hull(c.column(COST), c.column(COVERED)) for c in candidates]
    changes = []
    for s, (c, hull) in enumerate(zip(candidates, hulls, strict=True)):
        cost, covered = c.column(COST)[hull], c.column(COVERED)[hull]
        changes += [(price, s, k) for k, price in zip(hull[1:], np.diff(cost) / np.diff(covered), strict=True)]
    picks = [hull[0] for hull in hulls]
    yield tuple(picks)
    for _, s, k in sorted(changes, key=lambda change: change[:2]):
        picks[s] = k
        yield tuple(picks)
