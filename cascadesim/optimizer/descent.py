"""Depth first through the plans of one segment, in compiled code: beginnings that the bound rules out are cut off.

A level is a number of steps. At each level it is known, for every class of people (reach pattern and which waits ended
early), when they decide next and how many are still there. A level's children, one for each channel and wait that may
follow, are taken by their bounds, the least first. All of the search's state is in arrays: it stops when its budget
is spent or its results are full, and goes on where it was when it is called again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.jit import bare_kernel, inlined
from cascadesim.optimizer.board import Board
from cascadesim.optimizer.bound import SETS, Ceilings, Weights, add_sets, sets_of, still_to_pay

DONE, FULL, SPENT = 0, 1, 2

LEVEL, FOUND, COUNT, WIDTH, KEEP_BEST, TOGETHER = range(6)  # the whole numbers of `Search.numbers`


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


class Search(NamedTuple):
    """Where the search is (`numbers`), what is worth finding (`threshold[0]`), and scratch for the bound."""

    numbers: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int8]
    scratch: Floats
    among: NDArray[np.int8]
    sets: Floats
    mine: Floats


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
def send(board: Board, weights: Weights, levels: Levels, m: int, c: int) -> float:
    """Fills the level after this one as it is when a message has gone out on the channel; returns how many."""
    n = m + 1
    kinds, deadlines, zones = board.weight.shape[1], board.cover.shape[0], board.zones
    levels.channel[n] = c
    for other in range(board.times.shape[0]):
        levels.used[n, other] = levels.used[m, other]
        levels.messages[n, other] = levels.messages[m, other]
        levels.cost[n, other] = levels.cost[m, other]
    again = 1 if levels.used[m, c] > 0 else 0
    levels.used[n, c] += 1
    levels.classes[n] = levels.classes[m]
    sent, paid = 0.0, 0.0
    for i in range(levels.classes[m]):
        pattern = levels.pattern[m, i]
        count = levels.written[m, i]
        levels.pattern[n, i], levels.now[n, i] = pattern, levels.now[m, i]
        for j in range(count):
            levels.response[n, i, j], levels.start[n, i, j] = levels.response[m, i, j], levels.start[m, i, j]
        zone = board.zone_of[board.group[pattern]]
        at = board.dispatch[c, zone, levels.now[m, i]]
        goes = board.reached[pattern, c] and at < board.later.shape[1] - 1
        row = (2 * c + again) * zones + zone
        for k in range(kinds):
            weight = levels.weight[m, i, k]
            there = levels.there[m, i, k]
            levels.weight[n, i, k] = weight
            if goes and at != levels.now[m, i]:
                there = _there(board, levels, m, i, k, at)
            levels.there[n, i, k] = there
            if goes:
                sent += weight * there
                paid += weight * there * (board.sending_of[board.group[pattern], c] + board.price[row, at, k])
            for d in range(deadlines):
                missed, safe = levels.missed[m, d, i, k], levels.safe[m, d, i, k]
                if goes:
                    cover = board.cover[d, row, at, k]
                    if board.implied:
                        missed *= cover
                    else:
                        joint = 1.0
                        for j in range(count):
                            pair = board.pair[levels.start[m, i, j], at]
                            joint *= board.joint[d, levels.response[m, i, j], pair, k]
                        missed -= joint * (1.0 - cover)
                    safe *= board.safe[d, row, at, k]
                levels.missed[n, d, i, k], levels.safe[n, d, i, k] = missed, safe
        levels.written[n, i] = count
        if board.reached[pattern, c]:
            levels.now[n, i] = at  # the horizon for who waits for the end of quiet hours until then
        if goes:
            levels.response[n, i, count], levels.start[n, i, count] = row, at
            levels.written[n, i] = count + 1
    levels.messages[n, c] += sent
    levels.cost[n, c] += paid
    price = weights.cost[c] * paid + weights.messages[c] * sent + (0.0 if again else weights.use[c])
    levels.value[n] = levels.value[m] + price
    return sent


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
    joint = before
    if not board.implied:
        joint = 1.0
        for j in range(levels.written[n, i] - 1):
            joint *= board.joint[d, levels.response[n, i, j], board.pair[levels.start[n, i, j], at], k]
    levels.missed[n, d, i, k] = before - joint * (1.0 - board.cover[d, row + half, at, k])
    levels.missed[n, d, copy, k] = before - joint * (1.0 - board.cover[d, row + 2 * half, at, k])
    levels.safe[n, d, i, k] = safe * board.safe[d, row + half, at, k]
    levels.safe[n, d, copy, k] = safe * board.safe[d, row + 2 * half, at, k]


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


@inlined
def missed(levels: Levels, n: int, d: int, kinds: int) -> float:
    """The probability of no covering event by the deadline under the plan of the level."""
    total = 0.0
    for i in range(levels.classes[n]):
        for k in range(kinds):
            total += levels.weight[n, i, k] * levels.missed[n, d, i, k]
    return total
