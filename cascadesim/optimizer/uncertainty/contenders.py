"""The plans that may be best: what the question's answer would be if the rates were as drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cascadesim.errors import QuestionError, RefusedError
from cascadesim.model.model import Model
from cascadesim.model.question import Question
from cascadesim.optimizer.answer import Answer
from cascadesim.optimizer.optimum import optimize
from cascadesim.optimizer.restriction import listed
from cascadesim.optimizer.space import order
from cascadesim.optimizer.task import People
from cascadesim.optimizer.uncertainty.worth import Pick

_CANNOT_BE_KEPT = frozenset({"C401", "C402"})


@dataclass(frozen=True, slots=True)
class Contenders:
    """The plan chosen, `picks[0]`, and every other that is best somewhere, ranked as equally good plans are.

    `best[d]` is the number of the plan that answers draw d; None where no plan keeps the limits there.
    """

    picks: tuple[Pick, ...]
    best: tuple[int | None, ...]


def contenders(chosen: Pick, found: Sequence[Pick | None]) -> Contenders:
    """The contenders, from the answer to each draw."""
    others = {pick for pick in found if pick is not None and pick != chosen}
    picks = (chosen, *sorted(others, key=lambda pick: (sum(map(len, pick)), tuple(map(order, pick)))))
    numbers = {pick: c for c, pick in enumerate(picks)}
    return Contenders(picks, tuple(None if pick is None else numbers[pick] for pick in found))


def optima(
    models: Sequence[Model], question: Question, people: People, tick: Callable[[], None]
) -> tuple[Pick | None, ...]:
    """The best plan on each model; None where no plan keeps the limits there. Other errors are `optimize`'s."""
    found = []
    for model in models:
        found.append(_best(model, question, people))
        tick()
    return tuple(found)


def pick_of(answer: Answer) -> Pick:
    """The answer's plan for each segment; RefusedError where a segment has several, by share or by reach."""
    several = [name for name in sorted(answer.plans) if len(answer.plans[name]) != 1]
    if several:
        raise RefusedError(f"rates are drawn for one plan a segment; there are several for {listed(several)}")
    return tuple(answer.plans[name][0].steps for name in sorted(answer.plans))


def _best(model: Model, question: Question, people: People) -> Pick | None:
    try:
        return pick_of(optimize(model, question, people, plan_alone=True))
    except QuestionError as error:
        if {diagnostic.code for diagnostic in error.diagnostics} <= _CANNOT_BE_KEPT:
            return None
        raise
