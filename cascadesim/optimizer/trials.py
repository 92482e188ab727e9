"""Plans tried out on simulated people: what the search adds up as expected numbers, counted replication by replication.

The compiled engine runs each plan alone, on the same replications: common random numbers come with the draws (S3).
Objective and limits are the same ratios of sums as in the search (`quantities`), so both mean the same by a plan's
value; here throughput, quiet hours, arrivals and `reacts from` (S1, S2, S6, S8) are in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from cascadesim.contacts import Contact
from cascadesim.engines.case import Case
from cascadesim.engines.compiled.engine import Runs
from cascadesim.engines.tally import COST, COVERED, MESSAGES, ONE, StepSums, Sums
from cascadesim.model.chain import Route
from cascadesim.model.model import Model
from cascadesim.model.prices import campaign_total
from cascadesim.model.question import Question
from cascadesim.optimizer.answer import chain_of
from cascadesim.optimizer.quantities import Form, Quantity, Ratio
from cascadesim.optimizer.space import Steps

BEGIN = 1 << 16
"""The number of the first replication: who is simulated to confirm the plan has had no part in its choice."""
_AHEAD = 10  # replications that are run in one go, to spread them over cores


@dataclass(frozen=True, slots=True)
class Counted:
    """What one plan came to in one replication: quantities by segment, and what the campaign's fees add (S13).

    Units are those of `Quantity`: people, messages, billionths, microseconds.
    """

    values: Mapping[tuple[str, Quantity], float]
    fees: float

    def total(self, form: Form) -> float:
        """What a form comes to."""
        terms = (weight * self.values[name, q] for name in form.over for q, weight in form.terms.items())
        return form.constant + form.fees * self.fees + sum(terms)

    def value(self, ratio: Ratio) -> float:
        """A ratio; infinite where nothing stands below."""
        below = self.total(ratio.below)
        return self.total(ratio.above) / below if below > 0 else inf


class Trials:
    """Runs plans (steps by segment) as they are asked for, and keeps what `wanted` they came to.

    `people` has the contacts of segments that take them from files. What counts as covered is the question's.
    """

    def __init__(
        self,
        model: Model,
        question: Question,
        people: Mapping[str, Sequence[Contact]],
        plans: Sequence[Mapping[str, Steps]],
        wanted: Collection[Quantity],
    ) -> None:
        self._model = replace(model, questions=(question,))
        self._wanted = wanted
        cases = [case_of(question, plan) for plan in plans]
        self._channels = [case.channels for case in cases]
        self._runs = [Runs(self._model, case, people) for case in cases]
        self._known: list[list[Counted]] = [[] for _ in plans]

    def of(self, plan: int, replication: int) -> Counted:
        """What a plan, by its number, came to in a replication, counted from 0."""
        known = self._known[plan]
        while len(known) <= replication:
            for sums in self._runs[plan].replications(_AHEAD, None, first=BEGIN + len(known)):
                known.append(self._counted(sums, self._channels[plan]))
        return known[replication]

    def first(self, plan: int, count: int) -> list[Counted]:
        """What it came to in the first so many replications."""
        return [self.of(plan, replication) for replication in range(count)]

    def _counted(self, sums: Mapping[str, Sums], channels: Sequence[str]) -> Counted:
        horizon = int(self._model.scenario.horizon)
        values = {(name, q): float(count(mine, q, horizon)) for name, mine in sums.items() for q in self._wanted}
        spent = {c: sum(step.cost for mine in sums.values() for step in _on(mine, c)) for c in channels}
        return Counted(values, float(campaign_total(self._model, spent) - sum(spent.values())))


def case_of(question: Question, plan: Mapping[str, Steps]) -> Case:
    """A plan as the engines take it."""
    return Case("plan", tuple(Route(name, chain_of(question, name, steps)) for name, steps in sorted(plan.items())))


def count(sums: Sums, quantity: Quantity, horizon: int) -> int:
    """A quantity of one segment in one replication; `horizon` in microseconds."""
    match quantity.kind:
        case "people":
            return sums.sums[ONE]
        case "covered":
            return sums.sums[COVERED]
        case "cost":
            return sums.sums[COST] if quantity.channel is None else sum(s.cost for s in _on(sums, quantity.channel))
        case "messages":
            return sums.sums[MESSAGES] if quantity.channel is None else sum(s.sent for s in _on(sums, quantity.channel))
        case "opened by":
            return sum(int(np.count_nonzero(np.asarray(some) <= (quantity.at or 0))) for some in sums.first_covers)
        case "time to open":
            openers = sum(len(some) for some in sums.first_covers)
            return sum(int(np.sum(some)) for some in sums.first_covers) + (sums.sums[ONE] - openers) * horizon


def _on(sums: Sums, channel: str) -> list[StepSums]:
    return [step for (_, name), step in sums.steps.items() if name == channel]
