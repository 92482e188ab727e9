"""How the optimum moves as one rate moves, all others as they are: how far, and where another plan becomes the best."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from cascadesim.errors import QuestionError
from cascadesim.model.model import Model
from cascadesim.optimizer.answer import Answer
from cascadesim.optimizer.limits import in_units
from cascadesim.optimizer.optimum import optimize
from cascadesim.optimizer.task import People
from cascadesim.optimizer.uncertainty.beliefs import RateName, beliefs, rates_of
from cascadesim.optimizer.uncertainty.contenders import pick_of
from cascadesim.optimizer.uncertainty.draws import contradictions, with_rates
from cascadesim.optimizer.uncertainty.prices import spelled_out
from cascadesim.optimizer.uncertainty.worth import Pick, Scales

APART = 0.2
"""How far a rate is moved, as a share of itself, of which nobody says how well it is known."""

Progress = Callable[[int, int], None]
"""Told how many questions have been answered, and how many there are."""


@dataclass(frozen=True, slots=True)
class Point:
    """The optimum with the rate at one value, and what the answer's own plan would come to there.

    Values are in the objective's unit. `value` and `pick` are None where no plan keeps the limits. `kept` says whether
    the answer's plan keeps them.
    """

    rate: float
    value: float | None = None
    pick: Pick | None = None
    own: float | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Swing:
    """The optimum along one rate, from its lowest value to its highest; `assumed` is the model's own.

    `is_believed` says whether the ends are those of what is believed of the rate (95%), or just `APART` from it.
    """

    name: RateName
    assumed: float
    is_believed: bool
    points: tuple[Point, ...]

    @property
    def width(self) -> float:
        """By how much the optimum moves, in the objective's unit; infinite where no plan keeps the limits somewhere."""
        values = [math.inf if p.value is None else p.value for p in self.points]
        return math.inf if math.inf in values else max(values) - min(values)


def swings(
    model: Model, answer: Answer, people: People | None = None, progress: Progress | None = None
) -> tuple[Swing, ...]:
    """Every rate that the question depends on at both its ends, from the one that moves the optimum most on.

    RefusedError where a segment has several plans.
    """
    at = _Setting(model, answer, people or {})
    spans = at.spans()
    found = []
    for done, name in enumerate(spans, 1):
        found.append(at.swing(name, spans[name], 2))
        if progress is not None:
            progress(done, len(spans))
    return tuple(sorted(found, key=lambda swing: (-swing.width, swing.name.rank)))


def switches(
    model: Model,
    answer: Answer,
    name: RateName,
    people: People | None = None,
    points: int = 25,
    progress: Progress | None = None,
) -> Swing:
    """The optimum at so many values of one rate, evenly from end to end.

    KeyError for a rate that the question does not depend on; RefusedError where a segment has several plans.
    """
    at = _Setting(model, answer, people or {})
    return at.swing(name, at.spans()[name], points, progress)


_Span = tuple[float, float, float, bool]


class _Setting:
    """The question, with one plan for each segment, and the answer's own plan."""

    def __init__(self, model: Model, answer: Answer, people: People) -> None:
        self._own, self._model, self._people = pick_of(answer), model, people
        self._question = replace(spelled_out(model, answer.question), may_split=False)
        self._scales = Scales(model, self._question, people)

    def spans(self) -> dict[RateName, _Span]:
        """(lowest, assumed, highest, whether they are believed) of each rate; what is surely 0 or 1 stays."""
        believed = {belief.name: belief.interval for belief in beliefs(self._model, self._question)}
        found: dict[RateName, _Span] = {}
        for name, rate in sorted(rates_of(self._model, self._question), key=lambda named: named[0].rank):
            assumed = float(rate.share)
            if name in believed:
                low, high = believed[name]
            elif 0 < assumed < 1:
                low, high = assumed * (1 - APART), min(1.0, assumed * (1 + APART))
            else:
                continue
            ends = (self._possible(name, assumed, low), assumed, self._possible(name, assumed, high))
            found[name] = (*ends, name in believed)
        return found

    def _possible(self, name: RateName, assumed: float, end: float) -> float:
        """The end, or as far towards it as the rate can go without contradicting the others (S4)."""
        for part in (1.0, 0.75, 0.5, 0.25):
            rate = assumed + part * (end - assumed)
            if not any(contradictions(with_rates(self._model, {name: rate}), self._question)):
                return rate
        return assumed

    def swing(self, name: RateName, span: _Span, points: int, progress: Progress | None = None) -> Swing:
        """The optimum along the rate."""
        low, assumed, high, is_believed = span
        found = []
        for done, rate in enumerate(map(float, np.linspace(low, high, points)), 1):
            found.append(self._point(with_rates(self._model, {name: rate}), rate))
            if progress is not None:
                progress(done, points)
        return Swing(name, assumed, is_believed, tuple(found))

    def _point(self, model: Model, rate: float) -> Point:
        worth = self._scales.weigh([model], [self._own])
        own = in_units(self._question.objective, float(worth.objective[0, 0]))
        kept = bool(worth.kept[0, 0].all())
        try:
            answer = optimize(model, self._question, self._people, plan_alone=True)
        except QuestionError:
            return Point(rate, own=own, kept=kept)
        return Point(rate, answer.objective_value, pick_of(answer), own, kept)
