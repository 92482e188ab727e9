"""Every plan of a space for one segment, by depth-first search that shares the work of common beginnings."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

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

    def take(self, kept: NDArray[np.intp]) -> Candidates:
        """These plans alone."""
        return replace(self, plans=tuple(self.plans[k] for k in kept), table=self.table[kept])

    def uses(self, channel: str) -> Floats:
        """1 for plans with a step on the channel, 0 for the others."""
        return np.array([float(any(s.channel == channel for s in steps)) for steps in self.plans])


class Search:
    """Enumerates one segment's plans, up to `most`, and until the time `until` of `time.monotonic()` if given.

    `charged` are the channels with a price per campaign: a step on them is never without effect. `tick` is
    called for each plan looked at and each beginning cut off.
    """

    def __init__(
        self,
        root: Prefix,
        space: Space,
        charged: frozenset[str],
        most: int,
        until: float | None,
        tick: Callable[[], None],
    ) -> None:
        self._root = root
        self._space = space
        self._charged = charged
        self._most = most
        self._until = until
        self._tick = tick
        self._nodes = 0
        self._complete = True

    def run(self, segment: str, people: float, quantities: tuple[Quantity, ...]) -> Candidates:
        """All plans, those of fewer steps first: where time runs out, it is the longest that are missing."""
        plans: list[Steps] = []
        values = array("d")
        for length in self._space.lengths:
            for steps, prefix in self._descend(self._root, (), length):
                measures = prefix.measures()
                plans.append(steps)
                values.extend(quantity.of(measures) for quantity in quantities)
        ranked = sorted(range(len(plans)), key=lambda k: order(plans[k]))
        table = np.array(values).reshape(-1, len(quantities))[ranked] * people
        ordered = tuple(plans[k] for k in ranked)
        return Candidates(segment, people, ordered, quantities, table, self._nodes, self._complete)

    def _descend(self, before: Prefix, steps: Steps, length: int) -> Iterator[tuple[Steps, Prefix]]:
        """The plans of exactly this many steps that begin so."""
        last = len(steps) + 1 == length
        for channel in self._space.next_channels(tuple(s.channel for s in steps), length):
            for step in self._space.steps(channel, last):
                if self._is_over():
                    return
                prefix = before.then(channel, step.wait, step.undelivered_after)
                if not prefix.last_messages and self._is_needless(channel, len(steps), length):
                    self._count()
                    break  # whatever the wait
                if last:
                    self._count()
                    yield (*steps, step), prefix
                else:
                    yield from self._descend(prefix, (*steps, step), length)

    def _is_needless(self, channel: str, place: int, length: int) -> bool:
        """Whether without this step, which sends nothing, there is a shorter plan that does the same.

        A step sends nothing where nobody comes to it before the horizon whom the channel reaches. It must stay
        where the question demands a first or last step, or so many, and where it costs a fee, which a limit from
        below might ask for.
        """
        return (
            length > self._space.min_steps
            and channel not in self._charged
            and not (place == 0 and self._space.start_with)
            and not (place + 1 == length and self._space.end_with)
        )

    def _is_over(self) -> bool:
        late = self._until is not None and time.monotonic() > self._until
        self._complete = self._complete and not late and self._nodes < self._most
        return not self._complete

    def _count(self) -> None:
        self._nodes += 1
        self._tick()
