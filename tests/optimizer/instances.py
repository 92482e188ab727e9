"""Random questions small enough to try every choice of plans, drawn by their number: joint reach, kinds, late
reactions, deadlines, quiet hours, stop events that come without a covering one, repeats, by reach, split segments.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, time

from cascadesim.model.chain import Event
from cascadesim.model.channel import Channel, Hours, Price, Quiet
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import NeverAfter, Objective, Question, Repeat
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Both, Headcount, Kind, Leave, OwnRate, Segment
from cascadesim.units import BILLION, DAY, HOUR, MINUTE, Duration, Money, Share
from tests.optimizer.worlds import World, all_plans

HORIZON = 3 * DAY
GOALS = ("cost per person", "coverage", "coverage per cost", "profit", "time to open")
OPENED, CLICKED, ORDERED = Event("opened"), Event("clicked"), Event(outside="order_placed")
COVERS = ((), (), (), (CLICKED,), (OPENED, ORDERED), (CLICKED, ORDERED))
STOPS = (None, None, None, (OPENED,), (CLICKED,), (Event("delivered"),), (OPENED, ORDERED), ())
WINDOWS = (
    Quiet(Hours(time(21), time(9))),
    Quiet(Hours(time(12), time(14, 30))),
    Quiet(Hours(time(18), time(11)), days=(1, 5)),
    Quiet(None, days=(2,)),
)
REACTS = (Hours(time(7, 30), time(23)), Hours(time(18), time(2)))


def is_near_disjoint(number: int) -> bool:
    """A tenth of the instances: hardly anybody has both of two channels."""
    return number % 10 == 2


def is_by_reach(number: int) -> bool:
    return number % 10 == 4


def is_split(number: int) -> bool:
    return number % 10 == 6


def goal_of(number: int) -> str:
    return GOALS[(number + number // 10) % 5]


def random_world(number: int, is_plain: bool = False) -> World:
    """The instance of that number, with all its plans."""
    return World(*random_instance(number, is_plain), (2 * HOUR, 2 * HOUR - 1))


def random_instance(number: int, is_plain: bool = False) -> tuple[Model, Question]:
    """The instance of that number; a plain one neither splits segments nor goes by reach."""
    rng = random.Random(number)
    two = number % 4 == 1 or number % 20 == 6
    by_reach = is_by_reach(number) and not is_plain
    few = two or by_reach or rng.random() < 0.4
    names = rng.sample(["push", "viber", "email", "sms", "call"], 2 if by_reach or rng.random() < 0.4 else 3)
    question = random_question(rng, goal_of(number), names, 2 if few and (len(names) == 3 or by_reach) else 3)
    if by_reach:
        question = replace(question, by_reach=True, waits=question.waits[:1])
    may_split = is_split(number) and not is_plain
    question = replace(question, may_split=may_split)
    segments, reach = random_reach(rng, number, names, ("loyal", "new") if two else ("all",))
    has_clock = rng.random() < 0.3
    is_fixed = goal_of(number) == "time to open"
    channels = []
    for name in names:
        is_resent = any(r.channel == name for r in question.repeats)
        quiet = (rng.choice(WINDOWS),) if has_clock and rng.random() < 0.6 else ()
        channel = replace(random_channel(rng, name, reach[name], is_fixed, is_resent), quiet=quiet)
        channels.append(without_fees(channel) if may_split else channel)
    starts = datetime(2027, 3, rng.randint(1, 7), rng.randint(0, 23), rng.choice([0, 5, 30]))
    scenario = Scenario(horizon=Duration(HORIZON))
    if has_clock:
        quiet = (rng.choice(WINDOWS),) if rng.random() < 0.3 else ()
        scenario = replace(scenario, starts=starts, quiet=quiet)
        if rng.random() < 0.4:
            segments = tuple(replace(s, reacts=rng.choice(REACTS)) for s in segments)
    if ORDERED in (*question.goal_events, *question.stop_events):
        delay = Delay("fixed", ((Share(1), Duration(rng.choice([45, 500]) * MINUTE)),))
        if not is_fixed and rng.random() < 0.6:
            delay = Delay("exponential", ((Share(0.5), Duration(5 * HOUR)),))
        segments = tuple(replace(s, leaves=(Leave("order_placed", Share(0.12), delay),)) for s in segments)
    model = Model(scenario, tuple(channels), segments)
    question = allowing_something(model, question)
    return replace(model, questions=(question,)), question


def random_question(rng: random.Random, goal: str, names: list[str], most: int) -> Question:
    """What is asked, without limits."""
    early = Duration(11 * MINUTE) if rng.random() < 0.3 else None
    return Question(
        Objective(goal, Money(rng.randint(1, 30) * BILLION // 10, "EUR") if goal == "profit" else None),
        tuple(names),
        covered_when=rng.choice(COVERS),
        stop_when=rng.choice(STOPS),
        within=rng.choice([None, Duration(5 * HOUR), Duration(DAY)]),
        min_steps=2 if rng.random() < 0.15 else 1,
        max_steps=most,
        waits=tuple(Duration(w * MINUTE) for w in rng.sample([30, 120, 360, 1440], 2)),
        undelivered_after=early,
        repeats=(Repeat(names[0], 2),) if rng.random() < 0.3 else (),
        start_with=(names[0],) if rng.random() < 0.2 else (),
        end_with=tuple(names[:2]) if rng.random() < 0.15 else (),
        never=(NeverAfter(names[0], names[1]),) if rng.random() < 0.3 else (),
        never_more=2 if rng.random() < 0.1 else None,
    )


def allowing_something(model: Model, question: Question) -> Question:
    """The question, without the words that leave no plan at all."""
    if next(all_plans(model, question), None) is None:
        return replace(question, start_with=(), end_with=(), never=(), never_more=None)
    return question


def random_reach(
    rng: random.Random, number: int, names: list[str], segments: tuple[str, ...]
) -> tuple[tuple[Segment, ...], dict[str, float]]:
    """The segments, and the channels' reach: a tenth nearly disjoint, a fourth tied in other ways."""
    margins = {name: round(rng.uniform(0.2, 0.95), 3) for name in names}
    tied: list[tuple[str, str]] = []
    if is_near_disjoint(number):
        tied = [(names[0], names[1])]
        margins |= {name: round(rng.uniform(0.25, 0.49), 3) for name in names[:2]}
    elif rng.random() < 0.28:
        tied = [(names[0], other) for other in names[1 : rng.randint(2, 3)]]
    made = []
    for name in segments:
        both = tuple(Both(a, b, Share(together(rng, margins, a, b, is_near_disjoint(number)))) for a, b in tied)
        verb = "opens" if tied and "call" not in names else "reaches"
        own = Share(round(rng.uniform(0.05, 0.6) if verb == "opens" else rng.uniform(0, 1), 2))
        rates = (OwnRate(rng.choice(names), Rate(verb, own, own)),) if verb == "opens" or not tied else ()
        kinds = (Kind("eager", Share(0.3), 1.4), Kind("usual", None, None)) if rng.random() < 0.35 else ()
        made.append(Segment(name, Headcount(rng.randint(50, 2000)), kinds=kinds, both=both, rates=rates))
    return tuple(made), margins


def together(rng: random.Random, margins: dict[str, float], a: str, b: str, is_disjoint: bool) -> float:
    """How many have both."""
    if is_disjoint:
        return round(rng.uniform(0.0, 0.005), 4)
    low, high = max(0.0, margins[a] + margins[b] - 1), min(margins[a], margins[b])
    return round(low + (high - low) * rng.uniform(0.1, 0.9), 6)


def random_channel(rng: random.Random, name: str, reach: float, is_fixed: bool, is_resent: bool) -> Channel:
    """A channel; of its messages' delays one at most is random."""

    def rate(verb, low, high, delay=None):
        value = Share(round(rng.uniform(low, high), 3))
        return Rate(verb, value, value, delay=delay)

    def lasting(shape):
        share = Share(1.0 if shape == "fixed" else 0.5)
        return Delay(shape, ((share, Duration(rng.choice([1, 7, 37, 131, 401]) * MINUTE)),))

    random_stage = None if is_fixed else rng.choice([None, None, "delivers", "opens", "opens", "opens"])
    delivered = lasting("fixed") if rng.random() < 0.5 else None
    if random_stage == "delivers":
        delivered = lasting("exponential")
    opened = lasting("exponential" if random_stage == "opens" else "fixed")
    verb = "answers" if name == "call" else "opens"
    rates = [Rate("reaches", Share(reach), Share(reach)), rate("delivers", 0.5, 1, delivered)]
    rates.append(rate(verb, 0.05, 0.6, opened))
    if rng.random() < 0.6:
        rates.append(rate("clicks", 0.1, 0.7, lasting("fixed") if rng.random() < 0.5 else None))
    if rng.random() < 0.15:
        rates.append(rate("unsubscribes", 0.01, 0.2))
    reports = rng.choice([None, None, None, ("delivered",), ("delivered", "clicked"), ("opened",)])
    return Channel(
        name,
        rates=tuple(rates),
        resend=(rate(verb, 0.02, 0.5),) if is_resent and rng.random() < 0.6 else (),
        reports=None if name == "call" and reports == ("opened",) else reports,
        costs=random_costs(rng),
    )


def random_costs(rng: random.Random) -> tuple[Price, ...]:
    costs = [Price(Money(rng.randint(1, 90) * BILLION // 1000, "EUR"), "message sent")]
    if rng.random() < 0.5:
        costs[0] = replace(costs[0], basis=rng.choice(["message delivered", "message opened", "message clicked"]))
        costs.append(Price(Money(rng.randint(1, 20) * BILLION // 1000, "EUR"), "message sent"))
    if rng.random() < 0.25:
        costs.append(Price(Money(rng.randint(1, 40) * BILLION, "EUR"), "campaign", rng.random() < 0.5))
    return tuple(costs)


def without_fees(channel: Channel) -> Channel:
    return replace(channel, costs=tuple(p for p in channel.costs if p.basis != "campaign"))
