"""What the exact engine does not do, as sentences (S15)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cascadesim.model.chain import Chain, Hole, If, Node, Pause, Route, Send, Split, Stop, WaitUntil
from cascadesim.model.model import Model


def refusals(model: Model, routes: Sequence[Route]) -> tuple[str, ...]:
    """Why the closed form does not hold for these routes: every reason once, one plain sentence each."""
    reasons: dict[str, None] = {}
    for route in routes:
        for node in route.chain.nodes:
            reasons.update(dict.fromkeys(_of_node(route.chain, node)))
    reasons.update(dict.fromkeys(_of_model(model, routes)))
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
        case WaitUntil():
            yield f"{name} waits for a time of day"
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
        if channel.quiet:
            yield f"{name} has quiet hours"
    if model.scenario.quiet:
        yield "the scenario has quiet hours"
    for name in sorted({route.segment for route in routes}):
        if model.segment(name).reacts is not None:
            yield f"segment {name} reacts at certain hours only"
