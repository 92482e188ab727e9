"""Records: one row a message, as Parquet (columns: see `cascadesim.model.record.Record`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cascadesim.model.record import Record
from cascadesim.plan.writing import drafting

if TYPE_CHECKING:
    import pyarrow as pa

    from cascadesim.engines.events import Trip

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

    However they come, there are so many rows to a row group, and another begins with each replication of a case.
    Raises what `drafting` raises where it cannot be written; then nothing is left behind.
    """

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._arrow = pa
        self.schema = pa.schema([(name, pa.string() if name in _TEXT else pa.int64()) for name in Record._fields])
        self._stack = ExitStack()
        draft = self._stack.enter_context(drafting(path))
        self._writer = self._stack.enter_context(pq.ParquetWriter(draft, self.schema))

    def write(self, records: Iterable[Record]) -> None:
        """Appends the records of one replication of a case."""
        rows = iter(records)
        self.write_tables(self._table(batch) for batch in iter(lambda: list(islice(rows, _BATCH)), []))

    def write_tables(self, tables: Iterable[pa.Table]) -> None:
        """Appends the records of one replication of a case, given as Arrow tables of any size."""
        waiting: list[pa.Table] = []
        rows = 0
        for table in tables:
            waiting.append(table)
            rows += len(table)
            if rows >= _BATCH:
                whole = self._arrow.concat_tables(waiting)
                rows %= _BATCH
                for begin in range(0, len(whole) - rows, _BATCH):
                    self._write(whole[begin : begin + _BATCH])
                waiting = [whole[len(whole) - rows :]]
        if rows:
            self._write(self._arrow.concat_tables(waiting))

    def _write(self, table: pa.Table) -> None:
        self._writer.write_table(table.combine_chunks())

    def _table(self, batch: Sequence[Record]) -> pa.Table:
        columns = zip(zip(*batch, strict=True), self.schema, strict=True)
        return self._arrow.table([self._arrow.array(c, f.type) for c, f in columns], schema=self.schema)

    def __enter__(self) -> RecordWriter:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._stack.__exit__(kind, error, trace)
