"""Who enters and who is to stop, from files: the same orders as by the endpoints of `receipts.orders`.

A file is read to its end before anything is done, and all its faults are told at once; carried out again it
changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from cascadesim.contacts import Contact
from cascadesim.contacts.audit import Audit
from cascadesim.contacts.findings import Finding
from cascadesim.contacts.needs import Need, missing_columns
from cascadesim.contacts.opening import open_table
from cascadesim.errors import ContactsError
from cascadesim.live import codes
from cascadesim.live.entering import CannotEnterError, Door
from cascadesim.live.intake import REASONS, Coming, Entry, Intake, Reason, Stop, Taken

_AT_ONCE = 1_000


def read_stops(path: Path, now: int) -> list[Stop]:
    """The people to stop: the columns are `id` and `reason` (converted, unsubscribed). ContactsError."""
    table, stops, wrong = _opened(path, "reason"), list[Stop](), Finding()
    for place, contact in table.contacts():
        reason = _reason(contact.cells["reason"])
        if reason is None:
            wrong.note(place, contact.id)
        else:
            stops.append(Stop(contact.id, reason, now))
    hint = f"write one of: {', '.join(REASONS)}"
    _no_faults(table, wrong, codes.BAD_REASON, "no reason that there is", hint)
    return stops


def read_entries(path: Path, door: Door, now: int) -> list[Entry]:
    """The people who enter: `id`, `chain`, `event`, and the columns that contacts have. ContactsError."""
    table, entries, wrong = _opened(path, "chain", "event"), list[Entry](), Finding()
    for place, contact in table.contacts():
        try:
            entries.append(_entry(contact, door, now))
        except CannotEnterError as error:
            wrong.note(place, contact.id, str(error))
    _no_faults(table, wrong, codes.CANNOT_ENTER, "somebody who cannot enter", "mend these rows, or take them out")
    return entries


def carry_out(intake: Intake, orders: Iterable[Coming], told: Callable[[int], None] | None = None) -> Counter[Taken]:
    """Takes them a thousand at a time and counts what became of them; `told` hears after each how many are done."""
    taken: Counter[Taken] = Counter()
    left = iter(orders)
    while some := list(islice(left, _AT_ONCE)):
        taken.update(intake.take(some))
        if told is not None:
            told(taken.total())
    return taken


def _opened(path: Path, *columns: str) -> Audit:
    table = open_table(path)
    missing = missing_columns(table, tuple(Need(column, "what is to be done") for column in columns))
    if missing:
        raise ContactsError(*missing)
    return Audit(table, unique=False)  # somebody who is listed twice is stopped, or enters, once


def _entry(contact: Contact, door: Door, now: int) -> Entry:
    chain, event = contact.cells["chain"], contact.cells["event"]
    if not event:
        raise CannotEnterError("the event is empty")
    return door.entry(contact, chain, event, now)


def _reason(cell: str) -> Reason | None:
    return next((reason for reason in REASONS if reason == cell), None)


def _no_faults(table: Audit, wrong: Finding, code: str, what: str, hint: str) -> None:
    faults = [*table.diagnostics(), *wrong.diagnostics(table.table, code, what, hint)]
    if faults:
        raise ContactsError(*faults)
