"""What a chain comes to, step by step, and when its messages really go out."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace

from cascadesim.engines.exact import evaluate, refusals
from cascadesim.engines.outcome import Figures
from cascadesim.model.calendar import Clock
from cascadesim.model.chain import Chain, Pause, Send, WaitUntil
from cascadesim.model.model import Model
from cascadesim.model.segment import Arrivals, Contacts
from cascadesim.reports import words

Remark = tuple[int, str, str]
"""A line, counted from 1, what is said there, and what that means."""


def coming_to(model: Model, chain: Chain) -> Iterator[Remark]:
    """Coverage and cost up to and with each step, by the exact engine; nothing where it does not do the chain."""
    routes = model.routes(chain)
    if not routes or any(isinstance(model.segment(route.segment).people, Contacts) for route in routes):
        return
    if refusals(model, routes):
        return
    for number, node in enumerate(chain.body, 1):
        if isinstance(node, Send) and node.span is not None:
            total = _total(model, replace(chain, body=chain.body[:number]))
            cost = words.money(total.cost_per_person.mean, model.scenario.currency)
            said = f"{words.share(total.coverage.mean)} covered, {cost} per person"
            yield node.span.line, said, "if the chain ended with this step: expected coverage and cost, exactly"


@functools.lru_cache(64)
def _total(model: Model, chain: Chain) -> Figures:
    """Kept, for most of what is typed changes neither."""
    return evaluate(model, model.routes(chain)).total


def moved(model: Model, chain: Chain) -> Iterator[Remark]:
    """The sends that fall in quiet hours, and when they go out instead.

    For those who enter at the start and wait in full. Behind a branch everybody has times of their own.
    """
    if model.scenario.starts is None:
        return
    times = {s: 0 for s in model.segments_of(chain.segments) if not isinstance(model.segment(s).people, Arrivals)}
    for node in chain.body:
        if isinstance(node, Send) and node.span is not None:
            sent = {segment: _sent(model, segment, node, at) for segment, at in times.items()}
            late = [s for s in times if sent[s] is not None and sent[s] != times[s]]
            if late:
                yield (
                    node.span.line,
                    _told(model, times, sent, late),
                    "it falls in quiet hours, and goes out at their end",
                )
            lasting = node.wait.lasting if node.wait is not None else 0
            times = {segment: at + lasting for segment, at in sent.items() if at is not None}
        elif isinstance(node, Pause):
            times = {segment: at + node.wait.lasting for segment, at in times.items()}
        elif isinstance(node, WaitUntil):
            clock = Clock(model.scenario)
            times = {s: clock.next_reading(node.at, node.day, model.zone_of(s), at) for s, at in times.items()}
        else:
            return


def _sent(model: Model, segment: str, send: Send, at: int) -> int | None:
    """When the last of its messages goes out; None: never, or too late for anybody."""
    ends = [Clock(model.scenario).goes_out(model, segment, channel, at) for channel in send.channels]
    known = [end for end in ends if end is not None]
    return max(known) if known and max(known) < model.scenario.horizon else None


def _told(model: Model, times: dict[str, int], sent: dict[str, int | None], late: list[str]) -> str:
    """`goes out Tue 2 Mar 9:00`, for each segment by itself where they differ."""
    readings: dict[str, list[str]] = {}
    for segment in late:
        instant = sent[segment]
        assert instant is not None
        reading = Clock(model.scenario).local(instant, model.zone_of(segment))
        shown = f"{reading:%a} {reading.day} {reading:%b} {reading.hour}:{reading:%M}"
        readings.setdefault(shown, []).append(segment)
    if len(readings) == 1 and len(late) == len(times):
        return f"goes out {next(iter(readings))}"
    return "; ".join(f"{words.listed(segments)}: goes out {shown}" for shown, segments in readings.items())
