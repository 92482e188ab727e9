"""The frontier of spaces that are not listed against that of all plans."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from cascadesim.model.channel import Channel, Price
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import Objective, Question, Repeat
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Headcount, Kind, Segment
from cascadesim.optimizer import optimize, search
from cascadesim.units import DAY, HOUR, MINUTE, Duration, Money, Share

WAITS = tuple(Duration(n * HOUR) for n in (1, 4, 24))
WITHIN = 1.001  # a thousandth of a cost, as `levels` promises


def model_of(number: int, segments: int = 1) -> Model:
    rng = random.Random(number)

    def rate(verb: str, low: float, high: float, delay: Delay | None = None) -> Rate:
        share = Share(round(rng.uniform(low, high), 3))
        return Rate(verb, share, share, delay=delay)

    channels = []
    for name in ("app", "email", "sms", "viber"):
        half = Duration(rng.randint(2, 200) * MINUTE)
        opens = rate("opens", 0.1, 0.6, Delay("exponential", ((Share(0.5), half),)))
        price = Price(Money.parse(f"{rng.uniform(0.0005, 0.06):.4f} EUR"), "message sent")
        channels.append(Channel(name, rates=(rate("reaches", 0.4, 1.0), opens), costs=(price,)))
    kinds = (Kind("eager", Share(0.4), 1.4), Kind("usual", None, None))
    crowd = tuple(Segment(f"s{s}", Headcount(1000 * (s + 1)), kinds=kinds) for s in range(segments))
    return Model(Scenario(horizon=Duration(4 * DAY)), tuple(channels), crowd)


QUESTION = Question(
    Objective("coverage"), ("app", "email", "sms", "viber"), waits=WAITS, max_steps=3, within=Duration(2 * DAY),
    repeats=(Repeat("email", 2),),
)  # fmt: skip


@pytest.mark.parametrize("number", range(6))
def test_at_each_level_of_coverage_the_cheapest_plan_is_found(monkeypatch, number):
    model = model_of(number)
    every = optimize(model, QUESTION).frontier
    monkeypatch.setattr(search, "LISTED", 0)
    levels = optimize(model, QUESTION).frontier
    low, high = every[0].coverage, every[-1].coverage
    assert levels[0].coverage == pytest.approx(low)
    assert levels[-1].coverage >= high - 2e-3 * (high - low)
    for i in range(1, 100):
        at = low + (high - low) * i / 100
        cheapest = min(p.cost_per_person for p in every if p.coverage >= at - 1e-12)
        found = min((p.cost_per_person for p in levels if p.coverage >= at - 1e-12), default=None)
        assert found is None or found <= cheapest * WITHIN
        assert found is not None or at > levels[-1].coverage


def test_the_price_of_a_further_percent(monkeypatch):
    for listed in (10**6, 0):
        monkeypatch.setattr(search, "LISTED", listed)
        points = optimize(model_of(1), QUESTION).frontier
        for p in points:
            further = [q.cost_per_person for q in points if q.coverage >= p.coverage + 0.01 - 1e-9]
            assert p.next_percent == (min(further) - p.cost_per_person if further else None)


def test_several_segments_share_a_frontier(monkeypatch):
    model = model_of(7, segments=3)
    every = optimize(model, QUESTION).frontier
    monkeypatch.setattr(search, "LISTED", 0)
    corners = optimize(model, QUESTION).frontier
    assert len(corners) > 10
    for p in every:
        dearer = min((q.cost_per_person for q in corners if q.coverage >= p.coverage - 5e-3), default=None)
        assert dearer is not None
        assert dearer <= p.cost_per_person * 1.05
    assert replace(corners[0], steps={}).coverage == pytest.approx(every[0].coverage, abs=1e-6)
