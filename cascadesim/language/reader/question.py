"""Questions to the optimizer: goal, objective, limits and the space of plans."""

from __future__ import annotations

from typing import Any, cast

from cascadesim.errors import Fix
from cascadesim.language.reader.chain import events, saying, stop_when, unless
from cascadesim.language.reader.tokens import Node, Reader, Reading, parts, tree, word
from cascadesim.language.statements import Length, Name
from cascadesim.model.chain import Event
from cascadesim.model.question import EACH, Bound, Goal, Keep, Measure, NeverAfter, Objective, Repeat
from cascadesim.units import Duration

_GOALS: dict[str, Goal] = {
    "cheapest": "cost per person",
    "quickest": "time to open",
    "widest": "coverage",
    "best_value": "coverage per cost",
}


def _covered(ctx: Reading, node: Node) -> tuple[tuple[Event, ...], Length | None]:
    *nodes, within = parts(node)
    return events(ctx, nodes), ctx.length(within) if within is not None else None


def _objective(ctx: Reading, node: Node) -> Objective:
    return Objective(_GOALS[node.data])


def _profit(ctx: Reading, node: Node) -> Objective:
    return Objective("profit", ctx.money(parts(node)[0]))


def _of(ctx: Reading, part: Any) -> str | None:
    if part is None:
        return None
    return EACH if not hasattr(part, "type") else ctx.name(part)


def _keep_coverage(ctx: Reading, node: Node) -> Keep:
    of, bound, value = parts(node)
    return _keep(ctx, node, "coverage", of, bound, ctx.share(value))


def _keep_cost(ctx: Reading, node: Node) -> Keep:
    measure, of, bound, value = parts(node)
    return _keep(ctx, node, cast("Measure", word(measure)), of, bound, ctx.money(value))


def _keep_average(ctx: Reading, node: Node) -> Keep:
    of, bound, value = parts(node)
    return _keep(ctx, node, "messages per person", of, bound, float(ctx.number(value)))


def _keep_messages(ctx: Reading, node: Node) -> Keep:
    channel, of, bound, value = parts(node)
    return _keep(ctx, node, "messages", of, bound, ctx.count(value, least=0), channel=ctx.name(channel))


def _keep_time(ctx: Reading, node: Node) -> Keep:
    openers, of, bound, value = parts(node)
    return _keep(ctx, node, "time to open", of, bound, Duration(ctx.length(value)), openers=ctx.share(openers))


def _keep(ctx: Reading, node: Node, measure: Measure, of: Any, bound: Any, value: Any, **more: Any) -> Keep:
    return Keep(measure, cast("Bound", word(bound)), value, _of(ctx, of), span=ctx.span(node), **more)


def _names(ctx: Reading, node: Node) -> tuple[Name, ...]:
    return ctx.names(parts(node))


def _steps(ctx: Reading, node: Node) -> tuple[int, int]:
    *low, high = parts(node)
    least, most = ctx.count(low[0]) if low else 1, ctx.count(high)
    if least > most:
        fix = Fix(ctx.span(node), f"steps {most} to {least}")
        ctx.faults.error("C080", ctx.span(node), f"from {least} down to {most} steps", f"write {fix.replacement}", fix)
        return most, least
    return least, most


def _waits(ctx: Reading, node: Node) -> tuple[tuple[Length, ...], Length | None]:
    *tokens, earlier = parts(node)
    waits: dict[Length, None] = {}
    for token in tokens:
        wait = ctx.length(token)
        if wait in waits:
            ctx.faults.error("C032", wait.span, f"{token} is named twice in this list", "name it once")
        waits[wait] = None
    return tuple(waits), unless(ctx, tree(earlier), max(waits)) if earlier is not None else None


def _never_after(ctx: Reading, node: Node) -> NeverAfter:
    channel, after = parts(node)
    return NeverAfter(ctx.name(channel), ctx.name(after))


def _number(ctx: Reading, node: Node) -> int:
    return ctx.count(parts(node)[0])


def _repeat(ctx: Reading, node: Node) -> Repeat:
    channel, times = parts(node)
    return Repeat(ctx.name(channel), ctx.count(times))


def _may_split(ctx: Reading, node: Node) -> bool:
    return True


def _search(ctx: Reading, node: Node) -> Length:
    return ctx.length(parts(node)[0])


LINES: dict[str, Reader] = {
    "covered": _covered,
    "stop_when": stop_when,
    "saying": saying,
    "cheapest": _objective,
    "quickest": _objective,
    "widest": _objective,
    "best_value": _objective,
    "profit": _profit,
    "keep_coverage": _keep_coverage,
    "keep_cost": _keep_cost,
    "keep_average": _keep_average,
    "keep_messages": _keep_messages,
    "keep_time": _keep_time,
    "choose": _names,
    "steps": _steps,
    "waits": _waits,
    "start_with": _names,
    "end_with": _names,
    "never_after": _never_after,
    "never_more": _number,
    "repeat": _repeat,
    "may_split": _may_split,
    "compare": _names,
    "search": _search,
}
