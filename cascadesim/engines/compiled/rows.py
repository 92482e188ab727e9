"""From the compiled engine's records to Arrow tables, with the columns of `cascadesim.model.record.Record`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from cascadesim.contacts import Contact
from cascadesim.draws.behaviour import FATES
from cascadesim.engines.compiled.layout import COUNTED, NEVER, Array
from cascadesim.engines.compiled.prepared import Prepared

_ROWS = 100_000
_STATES = FATES[:COUNTED]


class Rows:
    """The tables of one replication's records."""

    def __init__(self, it: Prepared, schema: pa.Schema, contacts: Mapping[str, Sequence[Contact]], replication: int):
        self._it = it
        self._schema = schema
        self._replication = replication
        self._ids = {name: pa.array([c.id for c in some], pa.string()) for name, some in contacts.items()}
        self._steps = np.array([step for _, step, _ in it.slots], np.int64)
        self._channels = pa.array([channel for _, _, channel in it.slots], pa.string())

    def of(self, crowd: int, records: Array, entries: Array) -> Iterator[pa.Table]:
        """A crowd's records, whose `person` is the number in it; `entries` are its people's, empty: at the start."""
        for begin in range(0, len(records), _ROWS):
            yield self._table(crowd, records[begin : begin + _ROWS], entries)

    def _table(self, crowd: int, records: Array, entries: Array) -> pa.Table:
        name = self._it.names[crowd]
        person, slot = records["person"], records["slot"]
        ids = self._ids[name].take(pa.array(person)) if name in self._ids else pa.array(person).cast(pa.string())
        times = [pa.array(records[state], mask=records[state] == NEVER) for state in _STATES]
        many = len(records)
        columns = [
            pa.repeat(pa.scalar(self._replication, pa.int64()), many),
            pa.repeat(pa.scalar(name, pa.string()), many),
            ids,
            pa.array(self._steps[slot]),
            self._channels.take(pa.array(slot)),
            pa.array(entries[person] if len(entries) else np.zeros(many, np.int64)),
            pa.array(records["queued"]),
            pa.array(records["sent"]),
            *times,
            pa.array(records["cost"]),
            pa.array(records["attempt"].astype(np.int64)),
        ]
        return pa.table(columns, schema=self._schema)
