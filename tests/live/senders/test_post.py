"""The post turns what drivers say into what the runner understands."""

from __future__ import annotations

import asyncio
import io
import logging

import pytest

from cascadesim.live import Console, Later, Settled
from cascadesim.live.runner import LEASE
from cascadesim.live.senders.driver import Accepted, Busy, Doubtful, Down, Letter, Refused
from cascadesim.live.senders.post import Post
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model, Scenario
from cascadesim.model.segment import Headcount, Segment
from cascadesim.units import MINUTE, SECOND
from tests.live.conftest import HandClock
from tests.live.senders.rig import NUMBER, message, post_of


class Told:
    """A driver that answers what it is told, then accepts, and counts how many letters are with it at once."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.letters: list[Letter] = []
        self.now = self.most = 0

    async def deliver(self, letter):
        self.letters.append(letter)
        answer = self.answers.pop(0) if self.answers else Accepted("r")
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.001)
        self.now -= 1
        return answer

    async def probe(self):
        return ""

    async def close(self):
        self.closed = True


@pytest.fixture
def clock():
    return HandClock()


def test_what_is_settled(clock):
    driver = Told(Accepted("id-1"), Refused("no such number"), Doubtful("no answer"))
    with post_of(driver, clock) as post:
        assert post.send([message(n) for n in range(3)]) == [
            Settled("accepted", "id-1"),
            Settled("refused", "no such number"),
            Settled("unknown", "no answer"),
        ]
    assert driver.closed


def test_a_doubt_is_sent_again_where_the_provider_honours_keys(clock):
    driver = Told(Doubtful("no answer"))
    with post_of(driver, clock, in_doubt="resend") as post:
        (later,) = post.send([message(1)])
        assert isinstance(later, Later)
        assert SECOND // 2 <= later.at <= SECOND
        clock.at = later.at
        assert post.send([message(1)]) == [Settled("accepted", "r")]
    assert len({letter.key for letter in driver.letters}) == 1


def test_a_message_that_fails_alone_waits_longer_each_time_and_holds_up_nobody(clock):
    driver = Told(*[Busy("locked", alone=True)] * 6)
    waits = []
    with post_of(driver, clock) as post:
        for _ in range(6):
            (later,) = post.send([message(1)])
            waits.append(later.at - clock.at)
            clock.at = later.at
        driver.answers = [Busy("locked", alone=True)]
        assert [type(r) for r in post.send([message(1), message(2), message(3)])] == [Later, Settled, Settled]
    assert waits == sorted(waits)
    assert waits[-1] >= 16 * SECOND


def test_a_storm_of_429_is_met_once_and_everybody_waits_as_long_as_asked(clock):
    driver = Told(Busy("HTTP 429", 90))
    with post_of(driver, clock) as post:
        results = post.send([message(n) for n in range(50)])
        assert len(driver.letters) == 1
        assert all(isinstance(r, Later) and 90 * SECOND <= r.at <= 93 * SECOND for r in results)
        assert len({r.at for r in results}) <= 2  # one was asked, and the others come back together
        clock.at = 89 * SECOND
        assert isinstance(post.send([message(1)])[0], Later)
        assert len(driver.letters) == 1
        clock.at = 95 * SECOND
        assert post.send([message(n) for n in range(50)]) == [Settled("accepted", "r")] * 50


def test_who_is_down_for_ten_minutes_is_asked_seldom_and_nothing_is_lost(clock):
    driver = Told(*[Down("refused")] * 1000)
    due = dict.fromkeys(range(50), 0)
    with post_of(driver, clock, at_once=4) as post:
        while clock.at < 10 * MINUTE:
            clock.at = min(due.values())
            batch = [n for n in due if due[n] <= clock.at]
            for n, result in zip(batch, post.send([message(n) for n in batch]), strict=True):
                assert isinstance(result, Later)
                assert result.at > clock.at
                due[n] = result.at
        assert len(driver.letters) < 25
        driver.answers.clear()
        clock.at = max(due.values())
        assert post.send([message(n) for n in due]) == [Settled("accepted", "r")] * 50


def test_an_account_that_is_turned_away_is_not_tried_again_at_once(clock, caplog):
    driver = Told(Down("HTTP 401", for_long=True))
    with post_of(driver, clock) as post, caplog.at_level(logging.WARNING):
        results = post.send([message(n) for n in range(9)])
    assert len(driver.letters) == 1
    assert all(isinstance(r, Later) and r.at >= 15 * SECOND for r in results)
    assert [r.getMessage() for r in caplog.records] == ["sms is left alone for a while: HTTP 401"]


def test_no_more_at_once_than_the_provider_likes(clock):
    driver = Told()
    with post_of(driver, clock, at_once=3) as post:
        post.send([message(n) for n in range(20)])
    assert driver.most == 3


def test_after_a_rest_one_goes_ahead_and_the_others_follow_if_it_arrives(clock):
    driver = Told(*[Down("refused")] * 5)
    with post_of(driver, clock, at_once=8) as post:
        post.send([message(n) for n in range(5)])
        clock.at = 5 * MINUTE
        driver.now = driver.most = 0
        driver.answers = [Down("refused")]
        post.send([message(n) for n in range(8)])
        assert len(driver.letters) == 6
        clock.at = 20 * MINUTE
        assert post.send([message(n) for n in range(8)]) == [Settled("accepted", "r")] * 8


def test_a_slow_provider_does_not_keep_a_batch_beyond_its_lease(clock):
    driver = Told()
    original = driver.deliver

    async def slowly(letter):
        clock.at += 25 * SECOND
        return await original(letter)

    driver.deliver = slowly
    with post_of(driver, clock) as post:
        results = post.send([message(n) for n in range(20)])
    assert [type(result) for result in results] == [Settled] * 3 + [Later] * 17
    assert clock.at <= LEASE


def test_what_cannot_be_written_is_refused_and_the_others_go(clock):
    def write(outgoing):
        if outgoing.person.id == "p1":
            raise ValueError("nothing to put for {first_name}")
        return Letter(outgoing.key, "sms", NUMBER, "Hello")

    post = post_of(Told(), clock)
    post._lines["sms"].write = write
    with post:
        assert [r.state for r in post.send([message(0), message(1), message(2)])] == ["accepted", "refused", "accepted"]


def test_results_are_in_the_batch_s_order_whatever_the_channel(clock):
    model = Model(Scenario(), (Channel("push"), Channel("sms")), (Segment("s", Headcount(1)),))
    stream = io.StringIO()
    post = Post(post_of(Told(Refused("no")), clock)._lines, clock, {"push": Console(model, stream)})
    with post:
        batch = [message(1, "push"), message(2), message(3, "push")]
        assert [r.state for r in post.send(batch)] == ["accepted", "refused", "accepted"]
    assert len(stream.getvalue().splitlines()) == 2


def test_neither_logs_nor_reprs_have_addresses_or_words(clock, caplog):
    driver = Told(Busy("HTTP 429"), Doubtful("no answer"))
    with post_of(driver, clock) as post, caplog.at_level(logging.DEBUG):
        post.send([message(1), message(2)])
    assert "a message on sms: HTTP 429" in caplog.text
    assert "p1:" not in caplog.text, "an id may be an address"
    shown = caplog.text + repr(driver.letters)
    assert NUMBER not in shown
    assert "Hello" not in shown
