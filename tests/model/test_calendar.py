"""The wall clock against an oracle that walks through time minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadesim.errors import InputError
from cascadesim.model.calendar import Clock, reaction_at
from cascadesim.model.channel import Hours, Quiet
from cascadesim.model.model import Scenario
from cascadesim.units import DAY, HOUR, MINUTE

ZONES = ("Europe/Riga", "America/St_Johns", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu")
STARTS = (datetime(2027, 3, 27, 12), datetime(2027, 10, 30, 12), datetime(2027, 4, 3, 9))
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from((0, 30)))


def is_quiet(rule: Quiet, reading: datetime) -> bool:
    """Whether the rule's windows hold the reading, written from the rule's words."""

    def on(day: date) -> bool:
        return (not rule.days and not rule.dates) or day.weekday() in rule.days or day in rule.dates

    if rule.hours is None:
        return on(reading.date())
    start, end, now = rule.hours.start, rule.hours.end, reading.time()
    if start < end:
        return on(reading.date()) and start <= now < end
    return (on(reading.date()) and now >= start) or (on(reading.date() - timedelta(days=1)) and now < end)


RULES = st.builds(
    Quiet,
    st.one_of(st.none(), st.builds(Hours, TIMES, TIMES).filter(lambda h: h.start != h.end)),
    st.lists(st.integers(0, 6), max_size=2, unique=True).map(tuple),
    st.lists(st.sampled_from([date(2027, 3, 28), date(2027, 10, 31), date(2027, 4, 4)]), max_size=1).map(tuple),
).filter(lambda r: r.hours is not None or r.days or r.dates)


@given(st.lists(RULES, min_size=1, max_size=2), st.sampled_from(ZONES), st.sampled_from(STARTS), st.integers(0, 3000))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_the_end_of_quiet_is_what_a_walk_through_the_minutes_finds(rules, zone, starts, minute):
    """S1: the first instant outside all windows, in zones with changes of an hour and of half an hour."""
    clock = Clock(Scenario(starts=starts, zone="UTC"))
    start = starts.replace(tzinfo=UTC) + timedelta(minutes=minute)
    found = clock.quiet_end(tuple(rules), zone, minute * MINUTE)
    for ahead in range(10 * 24 * 60):
        reading = (start + timedelta(minutes=ahead)).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
        if not any(is_quiet(rule, reading) for rule in rules):
            assert found == (minute + ahead) * MINUTE
            return
    assert found is None or found >= 10 * DAY


@given(
    TIMES,
    st.one_of(st.none(), st.integers(0, 6)),
    st.sampled_from(ZONES),
    st.sampled_from(STARTS),
    st.integers(0, 3000),
)
@settings(derandomize=True, max_examples=150, deadline=None)
def test_the_next_reading_is_what_a_walk_through_the_minutes_finds(at, day, zone, starts, minute):
    """S1, S10: the first minute that reads so, or the first after a gap in which the reading lies."""
    clock = Clock(Scenario(starts=starts, zone="UTC"))
    start = starts.replace(tzinfo=UTC) + timedelta(minutes=minute)
    found = clock.next_reading(at, day, zone, minute * MINUTE)
    before = (start - timedelta(minutes=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    for ahead in range(9 * 24 * 60):
        now = (start + timedelta(minutes=ahead)).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
        wanted = datetime.combine(now.date(), at)
        skipped = before < wanted < now and now - before > timedelta(minutes=1)
        if (now == wanted or skipped) and (day is None or now.weekday() == day):
            assert found == (minute + ahead) * MINUTE
            return
        before = now
    pytest.fail("a week has every reading")


def test_quiet_for_ever_has_no_end():
    clock = Clock(Scenario(starts=STARTS[0]))
    assert clock.quiet_end((Quiet(days=tuple(range(7))),), "UTC", 0) is None


def test_windows_hold_their_first_instant_not_their_last():
    clock = Clock(Scenario(starts=datetime(2027, 3, 1)))
    night = (Quiet(Hours(time(21), time(9))),)
    assert clock.quiet_end(night, "UTC", 21 * HOUR - 1) == 21 * HOUR - 1
    assert clock.quiet_end(night, "UTC", 21 * HOUR) == 33 * HOUR
    assert clock.quiet_end(night, "UTC", 33 * HOUR) == 33 * HOUR


def test_reactions_move_into_the_hours():
    clock = Clock(Scenario(starts=datetime(2027, 3, 1)))
    hours = Hours(time(7, 30), time(23))
    assert reaction_at(clock, hours, "UTC", 23 * HOUR) == 31 * HOUR + 30 * MINUTE
    assert reaction_at(clock, hours, "UTC", 8 * HOUR) == 8 * HOUR
    assert reaction_at(clock, None, "UTC", 23 * HOUR) == 23 * HOUR


def test_a_clock_rule_needs_the_start():
    with pytest.raises(InputError, match="needs to know when the campaign starts"):
        Clock(Scenario()).weekday("UTC", 0)
