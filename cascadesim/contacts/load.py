"""The members of the segments that take their people from files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from cascadesim.contacts import codes
from cascadesim.contacts.audit import Audit
from cascadesim.contacts.contact import Cells, Contact
from cascadesim.contacts.findings import Finding
from cascadesim.contacts.members import Excluded, belongs, matches, read_excluded
from cascadesim.contacts.needs import missing_columns, needs_of
from cascadesim.contacts.opening import open_table
from cascadesim.contacts.table import Table
from cascadesim.errors import ContactsError, Diagnostic
from cascadesim.model.model import Model
from cascadesim.model.segment import Contacts, Segment, Test

_SHARED = 1000  # distinct cells of a column that are kept once; addresses go beyond, towns and tiers do not
_VALUES_TOLD = 6

Members = dict[str, list[Contact]]


def load_segments(model: Model, base: Path, segments: tuple[str, ...] | None = None) -> Members:
    """The members of each `people from` segment, sorted by id (code points).

    `base` is the folder that the script's file names start from; `segments` restricts which are read (names of
    segments without contacts are passed over). Every file is read once, in one pass. ContactsError carries all
    the faults of all the files: rows at fault (see `read_contacts`), a column that is needed and missing (see
    `needs_of`), a person in two of these segments, a segment nobody belongs to.
    """
    wanted = [s for s in model.segments if isinstance(s.people, Contacts) and (segments is None or s.name in segments)]
    loading = _Loading(replace(model, segments=tuple(wanted)), base)
    by_file: dict[str, list[Segment]] = {}
    for segment in wanted:
        by_file.setdefault(segment.people.file, []).append(segment)  # type: ignore[union-attr]  # see `wanted`
    for file, group in by_file.items():
        loading.read(file, group)
    if loading.faults:
        raise ContactsError(*loading.faults)
    return {name: sorted(members, key=lambda contact: contact.id) for name, members in loading.members.items()}
