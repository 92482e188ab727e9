"""S5, step by step, with numbers worked by hand: every rate is 0% or 100%, every delay is fixed."""

from __future__ import annotations

import pytest

CHANNELS = """
    channel push
        delivers 100%
        opens 0%
        costs 0.001 EUR per message sent
    channel viber
        delivers 100%, after 3 s
        opens 100%, after 10 min
        clicks 0%
        costs 0.02 EUR per message sent
    channel sms
        delivers 100%
        opens 0%
        costs 0.05 EUR per message sent
"""


def test_a_channel_that_does_not_reach_is_skipped_at_once_with_its_wait_at_no_cost(play, at):
    """S5: without Viber, the text goes out at 0 and not at 2 h; it alone costs: 0.05 EUR."""
    played = play(
        CHANNELS
        + """
    segment has
        people 1
        opens viber 0%
    segment lacks
        people 1
        reaches viber 0%
    chain c
        stop when opened
        send viber, wait 2 h
        send sms
    """
    )
    assert played.sent("has") == [("viber", 0), ("sms", at("2 h"))]
    assert played.sent("lacks") == [("sms", 0)]
    assert sum(m.cost for m in played.messages("lacks")) == 50_000_000


def test_a_parallel_send_goes_to_each_channel_that_reaches_and_is_skipped_when_none_does(play, at):
    """S5: one of two channels reaches: that one is sent and the wait is kept; none: skipped with the wait."""
    played = play(
        CHANNELS
        + """
    segment two
        people 1
    segment neither
        people 1
        reaches push 0%
        reaches viber 0%
    segment some
        people 1
        reaches viber 0%
    chain c
        send push and viber, wait 1 h
        send sms
    """
    )
    assert played.sent("two") == [("push", 0), ("viber", 0), ("sms", at("1 h"))]
    assert played.sent("some") == [("push", 0), ("sms", at("1 h"))]
    assert played.sent("neither") == [("sms", 0)]


def test_a_condition_reads_once_what_has_been_reported_up_to_its_instant(play, at):
    """S5: Viber is opened at 10 min 3 s. Read at 10 min it is not opened, and nobody looks again; at 11 min it is."""
    script = (
        CHANNELS
        + """
    segment s
        people 1
    chain c
        send viber, wait {wait}
        if viber opened
            send push, wait 1 h
        otherwise
            wait 30 min
        send sms
    """
    )
    assert play(script.format(wait="10 min")).sent("s") == [("viber", 0), ("sms", at("40 min"))]
    early = at("11 min")
    assert play(script.format(wait="11 min")).sent("s") == [("viber", 0), ("push", early), ("sms", early + 3600)]


def test_at_an_equal_instant_a_reaction_comes_before_the_decision(play, at):
    """S1, S5: opened 3 s + 10 min after dispatch; a wait of exactly 10 min 3 s sees it."""
    played = play(
        CHANNELS
        + """
    segment s
        people 1
    chain c
        send viber, wait 10 min 3 s
        if viber opened
            stop
        send sms
    """
    )
    assert played.sent("s") == [("viber", 0)]


def test_what_was_never_sent_is_neither_opened_nor_undelivered(play, at):
    """S5: nobody has Viber, so `viber opened` and `undelivered` are both false, and `not viber opened` is true."""
    played = play(
        CHANNELS
        + """
    segment s
        people 1
        reaches viber 0%
    chain c
        send viber, wait 1 h
        if viber opened or undelivered
            send push
        if not viber opened
            send sms
    """
    )
    assert played.sent("s") == [("sms", 0)]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("reachable on push or reachable on viber and reachable on sms", True),  # true or (false and true)
        ("not reachable on push or reachable on push", True),  # (not true) or true
        ("(reachable on push or reachable on viber) and reachable on viber", False),
        ("not (reachable on push and reachable on viber)", True),
        ("not reachable on viber and segment is one of t, s", True),
        ("viber opened but not clicked", False),
    ],
)
def test_not_binds_before_and_before_or(play, condition, expected):
    """S5: push and sms reach, viber does not."""
    played = play(
        CHANNELS
        + f"""
    segment s
        people 1
        reaches viber 0%
    segment t
        people 1
        reaches viber 0%
    chain c for s
        if {condition}
            send sms
        otherwise
            send push
    """
    )
    assert played.sent("s") == [("sms" if expected else "push", 0)]


def test_opened_but_not_clicked(play, at):
    """S5: opened at 10 min 3 s and never clicked: true from then on; false for who clicks at once."""
    played = play(
        CHANNELS
        + """
    segment clicks
        people 1
        clicks viber 100%
    segment opens
        people 1
    chain c
        send viber, wait 1 h
        if viber opened but not clicked
            send sms
    """
    )
    assert played.sent("opens") == [("viber", 0), ("sms", at("1 h"))]
    assert played.sent("clicks") == [("viber", 0)]


def test_paths_meet_again_after_the_block(play, at):
    """S5: 20 min in one branch, 40 min in the other; both go on with the text."""
    played = play(
        CHANNELS
        + """
    segment a
        people 1
    segment b
        people 1
    chain c
        if segment is a
            wait 20 min
        otherwise if segment is b
            wait 40 min
        send sms
    """
    )
    assert played.sent("a") == [("sms", at("20 min"))]
    assert played.sent("b") == [("sms", at("40 min"))]


def test_arms_of_a_split_take_their_shares(play):
    """Of 4,000 people 25% of an expected 1,000 go by push, within 4.5 standard errors: 4.5 x 27.4."""
    played = play(
        CHANNELS
        + """
    segment s
        people 4000
    chain c
        split
            25% "a quarter"
                send push
            the rest "the others"
                send sms
    """
    )
    sent = {s.channel: s.sent.mean for s in played.outcome.total.steps}
    assert abs(sent["push"] - 1000) < 4.5 * 27.4
    assert sent["push"] + sent["sms"] == 4000
