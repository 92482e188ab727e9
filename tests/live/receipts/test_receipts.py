"""Receipts by their endpoints: what is taken, what is turned away, and what a log may say."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

import httpx
import pytest

from cascadesim.errors import OutsideError
from cascadesim.live.receipts import server
from cascadesim.units import HOUR, MINUTE
from tests.live.receipts.desk_and_doors import FIRST, OWN_KEY, PUSH_KEY, WALL, Doors, kannel, lines, post, receipt


def test_a_receipt_reaches_the_state_machine_and_a_replay_changes_nothing(doors: Doors):
    """S11: opened, so the text an hour later is not sent; bob's is."""
    again = post("/receipts/push", receipt())
    assert lines(doors.call(again, again, post("/receipts/push", receipt("clicked")))) == [
        "200 recorded",
        "200 recorded before",
        "200 recorded before",  # the id is what counts
    ]
    assert doors.store.reports == 1
    doors.stage.at(HOUR)
    assert doors.stage.sender.sent[2:] == [("bob", "sms", HOUR)]


def test_what_is_of_no_message_we_know_is_recorded_and_answered_200(doors: Doors):
    unknown = post("/receipts/push", receipt(key="spring:s:nobody:1:push:0"))
    assert doors.statuses(unknown, unknown) == [200, 200]
    assert doors.store.reports == 1


def test_a_sender_speaks_of_its_own_channel_only(doors: Doors):
    """The text's gateway says that ann opened her push message: recorded, and nobody is told."""
    assert doors.statuses(kannel(FIRST, 1)) == [200]
    assert doors.store.reports == 1
    assert doors.store.recipient("s:ann").journey.told == frozenset()


def test_each_kannel_status_has_its_word(doors: Doors):
    """1 delivered, 2 failed, 4 buffered, 8 accepted, 16 rejected; of a key that needs escapes in a URL."""
    doors.stage.enter("žofia & co 100%d")
    doors.stage.at(HOUR)
    key = "spring:s:žofia & co 100%d:1:push:0"
    doors.stage.at(2 * HOUR)
    texted = key.replace("1:push", "2:sms")
    for status in (8, 4, 2, 16):
        assert doors.statuses(kannel(texted, status)) == [200]
    row = doors.store.recipient("s:žofia & co 100%d")
    assert (row.journey.told, doors.store.reports) == (frozenset(), 4)
    assert doors.statuses(kannel(texted, 1), kannel(texted, 1)) == [200, 200]
    row = doors.store.recipient("s:žofia & co 100%d")
    assert (row.journey.told, doors.store.reports) == ({(2, "sms", "delivered")}, 5)


def test_a_receipt_settles_what_the_sender_left_open(doors: Doors):
    for state, word in (("accepted", "delivered"), ("refused", "failed"), ("accepted", "accepted")):
        doors.store._messages[FIRST] = doors.store.message(FIRST)._replace(state="unknown")
        assert doors.statuses(post("/receipts/push", receipt(word, name=word))) == [200]
        assert doors.store.message(FIRST).state == state
    assert doors.statuses(post("/receipts/push", receipt("failed", name="late"))) == [200]
    assert doors.store.message(FIRST).state == "accepted", "what is settled stays"


WRONG_SIGNATURE = "401 the signature is missing or wrong"


@pytest.mark.parametrize(
    "request_",
    [
        post("/receipts/push", receipt(), b"x" * 32),
        post("/receipts/push", receipt(), OWN_KEY),
        post("/receipts/push", receipt(), headers={"webhook-timestamp": str(WALL + 1)}),
        post("/receipts/push", receipt(), headers={"webhook-id": "m-2"}),
        post("/receipts/push", receipt(), headers={"webhook-signature": ""}),
        post("/receipts/push", receipt(), headers={"webhook-signature": "v1,é".encode()}),
        httpx.Request("POST", "http://here/receipts/push", json=receipt()),
        httpx.Request(
            "POST", "http://here/receipts/push", json=receipt("clicked"), headers=post("/", receipt()).headers
        ),
        kannel("spring:s:ann:2:sms:0", 1, PUSH_KEY),
        httpx.Request("GET", str(kannel("spring:s:ann:2:sms:0", 1).url).replace("ann", "bob")),
        httpx.Request("GET", "http://here/receipts/sms?status=1&secret="),
        httpx.Request("GET", "http://here/receipts/sms"),
    ],
)  # fmt: skip
def test_a_wrong_signature_is_turned_away(request_: httpx.Request, doors: Doors):
    assert lines(doors.call(request_)) == [WRONG_SIGNATURE]
    assert doors.store.reports == 0


def test_a_timestamp_may_be_five_minutes_off_and_no_more(doors: Doors):
    at = [WALL - 300, WALL + 300, WALL - 301, WALL + 301]
    answers = lines(doors.call(*(post("/receipts/push", receipt(name=str(t)), at=t) for t in at)))
    assert answers == [
        "200 recorded",
        "200 recorded",
        "401 the timestamp is 301 seconds old; 300 are the most; is the clock right?",
        "401 the timestamp is 301 seconds ahead; 300 are the most; is the clock right?",
    ]


def test_a_shared_secret_in_a_url_written_by_hand(doors: Doors):
    url = "http://here/receipts/sms?key=k&status=1&secret="
    secret = (b"\2" * 32).decode()
    assert doors.statuses(httpx.Request("GET", url, params={"key": "k", "status": "1", "secret": secret})) == [200]
    assert doors.statuses(httpx.Request("GET", url + "wrong")) == [401]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"", "the body is not JSON"),
        (b"\xff", "the body is not JSON"),
        (b"[" * 60_000, "the body is not JSON"),
        (b"9" * 60_000, "the body is not JSON"),
        (b"[]", "the body is not a JSON object"),
        ({}, "the field `id` is missing"),
        (receipt(events="opened"), "a field is unknown; is it `event`?"),
        (receipt(xxxxxxxxx=1), "a field is unknown; take it out"),
        (receipt(id=7), "`id` is not a printable text of 1 to 400 characters"),
        (receipt(id=""), "`id` is not a printable text of 1 to 400 characters"),
        (receipt(key="a\0b"), "`key` is not a printable text of 1 to 400 characters"),
        (receipt(key="\ud800"), "`key` is not a printable text of 1 to 400 characters"),
        (receipt(key="k" * 401), "`key` is not a printable text of 1 to 400 characters"),
        (receipt("read"), "`event` is none of: accepted, failed, delivered, opened, answered, clicked, replied, "
                          "converted, unsubscribed"),
        (receipt(["opened"]), "`event` is none of: accepted, failed, delivered, opened, answered, clicked, replied, "
                              "converted, unsubscribed"),
        (receipt(at="yesterday"), "`at` is not a time such as 2027-03-01T10:00:00Z"),
        (receipt(at="2027-01-15T08:00:00"), "`at` is not a time such as 2027-03-01T10:00:00Z"),
        (receipt(at="0001-01-01T00:00:00+23:59"), "200"),
        (receipt(at=1.8e9), "`at` is not a printable text of 1 to 400 characters"),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_answered_by_one_plain_line(body: Any, line: str, doors: Doors):
    (answer,) = doors.call(post("/receipts/push", body))
    if line == "200":
        assert answer.status_code == 200  # before the campaign: it counts from its start
        return
    assert (answer.status_code, answer.text) == (400, line + "\n")
    assert answer.headers["content-type"].startswith("text/plain")
    assert doors.store.reports == 0


def test_kannels_wrong_shapes(doors: Doors):
    assert lines(doors.call(kannel("k", 3), kannel("k", "%d"), kannel("k", 8, at="soon"), kannel("k\n", 1))) == [
        "400 `status` is none of: 1, 2, 4, 8, 16",
        "400 `status` is none of: 1, 2, 4, 8, 16",
        "200 recorded",  # only its time is not taken
        "400 `key` is not a printable text of 1 to 400 characters",
    ]


def test_wrong_methods_and_places(doors: Doors):
    def ask(method: str, path: str) -> httpx.Request:
        return httpx.Request(method, f"http://here{path}")

    answers = doors.call(ask("GET", "/receipts/push"), ask("PUT", "/receipts/push"), ask("GET", "/stop"))
    assert lines(answers) == ["405 this is called by POST"] * 3
    assert [a.headers["allow"] for a in answers] == ["POST"] * 3
    assert doors.statuses(ask("POST", "/receipts/sms"), ask("GET", "/receipts/viber")) == [405, 404]
    head = httpx.Request("HEAD", kannel("k", 1).url)
    assert doors.statuses(head) == [405], "whoever only looks reports nothing"
    assert doors.store.reports == 0


def test_a_body_of_ten_megabytes_is_not_read(doors: Doors):
    read = 0

    async def endless():
        nonlocal read
        for _ in range(10 * 1024):
            read += 1024
            yield b"x" * 1024

    signature = {k: v for k, v in post("/", receipt()).headers.items() if k.startswith("webhook")}
    stated = post("/receipts/push", b"x" * (10 * 1024 * 1024))
    chunked = httpx.Request("POST", "http://here/receipts/push", content=endless(), headers=signature)
    answers = doors.call(stated, chunked)
    assert lines(answers) == ["413 the body is larger than 64 kB"] * 2
    assert [a.headers["connection"] for a in answers] == ["close"] * 2
    assert read <= 66 * 1024


def test_a_body_of_just_64_kilobytes_is_read(doors: Doors):
    padded = receipt()
    padded["at"] = "x" * (64 * 1024 - len(post("/", receipt(at="")).content))
    (answer,) = doors.call(post("/receipts/push", padded))
    assert answer.status_code == 400


def test_when_something_happened_is_no_later_than_now_and_no_earlier_than_the_start(doors: Doors):
    """The clock is at 1 h when the wall shows 8:00: 7:58 is 58 min; 9:00 is still to come, so now; 1970 is 0."""
    doors.clock.at = HOUR
    heard: list[int] = []
    commit = doors.store.commit
    doors.store.commit = lambda changes: (heard.extend(r.at for r in changes.reports), commit(changes))[1]
    said = ["2027-01-15T07:58:00Z", "2027-01-15T11:00:00+02:00", "1970-01-01T00:00:00Z"]
    doors.call(*(post("/receipts/push", receipt(name=at, at=at)) for at in said))
    assert heard == [58 * MINUTE, HOUR, 0]


def test_a_store_that_fails_is_told_as_503_and_the_receipt_is_taken_when_it_comes_again(doors: Doors):
    commit, doors.store.commit = doors.store.commit, _failing
    again = post("/receipts/push", receipt())
    (answer,) = doors.call(again)
    assert lines([answer]) == ["503 this could not be recorded; send it again"]
    assert answer.headers["retry-after"] == "5"
    doors.store.commit = commit
    assert lines(doors.call(again, again)) == ["200 recorded", "200 recorded before"]


def _failing(changes: object) -> None:
    raise OutsideError("the disk is full")


def test_logs_say_what_happened_and_have_no_address(doors: Doors, caplog: pytest.LogCaptureFixture):
    """A person may be known by an address: their keys and ids are in no line, and a fault does not quote them."""
    caplog.set_level(logging.DEBUG)
    address = "anna@example.com"
    mine, theirs = receipt(key=f"spring:s:{address}:1:push:0", name=address), receipt(id=address, event=address)

    def broken(keys: Collection[str]) -> None:
        raise KeyError(*keys)

    doors.call(
        post("/receipts/push", mine),
        post("/receipts/push", mine),
        post("/receipts/push", theirs),
        post("/receipts/push", {**mine, address: 1}),
        post("/receipts/push", mine, b"x" * 32),
        kannel(f"spring:s:{address}:2:sms:0", 1),
    )
    doors.store.attempts = broken
    assert lines(doors.call(post("/receipts/push", {**mine, "id": "other"}))) == [
        "500 this is a fault here; send it again"
    ]
    ours = [r for r in caplog.records if r.name.startswith("cascadesim")]
    said = "\n".join(r.getMessage() for r in caplog.records if r.name != "httpx")  # that is the caller's
    assert len(ours) == 7
    assert "anna" not in said
    assert "/receipts/push: unknown" in said
    assert "/receipts/push: 401, the signature is missing or wrong" in said
    assert "/receipts/push: 500, KeyError" in said


def test_the_server_keeps_no_log_of_requests_and_listens_at_home(doors: Doors):
    """Kannel's calls have keys in their URLs; what is before the server has the certificate."""
    config = server(doors.app).config
    assert (config.access_log, config.host) == (False, "127.0.0.1")
