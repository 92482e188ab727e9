"""Whom a channel can write to: addresses read from contacts' cells, and those who have none that can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from cascadesim.live.senders.kind import Addresses
from cascadesim.live.senders.kinds import KINDS
from cascadesim.live.senders.settings import Configured
from cascadesim.model.channel import Channel
from cascadesim.model.person import Person
from cascadesim.senders.addresses import mail, phone
from cascadesim.senders.capabilities import kind_of

_BY_PHONE = frozenset({"sms", "mms", "whatsapp", "viber", "rcs", "call"})
_NAMES: Mapping[Addresses, str] = {"phone": "a phone number that can be", "mail": "a mail address", "any": "an address"}


class Addressing(NamedTuple):
    """How a channel's addresses are read: from which column, and what they are."""

    channel: str
    column: str
    kind: Addresses
    country: str | None = None

    def read(self, person: Person) -> str:
        """The address as it goes to the provider; ValueError says what the cell lacks, and not what is in it."""
        cell = person.columns.get(self.column, "").strip()
        found: str | None = cell or None
        if self.kind == "phone":
            found = phone(cell, self.country)
        elif self.kind == "mail":
            found = mail(cell)
        if found is None:
            raise ValueError(f"the cell in column `{self.column}` is not {_NAMES[self.kind]}")
        return found


def addressing_of(channel: Channel, table: Configured) -> Addressing:
    """How the channel's addresses are read: as its table says, its sender needs, or its name suggests."""
    settings = table.settings
    kind = KINDS[table.sender].addresses or settings.get("addresses") or _by_name(settings.get("channel"), channel)
    return Addressing(channel.name, settings["column"] or channel.column, kind, settings.get("country"))


class Reachable:
    """People as they can be reached. A bad address is none: its channel does not reach the person, who is counted."""

    def __init__(self, addressing: Iterable[Addressing]) -> None:
        self._addressing = tuple(addressing)
        self.unreachable: Counter[str] = Counter()
        """How many people each channel seemed to reach, and does not."""

    def people(self, people: Iterable[Person]) -> Iterator[Person]:
        """The same people, without the channels on which they cannot be written to."""
        return map(self.person, people)

    def person(self, person: Person) -> Person:
        """The same person, without the channels on which they cannot be written to."""
        bad = [a.channel for a in self._addressing if a.channel in person.reach and not _can_be(a, person)]
        self.unreachable.update(bad)
        return replace(person, reach=person.reach.difference(bad)) if bad else person


def _can_be(addressing: Addressing, person: Person) -> bool:
    try:
        addressing.read(person)
    except ValueError:
        return False
    return True


def _by_name(at_vendor: str | None, channel: Channel) -> Addresses:
    """By the vendor's channel where the table names one, else by the channel's own name."""
    kind = at_vendor or kind_of(channel)
    if kind in _BY_PHONE:
        return "phone"
    return "mail" if kind == "email" else "any"
