"""The frame, channels and their rates as statements."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import count

from cascadesim.language.printer.values import (
    Printing,
    clock_of,
    count_of,
    length_of,
    listed,
    share_of,
    title_of,
)
from cascadesim.language.reader.channel import PERIODS, WEEKDAYS
from cascadesim.model.channel import Channel, Hours, Price, Quiet
from cascadesim.model.model import Exchange, Scenario
from cascadesim.model.rates import Delay, Rate
from cascadesim.units import BILLION, WEEK, Duration, Money, Share

_SHAPES = {1: "exponential", 2: "lognormal"}
"""The form of a delay that is taken for granted, by the number of quantiles."""

_SO_MANY = 1_000_000
"""Units of a currency, in whole numbers of which every rate that people write can be said."""


def scenario_lines(out: Printing, frame: Scenario) -> Iterator[str]:
    """The campaign's frame."""
    yield f"scenario{title_of(frame.title, out)}"
    if frame.starts is not None:
        yield f"    starts {frame.starts:%Y-%m-%d} {clock_of(frame.starts.time())}"
    if frame.horizon != WEEK:
        yield f"    runs for {length_of(frame.horizon)}"
    yield f"    prices in {frame.currency}"
    for rate in frame.exchange:
        yield f"    {_exchange(out, rate, frame.currency)}"
    if frame.zone != "UTC":
        yield f"    time zone {out.string(frame.zone)}"
    if frame.seed:
        yield f"    seed {frame.seed}"
    for rule in frame.quiet:
        yield f"    {_quiet(rule)}"


def _exchange(out: Printing, exchange: Exchange, currency: str) -> str:
    """What one is worth in the other, or so many that amounts have nine decimal places at most."""
    try:
        rate = Fraction(exchange.rate)
    except (ValueError, ZeroDivisionError):
        out.refuse(f"{exchange.rate!r} is no exchange rate: write it as a decimal number, such as 0.92")
        return ""
    if (rate * BILLION).denominator > 1:
        rate = rate.limit_denominator(_SO_MANY)
        return f"{rate.denominator} {exchange.currency} is {rate.numerator} {currency}"
    return f"1 {exchange.currency} is {Money(int(rate * BILLION), currency)}"


def channel_lines(out: Printing, channel: Channel) -> Iterator[str]:
    """A channel."""
    yield f"channel {out.name(channel.name, 'channel')}{title_of(channel.title, out)}"
    facts = [*_facts(out, channel)]
    yield from (f"    {fact}" for fact in facts or ["..."])


def _facts(out: Printing, channel: Channel) -> Iterator[str]:
    if channel.address is not None:
        yield f"address {out.string(channel.address)}"
    yield from (f"{rate.verb} {rate_of(out, rate)}" for rate in channel.rates)
    yield from (f"resend {rate.verb} {rate_of(out, rate)}" for rate in channel.resend)
    if channel.reports is not None:
        yield f"reports {listed(channel.reports) or 'nothing'}"
    if channel.lasts is not None:
        yield f"lasts {length_of(channel.lasts)}"
    yield from (f"costs {'at least ' if price.at_least else ''}{price_of(price)}" for price in channel.costs)
    if channel.throughput is not None:
        yield f"sends up to {count_of(channel.throughput.count)} per {period_of(channel.throughput.per)}"
    yield from (_quiet(rule) for rule in channel.quiet)


def price_of(price: Price) -> str:
    """`0.045 EUR per part sent`."""
    return f"{price.amount} per {price.basis}"


def period_of(length: Duration) -> str:
    """`hour`."""
    return next((name for name, period in PERIODS.items() if period == length), length_of(length))


def hours_of(hours: Hours) -> str:
    """`from 21:00 to 9:00`."""
    return f"from {clock_of(hours.start)} to {clock_of(hours.end)}"


def weekday_of(day: int) -> str:
    """`saturday`."""
    return dict(enumerate(WEEKDAYS)).get(day, str(day))


def _quiet(rule: Quiet) -> str:
    days = listed([*map(weekday_of, rule.days), *(day.isoformat() for day in rule.dates)])
    return " ".join(["quiet", *([hours_of(rule.hours)] if rule.hours else []), *([f"on {days}"] if days else [])])


# ---- rates


def rate_of(out: Printing, rate: Rate) -> str:
    """`34% of delivered measured on 900, half within 12 min`: a rate without its verb."""
    portion = share_of(rate.low) if rate.low == rate.high else f"{share_of(rate.low)} to {share_of(rate.high)}"
    base = "" if rate.of is None else f" of {rate.of}"
    evidence = "" if rate.measured is None else f" measured on {count_of(rate.measured)}"
    return f"{portion}{base}{evidence}{delay_of(out, rate.delay)}"


def delay_of(out: Printing, delay: Delay | None) -> str:
    """`, half within 12 min, 90% within 6 h`, from the comma on."""
    if delay is None:
        return ""
    if delay.shape == "curve":
        return f", curve from {_curve(out, delay)}"
    if delay.shape == "fixed" and len(delay.points) == 1:
        return f", after {length_of(delay.points[0][1])}"
    quantiles = "".join(f", {_by(share)} within {length_of(length)}" for share, length in delay.points)
    return quantiles if delay.shape == _SHAPES.get(len(delay.points)) else f"{quantiles} as {delay.shape}"


def _by(share: Share) -> str:
    return "half" if share == 0.5 else share_of(share)


def _curve(out: Printing, delay: Delay) -> str:
    """A curve's points stand in a file: the model has forgotten its name, so it gets a new one."""
    rows = "".join(f"{share_of(share)},{length_of(length)}\n" for share, length in delay.points)
    text = f"share,within\n{rows}"
    names = (f"curve-{number}.csv" for number in count(1))
    return out.file(next(n for n in names if n not in out.taken and out.texts.get(n, text) == text), text)
