"""The facts that a case's chains read: what they are, and which messages feed them.

A fact is the earliest time at which something was reported of a person's messages; what no chain reads is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cascadesim.cascade import Program
from cascadesim.draws.behaviour import FATES
from cascadesim.engines.compiled.layout import NEVER, Array
from cascadesim.model.chain import Event, If, Pause, Reported, Send, Undelivered, leaves
from cascadesim.model.rates import State

_Key = tuple[str, object]

SENT = -1


class Facts:
    """The facts of one case, numbered; `listen` to each program before its slots are written."""

    def __init__(self) -> None:
        self._numbers: dict[_Key, int] = {}

    def listen(self, program: Program) -> None:
        """Learns what the program's chain reads."""
        for node in program.chain.nodes:
            wait = node.wait if isinstance(node, Send | Pause) else None
            if wait is not None:
                self.until(wait.until)
                if wait.undelivered_after is not None:
                    self.delivered()
            if isinstance(node, If):
                for condition in (c for branch in node.branches for c in leaves(branch.condition)):
                    if isinstance(condition, Undelivered):
                        self.undelivered(condition.channel)
                    elif isinstance(condition, Reported):
                        self.told(condition.channel, condition.state)
                        if condition.but_not is not None:
                            self.told(condition.channel, condition.but_not)

    def until(self, events: tuple[Event, ...]) -> int:
        """When one of the events was reported of the step reached last; -1 of no events."""
        return self._number("until", events) if events else -1

    def told(self, channel: str, state: State) -> int:
        """When the state was reported of a message on the channel."""
        return self._number("told", (channel, _fate(state)))

    def delivered(self) -> int:
        """When a message of the step reached last was first reported delivered."""
        return self._number("last", "delivered")

    def undelivered(self, channel: str | None) -> tuple[int, int]:
        """When it was delivered, and when sent, on the channel, or of the step reached last."""
        if channel is None:
            return self.delivered(), self._number("last", "sent")
        return self.told(channel, "delivered"), self._number("sent", channel)

    def count(self, channel: str) -> int:
        """How many messages there have been on the channel."""
        return self._number("count", channel)

    def sent_at(self, step: int, channel: str) -> int:
        """When this message was sent."""
        return self._number("sent at", (step, channel))

    def feeds(self, program: Program, channel: str) -> Iterator[tuple[int, int]]:
        """(place of a state in a fate, or SENT, and the fact) of what a message on the channel may tell."""
        for (kind, about), number in self._numbers.items():
            if (kind, about) in (("last", "sent"), ("sent", channel)):
                yield SENT, number
            for place, state in enumerate(FATES):
                if program.reports(channel, state) and _is_about(program, kind, about, channel, state):
                    yield place, number

    def beginning(self) -> Array:
        """What facts begin with."""
        return np.array([0 if kind == "count" else NEVER for kind, _ in self._numbers], np.int64)

    def last(self) -> Array:
        """The facts of the step reached last."""
        found = [n for (kind, _), n in self._numbers.items() if kind in ("last", "until")]
        return np.array(found, np.int32)

    def _number(self, kind: str, about: object) -> int:
        return self._numbers.setdefault((kind, about), len(self._numbers))


def _is_about(program: Program, kind: str, about: object, channel: str, state: State) -> bool:
    if kind == "until":
        assert isinstance(about, tuple)
        return program.matches(about, channel, state)
    return (kind, about) in (("last", state), ("told", (channel, state)))


def _fate(state: State) -> State:
    return "opened" if state == "answered" else state
