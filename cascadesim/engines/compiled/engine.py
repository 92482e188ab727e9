"""Cases run by the compiled engine: replications and ranges of people, spread over cores, added up in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cascadesim.contacts import Contact
from cascadesim.engines.case import Case, Progress, is_limited
from cascadesim.engines.compiled.gather import add_to, rows
from cascadesim.engines.compiled.layout import Array
from cascadesim.engines.compiled.prepared import Keep, Part, Prepared, prepare, run_alone, run_together
from cascadesim.engines.jit import noticing
from cascadesim.engines.records import RecordWriter
from cascadesim.engines.spread import spread
from cascadesim.engines.tally import Sums, nothing
from cascadesim.model.model import Model

if TYPE_CHECKING:
    import pyarrow as pa

    from cascadesim.engines.compiled.rows import Rows

Contacts = Mapping[str, Sequence[Contact]]
_RANGE = 262_144
_RECORDED = 32_768
_AHEAD = 32
_RECORDED_AT_ONCE = 500_000


class Runs:
    """A case's runs: `jobs` is how many threads work at a time (None: all cores, or what joblib is configured to)."""

    def __init__(
        self, model: Model, case: Case, contacts: Contacts, jobs: int | None = None, progress: Progress | None = None
    ) -> None:
        self._model = model
        self._case = case
        self._contacts = contacts
        self._jobs = -1 if jobs is None else jobs
        self._progress = progress
        self._limited = is_limited(model, case)
        self._prepared = prepare(model, case.routes, contacts)
        self.processes: set[int] = set()

    def replications(self, count: int, records: RecordWriter | None) -> list[dict[str, Sums]]:
        """What each segment came to in each replication; their records are written one after the other."""
        with noticing(partial(self._say, "(compiling first, once on this machine)", 0, 1)):
            if self._limited:
                return self._together(count, records)
            return [self._alone(replication, records) for replication in range(count)]

    def people(self, replication: int) -> dict[str, NDArray[np.int64]]:
        """The people of each segment, a row each: (1, covered, cost, messages, duplicates)."""
        it = self._prepared
        if self._limited:
            return rows(it, [run_together(it, replication, "people")])
        parts = spread(
            run_alone, list(self._ranges(self._entries(replication), replication, "people", _RANGE)), self._jobs
        )
        return rows(it, list(parts))

    # Limits tie people together: a replication is one piece of work

    def _together(self, count: int, records: RecordWriter | None) -> list[dict[str, Sums]]:
        it = self._prepared
        if records is not None:
            return [self._summed([self._recorded(replication, records)]) for replication in range(count)]
        if count == 1:
            return [self._summed([run_together(it, 0, "nothing", passed=self._passed)])]
        parts = spread(run_together, [(it, replication, "nothing") for replication in range(count)], self._jobs, _AHEAD)
        found = []
        for part in parts:
            found.append(self._summed([part]))
            self._say(self._case.name, len(found), count)
        return found

    def _recorded(self, replication: int, records: RecordWriter) -> Part:
        """One replication, run again and again for the records of some people at a time, to keep memory small."""
        from cascadesim.engines.compiled.rows import Rows

        it, entries = self._prepared, self._entries(replication)
        begins = np.concatenate(([0], np.cumsum(self._sizes(entries)))).tolist()
        tables = Rows(it, records.schema, self._contacts, replication)
        parts: list[Part] = []

        def written() -> Iterator[object]:
            for first in range(0, begins[-1] or 1, _RECORDED_AT_ONCE):
                part = run_together(it, replication, "records", first, first + _RECORDED_AT_ONCE, self._passed)
                for some in part.records:
                    yield from tables.by_crowd(some, begins, entries)
                part.records.clear()
                parts[:] = parts or [part]

        records.write_tables(written())
        return parts[0]

    # No limits: any range of people is a piece of work

    def _alone(self, replication: int, records: RecordWriter | None) -> dict[str, Sums]:
        entries = self._entries(replication)
        everybody, done = int(sum(self._sizes(entries))), 0
        keep: Keep = "nothing" if records is None else "records"
        tasks = list(self._ranges(entries, replication, keep, _RANGE if records is None else _RECORDED))
        ahead = None if records is None else _AHEAD
        parts = []

        def worked() -> Iterator[tuple[int, Part]]:
            nonlocal done
            for (_, crowd, first, beyond, *_), part in zip(
                tasks, spread(run_alone, tasks, self._jobs, ahead), strict=True
            ):
                done += beyond - first
                self._say(self._case.name, done, everybody)
                parts.append(part)
                yield crowd, part

        if records is None:
            for _ in worked():
                pass
        else:
            from cascadesim.engines.compiled.rows import Rows

            tables = Rows(self._prepared, records.schema, self._contacts, replication)
            records.write_tables(_tables(tables, worked(), entries))
        return self._summed(parts)

    def _ranges(
        self, entries: Sequence[Array], replication: int, keep: Keep, most: int
    ) -> Iterator[tuple[Prepared, int, int, int, int, Array, Keep]]:
        for crowd, size in enumerate(self._sizes(entries)):
            for first in range(0, size, most):
                yield self._prepared, crowd, first, min(first + most, size), replication, entries[crowd], keep

    # Both

    def _entries(self, replication: int) -> list[Array]:
        return [crowd.entries(replication) for crowd in self._prepared.crowds]

    def _sizes(self, entries: Sequence[Array]) -> list[int]:
        crowds = zip(self._prepared.crowds, entries, strict=True)
        return [len(mine) if crowd.size is None else crowd.size for crowd, mine in crowds]

    def _summed(self, parts: Sequence[Part]) -> dict[str, Sums]:
        sums = nothing(self._model, self._case.routes)
        add_to(sums, self._prepared, parts)
        self.processes |= {part.process for part in parts}
        return sums

    def _passed(self, done: int, of: int) -> None:
        self._say(self._case.name, done, of)

    def _say(self, what: str, done: int, of: int) -> None:
        if self._progress is not None:
            self._progress(what, done, of)


def _tables(tables: Rows, worked: Iterator[tuple[int, Part]], entries: Sequence[Array]) -> Iterator[pa.Table]:
    for crowd, part in worked:
        for some in part.records:
            yield from tables.of(crowd, some, entries[crowd])
        part.records.clear()
