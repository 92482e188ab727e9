"""Reading a file's contacts while keeping count of what is wrong with its rows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from cascadesim.contacts import codes
from cascadesim.contacts.contact import ID, ZONE, Cells, Contact, Pool
from cascadesim.contacts.findings import Finding, Fingerprints
from cascadesim.contacts.opening import open_table
from cascadesim.contacts.table import Row, Table
from cascadesim.errors import ContactsError, Diagnostic
from cascadesim.model.calendar import known_zone

# A file names few zones, and looking up one that does not exist is slow.
_known_zone = lru_cache(maxsize=1024)(known_zone)


class Audit:
    """One pass over a contacts file: yields the contacts and counts the rows at fault.

    `broken` tells after the pass where the file broke off, `rows` how many rows were read.
    Where repeated ids do no harm (a list of people to leave out), `unique` is False. Who keeps the contacts
    sets `keep`: they then share what recurs, which costs a little time.
    """

    def __init__(self, table: Table, *, unique: bool = True, keep: bool = False) -> None:
        self.table = table
        self.rows = 0
        self.wrong_width = Finding()
        self.empty_ids = Finding()
        self.unknown_zones = Finding()
        self._fingerprints = Fingerprints() if unique else None
        self._pool = Pool(len(table.columns)) if keep else None
        self._places = {column: place for place, column in enumerate(table.columns) if column}
        self.broken: tuple[Diagnostic, ...] = ()

    def contacts(self) -> Iterator[tuple[int, Contact]]:
        """Each contact with its place. A row with the wrong number of cells or without an id is none.

        The pass ends where the file breaks off; `diagnostics` tells.
        """
        zone_at = self._places.get(ZONE)
        try:
            for row in self.table.rows():
                self.rows += 1
                key = self._key(row)
                if key is None:
                    continue
                if zone_at is not None and (zone := row.values[zone_at]) and not _known_zone(zone):
                    self.unknown_zones.note(row.place, key, zone)
                if self._fingerprints:
                    self._fingerprints.add(key)
                values = self._pool.shared(row.values) if self._pool else row.values
                yield row.place, Contact(key, Cells(self._places, values))
        except ContactsError as error:
            self.broken = error.diagnostics

    def _key(self, row: Row) -> str | None:
        width = len(row.values)
        if width != len(self.table.columns):
            self.wrong_width.note(row.place, "", "1 cell" if width == 1 else f"{width} cells")
            return None
        key = row.values[self._places[ID]]
        if not key:
            self.empty_ids.note(row.place, "")
        return key or None

    def duplicates(self) -> Finding:
        """The rows whose id an earlier row has; reads the file once more if there seem to be any."""
        finding = Finding()
        repeated = self._fingerprints.repeated() if self._fingerprints else set()
        if not repeated:
            return finding
        first: dict[str, int] = {}
        for place, contact in Audit(self.table, unique=False).contacts():
            if hash(contact.id) not in repeated:
                continue
            if contact.id in first:
                finding.note(place, contact.id, f"first on {self.table.unit} {first[contact.id]}")
            else:
                first[contact.id] = place
        return finding

    def diagnostics(self) -> list[Diagnostic]:
        """What is wrong with the file after the pass, one diagnostic a kind of fault."""
        table, cells = self.table, len(self.table.columns)
        width = f"give each of them {cells} cells, as the header has; quote a cell that holds the separator"
        nameless = "give every contact an id, or remove the row"
        zone = "write it as Europe/Riga, or leave the cell empty"
        return [
            *self.wrong_width.diagnostics(table, codes.WRONG_WIDTH, "a wrong number of cells", width),
            *self.empty_ids.diagnostics(table, codes.EMPTY_ID, "no id", nameless),
            *self.duplicates().diagnostics(table, codes.DUPLICATE_ID, "the id of an earlier row", "keep one row each"),
            *self.unknown_zones.diagnostics(table, codes.UNKNOWN_ZONE, "an unknown time zone", zone),
            *self.broken,
        ]


def read_contacts(path: Path | str) -> Iterator[Contact]:
    """The contacts of a CSV or Parquet file, streamed in the order of the file.

    ContactsError: at once if the file cannot be used; after the last contact, with all the faults, if rows have
    the wrong number of cells, an unknown time zone, no id or the id of an earlier row. So whoever writes what
    they read must do so atomically.
    """
    return _checked(Audit(open_table(path)))


def _checked(audit: Audit) -> Iterator[Contact]:
    for _, contact in audit.contacts():
        yield contact
    faults = audit.diagnostics()
    if faults:
        raise ContactsError(*faults)
