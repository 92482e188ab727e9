"""What is best over all segments together: ratios of sums, within limits, one plan a segment."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.model.prices import CampaignFee
from cascadesim.optimizer.candidates import Candidates
from cascadesim.optimizer.choice import Choice, minimum, tried
from cascadesim.optimizer.dominance import efficient
from cascadesim.optimizer.quantities import Form, Quantity, Ratio
from cascadesim.optimizer.relax import Fees, Relaxation, System

_SLACK = 1e-12  # of a row's terms: a limit is kept up to float noise
_EQUAL = 1e-12  # ratios closer than this share of them are equal
_INSIDE = 1e-9  # of a limit: how far shares of segments stay from it, as solvers have tolerances
_NO_SHARE = 1e-7  # of a segment: what is less is nobody

Row = tuple[Form, bool]
"""A form that must be at most zero; less, where the second is true."""


class Master:
    """Chooses among the segments' candidates; `charged` is what channels cost once a campaign."""

    def __init__(self, candidates: Sequence[Candidates], charged: Mapping[str, CampaignFee]) -> None:
        self._candidates = tuple(candidates)
        self._charged = charged
        self._fees = Fees(
            np.array([c.fee for c in charged.values()], dtype=np.float64),
            np.array([c.at_least for c in charged.values()], dtype=np.float64),
        )
        self._lengths = tuple(np.array([float(len(p)) for p in c.plans]) for c in self._candidates)
        self._uses = tuple(_side_by_side(c, [c.uses(name) for name in charged]) for c in self._candidates)
        self._spent = tuple(
            _side_by_side(c, [c.column(Quantity("cost", name)) for name in charged]) for c in self._candidates
        )

    def best(self, ratio: Ratio, rows: Sequence[Row]) -> Choice | None:
        """The choice with the least ratio within the rows, its picks by candidate; None if there is none.

        A ratio whose lower sum depends on the choice goes by Dinkelbach's method ("On nonlinear fractional
        programming", 1967): the least of above - m below, m being the ratio reached so far, until that is
        zero. Choices of which nothing stands below have no ratio: the value is infinite where all are such.
        Of those whose ratio is zero the one with most below is best.
        """
        if len(self._candidates) == 1:
            return self._best(ratio, rows)
        goal = [ratio.above] if ratio.is_linear else [ratio.above, ratio.below.times(-1.0)]
        kept = [self._efficient(s, goal, [form for form, _ in rows]) for s in range(len(self._candidates))]
        few = Master([c.take(k) for c, k in zip(self._candidates, kept, strict=True)], self._charged)
        choice = few._best(ratio, rows)
        if choice is None:
            return None
        return replace(choice, picks=tuple(int(k[pick]) for k, pick in zip(kept, choice.picks, strict=True)))

    def totals(self, form: Form, chosen: Sequence[NDArray[np.intp]]) -> Floats:
        """What a form comes to, fees included, for each of many choices: each segment's plans by choice."""
        uses = np.sum([u[k] for u, k in zip(self._uses, chosen, strict=True)], axis=0)
        spent = np.sum([u[k] for u, k in zip(self._spent, chosen, strict=True)], axis=0)
        terms: Floats = np.sum([self._values(s, form)[k] for s, k in enumerate(chosen)], axis=0)
        return form.constant + form.fees * self._fees.paid(uses, spent) + terms

    def total(self, form: Form, picks: Sequence[int]) -> float:
        """What a form comes to under the plans picked, fees included."""
        return float(self.totals(form, [np.array([k]) for k in picks])[0])

    def breaks(self, row: Row, chosen: Sequence[NDArray[np.intp]]) -> NDArray[np.bool_]:
        """Which of many choices, each segment's plans by choice, do not keep a row, float noise aside."""
        form, strict = row
        over, slack = self.totals(form, chosen), _SLACK * self._size(form)
        broken: NDArray[np.bool_] = over >= -slack if strict else over > slack
        return broken

    def mixed(self, form: Form, shares: Sequence[Floats]) -> float:
        """What a form comes to where each plan has its share of its segment, fees included."""
        used = np.max([u[x > 0].max(axis=0, initial=0.0) for u, x in zip(self._uses, shares, strict=True)], axis=0)
        spent = np.sum([x @ p for p, x in zip(self._spent, shares, strict=True)], axis=0)
        terms = sum(float(self._values(s, form) @ share) for s, share in enumerate(shares))
        return form.constant + form.fees * float(self._fees.paid(used, spent)) + terms

    def quick(self, objective: Form, rows: Sequence[Row], gap: float) -> tuple[int, ...] | None:
        """A choice within the rows, its objective at most a gap (a share of it) above the least; None if none."""
        choice = tried(self.system(objective, rows), self._lengths, gap)
        return None if choice is None else choice.picks

    def shares(self, objective: Form, rows: Sequence[Row]) -> tuple[Floats, ...] | None:
        """The least objective within the rows where segments may be split: each plan's share; None if there is none."""
        system = self.system(objective, rows)
        inside = replace(system, bounds=system.bounds - _INSIDE * np.maximum(np.abs(system.bounds), system.slack))
        relaxation = Relaxation(inside)
        found = relaxation.choose(relaxation.whole, split=True)
        if found is None:
            return None
        kept = [np.where(x > _NO_SHARE, x, 0.0) for x in found]
        return tuple(x / x.sum() for x in kept)

    def value(self, ratio: Ratio, picks: Sequence[int]) -> float:
        """A ratio under the plans picked; infinite where nothing stands below."""
        below = self.total(ratio.below, picks)
        return self.total(ratio.above, picks) / below if below > 0 else math.inf

    def _best(self, ratio: Ratio, rows: Sequence[Row]) -> Choice | None:
        return self._linear(ratio, rows) if ratio.is_linear else self._fraction(ratio, rows)

    def _linear(self, ratio: Ratio, rows: Sequence[Row]) -> Choice | None:
        choice = minimum(self.system(ratio.above, rows), self._lengths)
        if choice is None:
            return None
        value = self.value(ratio, choice.picks)
        short = choice.value - choice.bound  # by how much the search was given up
        return Choice(choice.picks, value, value - short / self.total(ratio.below, choice.picks) if short else value)

    def _fraction(self, ratio: Ratio, rows: Sequence[Row]) -> Choice | None:
        best = minimum(self.system(ratio.below.times(-1.0), rows), self._lengths)
        if best is None:
            return None
        reached = self.value(ratio, best.picks)
        found = best
        while math.isfinite(reached):
            found = minimum(self.system(ratio.above.plus(-reached, ratio.below), rows), self._lengths) or best
            ratio_found, close = self.value(ratio, found.picks), _EQUAL * abs(reached)
            best = found if ratio_found <= reached + close else best
            if ratio_found >= reached - close:
                break
            reached = ratio_found
        if reached == 0.0:
            free = [*rows, (ratio.above, False)]
            best = minimum(self.system(ratio.below.times(-1.0), free), self._lengths) or best
        value = self.value(ratio, best.picks)
        return Choice(best.picks, value, value if found.bound == found.value else -math.inf)

    def system(self, objective: Form, rows: Sequence[Row]) -> System:
        """The choice as a system of linear rows; the objective's constant is left out."""
        forms = [form for form, _ in rows]
        segments = range(len(self._candidates))
        return System(
            objective=tuple(self._values(s, objective) for s in segments),
            rows=tuple(_side_by_side(self._candidates[s], [self._values(s, f) for f in forms]) for s in segments),
            bounds=np.array([-f.constant for f in forms]),
            strict=np.array([strict for _, strict in rows], dtype=np.bool_),
            slack=np.array([_SLACK * self._size(f) for f in forms]),
            objective_fees=objective.fees,
            row_fees=np.array([f.fees for f in forms]),
            fees=self._fees,
            uses=self._uses,
            spent=self._spent,
        )

    def _values(self, s: int, form: Form) -> Floats:
        """A form's terms for each plan of a segment, without fees and constant."""
        candidates = self._candidates[s]
        if candidates.segment not in form.over:
            return np.zeros(len(candidates.plans))
        columns = [weight * candidates.column(quantity) for quantity, weight in form.terms.items()]
        values: Floats = np.sum(columns, axis=0)
        return values

    def _size(self, form: Form) -> float:
        """The size of a form's terms, by which their float noise is measured."""
        terms = [
            abs(weight) * float(np.max(np.abs(c.column(quantity))))
            for c in self._candidates
            if c.segment in form.over
            for quantity, weight in form.terms.items()
        ]
        return abs(form.constant) + abs(form.fees) * float(self._fees.dearest.sum()) + sum(terms)

    def _efficient(self, s: int, goal: Sequence[Form], others: Sequence[Form]) -> NDArray[np.intp]:
        """The plans of a segment that may be chosen: no other does as well in the goal and the other forms.

        A cost with fees grows with each charged channel used. As a minimum takes up a channel's first messages,
        it grows with what is spent there and with what is spent elsewhere, not with their sum.
        """
        forms = [*goal, *others]
        committed = self._spent[s] * (self._fees.least > 0)
        elsewhere = [self._values(s, f) - f.fees * committed.sum(axis=1) for f in forms]
        charged = np.column_stack([self._uses[s], committed])
        signs = sorted({float(np.sign(f.fees)) for f in forms} - {0.0})
        return efficient(np.column_stack([*elsewhere, *(sign * charged for sign in signs)]), len(goal))


def _side_by_side(candidates: Candidates, columns: Sequence[Floats]) -> Floats:
    """Columns as plans x columns, also where there are none."""
    return np.array(columns, dtype=np.float64).reshape(len(columns), len(candidates.plans)).T
