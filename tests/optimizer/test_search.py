"""What the search does where plans are too many to be listed, on questions small enough to be worked by hand."""

from __future__ import annotations

import pytest

from cascadesim.model.channel import Channel, Price
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import Objective, Question
from cascadesim.model.rates import Rate
from cascadesim.model.segment import Headcount, Segment
from cascadesim.optimizer import Answer, optimize, search
from cascadesim.units import DAY, HOUR, Duration, Money, Share


def channel(name: str, reach: float, opens: float, cost: str) -> Channel:
    rates = (Rate("reaches", Share(reach), Share(reach)), Rate("opens", Share(opens), Share(opens)))
    return Channel(name, rates=rates, costs=(Price(Money.parse(f"{cost} EUR"), "message sent"),))


def answer(monkeypatch, is_listed: bool, *channels: Channel) -> Answer:
    """The best coverage per cost of two steps."""
    if not is_listed:
        monkeypatch.setattr(search, "LISTED", 0)
    question = Question(
        Objective("coverage per cost"), tuple(c.name for c in channels), max_steps=2, waits=(Duration(HOUR),)
    )
    model = Model(
        Scenario(horizon=Duration(3 * DAY)), channels, (Segment("all", Headcount(100)),), questions=(question,)
    )
    return optimize(model, question)


@pytest.mark.parametrize("is_listed", [True, False])
def test_nobody_covered_for_money_is_a_coverage_per_cost_of_nothing(monkeypatch, is_listed):
    found = answer(monkeypatch, is_listed, channel("email", 1, 0, "0.001"), channel("sms", 1, 0, "0.04"))
    assert (found.status, found.objective_value, found.bound) == ("proven", 0.0, 0.0)


@pytest.mark.parametrize("is_listed", [True, False])
def test_of_free_plans_the_one_that_covers_most_is_best(monkeypatch, is_listed):
    """Free are push, bot and both; both cover most. What costs something has a finite coverage per cost."""
    free = channel("push", 0.5, 0.1, "0"), channel("bot", 0.4, 0.5, "0")
    found = answer(monkeypatch, is_listed, *free, channel("sms", 1, 0.4, "0.04"))
    assert (found.status, found.objective_value) == ("proven", None)
    assert {s.channel for s in found.plans["all"][0].steps} == {"push", "bot"}
