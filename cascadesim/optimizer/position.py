"""Where a search is: for each number of steps what is known of the people, and how a step changes it.

At each level, a number of steps, it is known of every class of people (reach pattern and which waits ended early) when
they decide next, how many are still there, and what they got.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.jit import inlined
from cascadesim.optimizer.board import Board
from cascadesim.optimizer.bound import Weights


class Levels(NamedTuple):
    """By level: the plan's steps and sums so far, then the classes, then the children."""

    channel: NDArray[np.int8]
    wait: NDArray[np.int8]
    used: NDArray[np.int8]  # (level, channel): how often it came
    value: Floats  # what the weights make of the messages so far
    messages: Floats  # (level, channel)
    cost: Floats  # (level, channel)
    classes: NDArray[np.int64]  # how many
    pattern: NDArray[np.int32]  # (level, class)
    weight: Floats  # (level, class, kind)
    now: NDArray[np.int32]  # (level, class)
    there: Floats  # (level, class, kind): not stopped
    missed: Floats  # (level, deadline, class, kind): not covered by the deadline
    safe: Floats  # the same for neither covered nor stopped
    written: NDArray[np.int8]  # (level, class): how many messages
    response: NDArray[np.int16]  # (level, class, message): the row of the response to it
    start: NDArray[np.int32]  # (level, class, message): when it went out
    children: NDArray[np.int32]  # how many; -1: not looked at yet
    next: NDArray[np.int32]
    child_channel: NDArray[np.int8]
    child_wait: NDArray[np.int8]
    child_bound: Floats


def levels_of(board: Board) -> Levels:
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


@inlined
def every(flags: NDArray[np.bool_]) -> bool:
    """Whether all of them are set."""
    for flag in flags:  # noqa: SIM110 - compiled code knows no generators
        if not flag:
            return False
    return True


@inlined
def may_come(board: Board, levels: Levels, m: int, c: int) -> bool:
    """Whether the channel may come after the steps of the level."""
    if levels.used[m, c] >= board.times[c] or (m == 0 and not board.starts[c]):
        return False
    for other in range(board.times.shape[0]):
        if levels.used[m, other] > 0 and (board.never_after[c] >> other) & 1:
            return False
    return True


@inlined
def count_left(board: Board, levels: Levels, left: NDArray[np.int8], m: int) -> None:
    """How often each channel may still come."""
    for c in range(board.times.shape[0]):
        left[c] = board.times[c] - levels.used[m, c]
        for other in range(board.times.shape[0]):
            if levels.used[m, other] > 0 and (board.never_after[c] >> other) & 1:
                left[c] = 0


@inlined
def send(board: Board, weights: Weights, levels: Levels, m: int, c: int) -> float:
    """Fills the level after this one as it is when a message has gone out on the channel; returns how many."""
    n = m + 1
    again = 1 if levels.used[m, c] > 0 else 0
    _carry_sums(levels, m, c)
    sent, paid = 0.0, 0.0
    for i in range(levels.classes[m]):
        _carry_class(levels, m, i)
        pattern = levels.pattern[m, i]
        if not board.reached[pattern, c]:
            continue
        group = board.group[pattern]
        zone = board.zone_of[group]
        at = board.dispatch[c, zone, levels.now[m, i]]
        row = (2 * c + again) * board.zones + zone
        levels.now[n, i] = at
        if at == board.later.shape[1] - 1:
            continue  # the horizon: quiet hours last until then
        for k in range(board.weight.shape[1]):
            if at != levels.now[m, i]:
                levels.there[n, i, k] = _there(board, levels, m, i, k, at)
            going = levels.weight[n, i, k] * levels.there[n, i, k]
            sent += going
            paid += going * (board.sending_of[group, c] + board.price[row, at, k])
            for d in range(board.cover.shape[0]):
                caught = _untouched(board, levels, m, d, i, k, at) * (1.0 - board.cover[d, row, at, k])
                levels.missed[n, d, i, k] -= caught
                levels.safe[n, d, i, k] *= board.safe[d, row, at, k]
        count = levels.written[m, i]
        levels.response[n, i, count], levels.start[n, i, count] = row, at
        levels.written[n, i] = count + 1
    levels.messages[n, c] += sent
    levels.cost[n, c] += paid
    price = weights.cost[c] * paid + weights.messages[c] * sent + (0.0 if again else weights.use[c])
    levels.value[n] = levels.value[m] + price
    return sent


@inlined
def _carry_sums(levels: Levels, m: int, c: int) -> None:
    """Begins the next level with this one's sums, and one more step on the channel."""
    n = m + 1
    levels.channel[n] = c
    for other in range(levels.used.shape[1]):
        levels.used[n, other] = levels.used[m, other]
        levels.messages[n, other] = levels.messages[m, other]
        levels.cost[n, other] = levels.cost[m, other]
    levels.used[n, c] += 1
    levels.classes[n] = levels.classes[m]


@inlined
def _carry_class(levels: Levels, m: int, i: int) -> None:
    """Begins the next level with a class as it is at this one."""
    n = m + 1
    levels.pattern[n, i], levels.now[n, i] = levels.pattern[m, i], levels.now[m, i]
    levels.written[n, i] = levels.written[m, i]
    for j in range(levels.written[m, i]):
        levels.response[n, i, j], levels.start[n, i, j] = levels.response[m, i, j], levels.start[m, i, j]
    for k in range(levels.weight.shape[2]):
        levels.weight[n, i, k], levels.there[n, i, k] = levels.weight[m, i, k], levels.there[m, i, k]
        for d in range(levels.missed.shape[1]):
            levels.missed[n, d, i, k], levels.safe[n, d, i, k] = levels.missed[m, d, i, k], levels.safe[m, d, i, k]


@inlined
def _untouched(board: Board, levels: Levels, m: int, d: int, i: int, k: int, at: int) -> float:
    """The probability that a class's messages so far have not stopped it by an instant, nor cover by a deadline."""
    if board.implied:
        return float(levels.missed[m, d, i, k])
    joint = 1.0
    for j in range(levels.written[m, i]):
        joint *= board.joint[d, levels.response[m, i, j], board.pair[levels.start[m, i, j], at], k]
    return joint


@inlined
def _there(board: Board, levels: Levels, m: int, i: int, k: int, at: int) -> float:
    """The probability that no stop event has been reported to a class by the instant."""
    there = 1.0
    for j in range(levels.written[m, i]):
        there *= board.stop[levels.response[m, i, j], board.pair[levels.start[m, i, j], at], k]
    return there


@inlined
def wait(board: Board, levels: Levels, n: int, c: int, w: int) -> None:
    """Moves a level's classes on to their next decision; where waits may end early, each class becomes two."""
    kinds, deadlines, zones = board.weight.shape[1], board.cover.shape[0], board.zones
    early = board.later.shape[0] - 1
    again = 1 if levels.used[n, c] > 1 else 0
    chance = board.early[2 * c + again] if board.splits[c, w] else 1.0
    half = 2 * board.times.shape[0] * zones
    own = levels.classes[n]
    for i in range(own):
        if levels.written[n, i] == levels.written[n - 1, i]:
            continue
        sent_at = levels.now[n, i]
        if board.splits[c, w] and chance < 1.0:
            copy = levels.classes[n]
            levels.classes[n] += 1
            last = levels.written[n, i] - 1
            levels.pattern[n, copy], levels.written[n, copy] = levels.pattern[n, i], levels.written[n, i]
            for j in range(last + 1):
                levels.response[n, copy, j] = levels.response[n, i, j]
                levels.start[n, copy, j] = levels.start[n, i, j]
            row = levels.response[n, i, last]
            levels.response[n, i, last], levels.response[n, copy, last] = row + half, row + 2 * half
            for k in range(kinds):
                whole = levels.weight[n, i, k]
                levels.weight[n, i, k], levels.weight[n, copy, k] = whole * chance, whole * (1.0 - chance)
                for d in range(deadlines):
                    _split_misses(board, levels, n, d, i, copy, k, row, half, sent_at)
            levels.now[n, copy] = board.later[early, sent_at]
            for k in range(kinds):
                levels.there[n, copy, k] = _there(board, levels, n, copy, k, levels.now[n, copy])
        levels.now[n, i] = board.later[w, sent_at]
        for k in range(kinds):
            levels.there[n, i, k] = _there(board, levels, n, i, k, levels.now[n, i])


@inlined
def _split_misses(
    board: Board, levels: Levels, n: int, d: int, i: int, copy: int, k: int, row: int, half: int, at: int
) -> None:
    """The last message's part in what is missed, now that it is known whether it was delivered in time."""
    before, safe = levels.missed[n - 1, d, i, k], levels.safe[n - 1, d, i, k]
    untouched = _untouched(board, levels, n - 1, d, i, k, at)
    levels.missed[n, d, i, k] = before - untouched * (1.0 - board.cover[d, row + half, at, k])
    levels.missed[n, d, copy, k] = before - untouched * (1.0 - board.cover[d, row + 2 * half, at, k])
    levels.safe[n, d, i, k] = safe * board.safe[d, row + half, at, k]
    levels.safe[n, d, copy, k] = safe * board.safe[d, row + 2 * half, at, k]


@inlined
def missed(levels: Levels, n: int, d: int, kinds: int) -> float:
    """The probability of no covering event by the deadline under the plan of the level."""
    total = 0.0
    for i in range(levels.classes[n]):
        for k in range(kinds):
            total += levels.weight[n, i, k] * levels.missed[n, d, i, k]
    return total
