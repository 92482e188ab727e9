"""A chain made ready to be followed: its tree flattened into operations that name what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import time
from typing import NamedTuple

from cascadesim.errors import RefusedError
from cascadesim.model.calendar import Clock, quiet_rules
from cascadesim.model.chain import (
    Chain,
    Condition,
    Event,
    Hole,
    If,
    Node,
    Pause,
    Reported,
    Send,
    Split,
    Stop,
    Undelivered,
    Wait,
    WaitUntil,
    leaves,
)
from cascadesim.model.channel import Quiet, Throughput
from cascadesim.model.model import Model
from cascadesim.model.rates import State


class SendOp(NamedTuple):
    """A step: its number in the chain from 1, its channels, the wait from its last dispatch."""

    step: int
    send: Send
    next: int

    @property
    def wait(self) -> Wait | None:
        """The wait from its last dispatch."""
        return self.send.wait


class PauseOp(NamedTuple):
    """A wait that counts from when it is reached."""

    wait: Wait
    next: int


class UntilOp(NamedTuple):
    """A wait for a reading of the wall clock."""

    at: time
    day: int | None
    next: int


class BranchOp(NamedTuple):
    """The first target whose condition holds, else `next`."""

    tests: tuple[tuple[Condition, int], ...]
    next: int


class SplitOp(NamedTuple):
    """The first target whose upper end is above the person's number for this split, else `next`."""

    number: int
    arms: tuple[tuple[float, int], ...]
    next: int


class StopOp(NamedTuple):
    """The chain ends here."""


Op = SendOp | PauseOp | UntilOp | BranchOp | SplitOp | StopOp


class Program:
    """A chain and what it needs to know of the model, ready to be followed. Immutable but for its caches.

    `start` is the index of its first operation; `ops[0]` is the end. RefusedError for a chain with a hole.
    """

    def __init__(self, model: Model, chain: Chain) -> None:
        if any(isinstance(node, Hole) for node in chain.nodes):
            raise RefusedError(f"chain {chain.name} has a hole `...`: it is still to be written")
        self.chain = chain
        self.clock = Clock(model.scenario)
        self.horizon = int(model.scenario.horizon)
        self.ops: list[Op] = [StopOp()]
        self._steps = len(chain.sends)
        self._splits = sum(isinstance(node, Split) for node in chain.nodes)
        self.start = self._body(chain.body, 0)
        self.model = model
        self._quiet: dict[tuple[str, str], tuple[Quiet, ...]] = {}
        self._stops: dict[tuple[str, State], bool] = {}
        self._reports: dict[tuple[str, State], bool] = {}
        self.stops_outside = frozenset(e.outside for e in chain.stop_when if e.outside)
        self.listens_to = frozenset(_states_read(chain))
        """The states that can make a difference to the chain, once reported."""

    def throughput(self, channel: str) -> Throughput | None:
        """The channel's limit, if it has one."""
        return self.model.channel(channel).throughput

    def quiet(self, segment: str, channel: str) -> tuple[Quiet, ...]:
        """The windows in which a segment's people get nothing on the channel."""
        found = self._quiet.get((segment, channel))
        if found is None:
            found = self._quiet[segment, channel] = quiet_rules(self.model, segment, channel)
        return found

    def reports(self, channel: str, state: State) -> bool:
        """Whether the sender learns of this state on this channel (S11)."""
        found = self._reports.get((channel, state))
        if found is None:
            found = self._reports[channel, state] = self.model.channel(channel).reports_state(state)
        return found

    def stops(self, channel: str, state: State) -> bool:
        """Whether this state on this channel, once reported, stops the chain (S11)."""
        found = self._stops.get((channel, state))
        if found is None:
            found = state == "unsubscribed" or self.matches(self.chain.stop_when, channel, state)
            self._stops[channel, state] = found
        return found

    def matches(self, events: tuple[Event, ...], channel: str, state: State) -> bool:
        """Whether the state on the channel is one of the events."""
        return any(is_event(e, channel, state, self.model.channel(channel).is_call) for e in events)

    def _body(self, body: tuple[Node, ...], after: int) -> int:
        """Writes a body's operations, the last first, so that each knows what comes after it; returns its start."""
        for node in reversed(body):
            after = self._node(node, after)
        return after

    def _node(self, node: Node, after: int) -> int:
        # Steps and splits are numbered in the order of the script, so backwards here, and what is inside first.
        op: Op
        if isinstance(node, If):
            otherwise = self._body(node.otherwise, after)
            targets = [(b.condition, self._body(b.body, after)) for b in reversed(node.branches)]
            op = BranchOp(tuple(reversed(targets)), otherwise)
        elif isinstance(node, Split):
            op = self._split(node, after)
        elif isinstance(node, Send):
            op = SendOp(self._steps, node, after)
            self._steps -= 1
        elif isinstance(node, Pause):
            op = PauseOp(node.wait, after)
        elif isinstance(node, WaitUntil):
            op = UntilOp(node.at, node.day, after)
        else:
            assert isinstance(node, Stop)
            return 0
        self.ops.append(op)
        return len(self.ops) - 1

    def _split(self, node: Split, after: int) -> SplitOp:
        targets = [self._body(arm.body, after) for arm in reversed(node.arms)][::-1]
        upper, arms = 0.0, []
        for arm, target in zip(node.arms, targets, strict=True):
            if arm.share is not None:
                upper += arm.share
                arms.append((upper, target))
        rest = next((t for a, t in zip(node.arms, targets, strict=True) if a.share is None), arms[-1][1] if arms else 0)
        self._splits -= 1
        return SplitOp(self._splits, tuple(arms), rest)


def _states_read(chain: Chain) -> Iterator[State]:
    """The states that the stop rule, waits and conditions of a chain read."""
    events = list(chain.stop_when)
    yield "unsubscribed"
    for node in chain.nodes:
        if isinstance(node, If):
            yield from (state for branch in node.branches for state in _states_of(branch.condition))
        wait = node.wait if isinstance(node, Send | Pause) else None
        if wait is not None:
            events += wait.until
            if wait.undelivered_after is not None:
                yield "delivered"
    for event in events:
        if event.state is not None:
            yield "opened" if event.state == "answered" else event.state


def _states_of(condition: Condition) -> Iterator[State]:
    for leaf in leaves(condition):
        if isinstance(leaf, Undelivered):
            yield "delivered"
        elif isinstance(leaf, Reported):
            for state in (leaf.state, leaf.but_not):
                if state is not None:
                    yield "opened" if state == "answered" else state


def covers_outside(goal: Iterable[Event], happened: str, stops: bool = False) -> bool:
    """Whether an outside event covers the person (S12): where it is named.

    One that stops, whatever the chain says (`tell_stop`), is called as a message's state is, and is named by it on
    any channel: who is told to have converted is `converted`.
    """
    return any(e.outside == happened or (stops and e.channel is None and e.state == happened) for e in goal)


def is_event(event: Event, channel: str, state: State, is_call: bool) -> bool:
    """Whether a message's state is the event: an answer is an open on a call, and only there (S8)."""
    if event.outside is not None or (event.channel is not None and event.channel != channel):
        return False
    if state in ("opened", "answered"):
        return event.state == "opened" or (event.state == "answered" and is_call)
    return event.state == state
