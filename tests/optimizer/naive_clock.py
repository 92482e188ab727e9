"""Quiet hours and reaction hours, minute by minute (S6, S8); in UTC, for campaigns that start on a whole minute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import cache

from cascadesim.model.channel import Hours, Quiet
from cascadesim.model.model import Model
from cascadesim.units import MINUTE


class NaiveClock:
    """The clock of one segment's people."""

    def __init__(self, model: Model, segment: str) -> None:
        self._starts, self._reacts = model.scenario.starts, model.segment(segment).reacts
        self._rules: dict[str, tuple[Quiet, ...]] = {}
        for channel in model.channels:
            rules = (*model.scenario.quiet, *channel.quiet)
            if channel.is_call and self._reacts is not None:
                rules += (Quiet(Hours(self._reacts.end, self._reacts.start)),)
            self._rules[channel.name] = rules
        self._dispatch = cache(lambda name, now: self._first(now, lambda at: not self._is_quiet(name, at)))
        self._opening = cache(lambda minute: self._first(minute, self._is_open))

    def dispatch(self, channel: str, now: int) -> int:
        """When a message goes out that could go now."""
        return self._dispatch(channel, now) if self._rules[channel] else now

    def reaction(self, at: int) -> int | None:
        """When a reaction comes that would come at this instant; None: just then."""
        minute = at - at % MINUTE
        return None if self._reacts is None or self._is_open(self._local(minute)) else self._opening(minute)

    def edges(self, until: int) -> Iterator[int]:
        """When reaction hours begin and end."""
        if self._reacts is not None:
            for at in range(0, until, MINUTE):
                if self._is_open(self._local(at)) != self._is_open(self._local(at - MINUTE)):
                    yield at

    def _local(self, at: int) -> datetime:
        assert self._starts is not None
        return self._starts + timedelta(microseconds=at)

    def _first(self, now: int, is_right: Callable[[datetime], bool]) -> int:
        while not is_right(self._local(now)):
            now += MINUTE
        return now

    def _is_quiet(self, channel: str, at: datetime) -> bool:
        return any(holds(rule, at) for rule in self._rules[channel])

    def _is_open(self, at: datetime) -> bool:
        assert self._reacts is not None
        return holds(Quiet(self._reacts), at)


def holds(rule: Quiet, at: datetime) -> bool:
    """Whether a window holds this reading of the clock; past midnight it belongs to the day on which it begins."""
    start, end = (time(0), time(0)) if rule.hours is None else (rule.hours.start, rule.hours.end)
    if start < end:
        return start <= at.time() < end and is_on(rule, at)
    return (at.time() >= start and is_on(rule, at)) or (at.time() < end and is_on(rule, at - timedelta(days=1)))


def is_on(rule: Quiet, at: datetime) -> bool:
    return (not rule.days and not rule.dates) or at.weekday() in rule.days or at.date() in rule.dates
