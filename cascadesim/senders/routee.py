"""Routee Failover: Viber messages and SMS, each with a time to live and the statuses on which the next one follows.

What Routee does (the fields `ttl`, `failoverOnStatuses` and `expireOnDelivery` of `POST /failover`): it sends the
first step of the flow, and goes on to the next as soon as that message has one of the step's statuses. How this
compares with a chain, beyond what `failover` says of all lists:

- **The stop rule** is a delivery, or on Viber a read: with `expireOnDelivery` a message that is delivered and not seen
  within its time to live expires too. An SMS ends the flow when it is delivered, whatever the plan says.
- **A wait** is the time to live: whole minutes of an SMS, tenths of a minute of a Viber message. What expires is not
  delivered late. The last message needs one too, for Routee's default is ten minutes; it gets the longest, a day.
- **A failure that is reported** (`UNDELIVERED`, `FAILED`) ends a wait at once. Prices are of whole waits.
- **Each step has its own address**, so a person may have several telephones.

Not documented, and ASSUMED: an SMS whose time to live passes is `UNDELIVERED`, for its steps know no `EXPIRED`; a
button's label has 30 characters at most, as in Viber elsewhere, and its target 1000, as the picture's address has.
Whether a channel may come twice is not said either, so it comes once. Voice is left out, because Routee's example and
its table do not agree about the call's fields. So are registered templates, which Routee takes elsewhere.

A text with `[~name]` in it is filled in by Routee, from contacts that are kept there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from cascadesim.contacts import Contact
from cascadesim.model.message import Part
from cascadesim.model.rates import State
from cascadesim.plan import Plan, PlanSegment
from cascadesim.senders.capabilities import Capability, VendorChannel
from cascadesim.senders.failover import given_up
from cascadesim.senders.lists import ListChain
from cascadesim.senders.sender import CompiledChain, Request, Sender, Settings
from cascadesim.units import DAY, MINUTE, SECOND, Duration

_DELIVERED: tuple[State, ...] = ("delivered",)
_SEEN: tuple[State, ...] = ("delivered", "opened")
_RICH: frozenset[Part] = frozenset({"button", "image"})

CAPABILITY = Capability(
    vendor="routee",
    channels={
        "viber": VendorChannel("Viber", "phone", _SEEN, _RICH, 1000, unit=Duration(6 * SECOND)),
        "sms": VendorChannel(
            "Sms", "phone", _DELIVERED,
            shortest_wait=Duration(MINUTE), unit=Duration(MINUTE), stops_on=_DELIVERED,
        ),
    },
    shortest_wait=Duration(30 * SECOND),
    longest_wait=Duration(DAY),
    id_length=350,
    stops_on=_SEEN,
    addressing="each",
    expires=True,
    hears_failure=True,
)  # fmt: skip

PATH = "/failover"
_ON: dict[str, list[str]] = {"Viber": ["EXPIRED", "FAILED", "UNDELIVERED"], "Sms": ["FAILED", "UNDELIVERED"]}
"""The statuses on which the next step follows."""
_LONGEST_LABEL, _LONGEST_URL = 30, 1000
_LONGEST_NAME, _LONGEST_NUMBER = 11, 16


class Routee(Sender):
    """The sender for Routee's failover."""

    capability: ClassVar[Capability] = CAPABILITY

    def compile_linear(self, plan: Plan, entry: PlanSegment, settings: Settings) -> CompiledChain:
        """See `Sender.compile_linear`."""
        return _Chain(CAPABILITY, plan, entry, settings)

    def remarks(self, requests: int, first: int) -> Iterator[str]:
        """See `Sender.remarks`."""
        yield "Routee goes on as soon as it hears of a failure, which may be before the time-out"


class _Chain(ListChain):
    """One entry's chain, compiled for Routee."""

    def content_refusals(self, n: int) -> Iterator[str]:
        """See `ListChain.content_refusals`."""
        yield from super().content_refusals(n)
        if self.hops[n].there.name == "Sms" and self.hops[n].channel in self.settings.senders:
            name = self.sender(n)
            longest, what = (_LONGEST_NUMBER, "digits") if name.isdecimal() else (_LONGEST_NAME, "characters")
            if len(name) > longest:
                yield f'it is from "{name}", and routee takes {longest} {what} at most'
        image = self.wordings[n].parts.get("image")
        if image is not None and "image" in self.hops[n].there.carries and image.value.startswith("http:"):
            yield f"routee takes no picture over http, such as {image.value}: put it where https reads it"

    def content_changes(self, n: int) -> Iterator[str]:
        """See `ListChain.content_changes`."""
        yield from super().content_changes(n)
        if n + 1 == len(self.hops):
            longest = CAPABILITY.longest_wait
            yield from given_up(self._model, self._entry.segment, self.hops[n].channel, longest)

    def sender(self, n: int) -> str:
        """Whom step n is from; a number without its plus, as Routee has it."""
        name = super().sender(n)
        return name[1:] if name.startswith("+") and name[1:].isdecimal() else name

    def compose(self, steps: Sequence[int], contact: Contact) -> Request:
        """See `ListChain.compose`."""
        flow = [self._step(n, order, n == steps[-1], contact) for order, n in enumerate(steps, 1)]
        return Request("POST", PATH, {"flow": flow})

    def _step(self, n: int, order: int, is_last: bool, contact: Contact) -> dict[str, Any]:
        hop = self.hops[n]
        seconds = CAPABILITY.longest_wait // SECOND if is_last else hop.timeout
        step: dict[str, Any] = {"type": hop.there.name, "to": self.address(n, contact), "order": order}
        if not is_last:
            step["failoverOnStatuses"] = _ON[hop.there.name]
        if hop.there.name == "Sms":
            message = {"body": self.text(n, contact), "label": self.message_id(contact)}
            return {**step, "from": self.sender(n), "ttl": seconds // 60, "message": message}
        if not is_last:
            step["expireOnDelivery"] = hop.success == "opened"
        message = self._viber(n, contact)
        named = {"senderInfoTrackingId": self.sender(n), "label": self.message_id(contact)}
        return {**step, **named, "ttl": seconds / 60, "message": message}

    def _viber(self, n: int, contact: Contact) -> dict[str, Any]:
        message: dict[str, Any] = {"text": self.text(n, contact)}
        if (image := self.image(n, contact, _LONGEST_URL)) is not None:
            message["imageUrl"] = image
        if (button := self.button(n, contact, _LONGEST_LABEL, _LONGEST_URL)) is not None:
            message["action"] = {"caption": button[0], "targetUrl": button[1]}
        return message
