"""pymoo's genetic algorithms on plans: one for a single objective, and NSGA-II. Version in `constraints.txt`.

How they are treated:

 - *Encoding.* Vectors of whole numbers (`plans`), handed on place by place: uniform crossover did a little better here
   than two-point crossover, and is quicker. Mutation draws a place anew, with the probability of one in the number of
   places that is pymoo's rule: channels are names, and to add to a name's number (as polynomial mutation would) means
   nothing.
 - *Duplicates.* Each vector is repaired to the one that stands for its plan; pymoo then drops whom it has already
   (`eliminate_duplicates`), so no evaluation goes to a plan that the population has.
 - *Evaluations.* A generation at a time, by the compiled evaluator of arrays.
 - *Start.* The greedy plan, as it was after each of its steps, is in the first population; the rest of it is random.
 - *Settings.* The library's own else: populations of a hundred. Who stops before the time is over, because mating
   brings nothing new, begins again from another population; all that was found counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.algorithms.soo.nonconvex.ga import GA
from pymoo.core.mutation import Mutation
from pymoo.core.problem import Problem
from pymoo.core.repair import Repair
from pymoo.operators.crossover.ux import UniformCrossover
from pymoo.termination import get_termination

from tests.benchmarks.search.log import Log
from tests.benchmarks.search.plans import Encoding, Vectors

_POPULATION = 100


class _Cascades(Problem):
    """The vectors and what they are worth."""

    def __init__(self, log: Log, encoding: Encoding, both: bool) -> None:
        highest = encoding.highest
        super().__init__(n_var=len(highest), n_obj=2 if both else 1, xl=0, xu=highest, vtype=int)
        self.log, self.encoding, self.both = log, encoding, both

    def _evaluate(self, vectors: Vectors, out: dict[str, Any], *_: Any, **__: Any) -> None:
        figures = self.log.evaluate(self.encoding.plans(vectors))
        value = self.log.problem.value
        out["F"] = np.column_stack([-figures.covered, figures.costs] if self.both else [value(figures)])


class _Anew(Mutation):
    """Draws places anew."""

    def _do(self, problem: _Cascades, vectors: Vectors, *_: Any, random_state: Any = None, **__: Any) -> Vectors:
        drawn = random_state.integers(0, problem.encoding.highest + 1, size=vectors.shape)
        mutated: Vectors = np.where(random_state.random(vectors.shape) < 1 / problem.n_var, drawn, vectors)
        return mutated


class _OneVectorAPlan(Repair):
    def _do(self, problem: _Cascades, vectors: Vectors, **_: Any) -> Vectors:
        return problem.encoding.repaired(vectors)


def ga(log: Log, start: Vectors, seed: int, both: bool) -> None:
    """Searches until the log's time is over, for the least value or, by NSGA-II, for `both` coverage and cost."""
    problem = _Cascades(log, Encoding(log.problem.size), both)
    begun = 0
    while log.left > 0:
        algorithm = (NSGA2 if both else GA)(
            pop_size=_POPULATION,
            sampling=_population(problem.encoding, start, np.random.default_rng([seed, begun])),
            crossover=UniformCrossover(),
            mutation=_Anew(),
            repair=_OneVectorAPlan(),
            eliminate_duplicates=True,
        )
        termination = get_termination("time", log.left)
        algorithm.setup(problem, termination=termination, seed=seed + 1000 * begun, verbose=False)
        while algorithm.has_next() and log.left > 0:
            algorithm.next()
        begun += 1


def _population(encoding: Encoding, start: Sequence[Sequence[int]] | Vectors, draw: np.random.Generator) -> Vectors:
    rest = draw.integers(0, encoding.highest + 1, size=(_POPULATION - len(start), len(encoding.highest)))
    return encoding.repaired(np.vstack([start, rest]))
