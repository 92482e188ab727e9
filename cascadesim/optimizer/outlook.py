"""What may still come of a beginning: its bound (see `bound`), calculated at a level of the search."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.jit import inlined
from cascadesim.optimizer.board import Board
from cascadesim.optimizer.bound import SETS, Ceilings, Weights, add_sets, sets_of, still_to_pay
from cascadesim.optimizer.position import Levels

LEVEL, FOUND, COUNT, WIDTH, KEEP_BEST, TOGETHER = range(6)  # the whole numbers of `Search.numbers`


class Search(NamedTuple):
    """Where the search is (`numbers`), what is worth finding (`threshold[0]`), and scratch for the bound."""

    numbers: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int8]
    scratch: Floats
    among: NDArray[np.int8]
    sets: Floats
    mine: Floats


@inlined
def to_pay(
    board: Board, weights: Weights, tops: Ceilings, levels: Levels, search: Search, m: int, c: int, w: int
) -> float:
    """The least that any way of going on after this wait still comes to; see `bound`."""
    total = 0.0
    for d in range(board.cover.shape[0]):
        total += to_pay_by(board, tops, levels, search, m, c, w, d, weights.miss[d])
    for i in range(levels.classes[m + 1]):
        pattern, at = levels.pattern[m + 1, i], levels.now[m + 1, i]
        for k in range(board.weight.shape[1]):
            there = levels.weight[m + 1, i, k] * levels.there[m + 1, i, k]
            total += there * _bonus(board, tops, search, pattern, at, k)
    for other in range(board.times.shape[0]):
        if search.left[other] > 0 and levels.used[m + 1, other] == 0 and weights.use[other] < 0.0:
            total += weights.use[other]
    return total


@inlined
def to_pay_by(
    board: Board, tops: Ceilings, levels: Levels, search: Search, m: int, c: int, w: int, d: int, miss: float
) -> float:
    """The part of one deadline, at this price of a miss."""
    n = m + 1
    early = board.later.shape[0] - 1
    again = 1 if levels.used[n, c] > 1 else 0
    chance = board.early[2 * c + again]
    half = 2 * board.times.shape[0] * board.zones
    room = board.max_steps - n
    total = 0.0
    for i in range(levels.classes[n]):
        pattern, at = levels.pattern[n, i], levels.now[n, i]
        is_sent = levels.written[n, i] > levels.written[m, i]
        after = board.later[w, at] if is_sent else at
        is_split = is_sent and board.splits[c, w] and chance < 1.0
        for k in range(board.weight.shape[1]):
            weight = levels.weight[n, i, k]
            if weight <= 0.0:
                continue
            if miss <= 0.0:
                total += weight * miss * levels.missed[n, d, i, k]
                continue
            if not is_split:
                safe = weight * levels.safe[n, d, i, k]
                total += safe * still_to_pay(board, tops, miss, d, pattern, k, after, search.left, room, search.scratch)
                continue
            row = (2 * c + again) * board.zones + board.zone_of[board.group[pattern]]
            safe = weight * levels.safe[m, d, i, k]
            total += (
                safe
                * chance
                * board.safe[d, row + half, at, k]
                * still_to_pay(board, tops, miss, d, pattern, k, after, search.left, room, search.scratch)
            )
            total += (
                safe
                * (1.0 - chance)
                * board.safe[d, row + 2 * half, at, k]
                * still_to_pay(
                    board, tops, miss, d, pattern, k, board.later[early, at], search.left, room, search.scratch
                )
            )
    return total


@inlined
def together(
    board: Board, tops: Ceilings, levels: Levels, search: Search, m: int, c: int, w: int, miss: float
) -> float:
    """The least that is still paid where all classes choose from the same channels; zero where that says nothing new.

    Of the first deadline; the weights must have no other, and no negative ones.
    """
    n, count = m + 1, 0
    for other in range(board.times.shape[0]):
        for _ in range(search.left[other]):
            if count == len(search.among):
                return 0.0
            search.among[count] = other
            count += 1
    room = min(board.max_steps - n, count)
    found = sets_of(count, room)
    if room <= 0 or found >= SETS or count == room:
        return 0.0
    for s in range(found):
        search.sets[s] = 0.0
    early = board.later.shape[0] - 1
    again = 1 if levels.used[n, c] > 1 else 0
    chance, half = board.early[2 * c + again], 2 * board.times.shape[0] * board.zones
    for i in range(levels.classes[n]):
        pattern, at = levels.pattern[n, i], levels.now[n, i]
        is_sent = levels.written[n, i] > levels.written[m, i]
        is_split = is_sent and board.splits[c, w] and chance < 1.0
        after = board.later[w, at] if is_sent else at
        row = (2 * c + again) * board.zones + board.zone_of[board.group[pattern]]
        for k in range(board.weight.shape[1]):
            safe = levels.weight[n, i, k] * levels.safe[n, 0, i, k]
            if safe <= 0.0:
                continue
            late = 0.0
            if is_split:
                before = levels.weight[n, i, k] * levels.safe[m, 0, i, k]
                safe = before * chance * board.safe[0, row + half, at, k]
                late = before * (1.0 - chance) * board.safe[0, row + 2 * half, at, k]
            for part in range(2 if is_split else 1):
                when = after if part == 0 else board.later[early, at]
                add_sets(
                    board,
                    tops,
                    miss,
                    0,
                    pattern,
                    k,
                    when,
                    safe if part == 0 else late,
                    search.among,
                    count,
                    room,
                    search.sets,
                    search.mine,
                )
    least = search.sets[0]
    for s in range(1, found):
        least = min(least, search.sets[s])
    return float(least)


@inlined
def _bonus(board: Board, tops: Ceilings, search: Search, pattern: int, at: int, k: int) -> float:
    total = 0.0
    for c in range(board.times.shape[0]):
        if search.left[c] > 0 and board.reached[pattern, c]:
            total += search.left[c] * tops.bonus[board.group[pattern], c, at, k]
    return total
