"""Intervals at 95% are intervals at 95%: of a thousand runs, some 950 say one that holds the truth (S14).

Where people are independent the exact engine knows the truth. Where limits tie them together a long run does, and
intervals come of ten replications each. Of 1,000 such intervals 930 to 970 hold it, but for three in a thousand cases
(binomial, 2.9 standard deviations either way).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from cascadesim.engines.case import Case, cases
from cascadesim.engines.outcome import ESTIMATES, ChainOutcome, Estimate
from cascadesim.engines.simulate import simulate
from cascadesim.model.chain import Route
from cascadesim.model.channel import Channel, Throughput
from cascadesim.model.model import Model
from cascadesim.model.segment import Arrivals, Headcount, Kind, Segment
from cascadesim.units import HOUR, Duration, Share
from tests.engines.exact_models import chain, half, model, price, rate, send

RUNS = 1_000
COUNTS = ("sent", "delivered", "opened", "first_opens", "cost")

VIBER = Channel(
    "viber",
    rates=(
        rate("reaches", 0.6),
        rate("delivers", 0.9, half("1 min", "1 h")),
        rate("opens", 0.5, half("30 min", "5 h")),
    ),
    costs=(price("0.02 EUR", "message delivered"), price("5 EUR", "campaign")),
)
SMS = Channel(
    "sms",
    rates=(rate("reaches", 0.9), rate("delivers", 0.9), rate("opens", 0.4, half("1 h", "6 h"))),
    reports=("delivered",),  # who has opened it gets the next one all the same, a duplicate
    costs=(price("0.04 EUR", "part sent"), price("0.05 EUR", "message opened")),
)
# Counts of some hundred people move in steps; intervals of a few such counts hold the truth one time in a hundred less.
CROWD = Segment("crowd", Headcount(2000), kinds=(Kind("eager", Share(0.4), 1.5), Kind("usual", None, None)))
STREAM = Segment("stream", Arrivals(700, Duration(HOUR), Duration(2 * HOUR)))


def campaign(*segments: Segment, limit: Throughput | None = None) -> Model:
    made = model(VIBER, replace(SMS, throughput=limit), segments=segments, horizon="1 day", within="8 h")
    return replace(made, chains=(chain(send("viber", "2 h"), send("sms", "3 h"), send("sms")),))


def estimates(outcome: ChainOutcome) -> Iterator[tuple[str, Estimate]]:
    """All that has an interval, in total and by segment."""
    units = [("total", outcome.total), *((segment.segment, segment.figures) for segment in outcome.segments)]
    for unit, figures in units:
        yield from ((f"{unit}: {name}", getattr(figures, name)) for name in ESTIMATES)
        for step in figures.steps:
            yield from ((f"{unit}: step {step.step}: {name}", getattr(step, name)) for name in COUNTS)


def holding(made: Model, case: Case, truth: ChainOutcome, replications: int) -> dict[str, int]:
    """How many intervals of a thousand runs hold the truth, of every figure."""
    means, found = {name: estimate.mean for name, estimate in estimates(truth)}, Counter[str]()
    for seed in range(RUNS):
        run = simulate(made, [case], engine="compiled", seed=seed, replications=replications, jobs=1)
        found.update(name for name, e in estimates(run.chains[0]) if e.low <= means[name] <= e.high)
    return {name: found[name] for name in means}


def assert_95(held: dict[str, int]) -> None:
    print(f"\n{len(held)} figures; of {RUNS:,} intervals {min(held.values())} to {max(held.values())} hold the truth")
    assert {name: number for name, number in held.items() if not 930 <= number <= 970} == {}


def test_intervals_of_independent_people_hold_the_exact_value() -> None:
    made = campaign(CROWD, STREAM)
    (case,) = cases(made)
    truth = simulate(made, [case], engine="exact").chains[0]
    assert_95(holding(made, case, truth, 1))


def test_intervals_over_replications_hold_what_a_long_run_says() -> None:
    """The long run's own error is a twentieth of that of ten replications, and moves no share by a thousandth."""
    few = replace(CROWD, people=Headcount(300)), replace(STREAM, people=Arrivals(100, Duration(HOUR), Duration(HOUR)))
    made = campaign(*few, limit=Throughput(60, Duration(HOUR)))
    (case,) = cases(made)
    truth = simulate(made, [case], engine="compiled", seed=RUNS, replications=4_000, jobs=1).chains[0]
    assert all(step.queue_p90 > 3600 for step in truth.total.steps[1:]), "the limit ties nobody to anybody"
    assert_95(holding(made, case, truth, 10))


def test_intervals_hold_where_a_plan_leaves_people_out() -> None:
    """How many a plan by reach is for is left to chance; that is part of what its cost and its counts are off by."""
    made = campaign(CROWD)
    plan = Case("plan", (Route("crowd", made.chains[0], reach=("sms", "viber")),))
    truth = simulate(made, [plan], engine="exact").chains[0]
    assert_95(holding(made, plan, truth, 1))
