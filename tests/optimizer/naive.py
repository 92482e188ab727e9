"""What a plan comes to for one person, added up over who received, opened and clicked what: no exact engine here.

People are followed step by step, those of one reach pattern and kind together: where they are in the plan, when the
first stop event is reported (S11) and when the first covering event comes (S12). Delays are fixed but for at most one
exponential delay a message, which is cut at every instant that anything is compared with; so the sums are exact.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cascadesim.model.chain import Event
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.model.question import Question
from cascadesim.model.rates import Delay
from cascadesim.model.segment import Segment
from tests.optimizer.naive_clock import NaiveClock

Plan = tuple[tuple[str, int | None, int | None], ...]
"""(channel, wait, undelivered after) per step, in microseconds."""

NEVER = math.inf


@dataclass
class Sums:
    """Per person: covered, cost and messages (by channel), and the (probability, first covering event) pairs."""

    horizon: int
    covered: float = 0.0
    cost: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    messages: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    first: list[tuple[float, float]] = field(default_factory=list)

    def opened(self, by: float) -> float:
        return math.fsum(p for p, at in self.first if at <= by)

    @property
    def time(self) -> float:
        return math.fsum(p * min(at, self.horizon) for p, at in self.first)


@dataclass(frozen=True)
class Fate:
    """What may become of a message: how likely, when it stops and covers, whether its wait ends early, its bill."""

    chance: float
    stop: float
    cover: float
    is_late: bool
    bill: int


State = tuple[int, float, float]  # the next decision, the first stop and the first covering event
States = dict[State, float]


class Naive:
    """Plans for one segment; `instants` are what shares of openers are asked at, `given` a reach pattern."""

    def __init__(self, model: Model, question: Question, segment: str, instants: Sequence[int], given=None) -> None:
        self.model, self.question, self.segment = model, question, segment
        self.horizon = int(model.scenario.horizon)
        self.within = min(int(question.within or self.horizon), self.horizon)
        self.clock = NaiveClock(model, segment)
        self.cuts = self._cuts(instants)
        everybody = [(r, w) for r, w in naive_reach(model, segment, question.channels) if w > 0 and given in (None, r)]
        whole = math.fsum(w for _, w in everybody)
        kinds = naive_kinds(model.segment(segment))
        self._classes = [(r, f, w * s / whole) for r, w in everybody for s, f in kinds]
        self._known: dict[Plan, tuple[list[States], list[States], Sums]] = {(): self._start()}
        self._fated: dict[tuple[object, ...], list[Fate]] = {}

    def sums(self, plan: Plan) -> Sums:
        """What the plan comes to."""
        going, gone, before = self._after(plan)
        sums = Sums(self.horizon, 0.0, before.cost, before.messages)
        first: dict[float, float] = defaultdict(float)
        for states in (*going, *gone):
            for (_, _, cover), weight in states.items():
                first[cover] += weight
        sums.first = [(weight, at) for at, weight in first.items()]
        sums.covered = sums.opened(self.within)
        return sums

    def _start(self) -> tuple[list[States], list[States], Sums]:
        """What people do unprompted has been drawn by their entry."""
        drawn: States = {(0, NEVER, NEVER): 1.0}
        for leave in self.model.segment(self.segment).leaves:
            share = float(leave.share)
            fates = [(share * p, at) for p, at, _ in self._lasting(leave.delay, 0, ()) if at <= self.horizon]
            fates.append((1 - math.fsum(p for p, _ in fates), NEVER))
            later: States = defaultdict(float)
            for chance, at in fates:
                stops, covers = self._stops({leave.event: at}, None), self._covers({leave.event: at}, None)
                for (now, stop, cover), part in drawn.items():
                    later[now, min(stop, stops), min(cover, covers)] += part * chance
            drawn = later
        going = [{state: part * weight for state, part in drawn.items()} for _, _, weight in self._classes]
        return going, [{} for _ in going], Sums(self.horizon)

    def _after(self, plan: Plan) -> tuple[list[States], list[States], Sums]:
        """Who goes on after these steps and who does not, by class, and what has been sent."""
        if plan in self._known:
            return self._known[plan]
        before, gone_before, sums_before = self._after(plan[:-1])
        sums = Sums(self.horizon)
        sums.cost.update(sums_before.cost)
        sums.messages.update(sums_before.messages)
        again = any(c == plan[-1][0] for c, _, _ in plan[:-1])
        going, gone = [], []
        for (reach, factor, _), states, done in zip(self._classes, before, gone_before, strict=True):
            if plan[-1][0] in reach:
                on, off = self._sent(plan[-1], again, factor, states, sums)
            else:
                on, off = states, {}  # skipped at once, with the wait (S5)
            going.append(on)
            gone.append({**done, **{s: done.get(s, 0.0) + w for s, w in off.items()}})
        self._known[plan] = going, gone, sums
        return self._known[plan]

    def _sent(self, step, again: bool, factor: float, states: States, sums: Sums) -> tuple[States, States]:
        channel, wait, early = step
        on: States = defaultdict(float)
        off: States = defaultdict(float)
        for (now, stop, cover), weight in states.items():
            at = self.clock.dispatch(channel, now)
            if at >= self.horizon or stop <= at:  # reactions come before dispatches at equal times (S1)
                off[now, stop, cover] += weight
                continue
            sums.messages[channel] += weight
            for fate in self._fates(channel, again, factor, at, early):
                sums.cost[channel] += weight * fate.chance * fate.bill
                after = at + ((early if fate.is_late else wait) or 0)
                on[after, min(stop, fate.stop), min(cover, fate.cover)] += weight * fate.chance
        return on, off

    def _fates(self, channel: str, again: bool, factor: float, at: int, early: int | None) -> list[Fate]:
        """What may become of a message, the like together."""
        key = channel, again, factor, at, early
        if key not in self._fated:
            found: dict[tuple[float, float, bool], list[float]] = {}
            sender = self.model.channel(channel)
            for chance, events in self._events(sender, again, factor, at):
                late = early is not None and events.get("delivered", NEVER) > at + early
                entry = found.setdefault((self._stops(events, sender), self._covers(events, sender), late), [0.0, 0.0])
                entry[0] += chance
                entry[1] += chance * naive_bill(sender, events)
            self._fated[key] = [Fate(p, *how, bill / p) for how, (p, bill) in found.items() if p > 0]
        return self._fated[key]

    def _events(self, sender: Channel, again: bool, factor: float, at: int) -> Iterator[tuple[float, dict[str, float]]]:
        """(probability, when each event comes); what comes after the horizon never does."""

        def rate(verb):
            found = self.model.rate(self.segment, sender.name, verb, again)
            return (1.0 if verb == "delivers" else 0.0, None) if found is None else (float(found.low), found.delay)

        delivers, opens = rate("delivers"), rate("answers" if sender.is_call else "opens")
        further = [(verb, *rate(verb)) for verb in ("clicks", "unsubscribes") if sender.rate(verb)]
        lengths = [fixed_length(delay) for _, _, delay in further]
        yield 1 - delivers[0], {}
        ends = [0, *lengths]
        first = [fixed_length(opens[1]) + end for end in ends] if fixed_length(opens[1]) else []
        for arriving, arrives, was_cut in self._lasting(delivers[1], at, first):
            if arrives > self.horizon:
                yield delivers[0] * arriving, {}
                continue
            reads = opens[0] * factor
            yield delivers[0] * arriving * (1 - reads), {"delivered": arrives}
            for chance, moment, cut in self._lasting(opens[1], arrives, ends):
                came, is_cut = self._moved(sender, moment, cut or was_cut)
                share = delivers[0] * arriving * reads * chance
                if came > self.horizon:
                    yield share, {"delivered": arrives}
                    continue
                for does in itertools.product((False, True), repeat=len(further)):
                    events, part = {"delivered": arrives, "opened": came}, share
                    for (verb, odds, _), length, it_does in zip(further, lengths, does, strict=True):
                        part *= odds if it_does else 1 - odds
                        then, _ = self._moved(None, came + length, is_cut)
                        if it_does and then <= self.horizon:
                            events[{"clicks": "clicked", "unsubscribes": "unsubscribed"}[verb]] = then
                    yield part, events

    def _moved(self, sender: Channel | None, at: float, is_cut: bool) -> tuple[float, bool]:
        """A reaction outside the segment's hours moves to their next start (S8); an answer does not."""
        if at > self.horizon or (sender is not None and sender.is_call):
            return at, is_cut
        moved = self.clock.reaction(int(at) - 1 if is_cut else int(at))
        return (at, is_cut) if moved is None else (moved, False)

    def _lasting(self, delay: Delay | None, since: float, further: Sequence[int]) -> list[tuple[float, float, bool]]:
        """(probability, when, whether it stands for a piece of time that ends then), without what is never."""
        length = fixed_length(delay)
        if length:
            return [(1.0, since + length, False)]
        half = delay.points[0][1]
        cuts = {c - f for c in self.cuts for f in (0, *further)}
        later = [since, *sorted(c for c in cuts if c > since)]
        pieces = [
            (2 ** (-(a - since) / half) - 2 ** (-(b - since) / half), b, True) for a, b in itertools.pairwise(later)
        ]
        return [*pieces, (1 - math.fsum(p for p, _, _ in pieces), NEVER, False)]

    def _stops(self, events: dict[str, float], sender: Channel | None) -> float:
        """When the first stop event is reported; who unsubscribes always stops."""
        reported = {
            state: at
            for state, at in events.items()
            if sender is None or sender.reports_state("answered" if state == "opened" and sender.is_call else state)
        }
        return min(events.get("unsubscribed", NEVER), first_of(self.question.stop_events, reported, sender))

    def _covers(self, events: dict[str, float], sender: Channel | None) -> float:
        return first_of(self.question.goal_events, events, sender)

    def _cuts(self, instants: Sequence[int]) -> list[float]:
        """Every instant that anything is compared with."""
        question = self.question
        waits = {*question.waits, *([question.undelivered_after] if question.undelivered_after else [])}
        starts = {0}
        for _ in range(question.max_steps):
            starts |= {self.clock.dispatch(c, s) for c in question.channels for s in starts if s < self.horizon}
            starts |= {s + w for w in waits for s in starts}
        known = starts | {self.within, self.horizon, *instants} | set(self.clock.edges(self.horizon))
        return sorted(t for t in known if t <= self.horizon)


def fixed_length(delay: Delay | None) -> int:
    """How long it takes; at once is a microsecond (S1), and 0 stands for what is random."""
    if delay is None:
        return 1
    return int(delay.points[0][1]) if delay.shape == "fixed" else 0


def first_of(wanted: Sequence[Event], events: dict[str, float], sender: Channel | None) -> float:
    """When the first of the events wanted comes; outside events have no sender."""
    times = [NEVER]
    for event in wanted:
        if sender is None:
            times.append(events.get(event.outside or "", NEVER))
        elif event.channel in (None, sender.name):
            times.append(events.get(event.state or "", NEVER))
    return min(times)


def naive_kinds(segment: Segment) -> list[tuple[float, float]]:
    """(share, factor) of each kind (S4)."""
    if not segment.kinds:
        return [(1.0, 1.0)]
    known = [(float(k.share), k.factor) for k in segment.kinds if k.share is not None]
    left = 1 - sum(s for s, _ in known)
    return [*known, (left, (1 - sum(s * f for s, f in known)) / left)]


def naive_reach(model: Model, segment: str, channels: Sequence[str]) -> list[tuple[frozenset[str], float]]:
    """Who has which channels: independent, but for pairs, in which channels are tied in a row (S4).

    Of all joints of a row a - b - c the one of maximum entropy has a and c independent given b.
    """
    margin = {c: 1.0 if (rate := model.rate(segment, c, "reaches")) is None else float(rate.low) for c in channels}
    pairs = {frozenset((b.one, b.other)): float(b.share) for b in model.segment(segment).both}
    centre = next((c for c in channels if sum(c in p for p in pairs) > 1), None)
    order = sorted(channels, key=lambda c: (c != centre, not any(c in p for p in pairs), c))
    found = []
    for flags in itertools.product((True, False), repeat=len(order)):
        has, weight = dict(zip(order, flags, strict=True)), 1.0
        for i, c in enumerate(order):
            tied = next((o for o in order[:i] if frozenset((c, o)) in pairs), None)
            chance = margin[c]
            if tied is not None:
                both = pairs[frozenset((c, tied))]
                chance = both / margin[tied] if has[tied] else (margin[c] - both) / (1 - margin[tied])
            weight *= chance if has[c] else 1 - chance
        found.append((frozenset(c for c in order if has[c]), weight))
    return found


def naive_bill(sender: Channel, events: dict[str, float]) -> int:
    """What a message costs in billionths (S13)."""
    happened = {"message sent": True} | {f"message {state}": True for state in events}
    return sum(price.amount.billionths for price in sender.costs if price.basis in happened)
