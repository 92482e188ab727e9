"""Rates: which share of one stage gets to the next, and after which delay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from cascadesim.errors import Span
from cascadesim.units import Duration, Share

Verb = Literal["reaches", "delivers", "opens", "answers", "clicks", "replies", "converts", "unsubscribes"]
State = Literal["delivered", "opened", "answered", "clicked", "replied", "converted", "unsubscribed"]
Shape = Literal["fixed", "exponential", "weibull", "lognormal", "curve"]

STATE_OF: dict[Verb, State] = {
    "delivers": "delivered",
    "opens": "opened",
    "answers": "answered",
    "clicks": "clicked",
    "replies": "replied",
    "converts": "converted",
    "unsubscribes": "unsubscribed",
}
"""The state that a message is in when the verb's event has happened."""

VERB_OF: dict[State, Verb] = {state: verb for verb, state in STATE_OF.items()}

BASE_OF: dict[State, State | None] = {
    "delivered": None,
    "opened": "delivered",
    "answered": "delivered",
    "clicked": "opened",
    "replied": "opened",
    "converted": "clicked",
    "unsubscribed": "opened",
}
"""What a rate is a share of when the script does not say (`of opened`); deliveries are of messages sent."""


@dataclass(frozen=True, slots=True)
class Delay:
    """How long an event takes after the one it follows.

    `points` are (share that has happened by then, duration): two of them fix a log-normal or a Weibull,
    one an exponential; `fixed` has the single point (1, duration); a `curve` is the piecewise linear
    distribution through its points, from (0, 0) on, up to its last point with share 1.
    """

    shape: Shape
    points: tuple[tuple[Share, Duration], ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate of a channel: a share or a range of shares, its evidence, its base and its delay.

    `of` is the state it is a share of (`None`: by `BASE_OF`); `delay` None means at once.
    """

    verb: Verb
    low: Share
    high: Share
    measured: int | None = None
    of: State | None = None
    delay: Delay | None = None
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def share(self) -> float:
        """The share that calculations use: the middle of the range."""
        return float(self.low) if self.low == self.high else (self.low + self.high) / 2
