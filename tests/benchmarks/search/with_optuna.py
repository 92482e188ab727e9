"""Optuna's samplers on plans: the tree-structured Parzen estimator, and NSGA-II. Version in `constraints.txt`.

How they are treated:

 - *Encoding.* Each slot's channel is a categorical parameter, as channels have no order, and each wait a whole number,
   as waits have one (`plans`). All parameters are there in every trial: NSGA-II crosses over only those that all
   trials have, and TPE looks at only these from the start, so a tree of conditional parameters would be worse.
 - *Duplicates.* A plan asked for again is evaluated again, as Optuna does; that takes microseconds, the sampler far
   more, so remembering plans would gain nothing.
 - *Evaluations.* One at a time, in the thread of `Study.optimize`, by the compiled evaluator.
 - *Start.* The greedy plan, as it was after each of its steps, is enqueued: these are the first trials.
 - *Settings.* The library's own, with storage in memory and its messages off.
"""

from __future__ import annotations

from collections.abc import Sequence

import optuna

from tests.benchmarks.search.log import Log
from tests.benchmarks.search.plans import Encoding


def tpe(log: Log, start: Sequence[Sequence[int]], seed: int, both: bool) -> None:
    """Searches until the log's time is over, for the least value or for `both` coverage and cost."""
    _search(optuna.samplers.TPESampler(seed=seed), log, start, both)


def nsga2(log: Log, start: Sequence[Sequence[int]], seed: int, both: bool) -> None:
    """The same with NSGA-II."""
    _search(optuna.samplers.NSGAIISampler(seed=seed), log, start, both)


def _search(sampler: optuna.samplers.BaseSampler, log: Log, start: Sequence[Sequence[int]], both: bool) -> None:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    encoding = Encoding(log.problem.size)
    names, highest = _names(encoding), [int(most) for most in encoding.highest]

    def objective(trial: optuna.Trial) -> float | tuple[float, float]:
        vector = [_asked(trial, name, most) for name, most in zip(names, highest, strict=True)]
        figures = log.evaluate(encoding.plan(vector))
        if both:
            return float(figures.covered[0]), float(figures.costs[0])
        return float(log.problem.value(figures)[0])

    study = optuna.create_study(sampler=sampler, directions=["maximize", "minimize"] if both else ["minimize"])
    for vector in start:
        study.enqueue_trial(dict(zip(names, vector, strict=True)))
    study.optimize(objective, timeout=log.left)


def _names(encoding: Encoding) -> list[str]:
    places = range(2 * encoding.size.steps - 1)
    return [f"{'wait' if place % 2 else 'channel'} {place // 2 + 1}" for place in places]


def _asked(trial: optuna.Trial, name: str, most: int) -> int:
    if name.startswith("wait"):
        return trial.suggest_int(name, 0, most)
    return int(trial.suggest_categorical(name, tuple(range(most + 1))))
