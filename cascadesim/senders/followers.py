"""Who of the contacts follows which entry of a plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cascadesim.cascade.routes import choose
from cascadesim.contacts import Contact, homes_of, reach_of, zone_of
from cascadesim.draws.behaviour import Behaviour
from cascadesim.draws.streams import id_counter
from cascadesim.errors import RefusedError
from cascadesim.model.person import Person
from cascadesim.model.segment import Contacts
from cascadesim.plan import Plan
from cascadesim.senders import codes
from cascadesim.senders.sender import UnsendableError


class Followers:
    """Finds the entry of each contact, by segment, reach pattern and lot.

    `excluded` has the ids in the `except` files, by segment. RefusedError if the plan has such a file and they are
    not given: who has opted out must not be written to.
    """

    def __init__(self, plan: Plan, excluded: Mapping[str, Collection[str]] | None = None) -> None:
        self._model = plan.model
        self._names = plan.names
        self._routes = plan.routes()
        self._excluded = {name: frozenset(ids) for name, ids in (excluded or {}).items()}
        self._lot = Behaviour(plan.model, 0).lot
        files = {name: _except_file(plan, name) for name in plan.names if name not in self._excluded}
        unread = [f"{name} leaves out the people of {file}: read that first" for name, file in files.items() if file]
        if unread:
            raise RefusedError(*unread)

    def entry(self, contact: Contact) -> int | None:
        """The place in the plan of the entry that the contact follows; None if the plan is not for them.

        In a segment split over several, the lot is the one that simulations draw. UnsendableError if the contact
        is in two segments.
        """
        segment = self._segment(contact)
        if segment is None:
            return None
        reach, zone = reach_of(self._model, contact), zone_of(self._model, segment, contact)
        scope = self._model.segment(segment).scope
        person = Person(segment, 0, contact.id, scope, id_counter(contact.id), 0, 0, zone, reach, 1.0, contact.cells)
        return choose(self._routes, person, self._lot)

    def _segment(self, contact: Contact) -> str | None:
        found = homes_of(self._model, self._names, contact, self._excluded)
        if len(found) > 1:
            what = f"in the segments {' and '.join(found)} at once"
            raise UnsendableError(codes.TWO_SEGMENTS, what, "make their `where` exclude each other")
        return found[0] if found else None


def _except_file(plan: Plan, segment: str) -> str | None:
    people = plan.model.segment(segment).people
    return people.excluded if isinstance(people, Contacts) else None
