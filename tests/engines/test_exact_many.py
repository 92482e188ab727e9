"""Many plans at once are worth what they are one by one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from cascadesim.engines.exact import Evaluator, ManyPlans, Prefix, evaluate
from cascadesim.engines.exact.many import Plans
from cascadesim.errors import RefusedError
from cascadesim.language.script import read
from cascadesim.model.chain import Chain, Event, Route, Send, Wait
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.model.segment import Both, Headcount, Kind, Leave, Segment
from cascadesim.units import DAY, HOUR, MINUTE, Duration, Share
from tests.benchmarks.exact_against_simpy import SCENARIOS
from tests.engines.exact_models import curve, fixed, half, model, opened, price, rate

NAMES = ("a", "b", "call", "d")
DELAYS = (None, fixed("10 min"), half("6 min", "5 h"), half("20 min"), curve((0.5, "4 min"), (1.0, "2 h")))
WAITS = (  # on a coarse grid; on one so fine that only digits fit; past the horizon
    (20 * MINUTE, 2 * HOUR, 3 * DAY, 8 * DAY),
    (7_000_003, 2 * HOUR + 11, 3 * DAY + 1),
    (DAY,),
    (0, MINUTE, 20 * DAY),
)
GOALS = (opened(), Event("clicked"), Event("delivered", "b"), Event(outside="bought"))


def draw_model(dice: random.Random) -> tuple[Model, tuple[Event, ...]]:
    """A random model, and covering events that are its stop events too."""
    channels = tuple(_channel(dice, name) for name in NAMES)
    kinds = dice.choice(((), (Kind("eager", Share(0.3), 1.8), Kind("usual", None, None))))
    leaves = dice.choice(((), (Leave("bought", Share(0.25), half("5 h")),)))
    both = dice.choice(((), (Both("a", "b", Share(0.4)),)))
    segment = Segment("all", Headcount(1), kinds=kinds, leaves=leaves, both=both)
    return model(*channels, segments=(segment,)), tuple(dice.sample(GOALS, dice.randint(1, 2)))


def _channel(dice: random.Random, name: str) -> Channel:
    rates = [
        rate("reaches", 1.0 if name == "d" else dice.choice((0.5, 0.6, 0.7))),
        rate("delivers", 0.9, dice.choice(DELAYS)),
    ]
    rates.append(rate("answers" if name == "call" else "opens", dice.choice((0.2, 0.5)), dice.choice(DELAYS)))
    rates.append(rate("clicks", 0.3, dice.choice(DELAYS), dice.choice((None, "delivered"))))
    costs = (price("0.02 EUR", "message sent"), price("0.3 EUR", "message clicked"))
    resend = dice.choice(((), (rate("opens", 0.1, dice.choice(DELAYS)),))) if name != "call" else ()
    reports = dice.choice((None, None, ("delivered", "opened")))
    return Channel(name, rates=tuple(rates), resend=resend, costs=costs, reports=reports)


def draw_plans(dice: random.Random, count: int, steps: int, channels: int, waits: int) -> tuple[Plans, Plans]:
    """Random plans, of no step to all; what stands after their ends is nonsense."""
    which = np.array([[dice.randrange(channels) for _ in range(steps)] for _ in range(count)], dtype=np.int8)
    pauses = np.array([[dice.randrange(waits) for _ in range(steps)] for _ in range(count)], dtype=np.int16)
    for row, end in enumerate(dice.choices(range(steps + 1), weights=range(1, steps + 2), k=count)):
        which[row, end : end + 1] = -1
        pauses[row, max(0, end - 1) :] = 99
    return which, pauses


def one_by_one(evaluator: Evaluator, waits: tuple[int, ...], channels: Plans, pauses: Plans) -> Prefix:
    plan = evaluator.root()
    for channel, wait in zip(channels, pauses, strict=True):
        if channel < 0:
            break
        plan = plan.then(evaluator.channels[channel], waits[wait] if wait < len(waits) else None)
    return plan


def close(values: object) -> object:
    return pytest.approx(values, rel=1e-12, abs=1e-13)


def assert_equal(evaluator: Evaluator, waits: tuple[int, ...], channels: Plans, pauses: Plans) -> None:
    found = ManyPlans(evaluator, waits, channels.shape[1]).evaluate(channels, pauses)
    for row in range(len(channels)):
        plan = one_by_one(evaluator, waits, channels[row], pauses[row])
        assert found.covered[row] == close(plan.covered)
        assert found.costs[row] == close(plan.cost)
        assert found.messages[row] == close(plan.messages)


@pytest.mark.parametrize("seed", range(24))
def test_random_plans_of_random_models(seed: int) -> None:
    dice = random.Random(seed)
    made, goal = draw_model(dice)
    evaluator = Evaluator(made, "all", goal, dice.choice((DAY, 5 * DAY, 7 * DAY)), goal)
    waits = WAITS[seed % len(WAITS)]
    assert_equal(evaluator, waits, *draw_plans(dice, 40, dice.randint(1, 5), len(NAMES), len(waits)))


@pytest.mark.parametrize(
    ("scenario", "chain"),
    [("sms-then-call", "sms-then-call"), ("viber-then-sms", "viber-then-sms"), ("cheapest-first", "messengers-first")],
)
def test_shipped_chains(scenario: str, chain: str) -> None:
    """A shipped chain, its early ends of waits aside, through `evaluate` for each of its segments."""
    made = read(SCENARIOS / f"{scenario}.cascade").model
    steps = made.chain(chain)
    sends = tuple(Send(s.channels, s.saying, s.wait and Wait(s.wait.lasting)) for s in steps.sends)
    plain = Chain("plain", sends, saying=steps.saying, stop_when=(Event("opened"),))
    events, within = (Event("opened"),), made.goal[1]
    waits = tuple(dict.fromkeys(int(s.wait.lasting) for s in sends if s.wait))
    for name in made.segments_of(steps.segments):
        evaluator = Evaluator(made, name, events, within, plain.stop_when, saying=plain.saying, channels=plain.channels)
        channels = np.array([[evaluator.channels.index(s.channels[0]) for s in sends]])
        pauses = np.array([[waits.index(int(s.wait.lasting)) if s.wait else 0 for s in sends]])
        found = ManyPlans(evaluator, waits, len(sends)).evaluate(channels, pauses)
        figures = evaluate(made, (Route(name, plain),), goal=(events, within)).segments[0].figures
        assert found.covered[0] == close(figures.coverage.mean)
        assert found.costs[0] / 1e9 == close(figures.cost_per_person.mean)
        assert found.messages[0] == close(figures.messages_per_person.mean)


def test_threads_change_nothing() -> None:
    dice = random.Random(1)
    made, goal = draw_model(dice)
    many = ManyPlans(Evaluator(made, "all", goal, DAY, goal), WAITS[0], 4)
    plans = draw_plans(dice, 101, 4, len(NAMES), len(WAITS[0]))
    one, three = (many.evaluate(*plans, jobs=jobs) for jobs in (1, 3))
    assert all((getattr(one, k) == getattr(three, k)).all() for k in ("covered", "costs", "messages"))
    none = many.evaluate(*(array[:0] for array in plans))
    assert none.covered.size == none.costs.size == none.messages.size == 0


def test_what_is_no_plan_is_refused() -> None:
    made, goal = draw_model(random.Random(1))
    many = ManyPlans(Evaluator(made, "all", goal, DAY, goal), (HOUR,), 2)
    good = np.zeros((3, 2), dtype=np.int8)
    for place, value in (((2, 1), 4), ((2, 0), 100)):
        wrong = good.copy()
        wrong[place] = value
        with pytest.raises(ValueError, match="plan 2 has a channel"):
            many.evaluate(wrong, good, jobs=2)
    for wait in (-1, 1):
        with pytest.raises(ValueError, match="plan 0 has a channel or a wait"):
            many.evaluate(good, good + wait)
    with pytest.raises(ValueError, match="up to 2 columns"):
        many.evaluate(np.zeros((3, 3), dtype=np.int8), np.zeros((3, 3), dtype=np.int8))


def test_stops_that_cover_nobody_are_refused() -> None:
    made, _ = draw_model(random.Random(1))
    evaluator = Evaluator(made, "all", (opened(),), DAY, (Event("delivered"),))
    with pytest.raises(RefusedError, match="without a covering one"):
        ManyPlans(evaluator, (HOUR,), 2)


def test_too_many_sums_are_refused() -> None:
    made, goal = draw_model(random.Random(1))
    waits = [Duration(HOUR + 7 * k * k + k) for k in range(12)]
    with pytest.raises(RefusedError, match="too many different sums"):
        ManyPlans(Evaluator(made, "all", goal, DAY, goal), waits, 9)
