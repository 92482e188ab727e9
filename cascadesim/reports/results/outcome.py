"""`simulate`, and its outcome as it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cascadesim.contacts import Contact
from cascadesim.engines import outcome as plain
from cascadesim.engines.case import Case
from cascadesim.engines.simulate import Engine
from cascadesim.engines.simulate import simulate as plain_simulate
from cascadesim.model.model import Model
from cascadesim.reports.progress import Told, bars
from cascadesim.reports.results.shown import Shown, taken

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from cascadesim.engines.records import RecordWriter
    from cascadesim.reports.results.drawing import OutcomePictures


@dataclass(frozen=True, repr=False, eq=False)
class Outcome(Shown, plain.Outcome):
    """What chains or plans come to, with the model, the cases and the contacts that it was simulated with."""

    model: Model = field(kw_only=True)
    cases: tuple[Case, ...] = field(kw_only=True)
    contacts: Mapping[str, Sequence[Contact]] = field(kw_only=True)

    def sections(self) -> Iterator[RenderableType]:
        """Chains side by side, then each by segment and by step."""
        from rich.text import Text

        from cascadesim.reports.outcomes import outcome_report

        names = ", ".join(chain.chain for chain in self.chains)
        yield Text(f"What {names} {'comes' if len(self.chains) == 1 else 'come'} to", "bold")
        yield from outcome_report(self, self.model.scenario.currency)

    def to_frame(self) -> pd.DataFrame:
        """A row for each chain and segment (`all`: together), with intervals as `.._low` and `.._high`."""
        import pandas as pd

        rows = [
            {"chain": chain.chain, "segment": name, "people": people, **_row(figures)}
            for chain in self.chains
            for name, people, figures in _parts(chain)
        ]
        return pd.DataFrame(rows).set_index(["chain", "segment"])

    def steps_frame(self) -> pd.DataFrame:
        """A row for each step and channel of each chain and segment: expected numbers of people, and cost."""
        import pandas as pd

        counts = ("sent", "delivered", "opened", "first_opens", "cost")
        rows = [
            {"chain": chain.chain, "segment": name, "step": step.step, "channel": step.channel}
            | {count: getattr(step, count).mean for count in counts}
            | {"queue_p90": step.queue_p90}
            for chain in self.chains
            for name, _, figures in _parts(chain)
            for step in figures.steps
        ]
        return pd.DataFrame(rows).set_index(["chain", "segment", "step", "channel"])

    @cached_property
    def plot(self) -> OutcomePictures:
        """Its pictures: `flow`, `coverage`, `cost` and `sends`; each takes `ax` and returns it."""
        from cascadesim.reports.results.drawing import OutcomePictures

        return OutcomePictures(self)


def simulate(
    model: Model,
    cases: Sequence[Case],
    *,
    engine: Engine = "auto",
    seed: int | None = None,
    replications: int = 1,
    contacts: Mapping[str, Sequence[Contact]] | None = None,
    records: RecordWriter | None = None,
    jobs: int | None = None,
    progress: Told | bool | None = None,
) -> Outcome:
    """What each case comes to, simulated alone, all on the same random numbers.

    `contacts` has the people of every segment that takes them from a file (`load_segments`). `engine`: `auto` takes
    the exact one where it can say everything and soon, else the compiled one. `jobs` is how many threads that uses
    (None: every core; `joblib.parallel_config` may name a cluster instead); they change no result. `progress` is as
    `reports.progress` says. RefusedError: the engine asked for cannot, or a chain has a hole.
    """
    settings: dict[str, Any] = {"engine": engine, "seed": seed, "replications": replications, "jobs": jobs}
    with bars("simulating", progress) as told:
        found = plain_simulate(model, cases, contacts=contacts, records=records, progress=told, **settings)
    return Outcome(**taken(found), model=model, cases=tuple(cases), contacts=contacts or {})


def _parts(chain: plain.ChainOutcome) -> Iterator[tuple[str, float, plain.Figures]]:
    for segment in chain.segments:
        yield segment.segment, segment.people, segment.figures
    if len(chain.segments) > 1:
        yield "all", sum(segment.people for segment in chain.segments), chain.total


def _row(figures: plain.Figures) -> dict[str, float | None]:
    row: dict[str, float | None] = {}
    for name in plain.ESTIMATES:
        estimate: plain.Estimate = getattr(figures, name)
        row |= {name: estimate.mean, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
    times = figures.time_to_open
    return row | {"time_to_open_p50": times.p50, "time_to_open_p90": times.p90, "time_to_open_p99": times.p99}
