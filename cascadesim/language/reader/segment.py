"""Who is written to: people, kinds, their own rates and prices; tables of many rates at once."""

from __future__ import annotations

from typing import cast

from lark import Token

from cascadesim.language.reader.channel import PERIODS, hours, price
from cascadesim.language.reader.rates import delay, own_rate, share
from cascadesim.language.reader.scenario import zone
from cascadesim.language.reader.tokens import Node, Reader, Reading, parts, tree, word
from cascadesim.language.statements import Cell, Line, Name
from cascadesim.model.channel import Hours
from cascadesim.model.rates import Rate, Verb
from cascadesim.model.segment import Arrivals, Both, Comparison, Contacts, Headcount, Kind, Leave, OwnPrice, Test
from cascadesim.units import Duration, Share, parse_count, plain

_COMPARISONS: dict[str, Comparison] = {
    "is": "is",
    "is_not": "is not",
    "is_one_of": "is one of",
    "is_not_one_of": "is not one of",
}
_EVERYBODY = 10_000_000_000
NOT_OFFERED = Share(0.0)
"""The reach that `-` in a table means."""


def _headcount(ctx: Reading, node: Node) -> Headcount:
    token = parts(node)[0]
    count = ctx.count(token)
    if count > _EVERYBODY:
        ctx.faults.error("C043", ctx.span(token), f"{token} are more people than there are", "write fewer")
    return Headcount(min(count, _EVERYBODY))


def _arrivals(ctx: Reading, node: Node) -> Arrivals:
    number, period, lasting = parts(node)
    return Arrivals(ctx.count(number), Duration(PERIODS[word(period)]), ctx.length(lasting))


def _contacts(ctx: Reading, node: Node) -> Contacts:
    file, tests, excluded = parts(node)
    named, sha256 = _people_file(ctx, file)
    out, out_sha256 = _people_file(ctx, excluded) if excluded is not None else (None, None)
    where = tuple(_test(ctx, tree(test)) for test in parts(tests)) if tests is not None else ()
    return Contacts(named, sha256, where, out, out_sha256)


def _people_file(ctx: Reading, token: Token) -> tuple[Name, str | None]:
    """The file's name from the campaign's folder, and its hash. People are read later, and only when they act."""
    file = ctx.file(token)
    assert file.span is not None
    return Name(ctx.files.name(file), file.span), ctx.files.sha256(file, file.span) if file.strip() else None


def _test(ctx: Reading, node: Node) -> Test:
    column, *rest = parts(node)
    if node.data == "compared":
        bound, *rest = rest
        return Test(_cell(ctx, column), cast("Comparison", word(bound)), (_cell(ctx, rest[0]),))
    return Test(_cell(ctx, column), _COMPARISONS[node.data], tuple(_cell(ctx, value) for value in rest))


def _cell(ctx: Reading, token: Token) -> Name:
    """A column's name or a value to compare with: 10k is 10000 also there."""
    if token.type == "STRING":
        return ctx.string(token)
    text = plain(parse_count(token)) if token.type == "COUNT" else str(token)
    return Name(text, ctx.span(token))


def _enter(ctx: Reading, node: Node) -> Name:
    return ctx.words(parts(node)[0], "the event's name")


def _leaves(ctx: Reading, node: Node) -> Leave:
    portion, event, late = parts(node)
    return Leave(ctx.words(event, "the event's name"), ctx.share(portion), delay(ctx, late))


def _kinds(ctx: Reading, node: Node) -> tuple[Kind, ...]:
    return tuple(_kind(ctx, tree(kind)) for kind in parts(node))


def _kind(ctx: Reading, node: Node) -> Kind:
    if node.data == "rest":
        return Kind(ctx.name(parts(node)[0]), None, None)
    portion, name, factor = parts(node)
    return Kind(ctx.name(name), ctx.share(portion), float(factor[1:]))


def _both(ctx: Reading, node: Node) -> Both:
    one, other, portion = parts(node)
    if ctx.name(one) == ctx.name(other):
        ctx.faults.error("C032", ctx.span(other), f"{other} is named twice", "name two different channels")
    return Both(ctx.name(one), ctx.name(other), ctx.share(portion), ctx.span(node))


def _reacts(ctx: Reading, node: Node) -> Hours:
    return hours(ctx, tree(parts(node)[0]))


def _own_price(ctx: Reading, node: Node) -> OwnPrice:
    channel, amount, basis = parts(node)
    if word(basis) == "campaign":
        hint = "say it in the channel: a campaign's fee is paid once, for all segments"
        ctx.faults.error("C057", ctx.span(basis), "a segment has no campaign fee of its own", hint)
    return OwnPrice(ctx.name(channel), price(ctx, amount, basis, ctx.span(node)))


def cells(ctx: Reading, verb: Verb, header: Node, row: Node) -> tuple[Name, tuple[Cell, ...]]:
    """A row of a table: whose rates they are, and one cell a channel."""
    channels = [ctx.name(token) for token in parts(header)]
    segment, *values = parts(row)
    if len(values) != len(channels):
        message = f"this row has {len(values)} of {len(channels)} cells"
        ctx.faults.error("C039", ctx.span(row), message, "write `-` where a channel is not offered")
    rates = [_cell_rate(ctx, verb, tree(value)) for value in values]
    return ctx.name(segment), tuple(Cell(channel, rate) for channel, rate in zip(channels, rates, strict=False))


def _cell_rate(ctx: Reading, verb: Verb, node: Node) -> Rate:
    if node.data == "dash":
        return Rate("reaches", NOT_OFFERED, NOT_OFFERED, span=ctx.span(node))
    low, high = share(ctx, node)
    return Rate(verb, low, high, span=ctx.span(node))


def table_line(ctx: Reading, verb: Verb, header: Node, row: Node) -> Line:
    """A row of a table as a statement."""
    return Line(verb, "row", cells(ctx, verb, header, row), ctx.span(row))


LINES: dict[str, Reader] = {
    "headcount": _headcount,
    "arrivals": _arrivals,
    "contacts": _contacts,
    "enter": _enter,
    "leaves": _leaves,
    "kinds": _kinds,
    "both": _both,
    "reacts": _reacts,
    "own_rate": own_rate,
    "own_price": _own_price,
    "zone": zone,
}
