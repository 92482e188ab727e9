"""What coverage costs: the plans that no other beats in coverage and in cost per person, both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from cascadesim.optimizer.answer import FrontierPoint
from cascadesim.optimizer.candidates import Candidates
from cascadesim.optimizer.dominance import efficient, lower_hull
from cascadesim.optimizer.master import Master
from cascadesim.optimizer.quantities import COST, COVERED, Form
from cascadesim.units import BILLION

Picks = tuple[int, ...]

PERCENT = 0.01

_DECIMALS = 9  # of a share, and of a unit of money: what is closer is the same point


def frontier(
    master: Master, candidates: Sequence[Candidates], also: Sequence[FrontierPoint] = ()
) -> tuple[FrontierPoint, ...]:
    """The points from the cheapest to the one that covers most; `keep` lines do not count here.

    For one audience: all of them that are among its candidates. For several: those that are best at some price of a
    covered person (the convex hull, before campaign fees). `also` are further points, if nothing beats them.
    """
    over = frozenset(c.segment for c in candidates)
    people = sum(c.people for c in candidates)
    found = np.array(list(_merged(candidates))) if len(candidates) > 1 else np.arange(len(candidates[0].plans))
    picks = list(found.reshape(-1, len(candidates)).T)
    cost = master.totals(Form({COST: 1.0}, over, fees=1.0), picks)
    covered = master.totals(Form({COVERED: 1.0}, over), picks)

    def point(i: int) -> FrontierPoint:
        plans = {c.name: c.plans[p[i]] for c, p in zip(candidates, picks, strict=True)}
        return FrontierPoint(float(covered[i] / people), float(cost[i] / people / BILLION), plans)

    points = [*map(point, range(len(found))), *also] if len(candidates) > 1 else []
    values = [(p.cost_per_person, -p.coverage) for p in points]
    if len(candidates) == 1:  # there may be very many, few of which are any good
        values = list(zip(cost / people / BILLION, -covered / people, strict=True))
    best = efficient(np.round(np.array(values), _DECIMALS), leading=2)
    kept = [points[i] if points else point(i) for i in best]
    return _priced(sorted(kept, key=lambda p: p.cost_per_person))


def _priced(points: Sequence[FrontierPoint]) -> tuple[FrontierPoint, ...]:
    """The points with what a further percent of coverage costs at each."""
    coverage = np.array([p.coverage for p in points])
    further = np.searchsorted(coverage, coverage + PERCENT - 10.0**-_DECIMALS)
    return tuple(
        replace(p, next_percent=points[k].cost_per_person - p.cost_per_person if k < len(points) else None)
        for p, k in zip(points, further, strict=True)
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
