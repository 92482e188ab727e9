"""The runner with the post: providers fail as they do, and every person gets every message once."""

from __future__ import annotations

import io
from collections import Counter

import pytest

from cascadesim.live import Campaign, MemoryStore, Runner
from cascadesim.live.senders import open_post
from cascadesim.model.chain import Chain, Saying, Send, Wait
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model, Scenario
from cascadesim.model.person import Person
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import DAY, HOUR, MINUTE, Duration
from tests.live.conftest import HandClock
from tests.live.senders.real_campaign import configured
from tests.live.senders.rig import SECRET, free_port, web

PEOPLE = 120
MODEL = Model(
    Scenario(horizon=Duration(DAY)),
    channels=(Channel("push"), Channel("sms")),
    segments=(Segment("s", Headcount(PEOPLE)),),
)
BOTH = (("push", "accepted"), ("sms", "accepted"))
CHAIN = Chain("c", (Send(("push",), wait=Wait(Duration(HOUR))), Send(("sms",))), saying=Saying(text="Hi"))


class Never:
    """Numbers that nobody may ask for."""

    def split(self, person, number):
        raise AssertionError

    lot = split


@pytest.fixture
def clock():
    return HandClock()


def campaign(clock, push, sms):
    """A runner of both channels by webhook, and its post."""
    settings = {"secret": SECRET, "timeout": 5.0, "at_once": 8, "in_doubt": "resend", "addresses": "any"}
    tables = {
        name: configured(name, "webhook", **settings, url=url, column="id")
        for name, url in (("push", push), ("sms", sms))
    }
    post = open_post(tables, MODEL, clock, io.StringIO())
    store = MemoryStore()
    runner = Runner(Campaign("spring", MODEL, MODEL.routes(CHAIN), Never()), store=store, sender=post, clock=clock)
    runner.enrol(
        Person("s", n, f"p{n}", "s", n, 0, n, "UTC", frozenset({"push", "sms"}), columns={"id": f"a{n}"})
        for n in range(PEOPLE)
    )
    return runner, post, store


def keys(server):
    return Counter(request.headers["idempotency-key"] for request in server.requests)


def test_a_storm_of_429_and_a_provider_that_is_down_for_ten_minutes(clock):
    """Push takes nothing for a minute and then one in three; SMS is down for the ten minutes in which it is wanted."""
    push_came, sms_came = iter(range(10**6)), []

    def push(request):
        ready = clock.at >= MINUTE and next(push_came) % 3 == 0
        return (200, {}, b"") if ready else (429, {"retry-after": "20"}, b"")

    def sms(request):
        if HOUR <= clock.at < HOUR + 10 * MINUTE:
            return 503, {}, b""
        sms_came.append(request.headers["idempotency-key"])
        return 200, {}, b""

    with web(push) as first, web(sms) as second:
        runner, post, store = campaign(clock, first.url, second.url)
        with post:
            runner.run()
    messages = list(store.messages())
    assert Counter((m.channel, m.state) for m in messages) == {
        ("push", "accepted"): PEOPLE,
        ("sms", "accepted"): PEOPLE,
    }
    assert sorted(sms_came) == sorted(m.key for m in messages if m.channel == "sms")
    assert len(keys(first)) == PEOPLE
    assert runner.finished == PEOPLE


def test_a_provider_that_is_not_there_is_asked_seldom_until_the_campaign_ends(clock):
    with web(lambda request: (200, {}, b"")) as first:
        runner, post, store = campaign(clock, first.url, f"http://127.0.0.1:{free_port()}")
        driver, asked = post._lines["sms"].driver, []
        deliver = driver.deliver
        driver.deliver = lambda letter: (asked.append(letter.key), deliver(letter))[1]
        with post:
            runner.run()
    assert len(asked) < 700  # in 23 hours, with rests of five minutes at the most
    states = Counter((m.channel, m.state) for m in store.messages())
    assert states["push", "accepted"] == PEOPLE
    assert ("sms", "accepted") not in states
    assert runner.finished == PEOPLE
