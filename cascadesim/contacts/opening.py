"""Opening a contacts file: which format it has, and whether its header will do."""

from __future__ import annotations

from pathlib import Path

from cascadesim.contacts import codes
from cascadesim.contacts.contact import ID
from cascadesim.contacts.csv_file import open_csv
from cascadesim.contacts.parquet_file import MAGIC, open_parquet
from cascadesim.contacts.table import Table, reading
from cascadesim.errors import ContactsError, Diagnostic


def open_table(path: Path | str) -> Table:
    """The table in a CSV or Parquet file (told by its first bytes), its header read and checked.

    ContactsError if the file cannot be used, with all that is wrong with its header; OutsideError if the disk
    fails.
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        what = "a directory" if path.is_dir() else "not a regular file"
        raise ContactsError.of(codes.NOT_A_FILE, f"{path} is {what}", "name a CSV or Parquet file")
    with reading(path), path.open("rb") as file:
        is_parquet = file.read(len(MAGIC)) == MAGIC
    table = open_parquet(path) if is_parquet else open_csv(path)
    faults = _header_faults(table)
    if faults:
        raise ContactsError(*faults)
    return table


def _header_faults(table: Table) -> list[Diagnostic]:
    """What is wrong with the columns' names. One without a name is let pass: spreadsheets leave them behind."""
    named = [column for column in table.columns if column]
    faults = []
    for column in sorted({column for column in named if named.count(column) > 1}):
        message = f"{table.file} has several columns named `{column}`"
        faults.append(_fault(table, codes.COLUMN_TWICE, message, "rename or remove all but one"))
    if ID not in named:
        faults.append(_fault(table, codes.NO_ID_COLUMN, f"{table.file} has no column `id`", _id_hint(named)))
    return faults


def _id_hint(named: list[str]) -> str:
    near = next((column for column in named if column.lower() == ID), None)
    if near is not None:
        return f"rename the column `{near}` to `id`"
    if any("\t" in column for column in named):
        return "separate the columns by commas or semicolons, not by tabs"
    return "name the column that tells people apart `id`"


def _fault(table: Table, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, "error", table.span(1), message, hint)
