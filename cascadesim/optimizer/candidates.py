"""The plans of one segment that may be chosen, and what each comes to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.optimizer.descent import Found
from cascadesim.optimizer.quantities import TIME_TO_OPEN, Quantity
from cascadesim.optimizer.space import Space, Step, Steps, order


@dataclass(frozen=True, slots=True)
class Candidates:
    """The plans of one segment and what each comes to, ranked as equally good plans are (`space.order`).

    `table[k, q]` is the expected number, over the segment's `people`, of `quantities[q]` under `plans[k]`.
    `nodes` counts the plans evaluated and the beginnings that were cut off; `complete` says whether every plan is
    here that may be part of the best choice.
    """

    segment: str
    people: float
    plans: tuple[Steps, ...]
    quantities: tuple[Quantity, ...]
    table: Floats
    nodes: int
    complete: bool
    reach: frozenset[str] | None = None

    @property
    def name(self) -> str:
        """Whose plans they are: the segment, and by reach the channels that these people of it have."""
        return audience_name(self.segment, self.reach)

    def column(self, quantity: Quantity) -> Floats:
        """One quantity of every plan; KeyError if it was not asked for."""
        if quantity not in self.quantities:
            raise KeyError(quantity)
        column: Floats = self.table[:, self.quantities.index(quantity)]
        return column

    def take(self, kept: NDArray[np.intp]) -> Candidates:
        """These plans alone."""
        return replace(self, plans=tuple(self.plans[k] for k in kept), table=self.table[kept])

    def uses(self, channel: str) -> Floats:
        """1 for plans with a step on the channel, 0 for the others."""
        return np.array([float(any(s.channel == channel for s in steps)) for steps in self.plans])


def audience_name(segment: str, reach: frozenset[str] | None) -> str:
    """How those are called who get one plan."""
    return segment if reach is None else f"{segment} reached by {', '.join(sorted(reach)) or 'nothing'}"


def steps_in(space: Space, found: Found) -> list[Steps]:
    """The plans that the search found, in words."""
    channels = space.channels
    early = [space.before_another[c] for c in channels]
    last = [space.at_the_end[c][0] for c in channels]

    def step(c: int, w: int) -> Step:
        return last[c] if w < 0 else early[c][w]

    rows = zip(found.channel.tolist(), found.wait.tolist(), strict=True)
    return [tuple(step(c, w) for c, w in zip(cs, ws, strict=True) if c >= 0) for cs, ws in rows]


def candidates_of(
    space: Space,
    who: tuple[str, frozenset[str] | None],
    people: float,
    found: Sequence[Found],
    quantities: Sequence[Quantity],
    deadlines: Sequence[int],
    time_to_open: Callable[[Steps], float],
    nodes: int,
    complete: bool,
) -> Candidates:
    """The plans found, ranked; `deadlines` are those of the board, and `time_to_open` is calculated plan by plan."""
    plans = [steps for part in found for steps in steps_in(space, part)]
    columns = [np.concatenate([_column(space, part, q, deadlines) for part in found]) if found else np.zeros(0)
               for q in quantities]  # fmt: skip
    for q, column in zip(quantities, columns, strict=True):
        if q == TIME_TO_OPEN:
            column[:] = [time_to_open(steps) for steps in plans]
    ranked = sorted(range(len(plans)), key=lambda k: order(plans[k]))
    table = np.array(columns).reshape(len(quantities), len(plans)).T[ranked] * people
    segment, reach = who
    ordered = tuple(plans[k] for k in ranked)
    return Candidates(segment, people, ordered, tuple(quantities), table, nodes, complete, reach)


def _column(space: Space, found: Found, quantity: Quantity, deadlines: Sequence[int]) -> Floats:
    """One quantity of the plans found, for one person."""
    match quantity.kind:
        case "people" | "time to open":
            return np.ones(len(found.value))
        case "covered":
            return 1.0 - found.missed[:, 0]
        case "opened by":
            return 1.0 - found.missed[:, deadlines.index(quantity.at or 0)]
        case "cost" | "messages":
            of_channels = found.cost if quantity.kind == "cost" else found.messages
            wanted = [c for c, name in enumerate(space.channels) if quantity.channel in (None, name)]
            column: Floats = of_channels[:, wanted].sum(axis=1)
            return column
