"""What a vendor can express, as a table; which channels and chains that leaves.

A model's channels have the names that the script gives them. Which kind of channel one is shows in how its name
begins: `viber`, `viber-promo` and `Viber 2` are Viber, `text` is SMS, `landline` is nothing known.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from cascadesim.model.chain import Chain, Hole, If, Node, Pause, Send, Split, Stop, WaitUntil
from cascadesim.model.channel import Channel
from cascadesim.model.message import Part
from cascadesim.model.model import Model
from cascadesim.model.rates import State
from cascadesim.units import SECOND, Duration

Kind = Literal[
    "sms", "whatsapp", "viber", "rcs", "line", "facebook", "instagram", "wechat", "zalo", "telegram",
    "email", "push", "call",
]  # fmt: skip
AddressKind = Literal["phone", "mail", "device", "user", "line user"]
Addressing = Literal["one", "one a kind", "each"]
"""What a request has room for: one address; one of each kind; one for every step."""

KINDS: dict[str, Kind] = {
    "sms": "sms", "text": "sms", "txt": "sms", "whatsapp": "whatsapp", "wa": "whatsapp", "viber": "viber",
    "rcs": "rcs", "line": "line", "facebook": "facebook", "messenger": "facebook", "instagram": "instagram",
    "wechat": "wechat", "zalo": "zalo", "telegram": "telegram", "email": "email", "mail": "email", "e-mail": "email",
    "push": "push", "app": "push", "call": "call", "voice": "call", "phone": "call",
}  # fmt: skip
"""How a channel's name may begin, and what it is then."""

_ADDRESSES: dict[Kind, AddressKind] = {
    "sms": "phone", "whatsapp": "phone", "viber": "phone", "rcs": "phone", "call": "phone", "email": "mail",
    "push": "device", "line": "line user",
}  # fmt: skip
"""How people are addressed where no vendor says so; by what the service calls them elsewhere."""

_BEGINNING = re.compile("|".join(sorted(map(re.escape, KINDS), key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class VendorChannel:
    """A channel as a vendor has it: its name there, how people are addressed (None: the vendor's request has no
    field for it), and which states the vendor learns of.

    `carries` are the parts of a message beside its text that reach a field there, `longest_text` is in characters.
    The bounds of a wait, and the states that end the cascade, are the vendor's where they are None; a wait is a whole
    number of `unit`s, of whole seconds each. Without `waits` no other step can follow.
    """

    name: str
    address: AddressKind | None
    learns: tuple[State, ...]
    carries: frozenset[Part] = frozenset()
    longest_text: int | None = None
    shortest_wait: Duration | None = None
    longest_wait: Duration | None = None
    unit: Duration = Duration(SECOND)
    stops_on: tuple[State, ...] | None = None
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Capability:
    """What one request to a vendor can express: `channels` by kind, bounds of a step's wait, length of an id.

    `stops_on` are the states that can end the cascade, the earliest first; a step asks for one of them. `hears_late`:
    it also ends on what earlier messages report in a later wait. `expires`: a wait is the message's time to live, so
    that what is late is not delivered at all. `hears_failure`: it goes on as soon as it hears that a message is
    undelivered. `together`: all steps but the last are on one channel. `structure`: any
    chain, not just a list of steps. `longest_in_all` bounds the sum of the waits.
    """

    vendor: str
    channels: Mapping[Kind, VendorChannel]
    shortest_wait: Duration
    longest_wait: Duration
    id_length: int
    stops_on: tuple[State, ...] = ("delivered",)
    addressing: Addressing = "one"
    parallel: bool = False
    repeats: bool = False
    hears_late: bool = False
    expires: bool = False
    hears_failure: bool = False
    together: bool = False
    structure: bool = False
    longest_in_all: Duration | None = None

    def bounds(self, there: VendorChannel) -> tuple[Duration, Duration]:
        """The shortest and the longest wait after a message on the channel."""
        return there.shortest_wait or self.shortest_wait, there.longest_wait or self.longest_wait


def kind_of(channel: Channel) -> Kind | None:
    """Which kind of channel it is, by its name; one that is answered is a call, whatever its name."""
    if channel.is_call:
        return "call"
    name = channel.name.lower()
    match = _BEGINNING.match(name)
    if match is None or name[match.end() :][:1].isalpha():
        return None
    return KINDS[match[0]]


def vendor_channel(capability: Capability, channel: Channel) -> VendorChannel | None:
    """The vendor's channel for a model's; None if the vendor does not have it. Who takes any chain has any channel."""
    kind = kind_of(channel)
    if capability.structure:
        address: AddressKind = "user" if kind is None else _ADDRESSES.get(kind, "user")
        return VendorChannel(channel.name, address, capability.stops_on, frozenset(get_args(Part)))
    return None if kind is None else capability.channels.get(kind)


def expressible(capability: Capability, model: Model) -> frozenset[str]:
    """The model's channels that the vendor has: a plan on these alone can be compiled for it."""
    return frozenset(c.name for c in model.channels if _why_not_channel(capability, c) is None)


def apart(capability: Capability, model: Model) -> tuple[frozenset[str], ...]:
    """Sets of the model's channels of which one request can have but one: one channel there, or two ways to address."""
    found: list[frozenset[str]] = []
    there = {name: vendor_channel(capability, model.channel(name)) for name in sorted(expressible(capability, model))}
    for a, b in itertools.combinations(there, 2):
        one, other = there[a], there[b]
        assert one is not None
        assert other is not None
        if _exclude(capability, one, other):
            found.append(frozenset({a, b}))
    return tuple(found)


def _exclude(capability: Capability, one: VendorChannel, other: VendorChannel) -> bool:
    """Whether no request can have both."""
    if one.name == other.name:
        return not capability.repeats
    if not one.waits and not other.waits:
        return True
    if capability.together:
        return one.waits and other.waits
    return capability.addressing == "one" and one.address != other.address


def why_not(capability: Capability, model: Model, chain: Chain) -> list[str]:
    """Why the vendor cannot express the chain, a sentence each; empty if it can. What it says is another matter."""
    if not chain.sends:
        return [f"chain {chain.name} sends nothing"]
    found = refusals(capability, model, chain)
    return [f"step {step}: {reason}" for step, reasons in enumerate(found, 1) for reason in reasons]


def refusals(capability: Capability, model: Model, chain: Chain) -> tuple[tuple[str, ...], ...]:
    """For each step of the chain, in its order, why the vendor cannot express it."""
    found: list[tuple[str, ...]] = []
    earlier: dict[str, tuple[int, AddressKind]] = {}
    steps = list(_structure(chain.body, capability))
    for step, (send, structure) in enumerate(steps, 1):
        channels = [model.channel(name) for name in send.channels]
        at_once = len(channels) > 1 and not capability.parallel
        reasons = [f"{capability.vendor} cannot send {' and '.join(send.channels)} at once"] if at_once else []
        reasons += [reason for channel in channels for reason in _of_channel(capability, channel, earlier)]
        theres = [there for channel in channels if (there := vendor_channel(capability, channel)) is not None]
        if step < len(steps):
            reasons += [reason for there in theres for reason in _of_waiting(capability, there, earlier)]
        for there in theres:
            if there.address is not None:
                earlier.setdefault(there.name, (step, there.address))
        found.append((*structure, *reasons))
    return tuple(found)


def _of_channel(
    capability: Capability, channel: Channel, earlier: Mapping[str, tuple[int, AddressKind]]
) -> Iterator[str]:
    """Why a message on the channel cannot follow these: vendor channels, with their step and whom they address."""
    missing = _why_not_channel(capability, channel)
    there = vendor_channel(capability, channel)
    if missing is not None or there is None:
        yield str(missing)
        return
    if there.name in earlier and not capability.repeats:
        yield f"{there.name} is step {earlier[there.name][0]} already, and {capability.vendor} takes a channel once"
    other = next((address for _, address in earlier.values() if address != there.address), None)
    if other is not None and capability.addressing == "one":
        yield f"a request to {capability.vendor} is for one {other}, and {channel.name} needs a {there.address}"


def _of_waiting(
    capability: Capability, there: VendorChannel, earlier: Mapping[str, tuple[int, AddressKind]]
) -> Iterator[str]:
    """Why no other step can follow one on the channel."""
    if not there.waits:
        yield f"{capability.vendor} has no time-out on {there.name}, so it can only be the last step"
    elif capability.together and (others := set(earlier) - {there.name}):
        yield f"{capability.vendor} waits for answers on one channel, which is {min(others)} already: put it last"


def _why_not_channel(capability: Capability, channel: Channel) -> str | None:
    there = vendor_channel(capability, channel)
    if there is None:
        return f"{capability.vendor} has no channel {channel.name}"
    if there.address is None:
        return f"a request to {capability.vendor} cannot name a user of {there.name}"
    return None


def _structure(
    body: tuple[Node, ...], capability: Capability, around: str | None = None
) -> Iterator[tuple[Send, list[str]]]:
    """Each step, in the order of the script, with what about its place in the tree cannot be expressed."""
    before: list[str] = []
    for node in body:
        if isinstance(node, Send):
            yield node, ([around] if around else []) + before
            before = []
            continue
        reason, bodies = _obstacle(node, capability.vendor)
        if capability.structure and not isinstance(node, Hole):
            reason = ""
        inside = [found for inner in bodies for found in _structure(inner, capability, reason)]
        yield from inside
        before += [] if inside or not reason else [reason]


def _obstacle(node: Node, vendor: str) -> tuple[str, list[tuple[Node, ...]]]:
    """Why a list of channels cannot hold the node, and the bodies inside it."""
    if isinstance(node, If):
        return f"{vendor} has no `if`", [*(branch.body for branch in node.branches), node.otherwise]
    if isinstance(node, Split):
        return f"{vendor} has no `split`", [arm.body for arm in node.arms]
    if isinstance(node, Pause | WaitUntil):
        return f"{vendor} has no pause before a step: put the wait on the step before it", []
    if isinstance(node, Stop):
        return "it comes after `stop`", []
    assert isinstance(node, Hole)
    return "the chain has a hole `...` before it", []
