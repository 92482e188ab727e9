"""A naive oracle: every outcome of a linear chain whose delays are all fixed, followed one by one.

It knows nothing of products of probabilities: it branches on each person's reach, kind and unprompted events and
on what becomes of each message, follows the rules along each branch (S5 to S13, but for limits), and adds up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product

from cascadesim.draws.kinds import kinds
from cascadesim.model.calendar import Clock, quiet_rules, reaction_at
from cascadesim.model.chain import Chain, Event, Send, WaitUntil
from cascadesim.model.model import Model
from cascadesim.model.prices import tariff
from cascadesim.model.rates import Delay, State, Verb
from cascadesim.model.segment import Headcount

_VERBS: dict[State, Verb] = {
    "opened": "opens",
    "answered": "answers",
    "clicked": "clicks",
    "replied": "replies",
    "unsubscribed": "unsubscribes",
}

Happened = tuple[int, int, str, str]  # time, step (0: outside), channel, state or outside event


@dataclass(frozen=True)
class Branch:
    """One way it can go: how likely, when the next decision is due, what was sent and what happened or will."""

    chance: float
    now: int = 0
    sent: tuple[tuple[int, int, str, int], ...] = ()  # step, time, channel, cost
    events: tuple[Happened, ...] = ()


@dataclass
class Enumerated:
    """Expected numbers for one person."""

    covered: float = 0.0
    cost: float = 0.0
    messages: float = 0.0
    duplicates: float = 0.0
    steps: dict[int, dict[str, float]] = field(default_factory=dict)
    first_covers: list[tuple[int, float]] = field(default_factory=list)


def enumerate_chain(model: Model, chain: Chain, segment: str = "all") -> Enumerated:
    """What the chain comes to for one person of a segment whose channels reach independently."""
    cover, within = model.goal
    result = Enumerated()
    for reach, factor, branch in _people(model, chain, segment):
        for end in _follow(model, chain, segment, reach, factor, branch, 0):
            _enter(model, end, cover, int(within), result)
    return result


def _people(model: Model, chain: Chain, segment: str) -> Iterator[tuple[frozenset[str], float, Branch]]:
    names = chain.channels
    margins = [_share(model, segment, name, "reaches", False) for name in names]
    leaves = model.segment(segment).leaves
    for has in product((True, False), repeat=len(names)):
        chance = 1.0
        for here, margin in zip(has, margins, strict=True):
            chance *= margin if here else 1 - margin
        reach = frozenset(name for name, here in zip(names, has, strict=True) if here)
        for _, share, factor in kinds(model.segment(segment)):
            for which in product((True, False), repeat=len(leaves)):
                likely, events = chance * share, []
                for leave, happens in zip(leaves, which, strict=True):
                    likely *= leave.share if happens else 1 - leave.share
                    if happens and _after(leave.delay) <= model.scenario.horizon:
                        events.append((_after(leave.delay), 0, "", leave.event))
                if likely:
                    yield reach, factor, Branch(likely, events=tuple(events))


def _follow(
    model: Model, chain: Chain, segment: str, reach: frozenset[str], factor: float, branch: Branch, done: int
) -> Iterator[Branch]:
    nodes = list(chain.nodes)
    if done == len(nodes) or branch.now >= model.scenario.horizon or _is_stopped(model, chain, branch):
        yield branch
        return
    step, clock, zone = nodes[done], Clock(model.scenario), model.zone_of(segment)
    if isinstance(step, WaitUntil):
        later = replace(branch, now=clock.next_reading(step.at, step.day, zone, branch.now))
        yield from _follow(model, chain, segment, reach, factor, later, done + 1)
        return
    assert isinstance(step, Send)
    (channel,) = step.channels
    if channel not in reach:
        yield from _follow(model, chain, segment, reach, factor, branch, done + 1)
        return
    end = clock.quiet_end(quiet_rules(model, segment, channel), zone, branch.now)
    if end is None or end >= model.scenario.horizon:
        yield branch
        return
    branch = replace(branch, now=end)
    if _is_stopped(model, chain, branch):
        yield branch
        return
    number = sum(isinstance(node, Send) for node in nodes[: done + 1])
    resend = any(c == channel for _, _, c, _ in branch.sent)
    for chance, events in _fates(model, segment, channel, resend, factor, branch.now):
        known = [(at, number, channel, state) for at, state in events if at <= model.scenario.horizon]
        states = ["opened" if state == "answered" else state for _, _, _, state in known]
        cost = tariff(model, segment, channel).cost(1, states)  # type: ignore[arg-type]
        longer = replace(
            branch,
            chance=branch.chance * chance,
            sent=(*branch.sent, (number, branch.now, channel, cost)),
            events=branch.events + tuple(known),
        )
        due = branch.now + _wait(model, step.wait, channel, branch.now, events)
        yield from _follow(model, chain, segment, reach, factor, replace(longer, now=due), done + 1)


def _wait(model: Model, wait: object, channel: str, now: int, events: list[tuple[int, str]]) -> int:
    if wait is None:
        return 0
    lasting, early = int(wait.lasting), wait.undelivered_after  # type: ignore[attr-defined]
    if early is None or early >= lasting:
        return lasting
    reported = model.channel(channel).reports_state("delivered")
    in_time = any(state == "delivered" and at <= now + early for at, state in events)
    return lasting if reported and in_time else int(early)


def _fates(
    model: Model, segment: str, channel: str, resend: bool, factor: float, now: int
) -> Iterator[tuple[float, list[tuple[int, str]]]]:
    """(probability, events) of one message sent now; every state is decided on its own, given the one before."""
    delivers = model.rate(segment, channel, "delivers", resend)
    share = 1.0 if delivers is None else delivers.share
    at = now + _after(None if delivers is None else delivers.delay)
    ways = [(share, {"delivered": at}), (1 - share, dict[str, int]())]
    for state, verb in _VERBS.items():
        found = model.rate(segment, channel, verb, resend)
        if found is None:
            continue
        chance = found.share * (factor if state in ("opened", "answered") else 1.0)
        base = model.base(found, state, channel)
        split = []
        for likely, events in ways:
            if base not in events:
                split.append((likely, events))
                continue
            at = events[base] + _after(found.delay)
            if state != "answered":
                at = reaction_at(Clock(model.scenario), model.segment(segment).reacts, model.zone_of(segment), at)
            split.append((likely * chance, {**events, state: at}))
            split.append((likely * (1 - chance), events))
        ways = split
    for likely, events in ways:
        if likely > 0:
            yield likely, [(at, state) for state, at in events.items()]


def _after(delay: Delay | None) -> int:
    return 1 if delay is None else max(1, int(delay.points[0][1]))


def _share(model: Model, segment: str, channel: str, verb: Verb, resend: bool) -> float:
    found = model.rate(segment, channel, verb, resend)
    return 1.0 if found is None else found.share


def _is_stopped(model: Model, chain: Chain, branch: Branch) -> bool:
    past = [event for event in branch.events if event[0] <= branch.now]
    outside = {e.outside for e in chain.stop_when}
    return any(
        what in outside if step == 0 else what == "unsubscribed" or _is_told(model, chain, channel, what)
        for _, step, channel, what in past
    )


def _is_told(model: Model, chain: Chain, channel: str, what: str) -> bool:
    return _is_named(chain.stop_when, channel, what) and model.channel(channel).reports_state(what)  # type: ignore[arg-type]


def _is_named(events: tuple[Event, ...], channel: str, what: str) -> bool:
    same = {"answered": ("answered", "opened")}.get(what, (what,))
    return any(e.state in same and e.channel in (None, channel) for e in events if e.outside is None)


def _enter(model: Model, branch: Branch, cover: tuple[Event, ...], within: int, result: Enumerated) -> None:
    covering = sorted(
        (at, step, channel)
        for at, step, channel, what in branch.events
        if (any(e.outside == what for e in cover) if step == 0 else _is_named(cover, channel, what))
    )
    first = covering[0] if covering else None
    if first is not None:
        result.first_covers.append((first[0], branch.chance))
        result.covered += branch.chance * (first[0] <= within)
    for step, at, _, cost in branch.sent:
        figures = result.steps.setdefault(step, dict.fromkeys(("sent", "delivered", "opened", "first", "cost"), 0.0))
        states = {what for _, number, _, what in branch.events if number == step}
        figures["sent"] += branch.chance
        figures["delivered"] += branch.chance * ("delivered" in states)
        figures["opened"] += branch.chance * bool(states & {"opened", "answered"})
        figures["first"] += branch.chance * (first is not None and first[1] == step)
        figures["cost"] += branch.chance * cost
        result.cost += branch.chance * cost
        result.messages += branch.chance
        result.duplicates += branch.chance * (first is not None and first[0] <= at)


def one_person(model: Model) -> Model:
    """The model with one person in every segment, so that numbers of people are probabilities."""
    return replace(model, segments=tuple(replace(s, people=Headcount(1)) for s in model.segments))
