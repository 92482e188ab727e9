"""What the exact engine does not do, as sentences (S15)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from cascadesim.engines.exact.stages import matched, message_stages
from cascadesim.engines.exact.watch import Watch
from cascadesim.model.chain import Chain, Event, Hole, If, Node, Pause, Route, Send, Split, Stop, WaitUntil
from cascadesim.model.model import Model
from cascadesim.model.segment import Arrivals


def refusals(
    model: Model, routes: Sequence[Route], goal: tuple[tuple[Event, ...], int] | None = None
) -> tuple[str, ...]:
    """Why the closed form does not hold for these routes: every reason once, one plain sentence each.

    `goal` is that of `evaluate`.
    """
    reasons: dict[str, None] = {}
    for route in routes:
        for node in route.chain.nodes:
            reasons.update(dict.fromkeys(_of_node(route.chain, node)))
    reasons.update(dict.fromkeys(_of_model(model, routes)))
    covers = (model.goal if goal is None else goal)[0]
    reasons.update(dict.fromkeys(reason for route in routes for reason in _of_hours(model, route, covers)))
    return tuple(reasons)


def _of_node(chain: Chain, node: Node) -> Iterator[str]:
    name = f"chain {chain.name}"
    match node:
        case Send():
            if len(node.channels) > 1:
                yield f"{name} sends on {' and '.join(node.channels)} at once"
            if node.wait is not None and node.wait.until:
                yield f"{name} ends a wait when something is reported (`or until`)"
        case Pause():
            yield f"{name} has a `wait` on a line of its own"
        case If():
            yield f"{name} branches with `if`"
        case Split():
            yield f"{name} has a `split`"
        case Stop():
            yield f"{name} has a `stop` among its steps"
        case Hole():
            yield f"{name} has a hole `...`: it is still to be written"


def _of_model(model: Model, routes: Sequence[Route]) -> Iterator[str]:
    for name in sorted({c for route in routes for c in route.chain.channels}):
        channel = model.channel(name)
        if channel.throughput is not None:
            yield f"{name} has a throughput limit"
    for route in sorted(routes, key=lambda route: route.segment):
        if isinstance(model.segment(route.segment).people, Arrivals):
            for rule in clock_rules(model, route):
                yield f"people of segment {route.segment} arrive over time, and {rule}"


def _of_hours(model: Model, route: Route, covers: tuple[Event, ...]) -> Iterator[str]:
    """Events that would take integrals inside integrals, each of them cut wherever hours begin and end."""
    if model.segment(route.segment).reacts is None:
        return
    for name, resend in itertools.product(route.chain.channels, (False, True)):
        stage = message_stages(model, route.segment, name, resend, moves=True)
        stops = matched(model, route.chain.stop_when, name, only_reported=True) | {"unsubscribed"}
        watch = Watch((stage,), matched(model, covers, name), np.ones(1), int(model.scenario.horizon), stops)
        if watch.integrals > 1:
            yield (
                f"segment {route.segment} reacts at certain hours only, and of {name} it would have to watch for more "
                "random events in a row than it can"
            )


def clock_rules(model: Model, route: Route) -> tuple[str, ...]:
    """The clock rules that a route's people meet with, as clauses; everybody must enter at the same instant then."""
    found = [f"{name} has quiet hours" for name in route.chain.channels if model.channel(name).quiet]
    if model.scenario.quiet:
        found.append("the scenario has quiet hours")
    if model.segment(route.segment).reacts is not None:
        found.append("they react at certain hours only")
    if any(isinstance(node, WaitUntil) for node in route.chain.nodes):
        found.append(f"chain {route.chain.name} waits for a time of day")
    return tuple(found)
