"""A choice that is not proven made better: by what the frontier has, and by changes of one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cascadesim.model.prices import CampaignFee
from cascadesim.optimizer.audience import Audience
from cascadesim.optimizer.candidates import Candidates
from cascadesim.optimizer.explain import runner_ups
from cascadesim.optimizer.limits import Limit
from cascadesim.optimizer.master import Master
from cascadesim.optimizer.quantities import Ratio
from cascadesim.optimizer.search import Chosen, whole
from cascadesim.optimizer.space import Steps

_LESS = 1e-9  # of a value: what is better by less is the same
_ROUNDS = 40


def polished(
    audiences: Sequence[Audience],
    chosen: Chosen,
    known: Sequence[Candidates],
    charged: Mapping[str, CampaignFee],
    objective: Ratio,
    limits: Sequence[Limit],
) -> Chosen:
    """A choice of one plan for each audience that is at least as good; what is known of all others stays.

    `known` are further plans of each. Then the best change of one step is made, until none makes it better.
    """
    steps = [c.plans[k] for c, k in zip(chosen.candidates, chosen.picks, strict=True)]
    pool = [a.measured([own, *c.plans]) for a, own, c in zip(audiences, steps, known, strict=True)]
    found = Master(pool, charged).best(objective, [limit.row for limit in limits])
    value = chosen.value
    if found is not None and found.value < value:
        steps, value = [c.plans[k] for c, k in zip(pool, found.picks, strict=True)], found.value
    for _ in range(_ROUNDS):
        better = _best_change(audiences, steps, charged, objective, limits)
        if better is None or not better[1] < value - _LESS * abs(value):
            break
        steps, value = better
    if not value < chosen.value:
        return chosen
    alone = tuple(a.measured([own]) for a, own in zip(audiences, steps, strict=True))
    return replace(chosen, candidates=alone, shares=whole(alone, [0] * len(alone)), value=value)


def _best_change(
    audiences: Sequence[Audience],
    steps: Sequence[Steps],
    charged: Mapping[str, CampaignFee],
    objective: Ratio,
    limits: Sequence[Limit],
) -> tuple[list[Steps], float] | None:
    """The plans after the best change of one step that keeps the limits, and their value."""
    changes = [r for r in runner_ups(audiences, steps, charged, objective, limits) if not r.broken]
    if not changes:
        return None
    best = min(changes, key=lambda r: r.value)
    return [best.steps if r == best.audience else own for r, own in enumerate(steps)], best.value
