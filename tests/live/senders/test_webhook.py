"""The webhook over a real connection; signatures are checked by the standard's own library."""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import socket
import threading
import time

import pytest
from standardwebhooks import Webhook as Standard
from standardwebhooks import WebhookVerificationError

from cascadesim.errors import OutsideError
from cascadesim.live import Later, Settled
from cascadesim.live.senders.driver import Accepted, Busy, Doubtful, Down, Letter, Refused
from cascadesim.live.senders.secret import Secret
from cascadesim.live.senders.webhook import Webhook
from cascadesim.live.signatures import key_bytes
from cascadesim.units import SECOND
from tests.live.senders.rig import (
    LETTER,
    NUMBER,
    SECRET,
    HandClock,
    deliver,
    free_port,
    look_up,
    message,
    post_of,
    probe,
    silent,
    web,
)

PLAIN = Secret("file s", "not base64, and long enough")


def answering(status, headers=None, body=b""):
    return lambda request: (status, headers or {}, body)


def test_a_message_is_signed_json_with_its_key():
    letter = Letter("spring:s:p7:1:email:0", "email", "ann@shop.example", "<p>Hé</p>", "Hi", is_html=True)
    with web(answering(200, body=b'{"id": "m-1"}')) as server:
        assert deliver(Webhook(f"{server.url}/in", SECRET), letter) == [Accepted("m-1")]
    (request,) = server.requests
    assert (request.method, request.path, request.headers["content-type"]) == ("POST", "/in", "application/json")
    assert request.headers["idempotency-key"] == request.headers["webhook-id"] == letter.key
    assert Standard(SECRET.reveal()).verify(request.body, request.headers) == {
        "key": letter.key,
        "channel": "email",
        "to": "ann@shop.example",
        "subject": "Hi",
        "html": "<p>Hé</p>",
    }
    with pytest.raises(WebhookVerificationError):
        Standard(SECRET.reveal()).verify(request.body.replace(b"ann@", b"eve@"), request.headers)


def test_a_secret_that_is_no_base64_signs_as_it_is():
    with web(answering(204)) as server:
        assert deliver(Webhook(server.url, PLAIN), LETTER) == [Accepted(None)]
    Standard(PLAIN.reveal().encode()).verify(server.requests[0].body, server.requests[0].headers)


def test_a_secret_without_its_padding_is_the_same():
    assert key_bytes(SECRET.reveal().rstrip("=")) == key_bytes(SECRET.reveal()) == b"sixteen bytes and more"


@pytest.mark.parametrize("secret", ["", "short", "whsec_", "whsec_%%%", "whsec_" + base64.b64encode(b"short").decode()])
def test_what_is_no_secret(secret):
    with pytest.raises(ValueError, match=r"bytes|base64"):
        key_bytes(secret)


def test_the_body_is_the_same_each_time_and_a_foreign_key_becomes_a_header():
    letter = Letter("spring:s:Ångström:1:sms:0", "sms", NUMBER, "Hello")
    with web(answering(200)) as server:
        deliver(Webhook(server.url, SECRET), letter, letter)
    one, other = server.requests
    assert one.body == other.body
    assert one.headers["idempotency-key"] == other.headers["idempotency-key"]
    assert one.headers["idempotency-key"].startswith("sha256-")
    assert json.loads(one.body)["key"] == letter.key


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (429, {"retry-after": "7"}, Busy("HTTP 429", 7)),
        (503, {}, Busy("HTTP 503")),
        (409, {}, Busy("HTTP 409", alone=True)),
        (400, {}, Refused("HTTP 400")),
        (422, {}, Refused("HTTP 422")),
        (500, {}, Doubtful("HTTP 500")),
        (502, {}, Doubtful("HTTP 502")),
        (401, {}, Down("HTTP 401: the account or the URL is turned away", for_long=True)),
        (404, {}, Down("HTTP 404: the account or the URL is turned away", for_long=True)),
        (302, {"location": "/x"}, Down("HTTP 302: not what this URL should answer", for_long=True)),
    ],
)
def test_statuses(status, headers, kind):
    with web(answering(status, headers, b"no " + NUMBER.encode())) as server:
        assert deliver(Webhook(server.url, SECRET), LETTER) == [kind]
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "body", [b"", b"OK", b"[1]", b'{"id": 7}', b"[" * 60_000, b"\xff", b'{"id": "' + b"x" * 999_999]
)
def test_an_answer_is_not_trusted(body):
    with web(answering(200, body=body)) as server:
        assert deliver(Webhook(server.url, SECRET), LETTER) == [Accepted(None)]


def test_nobody_listens():
    port = free_port()
    (answer,) = deliver(Webhook(f"http://127.0.0.1:{port}/in", SECRET), LETTER)
    assert answer == Down(f"cannot connect to http://127.0.0.1:{port} (refused, unknown or not trusted)")


def test_a_connection_that_is_not_taken_in_time_is_no_doubt():
    """The server's queue is full, so the kernel leaves the next one waiting: nothing was handed over."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        with socket.create_connection(server.getsockname()):
            url = f"http://127.0.0.1:{server.getsockname()[1]}"
            (answer,) = deliver(Webhook(url, SECRET, timeout=0.3), LETTER)
    assert answer == Down(f"cannot connect to {url} (in time)")


@pytest.mark.parametrize("answer", [None, "silence"])
def test_a_request_without_an_answer_is_a_doubt(answer):
    def told(request):
        return silent(0.6) if answer else None

    with web(told) as server:
        (found,) = deliver(Webhook(server.url, SECRET, timeout=0.3), LETTER)
    assert isinstance(found, Doubtful)
    assert len(server.requests) == 1


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for():
    def drip(server):
        peer, _ = server.accept()
        with peer:
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n")
            for _ in range(9):
                silent(0.15)
                try:
                    peer.sendall(b"x")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=[server])
        thread.start()
        began = time.monotonic()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        assert deliver(Webhook(url, SECRET, timeout=0.2), LETTER) == [Doubtful(f"no answer from {url} (in time)")]
        assert time.monotonic() - began < 0.9
        thread.join()


def test_an_answer_without_an_end_is_cut_off():
    def pour(server):
        peer, _ = server.accept()
        with peer, contextlib.suppress(OSError):
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                peer.sendall(b"x" * 8192)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=pour, args=[server])
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        assert deliver(Webhook(url, SECRET, timeout=0.3), LETTER) == [Accepted(None)]
        thread.join()


def test_a_receiver_that_honours_keys_has_every_message_once_whatever_happened():
    """Every third answer is lost, every fifth is a 500 after the message was taken, every seventh a 503 before."""
    taken: dict[str, bytes] = {}
    came = iter(range(10_000))

    def told(request):
        number = next(came)
        if number % 7 == 6:
            return 503, {}, b""
        taken.setdefault(request.headers["idempotency-key"], request.body)
        if number % 3 == 2:
            return None
        return (500 if number % 5 == 4 else 200), {}, b""

    clock, due, accepted = HandClock(), dict.fromkeys(range(40), 0), 0
    with web(told) as server, post_of(Webhook(server.url, SECRET), clock, "resend", at_once=4) as post:
        while due:
            clock.at = min(due.values())
            batch = [n for n in due if due[n] <= clock.at]
            for n, result in zip(batch, post.send([message(n) for n in batch]), strict=True):
                if isinstance(result, Later):
                    due[n] = result.at
                else:
                    assert due.pop(n) is not None
                    accepted += result.state == "accepted"
    assert accepted == len(taken) == 40
    assert len(server.requests) > 60


def test_a_storm_of_429():
    """100 messages, a receiver that takes none for a minute: it hears little, and then all arrive."""
    clock = HandClock()

    def told(request):
        return (429, {"retry-after": "60"}, b"") if clock.at < 60 * SECOND else (200, {}, b"")

    with web(told) as server, post_of(Webhook(server.url, SECRET), clock, "resend", at_once=8) as post:
        batch = [message(n) for n in range(100)]
        first = post.send(batch)
        assert all(isinstance(r, Later) and r.at >= 60 * SECOND for r in first)
        assert len(server.requests) <= 8
        clock.at = max(r.at for r in first if isinstance(r, Later))
        assert post.send(batch) == [Settled("accepted")] * 100


def test_connections_are_kept_over_batches():
    with web(answering(200)) as server, post_of(Webhook(server.url, SECRET), HandClock()) as post:
        for n in range(3):
            assert post.send([message(n)]) == [Settled("accepted")]
    assert len({request.peer for request in server.requests}) == 1


def test_logs_have_no_address_no_password_and_no_url(caplog):
    with caplog.at_level(logging.DEBUG), web(answering(200)) as server:
        deliver(Webhook(f"{server.url}/secret-path", SECRET), LETTER)
    for hidden in (NUMBER, NUMBER[1:], "secret-path", SECRET.reveal(), "Hello"):
        assert hidden not in caplog.text
    assert SECRET.reveal() not in repr(SECRET) + str(SECRET)


def test_probe():
    with web(answering(405)) as server:
        assert probe(Webhook(server.url, SECRET)) == "it answers (HTTP 405 to HEAD)"
        assert [r.method for r in server.requests] == ["HEAD"]
    with web(answering(404)) as server, pytest.raises(OutsideError, match="at the very URL"):
        probe(Webhook(server.url, SECRET))
    with pytest.raises(OutsideError, match="does it run, and is the URL right"):
        probe(Webhook(f"http://127.0.0.1:{free_port()}", SECRET))


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (200, b'{"state": "failed"}', Refused("the receiver says that it failed")),
        (200, b'{"state": "accepted"}', Accepted()),
        (200, b'{"state": "unknown"}', None),
        (200, b"[", None),
        (404, b'{"state": "failed"}', None),
        (500, b'{"state": "accepted"}', None),
    ],
)
def test_a_receiver_is_asked_after_a_message(status, body, answer):
    letter = Letter("spring:s:p 7/é:1:sms:0", "sms", NUMBER, "Hello")
    with web(answering(status, body=body)) as server:
        assert look_up(Webhook(server.url, SECRET, status=f"{server.url}/status/"), letter) == answer
    (request,) = server.requests
    assert (request.method, request.path) == ("GET", "/status/spring%3As%3Ap%207%2F%C3%A9%3A1%3Asms%3A0")
    assert base64.b64decode(request.headers["webhook-signature"].removeprefix("v1,"))
    with pytest.raises(json.JSONDecodeError):  # the signature is right, and an empty body is no JSON
        Standard(SECRET.reveal()).verify(request.body, request.headers)
    with pytest.raises(WebhookVerificationError):
        Standard(SECRET.reveal()).verify(b"{}", request.headers)


def test_a_receiver_that_is_away_or_cannot_be_asked_says_nothing():
    assert look_up(Webhook("http://127.0.0.1:1", SECRET)) is None
    assert look_up(Webhook("http://127.0.0.1:1", SECRET, status=f"http://127.0.0.1:{free_port()}")) is None
