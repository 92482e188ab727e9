"""Waits: within the horizon, with something to wait for, and earlier ends only where deliveries are reported (S10)."""

from __future__ import annotations

from cascadesim.language.names import spoken
from cascadesim.language.rules.case import Case
from cascadesim.language.rules.events import waits
from cascadesim.language.statements import place
from cascadesim.model import chain as m
from cascadesim.units import Duration


def check(case: Case) -> None:
    """Notes waits that do nothing or cannot work."""
    for chain in case.model.chains:
        for wait, channels, _ in waits(chain):
            _check_length(case, wait.lasting)
            if wait.undelivered_after is not None:
                _check_receipts(case, wait.undelivered_after, channels)
        _check_last(case, chain.body, more=False)
    for question in case.model.questions:
        for length in question.waits:
            _check_length(case, length)


def _check_length(case: Case, length: Duration) -> None:
    horizon = case.model.scenario.horizon
    if length > horizon:
        message = f"people are followed for {horizon}, which is over before this wait is"
        case.faults.warn("C073", place(length), message, "make it shorter, or say `runs for` longer in the scenario")


def _check_receipts(case: Case, after: Duration, channels: tuple[str, ...]) -> None:
    """`but 10 min if undelivered` looks at what is reported: some channel must report deliveries, or none is."""
    silent = [channel.name for channel in case.channels(channels) if not channel.reports_state("delivered")]
    if not silent:
        return
    if len(silent) == len(channels):
        message = f"nobody knows what is undelivered: deliveries are not reported by {spoken(silent)}"
        hint = f"add `delivered` to what channel {silent[0]} reports, or leave this out"
        case.faults.error("C076", place(after), message, hint)
    else:
        message = f"{silent[0]} does not report deliveries: the wait ends early unless another channel delivers"
        hint = f"`reports delivered` in channel {silent[0]} would let its deliveries count"
        case.faults.warn("C076", place(after), message, hint)


def _check_last(case: Case, body: tuple[m.Node, ...], more: bool) -> None:
    """Notes waits after which nothing is sent; `more`: something may be, after this body."""
    reached = _up_to_stop(body)
    for node in body[len(reached) :]:
        case.faults.warn("C075", place(node), "this is never reached: the chain stops before", "delete it")
        break
    for number, node in enumerate(reached):
        follows = more and not isinstance(reached[-1], m.Stop)
        if not (follows or any(isinstance(n, m.Send | m.Hole) for n in m.walk(reached[number + 1 :]))):
            _note_last(case, node)
            follows = False
        else:
            follows = True
        for inner in m.ways(node):
            _check_last(case, inner, follows)


def _note_last(case: Case, node: m.Node) -> None:
    message = "nothing follows this wait, so it changes nothing"
    hint = "leave it out, or write on the next line what comes then"
    if isinstance(node, m.Send) and node.wait is not None:
        case.faults.warn("C074", place(node.wait.lasting, node.span), message, hint)
    elif isinstance(node, m.Pause | m.WaitUntil):
        case.faults.warn("C074", node.span, message, hint)


def _up_to_stop(body: tuple[m.Node, ...]) -> tuple[m.Node, ...]:
    stops = [number for number, node in enumerate(body) if isinstance(node, m.Stop)]
    return body[: stops[0] + 1] if stops else body
