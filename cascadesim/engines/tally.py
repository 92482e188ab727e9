"""From trips to figures: who was covered, what it cost, and how sure one can be (S12, S13, S14).

Every figure is a ratio of two sums over people, so sums, and sums of products, of what each person came to are
all that is kept: they can be added up over segments, replications and shards, in whole numbers, in any order.

Intervals are at 95%. Where people are independent (no throughput limit is used) the variance of a ratio R = Y/X
is that of the sum of d = y - R x over people, within segments (Cochran, "Sampling techniques", 1977, 6.3); in a
segment of arrivals the number of people is random too, and the sum of d squared estimates it. Where limits tie
people together only replications are independent: Student's t over their sums.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cascadesim.cascade import covers_outside, is_event
from cascadesim.engines.outcome import Estimate, Figures, StepFigures, TimeToOpen
from cascadesim.model.chain import Event, Route
from cascadesim.model.model import Model
from cascadesim.model.prices import campaign_total
from cascadesim.model.rates import State
from cascadesim.model.segment import Arrivals, Headcount
from cascadesim.units import BILLION, SECOND

if TYPE_CHECKING:  # SimPy: not for who does not need it
    from cascadesim.engines.events import Message, Trip

NORMAL = 1.959963984540054  # the normal quantile at 97.5%

ONE, COVERED, COST, MESSAGES, DUPLICATES = range(5)

Times = list["array[int] | NDArray[np.int64]"]
"""Many times in microseconds, in pieces as they came."""


@dataclass(slots=True)
class StepSums:
    """One channel of one step: counts, cost in billionths and its square, queueing delays in microseconds.

    A delay of zero need not be there: `sent` says how many there are.
    """

    sent: int = 0
    delivered: int = 0
    opened: int = 0
    first: int = 0
    cost: int = 0
    cost_squared: int = 0
    queued: Times = field(default_factory=list)


@dataclass(slots=True)
class Sums:
    """What one segment came to in one replication. `products[i][j]` sums the products of quantities i and j.

    Sums are over those whom the plan is for; `people` are all, where their number is stated (None: as many).
    """

    segment: str
    arrives: bool
    people: int | None = None
    sums: list[int] = field(default_factory=lambda: [0] * 5)
    products: list[list[int]] = field(default_factory=lambda: [[0] * 5 for _ in range(5)])
    first_covers: Times = field(default_factory=list)
    steps: dict[tuple[int, str], StepSums] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """How many people there are; those whom the plan leaves out come to nothing, and count in a mean."""
        return self.sums[ONE] if self.people is None else self.people

    def add(self, person: Sequence[int]) -> None:
        """Adds one person's five quantities."""
        for i, value in enumerate(person):
            if value:
                self.sums[i] += value
                row = self.products[i]
                for j, other in enumerate(person):
                    row[j] += value * other


class Accountant:
    """Knows the goal: turns trips into sums."""

    def __init__(self, model: Model, goal: tuple[tuple[Event, ...], int]) -> None:
        self._events, self._within = goal
        self._calls = {c.name: c.is_call for c in model.channels}
        self._covers: dict[tuple[str, State], bool] = {}

    def enter(self, sums: Sums, trip: Trip) -> tuple[int, ...]:
        """Adds a finished trip to its segment's sums; returns the person's five quantities."""
        first, step = self.first_cover(trip)
        entry = trip.person.entry
        cost = duplicates = 0
        for message in trip.messages:
            cost += message.cost
            duplicates += first is not None and first <= message.sent_at
            self._enter_message(sums.steps.setdefault((message.step, message.channel), StepSums()), message)
        if first is not None:
            _keep(sums.first_covers, first - entry)
            if step is not None:
                sums.steps[step].first += 1
        covered = first is not None and first <= entry + self._within
        person = (1, int(covered), cost, len(trip.messages), duplicates)
        sums.add(person)
        return person

    def first_cover(self, trip: Trip) -> tuple[int | None, tuple[int, str] | None]:
        """When the first covering event came, reported or not, and from which step (None: from outside)."""
        found: list[tuple[int, int, str]] = [
            (at, 0, "") for event, at in trip.outside if covers_outside(self._events, event)
        ]
        for message in trip.messages:
            found += [
                (at, message.step, message.channel)
                for state, at in message.fate.events
                if self._is_cover(message.channel, state)
            ]
        if not found:
            return None, None
        at, step, channel = min(found)
        return at, (step, channel) if step else None

    def _is_cover(self, channel: str, state: State) -> bool:
        known = self._covers.get((channel, state))
        if known is None:
            known = any(is_event(e, channel, state, self._calls[channel]) for e in self._events)
            self._covers[channel, state] = known
        return known

    @staticmethod
    def _enter_message(step: StepSums, message: Message) -> None:
        step.sent += 1
        step.delivered += message.fate.delivered is not None
        step.opened += message.fate.opened is not None
        step.cost += message.cost
        step.cost_squared += message.cost * message.cost
        if message.sent_at > message.queued_at:
            _keep(step.queued, message.sent_at - message.queued_at)


def nothing(model: Model, routes: Iterable[Route]) -> dict[str, Sums]:
    """The sums of each segment with a route before anybody has come, with all its steps."""
    found: dict[str, Sums] = {}
    for route in routes:
        people = model.segment(route.segment).people
        stated = people.count if isinstance(people, Headcount) else None
        sums = found.setdefault(route.segment, Sums(route.segment, isinstance(people, Arrivals), stated))
        for number, send in enumerate(route.chain.sends, 1):
            for channel in send.channels:
                sums.steps.setdefault((number, channel), StepSums())
    return dict(sorted(found.items()))


def figures(
    model: Model, replications: Sequence[Sequence[Sums]], channels: Iterable[str], limited: bool, total: bool
) -> Figures:
    """The figures of some segments over all replications; campaign fees are added to a `total` only."""
    groups = [_Group(model, sums, tuple(channels) if total else ()) for sums in replications]
    ratio = _limited_ratio if limited else _free_ratio
    covers = _together(sums.first_covers for group in groups for sums in group.sums)
    return Figures(
        coverage=ratio(groups, COVERED, ONE, 1.0),
        cost=ratio(groups, COST, None, BILLION),
        cost_per_person=ratio(groups, COST, ONE, BILLION),
        cost_per_covered=ratio(groups, COST, COVERED, BILLION),
        messages_per_person=ratio(groups, MESSAGES, ONE, 1.0),
        duplicates_per_person=ratio(groups, DUPLICATES, ONE, 1.0),
        time_to_open=TimeToOpen(*quantiles(covers, (0.5, 0.9, 0.99), len(covers))),
        steps=_steps(groups, limited),
    )


def quantiles(times: NDArray[np.int64], shares: Sequence[float], many: int) -> list[float | None]:
    """Quantiles, in seconds, of `many` times in microseconds; those not in `times` are zero. None of none.

    `times` are brought into another order.
    """
    return [_quantile(times, share, many) for share in shares]


def _quantile(times: NDArray[np.int64], share: float, many: int) -> float | None:
    if not many:
        return None
    rank = max(0, math.ceil(share * many) - 1) - (many - len(times))
    if rank < 0:
        return 0.0
    times.partition(rank)  # one at a time: for several NumPy takes ten times as long
    return float(times[rank]) / SECOND


def _together(several: Iterable[Times]) -> NDArray[np.int64]:
    return np.concatenate([np.empty(0, np.int64), *(np.asarray(piece) for times in several for piece in times)])


def _keep(times: Times, time: int) -> None:
    if not times:
        times.append(array("q"))
    last = times[-1]
    assert isinstance(last, array)
    last.append(time)


class _Group:
    """One replication of some segments; `extra` is what campaign fees and minimum commitments add."""

    def __init__(self, model: Model, sums: Sequence[Sums], channels: tuple[str, ...]) -> None:
        self.sums = sums
        spent = dict.fromkeys(channels, 0)
        for (_, channel), step in (item for s in sums for item in s.steps.items()):
            if channel in spent:
                spent[channel] += step.cost
        self.extra = campaign_total(model, spent) - sum(spent.values())

    def total(self, quantity: int | None) -> int:
        """The sum of a quantity over people, with the campaign's fees in the cost; None counts as one."""
        if quantity is None:
            return 1
        return sum(s.sums[quantity] for s in self.sums) + (self.extra if quantity == COST else 0)


def _free_ratio(groups: Sequence[_Group], y: int, x: int | None, unit: float) -> Estimate:
    """Over people within segments; all replications are one large sample."""
    over = sum(g.total(x) for g in groups)
    if not over:
        return Estimate(None)
    mean = sum(g.total(y) for g in groups) / over
    variance = 0.0
    by_segment: dict[str, list[Sums]] = {}
    for sums in (s for g in groups for s in g.sums):
        by_segment.setdefault(sums.segment, []).append(sums)
    for several in by_segment.values():
        variance += _variance(several, mean, y, x)
    return _estimate(mean, NORMAL * math.sqrt(variance) / over, y, unit)


def _variance(several: Sequence[Sums], ratio: float, y: int, x: int | None) -> float:
    """The estimated variance of the sum of d = y - ratio x over a segment's people."""
    number = sum(s.number for s in several)
    squares = float(sum(s.products[y][y] for s in several))
    sum_d = float(sum(s.sums[y] for s in several))
    if x is not None:
        xy, xx = sum(s.products[y][x] for s in several), sum(s.products[x][x] for s in several)
        squares += ratio * ratio * xx - 2 * ratio * xy
        sum_d -= ratio * sum(s.sums[x] for s in several)
    if several[0].arrives:
        return max(0.0, squares)
    return max(0.0, squares - sum_d * sum_d / number) if number else 0.0


def _limited_ratio(groups: Sequence[_Group], y: int, x: int | None, unit: float) -> Estimate:
    """Student's t over replications; one replication cannot tell."""
    over = sum(g.total(x) for g in groups)
    if not over:
        return Estimate(None)
    mean = sum(g.total(y) for g in groups) / over
    return _over_replications([g.total(y) - mean * g.total(x) for g in groups], mean, over, y, unit)


def _over_replications(deviations: Sequence[float], mean: float, over: float, y: int, unit: float) -> Estimate:
    count = len(deviations)
    if count < 2:
        return Estimate(mean / unit)
    from scipy.stats import t

    spread = math.sqrt(sum(d * d for d in deviations) * count / (count - 1))
    return _estimate(mean, float(t.ppf(0.975, count - 1)) * spread / over, y, unit)


def _estimate(mean: float, half: float, y: int, unit: float) -> Estimate:
    high = (mean + half) / unit
    return Estimate(mean / unit, max(0.0, (mean - half) / unit), min(1.0, high) if y == COVERED else high)


def _steps(groups: Sequence[_Group], limited: bool) -> tuple[StepFigures, ...]:
    keys = sorted({key for g in groups for s in g.sums for key in s.steps})
    return tuple(_step(groups, key, limited) for key in keys)


def _step(groups: Sequence[_Group], key: tuple[int, str], limited: bool) -> StepFigures:
    empty = StepSums()
    rows = [[(s, s.steps.get(key, empty)) for s in g.sums] for g in groups]

    def count(name: str, squares: str, unit: float) -> Estimate:
        values = [sum(getattr(step, name) for _, step in row) for row in rows]
        mean = sum(values) / len(values)
        if limited:
            return _over_replications([v - mean for v in values], mean, len(values), COST, unit)
        variance = 0.0
        for sums, step in (item for row in rows for item in row):
            value = getattr(step, name)
            fixed = 0.0 if sums.arrives or not sums.number else value * value / sums.number
            variance += getattr(step, squares) - fixed
        return _estimate(mean, NORMAL * math.sqrt(max(0.0, variance)) / len(values), COST, unit)

    delays = _together(step.queued for row in rows for _, step in row)
    counts = {n: count(n, n, 1.0) for n in ("sent", "delivered", "opened", "first")}
    return StepFigures(
        step=key[0],
        channel=key[1],
        sent=counts["sent"],
        delivered=counts["delivered"],
        opened=counts["opened"],
        first_opens=counts["first"],
        cost=count("cost", "cost_squared", BILLION),
        queue_p90=quantiles(delays, [0.9], sum(step.sent for row in rows for _, step in row))[0],
    )
