"""How plans compare when the rates are open: who wins, and what taking one of them costs on the average.

A plan wins a draw if it is the answer to the question there. Its regret is by how much it is worse than the best of
the contenders, where every limit that is missed costs its price. No plan has less
expected regret than the one whose expected value is least; that is the expected value of perfect information.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.optimizer.uncertainty.beliefs import Floats
from cascadesim.optimizer.uncertainty.contenders import Contenders
from cascadesim.optimizer.uncertainty.worth import Pick


@dataclass(frozen=True, slots=True)
class PlanRegret:
    """One plan over the draws, in the unit of the values compared.

    `wins` is the share of draws to whose question it is the answer. `regret` is the expected one, `error` its standard
    error. `kept[i]` is the share of draws in which it keeps limit i, `keeps_all` that in which
    it keeps all of them.
    """

    pick: Pick
    wins: float
    regret: float
    error: float
    kept: tuple[float, ...]
    keeps_all: float


def regrets(values: Floats) -> Floats:
    """The regret of every plan under every draw; `values[d, c]` are better if less."""
    best = values.min(axis=1, keepdims=True)
    equal = values == best  # also where neither is finite: nobody is covered by any plan
    found: Floats = np.where(equal, 0.0, values - np.where(np.isfinite(best), best, 0.0))
    return found


def plan_regrets(contenders: Contenders, values: Floats, kept: NDArray[np.bool_]) -> tuple[PlanRegret, ...]:
    """What the draws say of each contender, in their order.

    `values[d, c]` is what plan c comes to under draw d, limits priced, `kept[d, c, i]` whether it keeps limit i.
    """
    picks, draws, found = contenders.picks, len(values), regrets(values)
    wins = Counter(contenders.best)
    errors = found.std(axis=0, ddof=1) / math.sqrt(draws) if draws > 1 else np.zeros(len(picks))
    return tuple(
        PlanRegret(
            pick=pick,
            wins=wins[c] / draws,
            regret=float(found[:, c].mean()),
            error=float(errors[c]),
            kept=tuple(float(share) for share in kept[:, c].mean(axis=0)),
            keeps_all=float(kept[:, c].all(axis=1).mean()),
        )
        for c, pick in enumerate(picks)
    )
