"""Confirming a plan: simulated beside its forecast, then rehearsed, record by record the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from cascadesim.cli.asked import Asked
from cascadesim.cli.output import Output

if TYPE_CHECKING:
    from cascadesim.optimizer import Answer
    from cascadesim.plan import Plan
    from cascadesim.rehearsal import Rehearsal
    from cascadesim.reports.confirmation import Confirmation


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A rehearsal, and whether its records are those of the simulation for the same seed."""

    rehearsal: Rehearsal
    is_same: bool

    def to_json(self) -> dict[str, Any]:
        """What `rehearse --json` prints, with the number of records and whether they are the same."""
        from cascadesim.reports.rehearsals import rehearsal_json

        data = rehearsal_json(self.rehearsal)
        return {**data, "records": len(self.rehearsal.records()), "equals_simulation": self.is_same}


class Stage:
    """Where a plan is tried out; the simulation's records stay here for the rehearsal to be compared with."""

    def __init__(self, out: Output, asked: Asked, plan: Plan, folder: Path) -> None:
        self._out = out
        self._asked = asked
        self._plan = plan
        self._simulated = folder / "simulated.parquet"
        self._rehearsed = folder / "rehearsed.parquet"

    def simulate(self, answer: Answer, replications: int) -> Confirmation:
        """The plan simulated, with all that the search set aside, beside what the search forecast."""
        from cascadesim.engines.case import Case
        from cascadesim.engines.exact import evaluate
        from cascadesim.engines.records import RecordWriter
        from cascadesim.engines.simulate import simulate
        from cascadesim.optimizer import clock_rules, idealised
        from cascadesim.reports.confirmation import confirm

        asked, case = self._asked, Case("plan", self._plan.routes())
        by_clock = clock_rules(asked.model, answer.question, case.segments) or False
        ideal, _ = idealised(asked.model, case.channels, case.segments, by_clock)
        with self._out.progress("simulating") as progress, RecordWriter(self._simulated) as writer:
            simulation = simulate(
                asked.model,
                [case],
                engine="simpy",
                replications=replications,
                contacts=asked.contacts,
                records=writer,
                progress=progress,
            )
        return confirm(asked.model, answer.question, evaluate(ideal, case.routes, asked.contacts), simulation)

    def rehearse(self) -> Rehearsed:
        """The plan by the live runner on a virtual clock; to be called after `simulate`."""
        from cascadesim.draws.people import draw_people
        from cascadesim.engines.records import RecordWriter
        from cascadesim.rehearsal import rehearse

        people = draw_people(self._asked.model, self._plan.names, 0, self._asked.contacts)
        with self._out.progress() as progress:
            told = None if progress is None else lambda done: progress("rehearsing", done, len(people))
            rehearsal = rehearse(self._plan, people, progress=told)
        with RecordWriter(self._rehearsed) as writer:
            writer.write(rehearsal.records())
        return Rehearsed(rehearsal, self._same_records())

    def _same_records(self) -> bool:
        from pyarrow import parquet

        simulated = parquet.read_table(self._simulated, filters=[("replication", "==", 0)])
        return bool(simulated.equals(parquet.read_table(self._rehearsed)))


@contextmanager
def stage(out: Output, asked: Asked, plan: Plan) -> Iterator[Stage]:
    """A stage for the plan, cleared away at the end."""
    with TemporaryDirectory(prefix="cascadesim-") as folder:
        yield Stage(out, asked, plan, Path(folder))
