"""Plans and rehearsals as they are shown. Hosts that run plans import this too: nothing heavy until asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cascadesim import plan as plain
from cascadesim import rehearsal as runner
from cascadesim.live import Store
from cascadesim.live.runner import BATCH
from cascadesim.model.chain import Chain
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from cascadesim.reports.progress import Told, bars
from cascadesim.reports.results.shown import Shown, taken

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from cascadesim.optimizer import Answer
    from cascadesim.reports.results.drawing import PlanPictures


@dataclass(frozen=True, repr=False, eq=False)
class Plan(Shown, plain.Plan):
    """A campaign ready to be rehearsed, exported or run. It equals whatever plan says the same."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, plain.Plan) and taken(self) == taken(other)

    __hash__ = plain.Plan.__hash__

    def sections(self) -> Iterator[RenderableType]:
        """Who gets what and when, what is forecast, and what is proven of it."""
        from cascadesim.reports.plans import plan_report

        yield from plan_report(self, f"The plan: {self.model.scenario.title or ', '.join(self.names)}")

    def to_frame(self) -> pd.DataFrame:
        """A row for each step of each entry; waits are in seconds."""
        import pandas as pd

        rows = [
            {"segment": e.segment, "share": float(e.share), "reach": None if e.reach is None else ", ".join(e.reach)}
            | {"step": number, "channel": ", ".join(send.channels), "wait": wait and wait.lasting.seconds}
            | {"undelivered_after": early and early.seconds}
            for e in self.segments
            for number, send in enumerate(e.chain.sends, 1)
            for wait in (send.wait,)
            for early in (wait.undelivered_after if wait else None,)
        ]
        return pd.DataFrame(rows).set_index(["segment", "step"])

    @cached_property
    def plot(self) -> PlanPictures:
        """Its pictures: `flow`, `coverage`, `sends` and `live`; each takes `ax` and returns it."""
        from cascadesim.reports.results.drawing import PlanPictures

        return PlanPictures(self)


@dataclass(frozen=True, repr=False, eq=False)
class Rehearsal(Shown, runner.Rehearsal):
    """What a rehearsal came to."""

    def sections(self) -> Iterator[RenderableType]:
        """People, messages by channel, receipts and cost."""
        from cascadesim.reports.rehearsals import rehearsal_report

        yield from rehearsal_report(self)

    def to_frame(self) -> pd.DataFrame:
        """Its records: a row a message, times in microseconds since the campaign's start."""
        import pandas as pd

        from cascadesim.model.record import Record

        return pd.DataFrame(self.records(), columns=list(Record._fields))


def read_plan(path: Path | str) -> Plan:
    """The plan in a file. PlanError with all the faults found: the file's, JSON's, the shape's, or the sense's."""
    return _shown(plain.read_plan(path))


def chosen_plan(
    model: Model, chain: Chain, source_sha256: str, forecasts: Mapping[str, plain.Forecast] | None = None
) -> Plan:
    """The plan of a hand-written chain, for every segment that the chain is for.

    `forecasts` are by segment; a missing one is unknown. ScriptError if the chain has holes.
    """
    return _shown(plain.chosen_plan(model, chain, source_sha256, forecasts))


def plan_of(answer: Answer, model: Model, source_sha256: str) -> Plan:
    """The plan that carries the answer: on the whole model, clock rules and limits included, with its certificate."""
    from cascadesim.optimizer import plan_of  # numpy: not for who only runs plans

    return _shown(plan_of(answer, model, source_sha256))


def rehearse(
    plan: plain.Plan,
    people: Sequence[Person],
    replication: int = 0,
    batch: int = BATCH,
    progress: Callable[[int], None] | bool | None = None,
    show: int = 0,
    stream: TextIO | None = None,
    store: Store | None = None,
) -> Rehearsal:
    """Runs the plan with people drawn by `cascadesim.draws.people` for the same replication; nobody is contacted.

    Its records are those of the SimPy engine for the same seed, whatever the batch. `progress` may be a function, told
    now and then how many people's ways have come to their end, else as `reports.progress` says. The first `show`
    messages are printed to the stream (default: standard output). The rows are in `store`, a fresh one; default: in
    memory, which is fastest.
    """
    if callable(progress):
        return Rehearsal(**taken(runner.rehearse(plan, people, replication, batch, progress, show, stream, store)))
    with bars("rehearsing", progress) as told:
        count = _counted(told, len(people))
        found = runner.rehearse(plan, people, replication, batch, count, show, stream, store)
    return Rehearsal(**taken(found))


def _counted(told: Told | None, total: int) -> Callable[[int], None] | None:
    return None if told is None else lambda done: told("people", done, total)


def _shown(made: plain.Plan) -> Plan:
    return Plan(**taken(made))
