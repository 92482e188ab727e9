"""Who gets one plan, as the search sees them: their board, and what a sum over them weighs there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cascadesim.engines.exact import Evaluator, Measures, Prefix
from cascadesim.engines.exact.quadrature import Floats
from cascadesim.optimizer.board import Board, board_of
from cascadesim.optimizer.bound import Weights
from cascadesim.optimizer.candidates import Candidates, candidates_of
from cascadesim.optimizer.descent import Found
from cascadesim.optimizer.quantities import TIME_TO_OPEN, Quantity
from cascadesim.optimizer.space import Space, Steps

_INSTANTS = 48  # at which the curve over time is looked at, where the time to open counts


@dataclass(frozen=True)
class Audience:
    """A segment, or the part of it with one reach pattern: `people` of them, who all get one plan.

    `quantities` are what must be known of each plan, `charged` the channels with a price per campaign.
    """

    segment: str
    people: float
    evaluator: Evaluator
    space: Space
    quantities: tuple[Quantity, ...]
    charged: frozenset[str] = frozenset()
    reach: frozenset[str] | None = None

    @cached_property
    def board(self) -> Board:
        """The tables of the search. TooManyInstantsError where they would be too large."""
        return board_of(self.evaluator, self.space, self.deadlines, self.charged)

    @property
    def classes(self) -> int:
        """How many classes of people there are: reach patterns, times kinds."""
        classes = self.evaluator.tables.classes
        return len(classes.patterns) * len(classes.shares)

    @cached_property
    def deadlines(self) -> tuple[int, ...]:
        """The deadlines that misses are counted by: the question's, those of shares of openers, the curve's instants.

        All are in microseconds from entry.
        """
        opened = (q.at or 0 for q in self.quantities if q.kind == "opened by")
        return tuple(dict.fromkeys((self.evaluator.within, *opened))) + self._instants

    @cached_property
    def _instants(self) -> tuple[int, ...]:
        if TIME_TO_OPEN not in self.quantities:
            return ()
        horizon = self.evaluator.tables.horizon
        spread = np.geomspace(1e-4 * horizon, horizon, _INSTANTS)
        return (*(int(t) for t in spread[:-1]), horizon)

    def weights(self, terms: Mapping[Quantity, float], uses: Floats) -> tuple[Weights, float]:
        """A weighted sum of quantities for one person, and of the channels used, as weights and a constant.

        What is weighed is never more than the sum, and equal to it unless the time to open counts: the curve of who
        is uncovered falls, so the area below it is at least that of the steps whose height it has at their ends.
        """
        channels = self.space.channels
        cost, messages, miss = np.zeros(len(channels)), np.zeros(len(channels)), np.zeros(len(self.deadlines))
        constant = 0.0
        for quantity, weight in terms.items():
            match quantity.kind:
                case "people":
                    constant += weight
                case "covered":
                    constant += weight
                    miss[0] -= weight
                case "opened by":
                    constant += weight
                    miss[self.deadlines.index(quantity.at or 0)] -= weight
                case "time to open":
                    widths = np.diff(np.array([0.0, *self._instants]))
                    if weight > 0:
                        miss[-_INSTANTS:] += weight * widths
                    else:  # the area is at most that of steps as high as the curve at their beginnings
                        constant += weight * widths[0]
                        miss[-_INSTANTS:-1] += weight * widths[1:]
                case "cost" | "messages":
                    of = cost if quantity.kind == "cost" else messages
                    of[[c for c, name in enumerate(channels) if quantity.channel in (None, name)]] += weight
        return Weights(cost, messages, np.asarray(uses, dtype=np.float64), miss), constant

    def candidates(self, found: Sequence[Found], nodes: int, complete: bool) -> Candidates:
        """The plans found, and what each comes to over the people."""

        def time_to_open(steps: Steps) -> float:
            return self.measures(steps).restricted_time

        return candidates_of(
            self.space, (self.segment, self.reach), self.people, found, self.quantities, self.deadlines, time_to_open,
            nodes, complete,
        )  # fmt: skip

    def measured(self, plans: Sequence[Steps]) -> Candidates:
        """These plans, and what each comes to over the people; as few as need no search."""
        known: dict[Steps, Prefix] = {(): self.evaluator.root()}
        told = {steps: self._prefix(known, steps).measures() for steps in dict.fromkeys(plans)}
        table = np.array([[q.of(told[steps]) for q in self.quantities] for steps in plans]) * self.people
        return Candidates(self.segment, self.people, tuple(plans), self.quantities, table, 0, False, self.reach)

    def measures(self, steps: Steps) -> Measures:
        """What the closed form says of one plan, for one person."""
        return self._prefix({(): self.evaluator.root()}, steps).measures()

    def _prefix(self, known: dict[Steps, Prefix], steps: Steps) -> Prefix:
        """The plan, made from that of all its steps but the last; `known` keeps them."""
        if steps not in known:
            *_, last = steps
            known[steps] = self._prefix(known, steps[:-1]).then(last.channel, last.wait, last.undelivered_after)
        return known[steps]
