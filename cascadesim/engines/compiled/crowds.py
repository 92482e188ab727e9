"""Drawing people in bulk, compiled. A person's counter is the contact's, else their number: the index plus `first`."""

from __future__ import annotations

from cascadesim.draws.quantiles import EXPONENTIAL, delay, whole
from cascadesim.engines.compiled.fates import pair
from cascadesim.engines.compiled.layout import Array
from cascadesim.engines.jit import bare_kernel


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
def merge(begins: Array, at: Array, enter_together: Array, entries: Array, order: Array) -> None:
    """Merges segments, each in its order: person i of N who enter together has (2i + 1) / 2N, then the names decide."""
    for place in range(len(order)):
        best, best_entry, best_share = -1, 0, 0.0
        for segment in range(len(at)):
            i = at[segment]
            if i == begins[segment + 1]:
                continue
            entry = entries[i] if len(entries) else 0
            share = 0.0
            if enter_together[segment]:
                share = (2 * (i - begins[segment]) + 1) / (2 * (begins[segment + 1] - begins[segment]))
            if best < 0 or entry < best_entry or (entry == best_entry and share < best_share):
                best, best_entry, best_share = segment, entry, share
        order[place] = at[best]
        at[best] += 1
