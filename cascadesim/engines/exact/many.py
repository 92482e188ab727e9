"""Many plans at once, in compiled code: what a search over orders and waits spends its time on (S15).

Where every stop event implies a covering one, what a plan comes to is made of products of S and G. The times at which
its messages go out are sums of waits, and so are the ages at which S is asked for. Each wait has a whole number as its
code such that the sum of some waits' codes tells their sum in time: then S and G are tables by code, and neither a
search nor a subtraction in time is needed.
"""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.evaluator import Evaluator
from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.exact.tables import UNPROMPTED
from cascadesim.errors import RefusedError

Plans = NDArray[np.signedinteger]

_MOST = 1 << 27  # numbers in one table


@dataclass(frozen=True, slots=True)
class Figures:
    """What each plan comes to, as means over the people: arrays with a value for each plan.

    `covered` are probabilities, `costs` are in billionths, without campaign fees; `messages` are numbers of them.
    """

    covered: Floats
    costs: Floats
    messages: Floats


@dataclass(frozen=True, slots=True)
class _Codes:
    """The waits' codes, how many codes their sums may have, and the sums before the horizon, with their times."""

    of_waits: NDArray[np.int64]
    size: int
    sums: NDArray[np.int64]
    times: Floats

    @classmethod
    def of(cls, waits: Sequence[int], horizon: int, most: int) -> _Codes:
        """For sums of up to `most` waits: multiples of the waits' greatest divisor, or digits that count each wait."""
        before = [wait for wait in waits if wait < horizon]
        grid = math.gcd(*before) or 1
        multiples = [min(wait, horizon + grid - 1) // grid for wait in waits]
        digits = [(most + 1) ** place for place in range(len(waits))]
        of_waits = np.array(min((multiples, digits), key=lambda codes: max(codes, default=0)), dtype=np.int64)
        sums, times = np.zeros(1, dtype=np.int64), np.zeros(1)
        for _ in range(most):
            longer = np.append(sums, sums[:, None] + of_waits)
            sums, which = np.unique(longer, return_index=True)
            times = np.append(times, times[:, None] + np.array(waits, dtype=float))[which]
            sums, times = sums[times < horizon], times[times < horizon]
        return cls(of_waits, most * int(of_waits.max(initial=0)) + 1, sums, times)


class ManyPlans:
    """Evaluates arrays of plans as its `evaluator` would one by one, of up to `max_steps` steps.

    A plan's waits are of `waits`, in microseconds; nothing is known of `but .. if undelivered` here. Made once, it is
    used by many threads. RefusedError: clock rules count; a stop event comes without a covering one, so that the
    product form does not hold; or the times that the waits sum up to are too many for a table.
    """

    def __init__(self, evaluator: Evaluator, waits: Sequence[int], max_steps: int) -> None:
        tables, classes = evaluator.tables, evaluator.tables.classes
        self.channels, self.waits, self.max_steps = evaluator.channels, tuple(map(int, waits)), max_steps
        numbers = [tables.number(name, resend) for name in self.channels for resend in (False, True)]
        if tables.by_clock:
            raise RefusedError("clock rules count: plans are evaluated one by one")
        if not all(map(tables.implies_cover, (UNPROMPTED, *numbers))):
            raise RefusedError("a stop event comes without a covering one: plans are evaluated one by one")
        codes = _Codes.of(self.waits, tables.horizon, max_steps - 1)
        if codes.size * max(1, len(numbers)) * len(classes.shares) > _MOST:
            raise RefusedError("the waits have too many different sums for a table: plans are evaluated one by one")
        self._codes = codes.of_waits
        self._reached = np.stack([tables.reached(name) for name in self.channels], axis=1)
        self._sending = np.stack([tables.sending(name, None) for name in self.channels], axis=1)
        self._weights = np.outer(classes.weights, classes.shares)
        unprompted, messages = tables.response(UNPROMPTED), [tables.response(number) for number in numbers]
        self._silent = unprompted.uncovered(evaluator.within)
        self._still = _table(codes, [unprompted.stop.calculated(codes.times)])
        self._stops = _table(codes, [m.stop.calculated(codes.times) for m in messages])
        self._covers = _table(codes, [m.cover.calculated(evaluator.within - codes.times) for m in messages], 1.0)
        self._prices = _table(codes, [m.billed_by(tables.horizon - codes.times) for m in messages])

    def evaluate(self, channels: Plans, waits: Plans, jobs: int | None = None) -> Figures:
        """What each of the plans comes to: a row each, a column for each step.

        `channels` are places in the evaluator's `channels` (a negative one ends the plan), `waits` places in the
        waits allowed; what stands after a plan's last step is not read. `jobs` threads share the plans, None: all
        cores. ValueError for arrays of other shapes, or a plan with a channel or a wait that there is not.
        """
        if channels.ndim != 2 or channels.shape != waits.shape or channels.shape[1] > self.max_steps:
            raise ValueError(f"plans are two arrays of one shape, with a row each and up to {self.max_steps} columns")
        count = len(channels)
        found = Figures(np.empty(count), np.empty(count), np.empty(count))
        jobs = max(1, min(jobs or os.cpu_count() or 1, count))
        if jobs == 1:  # starting a thread takes longer than a hundred plans
            self._fill(channels, waits, found, slice(0, count))
            return found
        ends = [count * job // jobs for job in range(jobs + 1)]
        parts = [slice(start, end) for start, end in itertools.pairwise(ends)]
        with ThreadPoolExecutor(jobs) as threads:
            list(threads.map(lambda part: self._fill(channels, waits, found, part), parts))
        return found

    def _fill(self, channels: Plans, waits: Plans, found: Figures, part: slice) -> None:
        from cascadesim.engines.exact.kernels import evaluate_plans  # numba: only for who has many plans

        outputs = found.covered[part], found.costs[part], found.messages[part]
        people = self._reached, self._sending, self._weights, self._silent, self._still
        tables = self._stops, self._covers, self._prices
        wrong = evaluate_plans(channels[part], waits[part], self._codes, *people, *tables, *outputs)
        if wrong >= 0:
            raise ValueError(f"plan {part.start + wrong} has a channel or a wait that there is not")


def _table(codes: _Codes, values: list[Floats], past: float = 0.0) -> Floats:
    """Values by (kind, response x code), from those by (time, kind) of each response; `past` the horizon."""
    table = np.full((values[0].shape[1] if values else 1, len(values), codes.size), past)
    for number, of_times in enumerate(values):
        table[:, number, codes.sums] = of_times.T
    return table.reshape(len(table), -1)
