"""The whole plan as JSON, for a sender of one's own: nothing is lost, because nothing is translated.

The first request has the plan, as `plan.json` has it; one more for each person says which entry of it is theirs, where
each channel reaches them, and what each step says to them. What a plan means, the rules S1 to S16 say; `WEBHOOK.md`
has the fields and a small receiver.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from cascadesim.contacts import Contact
from cascadesim.model.model import Model
from cascadesim.plan import Plan, PlanSegment
from cascadesim.senders.addresses import one_address
from cascadesim.senders.capabilities import Capability, vendor_channel
from cascadesim.senders.sender import CompiledChain, Request, Sender, Settings, step_report
from cascadesim.senders.wording import Wording, wording_of
from cascadesim.units import DAY, Duration

CAPABILITY = Capability(
    vendor="webhook",
    channels={},
    shortest_wait=Duration(0),
    longest_wait=Duration(3650 * DAY),
    id_length=0,
    stops_on=("delivered", "opened", "answered", "clicked", "replied", "converted", "unsubscribed"),
    addressing="each",
    parallel=True,
    repeats=True,
    hears_late=True,
    structure=True,
)

PLANS, PEOPLE = "/plans", "/people"


class Webhook(Sender):
    """The sender for a system of one's own."""

    capability: ClassVar[Capability] = CAPABILITY

    def compile_linear(self, plan: Plan, entry: PlanSegment, settings: Settings) -> CompiledChain:
        """See `Sender.compile_linear`."""
        return _Chain(plan, entry, settings)

    def played_model(self, model: Model) -> Model:
        """The model itself."""
        return model


class _Chain(CompiledChain):
    """One entry's chain, whatever its form."""

    def __init__(self, plan: Plan, entry: PlanSegment, settings: Settings) -> None:
        self._settings = settings
        self._entry = plan.segments.index(entry)
        self._segment = entry.segment
        self._plan = Request("POST", PLANS, {"sha256": plan.sha256, "plan": json.loads(plan.text)})
        self._sha256 = plan.sha256
        self._channels = [plan.model.channel(name) for name in entry.chain.channels]
        self._wordings: list[Mapping[str, Wording]] = [
            {name: wording_of(plan.model, entry.chain, send, name) for name in send.channels}
            for send in entry.chain.sends
        ]
        self.steps = tuple(
            step_report(entry, n, " and ".join(send.channels), (), ()) for n, send in enumerate(entry.chain.sends, 1)
        )
        self.columns = {c.column: f"the addresses of channel {c.name}" for c in self._channels}
        said = [wording for step in self._wordings for wording in step.values()]
        self.columns |= {name: f"the placeholder {{{name}}}" for wording in said for name in wording.needs}

    def request(self, contact: Contact) -> Request | None:
        """What to do for the contact; None if no channel of the chain reaches them."""
        addresses = self._addresses(contact)
        if not addresses:
            return None
        body = {
            "plan": self._sha256,
            "entry": self._entry,
            "segment": self._segment,
            "id": contact.id,
            "addresses": addresses,
            "messages": [
                {name: self._said(wording, contact) for name, wording in step.items() if name in addresses}
                for step in self._wordings
            ],
            **({} if self._settings.language is None else {"language": self._settings.language}),
            **({} if not self._settings.senders else {"from": dict(self._settings.senders)}),
        }
        return Request("POST", PEOPLE, body, after=self._plan)

    def _addresses(self, contact: Contact) -> dict[str, str]:
        found = {}
        for channel in self._channels:
            there = vendor_channel(CAPABILITY, channel)
            if contact.cells[channel.column] and there is not None and there.address is not None:
                found[channel.name] = one_address(there.address, {channel.name: channel.column}, contact)
        return found

    def _said(self, wording: Wording, contact: Contact) -> dict[str, Any]:
        """The parts of a message that there are."""
        said: dict[str, Any] = {} if wording.raw is None else {"text": wording.text(contact), "html": wording.is_html}
        if wording.template is not None:
            said["template"] = {"name": wording.template, "values": list(wording.values(contact))}
        for part in ("subject", "image"):
            if (value := wording.filled(part, contact)) is not None:
                said[part] = value
        if (label := wording.filled("button", contact)) is not None:
            said["button"] = {"text": label, "url": wording.target(contact)}
        return said
