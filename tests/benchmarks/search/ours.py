"""What this project's own solver makes of an instance: the optimum with its proof, and the frontier step by step."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.optimizer import solver
from tests.benchmarks.search.problem import BILLION, Problem

_STEP = 0.0025
"""By how much more each plan of `by_coverage` covers: a quarter of a percentage point."""


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


def by_coverage(problem: Problem, limit: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The cheapest plan of all, then the cheapest that covers more by `_STEP`, and so on, until time is over.

    When each was found, its coverage and its cost. Each is proven to be the cheapest that covers as much. The price of
    a miss only makes the search quick: it is what the last step was found to cost.
    """
    begun = time.perf_counter()
    found, price, cap = list[tuple[float, float, float]](), 1e-6, 1.0
    while True:
        best = solver.best(
            problem.board, problem.weights(price), lambda _: time.perf_counter() - begun < limit, cap=cap
        )
        now = time.perf_counter() - begun
        if best is None or now > limit:
            break
        missed, cost = float(best.found.missed[0, 0]), float(best.found.cost[0].sum()) / BILLION
        found.append((now, 1.0 - missed, cost))
        if len(found) > 1:
            price = (cost - found[-2][2]) / (1.0 - missed - found[-2][1])
        cap = missed - _STEP
    at, covered, costs = np.array(found).reshape(-1, 3).T
    return at, covered, costs
