"""A search that is stopped still says what no plan is under."""

from __future__ import annotations

import pytest

from cascadesim.optimizer import solver
from tests.benchmarks.search.market import INSTANCES, Size
from tests.benchmarks.search.problem import Problem


@pytest.mark.parametrize("instance", INSTANCES[1:4], ids=lambda instance: instance.name)
@pytest.mark.parametrize("times", [1, 2])
def test_the_bound_lies_between_the_root_and_the_optimum(instance, times, monkeypatch):
    monkeypatch.setattr(solver, "_BUDGET", 5)
    problem = Problem(instance, Size(5, 3, 4, times))
    weights = problem.weights()
    optimum = solver.best(problem.board, weights)
    root = solver.root(problem.board, weights)
    assert root <= optimum.value == optimum.bound
    for calls in (1, 3, 10, 30):
        left = iter(range(calls))
        stopped = solver.best(problem.board, weights, lambda _, left=left: next(left, None) is not None)
        assert root * (1 - 1e-12) <= stopped.bound <= optimum.value <= stopped.value
