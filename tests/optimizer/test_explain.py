"""What a change of one step would cost, against plans worked by hand and every plan tried."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cascadesim.model.channel import Channel, Price
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import Keep, NeverAfter, Objective, Question, Repeat
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Headcount, Segment
from cascadesim.optimizer import optimize
from cascadesim.units import BILLION, DAY, HOUR, MINUTE, Duration, Money, Share

HOURS = tuple(Duration(n * HOUR) for n in (1, 6))


def channel(name: str, opens: float, cost: str) -> Channel:
    """Reaches all; opened after 20 minutes."""
    late = Delay("fixed", ((Share(1), Duration(20 * MINUTE)),))
    rate = Rate("opens", Share(opens), Share(opens), delay=late)
    return Channel(name, rates=(rate,), costs=(Price(Money.parse(f"{cost} EUR"), "message sent"),))


CHANNELS = (channel("email", 0.2, "0.001"), channel("push", 0.1, "0"), channel("sms", 0.4, "0.04"))
MODEL = Model(Scenario(horizon=Duration(3 * DAY)), CHANNELS, (Segment("all", Headcount(1000)),))
ASKED = Question(
    Objective("cost per person"), ("email", "push", "sms"), waits=HOURS, max_steps=3,
    keeps=(Keep("coverage", "at least", Share(0.5)),),
)  # fmt: skip


def found(question: Question):
    answer = optimize(MODEL, question)
    return answer, {(r.place, r.change): r for r in answer.runner_ups}


def names(r) -> list[str]:
    return [step.channel for step in r.steps]


def test_every_change_of_one_step_is_told_with_what_it_costs():
    """Email and sms cover 1 - 0.8 x 0.6 = 0.52, as do sms and email; with push before, sms goes to fewer people."""
    answer, changes = found(ASKED)
    assert [s.channel for s in answer.plans["all"][0].steps] == ["push", "email", "sms"]
    assert set(changes) == {(1, "swap"), (2, "swap"), (1, "drop"), (2, "drop"), (3, "drop"), (1, "wait"), (2, "wait")}
    swapped = changes[2, "swap"]
    assert names(swapped) == ["push", "sms", "email"]
    assert swapped.value / BILLION == pytest.approx(0.9 * 0.04 + 0.9 * 0.6 * 0.001)
    assert swapped.cost_per_person == pytest.approx(swapped.value / BILLION)
    assert names(changes[1, "drop"]) == ["email", "sms"]
    assert changes[1, "drop"].coverage == pytest.approx(1 - 0.8 * 0.6)
    assert changes[1, "drop"].broken == ()
    without = changes[3, "drop"]
    assert names(without) == ["push", "email"]
    assert [limit.named for limit in without.broken] == ["coverage"]
    assert without.steps[-1].wait is None
    assert changes[1, "wait"].steps[0].wait == HOURS[1]


def test_a_plan_that_keeps_the_limits_comes_before_a_cheaper_one_that_does_not():
    answer, changes = found(replace(ASKED, max_steps=2))
    assert [s.channel for s in answer.plans["all"][0].steps] == ["email", "sms"]
    assert [limit.named for limit in changes[1, "channel"].broken] == ["coverage"]  # push in place of email: 0.46
    assert names(changes[2, "channel"]) == ["email", "push"]
    assert names(changes[1, "swap"]) == ["sms", "email"]
    assert changes[1, "swap"].broken == ()


def test_only_plans_that_the_question_allows_are_told():
    tied = replace(ASKED, min_steps=3, never=(NeverAfter("email", "sms"),), start_with=("push",))
    _, changes = found(tied)
    assert set(changes) == {(1, "wait"), (2, "wait")}
    again = replace(ASKED, channels=("sms",), repeats=(Repeat("sms", 2),), keeps=(), max_steps=2, min_steps=2)
    _, changes = found(again)
    assert set(changes) == {(1, "wait")}


def test_no_change_is_better_unless_it_breaks_a_limit():
    for goal in ("cost per person", "coverage", "time to open"):
        answer, changes = found(replace(ASKED, objective=Objective(goal)))
        best = {"cost per person": BILLION, "coverage": -1, "time to open": 1_000_000}[goal] * answer.objective_value
        kept = [r for r in changes.values() if not r.broken]
        assert kept
        assert all(r.value >= best * (1 - 1e-9 if best > 0 else 1 + 1e-9) for r in kept)
