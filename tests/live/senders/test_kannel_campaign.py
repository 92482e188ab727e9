"""Campaigns through a real Kannel: its reports decide where a chain goes, and a killed gateway loses nobody."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from cascadesim.live.senders import kannel
from cascadesim.live.senders.driver import Doubtful
from cascadesim.live.senders.http import Reply, exchange
from cascadesim.model.chain import Chain, Event, Saying, Send, Wait
from cascadesim.units import MINUTE, Duration
from tests.live.senders.gateway import LISTED, MISSING, UNROUTABLE, gateway, until
from tests.live.senders.real_campaign import FastClock, by_kannel, by_webhook, real_campaign
from tests.live.senders.rig import web

pytestmark = [
    pytest.mark.kannel,
    pytest.mark.skipif(MISSING, reason="kannel: Kannel is not at hand"),
]

UNDELIVERED = Wait(Duration(2 * MINUTE), Duration(MINUTE))
ANN = "Änn & co 100%d"  # what a URL and Kannel would read as something else
SMS_PUSH = Chain(
    "c",
    (Send(("sms",), wait=UNDELIVERED), Send(("push",))),
    saying=Saying(text="Hello there"),
    stop_when=(Event("delivered"),),
)


def test_reports_stop_the_chain_and_refusals_move_it_on(tmp_path, caplog):
    """Ann's text is delivered, and her chain ends; bob's (403) and eve's (400) are refused, so they get a push.

    Of all this no log has a number, a name, a word of the text or a secret, whatever its level.
    """
    caplog.set_level(logging.DEBUG)
    people = {ANN: "+37120000001", "bob": f"{UNROUTABLE}000001", "eve": f"{LISTED}000001"}
    with web(lambda request: (200, {}, b"")) as pushed, gateway(tmp_path) as at, at.connected():
        tables = lambda url: {"sms": by_kannel(at, url), "push": by_webhook("push", pushed.url)}  # noqa: E731
        with real_campaign(tmp_path, SMS_PUSH, people, tables) as campaign:
            campaign.begin()
            until(lambda: campaign.statuses(ANN) == {1, 8})
            campaign.run()
            assert campaign.states(ANN) == [("sms", "accepted")]
            assert campaign.row(ANN).journey.told == {(1, "sms", "delivered")}
            for name, status in (("bob", "403, 'Not routable."), ("eve", "400, 'Number(s) has/have been denied")):
                assert campaign.states(name) == [("sms", "refused"), ("push", "accepted")]
                assert campaign.messages(name)[0].reference.startswith(f"Kannel says {status}")
            until(lambda: campaign.statuses("bob") == {16})  # Kannel reports what it has just refused, too
            assert campaign.statuses("eve") == set()
        until(lambda: at.got() == {("+37120000001", "Hello there"): 1})  # it notes later than the gateway reports
        assert len(pushed.requests) == 2
    assert "/receipts/sms: new" in caplog.text
    for hidden in (*(number[1:] for number in people.values()), "nn & co", "nn%20", "Hello", "foo", "sign="):
        assert hidden not in caplog.text


def test_a_gateway_that_is_killed_and_comes_back_loses_nobody_and_brings_nothing_twice(tmp_path, monkeypatch):
    """Two texts to each of sixty people; the gateway dies in the middle of the first, and an answer of it is lost.

    Its SMSC is away by then, so that what it has taken lies on its disk. Of the message whose answer was lost nobody
    knows whether it was taken, so it is not sent again; its reports say that it was.
    """
    people = {f"p{n}": f"+371200000{n:02}" for n in range(60)}
    texts = ("one", "two")
    sends = tuple(Send(("sms",), Saying(text=text), Wait(Duration(MINUTE))) for text in texts)
    with gateway(tmp_path) as at, ThreadPoolExecutor(1) as fate:
        dying = _Dying(at, monkeypatch)
        tables = lambda url: {"sms": by_kannel(at, url)}  # noqa: E731
        with real_campaign(tmp_path, Chain("c", sends), people, tables, clock=FastClock(60), batch=10) as campaign:
            back = fate.submit(dying.come_back)
            campaign.run()
            sent = {(people[m.recipient.removeprefix("s:")], texts[m.step - 1]): m for m in campaign.store.messages()}
            accepted = {which for which, message in sent.items() if message.state == "accepted"}
            until(lambda: accepted | {dying.lost} <= at.got().keys(), 20)
            until(lambda: campaign.store.message(sent[dying.lost].key).state == "accepted")
            dying.is_over.set()
            back.result()
        got = at.got()
    assert campaign.runner.finished == len(people)
    assert len(sent) == len(people) * len(texts)
    assert {message.state for message in sent.values()} <= {"accepted", "unknown"}
    assert len(sent) - len(accepted) <= 4, "no more than were on their way at once"
    assert got.keys() <= sent.keys()
    assert set(got.values()) == {1}


class _Dying:
    """A gateway that is killed as its fifteenth answer is on its way, and comes back half a second later."""

    def __init__(self, at, monkeypatch):
        self._at = at
        self._answers = 0
        self._is_dead = threading.Event()
        self.is_over = threading.Event()
        self.lost = None
        """The number and the text of the message whose answer was lost."""
        monkeypatch.setattr(kannel, "exchange", self._exchange)

    async def _exchange(self, http, request):
        reply = await exchange(http, request)
        self._answers += isinstance(reply, Reply)
        if self._answers < 15 or self.lost is not None:
            return reply
        assert reply.text == "3: Queued for later delivery"
        self.lost = request.url.params["to"], request.url.params["text"]
        self._at.kill()
        self._is_dead.set()
        return Doubtful("the answer is lost")

    def come_back(self):
        assert self._is_dead.wait(10)
        time.sleep(0.5)
        self._at.start()
        with self._at.connected():
            assert self.is_over.wait(40)
