"""The public door: what `cascadesim` offers."""

from __future__ import annotations

from pathlib import Path

import pytest

import cascadesim
from cascadesim.errors import CascadeError


def test_names_are_sorted_and_each_leads_somewhere() -> None:
    assert cascadesim.__all__ == sorted(set(cascadesim.__all__))
    assert dir(cascadesim) == cascadesim.__all__
    for name in cascadesim.__all__:
        assert getattr(cascadesim, name).__doc__


def test_nothing_else_is_offered() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'simulatte'"):
        cascadesim.simulatte  # noqa: B018


def test_errors_are_one_family() -> None:
    errors = [getattr(cascadesim, name) for name in cascadesim.__all__ if name.endswith("Error")]
    assert len(errors) == 8
    assert all(issubclass(error, CascadeError) for error in errors)


def test_the_way_through_the_door(place: Path) -> None:
    script = cascadesim.read("small.cascade")
    outcome = cascadesim.simulate(script.model, cascadesim.cases(script.model))
    answer = cascadesim.optimize(script.model, script.model.questions[0])
    plan = cascadesim.plan_of(answer, script.model, script.source_sha256)
    cascadesim.write_plan(plan, "plan.json")
    assert cascadesim.read_plan("plan.json") == plan
    assert outcome.chains[0].total.coverage.mean == pytest.approx(answer.total.coverage, abs=0.01)
