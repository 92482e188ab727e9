"""What a channel says of itself: prices, throughput, quiet hours, receipts."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from lark import Token

from cascadesim.errors import Span
from cascadesim.language.reader.rates import rate
from cascadesim.language.reader.tokens import Node, Reader, Reading, parts, tree, word
from cascadesim.language.statements import Name, Silence
from cascadesim.model.channel import Basis, Hours, Price, Throughput
from cascadesim.model.rates import Rate, State
from cascadesim.units import DAY, HOUR, MINUTE, SECOND, Duration, Money

PERIODS = {"second": SECOND, "minute": MINUTE, "hour": HOUR, "day": DAY}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FASTEST = 1_000_000  # messages per second


def price(ctx: Reading, amount: Token, basis: Any, span: Span) -> Price:
    """`0.045 EUR per part sent`."""
    return Price(ctx.money(amount), cast("Basis", word(basis)), span=span)


def hours(ctx: Reading, node: Node) -> Hours:
    """`from 21:00 to 9:00`; past midnight if it ends before it begins."""
    start, end = (ctx.time(t) for t in parts(node))
    if start == end:
        hint = "a whole day is `quiet on` that day; otherwise write two different times"
        ctx.faults.error("C054", ctx.span(node), f"from {start:%H:%M} to {end:%H:%M} is no time at all", hint)
    return Hours(start, end)


def quiet(ctx: Reading, node: Node) -> Silence:
    """`quiet from 21:00 to 9:00 on saturday`, `quiet on sunday, 2027-04-02`."""
    parts = {tree(child).data: tree(child) for child in node.children if child is not None}
    days, dates, countries = _days(ctx, parts["days"]) if "days" in parts else ((), (), ())
    window = hours(ctx, parts["hours"]) if "hours" in parts else None
    return Silence(window, days, dates, countries)


def _days(ctx: Reading, node: Node) -> tuple[tuple[int, ...], tuple[date, ...], tuple[Name, ...]]:
    days: dict[int, None] = {}
    dates: dict[date, None] = {}
    countries: dict[Name, None] = {}
    for child in node.children:
        if isinstance(child, Token):
            dates[ctx.date(child)] = None
        elif child.data == "holidays":
            countries[ctx.name(parts(child)[0])] = None
        else:
            days[weekday(child)] = None
    return tuple(sorted(days)), tuple(sorted(dates)), tuple(countries)


def weekday(node: Any) -> int:
    """The number of a weekday; Monday is 0."""
    return WEEKDAYS.index(word(node))


def _resend(ctx: Reading, node: Node) -> Rate:
    again = rate(ctx, node)
    if again.verb not in ("opens", "answers"):
        hint = "clicks and replies are shares of the opens: `resend opens` changes them too"
        ctx.faults.error("C055", ctx.span(node), f"`resend {again.verb}` is not offered", hint)
    return again


def _reports(ctx: Reading, node: Node) -> tuple[State, ...]:
    return tuple(dict.fromkeys(cast("State", word(state)) for state in node.children))


def _reports_nothing(ctx: Reading, node: Node) -> tuple[State, ...]:
    return ()


def _costs(ctx: Reading, node: Node) -> Price:
    amount, basis = parts(node)
    return price(ctx, amount, basis, ctx.span(node))


def _commitment(ctx: Reading, node: Node) -> Price:
    (amount,) = parts(node)
    return Price(_more_than_nothing(ctx, amount), "campaign", at_least=True, span=ctx.span(node))


def _more_than_nothing(ctx: Reading, token: Token) -> Money:
    amount = ctx.money(token)
    if amount.billionths == 0:
        ctx.faults.error("C041", ctx.span(token), "at least nothing is no commitment", "leave the line out")
    return amount


def _throughput(ctx: Reading, node: Node) -> Throughput:
    number, period = parts(node)
    count, per = ctx.count(number), PERIODS[word(period)]
    if count * SECOND > _FASTEST * per:
        hint = "leave the line out"
        ctx.faults.error("C056", ctx.span(node), "more than a million messages a second is no limit", hint)
    return Throughput(count, Duration(per), ctx.span(node))


def _lasts(ctx: Reading, node: Node) -> Duration:
    return ctx.length(parts(node)[0])


def _address(ctx: Reading, node: Node) -> str:
    return ctx.words(parts(node)[0], "the column's name")


LINES: dict[str, Reader] = {
    "rate": rate,
    "resend": _resend,
    "reports": _reports,
    "reports_nothing": _reports_nothing,
    "lasts": _lasts,
    "costs": _costs,
    "commitment": _commitment,
    "throughput": _throughput,
    "quiet": quiet,
    "quiet_days": quiet,
    "address": _address,
}
