"""The campaign's clock goes on by the time that has passed, whatever is done to the machine's."""

from __future__ import annotations

import logging
import time

import pytest

from cascadesim.live import clock as clocks
from cascadesim.live.clock import HostClock, unix_now
from cascadesim.units import HOUR, MINUTE, SECOND


class Machine:
    """The machine's clock, and the time since it was started, in microseconds."""

    def __init__(self) -> None:
        self.unix = 1_800_000_000 * SECOND
        self.boot = 1_000 * SECOND

    def pass_(self, span: int) -> None:
        self.unix += span
        self.boot += span


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(clocks, "unix_now", lambda: machine.unix)
    monkeypatch.setattr(clocks, "_since_boot", lambda: machine.boot)
    return machine


def test_it_counts_from_the_beginning(machine):
    clock = HostClock(machine.unix - HOUR)
    assert clock.now() == HOUR
    machine.pass_(5 * MINUTE)
    assert clock.now() == HOUR + 5 * MINUTE
    assert HostClock(machine.unix + HOUR).now() == -HOUR, "a campaign that begins in an hour"


@pytest.mark.parametrize(("jump", "said"), [(3 * HOUR, "forward by 10800 s"), (-3 * HOUR, "back by 10800 s")])
def test_a_clock_that_jumps_changes_nothing_and_is_told_once(machine, caplog, jump, said):
    clock = HostClock(machine.unix)
    machine.pass_(MINUTE)
    machine.unix += jump
    with caplog.at_level(logging.WARNING):
        assert [clock.now(), clock.now()] == [MINUTE, MINUTE]
    assert [record.getMessage() for record in caplog.records] == [
        f"this machine's clock was put {said}: the campaign goes on by the time that has passed"
    ]
    machine.pass_(SECOND)
    assert clock.now() == MINUTE + SECOND


def test_a_machine_that_is_behind_what_was_sent_goes_on_from_there(machine):
    clock = HostClock(machine.unix - HOUR, not_before=2 * HOUR)
    assert clock.now() == 2 * HOUR
    machine.pass_(SECOND)
    assert clock.now() == 2 * HOUR + SECOND


def test_it_sleeps_a_second_at_most_and_can_be_woken():
    clock = HostClock(unix_now())
    before = time.monotonic()
    clock.sleep_until(clock.now() - 1)
    clock.wake()
    clock.sleep_until(clock.now() + HOUR)
    assert time.monotonic() - before < 0.9
    clock.sleep_until(clock.now() + HOUR)
    assert 0.9 < time.monotonic() - before < 10
