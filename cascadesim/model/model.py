"""The model: a whole campaign, resolved. What scripts are read into, engines run and plans carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property

from cascadesim.errors import Span
from cascadesim.model.chain import Chain, Event, Route
from cascadesim.model.channel import Channel, Price, Quiet
from cascadesim.model.message import Message
from cascadesim.model.question import DEFAULT_GOAL, Question
from cascadesim.model.rates import BASE_OF, Rate, State, Verb
from cascadesim.model.segment import Segment
from cascadesim.units import WEEK, Duration, Money


@dataclass(frozen=True, slots=True)
class Exchange:
    """`1 USD is 0.92 EUR`: the rate is a decimal number, written out."""

    currency: str
    rate: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """The campaign's frame. `starts` is local time in `zone`; money is reported in `currency`."""

    title: str | None = None
    starts: datetime | None = None
    horizon: Duration = Duration(WEEK)
    currency: str = "EUR"
    exchange: tuple[Exchange, ...] = ()
    zone: str = "UTC"
    seed: int = 0
    quiet: tuple[Quiet, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)  # without slots, for the dictionaries that it keeps
class Model:
    """A resolved campaign: every name in it is defined, every number is in range."""

    scenario: Scenario = Scenario()
    channels: tuple[Channel, ...] = ()
    segments: tuple[Segment, ...] = ()
    messages: tuple[Message, ...] = ()
    chains: tuple[Chain, ...] = ()
    questions: tuple[Question, ...] = ()

    def channel(self, name: str) -> Channel:
        """The channel of that name; KeyError if there is none."""
        return self._channels[name]

    def segment(self, name: str) -> Segment:
        """The segment of that name; KeyError if there is none."""
        return self._segments[name]

    def chain(self, name: str) -> Chain:
        """The chain of that name; KeyError if there is none."""
        return self._chains[name]

    def message(self, name: str) -> Message:
        """The message of that name; KeyError if there is none."""
        return self._messages[name]

    @cached_property
    def _channels(self) -> dict[str, Channel]:
        return {channel.name: channel for channel in self.channels}

    @cached_property
    def _segments(self) -> dict[str, Segment]:
        return {segment.name: segment for segment in self.segments}

    @cached_property
    def _chains(self) -> dict[str, Chain]:
        return {chain.name: chain for chain in self.chains}

    @cached_property
    def _messages(self) -> dict[str, Message]:
        return {message.name: message for message in self.messages}

    def zone_of(self, segment: str) -> str:
        """The time zone of a segment's people, unless their own cell says otherwise."""
        return self.segment(segment).zone or self.scenario.zone

    def rate(self, segment: str, channel: str, verb: Verb, resend: bool = False) -> Rate | None:
        """The rate that holds for a segment's people: a resend's, else the segment's own, else the channel's.

        A rate without a delay takes the one below it that has one. None where nobody states the rate.
        """
        base = self.channel(channel).rate(verb)
        own = next((r.rate for r in self.segment(segment).rates if r.channel == channel and r.rate.verb == verb), None)
        again = next((r for r in self.channel(channel).resend if r.verb == verb), None) if resend else None
        layers = [r for r in (again, own, base) if r is not None]
        if not layers:
            return None
        first = layers[0]
        delay = next((r.delay for r in layers if r.delay is not None), None)
        of = next((r.of for r in layers if r.of is not None), None)
        return Rate(verb, first.low, first.high, first.measured, of, delay, first.span)

    def base(self, rate: Rate, state: State, channel: str) -> State | None:
        """The state that a rate is a share of; on a call, what follows an open follows the answer."""
        of = rate.of or BASE_OF[state]
        return "answered" if of == "opened" and self.channel(channel).is_call else of

    def prices(self, segment: str | None, channel: str) -> tuple[Price, ...]:
        """The prices that hold for a segment's messages on a channel (None: the channel's own list)."""
        listed = self.channel(channel).costs
        own = tuple(o.price for o in self.segment(segment).costs if o.channel == channel) if segment else ()
        if not own:
            return listed
        return own + tuple(p for p in listed if p.basis == "campaign")

    def billionths(self, money: Money) -> int:
        """An amount in billionths of the scenario's currency; ValueError without an exchange rate.

        Rounded half to even where the exchange makes it finer than a billionth.
        """
        if money.currency == self.scenario.currency:
            return money.billionths
        rate = next((e.rate for e in self.scenario.exchange if e.currency == money.currency), None)
        if rate is None:
            raise ValueError(f"no exchange rate from {money.currency} to {self.scenario.currency}")
        return int((money.billionths * Decimal(rate)).to_integral_value(ROUND_HALF_EVEN))

    def segments_of(self, names: tuple[str, ...] | None) -> tuple[str, ...]:
        """The names given, or every segment's, by name."""
        return tuple(sorted(s.name for s in self.segments)) if names is None else tuple(sorted(names))

    def routes(self, chain: Chain) -> tuple[Route, ...]:
        """Everybody whom the chain is for, on that chain."""
        return tuple(Route(name, chain) for name in self.segments_of(chain.segments))

    @property
    def goal(self) -> tuple[tuple[Event, ...], Duration]:
        """The covering events and their deadline from entry: the first question's, else opened by the horizon (S12)."""
        if not self.questions:
            return DEFAULT_GOAL, self.scenario.horizon
        question = self.questions[0]
        deadline = self.scenario.horizon if question.within is None else question.within
        return question.goal_events, min(deadline, self.scenario.horizon)
