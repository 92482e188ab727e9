"""An instance made ready: its space, the solver's board, the evaluator of many plans, and what one plan is worth."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

import cascadesim
from cascadesim.engines.exact import Evaluator, ManyPlans
from cascadesim.engines.exact.many import Figures
from cascadesim.optimizer.audience import Audience
from cascadesim.optimizer.board import Board
from cascadesim.optimizer.bound import Weights
from cascadesim.optimizer.quantities import COST, COVERED
from cascadesim.optimizer.space import Space
from tests.benchmarks.search.market import Instance, Size, script

BILLION = 1e9
Plans = tuple[NDArray[np.int8], NDArray[np.int8]]
"""Channels and waits by number, a row a plan; the channel is -1 after the last step."""


@dataclass(frozen=True)
class Problem:
    """An instance at a size, ready to be searched."""

    instance: Instance
    size: Size

    @cached_property
    def evaluator(self) -> Evaluator:
        return Evaluator(
            self._model, "everyone", self._question.goal_events, int(self._question.within),
            self._question.stop_events, channels=self.space.channels,
        )  # fmt: skip

    @cached_property
    def space(self) -> Space:
        return Space.of(self._model, self._question)

    @property
    def board(self) -> Board:
        return self.audience.board

    @cached_property
    def audience(self) -> Audience:
        return Audience("everyone", 1.0, self.evaluator, self.space, (COST, COVERED))

    @cached_property
    def many(self) -> ManyPlans:
        waits = [int(step.wait or 0) for step in self.space.before_another[self.space.channels[0]]]
        return ManyPlans(self.evaluator, waits, self.space.max_steps)

    @cached_property
    def _model(self):  # type: ignore[no-untyped-def]
        return cascadesim.read_text(script(self.instance, self.size)).model

    def seconds_to_make(self) -> float:
        """How long the solver's board takes when the evaluator is there."""
        _ = self.evaluator
        self.__dict__.pop("audience", None)
        begun = time.perf_counter()
        _ = self.board
        return time.perf_counter() - begun

    @property
    def _question(self):  # type: ignore[no-untyped-def]
        return self._model.questions[0]

    def weights(self, miss: float | None = None) -> Weights:
        """Those of the cost per person and the price of a miss: the instance's, or another one, in EUR."""
        none = np.zeros(self.size.channels)
        price = self.instance.miss if miss is None else miss
        return Weights(cost=none + 1.0, messages=none, use=none, miss=np.array([price * BILLION]))

    def value(self, figures: Figures) -> NDArray[np.float64]:
        """What is minimized: EUR per person, the price of a miss for those who are not covered included."""
        found: NDArray[np.float64] = figures.costs / BILLION + self.instance.miss * (1.0 - figures.covered)
        return found

    def every_plan(self) -> Iterator[Plans]:
        """All plans of the space, in parts; channels come once."""
        assert self.size.times == 1
        for length in self.space.lengths:
            waits = np.array(list(itertools.product(range(self.size.waits), repeat=length - 1)), dtype=np.int8)
            waits = np.pad(waits.reshape(len(waits), length - 1), ((0, 0), (0, self.size.steps - length + 1)))
            orders = itertools.permutations(range(self.size.channels), length)
            while part := list(itertools.islice(orders, max(1, 1_000_000 // len(waits)))):
                channels = np.full((len(part), self.size.steps), -1, dtype=np.int8)
                channels[:, :length] = part
                yield np.repeat(channels, len(waits), axis=0), np.tile(waits, (len(part), 1))
