"""What can become of a message: a tree of stages, each a share of the one before, after a delay (S7, S8).

An event's delay is a `Lag`: a constant and, beyond it, a `Spread`. Rounding is part of it (S1): a whole number of
microseconds is an upper bound of a delay rounded up exactly when it is one of the delay itself, so a single
random delay needs nothing; one that is followed by another random delay takes half a microsecond more on the
average, which is added. A delay "at once" is one microsecond.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from cascadesim.draws.quantiles import fit
from cascadesim.engines.exact.quadrature import Floats
from cascadesim.engines.exact.spreads import Between, Spread, spread_of, sum_of
from cascadesim.model.chain import Event
from cascadesim.model.model import Model
from cascadesim.model.rates import VERB_OF, Delay, Rate, State

_HALF = 0.5


@dataclass(frozen=True)
class Lag:
    """A delay: `constant` microseconds and, if `spread` is given, a random time beyond them."""

    constant: float
    spread: Spread | None = None

    def by(self, age: Floats) -> Floats:
        """P(delay <= age)."""
        if self.spread is None:
            return np.where(age >= self.constant, 1.0, 0.0)
        return self.spread.cdf(age - self.constant)

    def then(self, other: Lag) -> Lag:
        """The delay, and then the other one."""
        constant = self.constant + other.constant
        if self.spread is None or other.spread is None:
            return Lag(constant, self.spread or other.spread)
        return Lag(constant, sum_of(self.spread, other.spread))

    def between(self, low: float, high: float) -> Lag:
        """The delay, given that it lies in (low, high]."""
        if self.spread is None:
            return self
        return Lag(self.constant, Between(self.spread, max(0.0, low - self.constant), high - self.constant))

    @property
    def knots(self) -> Floats:
        """The ages between which its distribution is smooth."""
        return np.array([self.constant]) if self.spread is None else self.constant + self.spread.knots


@dataclass(frozen=True)
class Stage:
    """A state that the share `share` of those before it get to, after `lag`; `after` are the stages that follow.

    Where `reacts` is set the recipient's kind multiplies the share (S4); where `moves` is, it keeps to the
    segment's reaction hours (S8).
    """

    name: str
    share: float
    lag: Lag
    reacts: bool = False
    after: tuple[Stage, ...] = ()
    moves: bool = False


def message_stages(model: Model, segment: str, channel: str, resend: bool, moves: bool = False) -> Stage:
    """What becomes of a segment's messages on a channel, from the delivery on; an answer is an open.

    With `moves` reactions keep to the segment's hours, but for answers and deliveries.
    """
    rates: dict[State, Rate] = {}
    for state, verb in VERB_OF.items():
        rate = model.rate(segment, channel, verb, resend)
        if rate is not None:
            rates["opened" if state == "answered" else state] = rate
    bases = {state: _opened(model.base(rate, state, channel)) for state, rate in rates.items()}

    def stage(state: State, rate: Rate | None, is_random: bool) -> Stage:
        lag = lag_of(None if rate is None else rate.delay, is_random)
        is_random = is_random or lag.spread is not None
        after = (stage(s, r, is_random) for s, r in rates.items() if bases[s] == state and s != "delivered")
        keeps_hours = moves and state != "delivered" and not (state == "opened" and model.channel(channel).is_call)
        return Stage(state, 1.0 if rate is None else rate.share, lag, state == "opened", tuple(after), keeps_hours)

    return stage("delivered", rates.get("delivered"), False)


def outside_stages(model: Model, segment: str) -> tuple[Stage, ...]:
    """What people of a segment do unprompted, counted from entry."""
    return tuple(Stage(v.event, float(v.share), lag_of(v.delay, False)) for v in model.segment(segment).leaves)


def lag_of(delay: Delay | None, is_random: bool) -> Lag:
    """The distribution of a delay; `is_random` says whether another random delay comes before it."""
    law = fit(delay)
    spread = spread_of(law)
    if spread is None:
        return Lag(max(1.0, math.ceil(law.a)))
    return Lag(_HALF if is_random else 0.0, spread)


def split_by_delivery(stage: Stage, age: int) -> tuple[tuple[float, Stage], tuple[float, Stage]]:
    """(probability, what becomes of it) of a message delivered by the age, and of one that is not (S10)."""
    early = float(stage.lag.by(np.array([float(age)]))[0])
    chance = stage.share * early
    left = (stage.share - chance) / (1 - chance) if chance < 1 else 0.0
    delivered = replace(stage, share=1.0, lag=stage.lag.between(0.0, age) if early > 0 else stage.lag)
    undelivered = replace(stage, share=left, lag=stage.lag.between(age, math.inf) if early < 1 else stage.lag)
    return (chance, delivered), (1 - chance, undelivered)


def matched(model: Model, events: tuple[Event, ...], channel: str, only_reported: bool = False) -> frozenset[str]:
    """The states of a channel's messages that are among the events (S8, S11); all of them, or the reported ones.

    An answer is an open on a call, and only there.
    """
    sender = model.channel(channel)
    found = set()
    for event in events:
        if event.state is None or event.channel not in (None, channel):
            continue
        if event.state == "answered" and not sender.is_call:
            continue
        state: State = "answered" if event.state == "opened" and sender.is_call else event.state
        if not only_reported or sender.reports_state(state):
            found.add("opened" if state == "answered" else state)
    return frozenset(found)


def _opened(state: State | None) -> State | None:
    return "opened" if state == "answered" else state
