"""What is true of an instance, by looking at all of its plans: the optimum, and what coverage costs at least."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.search.problem import BILLION, Problem

LEVELS = 100
_NOISE = 1e-12  # of coverage: what adding up in another order may change
NEAR = 1.01
"""How much more than the least cost still counts as having found a level."""


@dataclass(frozen=True)
class Truth:
    """Of all `plans`: the least value; levels of coverage, and the least cost (EUR per person) to reach each.

    Levels are even steps from what the cheapest plan covers, which everybody finds, up to the most that any covers.
    """

    plans: int
    value: float
    levels: NDArray[np.float64]
    costs: NDArray[np.float64]

    def share(self, covered: NDArray[np.float64], costs: NDArray[np.float64]) -> float:
        """At how many of the levels one of these plans costs at most a hundredth more than it has to."""
        return float(np.mean(least_costs(self.levels, covered, costs) <= NEAR * self.costs))


def truth(problem: Problem) -> Truth:
    """All plans are evaluated: some seconds for forty million."""
    count, value = 0, np.inf
    covered, costs = np.empty(0), np.empty(0)
    for channels, waits in problem.every_plan():
        figures = problem.many.evaluate(channels, waits)
        count, value = count + len(channels), min(value, float(problem.value(figures).min()))
        own = figures.costs / BILLION
        new = own < least_costs(figures.covered, covered, costs)  # what plans before beat cannot count
        covered, costs = _efficient(np.append(covered, figures.covered[new]), np.append(costs, own[new]))
    levels = np.linspace(covered[costs == costs.min()].max(), covered.max(), LEVELS + 1)[1:]
    return Truth(count, value, levels, least_costs(levels, covered, costs))


def least_costs(
    levels: NDArray[np.float64], covered: NDArray[np.float64], costs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """For each level the least cost of a plan that covers as much; infinite where none does."""
    order = np.argsort(covered)
    least = np.append(np.minimum.accumulate(costs[order][::-1])[::-1], np.inf)
    return least[np.searchsorted(covered[order], levels - _NOISE)]


def _efficient(covered: NDArray[np.float64], costs: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """The plans that none here beats in both, which is all that levels need."""
    order = np.lexsort((-covered, costs))
    most = np.maximum.accumulate(covered[order])
    first = np.append(True, most[1:] > most[:-1])
    return covered[order][first], costs[order][first]
