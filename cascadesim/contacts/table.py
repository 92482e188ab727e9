"""A contacts file as a table: its columns, and its rows one after the other, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from cascadesim.contacts import codes
from cascadesim.errors import ContactsError, OutsideError, Span


class Row(NamedTuple):
    """A row: where it begins (a line of a CSV file, a row of a Parquet file, from 1) and its stripped cells."""

    place: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """An opened contacts file; `rows()` reads it from the start, as often as it is called.

    A row may have more or fewer values than there are columns: whoever reads it tells. A column without a
    name has the name "".
    """

    file: str
    columns: tuple[str, ...]
    unit: Literal["line", "row"]
    rows: Callable[[], Iterator[Row]]

    def span(self, place: int) -> Span | None:
        """The place as a span; None in a Parquet file, which has no lines."""
        return Span(self.file, place, 1, place, 2) if self.unit == "line" else None


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turns what goes wrong while the file is opened or read into ContactsError, a failing disk into OutsideError."""
    try:
        yield
    except FileNotFoundError:
        raise ContactsError.of(codes.MISSING_FILE, f"there is no file {path}", "look for a slip in its name") from None
    except PermissionError:
        raise ContactsError.of(codes.NO_PERMISSION, f"{path} may not be read", "ask its owner for access") from None
    except OSError as error:
        raise OutsideError(f"{path} cannot be read: {error.strerror or error}") from error
