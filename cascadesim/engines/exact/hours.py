"""What the wall clock does to people who all enter at the campaign's start: every rule of it moves instants (S1).

A dispatch in quiet hours moves to their end (S6), a reaction outside the segment's hours to their next start (S8), and
`wait until` ends at a reading (S10). All of them only depend on the instant and the zone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.model.calendar import Clock, quiet_rules, reaction_at
from cascadesim.model.chain import WaitUntil
from cascadesim.model.model import Model
from cascadesim.units import DAY


@dataclass(frozen=True)
class Closed:
    """The times at which nobody reacts: what would happen in (low, high], in whole microseconds, comes at `target`."""

    low: Floats
    high: Floats
    target: Floats

    def moved(self, at: Floats) -> Floats:
        """When reactions come that would come at these instants."""
        place = self.place(at)
        return np.where(place >= 0, np.append(self.target, 0.0)[place], at)

    def place(self, at: Floats) -> NDArray[np.intp]:
        """Which of the stretches (low, high] the instants lie in; -1 for none."""
        place = np.searchsorted(self.low, at, side="left") - 1
        return np.where(at <= np.append(self.high, -np.inf)[place], place, -1)

    @property
    def edges(self) -> Floats:
        """The instants between which times are moved alike."""
        return np.unique(np.concatenate([self.low, self.high, self.target]))


class LocalHours:
    """The clock rules of one segment's people, in the zones they live in; instants count from their entry.

    What comes after the horizon is of no interest.
    """

    def __init__(self, model: Model, segment: str) -> None:
        self._clock = Clock(model.scenario)
        self._horizon = int(model.scenario.horizon)
        self._reacts = model.segment(segment).reacts
        self._closed: dict[str, Closed] = {}
        self._quiet = {c.name: quiet_rules(model, segment, c.name) for c in model.channels}

    @property
    def move_reactions(self) -> bool:
        """Whether reactions have their hours."""
        return self._reacts is not None

    def dispatch(self, channel: str, zone: str, at: int) -> int:
        """When a message goes out that could at the instant; the horizon if it never may."""
        end = self._clock.quiet_end(self._quiet[channel], zone, at) if at < self._horizon else None
        return self._horizon if end is None else end

    def reading(self, node: WaitUntil, zone: str, at: int) -> int:
        """When a `wait until` ends that is reached at the instant."""
        return self._clock.next_reading(node.at, node.day, zone, at) if at < self._horizon else self._horizon

    def closed(self, zone: str) -> Closed:
        """When reactions do not come as they would, up to the horizon."""
        if zone not in self._closed:
            self._closed[zone] = self._closed_in(zone)
        return self._closed[zone]

    def _closed_in(self, zone: str) -> Closed:
        found: list[tuple[int, int, int]] = []
        edges = sorted({0, *self._edges(zone)} if self._reacts is not None else ())
        for first, after in itertools.pairwise(edge for edge in edges if edge >= 0):
            target = reaction_at(self._clock, self._reacts, zone, first)
            if target > first:
                found.append((first - 1, after - 1, target))
        low, high, targets = np.array(found, dtype=float).reshape(-1, 3).T
        return Closed(low, high, targets)

    def _edges(self, zone: str) -> Iterator[int]:
        """The instants at which reaction hours begin or end, if only for a day on which the clock is changed."""
        assert self._reacts is not None
        until = self._horizon + 2 * DAY  # what is closed at the horizon has an end as well
        yield from self._clock.readings({self._reacts.start, self._reacts.end}, zone, until)
        yield from self._clock.changes(zone, until)
