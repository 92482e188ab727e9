"""Twilio Studio: a flow of widgets is created first; each person is an execution of it.

What Twilio does (the widget `send-and-wait-for-reply`): it sends a message to the execution's contact and goes on when
an answer comes, when the time-out is over, or when the message cannot be delivered. How this compares with a chain,
beyond what `failover` says of all lists:

- **The stop rule** is a reply, to whichever message it comes: late ones stop the chain too, as in a plan (S11).
- **A wait** is the time-out, a string of seconds. An execution ends after 30 days, so all waits together are no longer.
- **A contact has one address**, on one of Twilio's channels, where answers are waited for: all steps but the last are
  there. The last may be on another, or a call, which says its text to whoever answers.
- **One execution at a time for a contact**: a second person with the same address is a fault. Twenty start a second.

A flow is for one list of steps, so people who are reached on different channels need different ones; each is created
by a request of its own, before the first that needs it. The id that is answered takes the place of `{sid of NAME}` in
the path. Both kinds of requests are posted as forms; `Definition` and `Parameters` are JSON in a field.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from cascadesim.contacts import Contact
from cascadesim.model.message import Part
from cascadesim.model.rates import State
from cascadesim.plan import Plan, PlanSegment
from cascadesim.senders.addresses import one_address
from cascadesim.senders.capabilities import Capability, VendorChannel
from cascadesim.senders.lists import ListChain
from cascadesim.senders.sender import CompiledChain, Request, Sender, Settings
from cascadesim.units import DAY, SECOND, Duration

_HEARD: tuple[State, ...] = ("delivered", "replied")
_IMAGE: frozenset[Part] = frozenset({"image"})

CAPABILITY = Capability(
    vendor="twilio-studio",
    channels={
        "sms": VendorChannel("sms", "phone", _HEARD, longest_text=1600),
        "whatsapp": VendorChannel("whatsapp", "phone", _HEARD, _IMAGE, 1600),
        "rcs": VendorChannel("rcs", "phone", _HEARD, _IMAGE, 1600),
        "facebook": VendorChannel("messenger", "user", _HEARD, _IMAGE, 1600),
        "call": VendorChannel("call", "phone", ("delivered", "answered"), longest_text=4096, waits=False),
    },
    shortest_wait=Duration(SECOND),
    longest_wait=Duration(30 * DAY),
    longest_in_all=Duration(30 * DAY),
    id_length=0,
    stops_on=("replied",),
    addressing="each",
    repeats=True,
    hears_late=True,
    together=True,
)

FLOWS, EXECUTIONS = "/v2/Flows", "/v2/Flows/{flow}/Executions"
STARTS_A_SECOND = 20
_CONTACT = "{{contact.channel.address}}"
_LONGEST_URL = 2000
_UNASKED = {"incomingMessage": None, "incomingCall": None}
"""What people begin themselves starts no cascade."""
_RINGS = 60
"""Seconds that a call rings for."""


class TwilioStudio(Sender):
    """The sender for Twilio Studio."""

    capability: ClassVar[Capability] = CAPABILITY

    def compile_linear(self, plan: Plan, entry: PlanSegment, settings: Settings) -> CompiledChain:
        """See `Sender.compile_linear`."""
        return _Chain(CAPABILITY, plan, entry, settings)

    def remarks(self, requests: int, first: int) -> Iterator[str]:
        """See `Sender.remarks`."""
        if requests:
            yield "post these requests as forms, and put the flows' ids in the place of {sid of ..}"
        if requests > STARTS_A_SECOND:
            least = Duration((requests - 1) // STARTS_A_SECOND * SECOND)
            yield f"Twilio starts {STARTS_A_SECOND} executions a second, so these take {least} at least"


class _Chain(ListChain):
    """One entry's chain, compiled for Twilio Studio."""

    def compose(self, steps: Sequence[int], contact: Contact) -> Request:
        """See `ListChain.compose`."""
        flow = self._flow(steps)
        to, name = self._to(steps[0], contact), flow["FriendlyName"]
        texts = {f"text_{n + 1}": self.text(n, contact) for n in steps}
        images = {f"image_{n + 1}": self.image(n, contact, _LONGEST_URL) for n in steps}
        places = {f"to_{n + 1}": self._to(n, contact) for n in steps if self._elsewhere(n, steps)}
        parameters = {**texts, **{key: url for key, url in images.items() if url is not None}, **places}
        body = {"To": to, "From": self._from(steps[0]), "Parameters": json.dumps(parameters, ensure_ascii=False)}
        path = EXECUTIONS.replace("{flow}", f"{{sid of {name}}}")
        return Request("POST", path, body, after=Request("POST", FLOWS, flow), single=to)

    def _to(self, n: int, contact: Contact) -> str:
        """Where a step goes; all that go to the same of Twilio's channels go to one address."""
        there = self.hops[n].there
        assert there.address is not None
        columns = {hop.channel: hop.column for hop in self.hops if hop.there == there and contact.cells[hop.column]}
        return self._on(n, one_address(there.address, columns, contact))

    def _from(self, n: int) -> str:
        return self._on(n, self.sender(n))

    def _on(self, n: int, address: str) -> str:
        """An address as Twilio writes it: that of a chat begins with the channel's name."""
        name = self.hops[n].there.name
        return address if name in ("sms", "call") else f"{name}:{address}"

    def _elsewhere(self, n: int, steps: Sequence[int]) -> bool:
        """Whether the step goes to another address than the contact's."""
        return self.hops[n].there != self.hops[steps[0]].there

    def _place(self, n: int, steps: Sequence[int]) -> str:
        """Where in an execution the step's address stands."""
        return f"{{{{flow.data.to_{n + 1}}}}}" if self._elsewhere(n, steps) else _CONTACT

    def _flow(self, steps: Sequence[int]) -> dict[str, str]:
        """The flow for people who get these steps; what is said to each stands in the execution's parameters."""
        states = [{**_state("trigger", "trigger", {"incomingRequest": _name(steps[0]), **_UNASKED}), "properties": {}}]
        for n, follower in zip(steps, [*steps[1:], None], strict=True):
            is_call = self.hops[n].there.name == "call"
            states += self._call(n, steps) if is_call else [self._message(n, follower, steps)]
        names = "-".join(f"{n + 1}.{self.hops[n].there.name}" for n in steps)
        definition = {
            "description": f"cascade {self.campaign}",
            "initial_state": "trigger",
            "flags": {"allow_concurrent_calls": True},
            "states": states,
        }
        return {
            "FriendlyName": f"{self.campaign}-{names}",
            "Status": "published",
            "Definition": json.dumps(definition, ensure_ascii=False),
        }

    def _message(self, n: int, follower: int | None, steps: Sequence[int]) -> dict[str, Any]:
        """A message that is waited for, or the last one, which nothing follows."""
        said = {"from": self._from(n), "body": f"{{{{flow.data.text_{n + 1}}}}}"}
        if "image" in self.hops[n].there.carries and "image" in self.wordings[n].parts:
            said["media_url"] = f"{{{{flow.data.image_{n + 1}}}}}"
        if follower is None:
            to = f"{{{{flow.data.to_{n + 1}}}}}" if self._elsewhere(n, steps) else _CONTACT
            return {
                **_state(_name(n), "send-message", {"sent": None, "failed": None}),
                "properties": {"to": to, **said},
            }
        goes_on = {"incomingMessage": None, "timeout": _name(follower), "deliveryFailure": _name(follower)}
        timeout = {"timeout": str(self.hops[n].timeout)}
        return {**_state(_name(n), "send-and-wait-for-reply", goes_on), "properties": {**said, **timeout}}

    def _call(self, n: int, steps: Sequence[int]) -> list[dict[str, Any]]:
        """A call, and what is said to whoever answers it."""
        say, nobody = f"say_{n + 1}", {"busy": None, "noAnswer": None, "failed": None}
        to = {"from": self._from(n), "to": self._place(n, steps), "timeout": _RINGS}
        text = {"say": f"{{{{flow.data.text_{n + 1}}}}}", "loop": 1}
        return [
            {**_state(_name(n), "make-outgoing-call-v2", {"answered": say, **nobody}), "properties": to},
            {**_state(say, "say-play", {"audioComplete": None}), "properties": text},
        ]


def _name(n: int) -> str:
    return f"step_{n + 1}"


def _state(name: str, kind: str, transitions: dict[str, str | None]) -> dict[str, Any]:
    """A widget; an event that leads nowhere ends the execution."""
    events = [{"event": event} if to is None else {"event": event, "next": to} for event, to in transitions.items()]
    return {"name": name, "type": kind, "transitions": events}
