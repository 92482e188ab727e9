"""Apprise over web servers of this machine: `json://` and `form://`, which are services as any other."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from cascadesim.errors import InputError, OutsideError
from cascadesim.live.senders import read_senders
from cascadesim.live.senders.apprise import Apprise
from cascadesim.live.senders.driver import Accepted, Doubtful, Letter
from cascadesim.live.senders.secret import Secret
from cascadesim.model.chain import Chain, Saying, Send, Wait
from cascadesim.units import MINUTE, Duration
from tests.live.senders.real_campaign import by_webhook, configured, real_campaign
from tests.live.senders.rig import Request, deliver, free_port, probe, silent, web

LETTER = Letter("spring:s:p7:1:push:0", "push", "ann lee/7?method=get&y", "Hello ŪŽ", "News")


def service(server_url: str, scheme: str = "json", path: str = "/to/{address}") -> Secret:
    return Secret("environment variable A", f"{scheme}://user:pa55word@{server_url.removeprefix('http://')}{path}")


def test_a_letter_reaches_the_service_with_its_address_quoted() -> None:
    with web(lambda request: (200, {}, b"")) as server:
        assert deliver(Apprise(service(server.url)), LETTER) == [Accepted()]
    (request,) = server.requests
    said = json.loads(request.body)
    assert (said["title"], said["message"]) == ("News", "Hello ŪŽ")
    assert (request.method, request.path) == ("POST", "/to/ann%20lee%2F7%3Fmethod=get&y"), "and says nothing else"


def test_another_service() -> None:
    with web(lambda request: (200, {}, b"")) as server:
        assert deliver(Apprise(service(server.url, "form")), LETTER) == [Accepted()]
        assert parse_qs(server.requests[0].body.decode())["message"] == ["Hello ŪŽ"]


def test_what_fails_is_in_doubt() -> None:
    with web(lambda request: (500, {}, b"")) as server:
        assert [type(a) for a in deliver(Apprise(service(server.url)), LETTER)] == [Doubtful]
    nobody = service(f"http://127.0.0.1:{free_port()}")
    assert [type(a) for a in deliver(Apprise(nobody), LETTER)] == [Doubtful]
    with web(lambda request: silent(0.6)) as server:
        slow = Apprise(service(server.url), timeout=0.2)
        assert deliver(slow, LETTER) == [Doubtful("apprise has not come back in time")]


def test_a_campaign_whose_last_mile_fails_for_some(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    people = {"ann": "+37120000001", "bob": "+37120000002"}
    chain = Chain("c", (Send(("push",), wait=Wait(Duration(MINUTE))), Send(("sms",))), saying=Saying(text="Hello"))

    def told(request: Request) -> Any:
        return (500 if request.path.endswith("2") else 200), {}, b""

    with web(told) as server, web(lambda request: (200, {}, b"")) as texts:
        push = configured("push", "apprise", url=service(server.url), column="sms", timeout=5.0)
        tables = {"push": push, "sms": by_webhook("sms", texts.url)}
        with real_campaign(tmp_path, chain, people, lambda _: tables) as campaign:
            campaign.run()
            assert campaign.states("ann") == [("push", "accepted"), ("sms", "accepted")]
            assert campaign.states("bob") == [("push", "unknown"), ("sms", "accepted")]
    assert len(server.requests) == 2
    for hidden in ("2000000", "Hello", "pa55word"):
        assert hidden not in caplog.text


def test_probe_sends_nothing_and_a_url_that_is_none_is_said() -> None:
    with web(lambda request: (200, {}, b"")) as server:
        assert "understands the URL" in probe(Apprise(service(server.url)))
        assert server.requests == []
    with pytest.raises(OutsideError, match=r"does not understand `url` \(environment variable A\)"):
        Apprise(Secret("environment variable A", "nosuch://{address}"))


def test_a_url_without_a_place_for_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A", "json://hunter2@localhost")
    (tmp_path / "s.toml").write_text('[push]\nsender = "apprise"\nurl = { env = "A" }\n')
    with pytest.raises(InputError) as found:
        read_senders(tmp_path / "s.toml")
    assert "with {address} in it" in str(found.value)
    assert "hunter2" not in str(found.value)
