"""Drawing people in bulk, compiled. A person's counter is the contact's, else their number: the index plus `first`."""

from __future__ import annotations

import math

from cascadesim.draws.quantiles import EXPONENTIAL, delay, whole
from cascadesim.engines.compiled.fates import pair
from cascadesim.engines.compiled.layout import Array
from cascadesim.engines.jit import bare_kernel, inlined


@bare_kernel
def draw_reach(channels: Array, chances: Array, counters: Array, first: int, replication: int, reach: Array) -> None:
    """Adds the bits of channels that reach; each is drawn given what of those before it does."""
    if len(channels) == 1:
        only, chance = channels[0], chances[0]
        for i in range(len(reach)):
            u, _ = pair(only.k0, only.k1, counters[i] if len(counters) else i + first, replication, 0)
            reach[i] |= only.bit if u < chance else 0
        return
    for i in range(len(reach)):
        known = 0
        for place in range(len(channels)):
            it = channels[place]
            u, _ = pair(it.k0, it.k1, counters[i] if len(counters) else i + first, replication, 0)
            if u < chances[(1 << place) - 1 + known]:
                known |= 1 << place
                reach[i] |= it.bit


@bare_kernel
def draw_kind(k0: int, k1: int, ladder: Array, counters: Array, first: int, replication: int, kind: Array) -> None:
    """The first kind whose upper end is above the number; else the last."""
    for i in range(len(kind)):
        u, _ = pair(k0, k1, counters[i] if len(counters) else i + first, replication, 0)
        at = 0
        while at < len(ladder) - 1 and u >= ladder[at]:
            at += 1
        kind[i] = at


@bare_kernel
def draw_lots(k0: int, k1: int, counters: Array, first: int, replication: int, lots: Array) -> None:
    """The number that gives each person one of the plans that their segment is split over."""
    for i in range(len(lots)):
        lots[i], _ = pair(k0, k1, counters[i] if len(counters) else i + first, replication, 0)


@bare_kernel
def arrive(k0: int, k1: int, replication: int, mean: float, last: int, entries: Array, number: int) -> int:
    """Goes on with entries from `number`, up to the first that is not before `last`; how many there are then."""
    at = entries[number - 1] if number else 0
    while number < len(entries) and (number == 0 or at < last):
        _, u = pair(k0, k1, number, replication, 0)
        at += whole(delay(EXPONENTIAL, mean, 0.0, u))
        entries[number] = at
        number += 1
    return number


@bare_kernel
def merge(begins: Array, at: Array, enter_together: Array, entries: Array, next_up: Array, order: Array) -> None:
    """Merges segments, each in its order: person i of N who enter together has (2i + 1) / 2N, then the names decide.

    `at` is where each segment is, `next_up`, (segments, 2), has room for the entry and the share of who is next in it.
    """
    for segment in range(len(at)):
        step(begins, at, enter_together, entries, next_up, segment)
    for place in range(len(order)):
        best = 0
        for segment in range(1, len(at)):
            earlier = next_up[segment, 0] < next_up[best, 0]
            if earlier or (next_up[segment, 0] == next_up[best, 0] and next_up[segment, 1] < next_up[best, 1]):
                best = segment
        order[place] = at[best]
        at[best] += 1
        step(begins, at, enter_together, entries, next_up, best)


@inlined
def step(begins: Array, at: Array, enter_together: Array, entries: Array, next_up: Array, segment: int) -> None:
    """Who is next in a segment; behind everybody where nobody is left. Entries are exact as doubles."""
    i, end = at[segment], begins[segment + 1]
    next_up[segment, 0], next_up[segment, 1] = math.inf, 0.0
    if i < end:
        next_up[segment, 0] = entries[i] if len(entries) else 0.0
        if enter_together[segment]:
            next_up[segment, 1] = (2 * (i - begins[segment]) + 1) / (2 * (end - begins[segment]))
