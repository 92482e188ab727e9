"""The exact choice of one plan a segment: by reducing, bounding and splitting what may be chosen."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.errors import RefusedError
from cascadesim.optimizer.relax import Node, Relaxation, Relaxed, System

MOST_NODES = 10_000
"""How many nodes are expanded before the search is given up."""

_ENOUGH = 20_000  # choices that are compared one by one, not split any further
_TIE = 1e-12  # of the value: what is closer is equally good
_NOISE = 1e-14  # of the objective's terms: what adding them up in another order may change
_TINY = 1e-300  # stands for zero where a range is divided by
_WHOLE = 1 - 1e-6  # a share of a segment that is all of it, to the solver's tolerance


@dataclass(frozen=True, slots=True)
class Choice:
    """The best choice: the number of each segment's plan, the objective's value, and what no choice is under."""

    picks: tuple[int, ...]
    value: float
    bound: float


def minimum(system: System, lengths: tuple[Floats, ...]) -> Choice | None:
    """The system's minimum; None if no choice keeps its rows.

    Of equally good choices the one with the fewest steps (`lengths[s][k]`) in all is taken, then the one whose
    plans come first, segment by segment. Given up after `MOST_NODES` nodes, the search leaves the bound under
    the value; RefusedError if it has found nothing by then.
    """
    return _Chooser(system, lengths).run()


def tried(system: System, lengths: tuple[Floats, ...], gap: float) -> Choice | None:
    """What the solver finds, up to a gap as a share of the objective; None if it finds nothing within the rows."""
    chooser = _Chooser(system, lengths)
    chooser.try_solver(gap)
    return chooser.best


class _Chooser:
    """Branch and bound, best bound first; a node says which plans each segment may still choose from.

    `columns[s]` holds the plans' terms in the objective and the rows, `limits` what these sums, without fees,
    may come to: the objective to the best value found.
    """

    def __init__(self, system: System, lengths: tuple[Floats, ...]) -> None:
        self._system = system
        self._lengths = lengths
        self._relaxation = Relaxation(system)
        self._noise = _NOISE * system.scale
        self.best: Choice | None = None
        self._rank: tuple[float, ...] = ()
        self._columns = [np.column_stack([o, r]) for o, r in zip(system.objective, system.rows, strict=True)]
        self._limits = np.array([math.inf, *(system.bounds + system.slack)])
        self._rebates = np.minimum(0.0, [system.objective_fees, *system.row_fees]) * system.fees.dearest.sum()

    def run(self) -> Choice | None:
        """The best of all, from two good tries on: each segment's best for itself, and the solver's choice."""
        self._compare([np.array([o.argmin()]) for o in self._system.objective])
        root = self._narrowed(tuple(np.arange(len(o)) for o in self._system.objective))
        if len(root) > 1 and math.prod(len(plans) for plans in root) > _ENOUGH:  # one segment's are just compared
            self.try_solver(0.0, root)
        number = itertools.count()
        waiting = [(-math.inf, next(number), root)]
        left = MOST_NODES
        while waiting and waiting[0][0] <= self._worst:
            bound, _, node = heapq.heappop(waiting)
            if not left:
                return self._given_up(bound)
            left -= 1
            for lower, part in self._expanded(node):
                heapq.heappush(waiting, (max(bound, lower), next(number), part))
        return self.best

    def try_solver(self, gap: float, node: Node | None = None) -> None:
        """Compares what HiGHS finds."""
        node = self._relaxation.whole if node is None else node
        found = self._relaxation.choose(node, gap)
        if found is not None:
            self._compare([np.array([plans[share.argmax()]]) for plans, share in zip(node, found, strict=True)])

    def _given_up(self, bound: float) -> Choice:
        if self.best is None:
            raise RefusedError(f"no choice of plans that keeps the limits was found in {MOST_NODES:,} nodes")
        return Choice(self.best.picks, self.best.value, min(bound, self.best.value))

    @property
    def _worst(self) -> float:
        """The worst value that a choice worth having comes to: that of the best, float noise aside."""
        return math.inf if self.best is None else self.best.value + self._margin(self.best.value)

    def _margin(self, value: float) -> float:
        return _TIE * abs(value) + self._noise

    def _expanded(self, node: Node) -> Iterator[tuple[float, Node]]:
        """The parts of a node that must still be looked at, with their bounds; a small node is settled here."""
        node = self._narrowed(node)
        if self._is_settled(node):
            return
        relaxed = self._relaxation.solve(node)
        is_feasible = relaxed.shares is not None
        limit = self._worst if is_feasible else _NOISE
        kept = [part - part.min() + relaxed.least <= limit for part in relaxed.parts]
        node = tuple(plans[k] for plans, k in zip(node, kept, strict=True))
        if not self._is_settled(node):
            relaxed = relaxed.only(kept)
            for part in self._split(node, relaxed):
                yield (relaxed.least if is_feasible else -math.inf), part

    def _narrowed(self, node: Node) -> Node:
        """The plans that, with the least that the other segments add, are within the limits."""
        while all(len(plans) for plans in node):
            self._limits[0] = self._worst
            terms = [columns[plans] for columns, plans in zip(self._columns, node, strict=True)]
            lows = np.array([t.min(axis=0) for t in terms])
            room = self._limits - self._rebates - lows.sum(axis=0)
            kept = [np.all(t - low <= room, axis=1) for t, low in zip(terms, lows, strict=True)]
            if all(k.all() for k in kept):
                return node
            node = tuple(plans[k] for plans, k in zip(node, kept, strict=True))
        return node

    def _is_settled(self, node: Node) -> bool:
        """Compares all the choices in a node if they are few; whether nothing is left to do."""
        choices = math.prod(len(plans) for plans in node)
        if len(node) > 1 and choices > _ENOUGH:
            return False
        if not choices:  # one segment has no plan left; the others may have too many for a grid of them
            return True
        self._compare([picks.ravel() for picks in np.meshgrid(*node, indexing="ij")])
        return True

    def _split(self, node: Node, relaxed: Relaxed) -> Iterator[Node]:
        """The node in two at one segment's plans: if possible between two that the relaxation mixes."""
        shares = relaxed.shares
        s = max(range(len(node)), key=lambda t: (shares is not None and shares[t].max() < _WHOLE, len(node[t])))
        values = np.arange(len(node[s]), dtype=np.float64)
        low, high = values[0], values[-1]
        if shares is not None:
            terms = self._columns[s][node[s]]
            one, other = np.argsort(-shares[s], kind="stable")[:2]
            apart = np.abs(terms[one] - terms[other]) / np.maximum(np.ptp(terms, axis=0), _TINY)
            if apart.max() > 0:
                values = terms[:, apart.argmax()]
                low, high = sorted((values[one], values[other]))
        is_low = values < max((low + high) / 2, np.nextafter(low, high))
        yield (*node[:s], node[s][is_low], *node[s + 1 :])
        yield (*node[:s], node[s][~is_low], *node[s + 1 :])

    def _compare(self, chosen: Sequence[NDArray[np.intp]]) -> None:
        """Compares complete choices, each segment's plans by choice, with the best so far: exactly, with fees."""
        system = self._system
        fees = system.fees.paid(_sum(system.uses, chosen), _sum(system.spent, chosen))
        values = _sum(system.objective, chosen) + system.objective_fees * fees
        over = _sum(system.rows, chosen) + np.outer(fees, system.row_fees) - system.bounds
        kept = np.all(np.where(system.strict, over < -system.slack, over <= system.slack), axis=1)
        steps = _sum(self._lengths, chosen)
        least = values[kept].min(initial=math.inf)
        for i in np.flatnonzero(kept & (values <= least + self._margin(least))):
            picks = tuple(int(plans[i]) for plans in chosen)
            self._offer(Choice(picks, float(values[i]), float(values[i])), (float(steps[i]), *picks))

    def _offer(self, choice: Choice, rank: tuple[float, ...]) -> None:
        if self.best is not None:
            margin = self._margin(self.best.value)
            is_equal = abs(choice.value - self.best.value) <= margin
            if choice.value > self.best.value + margin or (is_equal and rank >= self._rank):
                return
        self.best, self._rank = choice, rank


def _sum(terms: Sequence[Floats], chosen: Sequence[NDArray[np.intp]]) -> Floats:
    total: Floats = np.sum([term[plans] for term, plans in zip(terms, chosen, strict=True)], axis=0)
    return total
