"""Kannel's answers, as its version 1.4.5 gives them, from a server that plays it; test_kannel.py asks the real one."""

from __future__ import annotations

import hmac
import logging
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from cascadesim.errors import OutsideError
from cascadesim.live import Settled
from cascadesim.live.senders.driver import Accepted, Busy, Doubtful, Down, Letter, Refused
from cascadesim.live.senders.kannel import Kannel
from cascadesim.live.senders.secret import Secret
from cascadesim.live.signatures import dlr_url
from tests.live.senders.rig import (
    LETTER,
    NUMBER,
    SECRET,
    HandClock,
    deliver,
    free_port,
    message,
    post_of,
    probe,
    silent,
    web,
)

PASSWORD = Secret("environment variable K", "foo&bar")


def kannel(url, **settings):
    return Kannel(f"{url}/cgi-bin/sendsms", "tester", PASSWORD, **settings)


def answering(status, body):
    return lambda request: (status, {"content-type": "text/html"}, body.encode())


def query_of(request):
    return dict(parse_qsl(urlsplit(request.path).query, strict_parsing=True))


def test_the_request():
    with web(answering(202, "0: Accepted for delivery")) as server:
        receipts = {"receipts": "https://shop.example/r?c=1", "receipt_secret": SECRET}
        driver = kannel(server.url, sender="SHOP", smsc="main", **receipts)
        assert deliver(driver, LETTER) == [Accepted()]
    (request,) = server.requests
    signed = hmac.new(b"sixteen bytes and more", f"dlr:{LETTER.key}".encode(), "sha256").hexdigest()
    assert (request.method, urlsplit(request.path).path) == ("GET", "/cgi-bin/sendsms")
    assert query_of(request) == {
        "username": "tester",
        "password": "foo&bar",
        "from": "SHOP",
        "smsc": "main",
        "to": NUMBER,
        "text": "Hello",
        "charset": "UTF-8",
        "dlr-mask": "31",
        "dlr-url": "https://shop.example/r?c=1&key=spring%%3Agold%%3Ap7%%3A1%%3Asms%%3A0"
        f"&sign={signed}&status=%d&at=%T",
    }


def test_without_receipts_and_beyond_the_alphabet_of_sms():
    with web(answering(202, "3: Queued for later delivery")) as server:
        letters = [Letter("k", "sms", NUMBER, text) for text in ("Grüße für 5 €", "Привет & до 🎉")]
        assert deliver(kannel(server.url), *letters) == [Accepted(), Accepted()]
    latin, other = map(query_of, server.requests)
    assert latin.keys() == {"username", "password", "to", "text", "charset"}
    assert (latin["text"], other["text"], other["coding"]) == ("Grüße für 5 €", "Привет & до 🎉", "2")


def test_a_key_comes_back_from_the_receipt_whatever_is_in_it():
    """Kannel reads two percent signs as one, and fills in its escapes."""
    key = "spring:Å 50%&d=1:p+7"
    url = dlr_url("https://shop.example/r?of=50%25", key, b"sixteen bytes and more")
    filled = url.replace("%%", "\0").replace("%d", "8").replace("%T", "1800000000").replace("\0", "%")
    found = parse_qs(urlsplit(filled).query)
    assert len(found.pop("sign")[0]) == 64
    assert found == {"of": ["50%"], "key": [key], "status": ["8"], "at": ["1800000000"]}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, "Missing receiver number, rejected", Refused),
        (400, "Number(s) has/have been denied by white- and/or black-lists.", Refused),
        (400, "Sender missing and no global set, rejected", Down),
        (403, "Not routable. Do not try again.", Refused),
        (403, "Authorization failed for sendsms", Down),
        (404, "<html>not found</html>", Down),
        (503, "Temporal failure, try again later.", Busy),
        (500, "oops", Doubtful),
    ],
)
def test_answers(status, body, expected):
    with web(answering(status, body)) as server:
        (found,) = deliver(kannel(server.url), LETTER)
    assert type(found) is expected
    if expected is Down:
        assert found.for_long
    if expected is Busy:
        assert (found.alone, found.why) == (False, f"Kannel says 503, {body!r}")


def test_a_gateway_that_is_away_and_one_that_falls_silent():
    (found,) = deliver(kannel(f"http://127.0.0.1:{free_port()}"), LETTER)
    assert isinstance(found, Down)
    assert not found.for_long
    with web(lambda request: silent(0.6)) as server, post_of(kannel(server.url, timeout=0.2), HandClock()) as post:
        (result,) = post.send([message(1)])
    assert result == Settled("unknown", f"no answer from {server.url} (in time)")


@pytest.mark.parametrize("level", [logging.INFO, logging.DEBUG])
def test_logs_have_neither_number_nor_password(level, caplog):
    """Whatever level the root logger has, and though the server repeats in a header what it was asked."""

    def repeating(request):
        return 202, {"content-type": "text/plain", "x-asked": request.path}, b"0: Accepted for delivery"

    with caplog.at_level(level), web(repeating) as server:
        receipts = {"receipts": "https://shop.example/r", "receipt_secret": SECRET}
        assert deliver(kannel(server.url, **receipts), LETTER) == [Accepted()]
        deliver(kannel(f"http://127.0.0.1:{free_port()}"), LETTER)
        logging.getLogger("somebody.else").log(level, "is heard")
    assert "is heard" in caplog.text
    for hidden in (NUMBER[1:], "foo", "Hello", "sendsms", "tester"):
        assert hidden not in caplog.text


def test_probe_asks_for_nobody():
    with web(answering(400, "Missing receiver number, rejected")) as server:
        assert probe(kannel(server.url)) == "the gateway answers and knows the account"
    assert query_of(server.requests[0]).keys() == {"username", "password"}
    refusal = answering(403, "Authorization failed for sendsms")
    with web(refusal) as server, pytest.raises(OutsideError, match="user-allow-ip"):
        probe(kannel(server.url))
    with web(answering(404, "no")) as server, pytest.raises(OutsideError, match="its URL ends in /cgi-bin/sendsms"):
        probe(kannel(server.url))
