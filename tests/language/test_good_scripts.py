"""Scripts that are well: they have no errors, and their models survive the codec."""

from __future__ import annotations

import json
import pickle
from datetime import date, datetime, time
from pathlib import Path

import pytest

from cascadesim.language import read
from cascadesim.language.rules.references import mentions
from cascadesim.language.statements import place
from cascadesim.model import chain as m
from cascadesim.model.channel import Hours, Price, Quiet, Throughput
from cascadesim.model.codec import decode, encode
from cascadesim.model.message import Content
from cascadesim.model.model import Exchange, Model
from cascadesim.model.question import EACH, Keep, NeverAfter, Objective, Repeat
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Arrivals, Both, Headcount, Kind, Leave, Test
from cascadesim.units import DAY, HOUR, MINUTE, SECOND, Duration, Money, Share

GOOD = Path(__file__).parents[1] / "scripts" / "good"
SCRIPTS = sorted(GOOD.rglob("*.cascade"))
HALF = Share(0.5)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_survives_the_codec(path: Path) -> None:
    model = read(path).model
    assert decode(Model, encode(model)) == model
    assert decode(Model, json.loads(json.dumps(encode(model)))) == model


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_survives_another_process(path: Path) -> None:
    """Names and lengths of time know their places, and take them along."""
    model = read(path).model
    again = pickle.loads(pickle.dumps(model))
    assert again == model
    assert [place(name) for _, name in mentions(again)] == [place(name) for _, name in mentions(model)]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_says_only_what_is_expected(path: Path) -> None:
    wanted = {"reference": ["C076", "C017"]}.get(path.stem, [])
    assert [d.code for d in read(path).diagnostics] == wanted


@pytest.fixture(scope="module")
def reference() -> Model:
    return read(GOOD / "reference.cascade").model


def test_scenario(reference: Model) -> None:
    scenario = reference.scenario
    assert scenario.title == "Reference: abandoned basket, spring 2027"
    assert scenario.starts == datetime(2027, 3, 1, 10, 0)
    assert scenario.horizon == 9 * DAY
    assert (scenario.currency, scenario.zone, scenario.seed) == ("EUR", "Europe/Riga", 20270301)
    assert scenario.exchange == (Exchange("USD", "0.92"),)
    assert scenario.quiet == (Quiet(None, (6,), (date(2027, 4, 2),)),)


def test_used_and_changed(reference: Model) -> None:
    """The change replaces both cost lines of viber by its two, and nothing else."""
    assert {c.name for c in reference.channels} == {"viber", "whatsapp", "email", "push", "sms", "call"}
    viber = reference.channel("viber")
    per_message = Price(Money(18_000_000, "EUR"), "message delivered")
    assert viber.costs == (per_message, Price(Money(175 * 10**9, "EUR"), "campaign", at_least=True))
    assert viber.throughput == Throughput(200, Duration(SECOND))
    assert viber.rate("opens") == Rate(
        "opens",
        Share(0.55),
        Share(0.64),
        delay=Delay("lognormal", ((HALF, Duration(4 * MINUTE)), (Share(0.9), Duration(2 * HOUR)))),
    )


def test_channel(reference: Model) -> None:
    push, sms, call = (reference.channel(name) for name in ("push", "sms", "call"))
    assert push.reports == ()
    assert push.rate("delivers") == Rate(
        "delivers", Share(0.92), Share(0.92), delay=Delay("fixed", ((Share(1.0), Duration(2 * SECOND)),))
    )
    assert push.rate("opens") == Rate(
        "opens", Share(0.07), Share(0.11), delay=Delay("exponential", ((HALF, Duration(6 * MINUTE)),))
    )
    assert push.rate("clicks") == Rate("clicks", Share(0.22), Share(0.22), of="opened")
    assert sms.address == "phone"
    opens = sms.rate("opens")
    assert opens is not None
    assert opens.measured == 4200
    assert sms.resend == (Rate("opens", Share(0.18), Share(0.18)),)
    clicks, replies = sms.rate("clicks"), sms.rate("replies")
    assert clicks is not None
    assert clicks.delay is not None
    assert clicks.delay.shape == "weibull"
    assert replies is not None
    assert replies.delay == Delay(
        "curve",
        (
            (Share(0.25), Duration(10 * MINUTE)),
            (Share(0.6), Duration(2 * HOUR)),
            (Share(1.0), Duration(2 * DAY)),
        ),
    )
    assert sms.reports == ("delivered", "clicked", "replied", "unsubscribed")
    assert sms.quiet == (Quiet(Hours(time(21), time(9))), Quiet(Hours(time(18), time(11)), (5,)))
    assert (call.is_call, call.lasts) == (True, 40 * SECOND)
    assert call.costs == (
        Price(Money(60_000_000, "EUR"), "started minute"),
        Price(Money(120 * 10**9, "EUR"), "campaign"),
    )


def test_segments(reference: Model) -> None:
    loyal, new, gold = (reference.segment(name) for name in ("loyal", "new", "gold"))
    assert loyal.people == Arrivals(330, Duration(HOUR), Duration(5 * DAY))
    assert loyal.enter_when == "basket_left"
    assert loyal.leaves == (Leave("order_placed", Share(0.12), Delay("exponential", ((HALF, Duration(5 * HOUR)),))),)
    assert loyal.zone == "Europe/London"
    assert loyal.kinds == (
        Kind("eager", Share(0.3), 1.4),
        Kind("silent", Share(0.2), 0.2),
        Kind("usual", None, None),
    )
    assert loyal.both == (Both("viber", "whatsapp", Share(0.48)),)
    assert loyal.reacts == Hours(time(7, 30), time(23))
    assert [str(o.price.amount) for o in loyal.costs] == ["0.0605 EUR"]
    own = {(r.channel, r.rate.verb): r.rate for r in loyal.rates}
    assert own["sms", "opens"].measured == 900
    assert own["push", "reaches"].low == 0.71
    assert new.people == Headcount(55_000)
    assert {r.channel: float(r.rate.high) for r in new.rates}["call"] == 0.0
    assert gold.scope == "contacts"
    assert gold.people.where == (  # type: ignore[union-attr]
        Test("tier", "is", ("gold",)),
        Test("country", "is one of", ("LV", "EE")),
        Test("city", "is not", ("Riga",)),
        Test("age", "over", ("17",)),
    )
    assert gold.people.excluded == "optouts.csv"  # type: ignore[union-attr]
    assert len(gold.people.sha256) == len(gold.people.excluded_sha256) == 64  # type: ignore[union-attr, arg-type]
    assert reference.segment("dormant").title == "Silent for 180 days"


def test_message(reference: Model) -> None:
    assert reference.message("basket").contents == (
        Content("text", "Your basket is waiting, {first_name}."),
        Content("text", "Basket saved: shop.lv/b", "sms"),
        Content("text", "<p>Your basket is waiting, {first_name|friend}.</p>\n", "email", file="basket-email.html"),
        Content("subject", "Still thinking it over?"),
        Content("template", "basket_reminder_v2", "whatsapp"),
        Content("button", "Open the basket", to="https://shop.lv/b"),
        Content("image", "https://shop.lv/b.png"),
    )


def test_chain(reference: Model) -> None:
    chain = reference.chain("cheap-first")
    assert chain.segments == ("loyal", "new")
    assert chain.saying == m.Saying(message="basket")
    assert [str(event) for event in chain.stop_when] == ["opened", "clicked", "call answered", '"order_placed"']
    first, second, choice, split = chain.body
    assert first == m.Send(("push", "email"), None, m.Wait(Duration(3 * HOUR), Duration(10 * MINUTE)))
    assert second == m.Send(
        ("viber",),
        m.Saying(text="10% off until midnight"),
        m.Wait(Duration(2 * HOUR), until=(m.Event("clicked"),)),
    )
    day = m.Wait(Duration(DAY))
    assert choice == m.If(
        (
            m.Branch(
                m.And((m.InSegment(("new", "gold")), m.Not(m.Reachable("viber")))),
                (m.WaitUntil(time(10)), m.Send(("sms",), None, day)),
            ),
            m.Branch(
                m.And(
                    (
                        m.InSegment(("loyal",)),
                        m.Reported("email", "opened", "clicked"),
                        m.Or((m.DayIs((5,)), m.TimeBetween(Hours(time(9), time(12))))),
                    )
                ),
                (
                    m.WaitUntil(time(10), 0),
                    m.Send(("sms",), None, day),
                    m.If((m.Branch(m.Undelivered(), (m.Stop(),)),)),
                    m.Send(("sms",)),
                ),
            ),
        ),
        (m.Stop(),),
    )
    assert split == m.Split((m.Arm(Share(0.1), "nobody calls", (m.Stop(),)), m.Arm(None, "a call", (m.Hole(),))))


def test_question(reference: Model) -> None:
    (question,) = reference.questions
    assert question.title == "Best order of channels"
    assert (question.segments, question.by_reach) == (("loyal", "new"), True)
    assert question.objective == Objective("profit", Money(400_000_000, "EUR"))
    assert question.covered_when == (m.Event("opened"), m.Event("answered", "call"))
    assert question.within == 3 * DAY
    assert question.channels == ("push", "viber", "whatsapp", "email", "sms", "call")
    assert question.keeps == (
        Keep("total cost", "under", Money(20_000 * 10**9, "EUR")),
        Keep("cost per person", "under", Money(120_000_000, "EUR")),
        Keep("cost per covered person", "under", Money(200_000_000, "EUR")),
        Keep("coverage", "at least", HALF, EACH),
        Keep("messages per person", "at most", 3.0, "loyal"),
        Keep("messages", "at most", 100_000, channel="sms"),
        Keep("time to open", "under", Duration(24 * HOUR), openers=Share(0.9)),
    )
    assert (question.min_steps, question.max_steps) == (1, 4)
    assert question.waits == (30 * MINUTE, 2 * HOUR, 6 * HOUR, DAY)
    assert question.undelivered_after == 10 * MINUTE
    assert (question.start_with, question.end_with) == (("push",), ("call",))
    assert question.never == (NeverAfter("call", "sms"),)
    assert (question.never_more, question.may_split) == (3, True)
    assert question.repeats == (Repeat("email", 2),)
    assert question.compare == ("cheap-first",)
    assert question.search_for == 10 * MINUTE
