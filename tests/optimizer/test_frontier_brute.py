"""The frontier against every choice of plans there is, by the naive evaluator."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from cascadesim.optimizer import optimize
from cascadesim.units import BILLION
from tests.optimizer.instances import random_world, without_fees
from tests.optimizer.worlds import World


def frontier_of(world: World):
    points = optimize(world.model, world.question).frontier
    assert all(a.cost_per_person < b.cost_per_person and a.coverage < b.coverage for a, b in itertools.pairwise(points))
    return points


def test_one_segment_s_frontier_is_that_of_all_plans():
    close = 1e-8
    for number in (n for n in range(40) if n % 4 != 1 and n % 20 != 6):
        world = random_world(number, is_plain=True)
        (people,) = world.people
        cost, covered = world.cost() / BILLION / people, world.measure(None, lambda s: s.covered) / people
        found = [(p.cost_per_person, p.coverage) for p in frontier_of(world)]
        for one, share in zip(cost, covered, strict=True):
            assert any(c <= one + close and v >= share - close for c, v in found), number
        for one, share in found:
            assert np.any((np.abs(cost - one) <= close) & (np.abs(covered - share) <= close)), number
            assert not np.any((cost < one - close) & (covered > share + close)), number


def test_several_segments_frontier_has_the_best_at_every_price_of_a_covered_person():
    """Without campaign fees; what it says of a point is what its steps come to."""
    for number in range(1, 50, 4):
        world = random_world(number, is_plain=True)
        channels = tuple(map(without_fees, world.model.channels))
        world = World(replace(world.model, channels=channels), world.question, world.instants)
        people = sum(world.people)
        points = frontier_of(world)
        cost, covered = world.cost() / BILLION, world.measure(None, lambda s: s.covered)
        for point in points:
            steps = [tuple((x.channel, x.wait, x.undelivered_after) for x in point.steps[s]) for s, _ in world.groups]
            numbers = [world.plans.index(plan) for plan in steps]
            chosen = np.ravel_multi_index(numbers, [len(world.plans)] * len(numbers))
            assert point.cost_per_person * people == pytest.approx(cost[chosen], abs=1e-6), number
            assert point.coverage * people == pytest.approx(covered[chosen], abs=1e-6), number
        for price in (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 10.0):
            best = (price * covered - cost).max()
            found = max((price * p.coverage - p.cost_per_person) * people for p in points)
            assert found == pytest.approx(best, abs=1e-6), (number, price)
