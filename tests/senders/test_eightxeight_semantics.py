"""What `exact` promises, tried out: 8x8's list of channels, played by its own rules, writes what the chain writes.

The chain is played by the reference engine. 8x8 is played here, by what its documentation says of a list: after the
time-out of a channel the next one follows, unless the channel's own message has got to the success status.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest

from cascadesim.contacts import Contact
from cascadesim.draws.behaviour import Behaviour
from cascadesim.draws.people import draw_people
from cascadesim.engines.by_simpy import run_case
from cascadesim.engines.case import Case
from cascadesim.model.chain import Chain, Event, Saying, Send, Wait
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model, Scenario
from cascadesim.model.person import Person
from cascadesim.model.rates import Delay, Rate, State
from cascadesim.model.segment import Headcount, Segment
from cascadesim.plan import Plan, chosen_plan
from cascadesim.senders import SENDERS, Report, compile_plan
from cascadesim.senders.capabilities import vendor_channel
from cascadesim.units import HOUR, MINUTE, SECOND, WEEK, Duration, Share

Sent = list[tuple[str, int]]
NAMES = ("viber", "whatsapp", "rcs", "zalo", "sms")
EIGHT = SENDERS["8x8"].capability

FIXED = Delay("fixed", ((Share(1), Duration(90 * SECOND)),))
QUICK = Delay("lognormal", ((Share(0.5), Duration(4 * MINUTE)), (Share(0.9), Duration(2 * HOUR))))
SLOW = Delay("exponential", ((Share(0.5), Duration(6 * HOUR)),))
DELAYS = (None, FIXED, QUICK, SLOW)
OPENED, CLICKED, DELIVERED = Event("opened"), Event("clicked"), Event("delivered")
STOPS = (
    (OPENED,), (OPENED,), (CLICKED,), (DELIVERED,), (OPENED, CLICKED),
    (Event("opened", "viber"),), (Event("clicked", "whatsapp"), Event("delivered", "sms")), (),
)  # fmt: skip
REPORTS: tuple[tuple[State, ...], ...] = (
    ("delivered",), ("delivered", "opened"), ("delivered", "clicked"), ("delivered", "opened", "clicked"),
)  # fmt: skip
LONG_WAITS = tuple(Wait(Duration(time)) for time in (10 * SECOND, 2 * MINUTE, 2 * HOUR, 24 * HOUR))
ODD_WAITS = (
    Wait(Duration(3 * SECOND)), Wait(Duration(30 * HOUR)), Wait(Duration(2 * HOUR), Duration(10 * MINUTE)),
    Wait(Duration(2 * HOUR), until=(CLICKED,)),
)  # fmt: skip

KINDS = {
    "goes on": "where the plan goes on",
    "too early": "stops when opened already",
    "late": "in this wait no longer stops",
    "unknown": "8x8 does not learn",
    "bounds": "the wait is",
    "undelivered": "the early end",
    "until": "no longer ends the wait",
}
"""The kinds of changes by what their sentences have in common."""


def plan_of(
    channels: Sequence[Channel], body: Sequence[Send], stop: tuple[Event, ...], seed: int, horizon: int
) -> Plan:
    chain = Chain("c", tuple(body), saying=Saying(text="Hi"), stop_when=stop)
    scenario = Scenario(seed=seed, horizon=Duration(horizon))
    segments = (Segment("everyone", Headcount(25)),)
    return chosen_plan(Model(scenario, tuple(channels), segments, chains=(chain,)), chain, "ab" * 32)


def random_plan(draw: random.Random) -> Plan:
    """A chain of one to four steps over channels with random delays and reports."""
    channels = [random_channel(draw, name) for name in NAMES]
    names = draw.sample(NAMES, draw.randint(1, 4))
    waits = LONG_WAITS if draw.random() < 0.5 else (draw.choice(LONG_WAITS), draw.choice(ODD_WAITS))
    body = [Send((name,), wait=draw.choice(waits)) for name in names]
    return plan_of(channels, body, draw.choice(STOPS), draw.randrange(1000), draw.choice([WEEK, 3 * HOUR]))


def random_channel(draw: random.Random, name: str) -> Channel:
    base: State = draw.choice(["opened", "opened", "opened", "delivered"])
    delays = (draw.choice(DELAYS[:3]), draw.choice(DELAYS), draw.choice(DELAYS))
    return channel(name, draw.choice([0.4, 0.8]), delays, base, draw.choice(REPORTS))


def channel(
    name: str, reaches: float, delays: Sequence[Delay | None], base: State, reports: tuple[State, ...]
) -> Channel:
    reach, share = Share(reaches), Share(0.7)
    delivers, opens, clicks = delays
    rates = (
        Rate("reaches", reach, reach),
        Rate("delivers", share, share, delay=delivers),
        Rate("opens", share, share, delay=opens),
        Rate("clicks", share, share, of=base, delay=clicks),
    )
    return Channel(name, rates=rates, reports=reports)


@dataclass
class Tried:
    report: Report
    planned: list[Sent]
    done: list[Sent]
    priced: list[Sent]

    @property
    def is_exact(self) -> bool:
        return all(step.status == "exact" for step in self.report.steps)

    @property
    def kinds(self) -> set[str]:
        changes = [change for step in self.report.steps for change in step.changes]
        return {next(kind for kind, part in KINDS.items() if part in change) for change in changes}


def tried(plan: Plan) -> Tried:
    people = draw_people(plan.model, plan.names, 0, {})
    compiled = compile_plan(plan, "8x8", map(contact_of, people))
    assert compiled.played is not None
    lists = {str(r.body["clientMessageId"]).partition("-")[2]: r.body["channels"] for r in compiled.requests}
    world = Behaviour(plan.model, 0)
    done = [list(played_by_8x8(plan.model, person, lists.get(person.id, ()), world)) for person in people]
    return Tried(compiled.report, sent(plan, people), done, sent(compiled.played, people))


def sent(plan: Plan, people: Sequence[Person]) -> list[Sent]:
    """What the reference engine sends to each of them."""
    trips = {t.person.id: t for t in run_case(plan.model, Case("c", plan.routes()), people, 0)}
    return [[(m.channel, m.sent_at) for m in trips[person.id].messages] for person in people]


def contact_of(person: Person) -> Contact:
    return Contact(person.id, {name: "+37120000001" if name in person.reach else "" for name in NAMES})


def played_by_8x8(
    model: Model, person: Person, items: Iterable[Mapping[str, str | int]], world: Behaviour
) -> Iterator[tuple[str, int]]:
    """(channel, instant) of each message that 8x8 sends along the list."""
    theirs = {there.name: (c.name, there) for c in model.channels if (there := vendor_channel(EIGHT, c))}
    now = person.entry
    for item in items:
        channel, there = theirs[str(item["channel"])]
        yield channel, now
        if "fallbackAfter" not in item:
            return
        fate = world.message(person, channel, 0, now)
        read = fate.opened if "opened" in there.learns else None
        reached = fate.delivered if item["successStatus"] == "Delivered" else read
        now += int(item["fallbackAfter"]) * SECOND
        if reached is not None and reached <= now:
            return


def test_exact_chains_are_written_as_planned() -> None:
    draw = random.Random(88)
    found = [tried(random_plan(draw)) for _ in range(120)]
    exact = [one for one in found if one.is_exact]
    assert len(exact) >= 30
    assert all(one.done == one.planned for one in exact)


def test_what_is_priced_is_what_8x8_does_whatever_it_changes() -> None:
    """The chain that an engine prices sends, to each person at each instant, what 8x8's list does."""
    draw = random.Random(89)
    found = [tried(random_plan(draw)) for _ in range(120)]
    assert sum(one.done != one.planned for one in found) >= 20
    assert all(one.done == one.priced for one in found)


VIBER = channel("viber", 1.0, (None, SLOW, QUICK), "opened", REPORTS[1])
CLICKING = channel("viber", 1.0, (None, SLOW, SLOW), "opened", REPORTS[3])
RCS = channel("rcs", 1.0, (None, QUICK, QUICK), "opened", REPORTS[1])
SMS = channel("sms", 1.0, (None, QUICK, QUICK), "opened", REPORTS[2])
MINUTES, HOURS = LONG_WAITS[1], LONG_WAITS[2]
SOON, NEXT_DAY, UNDELIVERED, CLICK = ODD_WAITS


@pytest.mark.parametrize(
    ("kind", "stop", "steps"),
    [
        ("goes on", (), [(VIBER, HOURS), (SMS, None)]),
        ("too early", (CLICKED,), [(CLICKING, HOURS), (RCS, None)]),
        ("late", (OPENED,), [(RCS, MINUTES), (VIBER, HOURS), (SMS, None)]),
        ("unknown", (CLICKED,), [(SMS, HOURS), (RCS, None)]),
        ("bounds", (OPENED,), [(VIBER, SOON), (SMS, None)]),
        ("bounds", (OPENED,), [(VIBER, NEXT_DAY), (SMS, None)]),
        ("bounds", (OPENED,), [(VIBER, None), (SMS, None)]),
        ("undelivered", (OPENED,), [(VIBER, UNDELIVERED), (SMS, None)]),
        ("until", (OPENED,), [(SMS, CLICK), (RCS, None)]),
    ],
)  # fmt: skip
def test_every_kind_of_change_can_be_seen(
    kind: str, stop: tuple[Event, ...], steps: list[tuple[Channel, Wait | None]]
) -> None:
    body = [Send((step.name,), wait=wait) for step, wait in steps]
    one = tried(plan_of([step for step, _ in steps], body, stop, 1, WEEK))
    assert one.kinds == {kind}
    assert one.done != one.planned
