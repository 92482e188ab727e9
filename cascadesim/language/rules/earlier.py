"""What a chain looks at must have been sent before: on that channel, by an earlier step, or at all."""

from __future__ import annotations

from cascadesim.errors import Span
from cascadesim.language.rules.case import Case
from cascadesim.language.statements import place
from cascadesim.model import chain as m


def check(case: Case) -> None:
    """Notes conditions and events of channels on which nothing has been sent by then."""
    for chain in case.model.chains:
        if any(isinstance(node, m.Hole) for node in chain.nodes):
            continue
        _check_body(case, chain.body, frozenset())
        for event in chain.stop_when:
            _check_event(case, event, chain.channels, f"chain {chain.name} sends nothing on {event.channel}")
    for question in case.model.questions:
        for event in (*question.covered_when, *(question.stop_when or ())):
            _check_event(case, event, question.channels, f"{event.channel} is not among the channels to choose from")


def _check_event(case: Case, event: m.Event, channels: tuple[str, ...], message: str) -> None:
    name = event.channel
    if name is not None and name not in channels and _known(case, name):
        hint = f"send on {name}, or leave `{event}` out: it never happens"
        case.faults.warn("C094", place(name), message, hint)


def _known(case: Case, name: str) -> bool:
    """Whether a channel is defined, and no line that could not be read speaks of it."""
    return name in case.campaign.defined["channel"] and name not in case.campaign.unread


def _check_body(case: Case, body: tuple[m.Node, ...], sent: frozenset[str]) -> frozenset[str]:
    """Notes what looks too early; returns the channels that may have been sent on after the body."""
    for node in body:
        if isinstance(node, m.Send):
            sent |= set(node.channels)
            _check_wait(case, node.wait, sent)
        elif isinstance(node, m.Pause):
            _check_wait(case, node.wait, sent)
        elif isinstance(node, m.If):
            after = sent
            for branch in node.branches:
                _check_condition(case, branch.condition, sent, node.span)
                after |= _check_body(case, branch.body, sent)
            sent = after | _check_body(case, node.otherwise, sent)
        elif isinstance(node, m.Split):
            sent = frozenset().union(sent, *(_check_body(case, arm.body, sent) for arm in node.arms))
    return sent


def _check_wait(case: Case, wait: m.Wait | None, sent: frozenset[str]) -> None:
    for event in wait.until if wait is not None else ():
        if event.channel is not None and event.channel not in sent and _known(case, event.channel):
            hint = f"wait for a channel that is sent on before, or put this below the `send {event.channel}`"
            message = f"nothing is sent on {event.channel} before this wait"
            case.faults.warn("C094", place(event.channel), message, hint)


def _check_condition(case: Case, condition: m.Condition, sent: frozenset[str], span: Span | None) -> None:
    for fact in m.leaves(condition):
        if isinstance(fact, m.Reported) or (isinstance(fact, m.Undelivered) and fact.channel is not None):
            name = str(fact.channel)
            if name not in sent and _known(case, name):
                message = f"nothing is sent on {name} before this, so it is never true"
                hint = f"put it below a step that sends on {name}, or look at another channel"
                case.faults.warn("C094", place(fact.channel, span), message, hint)
        elif isinstance(fact, m.Undelivered) and not sent:
            message = "nothing is sent before this, so nothing is undelivered"
            case.faults.warn("C094", span, message, "put it below a step that sends")
