"""Questions: what the optimizer is asked, over which space, within which limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from cascadesim.errors import Span
from cascadesim.model.chain import Event, Saying
from cascadesim.units import Duration, Money, Share

Goal = Literal["cost per person", "coverage", "coverage per cost", "profit", "time to open"]
Measure = Literal[
    "coverage",
    "total cost",
    "cost per person",
    "cost per covered person",
    "messages per person",
    "messages",
    "time to open",
]
Bound = Literal["at least", "at most", "over", "under"]
EACH = "each segment"


@dataclass(frozen=True, slots=True)
class Objective:
    """What is best; `value` is what a covered person is worth (profit only)."""

    goal: Goal
    value: Money | None = None

    @property
    def maximizes(self) -> bool:
        """Whether more is better."""
        return self.goal in ("coverage", "coverage per cost", "profit")


@dataclass(frozen=True, slots=True)
class Keep:
    """A limit that the plan must respect.

    The value's type follows the measure: `Share` for coverage, `Money` for costs, `float` for messages per
    person, `int` for messages, `Duration` for time to open (of the share `openers` of those who open).
    `of` is a segment, `EACH` or None (all segments together); `channel` belongs to `messages on sms`.
    """

    measure: Measure
    bound: Bound
    value: Share | Money | Duration | float | int
    of: str | None = None
    channel: str | None = None
    openers: Share | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NeverAfter:
    """`never call after sms`: not anywhere later in the plan."""

    channel: str
    after: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """`repeat email up to 2 times`: how often the channel may come in one plan."""

    channel: str
    times: int


@dataclass(frozen=True, slots=True)
class Question:
    """An `optimize` block. `segments` None: every segment; `covered_when` empty: opened or answered.

    `undelivered_after` holds for all `waits` that are longer, on channels that report delivery. `stop_when`
    None: the covering events. `search_for` is the time budget.
    """

    objective: Objective
    channels: tuple[str, ...]
    title: str | None = None
    segments: tuple[str, ...] | None = None
    by_reach: bool = False
    saying: Saying | None = None
    covered_when: tuple[Event, ...] = ()
    within: Duration | None = None
    stop_when: tuple[Event, ...] | None = None
    keeps: tuple[Keep, ...] = ()
    min_steps: int = 1
    max_steps: int = 3
    waits: tuple[Duration, ...] = ()
    undelivered_after: Duration | None = None
    start_with: tuple[str, ...] = ()
    end_with: tuple[str, ...] = ()
    never: tuple[NeverAfter, ...] = ()
    never_more: int | None = None
    repeats: tuple[Repeat, ...] = ()
    may_split: bool = False
    compare: tuple[str, ...] = ()
    search_for: Duration | None = None
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def goal_events(self) -> tuple[Event, ...]:
        """The covering events, the default resolved (S12)."""
        return self.covered_when or DEFAULT_GOAL

    @property
    def stop_events(self) -> tuple[Event, ...]:
        """The plan's stop events, the default resolved."""
        return self.goal_events if self.stop_when is None else self.stop_when


DEFAULT_GOAL = (Event(state="opened"),)
"""Covered when opened, which an answered call is too."""
