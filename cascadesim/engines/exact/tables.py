"""What plans for one segment are evaluated from: the classes of people, and S, G and J of every message (S15).

Responses, times and ages are small numbers here (`Memo`, `Times`), so that whole arrays of them are looked up at
once. The last axis of every value that is looked up is the recipient's kind.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cascadesim.contacts import Contact
from cascadesim.engines.exact.classes import Classes
from cascadesim.engines.exact.hours import LocalHours
from cascadesim.engines.exact.memo import Ints, Memo, Times
from cascadesim.engines.exact.moved import MovedWatch
from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.exact.response import Response
from cascadesim.engines.exact.schedule import Schedule
from cascadesim.engines.exact.stages import Stage, matched, message_stages, outside_stages, split_by_delivery
from cascadesim.engines.exact.watch import Watch
from cascadesim.model.chain import Event, Saying, WaitUntil
from cascadesim.model.model import Model
from cascadesim.model.prices import Tariff, tariff

SKIPPED = 0
"""The response of people whom no message was sent to."""

UNPROMPTED = 1
"""What people do of their own accord."""

_FREE = Tariff()
_KEPT = 50_000  # schedules; a search goes through more of them than memory holds


@dataclass(frozen=True)
class _Name:
    """A response to a first or later message on a channel, of which a delivery by `age` is known to be or not (S10)."""

    channel: str
    resend: bool
    age: int | None = None
    is_delivered: bool = False


class Tables:
    """The tables of one segment; the arguments are those of `Evaluator`."""

    def __init__(
        self,
        model: Model,
        segment: str,
        cover: tuple[Event, ...],
        stop: tuple[Event, ...],
        people: Sequence[Contact] | None,
        saying: Saying | None,
        channels: tuple[str, ...],
        given: Mapping[str, bool],
        by_clock: bool,
    ) -> None:
        self._model, self._segment, self._cover, self._stop, self._saying = model, segment, cover, stop, saying
        self._channels = frozenset(channels)
        self.horizon = int(model.scenario.horizon)
        self.times = Times(self.horizon)
        self.classes = Classes(model, segment, channels, people, given, by_clock)
        self._hours = LocalHours(model, segment) if by_clock else None
        self._zones = tuple(sorted(set(self.classes.zones)))
        self._zone_of = np.array([self._zones.index(zone) for zone in self.classes.zones], dtype=np.intp)
        self._moments: dict[Hashable, Memo] = {}
        self._responses = [self._response((), frozenset(), frozenset()), self._unprompted()]
        self._numbers: dict[_Name, int] = {}
        self._watched: dict[int, tuple[frozenset[str], frozenset[str], Tariff]] = {}
        self._reached: dict[str, NDArray[np.bool_]] = {}
        self._sending: dict[tuple[str, Saying | None], Floats] = {}
        self._memos: dict[tuple[str, int | str], Memo] = {}
        self._schedules: dict[tuple[tuple[int, int], ...], Schedule] = {}
        self.unstopped = self._memo(lambda response, age: response.unstopped(age))
        self.fresh = self._memo(lambda response, age: response.untouched(age, age))
        self.billed = self._memo(lambda response, start: response.billed(self.horizon - start))

    @property
    def by_clock(self) -> bool:
        """Whether clock rules count."""
        return self._hours is not None

    def dispatches(self, channel: str, patterns: Ints, now: Ints) -> Ints:
        """When a message goes out that could go now, for people of these patterns: after their quiet hours (S6)."""
        hours = self._hours
        if hours is None:
            return now
        return self._moment(("dispatch", channel), patterns, now, partial(hours.dispatch, channel))

    def readings(self, node: WaitUntil, patterns: Ints, now: Ints) -> Ints:
        """When a `wait until` ends that people of these patterns reach now (S10). Clock rules must count."""
        assert self._hours is not None
        return self._moment(node, patterns, now, partial(self._hours.reading, node))

    def _moment(self, what: Hashable, patterns: Ints, now: Ints, compute: Callable[[str, int], int]) -> Ints:
        if what not in self._moments:

            def number(zone: int, time: int) -> int:
                return self.times.number(compute(self._zones[zone], self.times[time]))

            self._moments[what] = Memo(number, 2, dtype=np.intp)
        found: Ints = self._moments[what](self._zone_of[patterns], now)
        return found

    def sent(self, response: int, patterns: Ints, at: Ints) -> Ints | int:
        """The response to messages that go out at these times: itself, unless reactions keep to hours (S8)."""
        hours = self._hours
        if hours is None or not hours.move_reactions:
            return response
        if ("sent", response) not in self._moments:
            stages, watched = self._responses[response].stages, self._watched[response]

            def number(zone: int, time: int) -> int:
                watch = partial(MovedWatch, closed=hours.closed(self._zones[zone]), sent=self.times[time])
                self._responses.append(self._response(stages, *watched, watch))
                return len(self._responses) - 1

            self._moments["sent", response] = Memo(number, 2, dtype=np.intp)
        found: Ints = self._moments["sent", response](self._zone_of[patterns], at)
        return found

    def number(self, channel: str, resend: bool) -> int:
        """The number of the response to a message."""
        name = _Name(channel, resend)
        if name not in self._numbers:
            moves = self._hours is not None and self._hours.move_reactions
            self._enter(name, message_stages(self._model, self._segment, channel, resend, moves))
        return self._numbers[name]

    def outcomes(self, channel: str, resend: bool, age: int) -> tuple[tuple[bool, float, int], ...]:
        """Whether a message is delivered by the age, how likely that is, and the number of the response then (S10)."""
        (stage,) = self._responses[self.number(channel, resend)].stages
        found = []
        for is_delivered, (chance, known) in zip((True, False), split_by_delivery(stage, age), strict=True):
            name = _Name(channel, resend, age, is_delivered)
            if name not in self._numbers:
                self._enter(name, known)
            found.append((is_delivered, chance, self._numbers[name]))
        return tuple(found)

    def reports_delivery(self, channel: str) -> bool:
        """Whether the sender learns of deliveries on the channel (S10)."""
        return self._model.channel(channel).reports_state("delivered")

    def response(self, number: int) -> Response:
        """The response of that number."""
        return self._responses[number]

    def implies_cover(self, response: int) -> bool:
        """Whether no stop event of the response comes before a covering one."""
        return self._responses[response].implies_cover

    def cover(self, deadline: int) -> Memo:
        """G: no covering event by a deadline from entry, for (response, time of dispatch)."""
        return self._kept("cover", deadline, lambda response, start: response.uncovered(deadline - start))

    def joint(self, deadline: int) -> Memo:
        """J: no stop event by an age and no covering one by the deadline, for (response, time of dispatch, age)."""
        return self._kept(
            "joint", deadline, lambda response, start, age: response.untouched(age, deadline - start), indices=3
        )

    def got_to(self, state: str) -> Memo:
        """The probability of getting to the state by the horizon, for (response, time of dispatch)."""
        return self._kept(state, 0, lambda response, start: response.got_to(state, self.horizon - start))

    def reached(self, channel: str) -> NDArray[np.bool_]:
        """The reach patterns that have the channel; KeyError for a channel that was not asked for."""
        if channel not in self._channels:
            raise KeyError(channel)
        if channel not in self._reached:
            self._reached[channel] = self.classes.reached(channel)
        return self._reached[channel]

    def sending(self, channel: str, saying: Saying | None) -> Floats:
        """What sending one message costs, in billionths, by reach pattern (S13); a step's own saying wins."""
        key = channel, saying or self._saying
        if key not in self._sending:
            price = tariff(self._model, self._segment, channel)
            parts = self.classes.parts(*key) if price.part else 0.0
            self._sending[key] = price.sent + price.part * parts + np.zeros(len(self.classes.patterns))
        return self._sending[key]

    def schedule(self, messages: tuple[tuple[int, int], ...]) -> Schedule:
        """The schedule of messages (response, time of dispatch)."""
        if messages not in self._schedules:
            if len(self._schedules) >= _KEPT:
                self._schedules.clear()
            sent = tuple((self._responses[response], self.times[start]) for response, start in messages)
            self._schedules[messages] = Schedule(sent, self.horizon)
        return self._schedules[messages]

    def _memo(self, compute: Callable[..., Floats], indices: int = 2) -> Memo:
        def value(response: int, *times: int) -> Floats:
            return compute(self._responses[response], *(self.times[time] for time in times))

        return Memo(value, indices, (len(self.classes.shares),))

    def _kept(self, name: str, deadline: int, compute: Callable[..., Floats], indices: int = 2) -> Memo:
        if (name, deadline) not in self._memos:
            self._memos[name, deadline] = self._memo(compute, indices)
        return self._memos[name, deadline]

    def _enter(self, name: _Name, stage: Stage) -> None:
        stops = matched(self._model, self._stop, name.channel, only_reported=True) | {"unsubscribed"}
        covers = matched(self._model, self._cover, name.channel)
        price = tariff(self._model, self._segment, name.channel)
        self._numbers[name] = len(self._responses)
        self._watched[len(self._responses)] = stops, covers, price
        self._responses.append(self._response((stage,), stops, covers, price))

    def _unprompted(self) -> Response:
        stops, covers = (frozenset(e.outside for e in events if e.outside) for events in (self._stop, self._cover))
        return self._response(outside_stages(self._model, self._segment), stops, covers)

    def _response(
        self,
        stages: tuple[Stage, ...],
        stops: frozenset[str],
        covers: frozenset[str],
        price: Tariff = _FREE,
        watch: Callable[..., Watch] = Watch,
    ) -> Response:
        return Response(stages, stops, covers, self.classes.factors, self.horizon, price, watch)
