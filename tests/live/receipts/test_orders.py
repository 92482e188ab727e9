"""Who enters, who is to stop, and what happened outside, by their endpoints."""

from __future__ import annotations

from typing import Any

import pytest

from cascadesim.units import HOUR
from tests.live.receipts.desk_and_doors import PUSH_KEY, Doors, lines, order, post

PERSON = {"id": "p7", "tier": "gold", "first_name": "Ann", "push": "", "sms": " +37120000001 "}
NO_PERSON = "`person` is not an object with an `id` and columns as the contacts have them"
NO_TEXT = "`{}` is not a printable text of 1 to 400 characters"
ENTER = {"person": PERSON, "chain": "c", "event": "signed_up"}


def test_stops_hold_at_dispatch_and_are_idempotent(doors: Doors):
    """S11: neither is named by the chain."""
    ann, bob = {"person": "ann", "reason": "unsubscribed"}, {"person": "bob", "reason": "converted"}
    assert lines(doors.call(order("/stop", ann), order("/stop", ann), order("/stop", bob))) == [
        "200 recorded",
        "200 recorded before",
        "200 recorded",
    ]
    doors.stage.at(HOUR)
    assert len(doors.stage.sender.sent) == 2


def test_an_outside_event_stops_where_it_is_named(doors: Doors):
    """The chain stops at "bought"."""
    ann = {"id": "o1", "person": "ann", "event": "bought", "at": "2027-01-15T08:00:00Z"}
    bob = {"id": "o2", "person": "bob", "event": "looked", "at": "2027-01-15T08:00:00Z"}
    assert doors.statuses(order("/event", ann), order("/event", bob), order("/event", ann)) == [200] * 3
    doors.stage.at(HOUR)
    assert doors.stage.sender.sent[2:] == [("bob", "sms", HOUR)]


def test_who_enters_goes_their_segments_way_with_their_cells(doors: Doors):
    """S2: no address on push, so the text at once; a second entry changes nothing."""
    doors.clock.at = 5
    assert lines(doors.call(order("/enter", ENTER), order("/enter", ENTER))) == ["200 recorded", "200 recorded before"]
    doors.stage.at(5)
    (message,) = doors.stage.sender.batches[-1]
    assert (message.key, message.at) == ("spring:gold:p7:2:sms:0", 5)
    assert message.person.columns["sms"] == "+37120000001"
    assert message.person.scope == "contacts"


def test_who_was_stopped_before_they_enter_gets_nothing(doors: Doors):
    assert (
        doors.statuses(order("/stop", {"person": "p7", "reason": "unsubscribed"}), order("/enter", ENTER)) == [200] * 2
    )
    assert doors.stage.at(HOUR) == 2, "ann and bob"


@pytest.mark.parametrize("path", ["/enter", "/stop", "/event"])
def test_a_channels_sender_may_not_say_this(path: str, doors: Doors):
    assert lines(doors.call(post(path, {"person": "ann", "reason": "converted"}, PUSH_KEY))) == [
        "401 the signature is missing or wrong"
    ]


@pytest.mark.parametrize(
    ("path", "body", "line"),
    [
        ("/stop", {"person": "ann"}, "the field `reason` is missing"),
        ("/stop", {"person": "ann", "reason": "bored"}, "`reason` is none of: converted, unsubscribed"),
        ("/stop", {"person": ["ann"], "reason": "converted"}, NO_TEXT.format("person")),
        ("/event", {"id": "1", "person": "ann", "event": "", "at": "2027-01-15"},
         "`event` is not a printable text of 1 to 400 characters"),
        ("/enter", {**ENTER, "person": "p7"}, NO_PERSON),
        ("/enter", {**ENTER, "person": {"sms": "+37120000001"}},
         NO_PERSON),
        ("/enter", {**ENTER, "person": {**PERSON, "sms": 37120000001}},
         "`person.sms` is not a printable text of 1 to 400 characters"),
        ("/enter", {**ENTER, "person": {**PERSON, "a@b.c": 1}},
         "`a column of person` is not a printable text of 1 to 400 characters"),
        ("/enter", {**ENTER, "chain": "d"}, "segment gold does not follow that chain; it follows c"),
        ("/enter", {**ENTER, "person": {**PERSON, "tier": "silver"}}, "they belong to no segment of the campaign"),
        ("/enter", {**ENTER, "person": {**PERSON, "tier": "tin"}}, "they belong to no segment of the campaign"),
        ("/enter", {**ENTER, "person": {**PERSON, "first_name": None}},
         "a text needs {first_name}, which is empty; or give it a fallback"),
        ("/enter", {**ENTER, "person": {"id": "p7", "tier": "gold", "sms": "+37120000001"}},
         "a text needs {first_name}, which is empty; or give it a fallback"),
        ("/enter", {**ENTER, "person": {**PERSON, "time_zone": "Riga"}},
         "the time zone is unknown; write it as Europe/Riga, or leave it out"),
    ],
)  # fmt: skip
def test_a_wrong_order_is_answered_by_what_is_wrong_with_it(path: str, body: Any, line: str, doors: Doors):
    assert lines(doors.call(order(path, body))) == [f"400 {line}"]
    assert doors.store.reports == 0
