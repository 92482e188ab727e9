"""Does regret come as forecast? `python -m tests.benchmarks.regret --plot regret.png`, some minutes.

Truths are drawn from the prior that beliefs start from: open rates of Jeffreys' Beta(1/2, 1/2). For each, some messages
on each channel are counted, the script says `measured on` so many, and the procedure runs on it as it would for
anybody: the answer, the draws, the plan with the least expected regret, the rate to measure. Then the truth is looked
up. Over all truths the regret that the plan turns out to have must be, on the average, the one that was forecast,
whatever was forecast; and so must what is saved when the rate named is measured on as many people as suggested, on
the same truth, and the procedure runs again.

The campaign is so small that what its fifteen plans come to is written down here, in a few lines of its own. By them
the truth is looked up; and, as thousands of questions are solved for each truth, they stand in for the solver and
the evaluation of plans (with `--solver` these run as they are: hours). That both say the same is tested.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import click
import numpy as np
from joblib import Parallel, delayed

from cascadesim.errors import QuestionError
from cascadesim.model.channel import Channel, Price
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import Keep, Objective, Question
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Headcount, Segment
from cascadesim.optimizer import Step, optimize
from cascadesim.optimizer.uncertainty import Uncertainty, uncertainty
from cascadesim.optimizer.uncertainty import study as procedure
from cascadesim.optimizer.uncertainty.beliefs import Floats
from cascadesim.optimizer.uncertainty.study import unit_of
from cascadesim.optimizer.uncertainty.worth import Pick, Scales, Worth
from cascadesim.reports.pictures import style
from cascadesim.units import BILLION, DAY, HOUR, MINUTE, Duration, Money, Share

COSTS = {"email": "0.004", "sms": "0.04", "viber": "0.02"}
REACH = {"email": 0.8, "sms": 0.97, "viber": 0.6}
COUNTED = (5, 20, 80, 320)
"""On how many messages a rate may have been measured."""

_LATE = Delay("fixed", ((Share(1), Duration(20 * MINUTE)),))
_WAIT = Duration(2 * HOUR)
_ALL = {"channels": tuple(COSTS), "max_steps": 3, "waits": (_WAIT,)}
WORTH, ASKED = 0.1, 0.4
"""What a covered person is worth, in EUR; how many are to be covered."""

QUESTIONS = {
    "the most profit": Question(Objective("profit", Money.parse(f"{WORTH} EUR")), **_ALL),
    "the least cost for 40%": Question(
        Objective("cost per person"), keeps=(Keep("coverage", "at least", Share(ASKED)),), **_ALL
    ),
}
PICKS: tuple[Pick, ...] = tuple(
    ((*(Step(c, _WAIT) for c in order[:-1]), Step(order[-1])),)
    for length in (1, 2, 3)
    for order in itertools.permutations(COSTS, length)
)


@dataclass(frozen=True, slots=True)
class Case:
    """One truth: the regret forecast and found, and what measuring was to save and saved; units are the objective's."""

    forecast: float
    found: float
    promised: float | None
    saved: float | None


Counts = dict[str, tuple[int, int]]
"""How many opened, of how many, by channel."""


def case(question: Question, seed: int, draws: int, by_solver: bool = False) -> Case | None:
    """The procedure on one truth; None if the question has no answer at the rates that were measured."""
    generator = np.random.default_rng(seed)
    truth = {name: float(generator.beta(0.5, 0.5)) for name in COSTS}
    counts: Counts = {}
    for name, rate in truth.items():
        number = int(generator.choice(COUNTED))
        counts[name] = int(generator.binomial(number, rate)), number
    first = study(question, counts, 2 * seed, draws, by_solver)
    if first is None:
        return None
    before = regret(question, first, truth, first.least.pick)
    if first.suggestion is None:
        return Case(first.least.regret, before, None, None)
    name, people = first.suggestion.belief.name.channel, first.suggestion.people
    opened, number = counts[name]
    more = {name: (opened + int(generator.binomial(people, truth[name])), number + people)}
    second = study(question, counts | more, 2 * seed + 1, draws, by_solver)
    after = before if second is None else regret(question, first, truth, second.least.pick)
    return Case(first.least.regret, before, first.suggestion.gain, before - after)


def study(question: Question, counts: Counts, seed: int, draws: int, by_solver: bool) -> Uncertainty | None:
    """What the procedure says of these counts."""
    model = model_of({name: opened / number for name, (opened, number) in counts.items()}, counts, seed)
    try:
        answer = optimize(model, question)
    except QuestionError:
        return None
    if by_solver:
        return uncertainty(model, answer, draws=draws)
    with patch.multiple(procedure, Scales=ByHand, optima=optima_by_hand):
        return uncertainty(model, answer, draws=draws)


def model_of(rates: dict[str, float], counts: Counts | None = None, seed: int = 0) -> Model:
    """A thousand people, and a channel for each rate; measured on as many messages as were counted."""
    channels = []
    for name, rate in rates.items():
        opens = Rate("opens", Share(rate), Share(rate), None if counts is None else counts[name][1], delay=_LATE)
        reaches = Rate("reaches", Share(REACH[name]), Share(REACH[name]))
        price = Price(Money.parse(f"{COSTS[name]} EUR"), "message sent")
        channels.append(Channel(name, rates=(reaches, opens), costs=(price,)))
    scenario = Scenario(horizon=Duration(2 * DAY), seed=seed)
    return Model(scenario, tuple(channels), (Segment("all", Headcount(1000)),))


def by_hand(rates: Floats) -> tuple[Floats, Floats]:
    """What a person is covered by and costs, `[d, plan]`, at open rates `[d, channel]`, channels by name.

    Opens come 20 minutes after a message that reaches, so before the next one goes out, to those who have not opened.
    """
    opened = {name: REACH[name] * rates[:, c] for c, name in enumerate(COSTS)}
    left, costs = [], []
    for (steps,) in PICKS:
        silent, cost = np.ones(len(rates)), np.zeros(len(rates))
        for step in steps:
            cost = cost + silent * REACH[step.channel] * float(COSTS[step.channel])
            silent = silent * (1 - opened[step.channel])
        left.append(silent)
        costs.append(cost)
    return 1 - np.array(left).T, np.array(costs).T


def weighed(question: Question, rates: Floats) -> Worth:
    """All plans at these rates."""
    covered, cost = by_hand(rates)
    if question.objective.goal == "profit":
        return Worth(
            1000 * BILLION * (cost - WORTH * covered), np.empty((*cost.shape, 0)), np.ones((*cost.shape, 0), bool)
        )
    missed = (ASKED - covered)[:, :, None]
    return Worth(BILLION * cost, missed, missed <= 0)


class ByHand(Scales):
    """Weighs plans by the closed form above."""

    def weigh(self, models: Sequence[Model], picks: Sequence[Pick]) -> Worth:
        """Every plan on every model."""
        worth, which = weighed(self.question, rates_of(models)), [PICKS.index(pick) for pick in picks]
        return Worth(worth.objective[:, which], worth.missed[:, which], worth.kept[:, which])


def optima_by_hand(models: Sequence[Model], question: Question, *_: object) -> tuple[Pick | None, ...]:
    """The best plan on each model by the closed form above; None where no plan keeps the limit."""
    worth = weighed(question, rates_of(models))
    allowed = np.where(worth.kept.all(axis=2), worth.objective, math.inf)
    return tuple(PICKS[row.argmin()] if math.isfinite(row.min()) else None for row in allowed)


def rates_of(models: Sequence[Model]) -> Floats:
    """The open rates of models of this campaign."""
    return np.array([[rate.share for name in COSTS if (rate := m.rate("all", name, "opens"))] for m in models])


def regret(question: Question, forecast: Uncertainty, truth: dict[str, float], pick: Pick) -> float:
    """By how much a plan is worse than the best one, in truth, limits at the prices of the forecast."""
    unit = unit_of(question.objective)
    prices = np.array([limit.price for limit in forecast.limits]) * unit
    values = weighed(question, np.array([[truth[name] for name in COSTS]])).priced(prices)[0] / unit
    return float(values[PICKS.index(pick)] - values.min())


def cases(question: Question, count: int, draws: int, by_solver: bool = False, jobs: int = 2) -> list[Case]:
    """The procedure on so many truths, those without an answer left out."""
    found = Parallel(n_jobs=jobs)(delayed(case)(question, seed, draws, by_solver) for seed in range(count))
    return [one for one in found if one is not None]


@dataclass(frozen=True, slots=True)
class Beside:
    """Forecasts beside what came: means, and the standard error of their difference."""

    forecast: float
    found: float
    error: float
    number: int


def beside(pairs: Sequence[tuple[float, float]]) -> Beside:
    """The means of forecasts and of what came."""
    forecast, found = np.array(pairs).T
    error = float((found - forecast).std(ddof=1) / math.sqrt(len(pairs))) if len(pairs) > 1 else math.inf
    return Beside(float(forecast.mean()), float(found.mean()), error, len(pairs))


def binned(pairs: Sequence[tuple[float, float]], bins: int) -> list[Beside]:
    """As many pairs in each bin, from the smallest forecasts on."""
    parts = np.array_split(np.array(sorted(pairs)), min(bins, len(pairs)))
    return [beside([(float(a), float(b)) for a, b in part]) for part in parts]


def regret_pairs(found: Sequence[Case]) -> list[tuple[float, float]]:
    """The regret forecast and found."""
    return [(c.forecast, c.found) for c in found]


def saving_pairs(found: Sequence[Case]) -> list[tuple[float, float]]:
    """What measuring was to save, and saved, where something was named."""
    return [(c.promised, c.saved) for c in found if c.promised is not None and c.saved is not None]


def draw(found: dict[str, list[Case]], path: Path, bins: int) -> None:
    """The calibration plot: a row a question, regret on the left, what measuring saves on the right."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(style.STYLE):
        figure = Figure(figsize=(8.4, 7.2), layout="constrained")
        figure.get_layout_engine().set(hspace=0.08, wspace=0.06)  # type: ignore[union-attr]
        for row, (name, mine) in zip(figure.subplots(len(found), 2, squeeze=False), found.items(), strict=True):
            unit = "EUR in all" if QUESTIONS[name].objective.goal == "profit" else "EUR per person"
            _panel(row[0], regret_pairs(mine), bins, f"Regret: {name}", unit)
            _panel(row[1], saving_pairs(mine), bins, "What measuring saves", unit)
        figure.savefig(path, dpi=110)


def _panel(ax, pairs: Sequence[tuple[float, float]], bins: int, title: str, unit: str) -> None:  # type: ignore[no-untyped-def]
    ax.set_title(title)
    ax.set_xlabel(f"forecast, {unit}")
    ax.set_ylabel("what came, on the average")
    if not pairs:
        return
    parts = binned(pairs, bins)
    end = 1.08 * max(max(p.forecast, p.found) for p in parts)
    ax.plot((0, end), (0, end), ":", color=style.SOFT, linewidth=1.2, zorder=2)
    ax.errorbar(
        [p.forecast for p in parts], [p.found for p in parts], yerr=[1.96 * p.error for p in parts], fmt="o",
        color=style.ACCENT, ecolor=style.SOFT, elinewidth=0.9, markersize=5, zorder=4,
    )  # fmt: skip
    whole = beside(pairs)
    ax.plot(whole.forecast, whole.found, "D", color=style.INK, markerfacecolor="white", markersize=7, zorder=5)
    ax.annotate(
        f"all {whole.number}", (whole.forecast, whole.found), xytext=(8, -4), textcoords="offset points",
        va="top", color=style.INK,
    )  # fmt: skip
    ax.set_xlim(left=0)
    ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))


@click.command()
@click.option("--truths", default=600, show_default=True, help="How many, for each question.")
@click.option("--draws", default=200, show_default=True, help="Of the rates, each time.")
@click.option("--bins", default=8, show_default=True, help="Points in a panel of the plot.")
@click.option("--solver", is_flag=True, help="Solve and evaluate by the project's own code.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), metavar="PNG", help="Draw it.")
def main(truths: int, draws: int, bins: int, solver: bool, plot: Path | None) -> None:
    """Compare regret, and what measuring saves, with what was forecast."""
    found = {name: cases(question, truths, draws, solver) for name, question in QUESTIONS.items()}
    for name, mine in found.items():
        click.echo(f"{name}, {len(mine)} truths")
        for what, pairs in (("regret", regret_pairs(mine)), ("saved by measuring", saving_pairs(mine))):
            if pairs:
                b = beside(pairs)
                line = f"forecast {b.forecast:.4g}, found {b.found:.4g}, off by {b.found - b.forecast:+.2g}"
                click.echo(f"  {what:<19}{line} (standard error {b.error:.2g}, of {b.number})")
    if plot:
        draw(found, plot, bins)


if __name__ == "__main__":
    main()
