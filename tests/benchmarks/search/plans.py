"""Plans as vectors of whole numbers, for those who search over vectors, and the plan that all of them begin with.

A vector has as many slots as a plan may have steps: a channel and the wait after it (the last slot has none). Any
vector is a plan, so that nobody wastes an evaluation on one that is not allowed:

 - the number after the last channel's leaves a slot empty; the first slot is never empty;
 - a slot with a channel that an earlier one has is empty as well, as a channel comes once;
 - empty slots are left out, with their waits; so is the wait of the last step.

So several vectors are the same plan. `repaired` makes them one vector, its empty slots last and what is not read zero:
who looks for duplicates can compare vectors then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.search.market import Size
from tests.benchmarks.search.problem import Plans, Problem

Vectors = NDArray[np.int64]


@dataclass(frozen=True)
class Encoding:
    """The vectors of the plans of a size; `highest` has the highest number in each place, the lowest is 0."""

    size: Size

    @property
    def highest(self) -> Vectors:
        found = np.full(2 * self.size.steps - 1, self.size.waits - 1)
        found[0::2] = self.size.channels
        found[0] = self.size.channels - 1
        return found

    def plans(self, vectors: Vectors) -> Plans:
        """The plans that a row each stands for."""
        channels = vectors[:, 0::2].astype(np.int8)
        waits = np.zeros_like(channels)
        waits[:, :-1] = vectors[:, 1::2]
        kept = channels < self.size.channels
        for slot in range(1, self.size.steps):
            kept[:, slot] &= np.all(channels[:, :slot] != channels[:, slot, None], axis=1)
        order = np.argsort(~kept, axis=1, kind="stable")
        channels, waits, kept = (np.take_along_axis(each, order, axis=1) for each in (channels, waits, kept))
        channels[~kept] = -1
        goes_on = np.zeros_like(kept)
        goes_on[:, :-1] = kept[:, 1:]
        waits[~goes_on] = 0
        return channels, waits

    def plan(self, vector: Sequence[int]) -> Plans:
        """The plan of one vector, for who asks for one at a time: quicker than `plans`."""
        channels = np.full((1, self.size.steps), -1, dtype=np.int8)
        waits = np.zeros((1, self.size.steps), dtype=np.int8)
        seen: list[int] = []
        for slot, channel in enumerate(vector[0::2]):
            if channel < self.size.channels and channel not in seen:
                channels[0, len(seen)] = channel
                if slot + 1 < self.size.steps:
                    waits[0, len(seen)] = vector[2 * slot + 1]
                seen.append(channel)
        return channels, waits

    def vectors(self, plans: Plans) -> Vectors:
        """The vectors that stand for the plans, the empty slots last."""
        channels, waits = plans
        found = np.zeros((len(channels), 2 * self.size.steps - 1), dtype=np.int64)
        found[:, 0::2] = np.where(channels < 0, self.size.channels, channels)
        found[:, 1::2] = waits[:, :-1]
        return found

    def repaired(self, vectors: Vectors) -> Vectors:
        """The one vector of each that stands for the same plan."""
        return self.vectors(self.plans(vectors))


def greedy(problem: Problem) -> Plans:
    """The plan that grows by the best step as long as that is worth it: as it was after each step, a row each.

    With a step, the wait before it is chosen too.
    """
    size, grown, value = problem.size, list[tuple[list[int], list[int]]](), np.inf
    channels, waits = list[int](), list[int]()
    while len(channels) < size.steps:
        tried = [
            ([*channels, c], [*waits, *([w] if channels else [])])
            for c in range(size.channels)
            if c not in channels
            for w in range(size.waits if channels else 1)
        ]
        values = problem.value(problem.many.evaluate(*_padded(tried, size), jobs=1))
        if values.min() >= value:
            break
        value, (channels, waits) = values.min(), tried[int(values.argmin())]
        grown.append((channels, waits))
    return _padded(grown, size)


def _padded(plans: Sequence[tuple[list[int], list[int]]], size: Size) -> Plans:
    channels = np.full((len(plans), size.steps), -1, dtype=np.int8)
    waits = np.zeros((len(plans), size.steps), dtype=np.int8)
    for row, (some, pauses) in enumerate(plans):
        channels[row, : len(some)] = some
        waits[row, : len(pauses)] = pauses
    return channels, waits
