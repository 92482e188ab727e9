"""Rates: shares, their evidence, what they are shares of, and the form of the delay."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from typing import Any, cast

from cascadesim.errors import Fix, Span
from cascadesim.language.names import spoken
from cascadesim.language.reader.tokens import Node, Reading, parts, tree, word
from cascadesim.language.statements import Cell
from cascadesim.model.rates import Delay, Rate, Shape, State, Verb
from cascadesim.units import Duration, Share

_BASES: dict[Verb, tuple[State, ...]] = {
    "opens": ("delivered",),
    "answers": ("delivered",),
    "clicks": ("delivered", "opened", "answered"),
    "replies": ("delivered", "opened", "answered"),
    "converts": ("opened", "answered", "clicked", "replied"),
    "unsubscribes": ("delivered", "opened", "answered", "clicked"),
}
"""What a rate can be a share of; reach and delivery have nothing before them."""


def rate(ctx: Reading, node: Node) -> Rate:
    """`opens 34% measured on 900, half within 12 min`, also after `resend`."""
    verb, *rest = parts(node)
    return _rate(ctx, cast("Verb", word(verb)), rest, ctx.span(node))


def own_rate(ctx: Reading, node: Node) -> Cell:
    """`opens sms 41%`: a segment's own rate on a channel."""
    verb, channel, *rest = parts(node)
    return Cell(ctx.name(channel), _rate(ctx, cast("Verb", word(verb)), rest, ctx.span(node)))


def share(ctx: Reading, node: Node) -> tuple[Share, Share]:
    """`34%` or `55% to 64%`, as (low, high)."""
    low, high = (ctx.share(t) if t is not None else None for t in parts(node))
    assert low is not None
    if high is not None and high < low:
        right = f"{high} to {low}"
        message = f"a range from {low} down to {high}"
        ctx.faults.error("C045", ctx.span(node), message, f"write {right}", Fix(ctx.span(node), right))
        low, high = high, low
    return low, low if high is None else high


def delay(ctx: Reading, node: Node | None) -> Delay | None:
    """The delay after a comma: quantiles, a fixed time or a curve."""
    if node is None:
        return None
    if node.data == "after":
        return Delay("fixed", ((Share(1.0), ctx.length(parts(node)[0])),))
    if node.data == "curve":
        return _curve(ctx, node)
    return _quantiles(ctx, node)


def _rate(ctx: Reading, verb: Verb, parts: list[Any], span: Span) -> Rate:
    shares, base, measured, late = parts
    low, high = share(ctx, shares)
    number = ctx.count(measured.children[0]) if measured is not None else None
    if verb == "reaches" and late is not None:
        ctx.faults.error(
            "C052", ctx.span(late), "reach has no delay", "an address is there from the start, or not: leave this out"
        )
    return Rate(verb, low, high, number, _base(ctx, verb, base), delay(ctx, late), span)


def _base(ctx: Reading, verb: Verb, node: Node | None) -> State | None:
    if node is None:
        return None
    state = cast("State", word(node.children[0]))
    allowed = _BASES.get(verb, ())
    if state in allowed:
        return state
    hint = f"it can be a share of {spoken(allowed)}" if allowed else f"leave `of {state}` out"
    ctx.faults.error("C050", ctx.span(node), f"`{verb}` is not a share of {state}", hint)
    return None


def _quantiles(ctx: Reading, node: Node) -> Delay | None:
    *quantiles, shape_node = parts(node)
    points = tuple(_quantile(ctx, tree(q)) for q in quantiles)
    span = ctx.span(node)
    if not _increasing(points):
        ctx.faults.error(
            "C051", span, "later shares must take longer", "write the smaller first: half within 1 h, 90% within 6 h"
        )
        return None
    if len(points) > 2:
        hint = 'two fix the form; more are a curve: curve from "delays.csv"'
        ctx.faults.error("C051", span, f"{len(points)} quantiles are too many", hint)
        return None
    if shape_node is None:
        return Delay("lognormal" if len(points) == 2 else "exponential", points)
    shape = cast("Shape", word(shape_node))
    needed = 1 if shape == "exponential" else 2
    if len(points) != needed:
        numbers = {1: "one quantile", 2: "two quantiles"}
        hint = "half within 1 h" if needed == 1 else "half within 1 h, 90% within 6 h"
        ctx.faults.error("C051", span, f"`as {shape}` takes {numbers[needed]}, not {len(points)}", f"such as: {hint}")
        return None
    return Delay(shape, points)


def _quantile(ctx: Reading, node: Node) -> tuple[Share, Duration]:
    by, within = parts(node)
    if isinstance(by, type(node)):
        return Share(0.5), ctx.length(within)
    level = ctx.share(by)
    if not 0 < level < 1:
        hint = "write a share above 0% and below 100%: 99% within 1 day"
        ctx.faults.error("C051", ctx.span(by), f"{by} is no quantile", hint)
        return Share(0.5), ctx.length(within)
    return level, ctx.length(within)


def _increasing(points: tuple[tuple[Share, Duration], ...]) -> bool:
    return all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(points))


def _curve(ctx: Reading, node: Node) -> Delay | None:
    file = ctx.file(parts(node)[0])
    assert file.span is not None
    text = ctx.files.text(file, file.span)
    if text is None:
        return None
    try:
        return Delay("curve", _points(text))
    except ValueError as error:
        hint = "its rows are such as `25%,10 min`, below the header `share,within`; both grow, the last share is 100%"
        ctx.faults.error("C053", file.span, f"{file}: {error}", hint)
        return None


def _points(text: str) -> tuple[tuple[Share, Duration], ...]:
    """The points of a curve file; ValueError says which line is wrong."""
    reader = csv.reader(io.StringIO(text))
    if [cell.strip() for cell in next(reader, [])] != ["share", "within"]:
        raise ValueError("line 1: the header `share,within` is missing")
    points: list[tuple[Share, Duration]] = []
    for row in reader:
        if not row:
            continue
        try:
            by, within = row
            point = (Share.parse(by), Duration.parse(within))
        except ValueError as error:
            wrong = str(error) if len(row) == 2 else f"{len(row)} cells where two belong"
            raise ValueError(f"line {reader.line_num}: {wrong}") from None
        if not _increasing((*points[-1:], point)) or not point[0] or not point[1]:
            raise ValueError(f"line {reader.line_num}: share and time must both grow")
        points.append(point)
    if not points or points[-1][0] < 1:
        raise ValueError("the last share is not 100%")
    return tuple(points)
