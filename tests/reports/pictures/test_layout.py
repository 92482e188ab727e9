"""Every picture of every hard campaign: no text lies on another, leaves the figure, or is too small to be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import cascadesim
from cascadesim.optimizer.uncertainty import Swing
from cascadesim.reports.beside import Line
from cascadesim.reports.pictures.swings import tornado
from tests.reports.pictures.campaigns import NAMES, script
from tests.reports.pictures.layout import faults

SCENARIOS = Path(__file__).parents[3] / "scenarios"


@dataclass(frozen=True)
class Results:
    """What there is to be drawn of a campaign."""

    outcome: cascadesim.Outcome
    answer: cascadesim.Answer
    plan: cascadesim.Plan
    comparison: cascadesim.Comparison

    @classmethod
    def of(cls, read: cascadesim.Script) -> Results:
        model, cases = read.model, cascadesim.cases(read.model)
        answer = cascadesim.optimize(model, model.questions[0])
        sides = [cascadesim.Side(model, case) for case in cases[:2]]
        return cls(
            cascadesim.simulate(model, cases),
            answer,
            cascadesim.plan_of(answer, model, read.source_sha256),
            cascadesim.compare(*sides, replications=3),
        )

    @property
    def chain(self) -> str:
        return self.outcome.chains[-1].chain

    @property
    def segment(self) -> str:
        return self.plan.names[-1]

    @property
    def lines(self) -> list[Line]:
        """Some counts as forecast, and some that are not."""
        steps = [(e.segment, n, s.channels[0]) for e in self.plan.segments for n, s in enumerate(e.chain.sends, 1)]
        return [
            Line(
                segment, number, channel, state, 100 * number + shift, 100.0 * number + 9, 80.0 * number, 130.0 * number
            )
            for segment, number, channel in steps[:12]
            for state, shift in (("delivered", 5), ("opened", -60))
        ]


def _real() -> cascadesim.Script:
    """A scenario that ships, with fewer people: SimPy follows them one by one."""
    text = (SCENARIOS / "viber-then-sms.cascade").read_text(encoding="utf-8")
    return cascadesim.read_text(re.sub(r"people +20k", "people 1k", text), "viber-then-sms", SCENARIOS)


@pytest.fixture(scope="module", params=[*NAMES, "viber-then-sms"])
def results(request: pytest.FixtureRequest) -> Results:
    if request.param in NAMES:
        return Results.of(cascadesim.read_text(script(NAMES[request.param]), "hard"))
    return Results.of(_real())


@pytest.fixture(scope="module")
def one() -> Results:
    return Results.of(_real())


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


PICTURES: dict[str, Callable[[Results, Axes | None], Axes]] = {
    "flow": lambda r, ax: r.outcome.plot.flow(r.chain, ax=ax),
    "flow of a plan": lambda r, ax: r.plan.plot.flow(segment=_segment_of(r), ax=ax),
    "coverage": lambda r, ax: r.outcome.plot.coverage(r.chain, ax=ax),
    "coverage of all": lambda r, ax: r.outcome.plot.coverage(ax=ax),
    "cost": lambda r, ax: r.outcome.plot.cost(r.chain, ax=ax),
    "cost of all": lambda r, ax: r.outcome.plot.cost(ax=ax),
    "sends": lambda r, ax: r.outcome.plot.sends(r.chain, ax=ax),
    "frontier": lambda r, ax: r.answer.plot.frontier(r.outcome.chains, ax=ax),
    "tornado": lambda r, ax: r.answer.plot.tornado(ax=ax),
    "switches": lambda r, ax: r.answer.plot.switches(r.answer.question.channels[1], ax=ax),
    "difference": lambda r, ax: r.comparison.plot.difference(ax=ax),
    "difference in cost": lambda r, ax: r.comparison.plot.difference("cost_per_person", ax=ax),
    "live": lambda r, ax: r.plan.plot.live(r.lines, ax=ax),
}


def _segment_of(results: Results) -> str | None:
    return results.segment if len({e.chain for e in results.plan.segments}) > 1 else None


@pytest.mark.parametrize("picture", PICTURES)
def test_every_text_can_be_read(results: Results, picture: str) -> None:
    assert faults(PICTURES[picture](results, None)) == []


@pytest.mark.parametrize("picture", PICTURES)
def test_it_draws_into_the_axes_given(one: Results, picture: str) -> None:
    ax = Figure(figsize=(7, 5), layout="constrained").add_subplot()
    assert PICTURES[picture](one, ax) is ax


def test_the_guard_sees_what_is_wrong() -> None:
    """Two words on each other, one outside, one too small."""
    ax = Figure(figsize=(4, 3)).add_subplot()
    ax.text(0.5, 0.5, "one")
    ax.text(0.5, 0.5, "other")
    ax.text(3, 0.5, "outside")
    ax.text(0.2, 0.8, "small", fontsize=5)
    said = "\n".join(faults(ax))
    assert "one on the other: 'one' and 'other'" in said
    assert "leaves the figure: 'outside'" in said
    assert "too small: 'small'" in said


def test_a_tornado_without_a_rate_that_matters_still_says_so() -> None:
    swings: list[Swing] = []
    model = cascadesim.read(SCENARIOS / "viber-then-sms.cascade").model
    assert faults(tornado(swings, 0.5, model.questions[0].objective, currency="EUR")) == []
