"""What one search has looked at, and when: the one way in which anybody here has plans evaluated."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.many import Figures
from tests.benchmarks.search.problem import BILLION, Plans, Problem


@dataclass
class Log:
    """Evaluates plans in the searcher's own thread; its clock runs from when it is made, for so many `seconds`.

    What is asked after the end is answered, but does not count.
    """

    problem: Problem
    seconds: float
    _times: list[float] = field(default_factory=list)
    _parts: list[Figures] = field(default_factory=list)
    _begun: float = field(default_factory=time.perf_counter)

    @property
    def left(self) -> float:
        """Seconds to the end."""
        return self._begun + self.seconds - time.perf_counter()

    def evaluate(self, plans: Plans) -> Figures:
        """What the plans come to."""
        figures = self.problem.many.evaluate(*plans, jobs=1)
        self._times.append(time.perf_counter() - self._begun)
        self._parts.append(figures)
        return figures

    def counted(self) -> list[tuple[float, Figures]]:
        """What was evaluated in time, part by part."""
        return [(at, part) for at, part in zip(self._times, self._parts, strict=True) if at <= self.seconds]

    def plans(self) -> int:
        """How many plans, each as often as it was asked for."""
        return sum(len(part.covered) for _, part in self.counted())

    def points(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """When each was evaluated, its coverage and its cost in EUR per person."""
        counted = self.counted()
        times = np.repeat([at for at, _ in counted], [len(part.covered) for _, part in counted])
        covered, costs = (np.concatenate([getattr(p, name) for _, p in counted]) for name in ("covered", "costs"))
        return times, covered, costs / BILLION

    def best_by(self, instants: NDArray[np.float64]) -> NDArray[np.float64]:
        """The least value found by each of these instants, in seconds; infinite before the first."""
        counted = self.counted()
        least = np.minimum.accumulate([np.inf, *(self.problem.value(part).min() for _, part in counted)])
        found: NDArray[np.float64] = least[np.searchsorted([at for at, _ in counted], instants, side="right")]
        return found
