"""What a vendor's own cascade comes to beside the plan, priced by an engine, by segment and in all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from cascadesim.contacts import Contact
from cascadesim.engines.case import Case
from cascadesim.engines.outcome import Figures, Outcome
from cascadesim.engines.simulate import Engine, simulate
from cascadesim.plan import Plan
from cascadesim.reports import tables, words

_FIGURES = ("coverage", "cost_per_person", "messages_per_person")


@dataclass(frozen=True, slots=True)
class Loss:
    """What a part of the people comes to by the plan and at the vendor; `segment` None: all of them."""

    segment: str | None
    planned: Figures
    there: Figures

    def change(self, figure: str) -> float | None:
        """By how much the vendor's figure is above the plan's; None where one has no value."""
        one, two = getattr(self.planned, figure).mean, getattr(self.there, figure).mean
        return None if one is None or two is None else two - one

    def to_json(self) -> dict[str, Any]:
        """The figures of both, and the differences."""
        return {
            "segment": self.segment,
            "planned": {name: getattr(self.planned, name).mean for name in _FIGURES},
            "there": {name: getattr(self.there, name).mean for name in _FIGURES},
            "change": {name: self.change(name) for name in _FIGURES},
        }


@dataclass(frozen=True, slots=True)
class Losses:
    """The losses, all of them by the same engine; the last is that of all people, where there are several segments."""

    engine: str
    engine_because: str
    parts: tuple[Loss, ...]

    def to_json(self) -> dict[str, Any]:
        """The `price` of a compile report."""
        parts = [part.to_json() for part in self.parts]
        return {"engine": self.engine, "engine_because": self.engine_because, "parts": parts}


def losses_of(plan: Plan, played: Plan, contacts: Mapping[str, Sequence[Contact]]) -> Losses:
    """What the plan and what a vendor makes of it come to, by the exact engine if it can say both, else by drawing.

    Where people are drawn, both get the same random numbers (S3). RefusedError as in `simulate`.
    """
    there = _outcome(played, "auto", contacts)
    here = _outcome(plan, there.engine, contacts) if there.engine != "exact" else _outcome(plan, "auto", contacts)
    if here.engine != there.engine:
        there = _outcome(played, here.engine, contacts)
    (one,), (two,) = here.chains, there.chains
    theirs = {part.segment: part.figures for part in two.segments}
    parts = [Loss(part.segment, part.figures, theirs[part.segment]) for part in one.segments]
    if len(parts) > 1:
        parts.append(Loss(None, one.total, two.total))
    why = there.engine_because if there.engine != "exact" else here.engine_because
    return Losses(there.engine, why, tuple(parts))


def _outcome(plan: Plan, engine: str, contacts: Mapping[str, Sequence[Contact]]) -> Outcome:
    asked: Engine = "compiled" if engine == "compiled" else "simpy" if engine == "simpy" else "auto"
    return simulate(plan.model, [Case("plan", plan.routes())], engine=asked, contacts=contacts)


def losses_report(losses: Losses, vendor: str, currency: str) -> Iterator[RenderableType]:
    """A table of both, and how they were worked out."""
    made = tables.table("segment", "coverage", "", "", f"{currency} per person", "", "", left=1)
    made.columns[2].header = made.columns[5].header = "there"
    made.columns[3].header = made.columns[6].header = "change"
    for part in losses.parts:
        cells = [part.segment or "all"]
        for name, word in (("coverage", words.share), ("cost_per_person", words.amount)):
            one, two = getattr(part.planned, name).mean, getattr(part.there, name).mean
            cells += [word(one, two), word(two, one), signed(one, two, word)]
        made.add_row(*cells)
    yield tables.titled(f"What the changes come to at {vendor}", made)
    yield Text(f"By the {losses.engine} engine: {losses.engine_because}.", tables.QUIET)


def signed(one: float | None, two: float | None, word: tables.Word) -> str:
    """The difference with its sign; of shares, in percentage points."""
    if one is None or two is None:
        return words.NOTHING
    size = word(abs(two - one), max(one, two)).replace("%", " points")
    return f"{'+' if two >= one else '-'}{size}"
