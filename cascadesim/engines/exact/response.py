"""How people respond to one message, or unprompted: what the closed form asks of it, for each kind of people."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.exact.stages import Stage
from cascadesim.engines.exact.watch import Watch
from cascadesim.model.prices import Tariff

_BILLED = ("delivered", "opened", "clicked", "replied")


class Response:
    """The stages of one message, or those of the outside events, with what stops and what covers among them.

    `stops` are the stop events that are reported, `covers` the covering events (S11, S12). Ages are in
    microseconds since the dispatch, those of outside events since entry; answers have a value for each kind.
    `watch` is `Watch`, or knows of hours.
    """

    def __init__(
        self,
        stages: tuple[Stage, ...],
        stops: frozenset[str],
        covers: frozenset[str],
        factors: Floats,
        horizon: int,
        tariff: Tariff,
        watch: Callable[..., Watch] = Watch,
    ) -> None:
        self.stages = stages
        self.kinds = len(factors)
        self._tariff = tariff
        self._watch = functools.partial(watch, stages, factors=_within(stages, factors), horizon=horizon)
        self.stop = self._watch(stops)
        self.cover = self._watch(covers)
        self.joint = self._watch(covers, stops=stops)
        self.implies_cover = self.joint.implies_cover()
        self._states: dict[str, Watch] = {}

    def unstopped(self, age: int) -> Floats:
        """S: the probability of no reported stop event by the age."""
        return _at(self.stop, age)

    def uncovered(self, age: int) -> Floats:
        """G: the probability of no covering event by the age, which may be negative."""
        return _at(self.cover, age)

    def untouched(self, stop: int, cover: int) -> Floats:
        """J: the probability of no reported stop event by the one age and no covering event by the other."""
        return _at(self.cover, cover) if self.implies_cover and stop <= cover else _at(self.joint, cover, stop)

    def untouched_by(self, stops: Floats, covers: Floats) -> Floats:
        """The same for many pairs of ages, of shape (pairs, kinds)."""
        found = np.empty((covers.size, self.kinds))
        same = (stops <= covers) & self.implies_cover
        found[same] = self.cover.calculated(covers[same])
        if not same.all():
            found[~same] = self.joint.together(stops[~same], covers[~same])
        return found

    def got_to(self, state: str, age: int) -> Floats:
        """The probability that the message is in the state by the age."""
        return 1.0 - _at(self._state(state), age)

    def billed(self, age: int) -> Floats:
        """What the states it gets to by the age cost on the average, in billionths (S13)."""
        only: Floats = self.billed_by(np.array([float(age)]))[0]
        return only

    def billed_by(self, ages: Floats) -> Floats:
        """The same for many ages, of shape (ages, kinds)."""
        total = np.zeros_like(self.cover.calculated(ages))
        for state in _BILLED:
            amount = getattr(self._tariff, state)
            if amount:
                total = total + amount * (1.0 - self._state(state).calculated(ages))
        return total

    def _state(self, state: str) -> Watch:
        if state not in self._states:
            self._states[state] = self._watch(frozenset({state}))
        return self._states[state]


def _at(watch: Watch, cover: int, stop: int = 0) -> Floats:
    only: Floats = watch.silence(np.array([float(cover)]), float(stop))[0]
    return only


def _within(stages: tuple[Stage, ...], factors: Floats) -> Floats:
    """The factors, cut where they would lift the share of those who react over 1."""
    shares = [stage.share for top in stages for stage in (top, *top.after) if stage.reacts]
    return np.minimum(factors, 1.0 / max(shares)) if any(shares) else factors
