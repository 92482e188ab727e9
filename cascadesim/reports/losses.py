"""What a vendor's own cascade comes to beside the plan, priced by an engine, by segment and in all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from cascadesim.contacts import Contact
from cascadesim.engines.case import Case
from cascadesim.engines.outcome import Figures, Outcome
from cascadesim.engines.simulate import Engine, simulate
from cascadesim.plan import Plan
from cascadesim.reports import tables, words
from cascadesim.senders import Compiled, StepReport

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
class StepLoss:
    """What one step adds to the loss of those who follow its entry, when the vendor plays all steps before it."""

    step: StepReport
    loss: Loss

    def to_json(self) -> dict[str, Any]:
        """Which step, and the differences."""
        figures = {name: self.loss.change(name) for name in _FIGURES}
        return {"segment": self.step.segment, "step": self.step.step, "channel": self.step.channel, "change": figures}


@dataclass(frozen=True, slots=True)
class Losses:
    """The losses, all of them by the same engine; the last is that of all people, where there are several segments.

    `steps` share an entry's loss out among its weakened steps, where the exact engine can say so: they add up to it.
    """

    engine: str
    engine_because: str
    parts: tuple[Loss, ...]
    steps: tuple[StepLoss, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The `price` of a compile report."""
        parts, steps = [part.to_json() for part in self.parts], [step.to_json() for step in self.steps]
        return {"engine": self.engine, "engine_because": self.engine_because, "parts": parts, "steps": steps}


def losses_of(plan: Plan, compiled: Compiled, contacts: Mapping[str, Sequence[Contact]]) -> Losses | None:
    """The losses of a compiled plan; None where nothing is weakened, or a step is refused. RefusedError as there."""
    played = compiled.played
    if played is None or not compiled.report.is_weakened:
        return None
    losses = loss_between(plan, played, contacts)
    return losses if losses.engine != "exact" else replace(losses, steps=tuple(_by_steps(compiled, contacts)))


def _by_steps(compiled: Compiled, contacts: Mapping[str, Sequence[Contact]]) -> Iterator[StepLoss]:
    for step, before, after in compiled.by_steps():
        outcomes = [_outcome(plan, "auto", contacts) for plan in (before, after)]
        if all(outcome.engine == "exact" for outcome in outcomes):
            one, two = (outcome.chains[0].total for outcome in outcomes)
            yield StepLoss(step, Loss(step.segment, one, two))


def loss_between(plan: Plan, played: Plan, contacts: Mapping[str, Sequence[Contact]]) -> Losses:
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
    if losses.steps:
        shares = tables.table("segment", "step", "channel", "coverage", f"{currency} per person", left=3)
        for one_step in losses.steps:
            step, loss = one_step.step, one_step.loss
            changes = (
                signed(loss.planned.coverage.mean, loss.there.coverage.mean, words.share),
                signed(loss.planned.cost_per_person.mean, loss.there.cost_per_person.mean, words.amount),
            )
            shares.add_row(step.segment, str(step.step), step.channel, *changes)
        yield tables.titled("Of that, by step, one after the other", shares)
    yield Text(f"By the {losses.engine} engine: {losses.engine_because}.", tables.QUIET)


def signed(one: float | None, two: float | None, word: tables.Word) -> str:
    """The difference with its sign; of shares, in percentage points."""
    if one is None or two is None:
        return words.NOTHING
    size = word(abs(two - one), max(one, two)).replace("%", " points")
    return f"{'+' if two >= one else '-'}{size}"
