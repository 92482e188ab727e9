"""People followed one by one along a chain or a plan: what the pictures of ways and of times are drawn from.

The reference engine follows them, by the rules of the state machine. Of large campaigns it is a part of the people,
with the limits of throughput in proportion, and everything is scaled up again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cascadesim.contacts import Contact
from cascadesim.draws.people import draw_people
from cascadesim.engines.by_simpy import run_case
from cascadesim.engines.case import Case, Progress
from cascadesim.engines.events import Trip
from cascadesim.engines.tally import Accountant
from cascadesim.model.chain import Chain, If, Route, Send, Split
from cascadesim.model.model import Model
from cascadesim.model.segment import Arrivals, Headcount, People
from cascadesim.reports import words
from cascadesim.units import BILLION, HOUR, SECOND, Duration

MOST = 20_000
"""So many people are followed at most: shares are then off by a third of a point or so."""

Contacts = Mapping[str, Sequence[Contact]]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step on the way: expected numbers of people, and cost in currency units.

    `came` are those who got there, sent or skipped; `skipped` whom none of its channels reaches (both None where the
    chain branches before: who would have come cannot be told). `covered` have their first covering event from it,
    `stopped` go no further because something reported stopped them.
    """

    number: int
    send: Send
    came: float | None
    sent: float
    skipped: float | None
    covered: float
    stopped: float
    cost: float


@dataclass(frozen=True, slots=True)
class Flow:
    """How the people of one chain go through its steps. `covered` is the share of them who are covered in time."""

    name: str
    people: float
    covered: float
    steps: tuple[FlowStep, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Coverage over time from entry. `ages` are in seconds, `shares` of all people, `marks` (channel, seconds): when
    half of a step's messages were out. `deadline` is when covering ends to count, in seconds.
    """

    name: str
    people: float
    ages: Floats
    shares: Floats
    marks: tuple[tuple[str, float], ...]
    deadline: float


@dataclass(frozen=True, slots=True)
class Sending:
    """Messages of one channel in each hour since the campaign's start, and how many its limit lets out an hour."""

    channel: str
    per_hour: Floats
    limit: float | None


@dataclass(frozen=True, slots=True)
class _Walked:
    """A trip, how many people it stands for, its age (microseconds) at the first covering event, and its step."""

    trip: Trip
    weight: float
    age: int | None
    by: int | None


@dataclass(frozen=True)
class Followed:
    """Everybody's trip; `weights` says how many people one followed person of a segment stands for."""

    model: Model
    case: Case
    trips: Sequence[Trip]
    weights: Mapping[str, float]

    def flows(self) -> tuple[Flow, ...]:
        """The ways of people: one for each chain of each segment; of a chain that all share, one for all of them."""
        if len({route.chain for route in self.case.routes}) == 1:
            return (self._flow(self.case.name, self.case.routes),)
        alike: dict[tuple[str, Chain], list[Route]] = {}
        for route in self.case.routes:
            alike.setdefault((route.segment, route.chain), []).append(route)
        return tuple(self._flow(_who(routes), routes) for routes in alike.values())

    def curve(self, points: int = 400) -> Curve:
        """Coverage over time of all people together: at even ages, and where much happens at more."""
        weights = np.array([w.weight for w in self._walked])
        firsts = np.array([np.inf if w.age is None else w.age for w in self._walked], dtype=float)
        seen = firsts[np.isfinite(firsts)]
        evenly = np.linspace(0, float(self.model.scenario.horizon), points)
        ages = np.union1d(evenly, np.quantile(seen, np.linspace(0, 1, points)) if len(seen) else ())
        order = np.argsort(firsts)
        reached = np.concatenate([[0.0], np.cumsum(weights[order])])
        shares = reached[np.searchsorted(firsts[order], ages, side="right")] / (weights.sum() or 1.0)
        marks = tuple((channel, age / SECOND) for channel, age in self._marks())
        return Curve(self.case.name, float(weights.sum()), ages / SECOND, shares, marks, self.model.goal[1] / SECOND)

    def sendings(self) -> tuple[Sending, ...]:
        """What goes out in each hour, by channel."""
        last = max((m.sent_at for trip in self.trips for m in trip.messages), default=0)
        hours = int(last // HOUR) + 1
        counts = {channel: np.zeros(hours) for channel in self.case.channels}
        for walked in self._walked:
            for message in walked.trip.messages:
                counts[message.channel][message.sent_at // HOUR] += walked.weight
        return tuple(Sending(channel, found, self._limit(channel)) for channel, found in counts.items())

    def _flow(self, name: str, routes: Sequence[Route]) -> Flow:
        """The way of the people on these routes, whose chain is one."""
        chain, segments = routes[0].chain, {route.segment for route in routes}
        mine = [w for w in self._walked if w.trip.program.chain == chain and w.trip.person.segment in segments]
        people, within = _sum(mine), self.model.goal[1]
        covered = _sum(w for w in mine if w.age is not None and w.age <= within)
        is_straight = not any(isinstance(node, If | Split) for node in chain.body)
        steps = tuple(_step(number, send, mine, is_straight) for number, send in enumerate(chain.sends, 1))
        return Flow(name, people, covered / people if people else 0.0, steps)

    @cached_property
    def _walked(self) -> list[_Walked]:
        accountant, found = Accountant(self.model, self.model.goal), []
        for trip in self.trips:
            at, by = accountant.first_cover(trip)
            age = None if at is None else at - trip.person.entry
            found.append(_Walked(trip, self.weights[trip.person.segment], age, by[0] if by else None))
        return found

    def _marks(self) -> Iterator[tuple[str, float]]:
        """(channel, microseconds from entry) of each step's middle message."""
        ages: dict[tuple[int, str], list[int]] = {}
        for trip in self.trips:
            for message in trip.messages:
                ages.setdefault((message.step, message.channel), []).append(message.sent_at - trip.person.entry)
        for (_, channel), found in sorted(ages.items()):
            yield channel, float(np.median(found))

    def _limit(self, channel: str) -> float | None:
        limit = self.model.channel(channel).throughput
        return None if limit is None else limit.count * HOUR / limit.per


def follow(
    model: Model, case: Case, contacts: Contacts | None = None, most: int = MOST, progress: Progress | None = None
) -> Followed:
    """Follows the people of a case, `most` of them at most; RefusedError if a chain has a hole.

    `contacts` has the people of every segment that takes them from a file.
    """
    people = contacts or {}
    sizes = {name: _size(model.segment(name).people, people.get(name, ())) for name in case.segments}
    part = min(1.0, most / (sum(sizes.values()) or 1.0))
    thinned = _thinned(model, part)
    some = {name: [*found[:: max(1, round(1 / part))]] for name, found in people.items()}
    kept = {name: _size(thinned.segment(name).people, some.get(name, ())) for name in case.segments}
    drawn = draw_people(thinned, case.segments, 0, some)
    trips = run_case(thinned, case, drawn, 0, progress)
    weights = {name: sizes[name] / kept[name] if kept[name] else 1.0 for name in case.segments}
    return Followed(model, case, trips, weights)


def _size(people: People, contacts: Sequence[Contact]) -> float:
    """The expected number of people."""
    if isinstance(people, Headcount):
        return people.count
    return people.count * people.lasting / people.per if isinstance(people, Arrivals) else len(contacts)


def _thinned(model: Model, part: float) -> Model:
    """The model with this part of its people, and of each limit of throughput: they queue as long as all of them do."""
    if part == 1.0:
        return model

    def fewer(people: People) -> People:
        if isinstance(people, Headcount):
            return Headcount(max(1, round(people.count * part)) if people.count else 0)
        return replace(people, per=_longer(people.per, part)) if isinstance(people, Arrivals) else people

    channels = tuple(
        replace(c, throughput=c.throughput and replace(c.throughput, per=_longer(c.throughput.per, part)))
        for c in model.channels
    )
    segments = tuple(replace(s, people=fewer(s.people)) for s in model.segments)
    return replace(model, channels=channels, segments=segments)


def _longer(span: Duration, part: float) -> Duration:
    return Duration(round(span / part))


def _step(number: int, send: Send, walked: Sequence[_Walked], is_straight: bool) -> FlowStep:
    came = [w for w in walked if w.trip.journey.last >= number]
    out = [w for w in walked if any(step == number for step, _ in w.trip.journey.out)]
    skipped = (w for w in came if not w.trip.person.reach & set(send.channels))
    return FlowStep(
        number=number,
        send=send,
        came=_sum(came) if is_straight else None,
        sent=_sum(out),
        skipped=_sum(skipped) if is_straight else None,
        covered=_sum(w for w in walked if w.by == number),
        stopped=_sum(w for w in came if w.trip.journey.last == number and w.trip.journey.stops),
        cost=sum(w.weight * m.cost for w in out for m in w.trip.messages if m.step == number) / BILLION,
    )


def _sum(walked: Iterable[_Walked]) -> float:
    return sum((w.weight for w in walked), 0.0)


def _who(routes: Sequence[Route]) -> str:
    """The segment, the share of it if it is split, and the reach pattern if the chain is for one."""
    first = routes[0]
    share = sum(route.share for route in routes) if first.reach is None else 1.0
    told = "" if share >= 1.0 else f" ({words.share(share)})"
    if first.reach is None:
        return first.segment + told
    if len(routes) > 1:
        return f"{first.segment}, {words.plural(len(routes), 'pattern')} of reach"
    return f"{first.segment}, reached by {words.listed(first.reach or ('no channel',))}"
