from __future__ import annotations

import dataclasses

import pytest

from cascadesim.errors import ScriptError, Span
from cascadesim.model.chain import Chain, Hole, Pause, Route, Send, Wait
from cascadesim.model.model import Model
from cascadesim.model.segment import Headcount, Segment
from cascadesim.plan import Forecast, Plan, StepSummary, changed_since, chosen_plan, steps_of
from cascadesim.units import HOUR, MINUTE, SECOND, Duration, Share

HASH = "ab" * 32
TWO = Chain("two", (Send(("a",), wait=Wait(Duration(2 * HOUR), Duration(90 * SECOND))), Send(("b",))))


def test_steps_summarize_a_linear_chain_in_seconds() -> None:
    assert steps_of(TWO) == (StepSummary("a", 7200.0, 90.0), StepSummary("b", None, None))


@pytest.mark.parametrize("body", [(Send(("a", "b")),), (Pause(Wait(Duration(MINUTE))), Send(("a",)))])
def test_steps_are_empty_where_the_chain_is_not_linear(body: tuple[Send | Pause, ...]) -> None:
    assert steps_of(Chain("c", body)) == ()


def test_routes_are_the_entries_in_order(plan: Plan) -> None:
    first, *_, last = plan.routes()
    assert first == Route("loyal", plan.segments[0].chain, Share(0.25), None)
    assert last == Route("new", plan.segments[3].chain, Share(1), ("sms", "viber"))
    assert plan.names == ("loyal", "new")


def test_entries_are_the_parts_of_a_segment(plan: Plan) -> None:
    assert [e.share for e in plan.entries("loyal")] == [0.25, 0.75]
    assert plan.entries("gold") == ()


def test_the_hash_is_that_of_the_text_and_moves_with_it(plan: Plan) -> None:
    assert plan.sha256 == dataclasses.replace(plan).sha256
    assert plan.sha256 != dataclasses.replace(plan, source_sha256="00" * 32).sha256


def test_a_plan_knows_when_its_script_has_changed(plan: Plan) -> None:
    assert not changed_since(plan, plan.source_sha256)
    assert changed_since(plan, HASH)


def test_a_chosen_plan_is_for_everybody_whom_the_chain_is_for() -> None:
    model = Model(segments=(Segment("b", Headcount(1)), Segment("a", Headcount(1)), Segment("c", Headcount(1))))
    forecast = Forecast(Share(0.5), 0.1, 1.0)
    chosen = chosen_plan(model, dataclasses.replace(TWO, segments=("c", "a")), HASH, {"a": forecast})
    assert [s.segment for s in chosen.segments] == ["a", "c"]
    assert [s.forecast for s in chosen.segments] == [forecast, Forecast()]
    assert chosen.certificate.status == "chosen"
    assert chosen.objective is None
    assert chosen_plan(model, TWO, HASH).names == ("a", "b", "c")


def test_a_chain_with_holes_cannot_become_a_plan() -> None:
    spans = [Span("s.cascade", line, 5, line, 8) for line in (7, 9)]
    chain = Chain("draft", (Hole(spans[0]), Send(("a",)), Hole(spans[1])))
    with pytest.raises(ScriptError, match="draft is unfinished") as caught:
        chosen_plan(Model(segments=(Segment("a", Headcount(1)),)), chain, HASH)
    assert [d.span for d in caught.value.diagnostics] == spans
