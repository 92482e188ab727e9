"""The compiled engine's two drivers, and what is added up of the people they have seen to the end.

`together` follows everybody of a case at once, in the order of time and place, because limits tie them together;
`alone` follows one after the other. Python calls these functions, and no others.
"""

from __future__ import annotations

from cascadesim.engines.compiled.agenda import Agenda, add, advance
from cascadesim.engines.compiled.fates import entry_of, pair
from cascadesim.engines.compiled.layout import NEVER, Array, People, Tables, Work
from cascadesim.engines.compiled.moves import enter, walk
from cascadesim.engines.jit import bare_kernel, inlined

LIMB = 24
"""Costs are three limbs of so many bits: the products of 32,768 people's limbs add up to less than 2^63."""
QUANTITIES = 7
AHEAD = 128
"""People whose numbers are drawn ahead at a time: they stay near."""


@bare_kernel
def alone(t: Tables, p: People, w: Work) -> None:
    """Everybody's way through their chain, one after the other."""
    for first in range(0, len(p.who), AHEAD):
        beyond = min(first + AHEAD, len(p.who))
        draw_ahead(t, p, w, first, beyond)
        for i in range(first, beyond):
            if p.who[i].route >= 0:
                walk(t, p, w, i, enter(t, p, w, i), entry_of(p, i), -1, True)


@inlined
def draw_ahead(t: Tables, p: People, w: Work, first: int, beyond: int) -> None:
    """Draws what first messages of these people may need, on the first one's route: in bulk that is fast."""
    route = t.routes[max(0, p.who[first].route)]
    number = min(route.stages, len(w.whether))
    w.ahead[0], w.ahead[1], w.ahead[2] = number, route.stage + route.stages - number, first
    for place in range(number):
        it = t.stages[w.ahead[1] + place]
        k0, k1 = it.k0, it.k1
        if len(p.counters):
            for i in range(first, beyond):
                w.whether[place, i - first], w.when[place, i - first] = pair(k0, k1, p.counters[i], t.replication, 0)
        else:
            shift = p.shift[route.segment] + first
            for i in range(beyond - first):
                w.whether[place, i], w.when[place, i] = pair(k0, k1, i + shift, t.replication, 0)


@bare_kernel
def together(t: Tables, p: People, w: Work, a: Agenda, order: Array, entered: int, beyond: int) -> None:
    """Goes on until the people at places `entered` up to `beyond` have entered, and at the end to the last event.

    `order[place]` is the person at the place; empty: they come in order.
    """
    everybody, operations = len(p.who), len(t.operations)
    while True:
        if entered == beyond and beyond < everybody:
            return
        i, now = 0, NEVER
        if entered < everybody:
            i = order[entered] if len(order) else entered
            if p.who[i].route < 0:
                entered += 1
                continue
            now = entry_of(p, i)
        top = a.heap[0]
        if a.sizes[0] == 0 or now < top.time or (now == top.time and entered < top.place):
            if now == NEVER:
                return
            place, back, at = entered, -1, enter(t, p, w, i)
            entered += 1
        else:
            now, place, at, back = top.time, top.place, top.code, top.code - operations
            advance(a)
            i = order[place] if len(order) else place
            if back >= 0:
                at = t.slots[back].operation
        w.outs[0] = 0
        walk(t, p, w, i, at, now, max(back, -1), False)
        for k in range(w.outs[0]):
            add(a, w.out[k].time, place, w.out[k].code, w.out[k].ring)


@bare_kernel
def add_up(
    t: Tables, p: People, w: Work, first: int, beyond: int, person: Array, products: Array, firsts: Array, covers: Array
) -> int:
    """Adds up the people from `first` up to `beyond`, 32,768 at most; returns how many had a covering event.

    `person` has room for one person's seven quantities: one, covered, messages, duplicates, and the limbs of the cost.
    `products`, (7, 7), gets the upper half of the sums of their products; `firsts[slot]` counts the first covering
    events by where they come from, `covers` has how long after entry they came.
    """
    mask = (1 << LIMB) - 1
    number = 0
    for i in range(first, beyond):
        if p.who[i].route < 0:
            continue
        state, entry = w.state[i], entry_of(p, i)
        covered = 1 if state.cover <= entry + t.within else 0
        if state.cover < NEVER:
            covers[number] = state.cover - entry
            number += 1
            if state.cover_slot >= 0:
                firsts[state.cover_slot] += 1
        person[0], person[1], person[2], person[3] = 1, covered, state.messages, state.duplicates
        person[4], person[5], person[6] = state.cost & mask, state.cost >> LIMB & mask, state.cost >> 2 * LIMB
        for one in range(QUANTITIES):
            for other in range(one, QUANTITIES):
                products[one, other] += person[one] * person[other]
    return number
