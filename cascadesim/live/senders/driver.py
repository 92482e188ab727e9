"""What a driver is: it carries one letter to one provider, and says what became of it in five words.

A driver knows its provider and nothing else. How long to wait, when to give a provider a rest, and what a doubt
means for the campaign is decided once for all of them, in `cascadesim.live.senders.post`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was registered with the provider, and what the blanks of its text are filled with, in order."""

    name: str
    values: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it goes out. Neither the address nor the words are in its repr: reprs end in logs.

    `template` is for channels that take no other words from whoever writes first; the text is for all others.
    """

    key: str
    channel: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    subject: str | None = field(default=None, repr=False)
    is_html: bool = False
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it; `reference` is its name for it there."""

    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will never take this message: a number that is none, a mailbox that is not there."""

    why: str


@dataclass(frozen=True, slots=True)
class Busy:
    """Not now, and the provider certainly does not have it. `seconds` is how long it asks us to wait.

    `alone`: it speaks of this message (a mailbox that is locked), and others may well go out meanwhile.
    """

    why: str
    seconds: float | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Down:
    """Nothing can go out: nobody listens, or our account is turned away. Never held against the message.

    A wrong password thus costs time, not a campaign's people; `for_long`: asking again at once would do harm.
    """

    why: str
    for_long: bool = False


@dataclass(frozen=True, slots=True)
class Doubtful:
    """The provider may have it or not: the answer did not come."""

    why: str


Answer = Accepted | Refused | Busy | Down | Doubtful


class Driver(Protocol):
    """One provider, one account."""

    async def deliver(self, letter: Letter) -> Answer:
        """Hands the letter over. Raises nothing: whatever goes wrong outside is an answer."""

    async def probe(self) -> str:
        """Connects, sends nothing, and says what it found; OutsideError with what is wrong and what helps."""

    async def close(self) -> None:
        """Lets the connections go."""


@runtime_checkable
class LooksUp(Protocol):
    """What a driver also is if its provider can be asked what became of a message whose answer never came."""

    async def look_up(self, letter: Letter, sent_at: float) -> Answer | None:
        """What the provider says of it now: Accepted, Refused (also if it certainly never had it), or None.

        `letter` is the message as it went out at the Unix time `sent_at`. Raises nothing that comes from outside; what
        is none of the two is no answer, and the message is asked after again later.
        """
