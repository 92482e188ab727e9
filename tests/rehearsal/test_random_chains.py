"""Random campaigns, made of instants that meet: the rehearsal's records are the engine's."""

from __future__ import annotations

from datetime import datetime, time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cascadesim.draws.people import draw_people
from cascadesim.model.chain import (
    And,
    Arm,
    Branch,
    Chain,
    DayIs,
    Event,
    If,
    InSegment,
    Node,
    Not,
    Or,
    Pause,
    Reachable,
    Reported,
    Send,
    Split,
    Stop,
    TimeBetween,
    Undelivered,
    Wait,
    WaitUntil,
)
from cascadesim.model.channel import Channel, Hours, Price, Quiet, Throughput
from cascadesim.model.model import Model, Scenario
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Arrivals, Headcount, Leave, Segment
from cascadesim.plan import chosen_plan
from cascadesim.rehearsal import rehearse
from cascadesim.units import DAY, HOUR, MINUTE, Duration, Money, Share

CHANNELS = ("push", "sms", "viber", "call")
# Few and round: waits, delays and slots shall meet at the same instants.
DURATIONS = st.sampled_from([1, 2, 5, 10, 30, 60, 240, 600]).map(lambda minutes: Duration(minutes * MINUTE))
SHARES = st.sampled_from([0.0, 0.25, 0.5, 0.8, 1.0]).map(Share)
OUTSIDE = "bought"
EVENTS = st.one_of(
    st.builds(Event, state=st.sampled_from(["delivered", "opened", "clicked"]), channel=st.none()),
    st.builds(Event, state=st.sampled_from(["opened", "clicked"]), channel=st.sampled_from(CHANNELS)),
    st.just(Event(state="answered", channel="call")),
)
DELAYS = st.one_of(
    st.none(),
    DURATIONS.map(lambda d: Delay("fixed", ((Share(1.0), d),))),
    DURATIONS.map(lambda d: Delay("lognormal", ((Share(0.5), d), (Share(0.9), Duration(5 * d))))),
)
HOURS = st.sampled_from([(21, 9), (22, 23), (0, 6), (12, 20)]).map(lambda h: Hours(time(h[0]), time(h[1])))


def _rate(verb):
    return st.builds(lambda share, delay: Rate(verb, share, share, delay=delay), SHARES, DELAYS)


@st.composite
def channels(draw, name):
    reacts = "answers" if name == "call" else "opens"
    verbs = ["reaches", "delivers", reacts] + ([] if name == "call" else ["clicks", "unsubscribes"])
    rates = [draw(_rate(verb)) for verb in verbs]
    limit = st.builds(Throughput, st.sampled_from([1, 2, 7, 40]), st.just(Duration(MINUTE)))
    return Channel(
        name,
        rates=tuple(r for r in rates if r.share or r.verb != "reaches"),
        resend=draw(st.sampled_from([(), (Rate(reacts, Share(0.2), Share(0.2)),)])),
        reports=draw(st.sampled_from([None, (), ("delivered",), ("delivered", "opened", "answered"), ("clicked",)])),
        lasts=Duration(70_000_000) if name == "call" else None,
        costs=(Price(Money.parse("0.02 EUR"), "message delivered"), Price(Money.parse("0.03 EUR"), "message opened")),
        throughput=draw(st.one_of(st.none(), limit)),
        quiet=draw(st.sampled_from([(), (Quiet(Hours(time(21), time(9))),), (Quiet(days=(1,)),)])),
    )


WAITS = st.builds(
    Wait,
    DURATIONS,
    st.one_of(st.none(), DURATIONS),
    st.one_of(st.just(()), st.tuples(EVENTS)),
)
SENDS = st.builds(
    lambda chosen, wait: Send(tuple(chosen), wait=wait),
    st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=3, unique=True),
    st.one_of(st.none(), WAITS),
)
FACTS = st.one_of(
    st.builds(Reported, st.sampled_from(CHANNELS), st.sampled_from(["opened", "delivered"]), st.just("clicked")),
    st.builds(Undelivered, st.one_of(st.none(), st.sampled_from(CHANNELS))),
    st.builds(Reachable, st.sampled_from(CHANNELS)),
    st.builds(TimeBetween, HOURS),
    st.just(InSegment(("a",))),
    st.just(DayIs((0, 2))),
)
CONDITIONS = st.recursive(
    FACTS,
    lambda facts: st.one_of(
        st.builds(Not, facts),
        st.builds(And, st.tuples(facts, facts)),
        st.builds(Or, st.tuples(facts, facts)),
    ),
    max_leaves=3,
)
LEAVES = st.one_of(
    SENDS,
    SENDS,
    SENDS,
    st.builds(Pause, WAITS),
    st.builds(WaitUntil, st.sampled_from([time(9), time(20, 30)]), st.sampled_from([None, 2])),
)


def _bodies(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    body = st.lists(nodes, min_size=1, max_size=3).map(tuple)
    arms = st.tuples(
        st.builds(Arm, st.just(Share(0.3)), st.none(), body), st.builds(Arm, st.none(), st.just("rest"), body)
    )
    branches = st.lists(st.builds(Branch, CONDITIONS, body), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.builds(If, branches, st.one_of(st.just(()), body, st.just((Stop(),)))),
        st.builds(Split, arms),
    )


CHAINS = st.builds(
    lambda first, body, stops: Chain("c", (first, *body), stop_when=tuple(stops)),
    SENDS,
    st.lists(st.one_of(LEAVES, st.recursive(LEAVES, _bodies, max_leaves=5)), min_size=1, max_size=5),
    st.lists(st.one_of(EVENTS, st.just(Event(outside=OUTSIDE))), max_size=2),
)


@st.composite
def models(draw):
    reacts = draw(st.one_of(st.none(), HOURS))
    leaves = (Leave(OUTSIDE, Share(0.4), Delay("fixed", ((Share(1.0), draw(DURATIONS)),))),)
    arrives = Arrivals(30, Duration(HOUR), Duration(HOUR))
    segments = (
        Segment("a", Headcount(draw(st.integers(10, 30))), leaves=leaves, reacts=reacts),
        Segment("b", draw(st.sampled_from([Headcount(25), arrives])), zone="America/New_York"),
    )
    scenario = Scenario(
        starts=datetime(2027, 3, 1, draw(st.sampled_from([8, 20])), 50),
        horizon=Duration(draw(st.sampled_from([DAY // 2, 3 * DAY]))),
        zone="Europe/Riga",
        seed=draw(st.integers(0, 1000)),
    )
    return Model(scenario, tuple(draw(channels(name)) for name in CHANNELS), segments)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(model=models(), chain=CHAINS, batch=st.sampled_from([1, 4, 50]))
def test_any_campaign_is_rehearsed_as_it_is_simulated(simulate, model: Model, chain: Chain, batch: int):
    plan = chosen_plan(model, chain, "0" * 64)
    people = draw_people(model, plan.names, 0, {})
    rehearsal = rehearse(plan, people, batch=batch)
    assert rehearsal.records() == simulate(plan, people)
    assert rehearsal.store.next_due() is None
