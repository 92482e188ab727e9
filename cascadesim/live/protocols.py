"""What the runner needs of the world: a store, a clock, a sender and numbers.

The runner works in turns. A turn is one transaction of the store: it reads rows, moves people on by the state
machine, and commits all that changed. What is to be sent is written in one turn, handed to the sender outside of
any, and what became of it is told to the state machine in the next. So a process may die anywhere: rows come
back when their lease ends, and a message that may have gone out already goes out with the same key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple, Protocol

from cascadesim.live.control import Control
from cascadesim.live.rows import Changes, Message, Queue, Recipient
from cascadesim.model.chain import Chain, Send
from cascadesim.model.model import Model
from cascadesim.model.person import Person


class Store(Protocol):
    """Where the rows are. OutsideError where the store fails."""

    def transaction(self, alone: bool = False) -> AbstractContextManager[object]:
        """What is read and committed inside belongs together: no other process changes these rows meanwhile.

        `alone`: nor does any other transaction that asks for it run in this campaign, as those must that use the
        campaign's queues, for each of them may come to anybody's row, and those that enter or stop people, for a row
        that is not there yet cannot be kept from others.
        """

    def enrol(self, recipients: Iterable[Recipient]) -> int:
        """Adds those who are not there yet, and says how many; who is there stays as they are."""

    def claim(self, now: int, most: int, until: int) -> list[Recipient]:
        """At most so many recipients who are due at or before now, by (due_at, place), leased to the caller.

        Nobody else is given them until they are released or `until` has come.
        """

    def lease(self, key: str, until: int) -> bool:
        """Leases one recipient more, due or not; False if they are leased already."""

    def next_due(self) -> int | None:
        """The instant at which `claim` next has somebody, as far as is known; None: never again."""

    def recipient(self, key: str) -> Recipient | None:
        """The recipient, leased or not."""

    def recipients(self, keys: Collection[str]) -> list[Recipient]:
        """Those of these recipients that there are, in any order."""

    def message(self, key: str) -> Message | None:
        """The attempt with this key."""

    def attempts(self, keys: Collection[str]) -> list[Message]:
        """Those of these attempts that there are, in any order."""

    def unknown(self, after: str, since: int, most: int) -> list[Message]:
        """At most so many attempts of which nobody knows what became, in the order of their keys, from `after` on.

        Those sent at or before the instant `since` are left alone.
        """

    def reported(self, reports: Collection[str]) -> set[str]:
        """Which of these ids belong to reports that have been committed."""

    def queue(self, channel: str) -> Queue:
        """The channel's queue; a fresh one for a channel that had none."""

    def line(self, channel: str, start: int) -> Iterable[Recipient]:
        """Those who stand in the channel's line with a number from `start` on, in the order of their numbers."""

    def control(self) -> Control:
        """What the campaign as a whole is at; `spent` only where a cap needs it."""

    def sent_to(self, people: Collection[str], since: int) -> dict[str, dict[str, int]]:
        """When each person, by id, got messages after that instant, by key, in any campaign of this place."""

    def forgotten(self, people: Collection[str]) -> set[str]:
        """Which of these people, by id, have been erased: nobody enters them again."""

    def commit(self, changes: Changes) -> None:
        """Writes all of it or nothing."""

    def messages(self) -> Iterator[Message]:
        """All attempts, in any order: what records are made of."""

    @property
    def reports(self) -> int:
        """How many reports have been committed."""


class Clock(Protocol):
    """Time."""

    def now(self) -> int:
        """Microseconds since the campaign's start."""

    def sleep_until(self, at: int) -> None:
        """Returns at that instant; earlier when a report has come in."""


class Outgoing(NamedTuple):
    """A message to be sent: its key, which the provider should honour, to whom, and which step of what says it."""

    key: str
    person: Person
    model: Model
    chain: Chain
    step: int
    channel: str
    attempt: int
    at: int

    @property
    def send(self) -> Send:
        """The step's line in the chain."""
        return self.chain.sends[self.step - 1]


class Settled(NamedTuple):
    """The sender is done with a message. `reference` is the provider's name for it, or why it refused.

    `refused`: for good; nothing more comes of it. `unknown`: the provider may have it; receipts may say so.
    """

    state: Literal["accepted", "refused", "unknown"]
    reference: str | None = None


class Later(NamedTuple):
    """The provider cannot take the message now (busy, down): it queues anew at that instant."""

    at: int


Result = Settled | Later


class Sender(Protocol):
    """Hands messages to providers. OutsideError where it cannot say what became of any of them."""

    def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        """What became of each, in their order."""


class Numbers(Protocol):
    """A person's own numbers in (0, 1), by name (S3): `cascadesim.draws.behaviour.Behaviour` has them."""

    def split(self, person: Person, number: int) -> float:
        """For the split of that number in the person's chain."""

    def lot(self, person: Person) -> float:
        """For the plans that the person's segment is split over."""
