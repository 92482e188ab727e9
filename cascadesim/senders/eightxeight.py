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
text goes out, which 8x8 matches with the registered templates. A picture goes along where all chat channels can show
it and have the same one, and none names a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from cascadesim.contacts import Contact
from cascadesim.errors import InputError
from cascadesim.model.message import Part
from cascadesim.model.rates import State
from cascadesim.plan import Plan, PlanSegment
from cascadesim.senders import codes
from cascadesim.senders.addresses import one_address
from cascadesim.senders.capabilities import AddressKind, Capability, VendorChannel
from cascadesim.senders.eightxeight_content import LONGEST_TEXT, Contents
from cascadesim.senders.failover import Hop
from cascadesim.senders.lists import ListChain
from cascadesim.senders.sender import CompiledChain, Request, Sender, Settings
from cascadesim.units import DAY, SECOND, Duration

_DELIVERED: tuple[State, ...] = ("delivered",)
_READ: tuple[State, ...] = ("delivered", "opened")

_TEMPLATE: frozenset[Part] = frozenset({"template"})
_IMAGE: frozenset[Part] = frozenset({"image"})

CAPABILITY = Capability(
    vendor="8x8",
    channels={
        "sms": VendorChannel("SMS", "phone", _DELIVERED, longest_text=LONGEST_TEXT),
        "whatsapp": VendorChannel("WhatsApp", "phone", _READ, _TEMPLATE | _IMAGE, LONGEST_TEXT),
        "viber": VendorChannel("Viber", "phone", _READ, _IMAGE, LONGEST_TEXT),
        "rcs": VendorChannel("RCS", "phone", _READ, _IMAGE, LONGEST_TEXT),
        "zalo": VendorChannel("Zalo", "phone", _DELIVERED, _TEMPLATE, LONGEST_TEXT),
        "line": VendorChannel("Line", "line user", _DELIVERED, longest_text=LONGEST_TEXT),
        "facebook": VendorChannel("Facebook", None, _READ),
        "instagram": VendorChannel("Instagram", None, _READ),
        "wechat": VendorChannel("WeChat", None, ()),
    },
    shortest_wait=Duration(10 * SECOND),
    longest_wait=Duration(DAY),
    id_length=50,
    stops_on=("delivered", "opened"),
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


class _Chain(ListChain):
    """One entry's chain, compiled for 8x8."""

    needs_senders = False

    def __init__(self, plan: Plan, entry: PlanSegment, settings: Settings) -> None:
        self._path = PATH if settings.account is None else PATH.replace("{subAccountId}", settings.account)
        super().__init__(CAPABILITY, plan, entry, settings)

    def _prepare(self) -> None:
        self._contents = Contents(self)

    def content_refusals(self, n: int) -> Iterator[str]:
        """See `ListChain.content_refusals`."""
        yield from super().content_refusals(n)
        yield from self._contents.refusals(n)

    def content_changes(self, n: int) -> Iterator[str]:
        """See `ListChain.content_changes`."""
        yield from self._contents.changes(n)

    def compose(self, steps: Sequence[int], contact: Contact) -> Request:
        """See `ListChain.compose`."""
        hops = [self.hops[n] for n in steps]
        body = {
            "user": _user(hops, contact),
            "clientMessageId": self.message_id(contact),
            **self._contents.body(steps, contact),
            "channels": [*map(_item, hops[:-1]), {"channel": hops[-1].there.name}],
        }
        return Request("POST", self._path, body)


def _user(hops: Sequence[Hop], contact: Contact) -> dict[str, str]:
    kind = hops[0].there.address
    assert kind is not None
    return {_USER_FIELD[kind]: one_address(kind, {hop.channel: hop.column for hop in hops}, contact)}


def _item(hop: Hop) -> dict[str, Any]:
    return {"channel": hop.there.name, "fallbackAfter": hop.timeout, "successStatus": _SUCCESS[hop.success]}
