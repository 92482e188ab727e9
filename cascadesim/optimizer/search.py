"""Every plan of a space for one segment, by depth-first search that shares the work of common beginnings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact import Prefix
from cascadesim.optimizer.quantities import Quantity
from cascadesim.optimizer.space import Space, Steps, order

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The plans of one segment and what each comes to, ranked as equally good plans are (`space.order`).

    `table[k, q]` is the expected number, over the segment's `people`, of `quantities[q]` under `plans[k]`.
    `nodes` counts the plans evaluated and the beginnings that were cut off; `complete` says whether the search
    got through the whole space.
    """

    segment: str
    people: float
    plans: tuple[Steps, ...]
    quantities: tuple[Quantity, ...]
    table: Floats
    nodes: int
    complete: bool

    def column(self, quantity: Quantity) -> Floats:
        """One quantity of every plan; KeyError if it was not asked for."""
        if quantity not in self.quantities:
            raise KeyError(quantity)
        column: Floats = self.table[:, self.quantities.index(quantity)]
        return column

    def uses(self, channel: str) -> Floats:
        """1 for plans with a step on the channel, 0 for the others."""
        return np.array([float(any(s.channel == channel for s in steps)) for steps in self.plans])


class Search:
    """Enumerates one segment's plans; `until` is when to stop, by `time.monotonic()`.

    `charged` are the channels with a price per campaign: a step on them is never without effect.
    """

    def __init__(
        self, root: Prefix, space: Space, charged: frozenset[str], until: float | None, tick: Callable[[int], None]
    ) -> None:
        self._root = root
        self._space = space
        self._charged = charged
        self._until = until
        self._tick = tick
        self._nodes = 0
        self._complete = True

    def run(self, segment: str, people: float, quantities: tuple[Quantity, ...]) -> Candidates:
        """All plans, those of fewer steps first: where time runs out, it is the longest that are missing."""
        plans: list[Steps] = []
        rows: list[list[float]] = []
        for length in self._space.lengths:
            for steps, prefix in self._descend(self._root, (), length):
                measures = prefix.measures()
                plans.append(steps)
                rows.append([quantity.of(measures) for quantity in quantities])
        ranked = sorted(range(len(plans)), key=lambda k: order(plans[k]))
        table = np.array(rows, dtype=np.float64).reshape(len(rows), len(quantities))[ranked] * people
        ordered = tuple(plans[k] for k in ranked)
        return Candidates(segment, people, ordered, quantities, table, self._nodes, self._complete)

    def _descend(self, before: Prefix, steps: Steps, length: int) -> Iterator[tuple[Steps, Prefix]]:
        """The plans of exactly this many steps that begin so."""
        last = len(steps) + 1 == length
        for channel in self._space.next_channels(tuple(s.channel for s in steps), length):
            for step in self._space.steps(channel, last):
                if self._until is not None and time.monotonic() > self._until:
                    self._complete = False
                    return
                prefix = before.then(channel, step.wait, step.undelivered_after)
                if self._is_idle(before, prefix, channel, len(steps), length):
                    self._count()
                    break  # whatever the wait
                if last:
                    self._count()
                    yield (*steps, step), prefix
                else:
                    yield from self._descend(prefix, (*steps, step), length)

    def _is_idle(self, before: Prefix, prefix: Prefix, channel: str, place: int, length: int) -> bool:
        """Whether the step sends nothing and a shorter plan, allowed as well, does the same without it.

        So it is where the channel reaches nobody who comes this far, or after the horizon. A demanded first or
        last step stays, and so does a step that costs a fee (which a limit from below might ask for).
        """
        return (
            length > self._space.min_steps
            and channel not in self._charged
            and not (place == 0 and self._space.start_with)
            and not (place + 1 == length and self._space.end_with)
            and prefix.measures().messages == before.measures().messages
        )

    def _count(self) -> None:
        self._nodes += 1
        self._tick(1)
