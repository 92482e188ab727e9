"""The members of the segments that take their people from files."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from cascadesim.contacts import codes
from cascadesim.contacts.audit import Audit
from cascadesim.contacts.contact import Contact
from cascadesim.contacts.findings import Finding
from cascadesim.contacts.members import Excluded, belongs, read_excluded
from cascadesim.contacts.needs import Blanks, missing_columns, needs_of, unfilled_diagnostics
from cascadesim.contacts.nobody import nobody
from cascadesim.contacts.opening import open_table
from cascadesim.contacts.table import Table
from cascadesim.errors import ContactsError, Diagnostic
from cascadesim.model.model import Model
from cascadesim.model.segment import Contacts, Segment


def load_segments(model: Model, base: Path, segments: tuple[str, ...] | None = None) -> dict[str, list[Contact]]:
    """The members of each `people from` segment, sorted by id (code points).

    `base` is the folder that the script's file names start from. `segments` restricts what is read; a segment
    without contacts is passed over. Each file is read once. ContactsError carries all the faults of all the
    files: rows at fault (see `read_contacts`), a column that is needed and missing (see `needs_of`), a cell
    that is empty where a text would show it, a person in two of these segments, a segment without people.
    """
    wanted = [s for s in model.segments if isinstance(s.people, Contacts) and (segments is None or s.name in segments)]
    loader = _Loader(model, base, wanted)
    for file, group in _by_file(wanted).items():
        loader.read(base / file, group)
    if loader.faults:
        raise ContactsError(*loader.faults)
    return {name: sorted(members, key=lambda contact: contact.id) for name, members in loader.members.items()}


def _by_file(segments: list[Segment]) -> dict[str, list[Segment]]:
    groups: dict[str, list[Segment]] = {}
    for segment in segments:
        if isinstance(segment.people, Contacts):
            groups.setdefault(segment.people.file, []).append(segment)
    return groups


@dataclass(slots=True)
class _Found:
    """What is wrong with the members that one file gives, row by row."""

    in_two_segments: Finding = field(default_factory=Finding)
    unfilled: Finding = field(default_factory=Finding)

    def diagnostics(self, table: Table) -> list[Diagnostic]:
        hint = "make the `where` of the segments exclude each other"
        what = "a person who is in two segments"
        overlap = self.in_two_segments.diagnostics(table, codes.IN_TWO_SEGMENTS, what, hint)
        return overlap + unfilled_diagnostics(table, self.unfilled)


class _Loader:
    """Collects members and faults file by file."""

    def __init__(self, model: Model, base: Path, wanted: list[Segment]) -> None:
        self.members: dict[str, list[Contact]] = {segment.name: [] for segment in wanted}
        self.faults: list[Diagnostic] = []
        self._model = model
        self._excluded: Excluded = {}
        self._blanks = {segment.name: Blanks(model, segment.name) for segment in wanted}
        self._owners: dict[str, str] = {}  # the segment of each id, over all files
        try:
            self._excluded = read_excluded(replace(model, segments=tuple(wanted)), base)
        except ContactsError as error:
            self.faults += error.diagnostics

    def read(self, path: Path, group: list[Segment]) -> None:
        """Reads one file for the segments that take people from it."""
        try:
            table = open_table(path)
        except ContactsError as error:
            self.faults += [replace(d, span=d.span or group[0].span) for d in error.diagnostics]
            return
        missing = [d for s in group for d in missing_columns(table, needs_of(self._model, s.name))]
        audit, found = Audit(table, keep=True), _Found()
        for place, contact in audit.contacts():
            for segment in group:
                if belongs(segment, contact, self._excluded):
                    self._add(segment.name, contact, place, found)
        self.faults += [*dict.fromkeys(missing), *audit.diagnostics(), *found.diagnostics(table)]
        if not missing and not audit.broken:
            self.faults += [nobody(table, s, self._excluded) for s in group if not self.members[s.name]]

    def _add(self, segment: str, contact: Contact, place: int, found: _Found) -> None:
        self.members[segment].append(contact)
        if len(self.members) > 1:
            owner = self._owners.setdefault(contact.id, segment)
            if owner != segment:
                found.in_two_segments.note(place, contact.id, f"in {owner} and {segment}")
        if unfilled := self._blanks[segment].unfilled(contact.cells):
            found.unfilled.note(place, contact.id, unfilled)
