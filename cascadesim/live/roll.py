"""The roll: the people of a contacts file as they enter a campaign, and all that is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from cascadesim.contacts import Contact, Finding
from cascadesim.contacts.audit import Audit
from cascadesim.contacts.needs import missing_columns
from cascadesim.contacts.opening import open_table
from cascadesim.contacts.table import Table
from cascadesim.errors import ContactsError, Diagnostic
from cascadesim.live import codes
from cascadesim.live.entering import CannotEnterError, Door
from cascadesim.model.person import Person

_TOLD = 5


class Roll:
    """A file's people, read as often as they are asked for; nobody is kept in memory.

    `first` and `only` make a pilot: so many from the top, or those with these ids. Who stands first in the file goes
    first. ContactsError for a file that cannot be used.
    """

    def __init__(
        self, path: Path, door: Door, now: int, *, first: int | None = None, only: Collection[str] | None = None
    ) -> None:
        self._table = open_table(path)
        self._door = door
        self._now = now
        self._first = first
        self._only = None if only is None else frozenset(only)
        self.in_no_segment = 0
        """How many of the last reading the campaign is not for."""

    def people(self) -> Iterator[Person]:
        """Everybody who enters, in the order of the file, which has been checked."""
        return (person for _, person in self._read(Audit(self._table), Finding()))

    def checked(self) -> Iterator[Person]:
        """The same; after the last, ContactsError with all that is wrong with the whole file."""
        audit, wrong = Audit(self._table), Finding()
        needs = dict.fromkeys(need for needs in self._door.needs.values() for need in needs)
        missing = missing_columns(self._table, tuple(needs))
        if missing:
            raise ContactsError(*missing)
        met: set[str] = set()
        for _, person in self._read(audit, wrong):
            met.add(person.id) if self._only else None
            yield person
        hint = "mend these rows, or take them out"
        found = wrong.diagnostics(self._table, codes.CANNOT_ENTER, "somebody who cannot enter", hint)
        faults = [*audit.diagnostics(), *found, *_not_met(self._table, (self._only or frozenset()) - met)]
        if faults:
            raise ContactsError(*faults)

    def _read(self, audit: Audit, wrong: Finding) -> Iterator[tuple[int, Person]]:
        numbers: Counter[str] = Counter()
        self.in_no_segment = entered = 0
        for place, contact in audit.contacts():
            try:
                person = self._person(contact, entered, numbers)
            except CannotEnterError as error:
                wrong.note(place, contact.id, str(error))
                continue
            if person is None:
                continue
            entered += 1
            # The rest of a pilot's file is read all the same: its faults are told now, not on the day.
            if (self._first is None or entered <= self._first) and (self._only is None or person.id in self._only):
                yield place, person

    def _person(self, contact: Contact, place: int, numbers: Counter[str]) -> Person | None:
        segment = self._door.segment(contact)
        if segment is None:
            self.in_no_segment += 1
            return None
        person = self._door.person(contact, segment, self._now, place, numbers[segment])
        numbers[segment] += 1
        return person


def _not_met(table: Table, ids: Collection[str]) -> list[Diagnostic]:
    if not ids:
        return []
    named = ", ".join(sorted(ids)[:_TOLD]) + (", ..." if len(ids) > _TOLD else "")
    who = "1 person" if len(ids) == 1 else f"{len(ids)} people"
    message = f"{who} to begin with cannot enter from {table.file} ({named})"
    hint = "only people of the contacts file who are in a segment of the plan can be in a pilot"
    return [Diagnostic(codes.NOT_THERE, "error", None, message, hint)]
