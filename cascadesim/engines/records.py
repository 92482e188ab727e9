"""Records: one row a message, as Parquet (columns: see `cascadesim.model.record.Record`)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from cascadesim.engines.events import Trip
from cascadesim.errors import InputError
from cascadesim.model.record import Record

_BATCH = 100_000
_TEXT = ("segment", "recipient", "channel")


def records_of(trips: Sequence[Trip], replication: int) -> Iterator[Record]:
    """The rows of one replication, in the order of segment, person's number, step and channel."""
    for trip in sorted(trips, key=lambda t: (t.person.segment, t.person.number)):
        person = trip.person
        for message in sorted(trip.messages, key=lambda m: (m.step, m.channel)):
            fate = message.fate
            yield Record(
                replication, person.segment, person.id, message.step, message.channel, person.entry,
                message.queued_at, message.sent_at, fate.delivered, fate.opened, fate.clicked, fate.replied,
                message.cost, message.attempt,
            )  # fmt: skip


class RecordWriter:
    """Writes records to a Parquet file, batch by batch; the file appears when all of it is written.

    InputError where it cannot be written; then nothing is left behind.
    """

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._path = path
        self._arrow = pa
        self._schema = pa.schema([(name, pa.string() if name in _TEXT else pa.int64()) for name in Record._fields])
        try:
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            os.close(handle)
        except OSError as error:
            raise _unwritable(path, error) from None
        self._temporary = Path(name)
        self._writer = pq.ParquetWriter(name, self._schema)

    def write(self, records: Iterable[Record]) -> None:
        """Appends the records."""
        rows = iter(records)
        while batch := list(islice(rows, _BATCH)):
            columns = [
                self._arrow.array(c, f.type) for c, f in zip(zip(*batch, strict=True), self._schema, strict=True)
            ]
            self._writer.write_table(self._arrow.table(columns, schema=self._schema))

    def __enter__(self) -> RecordWriter:
        return self

    def __exit__(self, kind: Any, *_: object) -> None:
        self._writer.close()
        if kind is not None:
            self._temporary.unlink()
            return
        try:
            self._temporary.replace(self._path)
        except OSError as error:
            self._temporary.unlink()
            raise _unwritable(self._path, error) from None


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError.of("C091", f"{path} cannot be written: {error.strerror}", "name a file in a folder that exists")
