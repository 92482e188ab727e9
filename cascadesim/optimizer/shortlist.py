"""The choices of plans that the closed form ranks highest: who goes into a contest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.optimizer.candidates import Candidates
from cascadesim.optimizer.choice import Choice
from cascadesim.optimizer.limits import Limit
from cascadesim.optimizer.master import Master
from cascadesim.optimizer.quantities import Ratio
from cascadesim.optimizer.space import Steps

LONGEST = 12
"""How many choices are on the list."""

_NOISE = 1e-9  # of a limit's bound

Chosen = list[NDArray[np.intp]]
"""Many choices: the number of each segment's plan, by choice."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A choice of plans: their numbers, the value that is best at its least, as forecast, steps by segment.

    `people` is the expected number of all whom it writes to.
    """

    picks: tuple[int, ...]
    value: float
    steps: Mapping[str, Steps]
    people: float


def short_list(
    master: Master,
    candidates: Sequence[Candidates],
    choice: Choice,
    objective: Ratio,
    limits: Sequence[Limit],
    longest: int = LONGEST,
) -> tuple[Listed, ...]:
    """The choice, and those that differ from it in one segment's plan and are best, by the closed form.

    All keep the limits; with one segment these are the best plans of all. Of equally good ones those come first
    whose plans do (`space.order`), segment by segment.
    """
    found: list[tuple[float, tuple[int, ...]]] = []
    for s, mine in enumerate(candidates):
        chosen = [np.full(len(mine.plans), pick) for pick in choice.picks]
        chosen[s] = np.arange(len(mine.plans))
        values = _values(master, objective, chosen)
        fit = np.isfinite(values) & _kept(master, limits, chosen) & (chosen[s] != choice.picks[s])
        best = np.flatnonzero(fit)[np.argsort(values[fit], kind="stable")][: longest - 1]
        found += [(float(values[k]), tuple(int(plans[k]) for plans in chosen)) for k in best]
    found.sort(key=lambda item: item[0])
    people = sum(c.people for c in candidates)
    return tuple(
        Listed(picks, value, {c.segment: c.plans[k] for c, k in zip(candidates, picks, strict=True)}, people)
        for value, picks in [(choice.value, choice.picks), *found[: longest - 1]]
    )


def _values(master: Master, ratio: Ratio, chosen: Chosen) -> Floats:
    """The ratio under each choice; infinite where nothing stands below."""
    above, below = master.totals(ratio.above, chosen), master.totals(ratio.below, chosen)
    values: Floats = np.divide(above, below, out=np.full(len(above), np.inf), where=below > 0)
    return values


def _kept(master: Master, limits: Sequence[Limit], chosen: Chosen) -> NDArray[np.bool_]:
    kept = np.ones(len(chosen[0]), dtype=np.bool_)
    for limit in limits:
        form, strict = limit.row
        over, noise = master.totals(form, chosen), _NOISE * abs(limit.bound) * master.totals(limit.ratio.below, chosen)
        kept &= (over < -noise) if strict else (over <= noise)
    return kept
