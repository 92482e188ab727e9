"""What missing a limit costs: the least prices under which the question's own answer is right.

Before the rates are known no plan is sure to keep a limit, so plans can only be compared if missing it by so much has
a price. The question reveals one, in two steps.

*What keeping it costs.* Whoever asks for coverage of 45% and gets a plan for it declines every cheaper plan that
covers less; a unit of coverage is then worth at least what that plan saves over what it misses. Of all prices under
which no plan at hand is better than the answer, at the stated rates, those are taken that charge least for missing
every limit by as much as the draws leave it open. At a point of a continuous problem these are the limits'
multipliers. Whole plans are apart, and one may miss a limit by a hair: who misses by less than the draws leave open is
treated as missing by that much, or the prices would tell of the hair's breadth. A limit that no cheaper plan misses
is kept for nothing at the stated rates; then the draws in which the answer misses it, and no other limit, say what
keeping it costs: on the average, by what the plan that is best there costs more.

*How sure one wants to be.* At its multiplier a limit is worth no more than it costs, so it would be right to miss it
always. At a price of p times the multiplier it is right to keep it so far that it is missed with probability 1/p (the
critical ratio of the newsvendor; Arrow, Harris, Marschak, "Optimal inventory policy", 1951). The answer at the stated
rates misses a limit that binds in about half of the draws (`MISSED`): so whoever is content with it pays twice.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from cascadesim.model.model import Model
from cascadesim.model.question import EACH, Keep, Question
from cascadesim.optimizer.limits import Limit
from cascadesim.optimizer.optimum import optimize
from cascadesim.optimizer.uncertainty.beliefs import Floats
from cascadesim.optimizer.uncertainty.contenders import Contenders, pick_of
from cascadesim.optimizer.uncertainty.worth import Pick, Scales, Worth
from cascadesim.units import Duration, Money, Share

MISSED = 0.5
"""How often a limit that is just kept at the stated rates is missed when the rates are open."""

_EASED = (1.0, 4.0)  # times what the draws leave open: how much less is asked for, to see what that saves


def spelled_out(model: Model, question: Question) -> Question:
    """The question with one `keep` line for each limit: those `of each segment` once a segment."""
    segments = model.segments_of(question.segments)
    keeps = (replace(k, of=of) for k in question.keeps for of in (segments if k.of == EACH else (k.of,)))
    return replace(question, keeps=tuple(keeps))


def limit_prices(model: Model, scales: Scales, contenders: Contenders, worth: Worth) -> Floats:
    """The price of each limit, in the objective's unit per unit of the limit's ratio.

    `worth` is that of the contenders under the draws. Zero for a limit that keeps nobody from saving, in the model or
    under a draw. `scales` are those of a question that is spelled out.
    """
    if not scales.limits:
        return np.zeros(0)
    open_by = spread(worth.missed)
    stated = _stated(model, scales, contenders.picks, open_by)
    return np.where(stated > 0, stated, _in_draws(contenders.best, worth, open_by)) / MISSED


def spread(missed: Floats) -> Floats:
    """How far the draws leave each limit open: the largest standard deviation of any contender's figure."""
    with np.errstate(invalid="ignore"):  # of nobody's cost per covered person
        found: Floats = np.nan_to_num(missed.std(axis=0).max(axis=0), nan=0.0, posinf=0.0)
    return found


def _stated(model: Model, scales: Scales, picks: Sequence[Pick], open_by: Floats) -> Floats:
    """The multipliers by which the answer, `picks[0]`, is as good at the stated rates as the others, and as the plans
    that would be best if less were asked for.
    """
    asked = scales.question
    eased = (replace(asked, keeps=keeps) for keeps in _eased(asked.keeps, scales.limits, open_by))
    others = [pick_of(optimize(model, question, scales.people, plan_alone=True)) for question in eased]
    worth = scales.weigh([model], [*picks, *others])
    missed = np.where(worth.kept[0], 0.0, np.maximum(worth.missed[0], open_by))
    return least_prices(worth.objective[0, 0] - worth.objective[0], missed, open_by)


def _in_draws(best: Sequence[int | None], worth: Worth, open_by: Floats) -> Floats:
    """What keeping each limit costs, per unit, over the draws in which the answer misses it and no other."""
    prices = np.zeros(len(open_by))
    for i, by in enumerate(open_by):
        alone = [d for d, c in enumerate(best) if c is not None and _misses_only(worth, d, i)]
        saved = sum(max(0.0, float(worth.objective[d, best[d]] - worth.objective[d, 0])) for d in alone)
        missed = sum(max(float(by), float(worth.missed[d, 0, i])) for d in alone)
        prices[i] = saved / missed if missed else 0.0
    return prices


def _misses_only(worth: Worth, d: int, i: int) -> bool:
    kept = worth.kept[d, 0]
    return not kept[i] and int(kept.sum()) == len(kept) - 1


def least_prices(saved: Floats, missed: Floats, open_by: Floats) -> Floats:
    """Prices p >= 0 with missed @ p >= saved, row by row, that charge least for `open_by`: a linear programme.

    Rows that save nothing, or miss nothing, ask for nothing.
    """
    from scipy.optimize import linprog

    asks = (saved > 0) & np.isfinite(saved) & (missed > 0).any(axis=1) & np.isfinite(missed).all(axis=1)
    prices = np.zeros(len(open_by))
    if not asks.any():
        return prices
    largest = missed[asks].max(axis=0)
    unit = np.where(largest > 0, largest, 1.0)  # to numbers around one, for the solver
    most = saved[asks].max()
    weights = np.where(open_by > 0, open_by / unit, 1.0)
    found = linprog(weights, A_ub=-missed[asks] / unit, b_ub=-saved[asks] / most)
    prices += found.x * most / unit
    return prices


def _eased(keeps: tuple[Keep, ...], limits: Sequence[Limit], open_by: Floats) -> Iterator[tuple[Keep, ...]]:
    """The `keep` lines that ask for less: each alone, then all together; in the end left out."""
    for times in _EASED:
        less = tuple(eased(limit, times * float(by)) for limit, by in zip(limits, open_by, strict=True))
        yield from ((*keeps[:i], less[i], *keeps[i + 1 :]) for i in range(len(keeps)))
        yield less
    yield from ((*keeps[:i], *keeps[i + 1 :]) for i in range(len(keeps)))
    yield ()


def eased(limit: Limit, by: float) -> Keep:
    """The `keep` line that asks for less, by so much of the limit's ratio."""
    keep, bound = limit.keep, limit.bound + (by if limit.at_most else -by)
    share, whole = Share(min(1.0, max(0.0, bound))), max(0, math.ceil(bound) if limit.at_most else math.floor(bound))
    if keep.openers is not None:
        return replace(keep, openers=share)
    match keep.value:
        case Share():
            return replace(keep, value=share)
        case Money():
            return replace(keep, value=Money(whole, limit.currency))
        case Duration():
            return replace(keep, value=Duration(whole))
        case int():
            return replace(keep, value=whole)
    return replace(keep, value=max(0.0, bound))
