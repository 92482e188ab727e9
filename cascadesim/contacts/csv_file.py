"""CSV files: UTF-8 with or without a byte-order mark, commas or semicolons, quoted as in RFC 4180."""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from cascadesim.contacts import codes
from cascadesim.contacts.table import Row, Table, reading
from cascadesim.errors import ContactsError, Span

_LONGEST_LINE = csv.field_size_limit()  # bytes; what is longer is no contact, and must not fill the memory
_QUOTED = re.compile(r'"[^"]*"')
_SAVE_AS = "save it as UTF-8 text (in a spreadsheet: `CSV UTF-8`)"


def open_csv(path: Path) -> Table:
    """The table in a CSV file: its first line that is not blank is the header, which also shows the separator.

    ContactsError if the file is empty or no text; `rows()` raises it where the file stops being CSV.
    """
    with closing(_lines(path)) as lines:
        header = next((line for line in lines if line.strip()), None)
    if header is None:
        raise ContactsError.of(
            codes.EMPTY_FILE,
            f"{path} is empty",
            "begin it with a line that names the columns, one of them `id`",
            Span(str(path), 1, 1, 1, 2),
        )
    outside_quotes = _QUOTED.sub("", header)
    delimiter = ";" if outside_quotes.count(";") > outside_quotes.count(",") else ","
    with closing(_records(path, delimiter)) as records:
        columns = next(records).values
    return Table(str(path), columns, "line", partial(_rows, path, delimiter))


def _rows(path: Path, delimiter: str) -> Iterator[Row]:
    records = _records(path, delimiter)
    next(records, None)  # the header
    yield from records


def _records(path: Path, delimiter: str) -> Generator[Row]:
    """Every row with the line on which it begins, the header among them, blank lines left out."""
    reader = csv.reader(_lines(path), delimiter=delimiter, strict=True, skipinitialspace=True)
    line = 1
    try:
        for record in reader:
            values = tuple(map(str.strip, record))
            if len(values) > 1 or any(values):
                yield Row(line, values)
            line = reader.line_num + 1
    except csv.Error:
        raise ContactsError.of(
            codes.BROKEN_QUOTES,
            f"{path}: the row that begins on line {line} is not CSV: its quotation marks or line ends are wrong",
            'a cell that holds quotation marks, separators or line ends stands in quotation marks: "a ""b"", c"',
            Span(str(path), line, 1, line, 2),
        ) from None


def _lines(path: Path) -> Generator[str]:
    """The file's lines, decoded one by one, so that a fault is told with its line and column."""
    with reading(path), path.open("rb") as file:
        for number, line in enumerate(iter(partial(file.readline, _LONGEST_LINE), b""), 1):
            if b"\0" in line:
                raise _not_text(path, number, 1)
            if len(line) == _LONGEST_LINE:
                raise _endless(path, number)
            try:
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                column = len(line[: error.start].decode("utf-8-sig")) + 1
                raise _not_text(path, number, column) from None


def _endless(path: Path, line: int) -> Exception:
    message = f"{path} is not a list of contacts in UTF-8: line {line} has {_LONGEST_LINE:,} bytes or more"
    return ContactsError.of(codes.NOT_TEXT, message, "give each contact a line", Span(str(path), line, 1, line, 2))


def _not_text(path: Path, line: int, column: int) -> Exception:
    span = Span(str(path), line, column, line, column + 1)
    return ContactsError.of(codes.NOT_TEXT, f"{path} is not text in UTF-8: see line {line}", _SAVE_AS, span)
