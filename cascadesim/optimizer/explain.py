"""Why this plan: what it would cost to change one step of it, the best change of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cascadesim.model.prices import CampaignFee
from cascadesim.optimizer.audience import Audience
from cascadesim.optimizer.candidates import Candidates
from cascadesim.optimizer.limits import Limit
from cascadesim.optimizer.master import Master
from cascadesim.optimizer.quantities import COST, COVERED, Form, Ratio
from cascadesim.optimizer.space import Space, Step, Steps
from cascadesim.units import BILLION

Change = Literal["swap", "drop", "wait", "channel"]
"""Two neighbours change places, a step goes, or has another wait or channel."""


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The best plan of one audience (its number and `name`) that a change of this kind makes of step `place`, from 1.

    `value` is the objective, as it is minimized, coverage and cost per person (currency units) those of everybody,
    when only this plan is changed. `broken` are the limits that it then breaks.
    """

    audience: int
    name: str
    place: int
    change: Change
    steps: Steps
    value: float
    coverage: float
    cost_per_person: float
    broken: tuple[Limit, ...]


def runner_ups(
    audiences: Sequence[Audience],
    chosen: Sequence[Steps],
    charged: Mapping[str, CampaignFee],
    objective: Ratio,
    limits: Sequence[Limit],
) -> tuple[RunnerUp, ...]:
    """For every step of every audience's plan and every kind of change the best that it makes, where there is any.

    Plans that keep the limits come before those that break some. Only plans that the question allows are looked at.
    """
    alone = [a.measured([steps]) for a, steps in zip(audiences, chosen, strict=True)]
    found = []
    for s, (audience, steps) in enumerate(zip(audiences, chosen, strict=True)):
        changes = [c for c in _changes(audience.space, steps) if c[2] != steps and is_allowed(audience.space, c[2])]
        if not changes:
            continue
        mine = audience.measured([plan for _, _, plan in changes])
        scored = _Scores([*alone[:s], mine, *alone[s + 1 :]], s, charged, objective, limits)
        for place, change in dict.fromkeys((place, change) for place, change, _ in changes):
            which = [k for k, (p, c, _) in enumerate(changes) if (p, c) == (place, change)]
            best = min(which, key=scored.rank)
            found.append(scored.runner_up(best, s, mine.name, place, change, changes[best][2]))
    return tuple(found)


class _Scores:
    """What comes of the plans of one audience, the others' plans being as they are."""

    def __init__(
        self,
        candidates: Sequence[Candidates],
        s: int,
        charged: Mapping[str, CampaignFee],
        objective: Ratio,
        limits: Sequence[Limit],
    ) -> None:
        master = Master(candidates, charged)
        count = len(candidates[s].plans)
        picks = [np.arange(count) if t == s else np.zeros(count, dtype=np.intp) for t in range(len(candidates))]
        over = frozenset(c.segment for c in candidates)
        self._people = sum(c.people for c in candidates)
        self._cost = master.totals(Form({COST: 1.0}, over, fees=1.0), picks) / BILLION
        self._covered = master.totals(Form({COVERED: 1.0}, over), picks)
        below = master.totals(objective.below, picks)
        above = master.totals(objective.above, picks)
        self._values = np.divide(above, below, out=np.full(count, np.inf), where=below > 0)
        self._limits = tuple(limits)
        self._over = [master.breaks(limit.row, picks) for limit in limits]

    def rank(self, k: int) -> tuple[bool, float]:
        return any(over[k] for over in self._over), float(self._values[k])

    def runner_up(self, k: int, s: int, name: str, place: int, change: Change, steps: Steps) -> RunnerUp:
        broken = tuple(limit for limit, over in zip(self._limits, self._over, strict=True) if over[k])
        coverage, cost = float(self._covered[k]) / self._people, float(self._cost[k]) / self._people
        return RunnerUp(s, name, place, change, steps, float(self._values[k]), coverage, cost, broken)


def _changes(space: Space, steps: Steps) -> Iterator[tuple[int, Change, Steps]]:
    """(place, kind, the plan) of every change of one step; a wait stays where it is when channels change."""
    for i, step in enumerate(steps):
        if i + 1 < len(steps):
            swapped = (*steps[:i], steps[i + 1], step, *steps[i + 2 :])
            yield i + 1, "swap", _made(space, swapped, steps)
        if len(steps) > 1:
            left = steps[:i] + steps[i + 1 :]
            yield i + 1, "drop", (*left[:-1], _on(space, left[-1].channel, None))
        if i + 1 < len(steps):
            for other in space.before_another[step.channel]:
                yield i + 1, "wait", (*steps[:i], other, *steps[i + 1 :])
        for channel in space.channels:
            yield i + 1, "channel", (*steps[:i], _on(space, channel, step.wait), *steps[i + 1 :])


def _made(space: Space, order: Steps, waits: Steps) -> Steps:
    """The channels of the one plan with the waits of the other, place by place."""
    return tuple(_on(space, step.channel, by.wait) for step, by in zip(order, waits, strict=True))


def _on(space: Space, channel: str, wait: int | None) -> Step:
    if wait is None:
        return space.at_the_end[channel][0]
    return next(step for step in space.before_another[channel] if step.wait == wait)


def is_allowed(space: Space, steps: Steps) -> bool:
    """Whether the question allows a plan, whose waits are its own."""
    channels = tuple(step.channel for step in steps)
    return len(steps) in space.lengths and all(
        channel in set(space.next_channels(channels[:i], len(steps))) for i, channel in enumerate(channels)
    )
