"""Segments and messages as statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from cascadesim.language.printer.channel import delay_of, hours_of, period_of, price_of, rate_of
from cascadesim.language.printer.values import (
    Printing,
    count_of,
    length_of,
    number_of,
    share_of,
    title_of,
)
from cascadesim.model.message import Content, Message
from cascadesim.model.segment import Arrivals, Contacts, Headcount, Kind, People, Segment, Test
from cascadesim.units import plain

_PLAIN_VALUE = re.compile(r"\d+(\.\d+)?|\d{4}-\d{2}-\d{2}")


def segment_lines(out: Printing, segment: Segment) -> Iterator[str]:
    """A segment."""
    yield f"segment {out.name(segment.name, 'segment')}{title_of(segment.title, out)}"
    yield from (f"    {fact}" for fact in _facts(out, segment))


def _facts(out: Printing, segment: Segment) -> Iterator[str]:
    yield _people(out, segment.people)
    if segment.enter_when is not None:
        yield f"enter when {out.string(segment.enter_when)}"
    for leave in segment.leaves:
        yield f"leaves {share_of(leave.share)} when {out.string(leave.event)}{delay_of(out, leave.delay)}"
    if segment.zone is not None:
        yield f"time zone {out.string(segment.zone)}"
    if segment.kinds:
        yield f"kinds {', '.join(_kind(out, kind) for kind in segment.kinds)}"
    for both in segment.both:
        yield f"reaches both {out.name(both.one)} and {out.name(both.other)} {share_of(both.share)}"
    if segment.reacts is not None:
        yield f"reacts {hours_of(segment.reacts)}"
    yield from (f"{own.rate.verb} {out.name(own.channel)} {rate_of(out, own.rate)}" for own in segment.rates)
    yield from (f"costs {out.name(own.channel)} {price_of(own.price)}" for own in segment.costs)


def _people(out: Printing, people: People) -> str:
    if isinstance(people, Headcount):
        return f"people {count_of(people.count)}"
    if isinstance(people, Arrivals):
        return f"people {count_of(people.count)} per {period_of(people.per)} for {length_of(people.lasting)}"
    return _contacts(out, people)


def _contacts(out: Printing, people: Contacts) -> str:
    where = " and ".join(_test(out, test) for test in people.where)
    excluded = "" if people.excluded is None else f" except {out.contacts(people.excluded, people.excluded_sha256)}"
    return f"people from {out.contacts(people.file, people.sha256)}{' where ' if where else ''}{where}{excluded}"


def _test(out: Printing, test: Test) -> str:
    return f"{out.cell(test.column)} {test.comparison} {', '.join(_value(out, value) for value in test.values)}"


def _value(out: Printing, value: str) -> str:
    """Numbers and dates as they are: quoted they would be the same, but nobody writes them so."""
    number = _PLAIN_VALUE.fullmatch(value)
    as_it_is = number and ("-" in value or plain(Decimal(value)) == value)
    return value if as_it_is else out.cell(value)


def _kind(out: Printing, kind: Kind) -> str:
    if kind.share is None and kind.factor is None:
        return f"the rest {out.name(kind.name)}"
    if kind.share is None or kind.factor is None:
        out.refuse(f"the kind {kind.name} needs a share and a factor, or neither of them: then it is the rest")
        return ""
    return f"{share_of(kind.share)} {out.name(kind.name)} x{number_of(kind.factor)}"


# ---- messages


def message_lines(out: Printing, message: Message) -> Iterator[str]:
    """A message."""
    yield f"message {out.name(message.name, 'message')}{title_of(message.title, out)}"
    yield from (f"    {_content(out, content)}" for content in message.contents)
    if not message.contents:
        yield "    ..."


def _content(out: Printing, content: Content) -> str:
    part = content.part if content.channel is None else f"{content.part} on {out.name(content.channel)}"
    if content.file is not None:
        return f"{part} from {out.file(content.file, content.value)}"
    target = "" if content.to is None else f" to {out.string(content.to)}"
    return f"{part} {out.string(content.value)}{target}"
