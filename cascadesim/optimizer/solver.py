"""The segment solver: the best plan of one segment for given weights, with its proof, or all plans up to a value."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.optimizer.board import Board
from cascadesim.optimizer.bound import SETS, Ceilings, Weights, ceilings, still_to_pay
from cascadesim.optimizer.descent import DONE, FULL, Found, descend
from cascadesim.optimizer.outlook import COUNT, FOUND, KEEP_BEST, LEVEL, TOGETHER, WIDTH, Search
from cascadesim.optimizer.position import levels_of
from cascadesim.optimizer.sweep import Sweep, sweep

_BUDGET = 2_000  # levels looked at before Python is asked whether to go on
_ROOM = 1 << 12  # plans that one call finds
_BEAM = 3  # children of each level that the first try follows
_ALL = 1 << 30  # children
_NOISE = 1e-12  # of the value: what adding up in another order may change

Going = Callable[[int], bool]
"""Told how many plans have been looked at; says whether to go on."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best plan found, the only row of `found`, and the value that no plan is under."""

    found: Found
    bound: float
    nodes: int

    @property
    def value(self) -> float:
        """The plan's value."""
        return float(self.found.value[0])


def best(board: Board, weights: Weights, going: Going = lambda _: True, known: float = math.inf) -> Best | None:
    """The plan with the least value; None if no plan is below `known`.

    A first try follows few children of each beginning (a beam); then nothing is left out but what the bound rules
    out, unless `going` says to stop: then the bound is under the value. Some plan is always found if all are wanted.
    """
    run, found = _Run(board, weights, 1), None

    def on(nodes: int) -> bool:
        return going(nodes) or (math.isinf(known) and found is None and run.best() is None)

    below = known
    for width in (_BEAM, _ALL):
        run.begin(below, width, keep_best=True)
        run.exhaust(on)
        found, below = run.best() or found, run.threshold
    return None if found is None else Best(found, min(float(found.value[0]), run.pending), run.nodes)


def cheapest(
    board: Board, weights: Weights, allowed: Floats, known: Found, prices: Floats, near: float, going: Going
) -> Found:
    """The plans of the least value that miss no more by the first deadline than each of `allowed`, the most first.

    `known` has a plan for each, to begin with. Only what is cheaper by the share `near` is looked for. The weights
    are without misses; `prices` of a miss make the bound: the slopes that matter. A few children of each beginning are
    followed first, those that look best at each price: so all levels have good plans before the proof begins.
    """
    first = np.zeros_like(weights.miss)
    first[0] = 1.0
    run = _Run(board, weights._replace(miss=first), 0)
    children = (board.max_steps + 1, max(1, board.times.shape[0] * (board.later.shape[0] - 1)))
    floor, order = np.zeros((*children, len(prices))), np.zeros(children, dtype=np.int32)
    by = np.zeros(1, dtype=np.int64)
    at = Sweep(allowed, known.value.copy(), prices, floor, order, by, near)
    found = Found._make(part.copy() for part in known)
    beams = [(width, price) for width in (_BEAM, 2 * _BEAM) for price in range(len(prices))]
    for width, price in (*beams, (_ALL, len(prices) // 2)):
        by[0] = price
        run.begin(math.inf, width, keep_best=True)
        while run.sweep(found, at) != DONE and going(run.nodes):
            pass
    return found


def within(
    board: Board, weights: Weights, threshold: float, going: Going = lambda _: True, most: float = math.inf
) -> tuple[list[Found], int, bool]:
    """All plans of a value up to the threshold, some at a time; how many were looked at; whether these are all.

    It is given up when there are more than `most`, or `going` says so.
    """
    run = _Run(board, weights, _ROOM)
    run.begin(threshold + abs(threshold) * _NOISE if math.isfinite(threshold) else threshold, _ALL, keep_best=False)
    parts, count = [], 0
    for part in run.results(going):
        parts.append(part)
        count += len(part.value)
        if count > most:
            return parts, run.nodes, False
    return parts, run.nodes, run.finished


def root(board: Board, weights: Weights) -> float:
    """What no plan is under, before any is looked at: the bound of the empty beginning. `best` starts from here."""
    tops, start = ceilings(board, weights), levels_of(board)
    total = float(np.minimum(weights.use, 0.0).sum())
    scratch = np.zeros(board.max_steps + 1)
    for pattern, k in np.ndindex(board.weight.shape):
        comes = board.times * board.reached[pattern]
        each = float(comes @ tops.bonus[board.group[pattern], :, 0, k])
        for d, miss in enumerate(map(float, weights.miss)):
            if miss <= 0.0:
                each += miss * float(start.missed[0, d, pattern, k])
                continue
            safe, left, room = float(start.safe[0, d, pattern, k]), board.times, board.max_steps
            each += safe * still_to_pay(board, tops, miss, d, pattern, k, 0, left, room, scratch)
        total += float(board.weight[pattern, k]) * each
    return total


class _Run:
    """One search, with the arrays that hold its state."""

    def __init__(self, board: Board, weights: Weights, room: int) -> None:
        self._board, self._weights = board, weights
        self._tops: Ceilings = ceilings(board, weights)
        self._levels = levels_of(board)
        channels, depth = board.times.shape[0], board.max_steps
        self._found = Found(
            np.empty((room, depth), dtype=np.int8),
            np.empty((room, depth), dtype=np.int8),
            np.empty(room),
            np.empty((room, board.cover.shape[0])),
            np.empty((room, channels)),
            np.empty((room, channels)),
        )
        self._state = Search(
            np.zeros(6, dtype=np.int64), np.zeros(1), np.zeros(channels, dtype=np.int8), np.zeros(depth + 1),
            np.zeros(16, dtype=np.int8), np.zeros(SETS), np.zeros((3, 16)),
        )  # fmt: skip
        is_plain = np.count_nonzero(weights.miss) == 1 and weights.miss[0] > 0 and not self._tops.bonus.any()
        self._state.numbers[TOGETHER] = is_plain and not (weights.use < 0).any()
        self.finished = False

    def begin(self, threshold: float, width: int, keep_best: bool) -> None:
        """From the start, for plans of a value up to the threshold."""
        numbers = self._state.numbers
        numbers[LEVEL], numbers[FOUND], numbers[WIDTH], numbers[KEEP_BEST] = 0, 0, width, keep_best
        self._state.threshold[0] = threshold
        self._levels.children[0] = -1
        self.finished = False

    def exhaust(self, going: Going) -> None:
        """Runs to the end, for the best alone."""
        for _ in self.results(going):
            pass

    def results(self, going: Going) -> Iterator[Found]:
        """Runs; yields the results each time they fill their room, and at the end."""
        numbers = self._state.numbers
        while not self.finished:
            status = descend(self._board, self._weights, self._tops, self._levels, self._state, self._found, _BUDGET)
            self.finished = status == DONE
            is_last = self.finished or not going(int(numbers[COUNT]))
            if numbers[FOUND] and not numbers[KEEP_BEST] and (is_last or status == FULL):
                yield self._copied()
                numbers[FOUND] = 0
            if is_last:
                return

    def sweep(self, found: Found, at: Sweep) -> int:
        """Runs for a while, for the cheapest at levels of coverage; DONE at the end."""
        arrays = self._board, self._weights, self._tops, self._levels, self._state
        return int(sweep(*arrays, found, at, _BUDGET))

    @property
    def nodes(self) -> int:
        """How many plans have been looked at, and beginnings cut off."""
        return int(self._state.numbers[COUNT])

    @property
    def threshold(self) -> float:
        """The value to stay below."""
        return float(self._state.threshold[0])

    @property
    def pending(self) -> float:
        """What no plan that has not been looked at is under; infinite if there is none."""
        levels, numbers = self._levels, self._state.numbers
        least = math.inf
        for m in range(numbers[LEVEL] + 1):
            if levels.children[m] < 0:  # not looked at yet: all that is known is its bound as a child
                return min(least, float(levels.child_bound[m - 1, levels.next[m - 1] - 1])) if m else -math.inf
            left = levels.child_bound[m, levels.next[m] : levels.children[m]]
            least = min(least, float(left.min(initial=math.inf)))
        return least

    def best(self) -> Found | None:
        """The best plan found since the beginning."""
        return self._copied() if self._state.numbers[FOUND] else None

    def _copied(self) -> Found:
        return Found._make(part[: self._state.numbers[FOUND]].copy() for part in self._found)
