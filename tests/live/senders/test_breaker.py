"""Back-off and the circuit breaker, on a clock that tests move."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cascadesim.live.senders.backoff import back_off, retry_after
from cascadesim.live.senders.breaker import Breaker
from cascadesim.units import DAY, MINUTE, SECOND


def test_waits_double_up_to_five_minutes_and_differ_between_messages():
    for failures in range(1, 60):
        whole = min(5 * MINUTE, SECOND * 2 ** (failures - 1))
        waits = {back_off(f"k{n}", failures) for n in range(50)}
        assert whole // 2 <= min(waits) < max(waits) <= whole
        assert len(waits) == 50
    assert back_off("k", 3) == back_off("k", 3)


def test_what_the_provider_asks_for_is_the_least_up_to_a_day():
    assert 120 * SECOND <= back_off("k", 1, 120) <= 121 * SECOND
    assert DAY <= back_off("k", 1, 1e12) <= DAY + SECOND


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120),
        (" 0 ", 0),
        ("Fri, 27 Nov 2026 10:00:30 GMT", 30),
        ("Fri, 27 Nov 2026 09:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header, seconds):
    assert retry_after(header, datetime(2026, 11, 27, 10, tzinfo=UTC)) == seconds


def test_after_five_failures_in_a_row_nobody_is_let_in_before_the_end_of_a_rest():
    breaker = Breaker("sms")
    for _ in range(4):
        breaker.failed(0)
    breaker.succeeded()
    for _ in range(4):
        breaker.failed(0)
        assert (breaker.is_open, breaker.entry(7)) == (False, 7)
    breaker.failed(0)
    rest = breaker.entry(0)
    assert breaker.is_open
    assert 16 * SECOND <= rest <= 32 * SECOND
    assert breaker.entry(rest - 1) == rest
    assert breaker.entry(rest) == rest


def test_a_trial_that_fails_makes_the_rest_longer_and_one_that_succeeds_ends_it():
    breaker, now, rests = Breaker("sms"), 0, []
    for _ in range(5):
        breaker.failed(now)
    for _ in range(4):
        rests.append(breaker.entry(now) - now)
        now = breaker.entry(now)
        breaker.failed(now)
    assert rests == sorted(rests)
    assert rests[-1] > 4 * rests[0]
    breaker.succeeded()
    assert (breaker.is_open, breaker.entry(now)) == (False, now)
    breaker.failed(now)
    assert not breaker.is_open


def test_those_who_fail_together_make_one_rest():
    alone, together = Breaker("sms"), Breaker("sms")
    for _ in range(5):
        alone.failed(0)
    for _ in range(50):
        together.failed(0)
    assert together.entry(0) == alone.entry(0)
