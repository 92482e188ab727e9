"""Searches side by side: the same instances, evaluator, start, seeds and wall time for each."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.search.log import Log
from tests.benchmarks.search.market import Instance, Size
from tests.benchmarks.search.ours import Proof, by_levels, prove
from tests.benchmarks.search.plans import Encoding, Vectors, greedy
from tests.benchmarks.search.problem import Problem
from tests.benchmarks.search.truth import Truth, truth
from tests.benchmarks.speed.machine import once

Searcher = Callable[[Log, Vectors, int, bool], None]
"""Searches with a log, from a start, with a seed, for the least value or for both coverage and cost."""
OURS, TO_THE_END, START = "cascadesim", "cascadesim, to the end", "the greedy start"
_EXACT = 1e-9  # a distance below is none: sums in another order
_POINTS = 60
_PROOF = 60.0  # seconds that a proof may take


@dataclass(frozen=True)
class Rules:
    """What a race is about."""

    instances: tuple[Instance, ...]
    size: Size
    seconds: float
    seeds: int

    @property
    def instants(self) -> tuple[float, ...]:
        """When it is looked at how far a search is."""
        return tuple(float(at) for at in np.geomspace(min(0.02, self.seconds / 10), self.seconds, _POINTS))


@dataclass(frozen=True)
class Run:
    """One search: for the optimum the results are distances to it, for the frontier shares of levels found.

    `seconds` is what it took, `curve` the result by the rules' instants.
    """

    searcher: str
    instance: str
    seed: int
    plans: int
    seconds: float
    result: float
    curve: tuple[float, ...]


@dataclass(frozen=True)
class Results:
    """All runs; `proofs` has one for each seed, although chance has no part in them."""

    seconds: float
    seeds: int
    space: str
    plans: int
    instances: tuple[str, ...]
    instants: tuple[float, ...]
    proofs: tuple[Proof, ...]
    optimum: tuple[Run, ...]
    frontier: tuple[Run, ...]

    def of(self, searcher: str, frontier: bool = False) -> list[Run]:
        """The runs of one searcher."""
        return [run for run in (self.frontier if frontier else self.optimum) if run.searcher == searcher]


def race(
    rules: Rules, scalar: Mapping[str, Searcher], double: Mapping[str, Searcher], say: Callable[[str], None]
) -> Results:
    """Everybody in turn, seed by seed, so that a noisy minute is a noisy minute for all of them."""
    _warm(rules, [*scalar.values(), *double.values()])
    proofs, optimum, frontier, plans = list[Proof](), list[Run](), list[Run](), 0
    for instance in rules.instances:
        problem = Problem(instance, rules.size)
        say(f"{instance.name}: all plans")
        known = truth(problem)
        plans = known.plans
        start = Encoding(rules.size).vectors(greedy(problem))
        optimum.append(_start(rules, problem, known, start))
        for seed in range(rules.seeds):
            say(f"{instance.name}: seed {seed + 1} of {rules.seeds}")
            proofs.append(_proven(problem, known))
            optimum += _runs(rules, problem, known, start, seed, scalar, both=False)
            frontier.append(_levels(rules, problem, known, seed))
            frontier += _runs(rules, problem, known, start, seed, double, both=True)
        frontier.append(_levels(rules, problem, known, 0, _PROOF))
    names = tuple(instance.name for instance in rules.instances)
    return Results(
        rules.seconds, rules.seeds, str(rules.size), plans, names, rules.instants,
        tuple(proofs), tuple(optimum), tuple(frontier),
    )  # fmt: skip


def _warm(rules: Rules, searchers: Sequence[Searcher]) -> None:
    """Everything imported and compiled, for everybody."""
    problem = Problem(rules.instances[0], rules.size)
    start = Encoding(rules.size).vectors(greedy(problem))
    for searcher in searchers:
        for both in (False, True):
            searcher(Log(problem, 0.2), start, 99, both)
    prove(problem, _PROOF, once)
    by_levels(problem, rules.seconds)


def _proven(problem: Problem, known: Truth) -> Proof:
    proof = prove(problem, _PROOF, once)
    assert abs(proof.value - known.value) <= _EXACT or proof.gap > 0, "what is proven is not true"
    return proof


def _runs(
    rules: Rules,
    problem: Problem,
    known: Truth,
    start: Vectors,
    seed: int,
    searchers: Mapping[str, Searcher],
    both: bool,
) -> Iterator[Run]:
    for name, search in searchers.items():
        gc.collect()
        log = Log(problem, rules.seconds)
        search(log, start, seed, both)
        if both:
            curve = _shares(rules, known, *log.points())
        else:
            curve = tuple(_distance(value, known) for value in log.best_by(np.array(rules.instants)))
        yield Run(name, problem.instance.name, seed, log.plans(), rules.seconds, curve[-1], curve)


def _start(rules: Rules, problem: Problem, known: Truth, start: Vectors) -> Run:
    values = problem.value(problem.many.evaluate(*Encoding(rules.size).plans(start), jobs=1))
    distance = _distance(values.min(), known)
    return Run(START, problem.instance.name, 0, len(start), 0.0, distance, (distance,) * len(rules.instants))


def _levels(rules: Rules, problem: Problem, known: Truth, seed: int, limit: float | None = None) -> Run:
    """Our frontier in the same time, or to the end. What there is, is there at the end: it has no curve before."""
    gc.collect()
    took, covered, costs = by_levels(problem, limit or rules.seconds)
    name, share = TO_THE_END if limit else OURS, known.share(covered, costs)
    curve = tuple(share if at >= took else 0.0 for at in rules.instants)
    return Run(name, problem.instance.name, seed, len(covered), took, share, curve)


def _distance(value: float, known: Truth) -> float:
    distance = value / known.value - 1.0
    return 0.0 if distance < _EXACT else float(distance)


def _shares(rules: Rules, known: Truth, times: Vectors, covered: Vectors, costs: Vectors) -> tuple[float, ...]:
    """The share of levels found by each instant."""
    ends = np.searchsorted(times, rules.instants, side="right")
    return tuple(known.share(covered[:end], costs[:end]) for end in ends)
