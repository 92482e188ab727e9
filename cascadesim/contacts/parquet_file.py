"""Parquet files, read batch by batch; every cell becomes the text that a CSV file would hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cascadesim.contacts import codes
from cascadesim.contacts.table import Row, Table, reading
from cascadesim.errors import ContactsError, Diagnostic

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC = b"PAR1"
"""What every Parquet file begins with."""

_BATCH = 8192  # rows that are in memory at a time


def open_parquet(path: Path) -> Table:
    """The table in a Parquet file; ContactsError if it is broken or a column holds more than single values."""
    import pyarrow.parquet as pq

    with reading(path), _whole(path):
        schema = pq.read_schema(path)
    faults = [
        Diagnostic(
            codes.NESTED_COLUMN,
            "error",
            None,
            f"{path}: the column `{field.name}` holds {field.type}, not text or numbers",
            "leave it out, or write it as text",
        )
        for field in schema
        if not _is_plain(field.type)
    ]
    if faults:
        raise ContactsError(*faults)
    return Table(str(path), tuple(name.strip() for name in schema.names), "row", partial(_rows, path))


def _rows(path: Path) -> Iterator[Row]:
    import pyarrow.parquet as pq

    place = 0
    with reading(path), _whole(path), pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_BATCH):
            for values in zip(*map(_texts, batch.columns), strict=True):
                place += 1
                yield Row(place, values)


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Tells a broken file from a failing disk: the latter's error has a number."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        message = f"{path} is not a whole Parquet file"
        raise ContactsError.of(codes.BROKEN_PARQUET, message, "write the file again") from None


def _is_plain(kind: pa.DataType) -> bool:
    import pyarrow as pa

    try:
        _texts(pa.array([], kind))
    except pa.ArrowException:
        return False
    return True


def _texts(column: pa.Array) -> list[str]:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        return [_number_text(value) for value in column.to_pylist()]
    return ["" if text is None else text.strip() for text in column.cast(pa.string()).to_pylist()]


def _number_text(number: float | None) -> str:
    """A data frame turns whole numbers into floats where a cell is missing: 37 must not become 37.0."""
    if number is None or number != number:
        return ""
    return f"{number:.0f}" if number.is_integer() else repr(number)
