"""The clock rules of a case as tables: in which windows of the campaign a rule holds, in each time zone.

A rule's answer can change only where the wall clock shows one of its readings or midnight, and where it jumps (S1).
So `model.calendar` is asked at those instants, once, and the compiled engine looks answers up.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import time

import numpy as np

from cascadesim.engines.compiled.layout import NEVER, Array
from cascadesim.model.calendar import Clock
from cascadesim.model.chain import DayIs, TimeBetween
from cascadesim.model.channel import Hours, Quiet

_MIDNIGHT = time(0)
Window = tuple[int, int]


class ClockTables:
    """The tables of one case, numbered as they are asked for; each rule is there once.

    `zones` are the time zones of its people, `until` the last instant at which anything can happen to them.
    """

    def __init__(self, clock: Clock, zones: Sequence[str], until: int) -> None:
        self._clock = clock
        self._zones = zones
        self._until = until
        self._numbers: dict[Hashable, int] = {}
        self._tables: list[list[list[Window]]] = []

    def quiet(self, rules: tuple[Quiet, ...]) -> int:
        """The windows in which nothing is sent; -1 where there are no rules."""
        if not rules:
            return -1
        readings = [r for rule in rules if rule.hours is not None for r in (rule.hours.start, rule.hours.end)]
        return self._table(rules, readings, lambda zone, now: self._clock.quiet_end(rules, zone, now) != now)

    def unready(self, reacts: Hours | None) -> int:
        """The windows in which people of a segment do not react (S8); -1 where they always do."""
        if reacts is None or reacts.start == reacts.end:
            return -1
        return self.quiet((Quiet(Hours(reacts.end, reacts.start)),))

    def holds(self, condition: DayIs | TimeBetween) -> int:
        """The windows in which a condition holds."""
        if isinstance(condition, DayIs):
            return self._table(condition, [], lambda zone, now: self._clock.weekday(zone, now) in condition.days)
        hours = condition.hours
        return self._table(condition, [hours.start, hours.end], lambda zone, now: self._clock.within(hours, zone, now))

    def until(self, at: time, day: int | None) -> int:
        """The windows in which one waits for a reading: each begins just after the reading before."""
        key = (at, day)
        if key not in self._numbers:
            self._numbers[key] = len(self._tables)
            self._tables.append([list(self._waits(at, day, zone)) for zone in self._zones])
        return self._numbers[key]

    def arrays(self) -> tuple[Array, Array]:
        """`windows`, rows of (start, end), and `places`, (table, zone, 2): the first row and one past the last."""
        windows: list[Window] = []
        places = np.zeros((len(self._tables), len(self._zones), 2), np.int32)
        for number, table in enumerate(self._tables):
            for zone, found in enumerate(table):
                places[number, zone] = len(windows), len(windows) + len(found)
                windows += found
        return np.array(windows, np.int64).reshape(-1, 2), places

    def _table(self, key: Hashable, readings: Sequence[time], holds: Callable[[str, int], bool]) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self._tables)
            self._tables.append([list(self._windows(zone, readings, holds)) for zone in self._zones])
        return self._numbers[key]

    def _windows(self, zone: str, readings: Sequence[time], holds: Callable[[str, int], bool]) -> Iterator[Window]:
        showing = self._clock.readings({_MIDNIGHT, *readings}, zone, self._until)
        began: int | None = None
        for instant in sorted({0, *showing, *self._clock.changes(zone, self._until)}):
            if not 0 <= instant <= self._until:
                continue
            held = holds(zone, instant)
            if held and began is None:
                began = instant
            elif not held and began is not None:
                yield began, instant
                began = None
        if began is not None:
            yield began, NEVER

    def _waits(self, at: time, day: int | None, zone: str) -> Iterator[Window]:
        now = 0
        while now <= self._until:
            reading = self._clock.next_reading(at, day, zone, now)
            if reading > now:
                yield now, reading
            now = reading + 1
