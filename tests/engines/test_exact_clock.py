"""Quiet hours, reaction hours and `wait until`, where everybody enters at the campaign's start."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from types import MappingProxyType

import numpy as np
import pytest

from cascadesim.contacts import Contact
from cascadesim.engines.case import Case
from cascadesim.engines.exact import Evaluator, ManyPlans, evaluate, refusals
from cascadesim.engines.exact.hours import LocalHours
from cascadesim.engines.outcome import Estimate, Figures
from cascadesim.engines.simulate import simulate
from cascadesim.errors import RefusedError
from cascadesim.model.calendar import Clock, reaction_at
from cascadesim.model.chain import Chain, Event, Node, Route, WaitUntil
from cascadesim.model.channel import Channel, Hours, Quiet
from cascadesim.model.model import Model
from cascadesim.model.segment import Contacts, Headcount
from cascadesim.units import DAY, HOUR
from tests.engines.exact_enumerated import enumerate_chain, one_person
from tests.engines.exact_models import chain, curve, fixed, half, model, opened, price, rate, send, us
from tests.engines.test_exact_enumerated import close, draw_case

STARTS = (
    datetime(2027, 3, 1, 10),
    datetime(2027, 3, 1, 8, 55),
    datetime(2027, 3, 27, 22, 30),  # the clock is put forward in Europe
    datetime(2027, 10, 30, 23, 5),  # and back
)
ZONES = ("UTC", "Europe/Riga", "America/New_York")
WINDOWS = (Hours(time(10, 30), time(11, 10)), Hours(time(23), time(2, 30)), Hours(time(21), time(9)))
OPEN = (Hours(time(9), time(11)), Hours(time(10, 50), time(2, 45)), Hours(time(7, 30), time(23)))


def with_clock(seed: int, made: Model, steps: Chain) -> tuple[Model, Chain]:
    """The model and the chain with clock rules."""
    dice = random.Random(f"clock {seed}")
    quiet = lambda odds: (Quiet(dice.choice(WINDOWS)),) if dice.random() < odds else ()  # noqa: E731
    channels = tuple(replace(c, quiet=quiet(0.4)) for c in made.channels)
    reacts = dice.choice(OPEN) if dice.random() < 0.7 else None
    segments = tuple(replace(s, reacts=reacts, zone=dice.choice((None, *ZONES))) for s in made.segments)
    scenario = replace(made.scenario, starts=dice.choice(STARTS), zone=dice.choice(ZONES), quiet=quiet(0.2))
    body: list[Node] = []
    for node in steps.body:
        body += [node, WaitUntil(dice.choice((time(9), time(11), time(2, 30))))] if dice.random() < 0.3 else [node]
    return replace(made, scenario=scenario, channels=channels, segments=segments), replace(steps, body=tuple(body))


@pytest.mark.parametrize("seed", range(60))
def test_every_figure_is_the_enumerated_one(seed: int) -> None:
    """The random models of fixed delays, whose horizon is now long enough for a night."""
    made, steps = draw_case(seed)
    made = replace(made, scenario=replace(made.scenario, horizon=us(("100 min", "20 h")[seed % 2])))
    made, steps = with_clock(seed, made, steps)
    expected, total = enumerate_chain(made, steps), evaluate(one_person(made), (Route("all", steps),)).total
    assert total.coverage.mean == close(expected.covered)
    assert total.cost.mean == close(expected.cost / 1e9)
    assert total.messages_per_person.mean == close(expected.messages)
    assert total.duplicates_per_person.mean == close(expected.duplicates)
    for step in total.steps:
        wanted = expected.steps.get(step.step, dict.fromkeys(("sent", "delivered", "opened", "first", "cost"), 0.0))
        found = (step.sent, step.delivered, step.opened, step.first_opens)
        assert [f.mean for f in found] == close([wanted[k] for k in ("sent", "delivered", "opened", "first")])
        assert step.cost.mean == close(wanted["cost"] / 1e9)


DELAYS = (None, fixed("10 min"), half("20 min", "5 h"), half("3 h"), curve((0.5, "4 min"), (1.0, "14 h")))


def draw_smooth(seed: int) -> tuple[Model, Chain]:
    """A random model whose delays are random too."""
    dice = random.Random(f"smooth {seed}")
    delay = lambda: dice.choice(DELAYS)  # noqa: E731
    channels = []
    for name in ("a", "b", "call"):
        rates = [rate("reaches", 0.8), rate("delivers", 0.9, delay())]
        rates += [rate("answers" if name == "call" else "opens", 0.5, delay()), rate("clicks", 0.4, delay())]
        rates += [rate("replies", 0.3, delay()), rate("converts", 0.6, delay())]
        costs = (price("0.02 EUR", "message sent"), price("0.3 EUR", "message clicked"))
        channels.append(Channel(name, rates=tuple(rates), costs=costs))
    goals = (opened(), Event("clicked"), Event("replied"))
    cover, stop = dice.sample(goals, dice.randint(1, 2)), dice.sample(goals, dice.randint(0, 2))
    sends = (send(dice.choice("ab"), "2 h"), send(dice.choice("ab"), "9 h", "30 min"), send("call"))
    made = model(*channels, horizon="3 days", cover=tuple(cover), within="30 h")
    return with_clock(seed, made, chain(*sends, stop=tuple(stop)))


def estimates(figures: Figures) -> Iterator[tuple[str, Estimate]]:
    for name in ("coverage", "cost_per_person", "messages_per_person", "duplicates_per_person"):
        yield name, getattr(figures, name)
    for step in figures.steps:
        for name in ("sent", "delivered", "opened", "first_opens", "cost"):
            yield f"{name} of step {step.step}", getattr(step, name)


def far_apart(exact: Figures, sampled: Figures) -> list[tuple[str, float]]:
    """Figures more than 4.5 standard errors apart; 1.96 of them are half an interval."""
    found = []
    for (name, one), (_, other) in zip(estimates(exact), estimates(sampled), strict=True):
        error = (other.high - other.low) / 2 / 1.96  # type: ignore[operator]
        if abs(one.mean - other.mean) > 4.5 * error + 1e-9:  # type: ignore[operator]
            found.append((name, (one.mean - other.mean) / max(error, 1e-12)))  # type: ignore[operator]
    return found


@pytest.mark.parametrize("seed", range(8))
def test_simpy_says_the_same_of_random_delays(seed: int) -> None:
    made, steps = draw_smooth(seed)
    made = replace(made, segments=tuple(replace(s, people=Headcount(4000)) for s in made.segments))
    case = Case("c", made.routes(steps))
    exact = evaluate(made, case.routes)
    sampled = simulate(made, [case], engine="simpy", seed=seed).chains[0]
    assert far_apart(exact.total, sampled.total) == []
    times = exact.total.time_to_open, sampled.total.time_to_open
    if times[0].p50 is not None and exact.total.coverage.mean > 0.2:  # type: ignore[operator]
        # of 800 or more covering events, so many come before the exact quantile: within 4.5 standard errors
        assert times[0].p50 == pytest.approx(times[1].p50, rel=0.25, abs=600)


def test_contacts_live_in_their_own_zones() -> None:
    """Half of the people read the clock nine hours later: their night is another one."""
    columns = ("id", "a", "b", "call", "time_zone")
    rows = [(f"{n:04}", "x", "x", "x", ("Asia/Tokyo", "Europe/Riga")[n % 2]) for n in range(4000)]
    people = {"all": [Contact(row[0], MappingProxyType(dict(zip(columns, row, strict=True)))) for row in rows]}
    made, steps = draw_smooth(3)
    quiet, reacts = (Quiet(WINDOWS[2]),), OPEN[2]
    channels = tuple(
        replace(c, quiet=quiet, rates=tuple(r for r in c.rates if r.verb != "reaches")) for c in made.channels
    )
    segments = tuple(replace(s, people=Contacts("c.csv"), reacts=reacts) for s in made.segments)
    made = replace(made, channels=channels, segments=segments)
    case = Case("c", made.routes(steps))
    exact = evaluate(made, case.routes, people)
    sampled = simulate(made, [case], engine="simpy", contacts=people).chains[0]
    assert far_apart(exact.total, sampled.total) == []
    moved = evaluate(replace(made, segments=(replace(segments[0], people=Headcount(4000)),)), case.routes)
    assert moved.total.coverage.mean != pytest.approx(exact.total.coverage.mean, abs=1e-4)


@pytest.mark.parametrize("zone", [*ZONES, "Europe/Prague"])  # where 2:45 is skipped, or comes twice
@pytest.mark.parametrize("starts", STARTS)
@pytest.mark.parametrize("reacts", OPEN)
def test_reactions_move_as_the_calendar_says(zone: str, starts: datetime, reacts: Hours) -> None:
    made = model(Channel("a"), horizon="3 days")
    made = replace(
        made,
        scenario=replace(made.scenario, starts=starts),
        segments=tuple(replace(s, reacts=reacts) for s in made.segments),
    )
    closed, clock = LocalHours(made, "all").closed(zone), Clock(made.scenario)
    dice = random.Random(5)
    at = [dice.randrange(3 * DAY) for _ in range(300)] + [int(e) + d for e in closed.edges for d in (-1, 0, 1)]
    at = [t for t in at if 0 <= t <= 3 * DAY]
    assert closed.moved(np.array(at, float)).tolist() == [reaction_at(clock, reacts, zone, t) for t in at]


def test_events_in_a_long_row_are_refused_where_reactions_keep_hours() -> None:
    made, _ = draw_smooth(3)
    late = half("3 h")
    rates = (rate("opens", 0.5, late), rate("clicks", 0.4, late), rate("converts", 0.6, late))
    segments = tuple(replace(s, reacts=OPEN[2]) for s in made.segments)
    made = replace(made, channels=(Channel("a", rates=rates),), segments=segments)
    routes = (Route("all", chain(send("a"), send("a"), stop=(Event("converted"),))),)
    (reason,) = refusals(made, routes)
    assert reason.startswith("segment all reacts at certain hours only, and of a it would have to watch for more")
    assert refusals(replace(made, segments=(replace(segments[0], reacts=None),)), routes) == ()
    with pytest.raises(RefusedError):
        evaluate(made, (Route("all", chain(send("a"))),), goal=((Event("converted"),), DAY))


def test_many_plans_know_no_clock() -> None:
    made, _ = draw_smooth(0)
    evaluator = Evaluator(made, "all", (opened(),), DAY, (opened(),), by_clock=True)
    with pytest.raises(RefusedError, match="clock rules"):
        ManyPlans(evaluator, (HOUR,), 2)
