"""S11 to S13 with numbers worked by hand: stops, cover, resends, cost, the horizon, contacts."""

from __future__ import annotations

import pytest

from cascadesim.units import BILLION


def test_an_open_that_is_not_reported_covers_but_does_not_stop(play, at):
    """S11, S12: the text is opened at 5 min, which nobody hears of: the call goes out at 1 h all the same. It is a
    duplicate: a message to somebody with an earlier covering event."""
    script = """
    channel sms
        delivers 100%
        opens 100%, after 5 min
        reports {reports}
    channel call
        answers 0%
        lasts 40 s
    segment s
        people 1
    chain c
        stop when opened
        send sms, wait 1 h
        send call
    """
    silent = play(script.format(reports="delivered"))
    assert silent.sent("s") == [("sms", 0), ("call", at("1 h"))]
    assert silent.covered("s") == 1
    assert silent.outcome.total.duplicates_per_person.mean == 1
    assert play(script.format(reports="delivered and opened")).sent("s") == [("sms", 0)]


def test_unsubscribing_always_stops_and_an_outside_event_stops_where_it_is_named(play, at):
    """S11: unsubscribed at 2 us: no text, without any stop rule. An order at 30 min stops the chain that names it."""
    script = """
    channel email
        delivers 100%
        opens 100%
        unsubscribes {unsubscribes} of opened
        reports delivered
    channel sms
        opens 0%
        reports delivered
    segment s
        people 1
        leaves {leaves} when "order_placed", after 30 min
    chain c
        {stop}
        send email, wait 1 h
        send sms
    """
    two = [("email", 0), ("sms", at("1 h"))]
    named = 'stop when "order_placed"'
    assert play(script.format(unsubscribes="0%", leaves="100%", stop="")).sent("s") == two
    assert play(script.format(unsubscribes="100%", leaves="0%", stop=named)).sent("s") == two[:1]
    assert play(script.format(unsubscribes="0%", leaves="0%", stop=named)).sent("s") == two
    assert play(script.format(unsubscribes="0%", leaves="100%", stop=named)).sent("s") == two[:1]


def test_covered_is_a_covering_event_at_or_before_its_deadline_from_entry(play):
    """S12: opened exactly 1 h after entry (1 us of delivery aside): within 1 h no, within 61 min yes."""
    script = """
    channel viber
        delivers 100%, after 30 min
        opens 100%, after {opens}
    segment s
        people 1
    chain c
        send viber
    optimize
        covered when opened within 1 h
        minimize cost per person
        choose from viber
    """
    assert play(script.format(opens="30 min")).covered("s") == 1  # at the deadline
    late = play(script.format(opens="31 min"))
    assert late.covered("s") == 0
    assert late.outcome.total.time_to_open.p50 == 61 * 60  # deadline aside


def test_an_outside_event_covers_where_it_is_named(play):
    """S12: half of nothing is sent in time, but the order is placed at 30 min and covers."""
    played = play(
        """
    channel viber
        delivers 100%
        opens 0%
    segment s
        people 1
        leaves 100% when "order_placed", after 30 min
    chain c
        send viber
    optimize
        covered when opened or "order_placed"
        minimize cost per person
        choose from viber
    """
    )
    assert played.covered("s") == 1
    assert played.outcome.total.steps[0].first_opens.mean == 0


def test_a_resend_reacts_with_its_own_rate_drawn_anew(play, at):
    """Attempt 0 is never opened, the resend always: 1 h + 5 min. It costs the same again."""
    played = play(
        """
    channel email
        delivers 100%
        opens 0%, after 5 min
        resend opens 100%
        costs 0.001 EUR per message sent
    segment s
        people 1
    chain c
        stop when opened
        send email, wait 1 h
        send email, wait 1 h
        send email
    """
    )
    assert [(m.attempt, m.fate.opened is not None) for m in played.messages("s")] == [(0, False), (1, True)]
    assert played.outcome.total.cost.mean == pytest.approx(0.002)


COSTS = [
    ("costs 0.1 EUR per message sent", 0.1),
    ("costs 0.1 EUR per part sent", 0.1),  # no text: one part
    ("costs 0.1 EUR per message delivered", 0.1),
    ("costs 0.1 EUR per message opened", 0.1),
    ("costs 0.1 EUR per message clicked", 0.1),
    ("costs 0.1 EUR per message replied", 0.0),  # nobody replies
    ("costs 0.1 USD per message sent", 0.092),
    ("costs 0.1 EUR per message sent\n        costs 0.02 EUR per message opened", 0.12),
    ("costs 0.1 EUR per message sent\n        costs 0.02 EUR per message sent", 0.12),
]


@pytest.mark.parametrize(("costs", "expected"), COSTS)
def test_bases_add_up_in_whole_billionths(play, costs, expected):
    """S13: one message that is delivered, opened and clicked, not replied to; 1 USD is 0.92 EUR."""
    played = play(
        f"""
    scenario "costs"
        prices in EUR
        1 USD is 0.92 EUR
    channel viber
        delivers 100%
        opens 100%
        clicks 100%
        replies 0%
        {costs}
    segment s
        people 1
    chain c
        send viber
    """
    )
    assert played.messages("s")[0].cost == round(expected * BILLION)


def test_minutes_parts_and_events_after_a_stop_are_billed(play):
    """S13: a call of 40 s at 0.06 per minute costs 0.04, by the started minute 0.06; two started minutes at 61 s.
    A text of 161 characters is two parts. A message delivered after the stop is billed."""
    call = """
    channel call
        answers 100%
        lasts {lasts}
        costs 0.06 EUR per {basis}
    segment s
        people 1
    chain c
        send call
    """
    for lasts, basis, expected in (
        ("40 s", "minute", 0.04),
        ("40 s", "started minute", 0.06),
        ("61 s", "started minute", 0.12),
    ):
        assert play(call.format(lasts=lasts, basis=basis)).messages("s")[0].cost == round(expected * BILLION)
    text = (
        "channel sms\n    opens 0%\n    reports delivered\n    costs 0.05 EUR per part sent\nsegment s\n    people 1\n"
    )
    played = play(text + f'chain c\n    send sms saying "{"x" * 161}"\n')
    assert played.messages("s")[0].cost == 100_000_000
    late = play(
        """
    channel push
        delivers 100%
        opens 100%, after 1 min
    channel viber
        delivers 100%, after 2 min
        opens 0%
        costs 0.02 EUR per message delivered
    segment s
        people 1
    chain c
        stop when opened
        send viber and push
    """
    )
    assert late.outcome.total.cost.mean == pytest.approx(0.02)


def test_campaign_fees_are_in_totals_and_a_minimum_is_the_larger_of_the_two(play):
    """S13: two people at 1 EUR and a fee of 10 EUR: 12; with at least 15 EUR: 15; with at least 5: 12.
    A channel without a step costs nothing; segments carry no fee."""
    script = """
    channel push
        opens 0%
        costs 99 EUR per campaign
    channel viber
        delivers 100%
        opens 100%
        costs 1 EUR per message sent
        costs 10 EUR per campaign
        {least}
    segment a
        people 1
    segment b
        people 1
    chain c
        send viber
    """
    for least, expected in (
        ("", 12),
        ("costs at least 15 EUR per campaign", 15),
        ("costs at least 5 EUR per campaign", 12),
    ):
        played = play(script.format(least=least))
        assert played.outcome.total.cost.mean == expected
        assert played.outcome.segment("a").figures.cost.mean == 1
        assert played.outcome.total.cost_per_person.mean == expected / 2


def test_events_up_to_the_horizon_count_and_later_ones_do_not(play):
    """S2, S13: a horizon of a day; opened exactly at 24 h counts and costs, a second later not."""
    script = """
    scenario "short"
        runs for 1 day
    channel viber
        delivers 100%, after 12 h
        opens 100%, after {opens}
        costs 1 EUR per message opened
    segment s
        people 1
    chain c
        send viber
    """
    assert play(script.format(opens="12 h")).outcome.total.cost.mean == 1
    later = play(script.format(opens="12 h 1 s"))
    assert (later.outcome.total.cost.mean, later.covered("s")) == (0, 0)


def test_contacts_reach_zone_and_where(play, at):
    """S2: a contact's cells say where they are reached and in which zone; at 20:00 UTC Riga is quiet for 11 h."""
    played = play(
        """
    scenario "contacts"
        starts 2027-03-01 20:00
    channel viber
        opens 0%
    channel sms
        opens 0%
        reports delivered
        quiet from 21:00 to 9:00
    segment gold
        people from "people.csv" where tier is gold
    chain c
        send viber, wait 1 h
        send sms
    """,
        people="""
        id,tier,viber,sms,time_zone
        anna,gold,,+37120000001,Europe/Riga
        bert,gold,+37120000002,+37120000002,
        carl,silver,+37120000003,+37120000003,
        """.replace("        ", ""),
    )
    assert played.sent("gold") == [("sms", at("11 h"))]
    assert played.sent("gold 1") == [("viber", 0), ("sms", at("13 h"))]  # 21:00 UTC is quiet: until 9:00
    assert len(played.trips) == 2
