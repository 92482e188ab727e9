"""What the reports promise of the other vendors, tried out: each one's cascade, played by the vendor's own rules.

As for 8x8: the chain is played by the reference engine, the vendor's requests are read and played here. Where all steps
are exact both send the same; and what is priced is always what the vendor does.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
from cascadesim.senders import SENDERS, compile_plan
from cascadesim.senders.sender import Request
from cascadesim.units import HOUR, MINUTE, SECOND, WEEK, Duration, Share

Sent = list[tuple[str, int]]
Player = Callable[[Model, Person, Request, Behaviour], Iterator[tuple[str, int]]]

QUICK = Delay("fixed", ((Share(1), Duration(20 * SECOND)),))
SLOW = Delay("lognormal", ((Share(0.5), Duration(4 * MINUTE)), (Share(0.9), Duration(2 * HOUR))))
WAITS = [Duration(time) for time in (MINUTE, 40 * MINUTE, 2 * HOUR, 24 * HOUR, 20 * SECOND, 72 * HOUR)]
STOPS = ((Event("delivered"),), (Event("opened"),), (Event("replied"),), (Event("delivered"), Event("replied")), ())
REPORTS: tuple[tuple[State, ...], ...] = (("delivered",), ("delivered", "opened", "replied"), ("delivered", "replied"))


def random_plan(draw: random.Random, names: Sequence[str], late: bool) -> Plan:
    """A chain along the channels in their order; deliveries may be late only if asked for."""
    channels = []
    for name in sorted(set(names)):
        share = Share(0.6)
        rates = (
            Rate("reaches", Share(0.7), Share(0.7)),
            Rate("delivers", share, share, delay=draw.choice([None, QUICK, SLOW] if late else [None, QUICK])),
            Rate("opens", share, share, delay=draw.choice([None, QUICK, SLOW])),
            Rate("replies", share, share, delay=draw.choice([None, SLOW])),
        )
        channels.append(Channel(name, rates=rates, reports=draw.choice(REPORTS)))
    body = tuple(Send((name,), wait=Wait(draw.choice(WAITS))) for name in names)
    chain = Chain("c", body, saying=Saying(text="Hi"), stop_when=draw.choice(STOPS))
    scenario = Scenario(seed=draw.randrange(1000), horizon=Duration(WEEK))
    model = Model(scenario, tuple(channels), (Segment("everyone", Headcount(25)),), chains=(chain,))
    return chosen_plan(model, chain, "ab" * 32)


def along(items: Sequence[tuple[str, int | None]], person: Person, world: Behaviour) -> Iterator[tuple[str, int]]:
    """A list of channels with time-outs in seconds: the next follows unless this one is delivered in time."""
    now = person.entry
    for channel, timeout in items:
        yield channel, now
        if timeout is None:
            return
        delivered = world.message(person, channel, 0, now).delivered
        now += timeout * SECOND
        if delivered is not None and delivered <= now:
            return


def infobip_messages(model: Model, person: Person, request: Request, world: Behaviour) -> Iterator[tuple[str, int]]:
    (message,) = request.body["messages"]
    names = {"SMS": "sms", "VIBER_BM": "viber", "WHATSAPP": "whatsapp", "RCS": "rcs"}
    first = (names[message["channel"]], message["options"].get("validityPeriod", {}).get("amount"))
    rest = [(names[m["channel"]], m.get("validityPeriod", {}).get("amount")) for m in message.get("failover", ())]
    return along([first, *rest], person, world)


def infobip_omni(model: Model, person: Person, request: Request, world: Behaviour) -> Iterator[tuple[str, int]]:
    assert request.after is not None
    names = {"SMS": "sms", "VIBER": "viber", "WHATSAPP": "whatsApp", "EMAIL": "email"}
    flow = [names[step["channel"]] for step in request.after.body["flow"]]
    return along([(name.lower(), request.body[name].get("validityPeriod")) for name in flow], person, world)


def vonage(model: Model, person: Person, request: Request, world: Behaviour) -> Iterator[tuple[str, int]]:
    items = []
    for message in (request.body, *request.body.get("failover", ())):
        channel = message["channel"].removesuffix("_service")
        items.append((channel, message.get("viber_service", message).get("ttl")))
    return along(items, person, world)


def decision_telecom(model: Model, person: Person, request: Request, world: Behaviour) -> Iterator[tuple[str, int]]:
    timeout = request.body.get("validity_period")
    items: list[tuple[str, int | None]] = [("viber", timeout)]
    return along([*items, ("sms", None)] if timeout is not None else items, person, world)


def routee(model: Model, person: Person, request: Request, world: Behaviour) -> Iterator[tuple[str, int]]:
    """What is not delivered in time expires, and with `expireOnDelivery` what is not seen in time."""
    now = person.entry
    for step in sorted(request.body["flow"], key=lambda step: step["order"]):
        yield step["type"].lower(), now
        if "failoverOnStatuses" not in step:
            return
        end, message = now + round(step["ttl"] * MINUTE), world.message(person, step["type"].lower(), 0, now)
        done = message.opened if step.get("expireOnDelivery") else message.delivered
        if done is not None and done <= end:
            return
        now = end


def twilio_studio(model: Model, person: Person, request: Request, world: Behaviour) -> Iterator[tuple[str, int]]:
    """The flow, widget by widget; a reply to any message ends the wait that it falls into."""
    assert request.after is not None
    definition = json.loads(request.after.body["Definition"])
    widgets = {state["name"]: state for state in definition["states"]}
    steps = {f"step_{n}": send.channels[0] for n, send in enumerate(model.chains[0].sends, 1)}
    at, now, replies, attempts = leads_to(widgets["trigger"], "incomingRequest"), person.entry, [], {}
    while at is not None:
        widget, channel = widgets[at], steps[at]
        yield channel, now
        replies.append(world.message(person, channel, attempts.setdefault(channel, 0), now).replied)
        attempts[channel] += 1
        if widget["type"] != "send-and-wait-for-reply":
            return
        end = now + int(widget["properties"]["timeout"]) * SECOND
        event = "incomingMessage" if any(r is not None and now <= r <= end for r in replies) else "timeout"
        at, now = leads_to(widget, event), end


def leads_to(widget: Mapping[str, Any], event: str) -> str | None:
    (found,) = [transition for transition in widget["transitions"] if transition["event"] == event]
    name: str | None = found.get("next")
    return name


@dataclass(frozen=True)
class Vendor:
    vendor: str
    chains: tuple[tuple[str, ...], ...]
    play: Player


CASES = [
    Vendor("infobip-messages", (("viber", "sms"), ("rcs", "viber", "sms"), ("sms", "rcs", "viber")), infobip_messages),
    Vendor("infobip-omni", (("viber", "sms"), ("email", "viber", "sms"), ("sms", "email", "viber")), infobip_omni),
    Vendor("vonage", (("viber", "sms"), ("viber", "sms", "rcs"), ("sms", "whatsapp")), vonage),
    Vendor("routee", (("viber", "sms"), ("sms", "viber"), ("viber",)), routee),
    Vendor("decision-telecom", (("viber", "sms"), ("viber",)), decision_telecom),
    Vendor("twilio-studio", (("sms", "sms"), ("sms", "sms", "whatsapp"), ("whatsapp", "sms")), twilio_studio),
]
ONE_AT_A_TIME = [case for case in CASES if not SENDERS[case.vendor].capability.hears_late]
"""Who looks at one message, during its own time-out."""


@dataclass
class Tried:
    is_exact: bool
    planned: list[Sent]
    done: list[Sent]
    priced: list[Sent]


def tried(case: Vendor, plan: Plan) -> Tried:
    people = draw_people(plan.model, plan.names, 0, {})
    contacts = [contact_of(plan, n, person) for n, person in enumerate(people)]
    found: dict[str, Request] = {}
    for contact in contacts:
        (*_, request) = [None, *compile_plan(plan, case.vendor, [contact]).requests]
        if request is not None:
            found[contact.id] = request
    world, compiled = Behaviour(plan.model, 0), compile_plan(plan, case.vendor, [])
    assert compiled.played is not None
    done = [
        list(case.play(plan.model, person, found[person.id], world)) if person.id in found else [] for person in people
    ]
    exact = all(step.status == "exact" for step in compiled.report.steps)
    return Tried(exact, sent(plan, people), done, sent(compiled.played, people))


def contact_of(plan: Plan, n: int, person: Person) -> Contact:
    phone = f"+371200{n:05}"
    cells = {c.name: "a@b.com" if c.name == "email" else phone for c in plan.model.channels}
    return Contact(person.id, {name: cell if name in person.reach else "" for name, cell in cells.items()})


def sent(plan: Plan, people: Sequence[Person]) -> list[Sent]:
    trips = {t.person.id: t for t in run_case(plan.model, Case("c", plan.routes()), people, 0)}
    return [[(m.channel, m.sent_at) for m in trips[person.id].messages] for person in people]


@pytest.mark.parametrize("case", CASES, ids=[case.vendor for case in CASES])
def test_exact_chains_are_sent_as_planned_and_what_is_priced_is_what_the_vendor_does(case: Vendor) -> None:
    draw = random.Random(7)
    found = [tried(case, random_plan(draw, draw.choice(case.chains), late=False)) for _ in range(50)]
    exact = [one for one in found if one.is_exact]
    assert len(exact) >= 4
    assert all(one.done == one.planned for one in exact)
    assert sum(one.done != one.planned for one in found) >= 8
    assert all(one.done == one.priced for one in found)


@pytest.mark.parametrize("case", ONE_AT_A_TIME, ids=[case.vendor for case in ONE_AT_A_TIME])
def test_deliveries_after_the_time_out_do_not_end_the_cascade(case: Vendor) -> None:
    draw = random.Random(11)
    found = [tried(case, random_plan(draw, draw.choice(case.chains), late=True)) for _ in range(30)]
    assert all(one.done == one.priced for one in found)
