"""What one's own systems say, as signed JSON: who enters, who is to stop, and what happened outside (S11).

- `POST /enter {"person": {"id": "p7", "sms": "+37120000001"}, "chain": "welcome", "event": "signed_up"}`: the
  person is a row of the contacts. Somebody enters once; the event says why.
- `POST /stop {"person": "p7", "reason": "unsubscribed"}`, or `"converted"`: they get nothing more, also when they
  enter only later.
- `POST /event {"id": "o-1", "person": "p7", "event": "order_placed", "at": "2027-03-01T10:00:00Z"}`: it stops
  and covers where the script names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cascadesim.contacts import Contact
from cascadesim.contacts.contact import ID
from cascadesim.live.entering import CannotEnterError, Door
from cascadesim.live.intake import REASONS, Coming, Entry, Event, Stop
from cascadesim.live.receipts.shape import instant, one_of, read_object, text, wrong

_MOST_CELLS = 200

When = Callable[[int], int]
"""The campaign's instant for Unix microseconds, which are somebody's word."""


def read_stop(body: bytes, now: int, when: When) -> Coming:
    """The stop that the body is; TurnedAwayError if it is none. So the others."""
    data = read_object(body, ("person", "reason"))
    return Stop(text(data["person"], "person"), one_of(data["reason"], "reason", REASONS), now)


def read_event(body: bytes, now: int, when: When) -> Coming:
    """An outside event."""
    data = read_object(body, ("id", "person", "event", "at"))
    names = [text(data[name], name) for name in ("id", "person", "event")]
    return Event(names[0], names[1], names[2], when(instant(data["at"], "at")))


def entry_reader(door: Door) -> Callable[[bytes, int, When], Coming]:
    """Reads who enters by this door."""

    def read_entry(body: bytes, now: int, when: When) -> Entry:
        data = read_object(body, ("person", "chain", "event"))
        contact, chain, event = _contact(data["person"]), text(data["chain"], "chain"), text(data["event"], "event")
        try:
            return door.entry(contact, chain, event, now)
        except CannotEnterError as error:
            wrong(str(error))

    return read_entry


def _contact(person: Any) -> Contact:
    if not isinstance(person, dict) or ID not in person or len(person) > _MOST_CELLS:
        wrong("`person` is not an object with an `id` and columns as the contacts have them")
    return Contact(text(person[ID], "person.id"), _cells(person))


def _cells(person: Mapping[str, object]) -> dict[str, str]:
    """The cells as a contacts file would have them: texts, stripped, "" where there is none."""
    cells = {}
    for name, value in person.items():
        stripped = value.strip() if isinstance(value, str) else value
        # What is shown of a request is shown in logs too, where an address has no place, be it out of place here.
        shown = f"person.{name}" if name.isidentifier() else "a column of person"
        cells[text(name, "a column's name")] = "" if stripped in ("", None) else text(stripped, shown)
    return cells
