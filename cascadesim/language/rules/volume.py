"""A first step for more people than its channel can send to while they are followed."""

from __future__ import annotations

from datetime import time

from cascadesim.language.rules.case import Case
from cascadesim.language.statements import place
from cascadesim.model import chain as m
from cascadesim.model.calendar import holds, quiet_rules
from cascadesim.model.channel import Channel, Quiet
from cascadesim.model.segment import Arrivals, Contacts, Headcount
from cascadesim.units import DAY, HOUR, MINUTE, Duration


def check(case: Case) -> None:
    """Notes the channels whose throughput is too low for what a chain begins with."""
    for chain in case.model.chains:
        first = chain.body[0] if chain.body else None
        if isinstance(first, m.Send):
            for name in first.channels:
                _check(case, chain, case.model.channel(name))


def _check(case: Case, chain: m.Chain, channel: Channel) -> None:
    if channel.throughput is None:
        return
    segments = case.model.segments_of(chain.segments)
    volume = sum(_messages(case, segment, channel.name) for segment in segments)
    # Quiet hours are those of whoever can be written to the longest: the most that the channel has to send in.
    quiet_shares = (_quiet_share(quiet_rules(case.model, segment, channel.name)) for segment in segments)
    open_share = 1 - min(quiet_shares, default=0.0)
    if open_share <= 0:
        return
    needed = volume / channel.throughput.count * channel.throughput.per / open_share
    span = max((_span(case, segment) for segment in segments), default=0)
    if needed <= span:
        return
    quiet = ", with its quiet hours" if open_share < 1 else ""
    needs = f"{channel.name} needs {_about(needed)} for {volume:,.0f} messages{quiet}"
    message = f"{needs}; people are followed for {_about(span)}"
    hint = "write to fewer people, raise `sends up to`, or say `runs for` longer in the scenario"
    case.faults.warn("C096", place(channel.throughput, channel.span), message, hint)


def _messages(case: Case, segment: str, channel: str) -> float:
    """How many of the segment are reached on the channel; contacts are not counted here."""
    people = case.model.segment(segment).people
    reach = case.model.rate(segment, channel, "reaches")
    share = 1.0 if reach is None else reach.share
    if isinstance(people, Headcount):
        return people.count * share
    return people.count * people.lasting / people.per * share if isinstance(people, Arrivals) else 0.0


def _span(case: Case, segment: str) -> int:
    """From the first entry to the end of the last one's horizon."""
    people = case.model.segment(segment).people
    return case.model.scenario.horizon + (0 if isinstance(people, Headcount | Contacts) else people.lasting)


def _quiet_share(rules: tuple[Quiet, ...]) -> float:
    """The share of every day in which nothing is sent; what holds on some days only is left out."""
    hours = [rule.hours for rule in rules if rule.hours is not None and not rule.days and not rule.dates]
    readings = [time(*divmod(minute, 60)) for minute in range(DAY // MINUTE)]
    return sum(any(holds(window, reading) for window in hours) for reading in readings) / len(readings)


def _about(length: float) -> str:
    """A length of time as people say it: whole days, hours or minutes."""
    for unit in (DAY, HOUR, MINUTE):
        if length >= 2 * unit:
            return str(Duration(round(length / unit) * unit))
    return str(Duration(round(length)))
