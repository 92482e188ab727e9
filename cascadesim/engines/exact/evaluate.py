"""The figures of a chain or a plan, exactly (S14, S15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import numpy as np

from cascadesim.contacts import Contact
from cascadesim.engines.exact.classes import Classes, headcount
from cascadesim.engines.exact.evaluator import Evaluator, Prefix
from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.exact.refusals import clock_rules, refusals
from cascadesim.engines.exact.sums import Sums
from cascadesim.engines.outcome import ChainOutcome, SegmentFigures
from cascadesim.errors import RefusedError
from cascadesim.model.chain import Event, Route, Send, WaitUntil
from cascadesim.model.model import Model


def evaluate(
    model: Model,
    routes: Sequence[Route],
    people: Mapping[str, Sequence[Contact]] | None = None,
    goal: tuple[tuple[Event, ...], int] | None = None,
) -> ChainOutcome:
    """What the routes come to, taken as one whole: a chain for its segments, or a plan.

    `people` has the contacts of each segment that takes them from a file; `goal` are the covering events and
    their deadline from entry, by default the model's. The outcome bears the first route's chain's name.

    Expected values are exact but for quadrature, whose error is below 1e-9 of a probability (see the package), with
    one exception:
    of a channel with a minimum commitment (`at least`) the total cost has the larger of the minimum and the
    *expected* spending, which is too little by at most half the spending's standard deviation, and by nothing to
    speak of unless the two are that close.

    RefusedError, with all the reasons, where the closed form does not hold.
    """
    by_segment = _sums(model, routes, people, goal)
    ordered = sorted(by_segment.items())
    segments = (SegmentFigures(name, sums.people, sums.figures(model, is_total=False)) for name, sums in ordered)
    total = Sums.together(sums for _, sums in ordered).figures(model, is_total=True)
    name = routes[0].chain.name if routes else ""
    return ChainOutcome(name, total, tuple(segments))


def time_to_open(
    model: Model,
    routes: Sequence[Route],
    ages: Floats,
    people: Mapping[str, Sequence[Contact]] | None = None,
    goal: tuple[tuple[Event, ...], int] | None = None,
) -> dict[str, Floats]:
    """The curve of the time to open: the share of all people with a covering event by each age from entry (S14).

    `ages` are in microseconds, in any order; the curve has a share for each, and is level from the horizon on. There
    is one for each segment, and that of all people together under the empty name. Errors of shares, and what is
    refused, are as in `evaluate`; the other arguments are too. Where there are no people there is no curve.
    """
    by_segment = {name: s for name, s in _sums(model, routes, people, goal).items() if s.people}
    by_segment[""] = Sums.together(by_segment.values())
    times = np.minimum(ages, float(model.scenario.horizon))
    return {name: sums.opened(times) / sums.people for name, sums in by_segment.items() if sums.people}


def _sums(
    model: Model,
    routes: Sequence[Route],
    people: Mapping[str, Sequence[Contact]] | None,
    goal: tuple[tuple[Event, ...], int] | None,
) -> dict[str, Sums]:
    """What each segment's people come to."""
    reasons = refusals(model, routes, goal)
    if reasons:
        raise RefusedError(*reasons)
    events, within = model.goal if goal is None else goal
    by_segment: dict[str, Sums] = {}
    for name in {route.segment for route in routes}:
        contacts = None if people is None else people.get(name)
        size = headcount(model, name, contacts)
        by_segment[name] = Sums.of(route for route in routes if route.segment == name)
        for route, share, given in _followers(model, name, routes, contacts):
            plan = _plan(model, route, events, within, contacts, given)
            by_segment[name].add(plan, size * share)
    return by_segment


def _followers(
    model: Model, segment: str, routes: Sequence[Route], people: Sequence[Contact] | None
) -> Iterator[tuple[Route, float, dict[str, bool]]]:
    """(route, share of the segment that follows it, what is given of their reach).

    A route's pattern speaks of the channels that any pattern of the segment names. Where several routes fit a
    person, their shares are laid end to end from 0, the last up to 1, and the person's lot falls into one.
    """
    mine = [route for route in routes if route.segment == segment]
    named = tuple(sorted({channel for route in mine for channel in route.reach or ()}))
    patterns = Classes(model, segment, named, people, {})
    for pattern, weight in zip(patterns.patterns, patterns.weights, strict=True):
        fitting = [route for route in mine if route.reach is None or frozenset(route.reach) == pattern]
        ends = [min(1.0, end) for end in accumulate(route.share for route in fitting[:-1])] + [1.0]
        for route, start, end in zip(fitting, [0.0, *ends], ends, strict=False):
            if end > start:
                yield route, weight * (end - start), {channel: channel in pattern for channel in named}


def _plan(
    model: Model,
    route: Route,
    events: tuple[Event, ...],
    within: int,
    people: Sequence[Contact] | None,
    given: Mapping[str, bool],
) -> Prefix:
    """The route's chain, evaluated for the people of whose reach this is given."""
    chain = route.chain
    evaluator = Evaluator(
        model,
        route.segment,
        events,
        within,
        chain.stop_when,
        people,
        chain.saying,
        channels=chain.channels,
        given=given,
        by_clock=bool(clock_rules(model, route)),
    )
    plan = evaluator.root()
    for node in chain.nodes:
        if isinstance(node, WaitUntil):
            plan = plan.until(node)
        elif isinstance(node, Send):
            wait = node.wait
            lasting, early = (None, None) if wait is None else (wait.lasting, wait.undelivered_after)
            plan = plan.then(node.channels[0], lasting, early, node.saying)
    return plan
