"""Segments: who is written to, when they enter, and what is their own about rates and prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from cascadesim.errors import Span
from cascadesim.model.channel import Hours, Price
from cascadesim.model.rates import Delay, Rate
from cascadesim.units import Duration, Share

Comparison = Literal["is", "is not", "is one of", "is not one of", "over", "under", "at least", "at most"]


@dataclass(frozen=True, slots=True)
class Headcount:
    """`people 40k`: so many, who all enter at the campaign's start."""

    count: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """`people 330 per hour for 5 days`: a Poisson stream of `count` per `per`, that ends after `lasting`."""

    count: int
    per: Duration
    lasting: Duration


@dataclass(frozen=True, slots=True)
class Test:
    """One test on a contact's column; numbers compare as numbers, everything else as text."""

    column: str
    comparison: Comparison
    values: tuple[str, ...]

    __test__ = False  # not a test class, whatever pytest thinks of its name


@dataclass(frozen=True, slots=True)
class Contacts:
    """`people from "contacts.csv" where ... except "optouts.csv"`: real people, who enter at the start.

    Files are named as the script names them; the hashes (SHA-256) are those of the files when it was read.
    All tests must hold.
    """

    file: str
    sha256: str | None = None
    where: tuple[Test, ...] = ()
    excluded: str | None = None
    excluded_sha256: str | None = None


People = Headcount | Arrivals | Contacts


@dataclass(frozen=True, slots=True)
class Leave:
    """`leaves 12% when "order_placed", half within 5 h`: who gets there unprompted, counted from entry."""

    event: str
    share: Share
    delay: Delay | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A hidden readiness to react: a factor on open and answer rates. None: computed (`the rest`)."""

    name: str
    share: Share | None
    factor: float | None


@dataclass(frozen=True, slots=True)
class Both:
    """`reaches both viber and whatsapp 48%`."""

    one: str
    other: str
    share: Share
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OwnRate:
    """A rate of this segment in place of the channel's; without a delay it keeps the channel's delay."""

    channel: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """A price of this segment; the prices given for a channel replace all of the channel's but campaign fees."""

    channel: str
    price: Price


@dataclass(frozen=True, slots=True)
class Segment:
    """A group of people whose reach and rates are alike."""

    name: str
    people: People
    title: str | None = None
    enter_when: str | None = None
    leaves: tuple[Leave, ...] = ()
    zone: str | None = None
    kinds: tuple[Kind, ...] = ()
    both: tuple[Both, ...] = ()
    reacts: Hours | None = None
    rates: tuple[OwnRate, ...] = ()
    costs: tuple[OwnPrice, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def scope(self) -> str:
        """The name its people's random numbers are drawn by (S3)."""
        return "contacts" if isinstance(self.people, Contacts) else self.name
