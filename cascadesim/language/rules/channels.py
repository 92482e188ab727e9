"""Channels that are used must say how they are reacted to; prices and rates need what they build on."""

from __future__ import annotations

from typing import cast

from cascadesim.errors import Span
from cascadesim.language.rules.case import Case
from cascadesim.language.statements import place
from cascadesim.model.channel import Channel
from cascadesim.model.rates import STATE_OF, VERB_OF, Rate, State, Verb

_WITHOUT_READ_RECEIPTS = ("sms", "text", "call")


def check(case: Case) -> None:
    """Notes rates, prices and receipts of channels that cannot work."""
    for channel in case.model.channels:
        for rate in (*channel.rates, *channel.resend):
            _check_base(case, channel, rate)
        _check_resend(case, channel)
        _check_prices(case, channel)
        _check_receipts(case, channel)
    _check_reactions(case)


def _check_base(case: Case, channel: Channel, rate: Rate) -> None:
    """A share of the opened needs a rate of opens, from the channel or from a segment."""
    if rate.verb == "reaches":
        return
    base = case.model.base(rate, STATE_OF[rate.verb], channel.name)
    if base == "answered" and not channel.is_call:
        message = f"{channel.name} is not a call: nobody answers it"
        case.faults.error("C060", rate.span, message, "write `of opened`, or say what it `answers`")
    elif base is not None and base != "delivered" and not _states(case, channel, VERB_OF[base]):
        message = f"`{rate.verb}` is a share of {base}, and {channel.name} has no `{VERB_OF[base]}` rate"
        case.faults.error(
            "C060", rate.span, message, f"add a line to it, such as: {VERB_OF[base]} 12%; or name another base"
        )


def _states(case: Case, channel: Channel, verb: str) -> bool:
    own = (r for s in case.model.segments for r in s.rates if r.channel == channel.name)
    return any(r.verb == verb for r in channel.rates) or any(r.rate.verb == verb for r in own)


def _check_resend(case: Case, channel: Channel) -> None:
    for rate in channel.resend:
        if rate.verb in ("opens", "answers") and not _states(case, channel, rate.verb):
            message = f"{channel.name} has no `{rate.verb}` rate that this could replace"
            case.faults.error("C060", rate.span, message, f"say what the first message {rate.verb}")


def _check_prices(case: Case, channel: Channel) -> None:
    """A price by the minute needs a length; one by an event that no rate speaks of is never paid."""
    own = [(o.price, s.name) for s in case.model.segments for o in s.costs if o.channel == channel.name]
    for price in (*channel.costs, *(price for price, _ in own)):
        if price.basis in ("minute", "started minute"):
            _check_minutes(case, channel, price.span)
        elif price.basis.startswith("message ") and price.basis != "message sent":
            state = price.basis.removeprefix("message ")
            if not channel.can_be(cast("State", state)):
                message = f"{channel.name} has no rate for {state}, so this is never paid"
                hint = f"add a line to it, such as: {VERB_OF[cast('State', state)]} 12%"
                case.faults.warn("C062", price.span, message, hint)


def _check_minutes(case: Case, channel: Channel, span: Span | None) -> None:
    if not channel.is_call and channel.name == "call" and channel.rate("opens") is not None and not channel.reports:
        return  # it is a call that opens: see its receipts
    if not channel.is_call:
        hint = "minutes are those of answered calls: say what it `answers`"
        case.faults.error("C061", span, f"{channel.name} is not a call: it has no minutes", hint)
    elif channel.lasts is None:
        hint = f"add how long an answered call takes to channel {channel.name}: lasts 40 s"
        case.faults.error("C061", span, "a price by the minute needs the length of a call", hint)


def _check_receipts(case: Case, channel: Channel) -> None:
    """Text messages and calls have no read receipt; a channel reports what it has a rate for, unless it says so."""
    opens = channel.rate("opens")
    if opens is None or channel.name not in _WITHOUT_READ_RECEIPTS or channel.reports is not None:
        return
    if channel.name == "call":
        hint = f"write: answers {opens.low}, and leave out what it delivers; then it can cost by the minute"
        case.faults.warn("C029", opens.span, "a call is answered, not opened", hint)
    else:
        message = f"a text message has no read receipt, but {channel.name} is taken to report when it is opened"
        hint = "say what the sender learns: reports delivered"
        code = "C048" if _stops_by_opens(case, channel.name) else "C065"
        more = "; here that stops a chain or a plan" if code == "C048" else ""
        case.faults.warn(code, opens.span, message + more, hint)


def _stops_by_opens(case: Case, name: str) -> bool:
    """Whether a chain, or a plan, that sends on the channel stops when something is opened there."""
    asks = [(chain.channels, chain.stop_when) for chain in case.model.chains]
    asks += [(question.channels, question.stop_events) for question in case.model.questions]
    events = [event for channels, stop_when in asks if name in channels for event in stop_when]
    return any(event.state == "opened" and event.channel in (None, name) for event in events)


def _check_reactions(case: Case) -> None:
    """Notes each channel once where it is sent on, or chosen from, and nobody ever opens or answers it."""
    used: dict[str, tuple[str, tuple[str, ...]]] = {}
    for chain in case.model.chains:
        for send in chain.sends:
            for name in send.channels:
                used.setdefault(name, (name, case.model.segments_of(chain.segments)))
    for question in case.model.questions:
        for name in question.channels:
            used.setdefault(name, (name, case.model.segments_of(question.segments)))
    for mention, segments in used.values():
        channel = case.model.channel(mention)
        verb: Verb = "answers" if channel.is_call else "opens"
        missing = [s for s in segments if case.model.rate(s, channel.name, verb) is None]
        if missing or (not segments and channel.rate(verb) is None):
            whose = f" for {missing[0]}" if missing and _states(case, channel, verb) else ""
            message = f"{channel.name} does not say how many open it{whose}"
            hint = f"add a rate to it: opens 34%, half within 12 min (or `answers`, if {channel.name} is a call)"
            case.faults.error("C058", place(mention, channel.span), message, hint)
