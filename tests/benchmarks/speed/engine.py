"""The compiled engine timed through the public door, alone and beside the two SimPy models."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cascadesim
from cascadesim import Model, Outcome
from tests.benchmarks.speed import idiomatic, leanest
from tests.benchmarks.speed.campaign import campaign, without_limits, without_limits_and_quiet_hours
from tests.benchmarks.speed.given import Counts, Given, Totals, given, totals, totals_of
from tests.benchmarks.speed.machine import best, once

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class BesideSimPy:
    """Seconds that the same campaign takes; `uncollected` is without Python's garbage collector.

    The compiled engine draws its people within its time, the SimPy models are given them. `messages` and `covered` are
    what all of them found.
    """

    people: int
    messages: int
    covered: int
    compiled: float
    leanest: float
    leanest_uncollected: float
    idiomatic: float | None
    idiomatic_uncollected: float | None


@dataclass(frozen=True)
class Many:
    """A campaign of many people with its limits, by one thread, in a process of its own: seconds, and bytes."""

    people: int
    seconds: float
    peak_memory: int


@dataclass(frozen=True)
class Unlimited:
    """Seconds without throughput limits, by two threads: with the campaign's quiet hours, and without any."""

    people: int
    quiet_hours: float
    no_quiet_hours: float


def compiled(model: Model, jobs: int) -> Outcome:
    """The model's chain, by the engine that is shipped."""
    return cascadesim.simulate(model, cascadesim.cases(model), engine="compiled", jobs=jobs)


def seconds_of(model: Model, jobs: int, seconds: float) -> float:
    """The best time of a run, from the model to the outcome."""
    return best(lambda: compiled(model, jobs), seconds)


def beside_simpy(people: int, seconds: float, with_idiomatic: bool) -> BesideSimPy:
    """The three, which must come to the same totals; AssertionError if they do not."""
    model = campaign(people)
    drawn, expected = given(model), totals_of(compiled(model, 1).chains[0])
    ours = seconds_of(model, 1, seconds)
    lean = [min(_simpy(leanest.simulate, model, drawn, expected, c) for _ in range(3)) for c in (True, False)]
    usual = [_simpy(idiomatic.simulate, model, drawn, expected, c) if with_idiomatic else None for c in (True, False)]
    messages = sum(step.sent for step in expected.steps)
    return BesideSimPy(people, messages, expected.covered, ours, *lean, *usual)


def _simpy(
    written: Callable[[Given], tuple[list[Counts], int]], model: Model, drawn: Given, expected: Totals, collecting: bool
) -> float:
    """How long the SimPy model took to find what the compiled engine found."""
    found: list[tuple[list[Counts], int]] = []
    with _garbage(collecting):
        taken = once(lambda: found.append(written(drawn)))
    if totals(model, *found[0]) != expected:
        raise AssertionError(f"{written.__module__} and the compiled engine differ")
    return taken


@contextmanager
def _garbage(collecting: bool) -> Iterator[None]:
    """Python's collector as it is by default, or off; what was there before is never looked at."""
    gc.collect()
    gc.freeze()
    if not collecting:
        gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def many(people: int) -> Many:
    """Measured in a process that does nothing else, so that the peak is the campaign's."""
    command = [sys.executable, "-m", "tests.benchmarks.speed.many", str(people)]
    ended = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return Many(**json.loads(ended.stdout))


def unlimited(people: int, seconds: float) -> Unlimited:
    """Both, of the same people."""
    model = campaign(people)
    of = partial(seconds_of, jobs=2, seconds=seconds)
    return Unlimited(people, of(without_limits(model)), of(without_limits_and_quiet_hours(model)))
