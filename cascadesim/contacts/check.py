"""Checking a contacts file, by itself or against a script."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cascadesim.contacts.audit import Audit
from cascadesim.contacts.contact import Contact
from cascadesim.contacts.findings import Finding
from cascadesim.contacts.members import Excluded, read_excluded, segments_of
from cascadesim.contacts.needs import Blanks, Need, missing_columns, needs_of, unfilled_diagnostics
from cascadesim.contacts.opening import open_table
from cascadesim.contacts.report import ContactsReport
from cascadesim.contacts.table import Table
from cascadesim.errors import ContactsError, Diagnostic
from cascadesim.model.model import Model
from cascadesim.model.segment import Contacts

COMMON_ADDRESSES = (
    "call", "e-mail", "email", "facebook", "instagram", "line", "mail", "messenger", "mms", "mobile", "phone", "push",
    "rcs", "sms", "telegram", "telephone", "text", "viber", "voice", "wechat", "whatsapp",
)  # fmt: skip
"""Names of columns, in lower case, that are taken for addresses where no script says which are."""


def check_contacts(
    path: Path | str,
    model: Model | None = None,
    *,
    base: Path | None = None,
    addresses: tuple[str, ...] | None = None,
) -> ContactsReport:
    """The report on a CSV or Parquet file, in one pass and in bounded memory (8 bytes an id).

    With a script's model the columns of addresses are its channels' and people are put in its segments: those
    that take people from a file of this name (if there is none: from any file), else those that the cell
    `segment` names. `base`, the script's folder, is where `except` files are looked for; without it nobody is
    left out. Without a model `addresses` names the columns, by default those in `COMMON_ADDRESSES`.

    ContactsError if the file cannot be read to its end, or an `except` file cannot, or if it lacks one of
    `addresses`; what is wrong with single rows is in the report.
    """
    table = open_table(path)
    narrowed = None if model is None else _narrowed(model, table)
    tally = _Tally(_addresses(table, model, addresses), narrowed, base)
    audit = Audit(table)
    for place, contact in audit.contacts():
        tally.add(place, contact)
    if audit.broken:
        raise ContactsError(*audit.broken)
    return _report(audit, tally)


def _narrowed(model: Model, table: Table) -> Model:
    """The model without the segments that take their people from other files, if some take them from this one."""
    mine = {s.name for s in model.segments if isinstance(s.people, Contacts) and _same_name(s.people.file, table.file)}
    if not mine:
        return model
    kept = (s for s in model.segments if s.name in mine or not isinstance(s.people, Contacts))
    return replace(model, segments=tuple(kept))


def _same_name(one: str, other: str) -> bool:
    return Path(one).name == Path(other).name


def _addresses(table: Table, model: Model | None, named: tuple[str, ...] | None) -> tuple[str, ...]:
    """The columns of addresses; ContactsError if one that is named is not there."""
    if model is not None:
        known = {channel.column for channel in model.channels}
        return tuple(column for column in table.columns if column in known)
    if named is None:
        return tuple(column for column in table.columns if column.lower() in COMMON_ADDRESSES)
    faults = missing_columns(table, tuple(Need(column, "addresses") for column in named))
    if faults:
        raise ContactsError(*faults)
    return named


class _Tally:
    """Counts reach and membership, contact by contact."""

    def __init__(self, addresses: tuple[str, ...], model: Model | None, base: Path | None) -> None:
        self.model = model
        self.empty_addresses = {column: Finding() for column in addresses}
        self.unreachable = Finding()
        self.people = {} if model is None else dict.fromkeys(model.segments_of(None), 0)
        self.in_two_segments = Finding()
        self.in_no_segment = Finding()
        self.unfilled = Finding()
        self._blanks = {} if model is None else {name: Blanks(model, name) for name in self.people}
        self._excluded: Excluded = {} if model is None or base is None else read_excluded(model, base)

    def add(self, place: int, contact: Contact) -> None:
        """Counts one contact."""
        empty = [column for column in self.empty_addresses if not contact.cells[column]]
        for column in empty:
            self.empty_addresses[column].note(place, contact.id)
        if len(empty) == len(self.empty_addresses):
            self.unreachable.note(place, contact.id)
        if self.model is not None:
            self._place(place, contact, segments_of(self.model, contact, self._excluded))

    def _place(self, place: int, contact: Contact, segments: tuple[str, ...]) -> None:
        for name in segments:
            self.people[name] += 1
            if unfilled := self._blanks[name].unfilled(contact.cells):
                self.unfilled.note(place, contact.id, unfilled)
        if not segments:
            self.in_no_segment.note(place, contact.id)
        elif len(segments) > 1:
            self.in_two_segments.note(place, contact.id, " and ".join(segments))


def _report(audit: Audit, tally: _Tally) -> ContactsReport:
    return ContactsReport(
        file=audit.table.file,
        unit=audit.table.unit,
        rows=audit.rows,
        columns=audit.table.columns,
        missing_columns=_column_faults(audit.table, tally),
        wrong_width=audit.wrong_width,
        empty_ids=audit.empty_ids,
        duplicates=audit.duplicates(),
        unknown_zones=audit.unknown_zones,
        empty_addresses=tally.empty_addresses,
        unreachable=tally.unreachable if tally.empty_addresses else None,
        people=tally.people,
        in_two_segments=None if tally.model is None else tally.in_two_segments,
        in_no_segment=None if tally.model is None else tally.in_no_segment,
    )


def _column_faults(table: Table, tally: _Tally) -> tuple[Diagnostic, ...]:
    """What is not there for the segments that take people from this file or have some in it."""
    model = tally.model
    if model is None:
        return ()
    concerned = [s.name for s in model.segments if tally.people[s.name] or isinstance(s.people, Contacts)]
    missing = (d for name in concerned for d in missing_columns(table, needs_of(model, name)))
    return (*dict.fromkeys(missing), *unfilled_diagnostics(table, tally.unfilled))
