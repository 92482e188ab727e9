"""Random campaigns over the whole chain language: one Hypothesis strategy for all tests that compare drivers.

`campaigns(people)` draws a model with about so many people, and a chain or a plan for them; what chains say is drawn
in `campaign_chains`. Waits, delays and slots are few and round, so that instants meet, and most campaigns begin shortly
before daylight saving changes. With `exact=True` it is all in the exact engine's scope (S15), but for what its
`refusals` say of reaction hours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cache
from random import Random
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers

from cascadesim.contacts import Contact
from cascadesim.engines.case import Case
from cascadesim.model.chain import Chain, Route, WaitUntil
from cascadesim.model.channel import Channel, Hours, Price, Quiet, Throughput
from cascadesim.model.message import Content, Message
from cascadesim.model.model import Exchange, Model, Scenario
from cascadesim.model.question import Objective, Question
from cascadesim.model.rates import Delay, Rate, Verb
from cascadesim.model.segment import Arrivals, Both, Contacts, Headcount, Kind, Leave, OwnPrice, OwnRate, Segment
from cascadesim.plan import Plan, PlanSegment, steps_of
from cascadesim.units import DAY, HOUR, MINUTE, SECOND, Duration, Money, Share
from tests.engines.campaign_chains import (
    CHAINS,
    CHANNELS,
    DURATIONS,
    EVENTS,
    LINEAR_CHAINS,
    MESSAGE,
    OUTSIDE,
    SEGMENTS,
    audible,
)

# Numbers that stand in modules loaded so far are drawn with preference: draws would depend on what else has run.
patch.object(providers, "is_local_module_file", lambda path: False).start()

ZONES = ("America/New_York", "Asia/Kolkata", "Europe/Berlin")
STARTS = st.sampled_from(
    [
        ("Europe/Berlin", datetime(2027, 3, 27, 20, 50)),
        ("Europe/Berlin", datetime(2027, 3, 28, 1, 50)),
        ("Europe/Berlin", datetime(2026, 10, 24, 23, 0)),
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 30)),
        ("America/New_York", datetime(2027, 3, 13, 21, 0)),
        ("America/New_York", datetime(2026, 10, 31, 20, 0)),
        ("Asia/Kolkata", datetime(2027, 3, 27, 20, 0)),
        ("Europe/Riga", datetime(2027, 3, 1, 8, 50)),
    ]
)
QUIET = st.sampled_from(
    [
        Quiet(Hours(time(21), time(9))),
        Quiet(Hours(time(1), time(2, 30))),
        Quiet(Hours(time(22), time(3)), days=(5, 6)),
        Quiet(days=(6,)),
        Quiet(dates=(date(2027, 3, 28), date(2026, 11, 1))),
    ]
)
# The last one lies within the first quiet hours: together they leave no hour for a call, ever.
REACTS = st.sampled_from([None] * 3 + [Hours(time(a), time(b, 30)) for a, b in ((9, 20), (9, 20), (22, 23))])
# For 500 people, from loose to tight, one period that divides no second; so many times more for more people.
LIMITS = ((7, SECOND), (1, SECOND), (40, MINUTE), (6, MINUTE), (150, HOUR), (430, HOUR), (2000, DAY))
KINDS = (Kind("eager", Share(0.3), 1.2), Kind("silent", Share(0.2), 0.2), Kind("usual", None, None))
SHARES = st.sampled_from([0.25, 0.5, 0.8, 0.8, 1.0]).map(Share)
TEXTS = (
    Content("text", "Your order {order|} is on its way"),
    Content("text", "Ваш заказ уже в пути, {first_name|друг}! " * 3, "sms"),
)


@dataclass(frozen=True)
class Campaign:
    """A chain or a plan, with its model, the contacts of the segment that has some, and how often it is run."""

    model: Model
    case: Case
    contacts: dict[str, list[Contact]]
    replications: int

    @property
    def plan(self) -> Plan:
        """The same as a plan document."""
        entries = (PlanSegment(r.segment, r.share, r.reach, steps_of(r.chain), r.chain) for r in self.case.routes)
        return Plan("0" * 64, self.model, tuple(entries))


@dataclass(frozen=True)
class Scope:
    """What a campaign may have in it: all there is, or what the exact engine does: clock rules, or arrivals."""

    exact: bool = False
    clock: bool = True


@st.composite
def campaigns(draw: st.DrawFn, people: int, exact: bool = False) -> Campaign:
    """A campaign with about `people` people in all replications together."""
    scope = draw(st.sampled_from([Scope(True), Scope(True, clock=False)])) if exact else Scope()
    replications = draw(st.sampled_from([1, 1, 2]))
    channels = tuple(draw(_channels(name, people, scope)) for name in CHANNELS)
    sizes = draw(st.sampled_from([(10,), (6, 4), (6, 2, 2), (5, 4, 1)]))
    listed = draw(st.sampled_from([None, *range(len(sizes))]))
    segments = tuple(
        draw(_segments(SEGMENTS[i], share * people // (10 * replications), channels, scope, listed == i))
        for i, share in enumerate(sizes)
    )
    zone, starts = draw(STARTS)
    scenario = Scenario(
        starts=starts,
        horizon=draw(st.sampled_from([Duration(DAY // 2), Duration(DAY), Duration(3 * DAY)])),
        exchange=(Exchange("USD", "0.92"),),
        zone=zone,
        seed=draw(st.integers(0, 1000)),
        quiet=draw(st.one_of(st.just(()), st.just(()), QUIET.map(lambda q: (q,)))) if scope.clock else (),
    )
    goal = tuple(draw(st.lists(EVENTS, max_size=2, unique=True)))
    question = Question(Objective("coverage"), (), covered_when=goal, within=draw(st.one_of(st.none(), DURATIONS)))
    model = Model(scenario, channels, segments, (Message(MESSAGE, contents=TEXTS),), questions=(question,))
    contacts = {s.name: _contacts(s.people) for s in segments if isinstance(s.people, Contacts)}
    return Campaign(model, draw(_cases(model, scope)), contacts, replications)


@cache
def _delays() -> st.SearchStrategy[Delay | None]:
    """At once, or any law; its points are a round duration and three and nine times that."""

    def law(shape: str, *points: tuple[float, int]) -> st.SearchStrategy[Delay]:
        times = DURATIONS.map(lambda d: tuple((Share(share), Duration(d * times)) for share, times in points))
        return times.map(lambda found: Delay(shape, found))  # type: ignore[arg-type]

    return st.one_of(
        st.none(),
        law("fixed", (1.0, 1)),
        law("exponential", (0.5, 1)),
        law("weibull", (0.5, 1), (0.9, 3)),
        law("lognormal", (0.5, 1), (0.9, 9)),
        law("curve", (0.5, 1), (0.8, 3), (1.0, 9)),
    )


@cache
def _rates(verb: Verb) -> st.SearchStrategy[Rate]:
    of = st.sampled_from([None, "delivered"]) if verb in ("replies", "clicks") else st.none()
    return st.builds(lambda share, of, delay: Rate(verb, share, share, of=of, delay=delay), SHARES, of, _delays())


@st.composite
def _channels(draw: st.DrawFn, name: str, people: int, scope: Scope) -> Channel:
    reacts: Verb = "answers" if name == "call" else "opens"
    further: tuple[Verb, ...] = ("replies",) if name == "call" else ("clicks", "replies", "converts", "unsubscribes")
    verbs: list[Verb] = [v for v in ("reaches", "delivers") if draw(st.sampled_from([True, True, False]))]
    if draw(st.booleans()):
        verbs += further
    again = draw(st.sampled_from([(), (reacts,), ("delivers", reacts)]))
    reports = st.sampled_from([None, None, (), ("delivered",), ("delivered", "opened", "answered"), ("clicked",)])
    count, per = draw(st.sampled_from(LIMITS))
    limit = Throughput(count * max(1, people // 500), Duration(per))
    return Channel(
        name,
        address="phone" if name in ("call", "sms") else None,
        rates=tuple(draw(_rates(verb)) for verb in (*verbs, reacts)),
        resend=tuple(draw(_rates(verb)) for verb in again),
        reports=draw(reports),
        lasts=Duration(70 * SECOND) if name == "call" else None,
        costs=draw(_prices(name)) + draw(st.sampled_from([(), FEES])),
        throughput=None if scope.exact else draw(st.sampled_from([None, limit, limit])),
        quiet=tuple(draw(st.lists(QUIET, max_size=draw(st.sampled_from([0, 0, 2])), unique=True)))
        if scope.clock
        else (),
    )


def _price(amount: str, basis: str, at_least: bool = False) -> Price:
    return Price(Money.parse(amount), basis, at_least)  # type: ignore[arg-type]


FEES = (_price("12 EUR", "campaign"), _price("30 EUR", "campaign", at_least=True))
PRICES = tuple(
    _price(f"{amount} {currency}", f"{basis}")
    for basis, amount, currency in (
        ("message sent", "0.01", "EUR"),
        ("part sent", "0.0451", "USD"),
        ("message delivered", "0.02", "EUR"),
        ("message opened", "0.031", "USD"),
        ("message clicked", "0.3", "EUR"),
        ("message replied", "0.11", "EUR"),
    )
)
MINUTES = (_price("0.13 EUR", "minute"), _price("0.07 USD", "started minute"))


@cache
def _prices(channel: str) -> st.SearchStrategy[tuple[Price, ...]]:
    known = (*PRICES, *MINUTES) if channel == "call" else PRICES
    return st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def _segments(
    draw: st.DrawFn, name: str, people: int, channels: tuple[Channel, ...], scope: Scope, listed: bool
) -> Segment:
    own = draw(st.sampled_from([None, None, *CHANNELS]))
    rates = () if own is None else (OwnRate(own, draw(_rates("answers" if own == "call" else "opens"))),)
    stated = [r for c in channels for r in (*c.rates, *c.resend)] + [r.rate for r in rates]
    highest = max(r.share for r in stated if r.verb in ("opens", "answers"))
    crowd = Contacts(f"{people}.csv") if listed else draw(_crowds(people, name == SEGMENTS[0], scope))
    return Segment(
        name,
        crowd,
        leaves=tuple(Leave(event, draw(SHARES), draw(_delays())) for event in draw(st.sampled_from([(), OUTSIDE]))),
        zone=draw(st.sampled_from([None, None, *ZONES])),
        kinds=KINDS if highest <= 0.8 and draw(st.booleans()) else (),
        both=() if listed else draw(_pairs(channels)),
        reacts=draw(REACTS) if scope.clock else None,
        rates=rates,
        costs=tuple(OwnPrice("sms", price) for price in draw(st.one_of(st.just(()), _prices("sms")))),
    )


def _crowds(people: int, first: bool, scope: Scope) -> st.SearchStrategy[Headcount | Arrivals]:
    """All at the start (the first segment: more often), or a stream over some hours that brings about so many."""
    together: list[Headcount | Arrivals] = [Headcount(people)]
    streams = [(MINUTE, HOUR), (HOUR, 2 * HOUR), (HOUR, 5 * HOUR), (DAY, DAY // 2)]
    arrivals = [Arrivals(-(-people * per // lasting), Duration(per), Duration(lasting)) for per, lasting in streams]
    return st.sampled_from(together * (8 if first else 2) + arrivals * (not (scope.exact and scope.clock)))


def _pairs(channels: tuple[Channel, ...]) -> st.SearchStrategy[tuple[Both, ...]]:
    """Sms and viber tied together, halfway to one edge of what their reach allows; push and viber as by chance."""
    reach = {c.name: 1.0 if (rate := c.rate("reaches")) is None else float(rate.share) for c in channels}
    low = max(0.0, reach["sms"] + reach["viber"] - 1)
    chance, high = reach["sms"] * reach["viber"], min(reach["sms"], reach["viber"])
    tied = [Both("sms", "viber", Share((chance + edge) / 2)) for edge in (low, high)]
    third = Both("viber", "push", Share(reach["viber"] * reach["push"]))
    return st.sampled_from([(), (), (tied[0],), (tied[1], third)])


def _contacts(people: Contacts) -> list[Contact]:
    """As many contacts as the file's name says, with cells as real files have them: some empty, some in alphabets."""
    chance = Random(20270328)
    names = ("", "Anna", "Jürgen", "Екатерина", "Maximiliana-Charlotte")

    def cells(number: int) -> dict[str, str]:
        found = {column: chance.choice(("", f"{column}{number}")) for column in ("phone", "push", "viber")}
        return found | {"first_name": chance.choice(names), "time_zone": chance.choice(("", *ZONES))}

    return [Contact(f"p{number:05}", cells(number)) for number in range(int(people.file.removesuffix(".csv")))]


@st.composite
def _cases(draw: st.DrawFn, model: Model, scope: Scope) -> Case:
    """One chain for all; or a plan that splits the first segment: by shares, by reach, or by both."""
    telling = [c.name for c in model.channels if c.reports_state("delivered")]

    def chain(name: str) -> Chain:
        drawn = audible(draw(LINEAR_CHAINS if scope.exact else CHAINS), telling)
        if scope.exact and scope.clock and draw(st.booleans()):
            drawn = replace(drawn, body=(drawn.body[0], WaitUntil(time(9)), *drawn.body[1:]))
        return replace(drawn, name=name)

    first = chain("first")
    routes = model.routes(first)
    shape = draw(st.sampled_from(["chain", "chain", "chain", "by share", "by reach", "by both"]))
    if shape == "chain":
        return Case("first", routes)
    second, (head, *others) = chain("second"), routes
    split = {
        "by share": (Route("a", first, Share(0.3)), Route("a", second, Share(0.7))),
        "by reach": (Route("a", first, reach=("viber",)), Route("a", second, reach=())),
        "by both": (
            Route("a", second, Share(0.4), ("sms", "viber")),
            Route("a", first, Share(0.6), ("sms", "viber")),
            Route("a", first, reach=("sms",)),  # who has Viber alone, or neither, is not in the plan
        ),
    }[shape]
    assert head.segment == "a"
    return Case("plan", (*split, *others))


def rounds(examples: int) -> settings:
    """So many campaigns, always the same, with what fails made small."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
