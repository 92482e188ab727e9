"""Somebody who enters a running campaign: from a contact to a person in a segment, or why that cannot be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from cascadesim.contacts import Contact, homes_of, reach_of, zone_of
from cascadesim.contacts.members import Excluded
from cascadesim.contacts.needs import Blanks, needs_of
from cascadesim.draws.streams import id_counter
from cascadesim.live.intake import Entry
from cascadesim.model.calendar import known_zone
from cascadesim.model.chain import Route
from cascadesim.model.model import Model
from cascadesim.model.person import Person


class CannotEnterError(ValueError):
    """Why somebody cannot; it names neither the person nor an address."""


class Door:
    """Where people enter a campaign; `excluded` has the ids that segments leave out (`contacts.read_excluded`).

    `reachable` tells on which channels somebody cannot be written to, whatever their cells say.
    """

    def __init__(
        self,
        model: Model,
        routes: Sequence[Route],
        excluded: Excluded | None = None,
        reachable: Callable[[Person], Person] | None = None,
    ) -> None:
        self._chains: dict[str, list[str]] = {}
        for route in routes:
            self._chains.setdefault(route.segment, []).append(route.chain.name)
        # A plan's model has its segments; what is said to them is in the plan's chains.
        self._model = replace(
            model, chains=tuple(replace(r.chain, segments=(r.segment,)) for r in routes), questions=()
        )
        self._blanks = {segment: Blanks(self._model, segment) for segment in self._chains}
        self._excluded = excluded
        self._reachable = reachable or (lambda person: person)
        self.needs = {segment: needs_of(self._model, segment) for segment in self._chains}
        """The columns that the contacts of each segment must have."""

    def segment(self, contact: Contact) -> str | None:
        """The contact's segment; None if the campaign is not for them. CannotEnterError for one who is in two."""
        found = homes_of(self._model, tuple(self._chains), contact, self._excluded)
        if len(found) > 1:
            raise CannotEnterError(f"they would belong to segments {' and '.join(found)}")
        return found[0] if found and found[0] in self._chains else None

    def person(self, contact: Contact, segment: str, now: int, place: int, number: int) -> Person:
        """Who enters the segment now. CannotEnterError for cells with which nobody does."""
        zone = zone_of(self._model, segment, contact)
        if not known_zone(zone):
            raise CannotEnterError("the time zone is unknown; write it as Europe/Riga, or leave it out")
        cells = {**dict.fromkeys((need.column for need in self.needs[segment]), ""), **contact.cells}
        if unfilled := self._blanks[segment].unfilled(cells):
            raise CannotEnterError(f"a text needs {unfilled}, which is empty; or give it a fallback")
        scope, counter = self._model.segment(segment).scope, id_counter(contact.id)
        reach = reach_of(self._model, contact)
        who = Person(segment, number, contact.id, scope, counter, now, place, zone, reach, columns=cells)
        return self._reachable(who)

    def entry(self, contact: Contact, chain: str, event: str, now: int) -> Entry:
        """Who enters now, into this chain. CannotEnterError: nobody does.

        Where a segment is split over several chains, the draw decides which of them it is, as for everybody.
        """
        segment = self.segment(contact)
        if segment is None:
            raise CannotEnterError("they belong to no segment of the campaign")
        if chain not in self._chains[segment]:
            raise CannotEnterError(f"segment {segment} does not follow that chain; it follows {self._named(segment)}")
        # They come after all who entered at the start, and among themselves by when they came (S2).
        return Entry(self.person(contact, segment, now, now, now), chain, event)

    def _named(self, segment: str) -> str:
        return " or ".join(dict.fromkeys(self._chains[segment]))
