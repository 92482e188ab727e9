"""What comes in from outside, a batch a transaction: receipts, outside events, who enters and who is to stop.

All of it is idempotent by its name, so that whoever sends it may send it again until the answer is heard. The
names of entries and stops say who and what, and nothing else: the same one by a request and in a file is one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from cascadesim import cascade
from cascadesim.errors import OutsideError
from cascadesim.live.campaign import Campaign, key_of, recipient_key
from cascadesim.live.hand import Hand
from cascadesim.live.protocols import Clock, Store
from cascadesim.live.rows import Happening, Receipt, Recipient
from cascadesim.live.turn import Turn
from cascadesim.model.person import Person

Reason = Literal["converted", "unsubscribed"]
REASONS: tuple[Reason, ...] = get_args(Reason)


class Told(NamedTuple):
    """A receipt from the sender of a channel, who may speak of that channel's messages and of no others."""

    channel: str
    receipt: Receipt


class Event(NamedTuple):
    """An outside event of a person, who is named as in the contacts."""

    id: str
    person: str
    event: str
    at: int


class Stop(NamedTuple):
    """A person who is to get nothing more."""

    person: str
    reason: Reason
    at: int


class Entry(NamedTuple):
    """Somebody who enters, and the event that made them."""

    person: Person
    chain: str
    event: str


Coming = Told | Event | Stop | Entry

Taken = Literal["new", "known", "unknown"]
"""What became of it: recorded and told; recorded before, so nothing changes; recorded, but nobody is meant by it."""


class Intake:
    """Takes what comes in for one campaign and commits it to its store."""

    def __init__(self, campaign: Campaign, store: Store, clock: Clock) -> None:
        self._campaign = campaign
        self._store = store
        self._clock = clock
        self._segments = tuple(dict.fromkeys(route.segment for route in campaign.routes))
        channels = (channel for program in campaign.programs for channel in program.model.channels)
        self.opening = frozenset(c.name for c in channels if "opened" in c.states)
        """The channels whose messages can be opened: whoever clicks on a link there has opened one."""

    def take(self, coming: Sequence[Coming]) -> list[Taken]:
        """Takes them in their order, all in one transaction: OutsideError, and nothing is taken.

        It is one too that another plan has come into force: whoever holds the intake makes a new one.
        """
        # Who is stopped while another transaction enters them would be seen by neither: one comes after the other.
        alone = bool(self._campaign.limits) or any(isinstance(one, Stop | Entry) for one in coming)
        with self._store.transaction(alone=alone):
            visit = _Visit(self._campaign, self._store, self._clock.now(), self._segments)
            if self._campaign.is_replaced(visit.turn.hand.control):
                raise OutsideError("another plan has come into force; send it again")
            visit.look_up(coming)
            taken = [visit.take(one) for one in coming]
            if visit.heard:
                visit.turn.hand.commit({})
        return taken


class _Visit:
    """One transaction of the intake: the turn that is told, and the ids heard in it, which the store has not yet."""

    def __init__(self, campaign: Campaign, store: Store, now: int, segments: Sequence[str]) -> None:
        self.turn = Turn(campaign, Hand(store), now)
        self._campaign = campaign
        self._store = store
        self._segments = segments
        self.heard: set[str] = set()
        """The names of what is new."""
        self._known: set[str] = set()

    def look_up(self, coming: Sequence[Coming]) -> None:
        """Reads in one go what will be asked of the store: names that it knows, messages, recipients."""
        stops = (stop for one in coming if isinstance(one, Entry) for stop in _stop_names(one.person))
        self._known = self._store.reported({*map(name_of, coming), *stops})
        people = {one.person for one in coming if isinstance(one, Event | Stop)}
        keys = [key_of(segment, person) for person in people for segment in self._segments]
        self.turn.hand.fetch(keys, [one.receipt.message for one in coming if isinstance(one, Told)])

    def take(self, one: Coming) -> Taken:
        """Takes one, unless its name has come before."""
        name = name_of(one)
        if self._is_heard(name):
            return "known"
        self.heard.add(name)
        match one:
            case Told():
                return self._tell(one)
            case Event():
                return self._happen(Happening(name, one.person, one.event, one.at))
            case Stop():
                return self._happen(Happening(name, one.person, one.reason, one.at, stops=True))
            case Entry():
                return self._enter(name, one)

    def _is_heard(self, name: str) -> bool:
        return name in self.heard or name in self._known

    def _tell(self, told: Told) -> Taken:
        message = self.turn.hand.message(told.receipt.message)
        if message is None or message.channel != told.channel:
            self.turn.hand.report(told.receipt)
            return "unknown"
        self.turn.hear([told.receipt])
        return "new"

    def _happen(self, happening: Happening) -> Taken:
        """Tells it of the recipient that the person is; of nobody it is recorded under the person's own name."""
        for key in (key_of(segment, happening.recipient) for segment in self._segments):
            if self.turn.hand.find(key) is not None:
                self.turn.hear([happening._replace(recipient=key)])
                return "new"
        self.turn.hand.report(happening)
        return "unknown"

    def _enter(self, name: str, entry: Entry) -> Taken:
        row = self._campaign.entrant(entry.person)
        self.turn.hand.report(Happening(name, recipient_key(entry.person), entry.event, entry.person.entry))
        if row is None:
            return "unknown"
        if any(map(self._is_heard, _stop_names(entry.person))):
            row = _stopped(row)
        if not self._store.enrol([row]):
            return "known"
        self.turn.hand.take([row])
        return "new"


def name_of(one: Coming) -> str:
    """The id of its report."""
    match one:
        case Told():
            return one.receipt.id
        case Event():
            return f"event:{one.id}"
        case Stop():
            return stop_name(one.reason, one.person)
        case Entry():
            return "enter:" + json.dumps([one.chain, one.event, one.person.id], ensure_ascii=False)


def heed_stops(store: Store, rows: Sequence[Recipient]) -> list[Recipient]:
    """The rows of people who are to be enrolled; who was stopped before they came is stopped in theirs (S11).

    Who has been erased is left out.
    """
    erased = store.forgotten([row.person.id for row in rows])
    rows = [row for row in rows if row.person.id not in erased]
    said = store.reported([stop for row in rows for stop in _stop_names(row.person)])
    return [row if said.isdisjoint(_stop_names(row.person)) else _stopped(row) for row in rows] if said else list(rows)


def _stopped(row: Recipient) -> Recipient:
    return row.moved(cascade.tell_stop(row.journey), row.queued_at)


def _stop_names(person: Person) -> list[str]:
    return [stop_name(reason, person.id) for reason in REASONS]


def stop_name(reason: Reason, person: str) -> str:
    """The name of the order that stops a person."""
    return f"stop:{reason}:{person}"
