"""Chains: what is sent to whom, in which order, and when it stops. A tree of frozen nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time

from cascadesim.errors import Span
from cascadesim.model.channel import Hours
from cascadesim.model.rates import State
from cascadesim.units import Duration, Share


@dataclass(frozen=True, slots=True)
class Event:
    """`opened`, `call answered` or `"order_placed"`: a message's state, on one channel or any, or an outside event."""

    state: State | None = None
    channel: str | None = None
    outside: str | None = None

    def __str__(self) -> str:
        if self.outside is not None:
            return f'"{self.outside}"'
        return f"{self.channel} {self.state}" if self.channel else str(self.state)


@dataclass(frozen=True, slots=True)
class Saying:
    """What a step says: the name of a message block, or the text itself; exactly one is given."""

    message: str | None = None
    text: str | None = None


# Conditions: what `if` reads.
@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this."""

    part: Condition


@dataclass(frozen=True, slots=True)
class InSegment:
    """`segment is loyal`, `segment is one of new, gold`."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reachable:
    """`reachable on push`."""

    channel: str


@dataclass(frozen=True, slots=True)
class Reported:
    """`email opened but not clicked`: some message on the channel is reported so, and none is reported `but_not`."""

    channel: str
    state: State
    but_not: State | None = None


@dataclass(frozen=True, slots=True)
class Undelivered:
    """`undelivered`: the last step before this one was sent and none of its messages is reported delivered.

    With a channel, `sms undelivered`: it was sent there and no message on it is reported delivered.
    """

    channel: str | None = None


@dataclass(frozen=True, slots=True)
class DayIs:
    """`day is saturday`; Monday is 0."""

    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TimeBetween:
    """`time between 9:00 and 12:00`."""

    hours: Hours


Condition = And | Or | Not | InSegment | Reachable | Reported | Undelivered | DayIs | TimeBetween


def leaves(condition: Condition) -> Iterator[Condition]:
    """What a condition is made of by `and`, `or` and `not`."""
    if isinstance(condition, And | Or):
        for part in condition.parts:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        yield condition


# Nodes of a chain's body.
@dataclass(frozen=True, slots=True)
class Wait:
    """A pause: how long, the earlier end for the undelivered, and the events that end it (S10)."""

    lasting: Duration
    undelivered_after: Duration | None = None
    until: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Send:
    """One step: a message on each of the channels, and the wait from its (last) dispatch."""

    channels: tuple[str, ...]
    saying: Saying | None = None
    wait: Wait | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pause:
    """`wait 2 h or until clicked` on its own line: counts from when it is reached."""

    wait: Wait
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """`wait until monday 10:00`: up to the first such reading of the wall clock, now included; Monday is 0."""

    at: time
    day: int | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition and what happens where it holds."""

    condition: Condition
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If:
    """`if`, `otherwise if`, `otherwise`: the first branch whose condition holds."""

    branches: tuple[Branch, ...]
    otherwise: tuple[Node, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of a split; share None is `the rest`."""

    share: Share | None
    name: str | None
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Random arms."""

    arms: tuple[Arm, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Stop:
    """The chain ends here."""

    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Hole:
    """`...`: still to be written."""

    span: Span | None = field(default=None, compare=False, repr=False)


Node = Send | Pause | WaitUntil | If | Split | Stop | Hole


@dataclass(frozen=True, slots=True)
class Chain:
    """A message chain. `segments` None: for every segment."""

    name: str
    body: tuple[Node, ...]
    title: str | None = None
    segments: tuple[str, ...] | None = None
    saying: Saying | None = None
    stop_when: tuple[Event, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def nodes(self) -> Iterator[Node]:
        """All nodes, in the order of the script."""
        return walk(self.body)

    @property
    def sends(self) -> tuple[Send, ...]:
        """Its steps in the order of the script; the number of a step is its place here, from 1."""
        return tuple(n for n in self.nodes if isinstance(n, Send))

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that it sends on, by name."""
        return tuple(sorted({c for s in self.sends for c in s.channels}))

    @property
    def is_linear(self) -> bool:
        """One step after the other, each on one channel: what the closed form and most vendors can express."""
        return all(isinstance(n, Send) and len(n.channels) == 1 for n in self.body)


def walk(body: tuple[Node, ...]) -> Iterator[Node]:
    """The nodes of a body and of all that is nested in it, in the order of the script."""
    for node in body:
        yield node
        for way in ways(node):
            yield from walk(way)


def ways(node: Node) -> tuple[tuple[Node, ...], ...]:
    """The bodies that a branch or a split leads into, in the order of the script; none for a step.

    The last of a branch is that of those for whom no condition holds; it may be empty.
    """
    if isinstance(node, If):
        return (*(branch.body for branch in node.branches), node.otherwise)
    return tuple(arm.body for arm in node.arms) if isinstance(node, Split) else ()


@dataclass(frozen=True, slots=True)
class Route:
    """Who follows which chain: a segment, the share of it, and the reach pattern if the chain is for one only."""

    segment: str
    chain: Chain
    share: Share = Share(1.0)
    reach: tuple[str, ...] | None = None
