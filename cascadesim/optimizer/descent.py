"""Depth first through the plans of one segment, in compiled code: beginnings that the bound rules out are cut off.

A level's children, one for each channel and wait that may follow, are taken by their bounds, the least first. All of
the search's state is in arrays: it stops when its budget is spent or its results are full, and goes on where it was
when it is called again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.jit import bare_kernel, inlined
from cascadesim.optimizer.board import Board
from cascadesim.optimizer.bound import Ceilings, Weights
from cascadesim.optimizer.outlook import COUNT, FOUND, KEEP_BEST, LEVEL, TOGETHER, WIDTH, Search, to_pay, together
from cascadesim.optimizer.position import Levels, count_left, every, may_come, missed, send, wait

DONE, FULL, SPENT = 0, 1, 2


class Found(NamedTuple):
    """Plans: their steps (channel -1 after the last), value, misses by deadline, messages and cost by channel."""

    channel: NDArray[np.int8]
    wait: NDArray[np.int8]
    value: Floats
    missed: Floats
    messages: Floats
    cost: Floats


@bare_kernel
def descend(
    board: Board, weights: Weights, tops: Ceilings, levels: Levels, search: Search, found: Found, budget: int
) -> int:
    """Finds plans of a value up to the threshold, or with KEEP_BEST lowers that to the best found.

    Returns DONE, FULL (no room is left for results) or SPENT (so many levels have been looked at).
    """
    numbers = search.numbers
    while numbers[LEVEL] >= 0:
        m = numbers[LEVEL]
        if levels.children[m] < 0:
            if found.value.shape[0] - numbers[FOUND] < board.times.shape[0] and not numbers[KEEP_BEST]:
                return FULL
            if budget <= 0:
                return SPENT
            budget -= 1
            _look(board, weights, tops, levels, search, found, m)
            continue
        i = levels.next[m]
        if i >= levels.children[m] or i >= numbers[WIDTH] or levels.child_bound[m, i] > search.threshold[0]:
            numbers[COUNT] += levels.children[m] - i
            numbers[LEVEL] -= 1
            continue
        levels.next[m] += 1
        c, w = levels.child_channel[m, i], levels.child_wait[m, i]
        send(board, weights, levels, m, c)
        levels.wait[m + 1] = w
        wait(board, levels, m + 1, c, w)
        levels.children[m + 1] = -1
        numbers[LEVEL] += 1
    return DONE


@inlined
def _look(board: Board, weights: Weights, tops: Ceilings, levels: Levels, search: Search, found: Found, m: int) -> None:
    """Every channel that may come next: as the last, and with a bound for each wait after it."""
    levels.children[m] = 0
    levels.next[m] = 0
    for c in range(board.times.shape[0]):
        if not may_come(board, levels, m, c):
            continue
        sent = send(board, weights, levels, m, c)
        ends = m + 1 >= board.min_steps and board.ends[c]
        is_needless = sent <= 0.0 and m + 1 > board.min_steps and (m > 0 or every(board.starts))
        is_needless = is_needless and not board.charged[c]
        if ends and not (is_needless and every(board.ends)):
            _finish(board, weights, levels, search, found, m + 1)
        elif ends:
            search.numbers[COUNT] += 1
        if is_needless or m + 1 >= board.max_steps:
            continue
        count_left(board, levels, search.left, m + 1)
        for w in range(board.later.shape[0] - 1):
            bound = levels.value[m + 1] + to_pay(board, weights, tops, levels, search, m, c, w)
            if bound <= search.threshold[0] and search.numbers[TOGETHER]:
                miss = together(board, tops, levels, search, m, c, w, weights.miss[0])
                bound = max(bound, levels.value[m + 1] + miss)
            if bound > search.threshold[0]:
                search.numbers[COUNT] += board.later.shape[0] - 1 - w
                break  # a longer wait leaves less to be had
            _add_child(levels, m, c, w, bound)


@inlined
def _add_child(levels: Levels, m: int, c: int, w: int, bound: float) -> None:
    """Keeps a level's children by their bounds."""
    i = levels.children[m]
    while i > 0 and levels.child_bound[m, i - 1] > bound:
        levels.child_bound[m, i] = levels.child_bound[m, i - 1]
        levels.child_channel[m, i] = levels.child_channel[m, i - 1]
        levels.child_wait[m, i] = levels.child_wait[m, i - 1]
        i -= 1
    levels.child_bound[m, i] = bound
    levels.child_channel[m, i] = c
    levels.child_wait[m, i] = w
    levels.children[m] += 1


@inlined
def _finish(board: Board, weights: Weights, levels: Levels, search: Search, found: Found, n: int) -> None:
    """Keeps the plan that ends at this level if it is worth it."""
    numbers = search.numbers
    numbers[COUNT] += 1
    value = levels.value[n]
    deadlines, kinds = board.cover.shape[0], board.weight.shape[1]
    for d in range(deadlines):
        if weights.miss[d] != 0.0:
            value += weights.miss[d] * missed(levels, n, d, kinds)
    if not value <= search.threshold[0]:
        return
    where = numbers[FOUND]
    if numbers[KEEP_BEST]:
        where = 0
        search.threshold[0] = value - abs(value) * 1e-13
    for step in range(board.max_steps):
        is_step = step < n
        found.channel[where, step] = levels.channel[step + 1] if is_step else -1
        found.wait[where, step] = levels.wait[step + 1] if step + 1 < n else -1
    found.value[where] = value
    for d in range(deadlines):
        found.missed[where, d] = missed(levels, n, d, kinds)
    for c in range(board.times.shape[0]):
        found.messages[where, c] = levels.messages[n, c]
        found.cost[where, c] = levels.cost[n, c]
    numbers[FOUND] = where + 1
