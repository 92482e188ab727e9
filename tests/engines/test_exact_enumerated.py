"""The exact engine against an enumeration of all that can happen, where all delays are fixed."""

from __future__ import annotations

import functools
import random
from collections import Counter

import pytest

from cascadesim.engines.exact import Evaluator, Measures, evaluate
from cascadesim.engines.outcome import Figures
from cascadesim.model.chain import Chain, Event, Route, Send
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Headcount, Kind, Leave, Segment
from cascadesim.units import SECOND, Share
from tests.engines.exact_enumerated import Enumerated, enumerate_chain, one_person
from tests.engines.exact_models import chain, fixed, model, price, rate, send

DELAYS = (None, fixed("10 s"), fixed("1 min"), fixed("10 min"))
WAITS = (None, "10 s", "1 min", "11 min", "50 min")
EVENTS = (
    Event("delivered"),
    Event("opened"),
    Event("clicked"),
    Event("replied"),
    Event("opened", "b"),
    Event("answered", "call"),
    Event(outside="bought"),
)
CASES = range(60)


def draw_case(seed: int) -> tuple[Model, Chain]:
    """A random model of three channels, one a call, and a chain of one to four steps over them."""
    dice = random.Random(seed)
    channels = tuple(_channel(dice, name) for name in ("a", "b", "call"))
    segment = Segment("all", Headcount(1), kinds=_kinds(dice), leaves=_leaves(dice))
    cover = tuple(dice.sample(EVENTS, dice.choice((1, 1, 2))))
    stop = cover if dice.random() < 0.4 else tuple(dice.sample(EVENTS, dice.randint(0, 3)))
    within = dice.choice((None, "10 min", "61 min"))
    made = model(*channels, segments=(segment,), horizon="100 min", cover=cover, within=within)
    sends = [_send(dice) for _ in range(dice.randint(1, 4))]
    return made, chain(*sends, stop=stop)


def _channel(dice: random.Random, name: str) -> Channel:
    delay = lambda: dice.choice(DELAYS)  # noqa: E731
    rates = [rate("reaches", dice.choice((0.3, 0.7, 1.0))), rate("delivers", dice.choice((0.6, 1.0)), delay())]
    rates.append(rate("answers" if name == "call" else "opens", dice.choice((0.2, 0.5)), delay()))
    if dice.random() < 0.6:
        rates.append(rate("clicks", 0.3, delay(), dice.choice((None, "delivered"))))
    if dice.random() < 0.4:
        rates.append(rate("replies", 0.4, delay()))
    if dice.random() < 0.3:
        rates.append(rate("unsubscribes", 0.2, delay(), dice.choice((None, "delivered"))))
    resend: tuple[Rate, ...] = ()
    if name != "call" and dice.random() < 0.5:
        resend = (rate("opens", 0.1, dice.choice(DELAYS[1:])),)
    costs = (price("0.02 EUR", "message sent"), price("0.03 EUR", "message delivered"))
    if dice.random() < 0.5:
        costs += (price("0.5 EUR", "message clicked"), price("0.25 EUR", "message opened"))
    reports = dice.choice((None, None, ("delivered",), ("delivered", "clicked"), ()))
    return Channel(name, rates=tuple(rates), resend=resend, costs=costs, reports=reports)


def _kinds(dice: random.Random) -> tuple[Kind, ...]:
    if dice.random() < 0.5:
        return ()
    return (Kind("eager", Share(0.3), 1.8), Kind("silent", Share(0.2), 0.1), Kind("usual", None, None))


def _leaves(dice: random.Random) -> tuple[Leave, ...]:
    delay: Delay | None = dice.choice(DELAYS)
    return (Leave("bought", Share(0.25), delay),) if dice.random() < 0.5 else ()


def _send(dice: random.Random) -> Send:
    wait = dice.choice(WAITS)
    early = dice.choice((None, None, "10 s", "2 min")) if wait is not None else None
    return send(dice.choice(("a", "a", "b", "call")), wait, early)


def close(value: float) -> object:
    return pytest.approx(value, rel=1e-11, abs=1e-12)


@functools.cache
def answered(seed: int) -> tuple[Enumerated, Figures]:
    made, steps = draw_case(seed)
    return enumerate_chain(made, steps), evaluate(one_person(made), (Route("all", steps),)).total


@pytest.mark.parametrize("seed", CASES)
def test_every_figure_is_the_enumerated_one(seed: int) -> None:
    expected, total = answered(seed)
    assert total.coverage.mean == close(expected.covered)
    assert total.cost.mean == close(expected.cost / 1e9)
    assert total.messages_per_person.mean == close(expected.messages)
    assert total.duplicates_per_person.mean == close(expected.duplicates)
    for step in total.steps:
        wanted = expected.steps.get(step.step, dict.fromkeys(("sent", "delivered", "opened", "first", "cost"), 0.0))
        assert step.sent.mean == close(wanted["sent"])
        assert step.delivered.mean == close(wanted["delivered"])
        assert step.opened.mean == close(wanted["opened"])
        assert step.first_opens.mean == close(wanted["first"])
        assert step.cost.mean == close(wanted["cost"] / 1e9)


@pytest.mark.parametrize("seed", CASES)
def test_times_are_the_enumerated_ones(seed: int) -> None:
    made, steps = draw_case(seed)
    expected, total = answered(seed)
    assert total.time_to_open.p50 == quantile(expected, 0.5)
    assert total.time_to_open.p90 == quantile(expected, 0.9)
    measures = measured(made, steps)
    horizon = int(made.scenario.horizon)
    opened = sum(chance for _, chance in expected.first_covers)
    mean = sum(at * chance for at, chance in expected.first_covers) + horizon * (1 - opened)
    assert measures.restricted_time == pytest.approx(mean, rel=1e-11)
    for time in (0, 1, 10 * SECOND, 10 * SECOND + 1, 61 * SECOND, 2 * horizon):
        opened_by = sum(chance for at, chance in expected.first_covers if at <= time)
        assert measures.opened_by(time) == close(opened_by)


def measured(made: Model, steps: Chain) -> Measures:
    cover, within = made.goal
    plan = Evaluator(made, "all", cover, within, steps.stop_when).root()
    for step in steps.sends:
        lasting, early = (step.wait.lasting, step.wait.undelivered_after) if step.wait else (None, None)
        plan = plan.then(step.channels[0], lasting, early)
    return plan.measures()


def quantile(expected: Enumerated, share: float) -> float | None:
    by_time: Counter[int] = Counter()
    for at, chance in expected.first_covers:
        by_time[at] += chance  # type: ignore[assignment]
    total = sum(by_time.values())
    if total < 1e-12:
        return None
    sofar = 0.0
    for at, chance in sorted(by_time.items()):
        sofar += chance
        if sofar >= share * total * (1 - 1e-12):
            return at / SECOND
    raise AssertionError


def test_cases_cover_what_is_easy_to_get_wrong() -> None:
    """Of the cases, many stop without covering, wait for a delivery, send again, leave, and count clicks."""
    found: Counter[str] = Counter()
    for seed in CASES:
        made, steps = draw_case(seed)
        names = [s.channels[0] for s in steps.sends]
        found["resend"] += len(set(names)) < len(names)
        found["undelivered"] += any(s.wait and s.wait.undelivered_after for s in steps.sends[:-1])
        found["stops elsewhere"] += not set(steps.stop_when) <= set(made.goal[0])
        found["outside"] += bool(made.segments[0].leaves)
        found["kinds"] += bool(made.segments[0].kinds)
        found["call"] += "call" in names
    assert min(found.values()) >= 10, found
