"""What stops, covers, ends a wait or decides a branch must be able to happen, and to be known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cascadesim.errors import Span
from cascadesim.language.rules.case import Case
from cascadesim.language.statements import place
from cascadesim.model import chain as m
from cascadesim.model.channel import Channel
from cascadesim.model.rates import VERB_OF, State


def check(case: Case) -> None:
    """Notes events that cannot happen (errors) or that nobody hears of (warnings)."""
    for chain in case.model.chains:
        span = case.line_span("chain", chain.name, "stop_when")
        _check_events(case, chain.stop_when, chain.channels, "stops", span)
        for wait, channels, at in waits(chain):
            _check_events(case, wait.until, channels, "ends the wait", at)
        for condition in conditions(chain.body):
            _check_condition(case, condition, chain.span)
    for question in case.model.questions:
        block = next(b for b in case.campaign.questions if b.span == question.span)
        covered, stop = block.line("covered"), block.line("stop_when")
        _check_events(case, question.covered_when, question.channels, "covers", covered.span if covered else None)
        _check_events(case, question.stop_when or (), question.channels, "stops", stop.span if stop else None)


def waits(chain: m.Chain) -> Iterator[tuple[m.Wait, tuple[str, ...], Span | None]]:
    """The waits of a chain, with the channels that they listen to and their statements' places."""
    for node in chain.nodes:
        if isinstance(node, m.Send) and node.wait is not None:
            yield node.wait, node.channels, node.span
        elif isinstance(node, m.Pause):
            yield node.wait, chain.channels, node.span


def conditions(body: tuple[m.Node, ...]) -> Iterator[m.Condition]:
    """The simplest conditions that a chain reads, those within `not`, `and` and `or`."""
    for node in m.walk(body):
        if isinstance(node, m.If):
            for branch in node.branches:
                yield from m.leaves(branch.condition)


def _check_events(
    case: Case, events: tuple[m.Event, ...], channels: tuple[str, ...], what: str, span: Span | None
) -> None:
    for event in events:
        if event.state is not None and event.state != "unsubscribed":
            at = place(event.channel, place(event.state, span))
            names = (event.channel,) if event.channel is not None else channels
            _check_state(case, event, event.state, tuple(case.channels(names)), what, at)


def _check_state(
    case: Case, event: m.Event, state: State, channels: tuple[Channel, ...], what: str, at: Span | None
) -> None:
    able = [channel for channel in channels if channel.can_be(state)]
    if channels and not able:
        name = event.channel or "no channel here"
        message = f"{name} is never {state}" if event.channel else f"{name} is ever {state}"
        case.faults.error("C078", at, message, _remedy(state, channels))
    elif able and what != "covers" and not any(channel.reports_state(state) for channel in able):
        whose = ", ".join(channel.name for channel in able)
        message = f"nobody is told that a message on {whose} was {state}, so it never {what}"
        case.faults.warn("C077", at, message, "what a sender learns stands in the channel's `reports` line")


def _remedy(state: State, channels: tuple[Channel, ...]) -> str:
    if state == "answered":
        return "only calls are answered: write opened, or say in the channel what it `answers`"
    return f"add a line to the channel, such as: {VERB_OF[state]} 12%" if channels else f"leave {state} out"


def _check_condition(case: Case, fact: Any, span: Span | None) -> None:
    """Facts of messages must be possible, and reported: a branch reads nothing else (S5)."""
    if isinstance(fact, m.Reported):
        channel = case.model.channel(fact.channel)
        for state in (fact.state, *((fact.but_not,) if fact.but_not is not None else ())):
            event = m.Event(state, fact.channel)
            _check_state(case, event, state, (channel,), "makes this true", place(fact.channel, span))
    elif isinstance(fact, m.Undelivered) and fact.channel is not None:
        _check_undelivered(case, fact.channel, span)


def _check_undelivered(case: Case, channel: str, span: Span | None) -> None:
    if not case.model.channel(channel).reports_state("delivered"):
        message = f"{channel} does not report deliveries, so this is true of every message sent on it"
        hint = "what a sender learns stands in the channel's `reports` line"
        case.faults.warn("C077", place(channel, span), message, hint)
