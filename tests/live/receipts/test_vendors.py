"""The vendors' receipts: bodies of the shape of their own examples (`vendors/`), signed as they sign, and nearly so.

Twilio's signature is made by Twilio's own library; Vonage's token is put together by hand.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from twilio.request_validator import RequestValidator

from cascadesim.live.receipts import FORMATS, Endpoint
from cascadesim.live.signatures import keyed_url, signed_url
from cascadesim.units import HOUR
from tests.live.receipts.desk_and_doors import FIRST, WALL, Doors, lines
from tests.live.receipts.vendors_words import body, token
from tests.senders.specifications import Specification

KEY = b"a secret of the account"
OTHER = b"another one, just as long"
PUBLIC = "https://shop.example/hooks/push"
VENDORS = ("8x8", "infobip", "twilio", "vonage")
WRONG = ["401 the signature is missing or wrong"]


def doors_of(name: str) -> Doors:
    """The application behind a proxy that is called at another address."""
    return Doors(push=Endpoint("push", FORMATS[name], (b"an old one, as long", KEY), PUBLIC))


def call(
    name: str, content: bytes, key: bytes = KEY, message: str = FIRST, at: int = WALL, form: Any = None
) -> httpx.Request:
    """The vendor's call as it comes in from the proxy."""
    url = keyed_url(PUBLIC, message) if name == "twilio" else signed_url(PUBLIC, message, key)
    headers = {"content-type": "application/json"}
    if name == "twilio":
        fields = dict(httpx.QueryParams(content.decode()))
        signature = RequestValidator(key.decode()).compute_signature(url, form or fields)
        headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
    if name == "vonage":
        headers["authorization"] = f"Bearer {token(key, content, at)}"
    return httpx.Request("POST", f"http://here/receipts/push?{url.partition('?')[2]}", content=content, headers=headers)


def told(doors: Doors) -> set[str]:
    row = doors.store.recipient("s:ann")
    assert row is not None
    return {state for _, _, state in row.journey.told}


@pytest.fixture(params=VENDORS)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def test_delivered_and_read_drive_the_campaign_and_repeated_they_change_nothing(name: str) -> None:
    """S11: ann has read it, so the text an hour later is not sent; bob's is."""
    doors = doors_of(name)
    delivered, read = call(name, body(name, "delivered")), call(name, body(name, "read"))
    assert lines(doors.call(delivered, delivered)) == ["200 recorded", "200 recorded before"]
    assert (told(doors), doors.store.reports) == ({"delivered"}, 1)
    assert lines(doors.call(read, delivered, read)) == ["200 recorded", "200 recorded before", "200 recorded before"]
    assert doors.store.reports == 2, "that it is delivered has been said"
    assert told(doors) == {"delivered", "opened"}
    doors.stage.at(HOUR)
    assert doors.stage.sender.sent[2:] == [("bob", "sms", HOUR)]


def test_a_read_that_comes_alone_says_that_it_was_delivered(name: str) -> None:
    doors = doors_of(name)
    assert doors.statuses(call(name, body(name, "read"))) == [200]
    assert doors.store.reported({f"receipt:push:delivered:{FIRST}", f"receipt:push:opened:{FIRST}"}) == {
        f"receipt:push:delivered:{FIRST}",
        f"receipt:push:opened:{FIRST}",
    }


def test_one_that_failed_settles_what_was_unknown_and_not_what_is_settled(name: str) -> None:
    doors = doors_of(name)
    assert doors.statuses(call(name, body(name, "failed"))) == [200]
    assert doors.store.message(FIRST).state == "accepted"
    doors = doors_of(name)
    doors.store._messages[FIRST] = doors.store.message(FIRST)._replace(state="unknown")
    assert doors.statuses(call(name, body(name, "failed"))) == [200]
    assert doors.store.message(FIRST).state == "refused"
    assert doors.statuses(call(name, body(name, "delivered"))) == [200], "late, and against what was said"
    assert doors.store.message(FIRST).state == "refused"


def test_what_nobody_signed_is_turned_away(name: str) -> None:
    doors, content = doors_of(name), body(name, "read")
    right = call(name, content)
    for wrong in (
        call(name, content, OTHER),
        httpx.Request("POST", str(right.url).replace("ann", "bob"), content=content, headers=right.headers),
        httpx.Request("POST", "http://here/receipts/push", content=content, headers=right.headers),
        httpx.Request("POST", f"http://here/receipts/push?key={FIRST}&sign=", content=content),
        httpx.Request("POST", f"http://here/receipts/push?key={FIRST}&sign=%C3%A9", content=content),
    ):
        assert lines(doors.call(wrong)) == WRONG
    assert doors.store.reports == 0


def test_what_a_vendor_signs_of_the_body_is_of_this_very_body() -> None:
    for name in ("twilio", "vonage"):
        doors, right = doors_of(name), call(name, body(name, "failed"))
        other = httpx.Request("POST", right.url, content=body(name, "read"), headers=right.headers)
        assert lines(doors.call(other)) == WRONG
        assert doors.store.reports == 0


def test_twilio_signs_the_address_that_it_was_told() -> None:
    here = Doors(push=Endpoint("push", FORMATS["twilio"], (KEY,), "https://other.example/push"))
    assert lines(here.call(call("twilio", body("twilio", "read")))) == WRONG


@pytest.mark.parametrize(
    "bearer",
    [
        lambda content: token(KEY, content, WALL, "none"),
        lambda content: token(KEY, content, WALL, payload_hash=None),
        lambda content: token(KEY, content, WALL, payload_hash="0" * 64),
        lambda content: token(OTHER, content, WALL),
        lambda content: "a.b.c",
        lambda content: "é",
        lambda content: "",
    ],
)
def test_vonages_token_must_be_right(bearer: Callable[[bytes], str]) -> None:
    doors, content = doors_of("vonage"), body("vonage", "read")
    right = call("vonage", content)
    headers = {"authorization": f"Bearer {bearer(content)}".encode()}
    assert lines(doors.call(httpx.Request("POST", right.url, content=content, headers=headers))) == WRONG


def test_vonages_token_may_be_five_minutes_off_and_no_more() -> None:
    doors, content = doors_of("vonage"), body("vonage", "read")
    late = "401 the token's time is off; 300 seconds are the most; is the clock right?"
    times = (WALL - 301, WALL + 301, WALL - 300)
    assert lines(doors.call(*(call("vonage", content, at=at) for at in times))) == [late, late, "200 recorded"]


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("8x8", b"no", "400 the body is not JSON"),
        ("8x8", b"{}", "400 `payload` is not an object"),
        ("8x8", b'{"payload": {"status": {"state": 7}}}', "400 `state` is not a printable text of 1 to 400 characters"),
        ("8x8", b'{"payload": {"status": {"state": "unknown"}}}', "200 nothing to record"),
        ("8x8", b'{"payload": {"status": {"state": "read", "timestamp": "soon"}}}', "200 recorded"),
        ("infobip", b'{"results": {}}', "400 `results` is not a list"),
        ("infobip", b'{"results": [7]}', "400 `status` is not an object"),
        ("infobip", b'{"results": []}', "200 nothing to record"),
        ("vonage", b'{"status": "deferred"}', "200 nothing to record"),
        ("vonage", b"[]", "400 the body is not a JSON object"),
        ("twilio", b"MessageStatus=queued", "200 recorded"),
        ("twilio", b"MessageStatus=thinking", "200 nothing to record"),
        ("twilio", b"To=x", "400 `MessageStatus` is not a printable text of 1 to 400 characters"),
    ],
)
def test_other_shapes(name: str, content: bytes, line: str) -> None:
    assert lines(doors_of(name).call(call(name, content))) == [line]


def test_a_form_with_too_many_fields_or_no_text_is_turned_away() -> None:
    doors = doors_of("twilio")
    for content in (b"&".join(b"a=%d" % n for n in range(300)), b"\xff=1"):
        request = httpx.Request("POST", "http://here/receipts/push?key=k", content=content)
        assert lines(doors.call(request)) == ["400 the body is not a form"]


INFOBIP, VONAGE = "infobip-messages-api-openapi.json", "vonage-messages.json"
HOOK = "#/webhooks/receive-messages-api-{}-reports/post/requestBody/content/application~1json/schema"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "what", "file", "place"),
    [
        ("infobip", "delivered", INFOBIP, HOOK.format("delivery")),
        ("infobip", "failed", INFOBIP, HOOK.format("delivery")),
        ("infobip", "read", INFOBIP, HOOK.format("seen")),
        ("vonage", "read", VONAGE, "#/components/schemas/messageStatusWhatsApp"),
    ],
)
def test_what_vendors_say_here_is_what_they_say_in_their_descriptions(
    specifications: Path, name: str, what: str, file: str, place: str
) -> None:
    """Vonage's own description asks for a status that is both one of all channels' and `read`, which none is."""
    faults = Specification(specifications / file).named(place).iter_errors(json.loads(body(name, what)))
    left = [fault for fault in faults if (name, fault.json_path) != ("vonage", "$.status")]
    assert [f"{fault.json_path}: {fault.message[:200]}" for fault in left] == []
