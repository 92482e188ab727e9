"""Outcomes to be shown, built by hand, and how a terminal shows them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

from cascadesim.engines.outcome import ChainOutcome, Estimate, Figures, SegmentFigures, StepFigures, TimeToOpen

Shown = Callable[..., str]


@pytest.fixture
def shown() -> Shown:
    """What a terminal of so many columns shows of the things, without colours."""

    def show(*things: Any, width: int = 100) -> str:
        console = Console(file=io.StringIO(), width=width, markup=False, highlight=False, emoji=False)
        for thing in things:
            console.print(thing)
        assert isinstance(console.file, io.StringIO)
        return console.file.getvalue()

    return show


@pytest.fixture
def chain() -> Callable[..., ChainOutcome]:
    """A chain's outcome for two segments, its coverage and its cost per person as given; `margin` as a share."""

    def make(name: str, coverage: float = 0.6234, cost: float = 0.0231, margin: float | None = 0.0) -> ChainOutcome:
        def estimate(value: float) -> Estimate:
            if margin is None:
                return Estimate(value)
            return Estimate(value, value * (1 - margin), value * (1 + margin))

        def figures(people: float) -> Figures:
            step = StepFigures(1, "viber", *(estimate(people * s) for s in (0.9, 0.8, 0.2, 0.1, 0.004)), queue_p90=90.0)
            return Figures(
                estimate(coverage), estimate(people * cost), estimate(cost), estimate(cost / coverage),
                estimate(2.134), estimate(0.1), TimeToOpen(754.0, 36_000.0, None), (step,),
            )  # fmt: skip

        segments = tuple(
            SegmentFigures(s, people, figures(people)) for s, people in (("gold", 4_000.0), ("loyal", 36_000.0))
        )
        return ChainOutcome(name, figures(40_000.0), segments)

    return make
