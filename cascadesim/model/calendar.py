"""The wall clock: what it reads at an instant of the campaign, and when a quiet window ends (S1, S6, S8).

An instant is a whole number of microseconds since the campaign's start. A `Clock` belongs to one scenario;
the zone is the recipient's. A reading that daylight saving skips means the first instant after the gap; of a
reading that comes twice, windows hold both and `next_reading` finds the first at or after now.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from cascadesim.errors import InputError
from cascadesim.model.channel import Hours, Quiet
from cascadesim.model.model import Model, Scenario
from cascadesim.units import DAY

_MICROSECOND = timedelta(microseconds=1)
_FAR = 400  # days: quieter for longer than this is quiet for ever


class Clock:
    """Reads the wall clock in any zone at instants of one campaign.

    Clock rules need `starts`: a Clock of a scenario without it raises InputError when it is read.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._origin: datetime | None = None
        if scenario.starts is not None:
            self._origin = scenario.starts.replace(tzinfo=ZoneInfo(scenario.zone)).astimezone(UTC)

    def utc(self, instant: int) -> datetime:
        """The instant as a date and time in UTC."""
        if self._origin is None:
            raise InputError.of(
                "C090",
                "a rule that reads the clock needs to know when the campaign starts",
                "add `starts 2027-03-01 10:00` to the scenario block",
            )
        return self._origin + timedelta(microseconds=instant)

    def local(self, instant: int, zone: str) -> datetime:
        """The wall clock's reading in the zone, without a zone of its own."""
        return self.utc(instant).astimezone(_zone(zone)).replace(tzinfo=None, fold=0)

    def instant(self, reading: datetime, zone: str, not_before: int) -> int:
        """The first instant at or after `not_before` that reads so; after a gap if the reading is skipped."""
        for fold in (0, 1):
            there = reading.replace(tzinfo=_zone(zone), fold=fold).astimezone(UTC)
            if there.astimezone(_zone(zone)).replace(tzinfo=None, fold=0) != reading.replace(fold=0):
                there = _gap_end(reading, zone)
            at = (there - self.utc(0)) // _MICROSECOND
            if at >= not_before:
                return at
        return at

    def next_reading(self, at: time, day: int | None, zone: str, now: int) -> int:
        """The first instant at or after now at which the clock shows `at` (on that weekday; Monday is 0)."""
        today = self.local(now, zone).date()
        for ahead in range(-1, 16):
            there = today + timedelta(days=ahead)
            if day is not None and there.weekday() != day:
                continue
            instant = self.instant(datetime.combine(there, at), zone, now)
            if instant >= now:
                return instant
        raise AssertionError("a week has every weekday")

    def readings(self, readings: Collection[time], zone: str, until: int) -> Iterator[int]:
        """When the clock shows these readings, both times where it shows one twice; from a day before the start on."""
        first, last = (self.local(at, zone).date() for at in (-DAY, until + DAY))
        for ahead in range((last - first).days + 1):
            for reading in readings:
                there = datetime.combine(first + timedelta(days=ahead), reading)
                once = self.instant(there, zone, -2 * DAY)
                yield once
                yield self.instant(there, zone, once + 1)

    def changes(self, zone: str, until: int) -> Iterator[int]:
        """When the clock is put forward or back, from a day before the start on."""
        for low, high in pairwise(range(-DAY, until + 2 * DAY, DAY)):
            before = self._offset(zone, low)
            if self._offset(zone, high) == before:
                continue
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self._offset(zone, middle) == before else (low, middle)
            yield high

    def _offset(self, zone: str, instant: int) -> timedelta:
        return self.local(instant, zone) - self.utc(instant).replace(tzinfo=None)

    def within(self, hours: Hours, zone: str, now: int) -> bool:
        """Whether the wall clock reads within the hours."""
        return holds(hours, self.local(now, zone).time())

    def weekday(self, zone: str, now: int) -> int:
        """The day of the week there; Monday is 0."""
        return self.local(now, zone).weekday()

    def goes_out(self, model: Model, segment: str, channel: str, now: int) -> int | None:
        """When a message to a segment's people goes out on the channel: now, or when its quiet hours end; None: never.

        Throughput is left out: that is a matter of who else is waiting.
        """
        return self.quiet_end(quiet_rules(model, segment, channel), model.zone_of(segment), now)

    def quiet_end(self, rules: tuple[Quiet, ...], zone: str, now: int) -> int | None:
        """The first instant at or after now outside all the windows (now itself if it is); None: never.

        Adjoining and overlapping windows count as one.
        """
        if not rules:
            return now
        at = now
        limit = now + _FAR * DAY
        while at < limit:
            reading = self.local(at, zone)
            ends = [end for rule in rules if (end := _end_of(rule, reading)) is not None]
            if not ends:
                return at
            # max() leaves one window at a time at the latest; the loop looks again at the instant it ends
            at = max(at + 1, self.instant(max(ends), zone, at))
        return None


def quiet_rules(model: Model, segment: str, channel: str) -> tuple[Quiet, ...]:
    """The quiet windows of a segment's messages on a channel: the scenario's, the channel's and, for calls,
    the hours in which the segment does not react (S8).
    """
    rules = model.scenario.quiet + model.channel(channel).quiet
    reacts = model.segment(segment).reacts
    if model.channel(channel).is_call and reacts is not None:
        rules += (Quiet(Hours(reacts.end, reacts.start)),)
    return rules


def reaction_at(clock: Clock, reacts: Hours | None, zone: str, at: int) -> int:
    """When a reaction really comes: at once within the segment's hours, else at their next start (S8)."""
    if reacts is None:
        return at
    end = clock.quiet_end((Quiet(Hours(reacts.end, reacts.start)),), zone, at)
    return at if end is None else end


def _end_of(rule: Quiet, reading: datetime) -> datetime | None:
    """The reading at which the rule's window around this reading ends; None outside it."""
    today, midnight = reading.date(), time(0)
    if rule.hours is None:
        return datetime.combine(today + timedelta(days=1), midnight) if _on(rule, today) else None
    start, end = rule.hours.start, rule.hours.end
    if start < end:
        return datetime.combine(today, end) if _on(rule, today) and start <= reading.time() < end else None
    if reading.time() >= start and _on(rule, today):
        return datetime.combine(today + timedelta(days=1), end)
    if reading.time() < end and _on(rule, today - timedelta(days=1)):
        return datetime.combine(today, end)
    return None


def _on(rule: Quiet, day: date) -> bool:
    return (not rule.days and not rule.dates) or day.weekday() in rule.days or day in rule.dates


def holds(hours: Hours, reading: time) -> bool:
    """Whether the reading lies within the hours, which may pass midnight."""
    if hours.start < hours.end:
        return hours.start <= reading < hours.end
    return reading >= hours.start or reading < hours.end


def _gap_end(reading: datetime, zone: str) -> datetime:
    """The first instant after the gap in which the reading lies: where the offset changes."""
    low = (reading.replace(tzinfo=UTC) - timedelta(days=1)).replace(microsecond=0)
    high = low + timedelta(days=2)
    offset = low.astimezone(_zone(zone)).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if middle.astimezone(_zone(zone)).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high


@functools.cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def known_zone(name: str) -> bool:
    """Whether the time-zone data knows the zone."""
    try:
        _zone(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
