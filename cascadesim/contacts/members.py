"""Which segment a contact belongs to: `where`, `except` and the cell `segment` (S2)."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from cascadesim.contacts import codes
from cascadesim.contacts.audit import Audit
from cascadesim.contacts.contact import SEGMENT, Contact
from cascadesim.contacts.opening import open_table
from cascadesim.errors import ContactsError, Diagnostic
from cascadesim.model.model import Model
from cascadesim.model.segment import Contacts, Segment, Test
from cascadesim.units import parse_count

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")

Excluded = Mapping[str, Container[str]]
"""By segment, the ids that its `except` file leaves out."""


def matches(test: Test, cells: Mapping[str, str]) -> bool:
    """Whether the cell passes the test; a cell that is missing counts as empty.

    `is` and its kin compare texts, and as numbers what is a number on both sides (7 is 7.0); the comparisons
    compare numbers, and a cell that is none does not pass.
    """
    cell = cells.get(test.column, "")
    match test.comparison:
        case "is" | "is one of":
            return _is_one_of(cell, test.values)
        case "is not" | "is not one of":
            return not _is_one_of(cell, test.values)
    number, limit = _cell_number(cell), _script_number(test.values[0])
    if number is None or limit is None:
        return False
    match test.comparison:
        case "over":
            return number > limit
        case "under":
            return number < limit
        case "at least":
            return number >= limit
        case "at most":
            return number <= limit


def belongs(segment: Segment, contact: Contact, excluded: Excluded) -> bool:
    """Whether a contact is one of the `people from` of this segment, wherever the contact was read."""
    people = segment.people
    if not isinstance(people, Contacts) or contact.id in excluded.get(segment.name, ()):
        return False
    return all(matches(test, contact.cells) for test in people.where)


def segments_of(model: Model, contact: Contact, excluded: Excluded | None = None) -> tuple[str, ...]:
    """The segments that a contact belongs to, by name: none, one, or several, which is a fault (S2).

    Those whose `people from` takes the contact; if there is none, the one that the cell `segment` names, unless
    that one takes its people from a file and does not take this contact. Without `excluded` (see
    `read_excluded`) nobody is left out by an `except` file.
    """
    found = tuple(sorted(s.name for s in model.segments if belongs(s, contact, excluded or {})))
    if found:
        return found
    cell = contact.cells.get(SEGMENT, "")
    return tuple(s.name for s in model.segments if s.name == cell and not isinstance(s.people, Contacts))


def homes_of(model: Model, names: Sequence[str], contact: Contact, excluded: Excluded | None = None) -> tuple[str, ...]:
    """The segments of a plan for these segments that a contact belongs to, as `segments_of` finds them.

    Where the plan has only one, and that takes nobody from a file, everybody is in it who names no other.
    """
    found = segments_of(model, contact, excluded)
    if not found and len(names) == 1 and not contact.cells.get(SEGMENT):
        (only,) = names
        return () if isinstance(model.segment(only).people, Contacts) else (only,)
    return found


def segment_of(model: Model, contact: Contact, excluded: Excluded | None = None) -> str | None:
    """The segment that a contact belongs to, as `segments_of` finds it; ContactsError if there are several."""
    found = segments_of(model, contact, excluded)
    if len(found) > 1:
        message = f"contact {contact.id} belongs to segments {' and '.join(found)}"
        raise ContactsError.of(codes.IN_TWO_SEGMENTS, message, "make their `where` exclude each other")
    return found[0] if found else None


def read_excluded(model: Model, base: Path) -> dict[str, frozenset[str]]:
    """For each segment with an `except` file (named relative to `base`), the ids in it.

    ContactsError with all the faults of these files: a list of people who must not be written to has to be
    read to its last row.
    """
    files: dict[str, list[Segment]] = {}
    for segment in model.segments:
        if isinstance(segment.people, Contacts) and segment.people.excluded:
            files.setdefault(segment.people.excluded, []).append(segment)
    faults: list[Diagnostic] = []
    excluded: dict[str, frozenset[str]] = {}
    for file, segments in files.items():
        try:
            audit = Audit(open_table(base / file), unique=False)
        except ContactsError as error:
            faults += [replace(d, span=d.span or segments[0].span) for d in error.diagnostics]
            continue
        ids = frozenset(contact.id for _, contact in audit.contacts())
        faults += audit.diagnostics()
        excluded |= {segment.name: ids for segment in segments}
    if faults:
        raise ContactsError(*faults)
    return excluded


def _is_one_of(cell: str, values: tuple[str, ...]) -> bool:
    if cell in values:
        return True
    number = _cell_number(cell)
    return number is not None and any(number == _script_number(value) for value in values)


@lru_cache(maxsize=4096)
def _cell_number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=4096)
def _script_number(text: str) -> Decimal | None:
    """A number as scripts write them: 10k and 10_000 too."""
    try:
        return -parse_count(text[1:]) if text.startswith("-") else parse_count(text)
    except ValueError:
        return None
