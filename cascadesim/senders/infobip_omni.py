"""Infobip OMNI failover: a scenario, that is a list of channels, is created first; a message names it.

What Infobip does (`/omni/1/scenarios`, and `validityPeriod` of each channel's data in `/omni/1/advanced`): it sends on
the first channel of the scenario and goes on to the next when the message is not delivered within its validity period.
How this compares with a chain, beyond what `failover` says of all lists:

- **The stop rule** is a delivery, nothing else.
- **A wait** is the validity period, in seconds here (minutes unless one says so): over 30 s and up to 48 h, for Viber
  over 35 s and up to 14 days; longer ones Infobip would cut itself, in silence. What expires is not delivered late.
- **A scenario is for one list of channels.** People who are reached on different channels need different ones, for an
  address that is missing would count as a failure. Each is created by a request of its own, which stands before the
  first that needs it; the key that is answered takes the place of `{key of NAME}`.
- **One telephone, one mail address, one device** for a person, and one text for each channel, which occurs once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from cascadesim.contacts import Contact
from cascadesim.model.rates import State
from cascadesim.plan import Plan, PlanSegment
from cascadesim.senders.addresses import one_address
from cascadesim.senders.capabilities import AddressKind, Capability, Kind, VendorChannel
from cascadesim.senders.lists import ListChain, bounded
from cascadesim.senders.sender import CompiledChain, Request, Sender, Settings
from cascadesim.units import DAY, HOUR, SECOND, Duration

_DELIVERED: tuple[State, ...] = ("delivered",)
_CHANNELS: dict[Kind, VendorChannel] = {
    "sms": VendorChannel("SMS", "phone", _DELIVERED),
    "email": VendorChannel("EMAIL", "mail", _DELIVERED, frozenset({"subject"})),
    "call": VendorChannel("VOICE", "phone", ("delivered", "answered")),
    "push": VendorChannel("PUSH", "device", _DELIVERED, frozenset({"subject", "image"}), 2000),
    "whatsapp": VendorChannel("WHATSAPP", "phone", _DELIVERED, frozenset({"image", "template"})),
    "viber": VendorChannel(
        "VIBER", "phone", _DELIVERED, frozenset({"button", "image"}),
        shortest_wait=Duration(36 * SECOND), longest_wait=Duration(14 * DAY),
    ),
}  # fmt: skip
CAPABILITY = Capability(
    vendor="infobip-omni",
    channels=_CHANNELS,
    shortest_wait=Duration(31 * SECOND),
    longest_wait=Duration(48 * HOUR),
    id_length=200,
    addressing="one a kind",
    expires=True,
)

SCENARIOS, MESSAGES = "/omni/1/scenarios", "/omni/1/advanced"
SCENARIOS_AT_ONCE = 20
"""So many scenarios can be created in ten minutes."""
LONGEST_CALLBACK = 4000
"""Characters of the data that a receipt brings back: the contact's id."""

_LONGEST_LABEL, _LONGEST_URL = 30, 1000
_KEYS = {
    "SMS": "sms", "EMAIL": "email", "VOICE": "voice", "PUSH": "push", "WHATSAPP": "whatsApp", "VIBER": "viber",
}  # fmt: skip
_TO: dict[AddressKind, str] = {"phone": "phoneNumber", "mail": "emailAddress", "device": "pushRegistrationId"}
_NO_PLUS = re.compile(r"^\+")


class InfobipOmni(Sender):
    """The sender for Infobip's OMNI failover."""

    capability: ClassVar[Capability] = CAPABILITY

    def compile_linear(self, plan: Plan, entry: PlanSegment, settings: Settings) -> CompiledChain:
        """See `Sender.compile_linear`."""
        return _Chain(CAPABILITY, plan, entry, settings)

    def remarks(self, requests: int, first: int) -> Iterator[str]:
        """See `Sender.remarks`."""
        if first:
            yield f"{first} of the requests create scenarios: put the keys that come back in the place of {{key of ..}}"
        if first > SCENARIOS_AT_ONCE:
            least = (first - 1) // SCENARIOS_AT_ONCE * 10
            yield f"Infobip creates {SCENARIOS_AT_ONCE} scenarios in 10 min, so these take {least} min at least"


class _Chain(ListChain):
    """One entry's chain, compiled for Infobip OMNI."""

    def compose(self, steps: Sequence[int], contact: Contact) -> Request:
        """See `ListChain.compose`."""
        scenario = self._scenario(steps)
        body = {
            "scenarioKey": f"{{key of {scenario['name']}}}",
            "destinations": [{"messageId": self.message_id(contact), "to": self._to(steps, contact)}],
            **{_KEYS[self.hops[n].there.name]: self._data(n, n == steps[-1], contact) for n in steps},
            "callbackData": bounded(contact.id, LONGEST_CALLBACK, "the contact's id"),
        }
        return Request("POST", MESSAGES, body, after=Request("POST", SCENARIOS, scenario))

    def _scenario(self, steps: Sequence[int]) -> dict[str, Any]:
        """The list of channels; its name tells it from those of other people and other plans."""
        names = "-".join(self.hops[n].there.name for n in steps)
        flow = [{"from": self.sender(n), "channel": self.hops[n].there.name} for n in steps]
        return {"name": f"{self.campaign}-{names}", "flow": flow, "default": False}

    def _to(self, steps: Sequence[int], contact: Contact) -> dict[str, str]:
        columns: dict[AddressKind, dict[str, str]] = {}
        for hop in (self.hops[n] for n in steps):
            assert hop.there.address is not None
            columns.setdefault(hop.there.address, {})[hop.channel] = hop.column
        return {_TO[kind]: _NO_PLUS.sub("", one_address(kind, mine, contact)) for kind, mine in columns.items()}

    def _data(self, n: int, is_last: bool, contact: Contact) -> dict[str, Any]:
        data = self._content(n, contact)
        return (
            data if is_last else {**data, "validityPeriod": self.hops[n].timeout, "validityPeriodTimeUnit": "SECONDS"}
        )

    def _content(self, n: int, contact: Contact) -> dict[str, Any]:
        name = self.hops[n].there.name
        if (template := self.template(n)) is not None:
            values = list(self.wordings[n].values(contact))
            return {"templateName": template, "templateData": values, "language": self.language}
        data: dict[str, Any] = {"text": self.text(n, contact)}
        subject, image = self.wordings[n].filled("subject", contact), self.image(n, contact, _LONGEST_URL)
        if name == "EMAIL" and subject is not None:
            data["subject"] = subject
        if name == "PUSH":
            shown = {"title": subject, "contentUrl": image}
            options = {key: value for key, value in shown.items() if value is not None}
            return {**data, "notificationOptions": options} if options else data
        if image is not None:
            data["imageURL" if name == "VIBER" else "imageUrl"] = image
        if (button := self.button(n, contact, _LONGEST_LABEL, _LONGEST_URL)) is not None:
            data |= {"buttonText": button[0], "buttonURL": button[1]}
        return data
