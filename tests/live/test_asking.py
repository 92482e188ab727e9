"""Messages whose answer never came: the provider is asked, and what it says settles the rows."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from cascadesim.errors import OutsideError
from cascadesim.live import asking as rounds
from cascadesim.live.asking import Inquiry, asking
from cascadesim.model.chain import Chain, Saying, Send, Wait
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model
from cascadesim.units import DAY, HOUR, MINUTE, Duration
from tests.live.conftest import HandClock
from tests.live.senders.real_campaign import RealCampaign, by_webhook, configured, real_campaign
from tests.live.senders.rig import SECRET, Request, Web, web

PEOPLE = {name: f"+3712000000{n}" for n, name in enumerate(("ann", "bob", "cid", "dan"))}
CHAIN = Chain("c", (Send(("push",), wait=Wait(Duration(2 * HOUR))), Send(("sms",))), saying=Saying(text="Hi"))
SAYS = {"ann": "failed", "bob": "accepted", "cid": "unknown"}


class Stage:
    """Everybody's first message is out, and its answer was lost."""

    def __init__(self, one: RealCampaign, clock: HandClock, server: Web, inquiry: Inquiry) -> None:
        self.one, self.clock, self.server, self.inquiry = one, clock, server, inquiry
        self.loop = asyncio.Runner()

    def round(self) -> int:
        return self.loop.run(self.inquiry.round())

    def asked(self) -> list[str]:
        return sorted(unquote(r.path).split(":")[2] for r in self.server.requests if r.method == "GET")

    def first(self) -> dict[str, str]:
        return {name: self.one.states(name)[0][1] for name in PEOPLE}


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    clock = HandClock()

    def told(request: Request) -> Any:
        if request.method == "POST":
            return None
        state = SAYS.get(unquote(request.path).split(":")[2])
        return (200, {}, json.dumps({"state": state}).encode()) if state else (503, {}, b"")

    with web(told) as server:
        more = {"status": f"{server.url}/status", "column": "id", "addresses": "any", "timeout": 5.0}
        push = configured("push", "webhook", url=server.url, secret=SECRET, in_doubt="unknown", **more)
        tables = {"push": push, "sms": by_webhook("sms", server.url)}
        with real_campaign(folder, CHAIN, PEOPLE, lambda receipts: tables, clock=clock) as one:
            one.begin()
            campaign, model = one.runner._campaign, Model(channels=(Channel("push"), Channel("sms")))
            stage = Stage(one, clock, server, Inquiry(campaign, one.store, clock, one.intake, tables, model))
            with stage.loop:
                yield stage
                stage.loop.run(stage.inquiry.close())


def test_what_the_provider_says_settles_the_rows_once(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        assert set(stage.first().values()) == {"unknown"}
        stage.clock.at = MINUTE - 1
        assert (stage.round(), stage.asked()) == (0, []), "their answer may still be on its way"
        stage.clock.at = MINUTE
        assert stage.round() == 2
        assert stage.first() == {"ann": "refused", "bob": "accepted", "cid": "unknown", "dan": "unknown"}
        assert stage.one.store.reports == 2
        assert stage.round() == 0
        assert stage.asked() == ["ann", "bob", "cid", "cid", "dan", "dan"], "what is settled is not asked after"


def test_an_answer_that_comes_twice_or_after_a_receipt_changes_nothing(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.clock.at = MINUTE
        two = Inquiry(stage.one.runner._campaign, stage.one.store, stage.clock, stage.one.intake, {}, Model())
        assert two.is_idle
        stage.round()
        key = stage.one.messages("ann")[0].key
        again = rounds._told(stage.one.messages("ann")[0], "failed", MINUTE)
        against = rounds._told(stage.one.messages("ann")[0], "accepted", MINUTE)
        assert stage.one.intake.take([again, against]) == ["known", "new"]
        message = stage.one.store.message(key)
        assert message is not None
        assert message.state == "refused"


def test_a_round_is_bounded_and_the_next_goes_on_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "AT_ONCE", 2)
    with staged(tmp_path) as stage:
        stage.clock.at = MINUTE
        stage.round()
        assert stage.asked() == ["ann", "bob"]
        stage.round()
        assert stage.asked() == ["ann", "bob", "cid", "dan"]
        stage.round()
        stage.round()
        assert stage.asked() == ["ann", "bob", "cid", "cid", "dan", "dan"]


def test_what_is_days_old_is_not_asked_after(tmp_path: Path) -> None:
    with staged(tmp_path) as stage:
        stage.clock.at = 3 * DAY
        assert (stage.round(), stage.asked()) == (0, [])


def test_it_goes_on_beside_a_runner_and_through_a_store_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with staged(tmp_path) as stage:
        stage.clock.at = MINUTE
        unknown, calls = stage.one.store.unknown, []

        def failing(*asked: Any) -> Any:
            calls.append(asked)
            if len(calls) == 1:
                raise OutsideError("The disk is full.")
            return unknown(*asked)

        monkeypatch.setattr(stage.one.store, "unknown", failing)
        with asking(lambda: stage.inquiry, every=0.05):
            until = time.monotonic() + 20
            while stage.first()["ann"] != "refused" and time.monotonic() < until:
                time.sleep(0.02)
        assert stage.first()["ann"] == "refused"
        assert "The disk is full. It is tried again." in caplog.text
        before = len(calls)
        time.sleep(0.2)
        assert len(calls) == before, "it has ended"
