"""Chains: events, steps, waits, conditions, branches and splits."""

from __future__ import annotations

from typing import Any, cast

from cascadesim.errors import Fix, Span
from cascadesim.language.reader.channel import weekday
from cascadesim.language.reader.tokens import Node, Reader, Reading, parts, tree, word
from cascadesim.language.statements import Length, Name
from cascadesim.model import chain as m
from cascadesim.model.channel import Hours
from cascadesim.model.rates import State


def events(ctx: Reading, nodes: list[Any]) -> tuple[m.Event, ...]:
    """`opened, call answered or "order_placed"`, each once."""
    found: dict[m.Event, None] = {}
    for node in nodes:
        event = _event(ctx, tree(node))
        if event in found:
            ctx.faults.error("C032", ctx.span(node), f"{event} is named twice in this list", "name it once")
        found[event] = None
    return tuple(found)


def _event(ctx: Reading, node: Node) -> m.Event:
    if node.data == "outside":
        return m.Event(outside=ctx.words(parts(node)[0], "the event's name"))
    channel, state = parts(node)
    return m.Event(_state(ctx, state), ctx.name(channel) if channel is not None else None)


def _state(ctx: Reading, node: Node) -> State:
    """A state, which knows its place as names do."""
    return cast("State", Name(word(node), ctx.span(node)))


def saying(ctx: Reading, node: Node | None) -> m.Saying | None:
    """`saying basket` or `saying "text"`."""
    if node is None:
        return None
    token = parts(node)[0]
    return m.Saying(text=ctx.words(token, "the text")) if token.type == "STRING" else m.Saying(ctx.name(token))


def stop_when(ctx: Reading, node: Node) -> tuple[m.Event, ...]:
    """`stop when opened, clicked or replied`."""
    return events(ctx, parts(node))


def unless(ctx: Reading, node: Node | None, lasting: Length) -> Length | None:
    """`but 10 min if undelivered`, which must come before the wait is over."""
    if node is None:
        return None
    after = ctx.length(parts(node)[0])
    if after >= lasting:
        message = f"{after} is not before the wait of {lasting} is over"
        ctx.faults.error("C070", after.span, message, "the undelivered move on earlier, or leave this out")
        return None
    return after


def _wait(ctx: Reading, node: Node) -> m.Wait:
    token, earlier, until = parts(node)
    lasting = ctx.length(token)
    ending = events(ctx, parts(until)) if until is not None else ()
    return m.Wait(lasting, unless(ctx, earlier, lasting), ending)


def _send(ctx: Reading, node: Node) -> m.Send:
    senders, words, wait = parts(node)
    channels = ctx.names(parts(senders))
    return m.Send(channels, saying(ctx, words), _wait(ctx, wait) if wait is not None else None, ctx.span(node))


def _pause(ctx: Reading, node: Node) -> m.Pause:
    earlier = parts(node)[1]
    if earlier is not None:
        hint = "write the wait behind the send, on the same line: send sms, wait 2 h but 10 min if undelivered"
        ctx.faults.error("C071", ctx.span(earlier), "only the wait of a `send` can look at its delivery", hint)
    return m.Pause(_wait(ctx, node), ctx.span(node))


def _wait_until(ctx: Reading, node: Node) -> m.WaitUntil:
    day, at = parts(node)
    return m.WaitUntil(ctx.time(at), weekday(day) if day is not None else None, ctx.span(node))


def _stop(ctx: Reading, node: Node) -> m.Stop:
    return m.Stop(ctx.span(node))


def _hole(ctx: Reading, node: Node) -> m.Hole:
    note_hole(ctx, node)
    return m.Hole(ctx.span(node))


def note_hole(ctx: Reading, node: Node) -> None:
    """Warns that something is still to be written."""
    ctx.faults.warn(
        "C017", ctx.span(node), "still to be written", "a chain with `...` in it is neither run nor exported"
    )


def _choice(ctx: Reading, node: Node) -> m.If:
    found = [tree(part) for part in parts(node) if part is not None]
    branches = tuple(_branch(ctx, b) for b in found if b.data == "branch")
    otherwise = next((_body(ctx, b) for b in found if b.data == "body"), ())
    condition = ctx.span(parts(found[0])[0])
    at = ctx.span(node)
    return m.If(branches, otherwise, Span(at.file, at.line, at.column, condition.end_line, condition.end_column))


def _branch(ctx: Reading, node: Node) -> m.Branch:
    condition, body = parts(node)
    return m.Branch(_condition(ctx, condition), _body(ctx, body))


def _body(ctx: Reading, node: Node) -> tuple[m.Node, ...]:
    return tuple(step(ctx, tree(part)) for part in parts(node))


def _split(ctx: Reading, node: Node) -> m.Split:
    at = ctx.span(node)
    word = Span(at.file, at.line, at.column, at.line, at.column + len("split"))
    return m.Split(tuple(_arm(ctx, tree(part)) for part in parts(node)), word)


def _arm(ctx: Reading, node: Node) -> m.Arm:
    if node.data == "hole":
        return m.Arm(None, None, (_hole(ctx, node),))
    *portion, title, body = parts(node)
    name = ctx.string(title) if title is not None else None
    return m.Arm(ctx.share(portion[0]) if portion else None, name, _body(ctx, body))


STEPS: dict[str, Reader] = {
    "send": _send,
    "wait": _pause,
    "wait_until": _wait_until,
    "stop": _stop,
    "hole": _hole,
    "choice": _choice,
    "split": _split,
}
LINES: dict[str, Reader] = {"stop_when": stop_when, "saying": saying, **STEPS}


def step(ctx: Reading, node: Node) -> m.Node:
    """One step of a chain's body."""
    return cast("m.Node", STEPS[node.data](ctx, node))


# ---- conditions


def _condition(ctx: Reading, node: Node) -> m.Condition:
    return cast("m.Condition", _CONDITIONS[node.data](ctx, node))


def _any(ctx: Reading, node: Node) -> m.Or:
    mixed = [part for part in parts(node) if part.data == "all"]
    if mixed:
        message = "`and` binds more tightly than `or`: brackets would say which is meant"
        text = ctx.source.text[mixed[0].meta.start_pos : mixed[0].meta.end_pos]
        fix = Fix(ctx.span(mixed[0]), f"({text})", safe=True)
        ctx.faults.warn("C072", ctx.span(mixed[0]), message, f"as it is read: ({text})", fix)
    return m.Or(tuple(_condition(ctx, part) for part in parts(node)))


def _all(ctx: Reading, node: Node) -> m.And:
    return m.And(tuple(_condition(ctx, part) for part in parts(node)))


def _negation(ctx: Reading, node: Node) -> m.Not:
    return m.Not(_condition(ctx, parts(node)[0]))


def _group(ctx: Reading, node: Node) -> m.Condition:
    return _condition(ctx, parts(node)[0])


def _in_segment(ctx: Reading, node: Node) -> m.InSegment:
    return m.InSegment(ctx.names(parts(node)))


def _not_in_segment(ctx: Reading, node: Node) -> m.Not:
    return m.Not(_in_segment(ctx, node))


def _reachable(ctx: Reading, node: Node) -> m.Reachable:
    return m.Reachable(ctx.name(parts(node)[0]))


def _reported(ctx: Reading, node: Node) -> m.Reported:
    channel, state, *but_not = parts(node)
    other = but_not[0] if but_not else None
    return m.Reported(ctx.name(channel), _state(ctx, state), _state(ctx, other) if other is not None else None)


def _undelivered(ctx: Reading, node: Node) -> m.Undelivered:
    channel = parts(node)[0]
    return m.Undelivered(ctx.name(channel) if channel is not None else None)


def _day_is(ctx: Reading, node: Node) -> m.DayIs:
    return m.DayIs(tuple(sorted({weekday(day) for day in parts(node)})))


def _time_between(ctx: Reading, node: Node) -> m.TimeBetween:
    start, end = (ctx.time(t) for t in parts(node))
    if start == end:
        ctx.faults.error("C054", ctx.span(node), "between a time and itself is no time at all", "write two times")
    return m.TimeBetween(Hours(start, end))


_CONDITIONS: dict[str, Reader] = {
    "any": _any,
    "all": _all,
    "negation": _negation,
    "group": _group,
    "in_segment": _in_segment,
    "not_in_segment": _not_in_segment,
    "reachable": _reachable,
    "reported": _reported,
    "undelivered": _undelivered,
    "day_is": _day_is,
    "time_between": _time_between,
}
