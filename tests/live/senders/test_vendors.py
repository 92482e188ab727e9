"""The vendors' drivers at a server that answers as the vendors document it."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import pytest

from cascadesim.errors import OutsideError
from cascadesim.live.senders.driver import Accepted, Busy, Doubtful, Down, Letter, Refused, Template
from cascadesim.live.senders.naming import name_for
from cascadesim.live.senders.secret import Secret
from cascadesim.live.signatures import dlr_signature, key_bytes
from tests.live.senders.rig import LETTER, NUMBER, SECRET, Request, deliver, free_port, look_up, probe, silent, web
from tests.live.senders.vendors import API_KEY, RECEIPTS, RSA, VENDORS, driver
from tests.senders.specifications import Specification

VENDOR = pytest.mark.parametrize("name", VENDORS)


def answering(status: int, body: str = "", headers: dict[str, str] | None = None) -> Callable[[Request], Any]:
    return lambda request: (status, headers or {}, body.encode())


def sent(name: str, letter: Letter = LETTER, **changed: Any) -> Request:
    """The request in which the vendor's driver sends the letter."""
    with web(answering(VENDORS[name].status, VENDORS[name].accepted)) as server:
        assert deliver(driver(name, server.url, **changed), letter) == [Accepted("m-1")]
    (request,) = server.requests
    assert request.method == "POST"
    return request


def callback(url: str) -> dict[str, str]:
    assert url.startswith(f"{RECEIPTS}?")
    return dict(parse_qsl(urlsplit(url).query))


SIGNED = {"key": LETTER.key, "sign": dlr_signature(LETTER.key, key_bytes(SECRET.reveal()))}


def test_8x8() -> None:
    request = sent("8x8")
    body = json.loads(request.body)
    assert request.path == "/api/v1/subaccounts/shop_hq/messages"
    assert request.headers["authorization"] == f"Bearer {API_KEY.reveal()}"
    assert callback(body.pop("dlrCallbackUrl")) == SIGNED
    assert body == {
        "user": {"msisdn": NUMBER},
        "clientMessageId": LETTER.key,
        "type": "text",
        "content": {"text": "Hello", "sms": {"source": "SHOP"}},
        "channels": [{"channel": "Viber"}],
    }


def test_infobip() -> None:
    request = sent("infobip")
    assert request.path == "/messages-api/1/messages"
    assert request.headers["authorization"] == f"App {API_KEY.reveal()}"
    (message,) = json.loads(request.body)["messages"]
    hooks = message.pop("webhooks")
    assert callback(hooks["delivery"]["url"]) == callback(hooks["seen"]["url"]) == SIGNED
    assert message == {
        "channel": "VIBER_BM",
        "sender": "SHOP",
        "destinations": [{"to": NUMBER[1:], "messageId": LETTER.key}],
        "content": {"body": {"text": "Hello", "type": "TEXT"}},
    }


def test_vonage() -> None:
    request = sent("vonage")
    body = json.loads(request.body)
    assert request.path == "/v1/messages"
    scheme, token = request.headers["authorization"].split()
    claims = jwt.decode(token, RSA.public_key(), algorithms=["RS256"], options={"require": ["iat", "exp", "jti"]})
    assert (scheme, claims["application_id"]) == ("Bearer", "a-1")
    assert callback(body.pop("webhook_url"))["key"] == LETTER.key
    assert body == {
        "channel": "viber_service",
        "from": "SHOP",
        "to": NUMBER[1:],
        "message_type": "text",
        "text": "Hello",
        "client_ref": LETTER.key,
    }


def test_twilio() -> None:
    request = sent("twilio")
    assert request.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert base64.b64decode(request.headers["authorization"].split()[1]).decode() == f"AC1:{API_KEY.reveal()}"
    form = {name: value for name, (value,) in parse_qs(request.body.decode()).items()}
    assert callback(form.pop("StatusCallback")) == {"key": LETTER.key}
    assert form == {"From": "whatsapp:+15550000000", "To": f"whatsapp:{NUMBER}", "Body": "Hello"}
    other = {"from": None, "service": "MG1", "channel": "sms", "receipts": None}
    assert parse_qs(sent("twilio", **other).body.decode()) == {
        "MessagingServiceSid": ["MG1"], "To": [NUMBER], "Body": ["Hello"]
    }  # fmt: skip


@pytest.mark.parametrize(("name", "field", "most"), [("8x8", "clientMessageId", 50), ("vonage", "client_ref", 100)])
def test_a_key_that_is_too_long_is_named_shorter_and_whole_in_the_callback(name: str, field: str, most: int) -> None:
    letter = Letter(f"spring:s:{'x' * 120}@shop.example:1:sms:0", "sms", NUMBER, "Hello")
    body = json.loads(sent(name, letter).body)
    assert body[field] == name_for(letter.key, most) != letter.key
    assert len(body[field]) <= most
    assert callback(body["dlrCallbackUrl" if name == "8x8" else "webhook_url"])["key"] == letter.key


def test_without_receipts_none_are_asked_for() -> None:
    for name in VENDORS:
        request = sent(name, receipts=None, **({} if name == "twilio" else {"receipt_secret": None}))
        assert b"allback" not in request.body
        assert b"ebhook" not in request.body


FILLED = Letter(LETTER.key, "sms", NUMBER, "Hello Ann, 7", template=Template("hello", ("Ann", "7")))


def test_templates() -> None:
    eightxeight = json.loads(sent("8x8", FILLED, channel="whatsapp", language="lv").body)
    parameters = [{"type": "text", "text": "Ann"}, {"type": "text", "text": "7"}]
    assert (eightxeight["type"], eightxeight["content"]) == (
        "template",
        {"template": {"name": "hello", "language": "lv", "components": [{"type": "body", "parameters": parameters}]}},
    )
    (infobip,) = json.loads(sent("infobip", FILLED, channel="whatsapp").body)["messages"]
    assert infobip["template"] == {"templateName": "hello", "language": "en"}
    assert infobip["content"] == {"body": {"type": "TEXT", "1": "Ann", "2": "7"}}
    vonage = json.loads(sent("vonage", FILLED, channel="whatsapp").body)
    assert (vonage["message_type"], vonage["template"]) == ("template", {"name": "hello", "parameters": ["Ann", "7"]})
    assert vonage["whatsapp"] == {"policy": "deterministic", "locale": "en"}
    form = dict(parse_qsl(sent("twilio", FILLED).body.decode()))
    assert (form["ContentSid"], json.loads(form["ContentVariables"])) == ("hello", {"1": "Ann", "2": "7"})
    assert "Body" not in form
    for name in ("8x8", "infobip", "vonage"):
        assert b"Ann" not in sent(name, replace(FILLED, template=Template("hello")), channel="whatsapp").body


SET_UP = "8x8 says 400, code 1005: the set-up of the sender is wrong"
TURNED_AWAY = "the account or the URL is turned away"


@pytest.mark.parametrize(
    ("name", "status", "body", "answer"),
    [
        ("8x8", 200, '{"umid": "m-1", "status": {"state": "rejected"}}', Refused("8x8 says rejected")),
        ("8x8", 400, '{"code": 1002, "message": "Invalid MSISDN +371"}', Refused("8x8 says 400, code 1002")),
        ("8x8", 400, '{"code": 1005}', Down(SET_UP, for_long=True)),
        ("8x8", 400, "no", Refused("8x8 says 400, code unknown")),
        ("8x8", 401, '{"code": 1200}', Down(f"HTTP 401: {TURNED_AWAY}", for_long=True)),
        ("8x8", 500, '{"code": 2000}', Doubtful("HTTP 500")),
        (
            "infobip", 200, '{"messages": [{"status": {"groupName": "REJECTED", "name": "REJECTED_X"}}]}',
            Refused("Infobip says REJECTED_X"),
        ),
        (
            "infobip", 200, '{"messages": [{"status": {"groupName": "REJECTED", "name": "REJECTED_SENDER"}}]}',
            Down("Infobip says REJECTED_SENDER: look at the account and at `from`", for_long=True),
        ),
        ("infobip", 200, '{"messages": 7}', Accepted(None)),
        ("infobip", 400, '{"requestError": {}}', Refused("HTTP 400")),
        ("infobip", 403, "{}", Down(f"HTTP 403: {TURNED_AWAY}", for_long=True)),
        ("vonage", 422, '{"invalid_parameters": [{"name": "to", "reason": "+371"}]}', Refused("Vonage says 422 of to")),
        (
            "vonage", 422, '{"invalid_parameters": [{"name": "from", "reason": "x"}]}',
            Down("Vonage says 422 of from: the set-up is wrong", for_long=True),
        ),
        ("vonage", 422, '{"invalid_parameters": [{"name": "+3712"}, 7]}', Refused("Vonage says 422 of the message")),
        ("vonage", 402, "{}", Down(f"HTTP 402: {TURNED_AWAY}", for_long=True)),
        ("twilio", 400, '{"code": 21211, "message": "+371"}', Refused("Twilio says 400, code 21211")),
        ("twilio", 400, '{"code": 21610}', Refused("Twilio says 400, code 21610")),
        (
            "twilio", 400, '{"code": 21606}',
            Down("Twilio says 400, code 21606: look at the account and at `from`", for_long=True),
        ),
        ("twilio", 201, '{"sid": "m", "status": "failed"}', Refused("Twilio says failed")),
        ("twilio", 404, '{"code": 20404}', Down(f"HTTP 404: {TURNED_AWAY}", for_long=True)),
    ],
)  # fmt: skip
def test_what_a_vendor_says_of_a_message(name: str, status: int, body: str, answer: Any) -> None:
    with web(answering(status, body)) as server:
        assert deliver(driver(name, server.url), LETTER) == [answer]


@VENDOR
def test_too_many_requests_and_a_vendor_that_is_busy(name: str) -> None:
    with web(answering(429, "{}", {"retry-after": "7"})) as server:
        (answer,) = deliver(driver(name, server.url), LETTER)
    assert isinstance(answer, Busy)
    assert answer.seconds == 7


@VENDOR
def test_nobody_listens_no_answer_and_one_that_is_late(name: str) -> None:
    (nobody,) = deliver(driver(name, f"http://127.0.0.1:{free_port()}"), LETTER)
    assert isinstance(nobody, Down)
    assert not nobody.for_long
    with web(lambda request: None) as server:
        assert [type(a) for a in deliver(driver(name, server.url), LETTER)] == [Doubtful]
    with web(lambda request: silent(0.6)) as server:
        assert [type(a) for a in deliver(driver(name, server.url, timeout=0.3), LETTER)] == [Doubtful]
        assert len(server.requests) == 1


@VENDOR
@pytest.mark.parametrize(
    "body", ["", "[1]", "{", '{"umid": {}, "sid": [], "message_uuid": 1.5}', "[" * 60_000, "x" * 10**6]
)
def test_an_answer_is_not_trusted(name: str, body: str) -> None:
    with web(answering(VENDORS[name].status, body)) as server:
        assert deliver(driver(name, server.url), LETTER) == [Accepted(None)]


@VENDOR
def test_logs_have_no_address_no_text_and_no_secret(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), web(answering(400, f'{{"code": 1002, "message": "{NUMBER}"}}')) as server:
        (answer,) = deliver(driver(name, server.url), LETTER)
    secrets = [s.reveal()[:40] for s in VENDORS[name].settings.values() if isinstance(s, Secret)]
    for hidden in (NUMBER, NUMBER[1:], "Hello", SIGNED["sign"], *secrets):
        assert hidden not in caplog.text + repr(answer)


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("8x8", 404, '{"code": 1300}'),
        ("infobip", 200, '{"results": []}'),
        ("twilio", 200, '{"sid": "AC1"}'),
        ("vonage", 422, "{}"),
    ],
)
def test_probe(name: str, status: int, body: str) -> None:
    with web(answering(status, body)) as server:
        assert "answers and knows" in probe(driver(name, server.url))
        assert NUMBER.encode() not in server.requests[0].body
    for wrong in (401, 403):
        with web(answering(wrong, "{}")) as server, pytest.raises(OutsideError, match=f"says {wrong}: look at"):
            probe(driver(name, server.url))
    with web(answering(302, "")) as server, pytest.raises(OutsideError, match="look at `url`"):
        probe(driver(name, server.url))


def test_a_private_key_that_is_none_is_said_before_anything_is_sent() -> None:
    with pytest.raises(OutsideError, match=r"`private_key` \(file k\) is no RSA private key"):
        driver("vonage", "http://127.0.0.1:1", private_key=Secret("file k", "hunter2"))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "file", "path"),
    [
        ("8x8", "8x8-connect-business-messaging-api.json", "/api/v1/subaccounts/{subAccountId}/messages"),
        ("vonage", "vonage-messages.json", "/v1/messages"),
        ("infobip", "infobip-messages-api-openapi.json", "/messages-api/1/messages"),
    ],
)
def test_every_body_satisfies_the_vendors_schema_made_closed(
    specifications: Path, name: str, file: str, path: str
) -> None:
    validator = Specification(specifications / file).body(path)
    for channel in ("sms", "viber", "whatsapp", "rcs"):
        for letter in (LETTER, FILLED) if channel == "whatsapp" else (LETTER,):
            body = json.loads(sent(name, letter, channel=channel).body)
            assert [f"{e.json_path}: {e.message[:200]}" for e in validator.iter_errors(body)] == []
            assert list(validator.iter_errors({**body, "unknown": 1})) != []


SENT = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT


def report(group: str, name: str = LETTER.key) -> dict[str, Any]:
    return {"messageId": name, "status": {"groupName": group}}


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"results": [report("DELIVERED")]}, Accepted(LETTER.key)),
        ({"results": [report("PENDING"), report("REJECTED")]}, Refused("Infobip says REJECTED")),
        ({"results": [report("REJECTED", "another")]}, None),
        ({"results": []}, None),
        ({}, None),
    ],
)
def test_infobip_is_asked_by_the_key(body: Any, answer: Any) -> None:
    with web(answering(200, json.dumps(body))) as server:
        assert look_up(driver("infobip", server.url)) == answer
    path, _, query = server.requests[0].path.partition("?")
    assert (path, dict(parse_qsl(query))["messageId"]) == ("/messages-api/1/reports", LETTER.key)


def listed(status: str, body: str = "Hello", at: str = "08:00:05", **more: Any) -> dict[str, Any]:
    made = f"Fri, 15 Jan 2027 {at} +0000"
    return {"sid": "SM1", "body": body, "status": status, "date_created": made, "direction": "outbound-api", **more}


@pytest.mark.parametrize(
    ("messages", "answer"),
    [
        ([listed("sent", "Another"), listed("delivered")], Accepted("SM1")),
        ([listed("undelivered")], Refused("Twilio says undelivered")),
        ([listed("sent", "Another")], Refused("Twilio has no such message")),
        ([listed("sent", at="07:50:00")], Refused("Twilio has no such message")),
        ([listed("received", direction="inbound")], Refused("Twilio has no such message")),
        ([], Refused("Twilio has no such message")),
        ([listed("sent", "Another")] * 200, None),
        ([7, "x", {"body": "Hello", "date_created": 7}], Refused("Twilio has no such message")),
    ],
)
def test_twilio_is_asked_for_what_went_to_the_address(messages: Any, answer: Any) -> None:
    with web(answering(200, json.dumps({"messages": messages}))) as server:
        asked = driver("twilio", server.url)
        asked._wall = lambda: SENT + 200
        assert look_up(asked, sent_at=SENT) == answer
    assert dict(parse_qsl(urlsplit(server.requests[0].path).query))["To"] == f"whatsapp:{NUMBER}"


def test_twilio_is_not_believed_too_early_and_nobody_while_away() -> None:
    with web(answering(200, '{"messages": []}')) as server:
        asked = driver("twilio", server.url)
        asked._wall = lambda: SENT + 60
        assert look_up(asked, sent_at=SENT) is None
    with web(answering(200, '{"messages": []}')) as server:
        assert look_up(driver("twilio", server.url), FILLED, SENT) is None, "a template's words are Twilio's own"
        assert server.requests == []
    for name in ("twilio", "infobip"):
        assert look_up(driver(name, f"http://127.0.0.1:{free_port()}"), sent_at=SENT) is None
        with web(answering(401, "{}")) as server:
            assert look_up(driver(name, server.url), sent_at=SENT) is None
