"""The cheapest plan at every level of coverage at once, in compiled code: one descent for all levels.

A level allows so many misses. At any price of a miss, a beginning's bound is a line that all of its plans lie above in
the plane of misses and cost; some prices together make a convex floor. A beginning is cut off when its floor is not
below what is known at any level: so a plan that is near the best at many levels is looked at once, not once for each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.jit import bare_kernel, inlined
from cascadesim.optimizer.board import Board
from cascadesim.optimizer.bound import Ceilings, Weights
from cascadesim.optimizer.descent import DONE, SPENT, Found
from cascadesim.optimizer.outlook import COUNT, LEVEL, WIDTH, Search, to_pay_by, together
from cascadesim.optimizer.position import Levels, count_left, every, may_come, missed, send, wait


class Sweep(NamedTuple):
    """The levels' misses, the most first, and the least cost known at each; some prices of a miss.

    `floor` holds a child's bound at each price, (level of the search, child, price); children are taken by that at the
    price `by[0]`. What is not cheaper by the share `near` is not looked for.
    """

    allowed: Floats
    cost: Floats
    prices: Floats
    floor: Floats
    order: NDArray[np.int32]
    by: NDArray[np.int64]
    near: float


@bare_kernel
def sweep(
    board: Board,
    weights: Weights,
    tops: Ceilings,
    levels: Levels,
    search: Search,
    found: Found,
    at: Sweep,
    budget: int,
) -> int:
    """Looks for cheaper plans at the levels; row l of `found` is the best of level l. Returns DONE or SPENT."""
    numbers = search.numbers
    while numbers[LEVEL] >= 0:
        m = numbers[LEVEL]
        if levels.children[m] < 0:
            if budget <= 0:
                return SPENT
            budget -= 1
            _look(board, weights, tops, levels, search, found, at, m)
            continue
        i = levels.next[m]
        if i >= levels.children[m] or i >= numbers[WIDTH]:
            numbers[COUNT] += levels.children[m] - i
            numbers[LEVEL] -= 1
            continue
        levels.next[m] += 1
        child = at.order[m, i]
        if not _is_below(at, m, child):
            numbers[COUNT] += 1
            continue
        c, w = levels.child_channel[m, child], levels.child_wait[m, child]
        send(board, weights, levels, m, c)
        levels.wait[m + 1] = w
        wait(board, levels, m + 1, c, w)
        levels.children[m + 1] = -1
        numbers[LEVEL] += 1
    return DONE


@inlined
def _look(
    board: Board, weights: Weights, tops: Ceilings, levels: Levels, search: Search, found: Found, at: Sweep, m: int
) -> None:
    levels.children[m] = 0
    levels.next[m] = 0
    for c in range(board.times.shape[0]):
        if not may_come(board, levels, m, c):
            continue
        sent = send(board, weights, levels, m, c)
        if m + 1 >= board.min_steps and board.ends[c]:
            search.numbers[COUNT] += 1
            _finish(board, levels, found, at, m + 1)
        is_needless = sent <= 0.0 and m + 1 > board.min_steps and (m > 0 or every(board.starts))
        if is_needless or m + 1 >= board.max_steps:
            continue
        count_left(board, levels, search.left, m + 1)
        for w in range(board.later.shape[0] - 1):
            child = levels.children[m]
            for p in range(len(at.prices)):
                to_pay = to_pay_by(board, tops, levels, search, m, c, w, 0, at.prices[p])
                at.floor[m, child, p] = levels.value[m + 1] + to_pay
            if _is_below(at, m, child):
                for p in range(len(at.prices)):
                    more = together(board, tops, levels, search, m, c, w, at.prices[p])
                    at.floor[m, child, p] = max(at.floor[m, child, p], levels.value[m + 1] + more)
            if not _is_below(at, m, child):
                search.numbers[COUNT] += board.later.shape[0] - 1 - w
                break  # a longer wait leaves less to be had
            _add_child(levels, at, m, c, w)


@inlined
def _is_below(at: Sweep, m: int, child: int) -> bool:
    """Whether the floor is below what is known at any level."""
    for level in range(len(at.allowed)):
        least = 0.0
        for p in range(len(at.prices)):
            least = max(least, at.floor[m, child, p] - at.prices[p] * at.allowed[level])
        if least < at.cost[level] * (1.0 - at.near):
            return True
    return False


@inlined
def _add_child(levels: Levels, at: Sweep, m: int, c: int, w: int) -> None:
    """Keeps a level's children by their bounds at the price that they go by."""
    child = levels.children[m]
    by = at.by[0]
    i = child
    while i > 0 and at.floor[m, at.order[m, i - 1], by] > at.floor[m, child, by]:
        at.order[m, i] = at.order[m, i - 1]
        i -= 1
    at.order[m, i] = child
    levels.child_channel[m, child], levels.child_wait[m, child] = c, w
    levels.children[m] += 1


@inlined
def _finish(board: Board, levels: Levels, found: Found, at: Sweep, n: int) -> None:
    """Keeps the plan that ends at this level of the search, at all levels of coverage where it is the cheapest."""
    cost = levels.value[n]
    misses = missed(levels, n, 0, board.weight.shape[1])
    for level in range(len(at.allowed) - 1, -1, -1):
        if misses > at.allowed[level] or cost >= at.cost[level]:
            continue
        at.cost[level] = cost
        for step in range(board.max_steps):
            found.channel[level, step] = levels.channel[step + 1] if step < n else -1
            found.wait[level, step] = levels.wait[step + 1] if step + 1 < n else -1
        found.value[level] = cost
        found.missed[level, 0] = misses
        for c in range(board.times.shape[0]):
            found.messages[level, c] = levels.messages[n, c]
            found.cost[level, c] = levels.cost[n, c]
