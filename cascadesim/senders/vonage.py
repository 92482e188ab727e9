"""Vonage Messages: a whole message, and a list of whole messages that follow if it fails.

What Vonage does (the fields `ttl` and `failover` of its send endpoint): it sends the first message and goes on to the
next of the list when that one is `rejected`; a message that is not delivered within its time to live is. How this
compares with a chain, beyond what `failover` says of all lists:

- **The stop rule** is a delivery, nothing else: a plan that waits for a read is weakened to one that stops when a
  message has arrived.
- **A wait** is the time to live, in seconds, with bounds by channel. WhatsApp and Messenger have none, so no other step
  can follow them. A message that expires is not delivered late.
- **Each message has its own address**, so a person may have several telephones.

The bounds of an SMS are in prose only: at least 30 minutes are advised, and operators keep it for 48 hours at most.
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
from cascadesim.units import DAY, HOUR, MINUTE, SECOND, Duration

_DELIVERED: tuple[State, ...] = ("delivered",)
_TEMPLATE: frozenset[Part] = frozenset({"template", "image"})
_RICH: frozenset[Part] = frozenset({"button", "image"})

CAPABILITY = Capability(
    vendor="vonage",
    channels={
        "sms": VendorChannel(
            "sms", "phone", _DELIVERED, longest_text=1000,
            shortest_wait=Duration(30 * MINUTE), longest_wait=Duration(48 * HOUR),
        ),
        "viber": VendorChannel("viber_service", "phone", _DELIVERED, _RICH, 1000),
        "rcs": VendorChannel("rcs", "phone", _DELIVERED, longest_text=3072, shortest_wait=Duration(5 * MINUTE)),
        "whatsapp": VendorChannel("whatsapp", "phone", _DELIVERED, _TEMPLATE, 4096, waits=False),
        "facebook": VendorChannel("messenger", "user", _DELIVERED, longest_text=640, waits=False),
    },
    shortest_wait=Duration(30 * SECOND),
    longest_wait=Duration(3 * DAY),
    id_length=100,
    addressing="each",
    repeats=True,
    expires=True,
)  # fmt: skip
"""A time to live has the bounds of Viber, unless the channel has its own; RCS reports nothing after three days."""

PATH = "/v1/messages"
_LONGEST_LABEL, _LONGEST_URL, _LONGEST_CAPTION, _LONGEST_USER = 30, 2000, 3000, 50
_NO_PLUS = re.compile(r"^\+")


class Vonage(Sender):
    """The sender for Vonage."""

    capability: ClassVar[Capability] = CAPABILITY

    def compile_linear(self, plan: Plan, entry: PlanSegment, settings: Settings) -> CompiledChain:
        """See `Sender.compile_linear`."""
        return _Chain(CAPABILITY, plan, entry, settings)


class _Chain(ListChain):
    """One entry's chain, compiled for Vonage."""

    def compose(self, steps: Sequence[int], contact: Contact) -> Request:
        """See `ListChain.compose`."""
        first, *others = [self._message(n, n == steps[-1], contact) for n in steps]
        body = {**first, "client_ref": self.message_id(contact)}
        return Request("POST", PATH, {**body, "failover": others} if others else body)

    def _message(self, n: int, is_last: bool, contact: Contact) -> dict[str, Any]:
        there = self.hops[n].there
        address = _NO_PLUS.sub("", self.address(n, contact))
        if there.address == "user":
            bounded(address, _LONGEST_USER, f"the id in column `{self.hops[n].column}`")
        message = {"channel": there.name, "to": address, "from": self.sender(n), **self._content(n, contact)}
        if there.name == "viber_service":
            options = {} if is_last else {"ttl": self.hops[n].timeout}
            if (button := self.button(n, contact, _LONGEST_LABEL, _LONGEST_URL)) is not None:
                options["action"] = {"text": button[0], "url": button[1]}  # type: ignore[assignment]
            return {**message, "viber_service": options} if options else message
        return message if is_last or not there.waits else {**message, "ttl": self.hops[n].timeout}

    def _content(self, n: int, contact: Contact) -> dict[str, Any]:
        if (name := self.template(n)) is not None:
            template: dict[str, Any] = {"name": name}
            if values := list(self.wordings[n].values(contact)):
                template["parameters"] = values
            locale = {"policy": "deterministic", "locale": self.language}
            return {"message_type": "template", "template": template, "whatsapp": locale}
        text = self.text(n, contact)
        if (url := self.image(n, contact, _LONGEST_URL)) is not None:
            caption = bounded(text, _LONGEST_CAPTION, f"the picture's caption on {self.hops[n].channel}")
            return {"message_type": "image", "image": {"url": url, "caption": caption}}
        return {"message_type": "text", "text": text}
