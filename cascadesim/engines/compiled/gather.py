"""From parts to what a replication came to: sums of each segment (`engines.tally`), or a row a person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cascadesim.engines.compiled.layout import PATTERNS, Array, Tables
from cascadesim.engines.compiled.prepared import Part, Prepared
from cascadesim.engines.compiled.runs import LIMB, QUANTITIES
from cascadesim.engines.tally import StepSums, Sums

# In the columns of `runs.add_up`, what one, covered, cost, messages and duplicates are (`engines.tally`).
_QUANTITIES = np.zeros((5, QUANTITIES), object)
_QUANTITIES[(0, 1, 3, 4), (0, 1, 2, 3)] = 1
_QUANTITIES[2, 4:] = [1 << LIMB * place for place in range(3)]


def add_to(sums: dict[str, Sums], it: Prepared, parts: Sequence[Part]) -> None:
    """Adds the parts of one replication to its sums, which have all steps."""
    for crowd, name in enumerate(it.names):
        mine = sums[name]
        upper = sum((block.astype(object) for p in parts for block in p.products.get(crowd, ())), start=_none())
        products = _QUANTITIES @ (upper + upper.T - np.diag(np.diag(upper))) @ _QUANTITIES.T
        mine.products = products.tolist()
        mine.sums = products[0].tolist()
        mine.first_covers += [covers for p in parts for covers in p.covers.get(crowd, ())]
    prices = _prices(it.tables)
    for slot, (segment, step, channel) in enumerate(it.slots):
        _add_step(sums[segment].steps[step, channel], it.tables, parts, slot, prices[slot])


def rows(it: Prepared, parts: Sequence[Part]) -> dict[str, Array]:
    """The people of each segment, a row each: (1, covered, cost, messages, duplicates)."""
    nobody = np.empty((0, 5), np.int64)
    return {
        name: np.concatenate([nobody, *(rows for p in parts for rows in p.people.get(crowd, ()))])
        for crowd, name in enumerate(it.names)
    }


def _none() -> Array:
    return np.zeros((QUANTITIES, QUANTITIES), object)


def _add_step(step: StepSums, t: Tables, parts: Sequence[Part], slot: int, prices: Sequence[int]) -> None:
    """Messages by the states they got to; each costs its price, and so much a part where texts differ."""
    part = int(t.slots["part"][slot]) if t.slots["parts"][slot] >= 0 else 0
    for it in parts:
        for pattern in np.flatnonzero(it.counts[slot]).tolist():
            number, price, billed = int(it.counts[slot, pattern]), prices[pattern], int(it.parts[slot, pattern])
            step.sent += number
            step.delivered += number * (pattern & 1)
            step.opened += number * (pattern >> 1 & 1)
            step.cost += number * price + part * billed
            step.cost_squared += number * price * price + 2 * price * part * billed
        step.cost_squared += part * part * int(it.parts_squared[slot])
        step.first += int(it.firsts[slot])
        step.queued += it.delays.get(slot, ())


def _prices(t: Tables) -> list[list[int]]:
    """What a slot's message costs, by the pattern of states that it got to, parts that differ aside."""
    found = []
    for slot in t.slots:
        states: dict[int, int] = {}
        for first, many in ((slot["stage"], slot["stages"]), (slot["again"], slot["agains"])):
            states |= {int(s["state"]): int(s["cost"]) for s in t.stages[first : first + many]}
        found.append([
            int(slot["cost"]) + sum(cost for state, cost in states.items() if pattern >> state & 1)
            for pattern in range(PATTERNS)
        ])  # fmt: skip
    return found
