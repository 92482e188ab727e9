"""Cases run by the compiled engine: replications and ranges of people, spread over cores, added up in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cascadesim.contacts import Contact
from cascadesim.engines.case import Case, Progress, is_limited
from cascadesim.engines.compiled.gather import add_to, rows
from cascadesim.engines.compiled.layout import Array
from cascadesim.engines.compiled.prepared import Keep, Part, Span, prepare, run_alone, run_together
from cascadesim.engines.jit import noticing
from cascadesim.engines.records import RecordWriter
from cascadesim.engines.spread import spread
from cascadesim.engines.tally import Sums, nothing
from cascadesim.model.model import Model

if TYPE_CHECKING:
    import pyarrow as pa

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

    def replications(self, count: int, records: RecordWriter | None, first: int = 0) -> list[dict[str, Sums]]:
        """What each segment came to in so many replications from number `first` on; their records are written in order.

        Replications differ by their number alone (S3): it makes no difference which are run in one go.
        """
        numbers = range(first, first + count)
        with noticing(partial(self._say, "(compiling first, once on this machine)", 0, 1)):
            if not self._limited:
                return [self._summed(self._alone(replication, records)) for replication in numbers]
            if records is not None:
                return [self._summed(self._recorded(replication, records)) for replication in numbers]
            return self._together(numbers)

    def people(self, replication: int) -> dict[str, NDArray[np.int64]]:
        """The people of each segment, a row each: (1, covered, cost, messages, duplicates)."""
        it = self._prepared
        if self._limited:
            return rows(it, [run_together(it, replication, "people")])
        return rows(it, list(self._spread(replication, self._entries(replication), "people")))

    # Limits tie people together: a replication is one piece of work

    def _together(self, numbers: range) -> list[dict[str, Sums]]:
        it = self._prepared
        if len(numbers) == 1:
            return [self._summed([run_together(it, numbers[0], "nothing", passed=self._passed)])]
        tasks = [(it, replication, "nothing") for replication in numbers]
        found = []
        for part in spread(run_together, tasks, self._jobs, _AHEAD):
            found.append(self._summed([part]))
            self._passed(len(found), len(numbers))
        return found

    def _recorded(self, replication: int, records: RecordWriter) -> list[Part]:
        """One replication, run again and again for the records of some people at a time, to keep memory small."""
        entries = self._entries(replication)
        parts = (
            run_together(self._prepared, replication, "records", first, first + _RECORDED_AT_ONCE, self._passed)
            for first in range(0, self._everybody(entries) or 1, _RECORDED_AT_ONCE)
        )
        return self._written(replication, entries, parts, records)[:1]  # they all say the same but for records

    # No limits: any of the people are a piece of work

    def _alone(self, replication: int, records: RecordWriter | None) -> list[Part]:
        entries = self._entries(replication)
        if records is None:
            return list(self._spread(replication, entries, "nothing"))
        return self._written(replication, entries, self._spread(replication, entries, "records"), records)

    def _spread(self, replication: int, entries: Sequence[Array], keep: Keep) -> Iterator[Part]:
        most, ahead = (_RECORDED, _AHEAD) if keep == "records" else (_RANGE, None)
        spans = list(self._spans(entries, most))
        tasks = [(self._prepared, some, replication, entries, keep) for some in spans]
        everybody, done = self._everybody(entries), 0
        for some, part in zip(spans, spread(run_alone, tasks, self._jobs, ahead), strict=True):
            done += sum(beyond - first for _, first, beyond in some)
            self._passed(done, everybody)
            yield part

    def _spans(self, entries: Sequence[Array], most: int) -> Iterator[list[Span]]:
        """Everybody, so many people at a time: parts of large crowds, and many small ones together."""
        some: list[Span] = []
        room = most
        for number, (crowd, mine) in enumerate(zip(self._prepared.crowds, entries, strict=True)):
            first, size = 0, crowd.count(mine)
            while first < size:
                beyond = min(first + room, size)
                some.append((number, first, beyond))
                room -= beyond - first
                first = beyond
                if not room:
                    yield some
                    some, room = [], most
        if some:
            yield some

    # Both

    def _entries(self, replication: int) -> list[Array]:
        return [crowd.entries(replication) for crowd in self._prepared.crowds]

    def _everybody(self, entries: Sequence[Array]) -> int:
        return sum(crowd.count(mine) for crowd, mine in zip(self._prepared.crowds, entries, strict=True))

    def _written(
        self, replication: int, entries: Sequence[Array], parts: Iterable[Part], records: RecordWriter
    ) -> list[Part]:
        """The parts, once their records are written, which they then forget."""
        from cascadesim.engines.compiled.rows import Rows

        tables = Rows(self._prepared, records.schema, self._contacts, replication)
        kept: list[Part] = []

        def passing() -> Iterator[pa.Table]:
            for part in parts:
                kept.append(part)
                for crowd, some in part.records:
                    yield from tables.of(crowd, some, entries[crowd])
                part.records.clear()

        records.write_tables(passing())
        return kept

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
