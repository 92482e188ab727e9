"""What given plans are worth on given models: the objective, and by how much each limit is missed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.contacts import Contact
from cascadesim.engines.exact import Evaluator, Prefix
from cascadesim.engines.exact.classes import headcount
from cascadesim.model.model import Model
from cascadesim.model.prices import CampaignFee, campaign_fee
from cascadesim.model.question import Question
from cascadesim.optimizer.ideal import clock_rules, idealised
from cascadesim.optimizer.limits import limits_of, objective_ratio
from cascadesim.optimizer.quantities import Form, Quantity
from cascadesim.optimizer.space import Steps
from cascadesim.optimizer.uncertainty.beliefs import Floats

People = Mapping[str, Sequence[Contact]]
"""The contacts of each segment that takes them from a file."""

Pick = tuple[Steps, ...]
"""One plan for each segment, segments in order of name."""

_NOISE = 1e-12  # of a limit's bound: what adding up in floats may be off by


@dataclass(frozen=True, slots=True)
class Worth:
    """What plans are worth on models, as the optimizer minimizes it.

    `objective[d, c]` is that of plan c on model d: billionths of the currency (also per covered person), minus a
    share, or microseconds. `missed[d, c, i]` is by how much limit i is missed, in the units of its ratio; zero or
    less where it is kept, which `kept[d, c, i]` says.
    """

    objective: Floats
    missed: Floats
    kept: NDArray[np.bool_]

    def priced(self, prices: Floats) -> Floats:
        """The objective and, at these prices of a unit, what is missed of the limits."""
        short = np.where(self.kept, 0.0, np.maximum(self.missed, 0.0))
        total: Floats = self.objective + short @ prices
        return total


class Scales:
    """What a question's plans are weighed with; `people` are as `optimize` takes them.

    `limits` are the question's, `of each segment` spelled out, in its order.
    """

    def __init__(self, model: Model, question: Question, people: People) -> None:
        self.question, self.people = question, people
        self.segments = model.segments_of(question.segments)
        self.best = objective_ratio(model, question.objective, self.segments)
        self.limits = limits_of(model, question, self.segments)
        fees = {c: campaign_fee(model, c) for c in sorted(set(question.channels))}
        self._charged = {c: fee for c, fee in fees.items() if fee != CampaignFee()}
        ratios = (self.best, *(limit.ratio for limit in self.limits))
        quantities = {q for ratio in ratios for q in ratio.quantities}
        quantities |= {Quantity("cost", c) for c in self._charged}
        self._quantities = tuple(sorted(quantities, key=lambda q: (q.kind, q.channel or "", q.at or 0)))

    def weigh(self, models: Sequence[Model], picks: Sequence[Pick]) -> Worth:
        """Every plan on every model. ValueError for a model that the closed form cannot calculate with."""
        each = [self._on(model, picks) for model in models]
        return Worth(*(np.stack(part) for part in zip(*each, strict=True)))

    def _on(self, model: Model, picks: Sequence[Pick]) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """The plans on one model: all the work is here."""
        by_clock = clock_rules(model, self.question, self.segments) or False
        ideal, _ = idealised(model, self.question.channels, self.segments, by_clock)
        sums = [self._sums(ideal, name, by_clock, [pick[s] for pick in picks]) for s, name in enumerate(self.segments)]
        paid = self._paid(picks, sums)

        def total(form: Form) -> Floats:
            mine = [own for name, own in zip(self.segments, sums, strict=True) if name in form.over]
            terms = (weight * own[quantity] for own in mine for quantity, weight in form.terms.items())
            return sum(terms, form.constant + form.fees * paid)

        missed = np.empty((len(picks), len(self.limits)))
        kept = np.empty(missed.shape, dtype=np.bool_)
        for i, limit in enumerate(self.limits):
            form, strict = limit.row
            missed[:, i] = _over(total(form), total(limit.ratio.below))
            slack = _NOISE * max(1.0, abs(limit.bound))
            kept[:, i] = missed[:, i] < -slack if strict else missed[:, i] <= slack
        return _over(total(self.best.above), total(self.best.below), nobody=math.inf), missed, kept

    def _sums(self, model: Model, segment: str, by_clock: bool, plans: Sequence[Steps]) -> dict[Quantity, Floats]:
        """What adds up over the segment's people, under each plan."""
        count = headcount(model, segment, self.people.get(segment))
        known: dict[Steps, Prefix] = {(): self._root(model, segment, by_clock)}
        measures = {steps: _prefix(known, steps).measures() for steps in dict.fromkeys(plans)}
        found = {}
        for quantity in self._quantities:
            each = {steps: count * quantity.of(told) for steps, told in measures.items()}
            found[quantity] = np.array([each[steps] for steps in plans])
        return found

    def _paid(self, picks: Sequence[Pick], sums: Sequence[Mapping[Quantity, Floats]]) -> Floats:
        """What is paid once a campaign beside the messages, for each plan (S13): a fee, or what lacks to a minimum."""
        paid = np.zeros(len(picks))
        for channel, once in self._charged.items():
            spent = sum((own[Quantity("cost", channel)] for own in sums), np.zeros(len(picks)))
            used = np.array([any(step.channel == channel for steps in pick for step in steps) for pick in picks])
            paid += np.where(used, np.maximum(once.fee, once.at_least - spent), 0.0)
        return paid

    def _root(self, model: Model, segment: str, by_clock: bool) -> Prefix:
        question, horizon = self.question, model.scenario.horizon
        return Evaluator(
            model,
            segment,
            cover=question.goal_events,
            within=horizon if question.within is None else min(question.within, horizon),
            stop=question.stop_events,
            people=self.people.get(segment),
            saying=question.saying,
            channels=question.channels,
            by_clock=by_clock,
        ).root()


def _prefix(known: dict[Steps, Prefix], steps: Steps) -> Prefix:
    """The plan's prefix, made from that of all its steps but the last; `known` keeps them."""
    found = known.get(steps)
    if found is None:
        *_, last = steps
        found = known[steps] = _prefix(known, steps[:-1]).then(last.channel, last.wait, last.undelivered_after)
    return found


def _over(above: Floats, below: Floats, nobody: float = 0.0) -> Floats:
    """One over the other; where nothing stands below, infinite if something stands above, else `nobody`."""
    is_ratio = below > 0
    found: Floats = np.where(is_ratio, above / np.where(is_ratio, below, 1.0), np.where(above > 0, math.inf, nobody))
    return found
