"""S6 with numbers worked by hand: slots, quiet hours, the last look at the stop state, places."""

from __future__ import annotations

from cascadesim.units import SECOND


def test_slots_of_a_busy_period_are_floored_thirds(play):
    """S6: 3 per second: slots at 0, 333,333 and 666,666 microseconds, then a whole second: no drift."""
    played = play(
        """
    channel sms
        opens 0%
        reports delivered
        sends up to 3 per second
    segment s
        people 4
    chain c
        send sms
    """
    )
    times = sorted(m.sent_at for t in played.trips.values() for m in t.messages)
    assert times == [0, 333_333, 666_666, 1_000_000]


def test_who_comes_after_the_last_slot_is_over_begins_a_new_period(play, at):
    """S6: 2 per minute: b's step is due at 10 min and starts a new period there: 10 min, then 10 min 30 s for c.

    a and b enter together: a takes slot 0, b waits for slot 1 at 30 s; c has no push and comes at 10 min 30 s.
    """
    played = play(
        """
    channel push
        opens 0%
    channel sms
        opens 0%
        reports delivered
        sends up to 2 per minute
    segment a
        people 1
    segment b
        people 1
    chain c
        send sms, wait 10 min
        send sms
    """
    )
    assert [t for _, t in played.sent("a")] == [0, at("10 min")]
    assert [t for _, t in played.sent("b")] == [30, at("10 min 30 s")]


def test_a_limit_is_shared_by_segments_and_steps_and_the_line_is_first_in_first_out(play):
    """S6: 1 per second. Both enter at 0: a (by name) gets 0 s, b 1 s. Each queues anew 1 s after its own dispatch:
    a at 1 s, behind b, whose slot it is: 2 s; b at 2 s, behind a: 3 s."""
    played = play(
        """
    channel sms
        opens 0%
        reports delivered
        sends up to 1 per second
    segment a
        people 1
    segment b
        people 1
    chain c
        send sms, wait 1 s
        send sms
    """
    )
    assert [t for _, t in played.sent("a")] == [0, 2]
    assert [t for _, t in played.sent("b")] == [1, 3]


def test_places_shuffle_segments_evenly(play):
    """S2, S6: a has places 1/4 and 3/4, b 1/6, 3/6 and 5/6: the order is b a b a b."""
    played = play(
        """
    channel sms
        opens 0%
        reports delivered
        sends up to 1 per second
    segment a
        people 2
    segment b
        people 3
    chain c
        send sms
    """
    )
    order = sorted((m.sent_at, t.person.segment) for t in played.trips.values() for m in t.messages)
    assert [(at // SECOND, segment) for at, segment in order] == list(enumerate("babab"))


def test_a_queue_that_is_not_empty_when_quiet_hours_begin(play, at):
    """S6: from 20:59 two a minute; 21:00 is quiet until 9:00. Slots 20:59:00 and 20:59:30 go out; for the third the
    next slot is 21:00:00: it takes none and queues anew at 9:00, where a new period begins; so does the fourth,
    half a minute behind. Its queueing counts from when it first queued."""
    played = play(
        """
    scenario "quiet"
        starts 2027-03-01 20:59
        time zone "Europe/Riga"
    channel sms
        opens 0%
        reports delivered
        sends up to 2 per minute
        quiet from 21:00 to 9:00
    segment s
        people 4
    chain c
        send sms
    """
    )
    nine = at("12 h 1 min")
    assert [played.sent(w)[0][1] for w in ("s", "s 1", "s 2", "s 3")] == [0, 30, nine, nine + 30]
    assert played.messages("s 2")[0].queued_at == 0


def test_who_is_in_quiet_hours_blocks_nobody_in_another_zone(play, at):
    """S6: at 20:00 UTC it is 22:00 in Riga (quiet) and 20:00 in London. Everybody queues at 0: Riga's two leave the
    line, London's get slots 0 and 1 min. Riga's window ends at 9:00 there, 7:00 UTC: 11 h later."""
    played = play(
        """
    scenario "zones"
        starts 2027-03-01 20:00
        time zone "UTC"
    channel sms
        opens 0%
        reports delivered
        sends up to 1 per minute
        quiet from 21:00 to 9:00
    segment london
        people 2
        time zone "Europe/London"
    segment riga
        people 2
        time zone "Europe/Riga"
    chain c
        send sms
    """
    )
    assert [played.sent(w)[0][1] for w in ("london", "london 1")] == [0, 60]
    assert [played.sent(w)[0][1] for w in ("riga", "riga 1")] == [at("11 h"), at("11 h") + 60]


def test_who_opens_while_queued_is_dropped_and_the_next_in_line_gets_the_slot(play, at):
    """S6: push at 0; the texts of all queue at 1 min, one a minute: a 1 min, b 2 min, c 3 min. b opens its push at
    90 s, while queued: it is dropped, and c gets the slot of 2 min."""
    played = play(
        """
    channel push
        delivers 100%
        opens 0%, after 90 s
    channel sms
        opens 0%
        reports delivered
        sends up to 1 per minute
    segment a
        people 1
    segment b
        people 1
        opens push 100%
    segment c
        people 1
    chain c
        stop when opened
        send push, wait 1 min
        send sms
    """
    )
    assert played.sent("a") == [("push", 0), ("sms", 60)]
    assert played.sent("b") == [("push", 0)]
    assert played.sent("c") == [("push", 0), ("sms", 120)]


def test_the_head_of_the_line_who_stops_gives_its_promised_slot_to_the_next(play):
    """S6: as above with b at the head when it opens: a has gone out at 1 min, b is promised 2 min, opens at 90 s."""
    played = play(
        """
    channel push
        delivers 100%
        opens 0%, after 119 s
    channel sms
        opens 0%
        reports delivered
        sends up to 1 per minute
    segment a
        people 1
    segment b
        people 1
        opens push 100%
    segment z
        people 1
    chain c
        stop when opened
        send push, wait 1 min
        send sms
    """
    )
    assert played.sent("b") == [("push", 0)]
    assert played.sent("z") == [("push", 0), ("sms", 120)]


def test_who_stops_at_the_very_instant_of_the_slot_is_dropped(play):
    """S1, S6: slots at 0, 20 and 40 s; all order at 20 s, which comes first: only the first in line is written to."""
    played = play(
        """
    channel sms
        opens 0%
        reports delivered
        sends up to 3 per minute
    segment s
        people 3
        leaves 100% when "order_placed", after 20 s
    chain c
        stop when "order_placed"
        send sms
    """
    )
    assert [played.sent(who) for who in ("s", "s 1", "s 2")] == [[("sms", 0)], [], []]


def test_the_messages_of_one_send_do_not_stop_each_other(play, at):
    """S6: push is opened at 10 s; the text of the same send is deferred to 9:00 and still goes out; the next step
    does not. An open of an *earlier* step at 10 min does stop the deferred text."""
    script = """
    scenario "quiet"
        starts 2027-03-01 8:00
    channel email
        delivers 100%
        opens {email}, after 10 min
    channel push
        delivers 100%
        opens 100%, after 10 s
    channel sms
        opens 0%
        reports delivered
        quiet from 21:00 to 9:00
    segment s
        people 1
    chain c
        stop when opened
        send email, wait 5 min
        send push and sms, wait 1 h
        send email
    """
    assert play(script.format(email="0%")).sent("s") == [("email", 0), ("push", at("5 min")), ("sms", at("1 h"))]
    assert play(script.format(email="100%")).sent("s") == [("email", 0), ("push", at("5 min"))]


def test_dispatches_come_before_the_horizon(play, at):
    """S2, S6: a day's horizon: a step due at 24 h is not sent, one due at 23 h 59 min is."""
    script = """
    scenario "short"
        runs for 1 day
    channel sms
        opens 0%
        reports delivered
    segment s
        people 1
    chain c
        send sms, wait {wait}
        send sms
    """
    assert len(play(script.format(wait="1 day")).sent("s")) == 1
    assert len(play(script.format(wait="23 h 59 min")).sent("s")) == 2


def test_somebody_past_the_horizon_is_dropped_and_takes_no_slot(play, at):
    """S2, S6: one a day, a horizon of two days: slots at 0 and 24 h; the third, at 48 h, is not before the horizon."""
    played = play(
        """
    scenario "short"
        runs for 2 days
    channel sms
        opens 0%
        reports delivered
        sends up to 1 per day
    segment s
        people 3
    chain c
        send sms
    """
    )
    assert [len(played.sent(w)) for w in ("s", "s 1", "s 2")] == [1, 1, 0]
    assert played.sent("s 1") == [("sms", at("1 day"))]


def test_quiet_days_of_the_scenario_hold_for_every_channel(play, at):
    """S6: from Saturday 10:00 a Sunday without sending, and Monday 2027-03-08 from midnight: 24 h wait falls on
    Sunday 10:00, so it goes out at Monday 0:00, 38 h after the start."""
    played = play(
        """
    scenario "sundays"
        starts 2027-03-06 10:00
        quiet on sunday
    channel sms
        opens 0%
        reports delivered
    segment s
        people 1
    chain c
        send sms, wait 1 day
        send sms
    """
    )
    assert played.sent("s") == [("sms", 0), ("sms", at("38 h"))]


def test_a_window_past_midnight_belongs_to_the_day_it_begins(play, at):
    """S1: quiet from 18:00 to 11:00 on saturday: on Saturday 20:00 one waits for Sunday 11:00 (15 h), on
    Sunday 20:00 not at all."""
    script = """
    scenario "saturday"
        starts {day} 20:00
    channel sms
        opens 0%
        reports delivered
        quiet from 18:00 to 11:00 on saturday
    segment s
        people 1
    chain c
        send sms
    """
    assert play(script.format(day="2027-03-06")).sent("s") == [("sms", at("15 h"))]
    assert play(script.format(day="2027-03-07")).sent("s") == [("sms", 0)]
