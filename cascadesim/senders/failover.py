"""A chain as a vendor's list of channels: each step with a time-out, and the state at which the list ends.

Nearly all vendors have one form of cascade: send on the first channel, and go on to the next unless that message has
got to a certain state in time. What a step loses on the way there is said here, once for all of them:

- **A wait** (S10) counts from dispatch as here, in the vendor's units, mostly seconds, and within its bounds. It has
  no early end, or ends when the vendor hears of a failure, which is no time that a plan knows.
- **The stop rule** (S11) holds throughout a chain for every message sent. A vendor looks for one state, most during a
  step's time-out at that step's message alone; what it does not learn of, it does not heed. Unsubscribing and outside
  events are unknown to all of them.
- **A channel that does not reach the recipient** is left out of their list, with its wait (S5); a step that they would
  get to only after the horizon is left out too (S2).
- **Quiet hours and throughput** (S6) are nobody's.

`played` and `played_model` say the same as a chain and a model of ours, so that an engine can tell what it comes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cascadesim.contacts import Contact
from cascadesim.model.calendar import quiet_rules
from cascadesim.model.chain import Branch, Chain, Event, If, Node, Reported, Send, Stop, Wait
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.model.rates import State
from cascadesim.plan import PlanSegment
from cascadesim.senders.capabilities import Capability, VendorChannel, vendor_channel
from cascadesim.senders.stopping import latest, outside_stops, path_to, stop_states
from cascadesim.units import SECOND, Duration

_A: dict[State, str] = {"delivered": "a delivery", "opened": "a read", "replied": "a reply"}


@dataclass(frozen=True, slots=True)
class Hop:
    """A step as an item of a vendor's list: its channel here and there, the planned wait (us), the time-out (s) and
    the state at which the list ends.
    """

    channel: str
    column: str
    there: VendorChannel
    wait: int
    timeout: int
    success: State

    @property
    def hears(self) -> bool:
        """Whether the vendor learns of that state on the channel."""
        return self.success in self.there.learns


def hops_of(capability: Capability, model: Model, entry: PlanSegment) -> tuple[Hop, ...]:
    """The steps of a chain that the capability allows; time-outs that together are too long are cut from the end."""
    hops = [_hop(capability, model, entry, send) for send in entry.chain.sends]
    if capability.longest_in_all is not None:
        left = capability.longest_in_all // SECOND
        for n, hop in enumerate(hops[:-1]):
            after = len(hops) - 2 - n  # the waits behind this one, a second each at least
            hops[n] = replace(hop, timeout=min(hop.timeout, left - after))
            left -= hops[n].timeout
    return tuple(hops)


def _hop(capability: Capability, model: Model, entry: PlanSegment, send: Send) -> Hop:
    channel = model.channel(send.channels[0])
    there = vendor_channel(capability, channel)
    assert there is not None
    wait = 0 if send.wait is None else int(send.wait.lasting)
    shortest, longest = capability.bounds(there)
    units = min(max(-(-wait // there.unit), -(-shortest // there.unit)), longest // there.unit)
    success = _success(there.stops_on or capability.stops_on, model, entry, channel.name)
    return Hop(channel.name, channel.column, there, wait, units * there.unit // SECOND, success)


def _success(ends: tuple[State, ...], model: Model, entry: PlanSegment, channel: str) -> State:
    """The first state that stops the chain, of those on which the vendor's lists end; their last if none does."""
    stops = stop_states(model, entry.segment, entry.chain, channel)
    return next((state for state in ends if state in stops), ends[-1])


def mine(hops: Sequence[Hop], contact: Contact, horizon: int) -> list[int]:
    """The steps that the contact can get: on channels with an address (S5), and before the horizon (S2)."""
    found, start = [], 0
    for n, hop in enumerate(hops):
        if contact.cells[hop.column] and start < horizon:
            found.append(n)
            start += hop.timeout * SECOND
    return found


def changes(capability: Capability, model: Model, entry: PlanSegment, n: int, hops: Sequence[Hop]) -> Iterator[str]:
    """How step n (from 0) differs from the plan, a sentence each; what follows the last step's wait is nothing."""
    yield from unkept(capability.vendor, model, entry.segment, hops[n].channel)
    if n + 1 < len(hops):
        yield from _timing(capability, hops[n], entry.chain.sends[n].wait)
        yield from _expiring(capability, model, entry.segment, hops[n])
        yield from _stopping(capability.vendor, model, entry, hops[n])
        if not capability.hears_late:
            yield from _late(capability.vendor, model, entry, hops[:n])


def unkept(vendor: str, model: Model, segment: str, channel: str) -> Iterator[str]:
    """What holds of the channel here and not there."""
    if quiet_rules(model, segment, channel):
        yield f"quiet hours are not kept: {vendor} sends as soon as it is the channel's turn"
    limit = model.channel(channel).throughput
    if limit is not None:
        yield f"the limit of {limit} is not {vendor}'s: post the requests no faster"


def _timing(capability: Capability, hop: Hop, planned: Wait | None) -> Iterator[str]:
    if hop.timeout * SECOND != hop.wait:
        before = Duration(hop.wait) if hop.wait else "none"
        yield f"the wait is {Duration(hop.timeout * SECOND)} instead of {before}"
    if planned is not None and planned.undelivered_after is not None:
        early, vendor = planned.undelivered_after, capability.vendor
        if capability.hears_failure:
            yield f"the early end if undelivered is not after {early}: {vendor} goes on when it hears of a failure"
        else:
            yield f"the early end after {early} if undelivered is lost: {vendor} waits the whole time-out"
    if planned is not None and planned.until:
        yield f"{listed(planned.until)} no longer ends the wait"


def _expiring(capability: Capability, model: Model, segment: str, hop: Hop) -> Iterator[str]:
    if capability.expires:
        yield from given_up(model, segment, hop.channel, Duration(hop.timeout * SECOND))


def given_up(model: Model, segment: str, channel: str, after: Duration) -> Iterator[str]:
    """What a time to live takes away from a message that may be delivered later than that."""
    if latest(model, segment, channel, "delivered") > after:
        yield f"what is not delivered after {after} is given up: it does not come late, which the price leaves out"


def _stopping(vendor: str, model: Model, entry: PlanSegment, hop: Hop) -> Iterator[str]:
    """How the stop rule differs while the step's own message is waited for."""
    stops, success = stop_states(model, entry.segment, entry.chain, hop.channel), hop.success
    lost = [s for s in stops if not hop.hears or success not in path_to(model, entry.segment, hop.channel, s)]
    later = [s for s in stops if s not in lost]
    for event in outside_stops(entry.chain):
        yield f'"{event}" no longer stops the chain: it comes from outside'
    if lost:
        yield f"{hop.channel} {listed(lost)} no longer stops the chain: {vendor} does not learn of it"
    if not hop.hears or success in stops or not model.channel(hop.channel).can_be(success):
        return
    if later:
        yield f"the chain stops when {success} already, not only when {listed(later)}"
    else:
        yield f"the chain stops when {success}, where the plan goes on: {vendor} cannot go on after {_A[success]}"


def _late(vendor: str, model: Model, entry: PlanSegment, earlier: Sequence[Hop]) -> Iterator[str]:
    """What earlier messages may still report during a step's wait, which the vendor does not look at (S9, S11)."""
    for hop in earlier:
        stops = stop_states(model, entry.segment, entry.chain, hop.channel)
        late = [s for s in stops if latest(model, entry.segment, hop.channel, s) > hop.timeout * SECOND]
        if late:
            which = f"{hop.channel} {listed(late)}"
            yield f"{which} in this wait no longer stops the chain: {vendor} looks at one message alone"


def played(capability: Capability, model: Model, entry: PlanSegment, hops: Sequence[Hop]) -> Chain:
    """The chain that the vendor plays, in our words: steps with time-outs, and the state at which each ends it.

    Where a message may get to its state after its time-out, which the vendor does not look at, each wait is followed
    by the question whether it has; elsewhere a stop rule says the same, and the chain stays linear.
    """
    sends = [
        Send((hop.channel,), send.saying, None if n + 1 == len(hops) else Wait(Duration(hop.timeout * SECOND)))
        for n, (hop, send) in enumerate(zip(hops, entry.chain.sends, strict=True))
    ]
    stops = [hop if hop.hears and model.channel(hop.channel).can_be(hop.success) else None for hop in hops[:-1]]
    may_be_late = not capability.hears_late and any(
        hop is not None and latest(model, entry.segment, hop.channel, hop.success) > hop.timeout * SECOND
        for hop in stops[:-1]
    )
    if not may_be_late:
        events = dict.fromkeys(Event(hop.success, hop.channel) for hop in stops if hop is not None)
        return replace(entry.chain, body=tuple(sends), stop_when=tuple(events))
    body: list[Node] = []
    for send, hop in zip(sends, [*stops, None], strict=True):
        body.append(send)
        if hop is not None:
            body.append(If((Branch(Reported(hop.channel, hop.success), (Stop(),)),)))
    return replace(entry.chain, body=tuple(body), stop_when=())


def partly(
    capability: Capability, model: Model, entry: PlanSegment, hops: Sequence[Hop], n: int
) -> tuple[Model, Chain] | None:
    """The first n steps as the vendor plays them, the others as planned; so that a price can be told step by step.

    None where that is no linear chain: late reports are asked for, or a channel is on both sides.
    """
    whole = played(capability, model, entry, hops)
    theirs, ours = {hop.channel for hop in hops[:n]}, {hop.channel for hop in hops[n:]}
    if not whole.is_linear or not entry.chain.is_linear or theirs & ours:
        return None
    planned = entry.chain.sends
    sends = [whole.sends[m] if m < n else planned[m] for m in range(len(hops))]
    events = [event for event in whole.stop_when if event.channel in theirs]
    events += [event for event in entry.chain.stop_when if event.outside is not None and n == 0]
    for channel in sorted(ours):
        states = stop_states(model, entry.segment, entry.chain, channel)
        events += [Event(state, channel) for state in states if state != "unsubscribed"]
    seen = played_model(capability, model) if n else model
    channels = tuple(seen.channel(c.name) if c.name in theirs else c for c in model.channels)
    return replace(seen, channels=channels), replace(entry.chain, body=tuple(sends), stop_when=tuple(events))


def played_model(capability: Capability, model: Model) -> Model:
    """The model as the vendor sees it: each channel reports what it learns, without unsubscribing and quiet hours."""
    channels = tuple(_played_channel(capability, channel) for channel in model.channels)
    segments = tuple(
        replace(segment, rates=tuple(own for own in segment.rates if own.rate.verb != "unsubscribes"))
        for segment in model.segments
    )
    return replace(model, scenario=replace(model.scenario, quiet=()), channels=channels, segments=segments)


def _played_channel(capability: Capability, channel: Channel) -> Channel:
    there = vendor_channel(capability, channel)
    reports = tuple(s for s in channel.states if there is not None and s in there.learns)
    rates = tuple(rate for rate in channel.rates if rate.verb != "unsubscribes")
    resend = tuple(rate for rate in channel.resend if rate.verb != "unsubscribes")
    return replace(channel, rates=rates, resend=resend, reports=reports, quiet=())


def listed(things: Iterable[object]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    *first, last = map(str, things)
    return f"{', '.join(first)} or {last}" if first else last
