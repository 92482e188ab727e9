"""Column generation: of spaces too large to list, the plans that matter, and a bound on what all others could give.

The master (`relax`) chooses shares of the plans known so far, within the limits that segments share. Its multipliers
price what a plan uses of each limit, and the segment solver finds the plan of each segment that is best at these
prices: it is added, until none improves. By weak duality any multipliers, with the least of every segment at their
prices, bound the whole from below; so a proof rests on the segment solver and on plain sums, never on tolerances.

The bound holds also where segments may be split. Where one plan a segment is wanted, every plan of the best choice
comes, at the last prices, to no more than its segment's least and the distance between the best choice known and the
bound: `near` lists all of these, and the best choice among them is the best of all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from cascadesim.model.prices import CampaignFee
from cascadesim.optimizer.audience import Audience
from cascadesim.optimizer.bound import Weights
from cascadesim.optimizer.candidates import Candidates
from cascadesim.optimizer.descent import Found
from cascadesim.optimizer.master import Master, Row
from cascadesim.optimizer.quantities import COST, COVERED, Form, Quantity
from cascadesim.optimizer.relax import Multipliers, Relaxation, Relaxed
from cascadesim.optimizer.solver import Best, Going, best, within

_ROUNDS = 200
_ENOUGH = 1e-9  # of the objective: what more is not worth another round
_PRICES = (0.0, 0.01, 0.1, 1.0, 10.0, 100.0)  # of a miss, in messages' prices: the first plans of each segment
_MOST = 300_000  # plans that `near` lists
_NOBODY = 1e-9  # people, where there are none


@dataclass(frozen=True)
class Priced:
    """What the last multipliers make of plans, for one person of each audience: weights, and the least there is.

    `bound` is what no choice, split or not, is under.
    """

    weights: tuple[Weights, ...]
    least: tuple[float, ...]
    bound: float


class Generation:
    """The plans known of each audience, and the search for more. `rows` are the limits, `charged` the fees."""

    def __init__(
        self,
        audiences: Sequence[Audience],
        rows: Sequence[Row],
        charged: Mapping[str, CampaignFee],
        going: Going,
    ) -> None:
        self._audiences, self._rows, self._charged, self._going = tuple(audiences), tuple(rows), charged, going
        self._known: list[dict[bytes, Found]] = [{} for _ in audiences]
        self.nodes = 0
        self._begin()

    def _begin(self) -> None:
        """Good plans at some prices of a miss."""
        for price in _PRICES[:: 1 if len(self._audiences) <= 100 else 2]:
            weights = []
            for a in self._audiences:
                dearest = float(a.board.sending_of.max(initial=0.0) + a.board.price.max(initial=0.0)) or 1.0
                weights.append(a.weights({COST: 1.0, COVERED: -price * dearest}, np.zeros(len(a.space.channels)))[0])
            self._priced_best(weights, hasty=True)

    def candidates(self, found: Sequence[Sequence[Found]] | None = None, complete: bool = False) -> list[Candidates]:
        """The plans known, or those found."""
        parts = found if found is not None else [list(known.values()) for known in self._known]
        return [a.candidates(part, self.nodes, complete) for a, part in zip(self._audiences, parts, strict=True)]

    def solve(self, goal: Form) -> Priced | None:
        """Adds plans until no segment has a better one for the goal; None if the limits cannot be kept at all."""
        last, bound = None, -math.inf
        for _ in range(_ROUNDS):
            master = Master(self.candidates(), self._charged)
            relaxation = Relaxation(master.system(goal, self._rows))
            relaxed = relaxation.solve(relaxation.whole)
            priced, is_new = self._priced(goal, relaxed)
            feasible = relaxed.shares is not None
            if not feasible and priced.bound > _ENOUGH:
                return None
            if feasible and (last is None or priced.bound > bound):
                last, bound = priced, priced.bound
            value = relaxed.least + goal.constant
            near = feasible and value - bound <= _ENOUGH * max(abs(value), abs(bound))
            if near or not is_new or not self._going(self.nodes):
                return last if feasible else (None if not is_new else last)
        return last

    def _priced(self, goal: Form, relaxed: Relaxed) -> tuple[Priced, bool]:
        """Prices the plans of every audience by the multipliers, and adds the best; whether any is new."""
        of = relaxed.multipliers
        both = [self._weights(s, goal, of) for s in range(len(self._audiences))]
        found, is_new = self._priced_best([weights for weights, _ in both])
        total = self._constant(goal, of)
        for a, (_, constant), one in zip(self._audiences, both, found, strict=True):
            total += max(a.people, _NOBODY) * (constant + one.bound)
        return Priced(tuple(weights for weights, _ in both), tuple(one.bound for one in found), total), is_new

    def _weights(self, s: int, goal: Form, of: Multipliers) -> tuple[Weights, float]:
        audience = self._audiences[s]
        terms: dict[Quantity, float] = {}
        for factor, form in [(of.objective, goal), *zip(of.rows, (f for f, _ in self._rows), strict=True)]:
            if audience.segment in form.over:
                for quantity, weight in form.terms.items():
                    terms[quantity] = terms.get(quantity, 0.0) + float(factor) * weight
        uses = np.zeros(len(audience.space.channels))
        for c, name in enumerate(self._charged):
            spent = Quantity("cost", name)
            terms[spent] = terms.get(spent, 0.0) - float(of.least[c])
            if name in audience.space.channels:
                uses[audience.space.channels.index(name)] = of.uses[s, c] / max(audience.people, _NOBODY)
        return audience.weights(terms, uses)

    def _constant(self, goal: Form, of: Multipliers) -> float:
        """What the multipliers make of constants, and of whether channels are used and their fees (0 to all)."""
        fees = np.array([[c.fee, c.at_least] for c in self._charged.values()], dtype=float).reshape(-1, 2)
        used = of.fee * fees[:, 0] + of.least * fees[:, 1] - of.uses.sum(axis=0)
        of_fees = of.objective * goal.fees + sum(m * f.fees for m, (f, _) in zip(of.rows, self._rows, strict=True))
        paid = (of_fees - of.fee - of.least) * fees.max(axis=1, initial=0.0)
        constants = sum(float(m) * f.constant for m, (f, _) in zip(of.rows, self._rows, strict=True))
        boxes = np.minimum(used, 0.0).sum() + np.minimum(paid, 0.0).sum()
        return of.objective * goal.constant + constants + float(boxes)

    def _priced_best(self, weights: Sequence[Weights], hasty: bool = False) -> tuple[list[Best], bool]:
        def of(audience: Audience, priced: Weights) -> Best | None:
            return best(audience.board, priced, self._going, hasty=hasty)

        with ThreadPoolExecutor() as threads:
            found = list(threads.map(of, self._audiences, weights))
        is_new = False
        for known, one in zip(self._known, found, strict=True):
            assert one is not None  # every plan is below infinity
            self.nodes += one.nodes
            key = one.found.channel.tobytes() + one.found.wait.tobytes()
            is_new = is_new or key not in known
            known[key] = one.found
        return [one for one in found if one is not None], is_new

    def near(self, priced: Priced, value: float) -> list[list[Found]] | None:
        """All plans that may be part of a choice whose value is no more than this; None if there are too many."""
        slack = value - priced.bound + _ENOUGH * 1e-3 * max(abs(value), abs(priced.bound))
        found, count = [], 0
        for audience, weights, least in zip(self._audiences, priced.weights, priced.least, strict=True):
            limit = least + max(slack, 0.0) / max(audience.people, _NOBODY)
            parts, nodes, finished = within(audience.board, weights, limit, self._going, _MOST - count)
            self.nodes += nodes
            count += sum(len(part.value) for part in parts)
            if not finished:
                return None
            found.append(parts)
        return found
