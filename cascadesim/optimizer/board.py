"""All that the search must know of one segment, as arrays: who is written to, what may follow what, S, G and J (S15).

Instants at which something may go out are numbered in their order; the last number is the horizon. What people do in
response to a message is numbered too: 2 c for a first message on channel c, 2 c + 1 for a later one; where waits may
end early (S10) the same again for messages known to be delivered in time, and once more for those known not to be.
What people do unprompted has the last number, and the instant 0. Where people live in several zones (clock rules),
each number stands for as many rows, one a zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cascadesim.engines.exact import Evaluator
from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.exact.response import Response
from cascadesim.engines.exact.tables import UNPROMPTED
from cascadesim.optimizer.space import Space

_MOST = 1 << 26  # numbers in all tables
_PAIRS = 1 << 23  # of instants
_AT_ONCE = 32  # so many values of J are calculated, never taken from a table


class TooManyInstantsError(ValueError):
    """The waits sum up to more different instants than tables can hold."""


class Board(NamedTuple):
    """Probabilities are by kind along their last axis; R are the rows of responses.

    `times`, `starts`, `ends` and `never_after` are by channel: how often it may come, whether it may come first and
    last, and the set (in bits) of channels that it may not come after. `later[w]` is the instant a wait later; its
    last row is for `early` ends, which `splits[c, w]` says where there are; `early[r]` is the chance of a delivery in
    time. `dispatch[c, zone]` is when a message goes out that could go at each instant (S6). `pair[a, b]` numbers the
    ages: `stop[R, pair]` is S, `cover[d, R, a]` G for a message sent at a, `safe[d, R, a]` is the probability of
    neither a stop nor a cover by deadline d, `joint[d, R, pair]` is J (empty if every stop implies a cover), and
    `price[R, a]` what is billed on events, in billionths. `sending_of` (group, channel) is the price of sending.
    """

    times: NDArray[np.int8]
    starts: NDArray[np.bool_]
    ends: NDArray[np.bool_]
    never_after: NDArray[np.int64]
    charged: NDArray[np.bool_]
    min_steps: int
    max_steps: int
    reached: NDArray[np.bool_]
    weight: Floats
    group: NDArray[np.int64]
    sending_of: Floats
    zone_of: NDArray[np.int64]
    zones: int
    later: NDArray[np.int32]
    dispatch: NDArray[np.int32]
    splits: NDArray[np.bool_]
    early: Floats
    pair: NDArray[np.int32]
    stop: Floats
    cover: Floats
    safe: Floats
    joint: Floats
    price: Floats
    unprompted: bool
    implied: bool


def board_of(evaluator: Evaluator, space: Space, deadlines: Sequence[int], charged: frozenset[str]) -> Board:
    """The board of the evaluator's segment; `deadlines` are in microseconds from entry.

    TooManyInstantsError where the instants that the waits sum up to are too many for tables.
    """
    tables, channels = evaluator.tables, space.channels
    steps = [space.before_another[c] for c in channels]
    waits = [int(step.wait or 0) for step in steps[0]]
    early = next((int(s.undelivered_after) for row in steps for s in row if s.undelivered_after is not None), None)
    zone, zones, first = _zones(evaluator)
    instants = _instants(evaluator, space, [*waits, *([] if early is None else [early])], first)
    splits = np.array([[s.undelivered_after is not None for s in row] for row in steps], dtype=np.bool_)
    numbers, chances = _responses(evaluator, channels, splits, early)
    made = _Made(evaluator, instants, numbers, first, [min(d, tables.horizon) for d in deadlines])
    sending = np.stack([tables.sending(name, None) for name in channels], axis=1)
    groups, group = np.unique(np.column_stack([zone, sending]), axis=0, return_inverse=True)
    never = [sum(1 << k for k, other in enumerate(channels) if (c, other) in space.never) for c in channels]
    return Board(
        times=np.array([space.times[c] for c in channels], dtype=np.int8),
        starts=np.array([not space.start_with or c in space.start_with for c in channels]),
        ends=np.array([not space.end_with or c in space.end_with for c in channels]),
        never_after=np.array(never, dtype=np.int64),
        charged=np.array([c in charged for c in channels]),
        min_steps=space.min_steps,
        max_steps=space.max_steps,
        reached=np.stack([tables.reached(name) for name in channels], axis=1),
        weight=np.outer(tables.classes.weights, tables.classes.shares),
        group=group.ravel().astype(np.int64),
        sending_of=np.ascontiguousarray(groups[:, 1:]),
        zone_of=groups[:, 0].astype(np.int64),
        zones=zones,
        later=np.stack([_after(instants, w) for w in [*waits, early or 0]]),
        dispatch=np.stack([[_moved(evaluator, instants, c, p) for p in first] for c in channels]).astype(np.int32),
        splits=splits.reshape(len(channels), len(waits)),
        early=np.array(chances),
        **made.arrays(),
    )


def _zones(evaluator: Evaluator) -> tuple[NDArray[np.int64], int, list[int]]:
    """The zone of each pattern, how many there are, and a pattern that stands for each."""
    names = evaluator.tables.classes.zones if evaluator.tables.by_clock else ("",) * len(evaluator.tables.classes.zones)
    known = sorted(set(names))
    zone = np.array([known.index(name) for name in names], dtype=np.int64)
    return zone, len(known), [names.index(name) for name in known]


def _instants(evaluator: Evaluator, space: Space, waits: Sequence[int], first: Sequence[int]) -> NDArray[np.int64]:
    """All instants at which anything may go out, and the horizon: sums of waits, moved by quiet hours."""
    horizon = evaluator.tables.horizon
    known = np.array([0], dtype=np.int64)
    for _ in range(space.max_steps):
        if evaluator.tables.by_clock:
            known = _closed(evaluator, known, space.channels, first)
        if _ + 1 < space.max_steps:
            known = np.unique(np.append(known, known[:, None] + np.array(waits, dtype=np.int64)))
            known = known[known < horizon]
        if len(known) ** 2 > _PAIRS:
            raise TooManyInstantsError
    return np.append(known, horizon)


def _closed(
    evaluator: Evaluator, known: NDArray[np.int64], channels: Sequence[str], first: Sequence[int]
) -> NDArray[np.int64]:
    """The instants, and when messages go out that could go then; they go out at once there."""
    horizon = evaluator.tables.horizon
    found = [known, *(_dispatched(evaluator, known, c, p) for c in channels for p in first)]
    moved = np.unique(np.concatenate(found))
    return moved[moved < horizon]


def _dispatched(evaluator: Evaluator, known: NDArray[np.int64], channel: str, pattern: int) -> NDArray[np.int64]:
    tables = evaluator.tables
    now = np.array([tables.times.number(int(t)) for t in known], dtype=np.intp)
    moved = tables.dispatches(channel, np.full(len(now), pattern), now)
    return np.array([tables.times[int(number)] for number in moved], dtype=np.int64)


def _moved(evaluator: Evaluator, instants: NDArray[np.int64], channel: str, pattern: int) -> NDArray[np.int32]:
    at = _dispatched(evaluator, instants, channel, pattern) if evaluator.tables.by_clock else instants
    found: NDArray[np.int32] = np.searchsorted(instants, at).astype(np.int32)
    return found


def _after(instants: NDArray[np.int64], wait: int) -> NDArray[np.int32]:
    """The number of each instant's that is a wait later; where nobody comes to it so, of the next one."""
    found: NDArray[np.int32] = np.searchsorted(instants, np.minimum(instants + wait, instants[-1])).astype(np.int32)
    return found


def _responses(
    evaluator: Evaluator, channels: Sequence[str], splits: NDArray[np.bool_], early: int | None
) -> tuple[list[int], list[float]]:
    """The evaluator's numbers of the responses, in the board's order, and the chances of a delivery in time."""
    tables = evaluator.tables
    plain = [tables.number(c, resend) for c in channels for resend in (False, True)]
    if early is None:
        return [*plain, UNPROMPTED], [1.0] * len(plain)
    known: list[list[int]] = [[], []]
    chances = []
    for (c, resend), usual in zip(((c, r) for c in range(len(channels)) for r in (False, True)), plain, strict=True):
        if splits[c].any():
            (_, chance, yes), (_, _, no) = tables.outcomes(channels[c], resend, early)
        else:
            chance, yes, no = 1.0, usual, usual
        chances.append(chance)
        known[0].append(yes)
        known[1].append(no)
    return [*plain, *known[0], *known[1], UNPROMPTED], chances


class _Made:
    """The tables of probabilities."""

    def __init__(
        self,
        evaluator: Evaluator,
        instants: NDArray[np.int64],
        numbers: Sequence[int],
        first: Sequence[int],
        deadlines: Sequence[int],
    ) -> None:
        self._tables, self._within = evaluator.tables, deadlines
        self._times, self._numbers, self._first = instants.astype(np.float64), numbers, first
        responses = [self._tables.response(n) for n in numbers]
        self._implied = all(response.implies_cover for response in responses)
        self._moves = any(self._sent(n, p, 0) != n for n in numbers for p in first)
        count = len(instants)
        ages = self._times - self._times[:, None]
        ages[ages < 0] = 0
        if self._moves or not self._implied:
            self._ages, pair = np.zeros(0), np.arange(count * count)
        else:
            self._ages, pair = np.unique(ages, return_inverse=True)
        self._pair = pair.reshape(count, count).astype(np.int32)
        most = int(self._pair.max()) + 1
        size = most * (1 if self._implied else 1 + len(deadlines)) * len(numbers) * len(first)
        if size * len(self._tables.classes.shares) > _MOST:
            raise TooManyInstantsError

    def arrays(self) -> dict[str, Any]:
        """The fields of the board that are filled here."""
        rows = [(n, p) for n in self._numbers for p in self._first]
        cover = np.stack([[self._cover(n, p, d) for n, p in rows] for d in self._within])
        joint, safe = np.zeros((0, 0, 0, 0)), cover
        if not self._implied:
            joint = np.stack([[self._joint(n, p, d) for n, p in rows] for d in self._within])
            safe = np.stack([[self._safe(n, p, d) for n, p in rows] for d in self._within])
        alone = self._tables.response(UNPROMPTED)
        return {
            "pair": self._pair,
            "stop": np.stack([self._stop(n, p) for n, p in rows]),
            "cover": cover,
            "safe": safe,
            "joint": joint,
            "price": np.stack([self._price(n, p) for n, p in rows]),
            "unprompted": bool(alone.stages),
            "implied": self._implied,
        }

    def _sent(self, number: int, pattern: int, at: int) -> int:
        if number == UNPROMPTED or not self._tables.by_clock:
            return number
        start = self._tables.times.number(int(self._times[at]))
        found = self._tables.sent(number, np.array([pattern]), np.array([start], dtype=np.intp))
        return int(np.ravel(found)[0])

    def _by_start(self, number: int, pattern: int) -> Iterator[tuple[slice, Response]]:
        """The response to messages that go out at some instants; nothing goes out at the horizon."""
        last = len(self._times) - 1
        if number == UNPROMPTED or not self._moves:
            yield slice(0, last), self._tables.response(number)
            return
        for a in range(last):
            yield slice(a, a + 1), self._tables.response(self._sent(number, pattern, a))

    def _filled(self, past: float, number: int, pattern: int, of: Callable[[Response, Any], Floats]) -> Floats:
        found = np.full((len(self._times), len(self._tables.classes.shares)), past)
        for at, response in self._by_start(number, pattern):
            found[at] = of(response, self._times[at])
        return found

    def _cover(self, number: int, pattern: int, within: int) -> Floats:
        return self._filled(1.0, number, pattern, lambda r, at: r.cover.calculated(within - at))

    def _price(self, number: int, pattern: int) -> Floats:
        return self._filled(0.0, number, pattern, lambda r, at: r.billed_by(self._tables.horizon - at))

    def _safe(self, number: int, pattern: int, within: int) -> Floats:
        def neither(response: Response, starts: Floats) -> Floats:
            return response.untouched_by(within - starts, within - starts)

        return self._filled(1.0, number, pattern, neither)

    def _stop(self, number: int, pattern: int) -> Floats:
        if self._ages.size:
            return self._tables.response(number).stop.calculated(self._ages)
        count = len(self._times)
        found = np.ones((count, count, len(self._tables.classes.shares)))
        for at, response in self._by_start(number, pattern):
            for a in range(at.start, at.stop):
                found[a, a:] = response.stop.calculated(self._times[a:] - self._times[a])
        return found.reshape(count * count, -1)

    def _joint(self, number: int, pattern: int, within: int) -> Floats:
        count = len(self._times)
        found = np.ones((count, count, len(self._tables.classes.shares)))
        for at, response in self._by_start(number, pattern):
            a, b = np.nonzero(np.triu(np.ones((count, count), dtype=np.bool_)))
            mine = (a >= at.start) & (a < at.stop) & ((a == 0) | (number != UNPROMPTED))
            a, b = a[mine], b[mine]
            found[a, b] = response.untouched_by(self._times[b] - self._times[a], within - self._times[a])
        return found.reshape(count * count, -1)
