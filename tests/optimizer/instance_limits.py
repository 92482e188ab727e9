"""Limits for random questions, their bounds between two values that plans have: some bind, some nothing can keep."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from cascadesim.model.question import EACH, Keep
from cascadesim.units import HOUR, Duration, Money, Share
from tests.optimizer.worlds import World

MEASURES = ("coverage", "total cost", "cost per person", "cost per covered person", "messages per person", "messages")


def random_keeps(world: World, number: int) -> tuple[Keep, ...]:
    """Limits that leave nothing of all plans, or not the best, or the best; two segments share a cost as well."""
    rng = random.Random(-1 - number)
    is_two = len(world.segments) == 2
    effect = "binding" if number % 3 == 0 or number % 8 == 1 or world.question.may_split else "loose"
    if number % 10 == 9:
        effect = "impossible"
    keeps = [keep_between(world, rng, effect, is_two)]
    if is_two and not is_shared_cost(keeps[0]):
        keeps.append(keep_between(world, rng, "loose", True))
    elif number % 7 == 0:
        keeps.append(keep_between(world, rng, "loose", False))
    return tuple(keeps)


def is_shared_cost(keep: Keep) -> bool:
    return keep.measure == "total cost" and keep.of is None


def template(rng: random.Random, world: World, is_shared: bool) -> Keep:
    if is_shared:
        return Keep("total cost", "at most", Money(0, "EUR"))
    of = rng.choice([None, world.segments[0], EACH])
    kind = rng.choice([*MEASURES, "time to open"])
    if kind == "time to open":
        return Keep(kind, rng.choice(["at most", "under"]), Duration(2 * HOUR), of, openers=Share(0))
    channel = rng.choice([None, *world.question.channels]) if kind == "messages" else None
    if kind == "coverage":
        return Keep(kind, rng.choice(["at least", "over"]), Share(0), of)
    bounds = ["at most", "at most", "under"]
    value = {"messages per person": 0.0, "messages": 0.0}.get(kind, Money(0, "EUR"))
    return Keep(kind, rng.choice(bounds), value, of, channel)


def keep_between(world: World, rng: random.Random, effect: str, is_shared: bool) -> Keep:
    """A limit with a bound between two values that plans have; `effect` says on which side the best one is."""
    for _ in range(50):
        keep = template(rng, world, is_shared)
        is_more = keep.measure in ("coverage", "time to open")
        bound = bound_for(world, rng, keep, effect, is_more)
        if bound is not None and not (is_more and bound >= 1):
            if keep.openers is not None:
                return replace(keep, openers=Share(bound))
            kind = type(keep.value)
            return replace(keep, value=Money(round(bound), "EUR") if kind is Money else kind(bound))
        is_shared = False  # no total cost has this effect
    assert effect == "binding", "there is always something impossible, and something harmless"
    return keep_between(world, rng, "loose", is_shared)


def bound_for(world: World, rng: random.Random, keep: Keep, effect: str, is_more: bool) -> float | None:
    sign = 1.0 if is_more else -1.0  # times the figure: more is better
    figures = np.min([sign * world.figure(keep, of) for of in world.scopes(keep)], axis=0)
    values = np.unique(figures[np.isfinite(figures)])
    if not len(values):
        return None
    values = values[np.append(True, np.diff(values) > 1e-5 * np.abs(values[:-1]))]
    best = figures[world.best(())[1]]
    if effect == "impossible":
        bound = values[-1] + 0.03 * abs(values[-1])
        return float(sign * bound) if bound else None
    if effect == "loose" and np.isfinite(best):
        values = np.sort(np.append(values, best - 0.01 * abs(best)))
    is_over = values[:-1] > best - 1e-9 * abs(best)
    pairs = np.flatnonzero(is_over == (effect == "binding"))
    if not len(pairs):
        return None
    at = rng.choice(pairs.tolist())
    return float(sign * (values[at] + values[at + 1]) / 2) or None
