"""8x8 Messaging Apps: one request sends a message along a list of channels, each with a time-out.

What 8x8 does (the fields `channels[].fallbackAfter` and `successStatus` of its send endpoint): it sends on the first
channel of the list and goes on to the next when that channel's message has not got to the success status within
`fallbackAfter` seconds; the last has neither. How this compares with a chain:

- **A wait** (S10) is `fallbackAfter`, from dispatch as here, in whole seconds from 10 s to a day; it has no early end,
  neither for the undelivered nor for an event. (A channel that rejects a message outright may be left at once.)
- **The stop rule** (S11) holds throughout the chain for every message sent; 8x8 looks, during a step's time-out, at
  that step's message alone. So what an earlier message may still report in a later wait is lost: up to two steps are
  as planned, of three the second wait is weakened where a late report is possible.
- **The success status** is the first state that stops the chain: `Delivered`, or `Read` for an open. `Read` implies
  `Delivered`, as an open implies a delivery here. Clicks, replies, conversions, unsubscribing and outside events are
  unknown to 8x8: they are covered where they cannot come without a state that stops the chain anyway.
- **Going on in any case** is expressible where nobody reports reads (SMS, LINE, Zalo): `Read` then never comes. Where
  reads are reported, 8x8 cannot but stop at them.
- **A channel that does not reach the recipient** is left out of their list, with its wait (S5); a step that they
  would get to only after the horizon is left out too (S2).
- **Quiet hours and throughput** (S6) are not 8x8's.

One request has one phone number, one content, and a text of its own only for SMS as a fallback. A WhatsApp or Zalo
template is asked for by name where all chat channels of the chain say so; its text's placeholders, in their order,
are the parameters of its body, and its button and picture are registered with it. In company of other channels the
text goes out, which 8x8 matches with the registered templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, ClassVar

from cascadesim.contacts import Contact
from cascadesim.errors import InputError
from cascadesim.model.calendar import quiet_rules
from cascadesim.model.chain import Send, Wait
from cascadesim.model.model import Model
from cascadesim.model.rates import State
from cascadesim.plan import Plan, PlanSegment
from cascadesim.senders import codes
from cascadesim.senders.addresses import one_address
from cascadesim.senders.capabilities import AddressKind, Capability, VendorChannel, vendor_channel
from cascadesim.senders.eightxeight_content import Contents
from cascadesim.senders.sender import (
    CompiledChain,
    Request,
    Sender,
    Settings,
    StepReport,
    listed,
    step_report,
)
from cascadesim.senders.stopping import latest, outside_stops, path_to, stop_states
from cascadesim.senders.wording import wording_of
from cascadesim.units import DAY, SECOND, Duration

_DELIVERED: tuple[State, ...] = ("delivered",)
_READ: tuple[State, ...] = ("delivered", "opened")

CAPABILITY = Capability(
    vendor="8x8",
    channels={
        "sms": VendorChannel("SMS", "phone", _DELIVERED),
        "whatsapp": VendorChannel("WhatsApp", "phone", _READ, templates=True),
        "viber": VendorChannel("Viber", "phone", _READ),
        "rcs": VendorChannel("RCS", "phone", _READ),
        "zalo": VendorChannel("Zalo", "phone", _DELIVERED, templates=True),
        "line": VendorChannel("Line", "line user", _DELIVERED),
        "facebook": VendorChannel("Facebook", None, _READ),
        "instagram": VendorChannel("Instagram", None, _READ),
        "wechat": VendorChannel("WeChat", None, ()),
    },
    shortest_wait=Duration(10 * SECOND),
    longest_wait=Duration(DAY),
    id_length=50,
)
"""A request's `user` is a phone number or a LINE user; it has no field for the users of the last three."""

PATH = "/api/v1/subaccounts/{subAccountId}/messages"
_SUBACCOUNT = re.compile(r"[A-Za-z0-9\-._&]{3,50}")
_USER_FIELD: dict[AddressKind, str] = {"phone": "msisdn", "line user": "lineUserId"}
_SUCCESS: dict[State, str] = {"delivered": "Delivered", "opened": "Read"}


class EightXEight(Sender):
    """The sender for 8x8."""

    capability: ClassVar[Capability] = CAPABILITY

    def check(self, settings: Settings) -> None:
        """See `Sender.check`."""
        if settings.account is not None and not _SUBACCOUNT.fullmatch(settings.account):
            hint = "3 to 50 letters, digits and - . _ &, as 8x8 shows it"
            raise InputError.of(codes.BAD_ACCOUNT, f"{settings.account!r} is no subaccount of 8x8", hint)

    def compile_linear(self, plan: Plan, entry: PlanSegment, settings: Settings) -> CompiledChain:
        """See `Sender.compile_linear`."""
        return _Chain(plan, entry, settings)


@dataclass(frozen=True, slots=True)
class _Hop:
    """A step as an item of 8x8's list: its channel here and there, the planned wait (us), time-out (s) and success."""

    channel: str
    column: str
    there: VendorChannel
    wait: int
    fallback_after: int
    success: State


class _Chain(CompiledChain):
    """One entry's chain, compiled for 8x8."""

    def __init__(self, plan: Plan, entry: PlanSegment, settings: Settings) -> None:
        self._horizon = plan.model.scenario.horizon
        self._path = PATH if settings.account is None else PATH.replace("{subAccountId}", settings.account)
        self._campaign = plan.sha256[:8]
        self._hops = tuple(_hop(plan.model, entry, send) for send in entry.chain.sends)
        wordings = [wording_of(plan.model, entry.chain, send, send.channels[0]) for send in entry.chain.sends]
        self._contents = Contents(wordings, [hop.there for hop in self._hops], settings.language)
        self.steps = tuple(self._report(plan.model, entry, n) for n in range(len(self._hops)))
        self.columns = {hop.column: f"the addresses of channel {hop.channel}" for hop in self._hops}
        self.columns |= {name: f"the placeholder {{{name}}}" for wording in wordings for name, _ in wording.blanks}

    def _report(self, model: Model, entry: PlanSegment, n: int) -> StepReport:
        changes = [*_changes(model, entry, n, self._hops), *self._contents.changes(n)]
        return step_report(entry, n + 1, self._hops[n].channel, self._contents.refusals(n), changes)

    def request(self, contact: Contact) -> Request | None:
        """The contact's request, along the channels that reach them."""
        mine = self._mine(contact)
        if not mine:
            return None
        body = {
            "user": self._user(mine, contact),
            "clientMessageId": _message_id(self._campaign, contact.id),
            **self._contents.body(mine, contact),
            "channels": [*(_item(self._hops[n]) for n in mine[:-1]), {"channel": self._hops[mine[-1]].there.name}],
        }
        return Request("POST", self._path, body)

    def _user(self, mine: Sequence[int], contact: Contact) -> dict[str, str]:
        kind = self._hops[0].there.address
        assert kind is not None
        return {
            _USER_FIELD[kind]: one_address(kind, {self._hops[n].channel: self._hops[n].column for n in mine}, contact)
        }

    def _mine(self, contact: Contact) -> list[int]:
        """The steps that the contact can get: on channels with an address (S5), and before the horizon (S2)."""
        mine, start = [], 0
        for n, hop in enumerate(self._hops):
            if contact.cells[hop.column] and start < self._horizon:
                mine.append(n)
                start += hop.wait
        return mine


def _item(hop: _Hop) -> dict[str, Any]:
    return {"channel": hop.there.name, "fallbackAfter": hop.fallback_after, "successStatus": _SUCCESS[hop.success]}


def _message_id(campaign: str, contact_id: str) -> str:
    """The same for the same plan and contact, so that a repeated request can be told; at most 50 characters."""
    plain = f"{campaign}-{contact_id}"
    if len(plain) <= CAPABILITY.id_length and plain.isascii() and plain.isprintable():
        return plain
    return f"{campaign}-{blake2b(contact_id.encode(), digest_size=20).hexdigest()}"


def _hop(model: Model, entry: PlanSegment, send: Send) -> _Hop:
    """A step as an item of the list."""
    channel = model.channel(send.channels[0])
    there = vendor_channel(CAPABILITY, channel)
    assert there is not None
    wait = 0 if send.wait is None else int(send.wait.lasting)
    seconds = min(max(-(-wait // SECOND), CAPABILITY.shortest_wait // SECOND), CAPABILITY.longest_wait // SECOND)
    return _Hop(channel.name, channel.column, there, wait, seconds, _success(model, entry, channel.name))


def _success(model: Model, entry: PlanSegment, channel: str) -> State:
    """The first state that stops the chain, as far as 8x8 knows states; an open if none does."""
    return "delivered" if "delivered" in stop_states(model, entry.segment, entry.chain, channel) else "opened"


def _changes(model: Model, entry: PlanSegment, n: int, hops: Sequence[_Hop]) -> Iterator[str]:
    """How step n (from 0) differs from the plan, a sentence each; what follows the last step's wait is nothing."""
    yield from _unkept(model, entry.segment, hops[n].channel)
    if n + 1 < len(hops):
        yield from _timing(hops[n], entry.chain.sends[n].wait)
        yield from _stopping(model, entry, hops[n])
        yield from _late(model, entry, hops[:n])


def _unkept(model: Model, segment: str, channel: str) -> Iterator[str]:
    if quiet_rules(model, segment, channel):
        yield "quiet hours are not kept: 8x8 sends as soon as it is the channel's turn"
    limit = model.channel(channel).throughput
    if limit is not None:
        yield f"the limit of {limit} is not 8x8's: post the requests no faster"


def _timing(hop: _Hop, planned: Wait | None) -> Iterator[str]:
    if hop.fallback_after * SECOND != hop.wait:
        before = Duration(hop.wait) if hop.wait else "none"
        yield f"the wait is {Duration(hop.fallback_after * SECOND)} instead of {before}"
    if planned is not None and planned.undelivered_after is not None:
        yield f"the early end after {planned.undelivered_after} if undelivered is lost: 8x8 waits the whole time-out"
    if planned is not None and planned.until:
        yield f"{listed(planned.until)} no longer ends the wait"


def _stopping(model: Model, entry: PlanSegment, hop: _Hop) -> Iterator[str]:
    """How the stop rule differs while the step's own message is waited for."""
    stops, success = stop_states(model, entry.segment, entry.chain, hop.channel), hop.success
    learnt = success in hop.there.learns
    lost = [s for s in stops if not learnt or success not in path_to(model, entry.segment, hop.channel, s)]
    later = [s for s in stops if s not in lost]
    for event in outside_stops(entry.chain):
        yield f'"{event}" no longer stops the chain: it comes from outside'
    if lost:
        yield f"{hop.channel} {listed(lost)} no longer stops the chain: 8x8 does not learn of it"
    if learnt and success not in stops and later:
        yield f"the chain stops when {success} already, not only when {listed(later)}"
    elif learnt and success not in stops:
        yield f"the chain stops when {success}, where the plan goes on: 8x8 cannot go on after a read"


def _late(model: Model, entry: PlanSegment, earlier: Sequence[_Hop]) -> Iterator[str]:
    """What earlier messages may still report during a step's wait, which 8x8 does not look at (S9, S11)."""
    for hop in earlier:
        stops = stop_states(model, entry.segment, entry.chain, hop.channel)
        late = [s for s in stops if latest(model, entry.segment, hop.channel, s) > hop.fallback_after * SECOND]
        if late:
            yield f"{hop.channel} {listed(late)} in this wait no longer stops the chain: 8x8 looks at one message alone"
