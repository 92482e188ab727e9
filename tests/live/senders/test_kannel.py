"""SMS through a real Kannel gateway and its fake SMSC."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from cascadesim.errors import OutsideError
from cascadesim.live import Later, Settled
from cascadesim.live.senders.driver import Accepted, Down, Letter, Refused
from cascadesim.live.senders.kannel import Kannel
from cascadesim.live.senders.secret import Secret
from tests.live.conftest import HandClock
from tests.live.senders.gateway import MISSING, Gateway, gateway, until
from tests.live.senders.rig import NUMBER, SECRET, deliver, message, post_of, probe, web

pytestmark = [
    pytest.mark.kannel,
    pytest.mark.skipif(MISSING, reason="kannel: Kannel is not at hand"),
]
PASSWORD = Secret("environment variable K", "foo&bar")


def sender(at: Gateway, password: Secret = PASSWORD, **settings) -> Kannel:
    return Kannel(at.url, "tester", password, **{"sender": "12345"} | settings)


def letter(text: str = "Hello", key: str = "spring:Å 50%&d=1:p+7", to: str = NUMBER) -> Letter:
    return Letter(key, "sms", to, text)


def test_messages_receipts_refusals_and_a_gateway_that_goes(tmp_path):
    with web(lambda request: (200, {}, b"")) as receipts:
        with gateway(tmp_path) as at:
            assert probe(sender(at)) == "the gateway answers and knows the account"
            with pytest.raises(OutsideError, match="403, 'Authorization failed"):
                probe(sender(at, Secret("env", "wrong")))
            (turned_away,) = deliver(sender(at, Secret("env", "wrong")), letter())
            assert isinstance(turned_away, Down)
            assert turned_away.for_long
            (denied,) = deliver(sender(at), letter(to="no number"))
            assert isinstance(denied, Refused)
            (nobody,) = deliver(sender(at, sender=None), letter())
            assert isinstance(nobody, Down), "the table lacks a sender: no fault of a recipient"
            assert deliver(sender(at), letter("waits for the SMSC")) == [Accepted()]
            with at.connected() as log:
                driver = sender(at, receipts=f"{receipts.url}/sms?c=1", receipt_secret=SECRET)
                texts = ("Hello & welcome", "Grüße für 5 €", "Привет")
                assert deliver(driver, *map(letter, texts)) == [Accepted()] * 3
                until(lambda: len(receipts.requests) >= 6)
                until(lambda: log.read_bytes().count(NUMBER.encode()) >= 4)
            said = log.read_text("utf-8")
            for text in ("text waits for the SMSC", "text Hello & welcome", "text Grüße für 5 €"):
                assert f"<12345 {NUMBER} {text}>" in said
            assert "ucs-2 %04%1F%04%40%048%042%045%04B" in said
            found = [parse_qs(urlsplit(request.path).query) for request in receipts.requests]
            assert {key for one in found for key in one["key"]} == {"spring:Å 50%&d=1:p+7"}
            assert sorted(one["status"] for one in found) == [["1"]] * 3 + [["8"]] * 3  # delivered; taken by the SMSC
        with post_of(sender(at), HandClock()) as post:
            assert isinstance(post.send([message(1)])[0], Later)


def test_a_gateway_that_comes_back_gets_what_was_put_off(tmp_path):
    clock = HandClock()
    (tmp_path / "a").mkdir()
    with gateway(tmp_path / "a") as at:
        url = at.url
    with post_of(Kannel(url, "tester", PASSWORD, sender="12345"), clock) as post:
        (later,) = post.send([message(1)])
        assert isinstance(later, Later)
        clock.at = later.at
        (tmp_path / "b").mkdir()
        with gateway(tmp_path / "b", sendsms=urlsplit(url).port) as at, at.connected() as log:
            assert post.send([message(1)]) == [Settled("accepted")]
            until(lambda: NUMBER.encode() in log.read_bytes())
