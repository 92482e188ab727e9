from __future__ import annotations

import pytest

from cascadesim.draws.philox import philox, uniform
from cascadesim.draws.streams import Streams, id_counter, key

ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((0, 0, 0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ONES, ONES, ONES, ONES, ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0xA4093822, 0x299F31D0, 0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_the_published_known_answers(given, expected):
    """The test vectors that come with Random123 for philox4x32-10."""
    assert philox(*given) == expected


def test_uniform_numbers_lie_strictly_between_zero_and_one():
    assert uniform(0, 0) == 2.0**-53
    assert uniform(ONES, ONES) == 1 - 2.0**-53
    assert uniform(1 << 31, 0) == 0.5 + 2.0**-53


def test_a_number_depends_on_every_name_and_on_nothing_else():
    asked = ("loyal", "sms", "opened", 7, 0)
    drawn = Streams(1, 0).pair(*asked)
    streams = Streams(1, 0)
    streams.pair("loyal", "email", "opened", 7)  # what was drawn before does not matter
    assert streams.pair(*asked) == drawn
    others = [
        Streams(2, 0).pair(*asked),
        Streams(1, 1).pair(*asked),
        Streams(1, 0).pair("new", "sms", "opened", 7, 0),
        Streams(1, 0).pair("loyal", "push", "opened", 7, 0),
        Streams(1, 0).pair("loyal", "sms", "clicked", 7, 0),
        Streams(1, 0).pair("loyal", "sms", "opened", 8, 0),
        Streams(1, 0).pair("loyal", "sms", "opened", 7, 1),
        Streams(1, 0).pair("loyal", "sms", "opened", 7 + (1 << 40), 0),
    ]
    assert len({drawn, *others}) == 9


def test_keys_and_counters_are_fixed_for_ever():
    """A change here would change every simulation that anybody has kept."""
    assert key(20270301, "loyal", "sms", "opened") == (2658186033, 2010116044)
    assert id_counter("c-0001") == 18417312829883703256
