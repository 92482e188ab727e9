"""Clicks and opens by links of our own: recorded once, and the person goes on to where the link says."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import httpx
import pytest

from cascadesim.errors import InputError, OutsideError
from cascadesim.live.senders import read_senders
from cascadesim.live.signatures import key_bytes
from cascadesim.live.tracking import LASTS, Links
from cascadesim.model.chain import Chain, Event, Saying, Send, Wait
from cascadesim.units import HOUR, MINUTE, SECOND, Duration
from tests.live.receipts.desk_and_doors import FIRST, OWN_KEY, PUSH_KEY, Doors, lines
from tests.live.senders.real_campaign import by_webhook, real_campaign
from tests.live.senders.rig import SECRET, web

TARGET = "https://shop.example/sale?id=7&x=%C5%AB"
LINKS = Links("http://here", OWN_KEY)
BAD = ["404 this link is none of ours, or is no longer good"]


def click(link: str, method: str = "GET", **headers: str) -> httpx.Request:
    return httpx.Request(method, link, headers=headers)


def link(target: str = TARGET, links: Links = LINKS, channel: str = "push", key: str = FIRST) -> str:
    return links.in_text(target, key, channel, 0)


def dot(links: Links = LINKS) -> str:
    found = re.search('src="([^"]+)"', links.in_html("", FIRST, "push", 0))
    assert found is not None
    return found[1]


def told(doors: Doors) -> set[str]:
    return {state for _, _, state in doors.store.recipient("s:ann").journey.told}


def test_a_click_is_recorded_once_and_leads_on(doors: Doors) -> None:
    """S11: who clicks has opened, so ann gets no text."""
    answers = doors.call(click(link()), click(link()))
    assert [(a.status_code, a.headers["location"]) for a in answers] == [(302, TARGET)] * 2
    assert answers[0].headers["cache-control"] == "no-store"
    assert (told(doors), doors.store.reports) == ({"opened", "clicked"}, 2)
    doors.stage.at(HOUR)
    assert doors.stage.sender.sent[2:] == [("bob", "sms", HOUR)]


def test_the_picture_tells_of_an_open(doors: Doors) -> None:
    (answer,) = doors.call(click(dot()))
    assert (answer.status_code, answer.headers["content-type"], answer.content[:6]) == (200, "image/gif", b"GIF89a")
    assert told(doors) == {"opened"}


def test_what_only_looks_ahead_is_led_on_and_not_recorded(doors: Doors) -> None:
    for one in (
        click(link(), "HEAD"),
        click(link(), **{"sec-purpose": "prefetch;prerender"}),
        click(link(), purpose="prefetch"),
        click(link(), **{"x-purpose": "preview"}),
    ):
        assert doors.call(one)[0].headers["location"] == TARGET
    assert doors.statuses(click(dot(), "HEAD")) == [200]
    assert doors.statuses(click(link(), "POST"), click(dot(), "DELETE")) == [405, 405]
    assert doors.store.reports == 0


@pytest.mark.parametrize(
    "url",
    [
        link(links=Links("http://here", PUSH_KEY)),
        link()[:-2],
        link().replace("/go/", "/seen/"),
        dot().replace("/seen/", "/go/"),
        "http://here/go/https%3A%2F%2Fevil.example",
        "http://here/go/x?to=https://evil.example",
    ],
)
def test_a_bad_link_leads_nowhere_and_says_nothing(url: str, doors: Doors) -> None:
    assert lines(doors.call(click(url))) == BAD
    assert doors.store.reports == 0


def test_an_old_link_leads_nowhere(doors: Doors) -> None:
    doors.clock.at = LASTS
    assert doors.statuses(click(link())) == [302]
    doors.clock.at = LASTS + SECOND
    assert lines(doors.call(click(link()))) == BAD


def test_a_link_of_a_message_that_nobody_knows_leads_on(doors: Doors) -> None:
    assert doors.statuses(click(link(key="autumn:s:ann:1:push:0"))) == [302]
    assert told(doors) == set()


def test_a_store_that_fails_keeps_nobody_from_going_on(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OutsideError("The disk is full.")

    monkeypatch.setattr(doors.store, "commit", broken)
    assert doors.statuses(click(link())) == [302]


def test_from_the_text_to_the_end_of_the_chain(tmp_path: Path) -> None:
    """Ann clicks on what the gateway got, and gets no push; bob does not, and does."""
    chain = Chain(
        "c",
        (Send(("sms",), wait=Wait(Duration(2 * MINUTE))), Send(("push",))),
        saying=Saying(text=f"Sale: {TARGET}."),
        stop_when=(Event("clicked"),),
    )
    people = {"ann": "+37120000001", "bob": "+37120000002"}
    with web(lambda request: (200, {}, b"")) as texts, web(lambda request: (200, {}, b"")) as pushed:

        def tables(receipts: str) -> dict[str, object]:
            links = Links(receipts.removesuffix("/receipts/sms"), key_bytes(SECRET.reveal()))
            sms = by_webhook("sms", texts.url)
            return {
                "sms": type(sms)("sms", "webhook", {**sms.settings, "links": links}),
                "push": by_webhook("push", pushed.url),
            }

        with real_campaign(tmp_path, chain, people, tables, secret=SECRET) as campaign:
            campaign.begin()
            got = {json.loads(r.body)["to"]: json.loads(r.body)["text"] for r in texts.requests}
            assert got["ann"].startswith("Sale: http://127.0.0.1:")
            assert got["ann"].endswith(".")
            answer = httpx.get(got["ann"].removeprefix("Sale: ").removesuffix("."), trust_env=False)
            assert answer.headers["location"] == TARGET
            campaign.run()
            assert campaign.row("ann").journey.told == {(1, "sms", "clicked")}
            assert campaign.states("ann") == [("sms", "accepted")]
    assert Counter(json.loads(r.body)["to"] for r in pushed.requests) == {"bob": 1}


def test_links_need_the_secret_of_listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S", SECRET.reveal())
    sms = (
        '[sms]\nsender = "webhook"\nurl = "http://x.example"\nsecret = { env = "S" }\nlinks = "https://shop.example"\n'
    )
    file = tmp_path / "senders.toml"
    for listen in ("", "[listen]\nport = 1\n"):
        file.write_text(sms + listen)
        with pytest.raises(InputError) as found:
            read_senders(file)
        assert "senders.toml:5:1: error[C366]: `links` of [sms] needs `secret` in [listen]" in str(found.value)
    file.write_text(sms + '[listen]\nsecret = { env = "S" }\n')
    assert isinstance(read_senders(file)["sms"].settings["links"], Links)
