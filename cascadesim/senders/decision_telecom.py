"""Decision Telecom: a Viber message with an SMS behind it, and nothing else.

What it does (the field `text_sms` of `send-viber`): the SMS goes out when the Viber message is not delivered within
`validity_period` seconds. How this compares with a chain, beyond what `failover` says of all lists:

- **The stop rule** is a delivery, nothing else; what expires is not delivered late.
- **Viber first, then SMS**, on one telephone. A request begins with Viber, so who has none gets nothing.
- **A message has all of text, picture and button, or its text alone.** Half of that is left out.

Viber itself keeps a message for 14 days at most, and no less than 30 s. Messages are declared as promotional.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from cascadesim.contacts import Contact
from cascadesim.model.chain import Branch, If, Reachable
from cascadesim.model.message import Part
from cascadesim.model.rates import State
from cascadesim.plan import Plan, PlanSegment
from cascadesim.senders.addresses import one_address
from cascadesim.senders.capabilities import Capability, VendorChannel
from cascadesim.senders.lists import ListChain
from cascadesim.senders.sender import CompiledChain, Request, Sender, Settings
from cascadesim.units import DAY, SECOND, Duration

_DELIVERED: tuple[State, ...] = ("delivered",)
_CARD: frozenset[Part] = frozenset({"button", "image"})

CAPABILITY = Capability(
    vendor="decision-telecom",
    channels={
        "viber": VendorChannel("Viber", "phone", _DELIVERED, _CARD, 1000),
        "sms": VendorChannel("SMS", "phone", _DELIVERED, waits=False),
    },
    shortest_wait=Duration(30 * SECOND),
    longest_wait=Duration(14 * DAY),
    id_length=0,
    expires=True,
)

PATH = "/v1/api/send-viber"
_TEXT_ONLY, _TEXT_IMAGE_BUTTON, _PROMOTIONAL = 106, 108, 1
_LONGEST_LABEL, _LONGEST_URL = 30, 1000
_NO_PLUS = re.compile(r"^\+")


class DecisionTelecom(Sender):
    """The sender for Decision Telecom."""

    capability: ClassVar[Capability] = CAPABILITY

    def compile_linear(self, plan: Plan, entry: PlanSegment, settings: Settings) -> CompiledChain:
        """See `Sender.compile_linear`."""
        return _Chain(CAPABILITY, plan, entry, settings)


class _Chain(ListChain):
    """One entry's chain, compiled for Decision Telecom."""

    def __init__(self, capability: Capability, plan: Plan, entry: PlanSegment, settings: Settings) -> None:
        super().__init__(capability, plan, entry, settings)
        if self.played is not None and len(self.hops) > 1:
            begins = Branch(Reachable(self.hops[0].channel), self.played.body)
            self.played = replace(self.played, body=(If((begins,)),))

    def content_refusals(self, n: int) -> Iterator[str]:
        """See `ListChain.content_refusals`."""
        yield from super().content_refusals(n)
        if n == 0 and self.hops[n].there.name == "SMS":
            yield f"a request to {self.capability.vendor} begins with Viber"

    def content_changes(self, n: int) -> Iterator[str]:
        """See `ListChain.content_changes`."""
        yield from self.wordings[n].left_out(self._carried(n))
        if n:
            yield f"whom {self.hops[0].channel} does not reach gets nothing: a request begins with Viber"

    def _carried(self, n: int) -> frozenset[Part]:
        """The picture and the button, where the message has both."""
        return self.hops[n].there.carries if set(self.wordings[n].parts) >= _CARD else frozenset()

    def compose(self, steps: Sequence[int], contact: Contact) -> Request | None:
        """See `ListChain.compose`."""
        if steps[0] != 0:
            return None
        columns = {self.hops[n].channel: self.hops[n].column for n in steps}
        to = _NO_PLUS.sub("", one_address("phone", columns, contact))
        first, last = steps[0], steps[-1]
        body: dict[str, Any] = {
            "source_addr": self.sender(first),
            "destination_addr": to,
            "message_type": _TEXT_ONLY,
            "text": self.text(first, contact),
            "source_type": _PROMOTIONAL,
        }
        body |= self._card(first, contact)
        if last != first:
            body |= {"validity_period": self.hops[first].timeout, "text_sms": self.text(last, contact)}
        return Request("POST", PATH, body)

    def _card(self, n: int, contact: Contact) -> dict[str, Any]:
        button, image = self.button(n, contact, _LONGEST_LABEL, _LONGEST_URL), self.image(n, contact, _LONGEST_URL)
        if button is None or image is None:
            return {}
        shown = {"image": image, "button_caption": button[0], "button_action": button[1]}
        return {"message_type": _TEXT_IMAGE_BUTTON, **shown}
