"""S7 to S10 with numbers worked by hand: delivery, reactions, waits, the clock."""

from __future__ import annotations

import pytest

from cascadesim.units import SECOND


def test_delivery_and_reactions_follow_each_other(play):
    """S7, S8: delivered 5 s after dispatch, opened 1 min after that, clicked 10 s and replied 20 s after the open."""
    played = play(
        """
    channel viber
        delivers 100%, after 5 s
        opens 100%, after 1 min
        clicks 100% of opened, after 10 s
        replies 100% of opened, after 20 s
    segment s
        people 1
    chain c
        send viber
    """
    )
    fate = played.messages("s")[0].fate
    assert [t // SECOND for t in (fate.delivered, fate.opened, fate.clicked, fate.replied)] == [5, 65, 75, 85]


def test_at_once_is_one_microsecond_later(play):
    """S1: a message causes nothing at its own instant: delivered at 1, opened at 2 microseconds."""
    played = play(
        "channel sms\n    opens 100%\n    reports delivered\nsegment s\n    people 1\nchain c\n    send sms\n"
    )
    assert played.messages("s")[0].fate[:2] == (1, 2)


def test_who_is_not_delivered_reacts_to_nothing(play):
    """S7, S8: delivered to nobody, so nobody opens, although the rate is 100%."""
    played = play(
        """
    channel sms
        delivers 0%
        opens 100%
        reports delivered
    segment s
        people 1
    chain c
        send sms
    """
    )
    assert played.messages("s")[0].fate.states == ()
    assert played.covered("s") == 0


def test_a_reaction_outside_the_hours_moves_to_their_next_start(play, at):
    """S8: sent at 22:00, opened after 2 h: midnight is outside 7:30 to 23:00, so 7:30, 9 h 30 min after the start.
    The click 16 h after that open would be 23:30: it moves too, to 7:30 the next day."""
    played = play(
        """
    scenario "night"
        starts 2027-03-01 22:00
    channel viber
        delivers 100%, after 1 s
        opens 100%, after 2 h
        clicks 100%, after 16 h
    segment s
        people 1
        reacts from 7:30 to 23:00
    chain c
        send viber
    """
    )
    fate = played.messages("s")[0].fate
    assert (fate.delivered, fate.opened, fate.clicked) == tuple(
        int(at(t) * SECOND) for t in ("1 s", "9 h 30 min", "33 h 30 min")
    )


def test_for_calls_these_hours_are_quiet_hours_and_answers_do_not_move(play, at):
    """S8: at 22:00 a call to somebody who reacts from 7:30 to 21:00 waits for 7:30 (9 h 30 min). The answer, 14 h
    after, is at 21:30, outside the hours: it stays there."""
    played = play(
        """
    scenario "night"
        starts 2027-03-01 22:00
    channel call
        answers 100%, after 14 h
        lasts 40 s
    segment s
        people 1
        reacts from 7:30 to 21:00
    chain c
        send call
    """
    )
    assert played.sent("s") == [("call", at("9 h 30 min"))]
    assert played.messages("s")[0].fate.opened == int(at("23 h 30 min") * SECOND) + 1  # delivered at once: 1 us


def test_a_late_open_counts_after_a_later_send_and_nothing_is_recalled(play, at):
    """S9, S11: Viber is opened at 3 h, the text went out at 2 h: covered, two messages, one of them a duplicate? No:
    the text came before the open. The call due at 4 h is not made."""
    played = play(
        """
    channel viber
        delivers 100%
        opens 100%, after 3 h
    channel sms
        opens 0%
        reports delivered
    channel call
        answers 100%
        lasts 40 s
    segment s
        people 1
    chain c
        stop when opened
        send viber, wait 2 h
        send sms, wait 2 h
        send call
    """
    )
    assert played.sent("s") == [("viber", 0), ("sms", at("2 h"))]
    figures = played.outcome.total
    assert (figures.coverage.mean, figures.duplicates_per_person.mean) == (1, 0)
    assert figures.time_to_open.p50 == pytest.approx(at("3 h"), abs=1e-5)


def test_a_wait_counts_from_the_last_dispatch_of_a_parallel_send(play, at):
    """S10: at 8:00 push goes out, the text at 9:00; the next step is 2 h after that: 3 h."""
    played = play(
        """
    scenario "quiet"
        starts 2027-03-01 8:00
    channel push
        delivers 100%
        opens 0%
    channel sms
        opens 0%
        reports delivered
        quiet from 21:00 to 9:00
    segment s
        people 1
    chain c
        send push and sms, wait 2 h
        send push
    """
    )
    assert played.sent("s") == [("push", 0), ("sms", at("1 h")), ("push", at("3 h"))]


UNDELIVERED = """
    channel push
        delivers {push}, after 5 min
        opens 0%
    channel viber
        delivers {viber}, after {after}
        opens 0%
    channel sms
        opens 0%
        reports delivered
    segment s
        people 1
    chain c
        send push and viber, wait 2 h but 10 min if undelivered
        send sms
"""


@pytest.mark.parametrize(
    ("push", "viber", "after", "next_step"),
    [
        ("0%", "0%", "1 s", "10 min"),  # none delivered: the wait ends at 10 min
        ("100%", "0%", "1 s", "2 h"),  # one of them is
        ("0%", "100%", "10 min", "2 h"),  # at the instant itself still counts (S1)
        ("0%", "100%", "11 min", "10 min"),  # later does not
    ],
)
def test_a_wait_ends_early_if_none_of_the_send_is_delivered(play, at, push, viber, after, next_step):
    """S10, case by case: push and Viber with the shares and the delay given."""
    played = play(UNDELIVERED.format(push=push, viber=viber, after=after))
    assert played.sent("s")[-1] == ("sms", at(next_step))


def test_or_until_clicked_ends_the_wait_and_the_chain_goes_on(play, at):
    """S10: opened at 10 min, clicked at 15 min: the text goes out then, not after 2 h. An open alone ends nothing."""
    script = """
    channel viber
        delivers 100%
        opens 100%, after 10 min
        clicks {clicks}, after 5 min
    channel sms
        opens 0%
        reports delivered
    segment s
        people 1
    chain c
        send viber, wait 2 h or until clicked
        send sms
    """
    microseconds = 1e-6  # delivered at once
    assert play(script.format(clicks="100%")).sent("s")[-1] == ("sms", pytest.approx(at("15 min") + microseconds))
    assert play(script.format(clicks="0%")).sent("s")[-1] == ("sms", at("2 h"))


def test_the_stop_rule_holds_while_waiting_until(play):
    """S10, S11: stop when clicked wins over `or until clicked`: nothing follows."""
    played = play(
        """
    channel viber
        delivers 100%
        opens 100%, after 10 min
        clicks 100%, after 5 min
    channel sms
        opens 0%
        reports delivered
    segment s
        people 1
    chain c
        stop when clicked
        send viber, wait 2 h or until clicked
        send sms
    """
    )
    assert [c for c, _ in played.sent("s")] == ["viber"]


def test_wait_until_ends_at_the_first_such_reading_and_a_wait_line_counts_from_where_it_is_reached(play, at):
    """S10: Monday 9:30 + 1 h = 10:30; the next 10:00 is on Tuesday (24 h 30 min); Friday 10:00 comes 3 days later;
    `wait until 10:00` reached at 10:00 is over at once."""
    played = play(
        """
    scenario "clock"
        starts 2027-03-01 9:30
    channel sms
        opens 0%
        reports delivered
    segment s
        people 1
    chain c
        wait 1 h
        wait until 10:00
        send sms
        wait until friday 10:00
        wait until 10:00
        send sms
    """
    )
    assert played.sent("s") == [("sms", at("24 h 30 min")), ("sms", at("4 days 30 min"))]


def test_daylight_saving(play, at):
    """S1: in Riga clocks go from 3:00 to 4:00 on 2027-03-28. Started on the 27th at 12:00:
    3:30 is skipped, so `wait until 3:30` ends at the gap's end, 15 h later; 9:00 is 20 h, not 21 h, after the start."""
    script = """
    scenario "spring"
        starts 2027-03-27 12:00
        time zone "Europe/Riga"
    channel sms
        opens 0%
        reports delivered
        {quiet}
    segment s
        people 1
    chain c
        {wait}
        send sms
    """
    assert play(script.format(quiet="", wait="wait until 3:30")).sent("s") == [("sms", at("15 h"))]
    quiet = play(script.format(quiet="quiet from 11:00 to 9:00", wait="wait 1 min"))
    assert quiet.sent("s") == [("sms", at("20 h"))]


def test_daylight_saving_repeats_an_hour(play, at):
    """S1: in Riga 3:00 to 4:00 comes twice on 2027-10-31. From the 30th, 12:00: 3:30 is first read 15 h 30 min later;
    quiet until 3:30 ends there too, and begins anew when the clock goes back at 16 h: who comes then waits for half an
    hour."""
    script = """
    scenario "autumn"
        starts 2027-10-30 12:00
        time zone "Europe/Riga"
    channel sms
        opens 0%
        reports delivered
        quiet from 2:00 to 3:30
    segment s
        people 1
    chain c
        {wait}
        send sms
    """
    assert play(script.format(wait="wait until 3:30")).sent("s") == [("sms", at("15 h 30 min"))]
    assert play(script.format(wait="wait 14 h 15 min")).sent("s") == [("sms", at("15 h 30 min"))]
    assert play(script.format(wait="wait 16 h 10 min")).sent("s") == [("sms", at("16 h 30 min"))]
