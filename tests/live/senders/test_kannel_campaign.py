"""Campaigns through a real Kannel: its reports decide where a chain goes, and a killed gateway loses nobody."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

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
SMS_PUSH = Chain(
    "c", (Send(("sms",), wait=UNDELIVERED), Send(("push",))), saying=Saying(text="Hi"), stop_when=(Event("delivered"),)
)


def test_reports_stop_the_chain_and_refusals_move_it_on(tmp_path):
    """ann's text is delivered, and her chain ends; bob's (403) and eve's (400) are refused, so they get a push."""
    people = {"ann": "+37120000001", "bob": f"{UNROUTABLE}000001", "eve": f"{LISTED}000001"}
    with web(lambda request: (200, {}, b"")) as pushed, gateway(tmp_path) as at, at.connected():
        tables = lambda url: {"sms": by_kannel(at, url), "push": by_webhook("push", pushed.url)}  # noqa: E731
        with real_campaign(tmp_path, SMS_PUSH, people, tables) as campaign:
            campaign.begin()
            until(lambda: campaign.statuses("ann") == {1, 8})
            campaign.run()
            assert campaign.states("ann") == [("sms", "accepted")]
            assert campaign.row("ann").journey.told == {(1, "sms", "delivered")}
            for name, status in (("bob", "403, 'Not routable."), ("eve", "400, 'Number(s) has/have been denied")):
                assert campaign.states(name) == [("sms", "refused"), ("push", "accepted")]
                assert campaign.messages(name)[0].reference.startswith(f"Kannel says {status}")
            until(lambda: campaign.statuses("bob") == {16})  # Kannel reports what it has just refused, too
            assert campaign.statuses("eve") == set()
        assert at.got() == {("+37120000001", "Hi"): 1}
        assert len(pushed.requests) == 2


def test_a_gateway_that_is_killed_and_comes_back_loses_nobody_and_brings_nothing_twice(tmp_path):
    """Two texts to each of sixty people; the gateway dies in the middle of the first, with messages on their way.

    What it has taken is on its disk. What it may have taken, for its answer did not come, is not sent again.
    """
    people = {f"p{n}": f"+371200000{n:02}" for n in range(60)}
    texts = ("one", "two")
    sends = tuple(Send(("sms",), Saying(text=text), Wait(Duration(MINUTE))) for text in texts)
    checked = threading.Event()
    with gateway(tmp_path) as at, ThreadPoolExecutor(1) as fate:
        tables = lambda url: {"sms": by_kannel(at, url)}  # noqa: E731
        with real_campaign(tmp_path, Chain("c", sends), people, tables, clock=FastClock(60), batch=10) as campaign:
            killed = fate.submit(_killed_and_started_again, at, checked)
            campaign.run()
            found = list(campaign.store.messages())
            sent = {(people[m.recipient.removeprefix("s:")], texts[m.step - 1]): m.state for m in found}
            accepted = {which for which, state in sent.items() if state == "accepted"}
            until(lambda: accepted <= at.got().keys(), 20)
            checked.set()
            killed.result()
    assert campaign.runner.finished == len(people)
    assert len(sent) == len(found) == len(people) * len(texts)
    assert set(sent.values()) <= {"accepted", "unknown"}
    assert len(sent) - len(accepted) <= 4, "no more than were on their way at once"
    got = at.got()
    assert got.keys() <= sent.keys()
    assert set(got.values()) == {1}


def _killed_and_started_again(at, checked):
    with at.connected():
        until(lambda: at.got().total() >= 15)
        at.kill()
    time.sleep(0.5)
    at.start()
    with at.connected():
        assert checked.wait(30)
