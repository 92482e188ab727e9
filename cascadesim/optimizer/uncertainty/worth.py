"""What given plans are worth on given models: the objective, and by how much each limit is missed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.model.model import Model
from cascadesim.model.question import Question
from cascadesim.optimizer.ideal import clock_rules, idealised
from cascadesim.optimizer.limits import limits_of, objective_ratio
from cascadesim.optimizer.master import Master
from cascadesim.optimizer.quantities import Form
from cascadesim.optimizer.space import Steps
from cascadesim.optimizer.task import People, Task, quantities_of
from cascadesim.optimizer.uncertainty.beliefs import Floats

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

    def weigh(self, models: Sequence[Model], picks: Sequence[Pick]) -> Worth:
        """Every plan on every model. QuestionError for a model that the closed form cannot calculate with."""
        each = [self._on(model, picks) for model in models]
        return Worth(*(np.stack(part) for part in zip(*each, strict=True)))

    def _on(self, model: Model, picks: Sequence[Pick]) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """The plans on one model: all the work is here."""
        by_clock = clock_rules(model, self.question, self.segments) or False
        ideal, _ = idealised(model, self.question.channels, self.segments, by_clock)
        wanted = quantities_of(self.best, self.limits)
        task = Task(ideal, self.question, self.people, wanted, by_clock, None, lambda: False)
        with task.calculating():
            measured = [a.measured([pick[s] for pick in picks]) for s, a in enumerate(task.audiences)]
        master, everyone = Master(measured, task.charged), [np.arange(len(picks))] * len(measured)

        def total(form: Form) -> Floats:
            return master.totals(form, everyone)

        missed = np.empty((len(picks), len(self.limits)))
        kept = np.empty(missed.shape, dtype=np.bool_)
        for i, limit in enumerate(self.limits):
            form, strict = limit.row
            missed[:, i] = _over(total(form), total(limit.ratio.below))
            slack = _NOISE * max(1.0, abs(limit.bound))
            kept[:, i] = missed[:, i] < -slack if strict else missed[:, i] <= slack
        return _over(total(self.best.above), total(self.best.below), nobody=math.inf), missed, kept


def _over(above: Floats, below: Floats, nobody: float = 0.0) -> Floats:
    """One over the other; where nothing stands below, infinite if something stands above, else `nobody`."""
    is_ratio = below > 0
    found: Floats = np.where(is_ratio, above / np.where(is_ratio, below, 1.0), np.where(above > 0, math.inf, nobody))
    return found
