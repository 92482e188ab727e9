"""The optimum against brute force over a naive evaluator of its own: it shares no code with the exact engine.

The evaluator adds up who received and opened what. Delays are fixed or exponential; an exponential delay is cut
at every instant that anything is compared with (starts of later steps, deadlines, the horizon), so the sum is
exact. Every combination of plans is then tried, and every `keep` read as the script has it.
"""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import dataclass, field, replace

import pytest

from cascadesim.errors import QuestionError
from cascadesim.model.channel import Channel, Price
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import EACH, Keep, NeverAfter, Objective, Question, Repeat
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Headcount, Kind, OwnRate, Segment
from cascadesim.optimizer import optimize
from cascadesim.units import BILLION, DAY, HOUR, MINUTE, Duration, Money, Share

HORIZON = 3 * DAY
CLOSE = 1e-9


# ------------------------------------------------------------------ one plan, one segment: a sum over outcomes


@dataclass
class Sums:
    """Per person: covered, cost and messages (by channel), and the (probability, first open) pairs."""

    covered: float = 0.0
    cost: dict[str, float] = field(default_factory=dict)
    messages: dict[str, float] = field(default_factory=dict)
    first: list[tuple[float, float]] = field(default_factory=list)

    def opened(self, by: float) -> float:
        return math.fsum(p for p, at in self.first if at <= by)

    @property
    def time(self) -> float:
        return math.fsum(p * min(at, HORIZON) for p, at in self.first)


def naive(model: Model, segment: str, within: int, plan, instants) -> Sums:
    """What a plan, (channel, wait, undelivered after) per step, comes to for one person of a segment."""
    channels = sorted({c for c, _, _ in plan})
    sums = Sums()
    starts = {0.0}
    for _, wait, early in plan:
        starts |= {s + w for s in starts for w in (wait, early) if w is not None}
    cuts = sorted(starts | {float(within), float(HORIZON), *map(float, instants)})
    for kind_share, factor in naive_kinds(model.segment(segment)):
        for pattern in itertools.product((False, True), repeat=len(channels)):
            reach = dict(zip(channels, pattern, strict=True))
            weight = kind_share * math.prod(
                (r if reach[c] else 1 - r) for c in channels for r in [share(model, segment, c, "reaches")]
            )
            if weight:
                steps = [s for s in plan if reach[s[0]]]
                walk(model, segment, within, steps, cuts, factor, sums, weight, 0.0, (), {})
    return sums


def naive_kinds(segment: Segment):
    if not segment.kinds:
        return [(1.0, 1.0)]
    known = [(float(k.share), k.factor) for k in segment.kinds if k.share is not None]
    left = 1 - sum(s for s, _ in known)
    return [*known, (left, (1 - sum(s * f for s, f in known)) / left)]


def share(model: Model, segment: str, channel: str, verb: str, again: bool = False) -> float:
    rate = model.rate(segment, channel, verb, again)
    return 1.0 if rate is None else float(rate.low)


def walk(model, segment, within, steps, cuts, factor, sums, weight, now, opens, sent):
    """Follow everybody whom `weight` stands for from a decision point on; `opens` are (time, reported)."""
    if not steps or now >= HORIZON or any(at <= now and reported for at, reported in opens):
        first = min((at for at, _ in opens), default=math.inf)
        sums.covered += weight if first <= within else 0.0
        sums.first.append((weight, first))
        return
    (channel, wait, early), *rest = steps
    again = sent.get(channel, 0)
    sums.messages[channel] = sums.messages.get(channel, 0.0) + weight
    reported = model.channel(channel).reports_state("opened")
    for chance, delivered, opened in fates(model, segment, channel, bool(again), factor, now, cuts):
        bill = sum(
            price.amount.billionths for price in model.channel(channel).costs if is_due(price, delivered, opened)
        )
        sums.cost[channel] = sums.cost.get(channel, 0.0) + weight * chance * bill
        is_late = early is not None and (delivered is None or delivered > now + early)
        after = now + (early if is_late else wait or 0)
        events = opens if opened is None else (*opens, (opened, reported))
        walk(
            model,
            segment,
            within,
            rest,
            cuts,
            factor,
            sums,
            weight * chance,
            after,
            events,
            sent | {channel: again + 1},
        )


def is_due(price: Price, delivered, opened) -> bool:
    happened = {"message sent": 0.0, "message delivered": delivered, "message opened": opened}
    return happened.get(price.basis) is not None


def fates(model, segment, channel, again, factor, now, cuts):
    """(probability, delivered at, opened at) of one message; what comes after the horizon never comes."""
    delivers = model.rate(segment, channel, "delivers", again)
    opens = model.rate(segment, channel, "opens", again)
    arrives = now + (1 if delivers.delay is None else delivers.delay.points[0][1])  # at once: a microsecond (S1)
    if arrives > HORIZON:
        return [(1.0, None, None)]
    reads, left = float(opens.low) * factor, 1.0
    found = []
    if opens.delay.shape == "fixed":
        times = [(1.0, arrives + opens.delay.points[0][1])]
    else:
        half = opens.delay.points[0][1]
        later = [arrives, *(c for c in cuts if c > arrives)]
        times = [(2 ** (-(a - arrives) / half) - 2 ** (-(b - arrives) / half), b) for a, b in itertools.pairwise(later)]
    for chance, at in times:
        if at <= HORIZON:
            found.append((float(delivers.low) * reads * chance, arrives, at))
            left -= reads * chance
    return [*found, (float(delivers.low) * left, arrives, None), (1 - float(delivers.low), None, None)]


# ------------------------------------------------------------------ all plans, all segments together


def all_plans(model: Model, question: Question):
    """Every plan allowed, by throwing away what is not."""
    times = dict.fromkeys(question.channels, 1) | {r.channel: r.times for r in question.repeats}
    for length in range(question.min_steps, min(question.max_steps, question.never_more or 99) + 1):
        for names in itertools.product(sorted(question.channels), repeat=length):
            if (
                any(names.count(c) > times[c] for c in names)
                or (question.start_with and names[0] not in question.start_with)
                or (question.end_with and names[-1] not in question.end_with)
                or any(n.channel in names[i + 1 :] for n in question.never for i, c in enumerate(names) if c == n.after)
            ):
                continue
            for waits in itertools.product(question.waits, repeat=length - 1):
                early = question.undelivered_after
                yield tuple(
                    (c, w, early if w is not None and early is not None and w > early else None)
                    for c, w in zip(names, (*waits, None), strict=True)
                )


@dataclass
class World:
    """The naive sums of all plans of all segments."""

    model: Model
    question: Question
    instants: tuple[int, ...]

    def __post_init__(self):
        within = self.question.within or HORIZON
        self.segments = sorted(s.name for s in self.model.segments)
        self.people = {s.name: s.people.count for s in self.model.segments}
        self.plans = list(all_plans(self.model, self.question))
        self.sums = {s: [naive(self.model, s, within, p, self.instants) for p in self.plans] for s in self.segments}
        self.combinations = list(itertools.product(range(len(self.plans)), repeat=len(self.segments)))

    def measure(self, combination, of, what) -> float:
        chosen = [(s, k) for s, k in zip(self.segments, combination, strict=True) if of in (None, s)]
        return math.fsum(self.people[s] * what(self.sums[s][k]) for s, k in chosen)

    def cost(self, combination, of=None) -> float:
        """In billionths; what is paid for the campaign counts in totals only."""
        spent: dict[str, float] = {}
        for s, k in zip(self.segments, combination, strict=True):
            if of in (None, s):
                for channel, _, _ in self.plans[k]:
                    spent.setdefault(channel, 0.0)
                for channel, cost in self.sums[s][k].cost.items():
                    spent[channel] += self.people[s] * cost
        if of is not None:
            return math.fsum(spent.values())
        total = 0.0
        for channel, cost in spent.items():
            once = [p for p in self.model.channel(channel).costs if p.basis == "campaign"]
            fee = sum(p.amount.billionths for p in once if not p.at_least)
            total += max([cost + fee, *(p.amount.billionths for p in once if p.at_least)])
        return total

    def figure(self, keep: Keep, combination, of) -> float:
        """What a limit speaks of, in the limit's unit."""
        people = self.measure(combination, of, lambda x: 1.0)
        covered = self.measure(combination, of, lambda x: x.covered)
        messages = self.measure(
            combination, of, lambda x: sum(n for c, n in x.messages.items() if keep.channel in (None, c))
        )
        match keep.measure:
            case "coverage":
                return covered / people
            case "total cost":
                return self.cost(combination, of)
            case "cost per person":
                return self.cost(combination, of) / people
            case "cost per covered person":
                return self.cost(combination, of) / covered if covered else math.inf
            case "messages per person":
                return messages / people
            case "messages":
                return messages
            case "time to open":
                opened = self.measure(combination, of, lambda x: x.opened(HORIZON))
                return self.measure(combination, of, lambda x: x.opened(keep.value)) / opened if opened else math.inf

    def keeps(self, keep: Keep, combination) -> bool:
        for of in self.segments if keep.of == EACH else [keep.of]:
            figure = self.figure(keep, combination, of)
            bound = keep.openers if keep.openers is not None else keep.value
            bound = bound.billionths if isinstance(bound, Money) else float(bound)
            wants_more = keep.bound in ("at least", "over") if keep.openers is None else True
            if figure < bound * (1 - CLOSE) if wants_more else figure > bound * (1 + CLOSE):
                return False
        return True

    def value(self, combination) -> float:
        people = self.measure(combination, None, lambda x: 1.0)
        covered = self.measure(combination, None, lambda x: x.covered)
        cost = self.cost(combination) / BILLION
        match self.question.objective.goal:
            case "cost per person":
                return cost / people
            case "coverage":
                return covered / people
            case "coverage per cost":
                return covered / cost if cost else math.inf
            case "profit":
                return covered * self.question.objective.value.billionths / BILLION - cost
            case "time to open":
                return self.measure(combination, None, lambda x: x.time) / people / 1e6

    def best(self, keeps):
        """(value, combination) of the best that keeps these limits; None if there is none."""
        sign = 1 if self.question.objective.maximizes else -1
        kept = [c for c in self.combinations if all(self.keeps(k, c) for k in keeps)]
        return max(((self.value(c), c) for c in kept), key=lambda found: sign * found[0], default=None)


# ------------------------------------------------------------------ random instances


GOALS = ("cost per person", "coverage", "coverage per cost", "profit", "time to open")
MEASURES = ("coverage", "total cost", "cost per person", "cost per covered person", "messages per person", "messages")


def random_world(number: int) -> World:
    rng = random.Random(number)
    two = number % 4 == 1
    goal = rng.choice(GOALS)
    early = Duration(11 * MINUTE) if rng.random() < 0.3 else None
    fixed = goal == "time to open" or early is not None
    names = rng.sample(["push", "viber", "email", "sms"], 2 if rng.random() < (0.7 if two else 0.3) else 3)
    repeats = (Repeat(names[0], 2),) if rng.random() < 0.3 else ()
    question = Question(
        Objective(goal, Money(rng.randint(1, 30) * BILLION // 10, "EUR") if goal == "profit" else None),
        tuple(names),
        within=rng.choice([None, Duration(5 * HOUR), Duration(DAY)]),
        max_steps=2 if len(names) == 3 and (two or rng.random() < 0.4) else 3,
        waits=tuple(Duration(w * MINUTE) for w in rng.sample([30, 120, 360, 1440], 2)),
        undelivered_after=early,
        repeats=repeats,
        start_with=(names[0],) if rng.random() < 0.2 else (),
        never=(NeverAfter(names[0], names[1]),) if rng.random() < 0.3 else (),
    )
    segments = tuple(random_segment(rng, name, names) for name in (("loyal", "new") if two else ("all",)))
    model = Model(
        Scenario(horizon=Duration(HORIZON)),
        tuple(random_channel(rng, name, fixed, name == names[0] and bool(repeats)) for name in names),
        segments,
        questions=(question,),
    )
    return World(model, question, (2 * HOUR,))


def random_channel(rng: random.Random, name: str, fixed: bool, is_resent: bool) -> Channel:
    def rate(verb, low, high, delay=None):
        value = Share(round(rng.uniform(low, high), 3))
        return Rate(verb, value, value, delay=delay)

    def lasting(shape):
        return Delay(
            shape, ((Share(1.0 if shape == "fixed" else 0.5), Duration(rng.choice([1, 7, 37, 131, 401]) * MINUTE)),)
        )

    delivered = lasting("fixed") if rng.random() < 0.5 else None
    shape = "fixed" if fixed or rng.random() < 0.3 else "exponential"
    costs = [Price(Money(rng.randint(1, 90) * BILLION // 1000, "EUR"), "message sent")]
    if rng.random() < 0.5:
        costs[0] = replace(costs[0], basis=rng.choice(["message delivered", "message opened"]))
        costs.append(Price(Money(rng.randint(1, 20) * BILLION // 1000, "EUR"), "message sent"))
    if rng.random() < 0.25:
        costs.append(Price(Money(rng.randint(1, 40) * BILLION, "EUR"), "campaign", rng.random() < 0.5))
    return Channel(
        name,
        rates=(rate("reaches", 0.2, 1), rate("delivers", 0.5, 1, delivered), rate("opens", 0.05, 0.6, lasting(shape))),
        resend=(rate("opens", 0.02, 0.5),) if is_resent and rng.random() < 0.6 else (),
        reports=("delivered",) if rng.random() < 0.25 else None,
        costs=tuple(costs),
    )


def random_segment(rng: random.Random, name: str, channels: list[str]) -> Segment:
    kinds = (Kind("eager", Share(0.3), 1.4), Kind("usual", None, None)) if rng.random() < 0.3 else ()
    reach = Share(round(rng.uniform(0, 1), 2))
    return Segment(
        name,
        Headcount(rng.randint(50, 2000)),
        kinds=kinds,
        rates=(OwnRate(rng.choice(channels), Rate("reaches", reach, reach)),),
    )


def template(rng: random.Random, world: World, is_shared: bool) -> Keep:
    if is_shared:
        return Keep("total cost", "at most", Money(0, "EUR"))
    of = rng.choice([None, world.segments[0], EACH])
    kind = rng.choice([*MEASURES, "time to open"])
    if kind == "time to open":
        return Keep(kind, rng.choice(["at most", "under"]), Duration(2 * HOUR), of, openers=Share(0))
    channel = rng.choice([None, *world.question.channels]) if kind == "messages" else None
    if kind == "coverage":
        return Keep(kind, rng.choice(["at least", "over"]), Share(0), of)
    value = {"messages per person": 0.0, "messages": 0.0}.get(kind, Money(0, "EUR"))
    return Keep(kind, rng.choice(["at most", "under"]), value, of, channel)


def keep_between(world: World, rng: random.Random, effect: str, is_shared: bool) -> Keep:
    """A limit with a bound between two values that plans have; `effect` says on which side the best one is."""
    for _ in range(50):
        keep = template(rng, world, is_shared)
        is_more = keep.measure in ("coverage", "time to open")
        bound = bound_for(world, rng, keep, effect, is_more)
        if bound is not None and not (is_more and bound >= 1):
            if keep.openers is not None:
                return replace(keep, openers=Share(bound))
            kind = type(keep.value)
            return replace(keep, value=Money(round(bound), "EUR") if kind is Money else kind(bound))
        is_shared = False  # no total cost has this effect
    assert effect == "binding", "there is always something impossible, and something harmless"
    return keep_between(world, rng, "loose", is_shared)


def bound_for(world: World, rng: random.Random, keep: Keep, effect: str, is_more: bool) -> float | None:
    sign = 1.0 if is_more else -1.0  # times the figure: more is better
    scopes = world.segments if keep.of == EACH else [keep.of]
    figures = {c: min(sign * world.figure(keep, c, of) for of in scopes) for c in world.combinations}
    values = sorted({f for f in figures.values() if math.isfinite(f)})
    if not values:
        return None
    values = [values[0], *(b for a, b in itertools.pairwise(values) if b - a > 1e-5 * abs(b))]
    best = figures[world.best(())[1]]
    if effect == "impossible":
        bound = values[-1] + 0.03 * abs(values[-1])
        return sign * bound if bound else None
    if effect == "loose" and math.isfinite(best):
        values = sorted([best - 0.01 * abs(best), *values])
    pairs = [(a, b) for a, b in itertools.pairwise(values) if (a > best - 1e-9 * abs(best)) == (effect == "binding")]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    return sign * (a + b) / 2 or None


def random_keeps(world: World, number: int) -> tuple[Keep, ...]:
    """Limits that leave nothing of all plans, or not the best, or the best; two segments share a cost as well."""
    rng = random.Random(-1 - number)
    is_two = len(world.segments) == 2
    effect = "binding" if number % 3 == 0 or number % 8 == 1 else "loose"
    if number % 10 == 9:
        effect = "impossible"
    keeps = [keep_between(world, rng, effect, is_two)]
    if is_two and not is_shared_cost(keeps[0]):
        keeps.append(keep_between(world, rng, "loose", True))
    elif number % 7 == 0:
        keeps.append(keep_between(world, rng, "loose", False))
    return tuple(keeps)


def is_shared_cost(keep: Keep) -> bool:
    return keep.measure == "total cost" and keep.of is None


# ------------------------------------------------------------------ the test

COUNT = 200


def test_the_optimum_is_that_of_brute_force():
    seen = dict.fromkeys(("binding", "infeasible", "two segments and a shared cost", "a channel repeated"), 0)
    for number in range(COUNT):
        world = random_world(number)
        keeps = random_keeps(world, number)
        question = replace(world.question, keeps=keeps)
        expected, unlimited = world.best(keeps), world.best(())
        seen["two segments and a shared cost"] += len(world.segments) == 2 and any(map(is_shared_cost, keeps))
        seen["a channel repeated"] += bool(question.repeats)
        if expected is None:
            seen["infeasible"] += 1
            with pytest.raises(QuestionError) as caught:
                optimize(replace(world.model, questions=(question,)), question)
            assert {d.code for d in caught.value.diagnostics} <= {"C401", "C402"}, number
            continue
        seen["binding"] += expected[0] != unlimited[0]
        answer = optimize(replace(world.model, questions=(question,)), question)
        assert answer.status == "proven", number
        assert answer.objective_value == pytest.approx(expected[0], rel=CLOSE, abs=CLOSE), number
        steps = {
            s: tuple((x.channel, x.wait, x.undelivered_after) for x in p[0].steps) for s, p in answer.plans.items()
        }
        chosen = tuple(world.plans.index(steps[s]) for s in world.segments)
        assert all(world.keeps(k, chosen) for k in keeps), number
        assert world.value(chosen) == pytest.approx(expected[0], rel=CLOSE, abs=CLOSE), number
    print(f"\nof {COUNT} instances: " + ", ".join(f"{n} {what}" for what, n in seen.items()))
    assert seen["binding"] >= COUNT / 3
    assert seen["infeasible"] >= COUNT / 10
    assert seen["two segments and a shared cost"] >= COUNT / 4
    assert seen["a channel repeated"] >= COUNT / 10


def test_one_segment_s_frontier_is_that_of_all_plans():
    close = 1e-8
    for number in (n for n in range(28) if n % 4 != 1):
        world = random_world(number)
        (people,) = world.people.values()
        plans = [
            (world.cost(c) / BILLION / people, world.measure(c, None, lambda x: x.covered) / people)
            for c in world.combinations
        ]
        found = [(p.cost_per_person, p.coverage) for p in frontier_of(world)]
        for cost, covered in plans:
            assert any(c <= cost + close and v >= covered - close for c, v in found), number
        for cost, covered in found:
            assert (cost, covered) in (pytest.approx(plan, abs=close) for plan in plans), number
            assert not any(c < cost - close and v > covered + close for c, v in plans), number


def test_several_segments_frontier_has_the_best_at_every_price_of_a_covered_person():
    """Without campaign fees; what it says of a point is what its steps come to."""
    for number in range(1, 50, 4):
        world = random_world(number)
        channels = tuple(map(without_fees, world.model.channels))
        world = World(replace(world.model, channels=channels), world.question, world.instants)
        people = sum(world.people.values())
        points = frontier_of(world)
        cost = {c: world.cost(c) / BILLION for c in world.combinations}
        covered = {c: world.measure(c, None, lambda x: x.covered) for c in world.combinations}
        for point in points:
            steps = {s: tuple((x.channel, x.wait, x.undelivered_after) for x in p) for s, p in point.steps.items()}
            chosen = tuple(world.plans.index(steps[s]) for s in world.segments)
            assert point.cost_per_person * people == pytest.approx(cost[chosen], abs=1e-6), number
            assert point.coverage * people == pytest.approx(covered[chosen], abs=1e-6), number
        for price in (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 10.0):
            best = max(price * covered[c] - cost[c] for c in world.combinations)
            found = max((price * p.coverage - p.cost_per_person) * people for p in points)
            assert found == pytest.approx(best, abs=1e-6), (number, price)


def without_fees(channel: Channel) -> Channel:
    return replace(channel, costs=tuple(p for p in channel.costs if p.basis != "campaign"))


def frontier_of(world: World):
    points = optimize(world.model, world.question).frontier
    assert all(a.cost_per_person < b.cost_per_person and a.coverage < b.coverage for a, b in itertools.pairwise(points))
    return points
