"""A plan that uses most of what a plan can hold."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from cascadesim.model.chain import (
    And,
    Arm,
    Branch,
    Chain,
    DayIs,
    Event,
    If,
    InSegment,
    Not,
    Or,
    Pause,
    Reachable,
    Reported,
    Saying,
    Send,
    Split,
    Stop,
    TimeBetween,
    Undelivered,
    Wait,
    WaitUntil,
)
from cascadesim.model.channel import Channel, Hours, Price, Quiet, Throughput
from cascadesim.model.message import Content, Message
from cascadesim.model.model import Exchange, Model, Scenario
from cascadesim.model.question import Keep, NeverAfter, Objective, Question, Repeat
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import (
    Arrivals,
    Both,
    Contacts,
    Headcount,
    Kind,
    Leave,
    OwnPrice,
    OwnRate,
    Segment,
)
from cascadesim.model.segment import Test as Where
from cascadesim.plan import Certificate, Forecast, Plan, PlanSegment, steps_of
from cascadesim.units import DAY, HOUR, MINUTE, SECOND, Duration, Money, Share

OPENS = Rate("opens", Share(0.34), Share(0.34), 900, None, Delay("exponential", ((Share(0.5), Duration(MINUTE)),)))

CHANNELS = (
    Channel(
        "viber",
        rates=(Rate("reaches", Share(0.58), Share(0.6)), OPENS),
        costs=(Price(Money.parse("0.02 EUR"), "message delivered"),),
    ),
    Channel(
        "sms",
        address="phone",
        rates=(OPENS,),
        resend=(Rate("opens", Share(0.1), Share(0.2), of="delivered"),),
        reports=("delivered",),
        costs=(Price(Money.parse("175 USD"), "campaign", at_least=True),),
        throughput=Throughput(100, Duration(SECOND)),
        quiet=(Quiet(Hours(time(21), time(9)), (5,)), Quiet(dates=(date(2027, 4, 2),))),
    ),
    Channel("call", rates=(Rate("answers", Share(0.31), Share(0.31)),), lasts=Duration(40 * SECOND)),
)

SEGMENTS = (
    Segment(
        "loyal",
        Arrivals(330, Duration(HOUR), Duration(5 * DAY)),
        enter_when="basket_left",
        leaves=(Leave("order_placed", Share(0.12)),),
        zone="Europe/London",
        kinds=(Kind("eager", Share(0.3), 1.4), Kind("usual", None, None)),
        both=(Both("viber", "sms", Share(0.48)),),
        reacts=Hours(time(7, 30), time(23)),
        rates=(OwnRate("sms", Rate("opens", Share(0.41), Share(0.41), 900)),),
        costs=(OwnPrice("sms", Price(Money.parse("0.05 EUR"), "part sent")),),
    ),
    Segment("new", Headcount(55_000)),
    Segment("gold", Contacts("contacts.csv", "ab" * 32, (Where("tier", "is", ("gold",)),), "out.csv", "cd" * 32)),
)

QUESTION = Question(
    Objective("profit", Money.parse("0.40 EUR")),
    ("sms", "viber"),
    covered_when=(Event("opened"), Event("answered", "call")),
    within=Duration(3 * DAY),
    stop_when=(Event("opened"),),
    keeps=(
        Keep("coverage", "at least", Share(0.8), of="loyal"),
        Keep("total cost", "under", Money.parse("20k EUR")),
        Keep("messages per person", "at most", 3.0),
        Keep("messages", "at most", 100_000, channel="sms"),
        Keep("time to open", "under", Duration(DAY), openers=Share(0.9)),
    ),
    waits=(Duration(HOUR),),
    never=(NeverAfter("call", "sms"),),
    repeats=(Repeat("sms", 2),),
)

LINEAR = Chain(
    "plan for new",
    (
        Send(("viber",), Saying(message="basket"), Wait(Duration(2 * HOUR), Duration(10 * MINUTE))),
        Send(("sms",), Saying(text="Hello")),
    ),
    stop_when=(Event("opened"), Event(outside="order_placed")),
)

TREE = Chain(
    "by-segment",
    (
        Send(("viber", "sms"), wait=Wait(Duration(HOUR), until=(Event("clicked"),))),
        If(
            (
                Branch(And((InSegment(("new", "gold")), Not(Reachable("viber")))), (WaitUntil(time(10), 0), Stop())),
                Branch(
                    Or(
                        (
                            Reported("sms", "opened", "clicked"),
                            Undelivered(),
                            DayIs((5,)),
                            TimeBetween(Hours(time(9), time(12))),
                        )
                    ),
                    (Pause(Wait(Duration(MINUTE))),),
                ),
            ),
            (Stop(),),
        ),
        Split((Arm(Share(0.5), "a call", (Send(("call",)),)), Arm(None, None, (Stop(),)))),
    ),
    segments=("loyal", "new"),
    saying=Saying(text="Hi"),
)

MODEL = Model(
    Scenario(
        "Basket", datetime(2027, 3, 1, 10), currency="EUR", exchange=(Exchange("USD", "0.92"),), zone="Europe/Riga",
        seed=7, quiet=(Quiet(days=(6,)),),
    ),
    CHANNELS,
    SEGMENTS,
    (Message("basket", contents=(Content("text", "Hi {first_name|there}"), Content("button", "Open", "viber", to="https://example.com/b"))),),
    (LINEAR, TREE),
    (QUESTION,),
)  # fmt: skip


def entry(segment: str, chain: Chain, share: float = 1.0, reach: tuple[str, ...] | None = None) -> PlanSegment:
    return PlanSegment(segment, Share(share), reach, steps_of(chain), chain, Forecast(Share(0.5), 0.012, 1.25))


@pytest.fixture
def plan() -> Plan:
    return Plan(
        "0f" * 32,
        MODEL,
        (
            entry("loyal", TREE, 0.25),
            entry("loyal", LINEAR, 0.75),
            entry("new", LINEAR, reach=("viber",)),
            entry("new", TREE, reach=("sms", "viber")),
        ),
        Objective("profit", Money.parse("0.40 EUR")),
        Certificate("gap", 0.25, 0.26, 0.04, 1234, ("sms", "viber"), (3600.0, 7200.5), 3, ("quiet hours of sms",)),
    )
