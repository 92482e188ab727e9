"""What this project's own solver makes of an instance: the optimum with its proof, and the frontier."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.optimizer import solver
from cascadesim.optimizer.levels import levels
from cascadesim.optimizer.quantities import COST, COVERED
from tests.benchmarks.search.problem import BILLION, Problem


@dataclass(frozen=True)
class Proof:
    """Values are in EUR per person; gaps are shares of the value; the root's bound is that of the empty plan."""

    instance: str
    plans: int
    board: float
    seconds: float
    nodes: int
    value: float
    gap: float
    root_gap: float


def prove(problem: Problem, limit: float, timed: Callable[[Callable[[], object]], float]) -> Proof:
    """Searches until it is proven or the limit (in seconds) is over; `timed` says how it is timed."""
    board_seconds = problem.seconds_to_make()
    weights = problem.weights()
    found: list[solver.Best | None] = []

    def search() -> None:
        until = time.perf_counter() + limit
        found.append(solver.best(problem.board, weights, lambda _: time.perf_counter() < until))

    seconds, best = timed(search), found[-1]
    assert best is not None
    root = solver.root(problem.board, weights)
    return Proof(
        problem.instance.name, problem.space.size(), board_seconds, seconds, best.nodes, best.value / BILLION,
        float(1.0 - best.bound / best.value), float(1.0 - root / best.value),
    )  # fmt: skip


def by_levels(problem: Problem, limit: float) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The frontier as `optimize` finds it where there are too many plans to list, or as far as it is when time is over.

    How long it took, and its plans' coverage and cost in EUR per person. The board is at hand, as for `prove`.
    """
    audience = problem.audience
    _ = audience.board
    begun = time.perf_counter()
    found = levels(audience, lambda _: time.perf_counter() - begun < limit)
    took = time.perf_counter() - begun
    return took, found.column(COVERED), found.column(COST) / BILLION
