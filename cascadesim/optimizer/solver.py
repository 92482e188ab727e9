"""The segment solver: the best plan of one segment for given weights, with its proof, or all plans up to a value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.optimizer.board import Board
from cascadesim.optimizer.bound import Ceilings, Weights, ceilings
from cascadesim.optimizer.descent import (
    COUNT, DONE, FOUND, FULL, KEEP_BEST, LEVEL, WIDTH, Found, Levels, Search, descend,
)  # fmt: skip

_BUDGET = 2_000  # levels looked at before Python is asked whether to go on
_ROOM = 1 << 12  # plans that one call finds
_BEAM = 3  # children of each level that the first try follows
_NOISE = 1e-12  # of the value: what adding up in another order may change

Going = Callable[[int], bool]
"""Told how many plans have been looked at; says whether to go on."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best plan found (channels and waits by number, -1 after the last), its value, and what none is under."""

    channel: NDArray[np.int8]
    wait: NDArray[np.int8]
    value: float
    bound: float
    nodes: int


def best(board: Board, weights: Weights, going: Going = lambda _: True, known: float = math.inf) -> Best | None:
    """The plan with the least value; None if no plan is below `known`, or none was found in time.

    A first try follows few children of each beginning (a beam); then nothing is left out but what the bound rules
    out, unless `going` says to stop: then the bound is under the value.
    """
    run = _Run(board, weights, 1)
    run.begin(known, _BEAM, keep_best=True)
    for _ in run.results(going):
        pass
    found = run.best()
    run.begin(min(known, run.threshold), board.times.shape[0] * board.later.shape[0], keep_best=True)
    for _ in run.results(going):
        pass
    found = run.best() or found
    if found is None:
        return None
    channel, wait, value = found
    return Best(channel, wait, value, min(value, run.pending), run.nodes)


def within(
    board: Board, weights: Weights, threshold: float, going: Going = lambda _: True
) -> tuple[list[Found], int, bool]:
    """All plans of a value up to the threshold, some at a time; how many were looked at; whether these are all."""
    run = _Run(board, weights, _ROOM)
    run.begin(threshold + abs(threshold) * _NOISE if math.isfinite(threshold) else threshold, 1 << 30, keep_best=False)
    parts = list(run.results(going))
    return parts, run.nodes, run.finished


class _Run:
    """One search, with the arrays that hold its state."""

    def __init__(self, board: Board, weights: Weights, room: int) -> None:
        self._board, self._weights = board, weights
        self._tops: Ceilings = ceilings(board, weights)
        self._levels = _levels(board)
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
            np.zeros(5, dtype=np.int64), np.zeros(1), np.zeros(channels, dtype=np.int8), np.zeros(depth + 1)
        )
        self.finished = False

    def begin(self, threshold: float, width: int, keep_best: bool) -> None:
        """From the start, for plans of a value up to the threshold."""
        numbers = self._state.numbers
        numbers[LEVEL], numbers[FOUND], numbers[WIDTH], numbers[KEEP_BEST] = 0, 0, width, keep_best
        self._state.threshold[0] = threshold
        self._levels.children[0] = -1
        self.finished = False

    def results(self, going: Going):  # type: ignore[no-untyped-def]
        """Runs; yields a copy of the results each time they fill their room, and at the end."""
        numbers = self._state.numbers
        while True:
            status = descend(
                self._board, self._weights, self._tops, self._levels, self._state, self._found, _BUDGET
            )
            if numbers[FOUND] and (status in (FULL, DONE)) and not numbers[KEEP_BEST]:
                yield Found(*(part[: numbers[FOUND]].copy() for part in self._found))
                numbers[FOUND] = 0
            if status == DONE:
                self.finished = True
                return
            if not going(int(numbers[COUNT])):
                return

    @property
    def nodes(self) -> int:
        """How many plans have been looked at, and beginnings cut off."""
        return int(self._state.numbers[COUNT])

    @property
    def threshold(self) -> float:
        return float(self._state.threshold[0])

    @property
    def pending(self) -> float:
        """What no plan that has not been looked at is under; infinite if there is none."""
        levels, numbers = self._levels, self._state.numbers
        least = math.inf
        for m in range(numbers[LEVEL] + 1):
            if levels.children[m] < 0:
                return least if m == 0 and self.finished else -math.inf
            left = levels.child_bound[m, levels.next[m] : levels.children[m]]
            least = min(least, float(left.min(initial=math.inf)))
        return least

    def best(self) -> tuple[NDArray[np.int8], NDArray[np.int8], float] | None:
        if not self._state.numbers[FOUND]:
            return None
        return self._found.channel[0].copy(), self._found.wait[0].copy(), float(self._found.value[0])


def _levels(board: Board) -> Levels:
    """The state before the first step, and room for all others."""
    patterns, kinds = board.weight.shape
    depth, channels, waits = board.max_steps + 1, board.times.shape[0], board.later.shape[0] - 1
    deadlines = board.cover.shape[0]
    classes = patterns * (2 ** (board.max_steps - 1) if board.splits.any() else 1)
    most = depth + 1
    levels = Levels(
        channel=np.zeros(depth, dtype=np.int8),
        wait=np.zeros(depth, dtype=np.int8),
        used=np.zeros((depth, channels), dtype=np.int8),
        value=np.zeros(depth),
        messages=np.zeros((depth, channels)),
        cost=np.zeros((depth, channels)),
        classes=np.zeros(depth, dtype=np.int64),
        pattern=np.zeros((depth, classes), dtype=np.int32),
        weight=np.zeros((depth, classes, kinds)),
        now=np.zeros((depth, classes), dtype=np.int32),
        there=np.ones((depth, classes, kinds)),
        missed=np.ones((depth, deadlines, classes, kinds)),
        safe=np.ones((depth, deadlines, classes, kinds)),
        written=np.zeros((depth, classes), dtype=np.int8),
        response=np.zeros((depth, classes, most), dtype=np.int16),
        start=np.zeros((depth, classes, most), dtype=np.int32),
        children=np.full(depth, -1, dtype=np.int32),
        next=np.zeros(depth, dtype=np.int32),
        child_channel=np.zeros((depth, max(1, channels * waits)), dtype=np.int8),
        child_wait=np.zeros((depth, max(1, channels * waits)), dtype=np.int8),
        child_bound=np.zeros((depth, max(1, channels * waits))),
    )
    levels.classes[0] = patterns
    levels.pattern[0, :patterns] = np.arange(patterns)
    levels.weight[0, :patterns] = board.weight
    if board.unprompted:
        rows = board.cover.shape[1] - board.zones + board.zone_of[board.group]
        levels.written[0, :patterns] = 1
        levels.response[0, :patterns, 0] = rows
        levels.missed[0, :, :patterns] = board.cover[:, rows, 0]
        levels.safe[0, :, :patterns] = board.safe[:, rows, 0]
    return levels
