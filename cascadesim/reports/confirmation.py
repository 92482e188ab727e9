"""Forecast beside simulation: what the closed form promises of a plan, and what a simulation finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from cascadesim.engines.outcome import ChainOutcome, Figures, Outcome
from cascadesim.model.model import Model
from cascadesim.model.question import Question
from cascadesim.reports import tables, words
from cascadesim.reports.limits import Checked, checked

_FIGURES: tuple[tuple[str, str, tables.Word], ...] = (
    ("coverage", "coverage", words.share),
    ("cost_per_person", "{} per person", words.amount),
    ("cost_per_covered", "{} per covered person", words.amount),
    ("messages_per_person", "messages per person", words.number),
)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A plan's forecast and its simulation, on the same people and goal, and the question's limits."""

    forecast: ChainOutcome
    simulation: Outcome
    keeps: tuple[Checked, ...]

    @property
    def simulated(self) -> ChainOutcome:
        """What the simulation found of the plan."""
        return self.simulation.chains[0]

    @property
    def broken(self) -> tuple[Checked, ...]:
        """The limits that the simulation does not meet."""
        return tuple(keep for keep in self.keeps if keep.is_kept is False)

    def to_json(self) -> dict[str, Any]:
        """Engine, forecast and simulation as `simulate --json` prints chains, and every limit."""
        return {
            "engine": self.simulation.engine,
            "seed": self.simulation.seed,
            "replications": self.simulation.replications,
            "forecast": self.forecast.to_json(),
            "simulation": self.simulated.to_json(),
            "keeps": [keep.to_json() for keep in self.keeps],
        }


def confirm(model: Model, question: Question, forecast: ChainOutcome, simulation: Outcome) -> Confirmation:
    """The two side by side; a limit is kept when the simulation's mean keeps it."""
    return Confirmation(forecast, simulation, checked(model, question, simulation.chains[0]))


def confirmation_report(found: Confirmation, currency: str, set_aside: Sequence[str]) -> Iterator[RenderableType]:
    """The table of figures, what to make of a difference, and the limits."""
    yield _figures_table(found, currency)
    if set_aside:
        yield Text(f"The forecast leaves out {words.listed(set_aside)}; the simulation does not.", tables.QUIET)
    if found.keeps:
        yield keeps_table(found.keeps)
    if found.broken:
        lines = words.listed([f"`keep {keep.line}`" for keep in found.broken])
        yield Text(f"The simulation does not meet {lines}.", tables.BAD)


def _figures_table(found: Confirmation, currency: str) -> Group:
    seen = words.plural(found.simulation.replications, "replication")
    title = f"Forecast beside simulation ({seen} by the {found.simulation.engine} engine, seed {found.simulation.seed})"
    made = tables.table("segment", "figure", "forecast", "simulated", "95% interval", left=2)
    for scope, forecast, simulated in _scopes(found):
        made.add_section()
        for name, label, word in _FIGURES:
            one, other = getattr(forecast, name), getattr(simulated, name)
            shown = word(one.mean, None), word(other.mean, None), tables.interval(other, word)
            made.add_row(scope if name == "coverage" else "", label.format(currency), *shown)
    return tables.titled(title, made)


def _scopes(found: Confirmation) -> Iterator[tuple[str, Figures, Figures]]:
    """Every segment, and all of them together where there are several."""
    for segment in found.simulated.segments:
        yield segment.segment, found.forecast.segment(segment.segment).figures, segment.figures
    if len(found.simulated.segments) > 1:
        yield "all", found.forecast.total, found.simulated.total


def keeps_table(keeps: Sequence[Checked]) -> Group:
    """The `keep` lines, and what the simulation found of each."""
    made = tables.table("keep", "", "simulated", "95% interval", left=2)
    for keep in keeps:
        verdict = {True: "met", False: "not met", None: "not measured"}[keep.is_kept]
        word = keep.word()
        style = tables.BAD if keep.is_kept is False else None
        shown = words.NOTHING if keep.found is None else word(keep.found.mean, None)
        margin = words.NOTHING if keep.found is None else tables.interval(keep.found, word)
        made.add_row(keep.line, verdict, shown, margin, style=style)
    return tables.titled("The script's limits in the simulation", made)
