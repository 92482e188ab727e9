"""What the uncertainty of the rates does to an answer: the question is solved again under rates that are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cascadesim.model.model import Model
from cascadesim.model.question import Objective
from cascadesim.optimizer.answer import Answer
from cascadesim.optimizer.limits import Limit
from cascadesim.optimizer.space import Steps
from cascadesim.optimizer.task import People
from cascadesim.optimizer.uncertainty.beliefs import beliefs
from cascadesim.optimizer.uncertainty.contenders import contenders, optima, pick_of
from cascadesim.optimizer.uncertainty.draws import drawn
from cascadesim.optimizer.uncertainty.information import Suggestion, Worthwhile, suggestion, worthwhile
from cascadesim.optimizer.uncertainty.prices import limit_prices, spelled_out
from cascadesim.optimizer.uncertainty.regret import PlanRegret, plan_regrets
from cascadesim.optimizer.uncertainty.worth import Scales
from cascadesim.units import BILLION, SECOND, Duration, Money

Progress = Callable[[int, int], None]
"""Told how many draws have been solved, and how many there are."""

DRAWS = 200
"""How many draws tell enough: a share of wins is then off by 3.5 points, the regret by a tenth of itself or so."""


@dataclass(frozen=True, slots=True)
class PricedLimit:
    """A limit, and what missing it is taken to cost: in the objective's unit, for each unit of what is limited.

    Units are those of results: shares, the currency, seconds, counts.
    """

    limit: Limit
    price: float


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """What the draws say. Regret, prices and what information is worth are in the objective's unit, as results are:
    the currency (per person, in all for profit, per covered person for coverage per cost), a share, seconds.

    `plans` are the contenders (the plan chosen, and each that is best under some draw) from the least expected
    regret on. `unkeepable` is the share of draws in which no plan keeps the limits. `rates` are those with evidence,
    from the one that is worth most to know on. `suggestion` is what to measure next, if anything.
    """

    draws: int
    objective: Objective
    segments: tuple[str, ...]
    plans: tuple[PlanRegret, ...]
    chosen: PlanRegret
    limits: tuple[PricedLimit, ...]
    unkeepable: float
    rates: tuple[Worthwhile, ...]
    suggestion: Suggestion | None

    @property
    def least(self) -> PlanRegret:
        """The plan with the least expected regret; the one chosen, if that has no more than any."""
        return self.chosen if self.chosen.regret <= self.plans[0].regret else self.plans[0]

    def steps(self, plan: PlanRegret) -> Mapping[str, Steps]:
        """A plan's steps, by segment."""
        return dict(zip(self.segments, plan.pick, strict=True))


def uncertainty(
    model: Model,
    answer: Answer,
    people: People | None = None,
    draws: int = DRAWS,
    progress: Progress | None = None,
) -> Uncertainty:
    """How much the answer depends on what is not known of the rates, by so many draws with the scenario's seed.

    `people` are those that `optimize` was given. `progress` is told how many draws are solved, and how many there
    are. If no rate says how well it is known, there is one draw: the model. ValueError for less than one draw;
    RefusedError if no rates can be drawn; QuestionError as `optimize`, if a draw cannot be solved.
    """
    if draws < 1:
        raise ValueError(f"{draws} draws tell nothing: at least one is needed")
    question, who = spelled_out(model, answer.question), people or {}
    believed = beliefs(model, question)
    sample = drawn(model, question, believed, model.scenario.seed, draws if believed else 1)
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, len(sample.models))

    scales, chosen = Scales(model, question, who), pick_of(answer)
    contending = contenders(chosen, optima(sample.models, question, who, tick))
    worth = scales.weigh(sample.models, contending.picks)
    prices = limit_prices(model, scales, contending, worth)
    unit = unit_of(answer.question.objective)
    values = worth.priced(prices) / unit
    plans = plan_regrets(contending, values, worth.kept)
    found = worthwhile(believed, sample.rates, values)
    return Uncertainty(
        draws=len(sample.models),
        objective=question.objective,
        segments=scales.segments,
        plans=tuple(sorted(plans, key=lambda plan: plan.regret)),
        chosen=plans[0],
        limits=tuple(
            PricedLimit(limit, float(price) / unit * _unit_of(limit))
            for limit, price in zip(scales.limits, prices, strict=True)
        ),
        unkeepable=contending.best.count(None) / len(contending.best),
        rates=tuple(sorted(found, key=lambda rate: -rate.exactly)),
        suggestion=suggestion(found, float(values.mean(axis=0).min())),
    )


def unit_of(objective: Objective) -> float:
    """How much of what the optimizer minimizes is one unit of results."""
    return {"coverage": 1.0, "time to open": float(SECOND)}.get(objective.goal, float(BILLION))


def _unit_of(limit: Limit) -> float:
    if limit.keep.openers is not None:
        return 1.0
    if isinstance(limit.keep.value, Money):
        return float(BILLION)
    return float(SECOND) if isinstance(limit.keep.value, Duration) else 1.0
