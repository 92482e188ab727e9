"""Infobip Messages: one message with a list of other channels for it, each with how long it is valid.

What Infobip does (the fields `options.validityPeriod` and `failover` of its send endpoint): it sends on the message's
channel and goes on to the next of the list when that one fails; a message that is not delivered within its validity
period does. How this compares with a chain, beyond what `failover` says of all lists:

- **The stop rule** is a delivery, nothing else. That a message was seen is reported, and ends no list.
- **A wait** is the validity period, from 10 s to 48 h; longer ones Infobip would cut itself, in silence. A message that
  expires is not delivered late.
- **Each channel has its own address, and occurs once.**

A template's parameters are named 1, 2, .. in the order of its text's placeholders. What a channel cannot show Infobip
would adapt to it; requests forbid that, so that nothing is changed in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from cascadesim.contacts import Contact
from cascadesim.model.message import Part
from cascadesim.model.rates import State
from cascadesim.plan import Plan, PlanSegment
from cascadesim.senders.capabilities import Capability, VendorChannel
from cascadesim.senders.lists import ListChain, bounded
from cascadesim.senders.sender import CompiledChain, Request, Sender, Settings
from cascadesim.units import HOUR, SECOND, Duration

_DELIVERED: tuple[State, ...] = ("delivered",)
_RICH: frozenset[Part] = frozenset({"button", "image"})
_ALL: frozenset[Part] = frozenset({"button", "image", "template"})

CAPABILITY = Capability(
    vendor="infobip-messages",
    channels={
        "sms": VendorChannel("SMS", "phone", _DELIVERED),
        "whatsapp": VendorChannel("WHATSAPP", "phone", _DELIVERED, _ALL),
        "viber": VendorChannel("VIBER_BM", "phone", _DELIVERED, _ALL),
        "rcs": VendorChannel("RCS", "phone", _DELIVERED, frozenset({"button", "template"})),
        "line": VendorChannel("LINE_ON", "line user", _DELIVERED, _RICH),
        "facebook": VendorChannel("MESSENGER", "user", _DELIVERED, frozenset({"button"})),
        "instagram": VendorChannel("INSTAGRAM_DM", "user", _DELIVERED, frozenset({"button"})),
    },
    shortest_wait=Duration(10 * SECOND),
    longest_wait=Duration(48 * HOUR),
    id_length=200,
    addressing="each",
    expires=True,
)

PATH = "/messages-api/1/messages"
LONGEST_CALLBACK = 4000
"""Characters of the data that a receipt brings back: the contact's id."""

_LONGEST_LABEL, _LONGEST_URL = 30, 2048
_NO_PLUS = re.compile(r"^\+")


class InfobipMessages(Sender):
    """The sender for Infobip's Messages API."""

    capability: ClassVar[Capability] = CAPABILITY

    def compile_linear(self, plan: Plan, entry: PlanSegment, settings: Settings) -> CompiledChain:
        """See `Sender.compile_linear`."""
        return _Chain(CAPABILITY, plan, entry, settings)


class _Chain(ListChain):
    """One entry's chain, compiled for Infobip Messages."""

    def compose(self, steps: Sequence[int], contact: Contact) -> Request:
        """See `ListChain.compose`."""
        first, *others = steps
        options: dict[str, Any] = {"adaptationMode": False}
        if others:
            options["validityPeriod"] = self._validity(first)
        message = {
            **self._message(first, contact),
            "destinations": [self._destination(steps, contact)],
            "options": options,
            "webhooks": {"callbackData": bounded(contact.id, LONGEST_CALLBACK, "the contact's id")},
        }
        if others:
            message["failover"] = [self._failover(n, n == steps[-1], contact) for n in others]
        return Request("POST", PATH, {"messages": [message]})

    def _failover(self, n: int, is_last: bool, contact: Contact) -> dict[str, Any]:
        message = self._message(n, contact)
        return message if is_last else {**message, "validityPeriod": self._validity(n)}

    def _validity(self, n: int) -> dict[str, Any]:
        return {"amount": self.hops[n].timeout, "timeUnit": "SECONDS"}

    def _destination(self, steps: Sequence[int], contact: Contact) -> dict[str, Any]:
        addresses = {self.hops[n].there.name: _NO_PLUS.sub("", self.address(n, contact)) for n in steps}
        mine = {"messageId": self.message_id(contact)}
        if len(addresses) == 1:
            return {**mine, "to": next(iter(addresses.values()))}
        return {**mine, "byChannel": [{"channel": name, "to": to} for name, to in addresses.items()]}

    def _message(self, n: int, contact: Contact) -> dict[str, Any]:
        message: dict[str, Any] = {"channel": self.hops[n].there.name, "sender": self.sender(n)}
        if (name := self.template(n)) is not None:
            values = {str(place): value for place, value in enumerate(self.wordings[n].values(contact), 1)}
            template = {"templateName": name, "language": self.language}
            return {**message, "template": template, "content": {"body": {"type": "TEXT", **values}}}
        body: dict[str, Any] = {"type": "TEXT", "text": self.text(n, contact)}
        if (url := self.image(n, contact, _LONGEST_URL)) is not None:
            body |= {"type": "IMAGE", "url": url}
        content: dict[str, Any] = {"body": body}
        if (button := self.button(n, contact, _LONGEST_LABEL, _LONGEST_URL)) is not None:
            content["buttons"] = [{"type": "OPEN_URL", "text": button[0], "url": button[1]}]
        return {**message, "content": content}
