"""The rows that a campaign's state is made of, and what may change in them at once.

Whatever is known of a campaign is in such rows, so a process that dies loses nothing: another one claims the
rows that are due and goes on. Instants are whole microseconds since the campaign's start (S1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from cascadesim.cascade import Journey, Lane, Phase
from cascadesim.live.control import Spent
from cascadesim.model.person import Person
from cascadesim.model.rates import State


class Appointment(NamedTuple):
    """When something is to be done about a recipient's pending message on a channel.

    At that instant it has its slot, or queues (anew) because quiet hours or a sender's pause end.
    """

    channel: str
    at: int


class Recipient(NamedTuple):
    """One person on their way. `route` is the place of their chain in the campaign's routes.

    `queued_at` is when they queued for the step that they are at or were at last. A message that stands in a
    line without a slot has no appointment.
    """

    key: str
    person: Person
    route: int
    journey: Journey
    queued_at: int
    appointments: tuple[Appointment, ...] = ()

    @property
    def due_at(self) -> int | None:
        """When something is next to be done for the recipient; None: nothing is, or others must act first."""
        due = self.journey.due
        for _, at in self.appointments:
            if due is None or at < due:
                due = at
        return due

    def moved(self, journey: Journey, queued_at: int) -> Recipient:
        """The recipient further on their way."""
        return Recipient(self.key, self.person, self.route, journey, queued_at, self.appointments)

    def appointed(self, channel: str, at: int | None) -> Recipient:
        """The recipient with this appointment on the channel in place of any other; None: with none."""
        kept = tuple([a for a in self.appointments if a.channel != channel])
        appointments = kept if at is None else (*kept, Appointment(channel, at))
        return Recipient(self.key, self.person, self.route, self.journey, self.queued_at, appointments)


MessageState = Literal["written", "accepted", "refused", "unknown"]


class Message(NamedTuple):
    """An attempt to send. `written` before it is handed to the sender; the rest is what the sender said of it.

    The key is a function of campaign, recipient, step, channel and attempt, so whoever sends it again after a
    crash sends the same key. `reference` is the provider's name for it, or its words where it refused.
    """

    key: str
    recipient: str
    step: int
    channel: str
    attempt: int
    queued_at: int
    sent_at: int
    state: MessageState
    reference: str | None = None


class Queue(NamedTuple):
    """A channel with a throughput limit: its server, for whom the next slot is kept, and where its line is.

    Standings are numbered in the order in which people queued: those below `gone` have left, the next to come
    is given `entered`.
    """

    channel: str
    lane: Lane = Lane()
    head: str | None = None
    gone: int = 0
    entered: int = 0


class Standing(NamedTuple):
    """A recipient's place in a channel's line (S6: first in, first out)."""

    channel: str
    number: int
    recipient: str


Acceptance = Literal["accepted", "failed"]
"""What a provider says of a message that is not (yet) in a state: it has it, or nothing comes of it."""


class Receipt(NamedTuple):
    """A channel's report of what happened to a message. The id makes repeating it harmless."""

    id: str
    message: str
    state: State | Acceptance
    at: int


class Happening(NamedTuple):
    """An outside event of a person, such as an order placed. The id makes repeating it harmless.

    One that `stops` does so whatever the chain says (S11): the person has unsubscribed, or converted.
    """

    id: str
    recipient: str
    event: str
    at: int
    stops: bool = False


Report = Receipt | Happening
"""What comes in from outside."""


@dataclass(slots=True)
class Changes:
    """The rows to be written in one go, each as it is now; `spent` is added to what has been.

    `released` are the recipients whose lease is given back, each with the end it had: a lease that has ended
    meanwhile may be somebody else's by now.
    """

    recipients: dict[str, Recipient] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    standings: list[Standing] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    spent: dict[str, Spent] = field(default_factory=dict)
    released: Mapping[str, int] = field(default_factory=dict)


def encode_journey(journey: Journey) -> dict[str, Any]:
    """The journey as JSON data, the same for equal journeys."""
    return {
        **journey._asdict(),
        "phase": journey.phase.name.lower(),
        "pending": list(journey.pending),
        "out": [list(message) for message in journey.out],
        "told": [list(report) for report in sorted(journey.told)],
        "stops": sorted(journey.stops),
    }


def decode_journey(data: dict[str, Any]) -> Journey:
    """The journey behind the data that `encode_journey` made."""
    return Journey(
        **{
            **data,
            "phase": Phase[data["phase"].upper()],
            "pending": tuple(data["pending"]),
            "out": tuple((step, channel) for step, channel in data["out"]),
            "told": frozenset((step, channel, state) for step, channel, state in data["told"]),
            "stops": frozenset(data["stops"]),
        }
    )
