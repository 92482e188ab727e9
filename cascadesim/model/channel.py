"""Channels: rates, prices, throughput and the hours in which nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from cascadesim.errors import Span
from cascadesim.model.rates import STATE_OF, Rate, State, Verb
from cascadesim.units import DAY, HOUR, MINUTE, SECOND, Duration, Money

Basis = Literal[
    "message sent", "part sent", "message delivered", "message opened", "message clicked", "message replied",
    "minute", "started minute", "campaign",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Price:
    """What a channel costs, by one basis; `at_least` is the minimum commitment of a campaign."""

    amount: Money
    basis: Basis
    at_least: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Throughput:
    """At most `count` messages per `per` (a second, minute, hour or day)."""

    count: int
    per: Duration
    span: Span | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        unit = {SECOND: "second", MINUTE: "minute", HOUR: "hour", DAY: "day"}.get(self.per, str(self.per))
        return f"{self.count} per {unit}"


@dataclass(frozen=True, slots=True)
class Hours:
    """A daily window of the wall clock: it holds `start`, not `end`; past midnight if `end` <= `start`."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours or whole days without sending.

    `hours` None means the whole day. `days` (Monday is 0) and `dates` restrict it; both empty: every day.
    A window past midnight belongs to the day on which it begins.
    """

    hours: Hours | None = None
    days: tuple[int, ...] = ()
    dates: tuple[date, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach people.

    `rates` has at most one rate a verb, `resend` those of a second or later message. `reports` None is the
    default: every state that it can have. `address` is the contacts' column (`None`: the channel's name).
    """

    name: str
    title: str | None = None
    address: str | None = None
    rates: tuple[Rate, ...] = ()
    resend: tuple[Rate, ...] = ()
    reports: tuple[State, ...] | None = None
    lasts: Duration | None = None
    costs: tuple[Price, ...] = ()
    throughput: Throughput | None = None
    quiet: tuple[Quiet, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

    def rate(self, verb: Verb) -> Rate | None:
        """Its rate for the verb, if it states one."""
        return next((r for r in self.rates if r.verb == verb), None)

    @property
    def is_call(self) -> bool:
        """A call is answered where a message is opened."""
        return self.rate("answers") is not None

    @property
    def column(self) -> str:
        """The contacts' column with its addresses."""
        return self.address or self.name

    @property
    def states(self) -> tuple[State, ...]:
        """The states that its messages can have, deliveries included."""
        stated = {STATE_OF[r.verb] for r in self.rates if r.verb != "reaches"}
        return tuple(s for s in STATE_OF.values() if s in stated or s == "delivered")

    def can_be(self, state: State) -> bool:
        """Whether its messages can come to be in the state; an answered call counts as opened (S8)."""
        return self._called(state) in self.states

    def reports_state(self, state: State) -> bool:
        """Whether the sender learns of the state (S11); who unsubscribes tells us, not the channel.

        Of a call that is opened it learns that it was answered (S8).
        """
        return state == "unsubscribed" or self.reports is None or self._called(state) in self.reports

    def _called(self, state: State) -> State:
        return "answered" if state == "opened" and self.is_call else state
