"""A campaign goes on through what fails outside: it says what is wrong, waits, and loses nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from cascadesim.errors import OutsideError
from cascadesim.live import Campaign, MemoryStore, Recipient
from cascadesim.live.service import Service
from cascadesim.model.person import Person
from cascadesim.units import HOUR, MINUTE, SECOND
from tests.live.conftest import HandClock, Never, Scripted
from tests.live.test_runner import PUSH_SMS, _model

PEOPLE = 120


class Clock(HandClock):
    """Sleeping passes the time at once; `meanwhile` is called each time."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], object] = lambda: None

    def sleep_until(self, at: int) -> None:
        super().sleep_until(at)
        self.meanwhile()

    def wake(self) -> None: ...


class Away(MemoryStore):
    """A store that does not answer between two instants."""

    def __init__(self, clock: Clock, gone: int, back: int) -> None:
        super().__init__()
        self._clock, self._gone, self._back = clock, gone, back

    def claim(self, now: int, most: int, until: int) -> list[Recipient]:
        if self._gone <= self._clock.now() < self._back:
            raise OutsideError("The database does not answer (gone).")
        return super().claim(now, most, until)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _service(store: MemoryStore, clock: Clock, ends: Callable[[int], bool] = lambda now: True) -> Service:
    model = _model()
    campaign = Campaign("spring", model, model.routes(PUSH_SMS), Never())
    row = (Person("s", n, f"p{n}", "s", n, 0, n, "UTC", frozenset({"push", "sms"})) for n in range(PEOPLE))
    store.enrol(entrant for person in row if (entrant := campaign.entrant(person)) is not None)
    return Service(campaign, store, Scripted(), clock, ends)  # type: ignore[arg-type]


def test_a_database_that_goes_and_comes_back(clock, caplog):
    store = Away(clock, HOUR, HOUR + 10 * MINUTE)
    service = _service(store, clock)
    with caplog.at_level(logging.ERROR):
        assert service.run() is None
    waits = [record.getMessage() for record in caplog.records]
    assert waits[:3] == [f"The database does not answer (gone). It is tried again in {s} s." for s in (1, 2, 4)]
    assert waits[-1].endswith("in 60 s."), "and no longer than a minute"
    assert len(list(store.messages())) == 2 * PEOPLE
    assert min(m.sent_at for m in store.messages() if m.step == 2) >= HOUR + 10 * MINUTE


def test_it_stops_when_it_is_told_to_also_while_it_waits(clock):
    service = _service(Away(clock, HOUR, 1_000 * HOUR), clock)
    clock.meanwhile = lambda: service.stop() if clock.now() > HOUR + 5 * SECOND else None
    assert service.run() == "stopped"


def test_who_listens_goes_on_until_nothing_more_is_to_come(clock):
    service = _service(MemoryStore(), clock, lambda now: now >= 5 * HOUR)
    assert service.run() is None
    assert clock.now() == 5 * HOUR


@pytest.mark.parametrize("course", ["paused", "cancelled"])
def test_it_heeds_what_is_said_meanwhile(clock, course):
    store = MemoryStore()
    service = _service(store, clock)
    resumed_at = 3 * HOUR

    def meanwhile() -> None:
        if clock.now() >= resumed_at and course == "paused":
            store.course = "running"
        elif clock.now() >= HOUR and store.course == "running" and clock.now() < resumed_at:
            store.course = course

    clock.meanwhile = meanwhile
    ended = service.run()
    second = [m.sent_at for m in store.messages() if m.step == 2]
    assert (ended, len(second)) == ((None, PEOPLE) if course == "paused" else ("cancelled", 0))
    assert all(at >= resumed_at for at in second)
