"""What is said of uncertain rates: the figures of the draws, and one sentence of advice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cascadesim.model.model import Model
from cascadesim.model.question import Keep, Objective, Question
from cascadesim.model.segment import Headcount, Segment
from cascadesim.optimizer import Step
from cascadesim.optimizer.limits import limits_of
from cascadesim.optimizer.uncertainty import (
    Belief,
    PlanRegret,
    PricedLimit,
    RateName,
    Suggestion,
    Uncertainty,
    Worthwhile,
)
from cascadesim.reports.uncertainty import advice, uncertainty_report
from cascadesim.units import HOUR, Duration, Money, Share

MODEL = Model(segments=tuple(Segment(name, Headcount(10)) for name in ("gold", "new")))
KEEPS = (
    Keep("coverage", "at least", Share(0.4)),
    Keep("total cost", "under", Money.parse("9 EUR")),
    Keep("time to open", "under", Duration(HOUR)),
    Keep("messages per person", "at most", 2.0),
)
SMS, PUSH = (Step("sms"),), (Step("push", Duration(HOUR)), Step("sms"))
RATE = Belief(RateName("sms", "opens"), 30.0, 70.0)
CHOSEN = PlanRegret((SMS, SMS), 0.6, 0.002, 0.0001, (0.7,) * 4, 0.65)
OTHER = PlanRegret((SMS, PUSH), 0.3, 0.0015, 0.0002, (0.8,) * 4, 0.8)


def found(goal: str = "cost per person", **more: Any) -> Uncertainty:
    limits = limits_of(MODEL, Question(Objective("coverage"), ("sms",), keeps=KEEPS), ("gold", "new"))
    prices = (0.12, 0.03, 0.001, 0.0)
    useful = Worthwhile(RATE, 0.0004, (0.0001, 0.0002, 0.0003, 0.00035, 0.00038, 0.00039, 0.0004))
    useless = Worthwhile(replace(RATE, name=RateName("push", "opens", "new")), 1e-9, (0.0,) * 7)
    made = Uncertainty(
        draws=200, objective=Objective(goal), segments=("gold", "new"), plans=(OTHER, CHOSEN), chosen=CHOSEN,
        limits=tuple(PricedLimit(limit, price) for limit, price in zip(limits, prices, strict=True)),
        unkeepable=0.1, rates=(useful, useless), suggestion=Suggestion(RATE, 3_000, 0.00035),
    )  # fmt: skip
    return replace(made, **more)


def test_the_tables_have_the_figures(shown: Any) -> None:
    text = shown(*uncertainty_report(found(), "EUR"))
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert "new: push (1 h), sms 30.0% 80.0% 0.0015 0.00039" in rows
    assert "the plan 60.0% 65.0% 0.0020 0.00020" in rows
    assert "no plan keeps the limits 10.0%" in rows
    assert "opens on sms 21.5% to 39.3% 0.00020 0.00035 0.00040" in rows
    assert "1 other rate next to nothing" in rows
    flat = " ".join(text.split())
    assert "0.0012 EUR per person for each point of coverage" in flat
    assert "0.0300 EUR per person for each EUR of total cost" in flat
    assert "3.6000 EUR per person for each hour of time to open" in flat
    assert "Messages per person is kept for nothing, and not charged. 200 draws." in flat


def test_without_limits_nothing_is_said_of_them(shown: Any) -> None:
    text = shown(*uncertainty_report(found(limits=(), unkeepable=0.0), "EUR"))
    assert "limit" not in text


def test_plans_that_are_not_shown_are_counted(shown: Any) -> None:
    many = tuple(replace(OTHER, wins=0.05) for _ in range(7))
    rows = [
        " ".join(line.split()) for line in shown(*uncertainty_report(found(plans=(*many, CHOSEN)), "EUR")).splitlines()
    ]
    assert "2 other plans 10.0%" in rows
    assert any(row.startswith("the plan 60.0%") for row in rows)


def test_advice_names_the_plan_the_rate_and_what_they_bring() -> None:
    assert advice(found(), "EUR") == (
        "Take the first plan of the table, of which a regret of 0.0015 EUR per person is expected, against 0.0020 EUR "
        "per person of the plan chosen; measure `opens on sms` next, on 3,000 people: that is expected to save "
        "0.00035 EUR per person."
    )
    kept = found(plans=(CHOSEN, replace(OTHER, regret=0.003)), suggestion=None)
    assert advice(kept, "EUR") == (
        "Keep the plan, of which a regret of 0.0020 EUR per person is expected, the least of all; no rate is worth "
        "measuring by itself."
    )


@pytest.mark.parametrize(
    ("goal", "text"),
    [
        ("coverage", "0.20 points"),
        ("coverage per cost", "0.0020 EUR per covered person"),
        ("profit", "0.0020 EUR"),
        ("cost per person", "0.0020 EUR per person"),
    ],
)
def test_each_goal_has_its_unit(goal: str, text: str, shown: Any) -> None:
    said = advice(found(goal, plans=(CHOSEN,)), "EUR")
    assert f"a regret of {text} is expected" in said


def test_time_is_told_in_its_own_unit(shown: Any) -> None:
    late = found("time to open", plans=(replace(CHOSEN, regret=600.0),), chosen=replace(CHOSEN, regret=600.0))
    assert "10 min" in shown(*uncertainty_report(late, "EUR"))
