"""What plans for one segment are evaluated from: the classes of people, and S, G and J of every message (S15).

Responses, times and ages are small numbers here (`Memo`, `Times`), so that whole arrays of them are looked up at
once. The last axis of every value that is looked up is the recipient's kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadesim.contacts import Contact
from cascadesim.engines.exact.classes import Classes
from cascadesim.engines.exact.memo import Memo, Times
from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.exact.response import Response
from cascadesim.engines.exact.schedule import Schedule
from cascadesim.engines.exact.stages import Stage, matched, message_stages, outside_stages, split_by_delivery
from cascadesim.model.chain import Event, Saying
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
    ) -> None:
        self._model, self._segment, self._cover, self._stop, self._saying = model, segment, cover, stop, saying
        self._channels = frozenset(channels)
        self.horizon = int(model.scenario.horizon)
        self.times = Times(self.horizon)
        self.classes = Classes(model, segment, channels, people, given)
        self._responses = [self._response((), frozenset(), frozenset()), self._unprompted()]
        self._numbers: dict[_Name, int] = {}
        self._reached: dict[str, NDArray[np.bool_]] = {}
        self._sending: dict[tuple[str, Saying | None], Floats] = {}
        self._memos: dict[tuple[str, int | str], Memo] = {}
        self._schedules: dict[tuple[tuple[int, int], ...], Schedule] = {}
        self.unstopped = self._memo(lambda response, age: response.unstopped(age))
        self.fresh = self._memo(lambda response, age: response.untouched(age, age))
        self.billed = self._memo(lambda response, start: response.billed(self.horizon - start))

    def number(self, channel: str, resend: bool) -> int:
        """The number of the response to a message."""
        name = _Name(channel, resend)
        if name not in self._numbers:
            self._enter(name, message_stages(self._model, self._segment, channel, resend))
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
    ) -> Response:
        return Response(stages, stops, covers, self.classes.factors, self.horizon, price)
