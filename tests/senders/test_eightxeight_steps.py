"""Which steps of a chain 8x8 takes as they are, and what changes in the others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cascadesim.plan import Plan
from cascadesim.senders import Settings, compile_plan

PlanOf = Callable[..., Plan]
Steps = list[tuple[str, list[str]]]


def steps(plan: Plan, settings: Settings | None = None) -> Steps:
    report = compile_plan(plan, "8x8", [], settings).report
    return [(step.status, list(step.changes)) for step in report.steps]


def chain(*lines: str, stop: str = "opened", saying: str = 'saying "Hello"') -> str:
    head = [saying] + ([f"stop when {stop}"] if stop else [])
    return "chain c\n" + "\n".join(f"    {line}" for line in (*head, *lines))


EXACT: tuple[str, list[str]] = ("exact", [])


def test_viber_until_read_then_a_text_is_exact(plan_of: PlanOf) -> None:
    assert steps(plan_of(chain("send viber, wait 2 h", "send sms"))) == [EXACT, EXACT]


def test_a_single_step_is_exact(plan_of: PlanOf) -> None:
    assert steps(plan_of(chain("send whatsapp"))) == [EXACT]


def test_stopping_on_delivery_is_exact_and_includes_whatever_follows_it(plan_of: PlanOf) -> None:
    plan = plan_of(chain("send viber, wait 2 h", "send whatsapp, wait 1 h", "send sms", stop="delivered or opened"))
    assert steps(plan) == [EXACT, EXACT, EXACT]


def test_a_text_that_reports_no_opens_goes_on_always_as_in_the_plan(plan_of: PlanOf) -> None:
    assert steps(plan_of(chain("send sms, wait 2 h", "send viber"))) == [EXACT, EXACT]


@pytest.mark.parametrize(
    ("wait", "change"),
    [
        ("5 s", "the wait is 10 s instead of 5 s"),
        ("90.5 s", "the wait is 1 min 31 s instead of 1 min 30.5 s"),
        ("30 h", "the wait is 1 day instead of 1 day 6 h"),
    ],
)
def test_waits_are_moved_into_8x8_s_bounds(plan_of: PlanOf, wait: str, change: str) -> None:
    assert steps(plan_of(chain(f"send viber, wait {wait}", "send sms"))) == [("weakened", [change]), EXACT]


def test_a_step_without_a_wait_gets_the_shortest(plan_of: PlanOf) -> None:
    plan = plan_of(chain("send viber", "send sms"))
    assert steps(plan) == [("weakened", ["the wait is 10 s instead of none"]), EXACT]


def test_early_ends_of_a_wait_are_lost(plan_of: PlanOf) -> None:
    plan = plan_of(chain("send viber, wait 2 h but 10 min if undelivered", "send sms"))
    lost = "the early end after 10 min if undelivered is lost: 8x8 waits the whole time-out"
    assert steps(plan) == [("weakened", [lost]), EXACT]
    plan = plan_of(chain("send viber, wait 2 h or until clicked", "send sms"))
    assert steps(plan) == [("weakened", ["clicked no longer ends the wait"]), EXACT]


def test_the_last_wait_changes_nothing(plan_of: PlanOf) -> None:
    assert steps(plan_of(chain("send viber, wait 2 h", "send sms, wait 30 h or until delivered"))) == [EXACT, EXACT]


def test_a_late_open_of_an_earlier_message_no_longer_stops_the_third_step(plan_of: PlanOf) -> None:
    plan = plan_of(chain("send viber, wait 2 h", "send whatsapp, wait 2 h", "send sms"))
    late = "viber opened in this wait no longer stops the chain: 8x8 looks at one message alone"
    assert steps(plan) == [EXACT, ("weakened", [late]), EXACT]


def test_an_open_that_cannot_be_late_changes_nothing(plan_of: PlanOf) -> None:
    always_in_time = plan_of(chain("send rcs, wait 2 min", "send whatsapp, wait 2 h", "send sms"))
    assert steps(always_in_time) == [EXACT, EXACT, EXACT]
    too_late = plan_of(chain("send rcs, wait 1 min", "send whatsapp, wait 2 h", "send sms"))
    assert [status for status, _ in steps(too_late)] == ["exact", "weakened", "exact"]


def test_reactions_that_wait_for_the_hour_may_be_late(plan_of: PlanOf) -> None:
    starts = "scenario\n    starts 2027-03-01 10:00"
    segments = "segment everyone\n    people 10\n    reacts from 8:00 to 22:00"
    plan = plan_of(chain("send rcs, wait 2 min", "send whatsapp, wait 2 h", "send sms"), also=starts, segments=segments)
    assert [status for status, _ in steps(plan)] == ["exact", "weakened", "exact"]


@pytest.mark.parametrize(
    ("stop", "change"),
    [
        ("clicked", "the chain stops when opened already, not only when clicked"),
        ("clicked or delivered", None),
        ("opened or clicked", None),
        ("viber clicked", "the chain stops when opened already, not only when clicked"),
        ("sms delivered", "the chain stops when opened, where the plan goes on: 8x8 cannot go on after a read"),
        ("", "the chain stops when opened, where the plan goes on: 8x8 cannot go on after a read"),
        ('opened or "order_placed"', '"order_placed" no longer stops the chain: it comes from outside'),
    ],
)
def test_stop_rules_on_a_channel_that_reports_reads(plan_of: PlanOf, stop: str, change: str | None) -> None:
    leaves = 'segment everyone\n    people 10\n    leaves 12% when "order_placed", half within 5 h'
    plan = plan_of(chain("send viber, wait 2 h", "send sms", stop=stop), segments=leaves)
    assert steps(plan) == [("weakened", [change]) if change else EXACT, EXACT]


def test_what_a_text_reports_beyond_delivery_is_lost(plan_of: PlanOf) -> None:
    clicks = "change sms\n    reports delivered and clicked"
    plan = plan_of(chain("send sms, wait 2 h", "send viber", stop="clicked"), also=clicks)
    lost = "sms clicked no longer stops the chain: 8x8 does not learn of it"
    assert steps(plan) == [("weakened", [lost]), EXACT]


def test_a_click_without_an_open_is_lost(plan_of: PlanOf) -> None:
    clicks = "change viber\n    clicks 20% of delivered, half within 1 min"
    plan = plan_of(chain("send viber, wait 2 h", "send sms", stop="opened or clicked"), also=clicks)
    lost = "viber clicked no longer stops the chain: 8x8 does not learn of it"
    assert steps(plan) == [("weakened", [lost]), EXACT]


def test_unsubscribing_is_covered_by_the_read_it_follows(plan_of: PlanOf) -> None:
    channel = "change whatsapp\n    opens 60%\n    unsubscribes 1% of {}\n"
    after_open = plan_of(chain("send whatsapp, wait 2 h", "send sms"), also=channel.format("opened"))
    assert steps(after_open) == [EXACT, EXACT]
    after_delivery = plan_of(chain("send whatsapp, wait 2 h", "send sms"), also=channel.format("delivered"))
    lost = "whatsapp unsubscribed no longer stops the chain: 8x8 does not learn of it"
    assert steps(after_delivery) == [("weakened", [lost]), EXACT]


def test_quiet_hours_and_limits_are_told(plan_of: PlanOf) -> None:
    also = """
    scenario
        starts 2027-03-01 10:00
    change sms
        quiet from 21:00 to 9:00
        sends up to 100 per second
    """
    assert steps(plan_of(chain("send viber, wait 2 h", "send sms"), also=also)) == [
        EXACT,
        (
            "weakened",
            [
                "quiet hours are not kept: 8x8 sends as soon as it is the channel's turn",
                "the limit of 100 per second is not 8x8's: post the requests no faster",
            ],
        ),
    ]


def test_structures_that_a_list_cannot_hold_are_refused(plan_of: PlanOf) -> None:
    plan = plan_of(chain("send viber and sms, wait 2 h", "send push"))
    assert steps(plan) == [
        ("refused", ["8x8 cannot send viber and sms at once"]),
        ("refused", ["8x8 has no channel push"]),
    ]


MESSAGE = """
message basket
    text "Your basket is waiting"
    text on sms "Basket saved"
"""


def test_a_text_has_words_of_its_own_after_the_other_channels_only(plan_of: PlanOf) -> None:
    after = plan_of(chain("send viber, wait 2 h", "send sms", saying="saying basket"), also=MESSAGE)
    assert steps(after) == [EXACT, EXACT]
    before = plan_of(chain("send sms, wait 2 h", "send viber", saying="saying basket"), also=MESSAGE)
    reason = "8x8 takes a text for SMS alone only where SMS comes after the other channels"
    assert steps(before) == [("refused", [reason]), EXACT]


def test_two_channels_cannot_say_different_things(plan_of: PlanOf) -> None:
    plan = plan_of(chain("send viber, wait 2 h", 'send whatsapp saying "Hi"'))
    reason = "it says something else than step 1, and 8x8 takes one text for all channels but SMS"
    assert steps(plan) == [EXACT, ("refused", [reason])]


def test_who_says_nothing_is_refused(plan_of: PlanOf) -> None:
    reason = 'it says nothing: add `saying "..."` to the chain, or a text to the message'
    plan = plan_of("chain c\n    send viber, wait 2 h\n    send sms")
    assert [step for step in steps(plan) if reason in step[1]] == [("refused", [reason])] * 2


TEMPLATE = """
message basket
    text "Your basket is waiting, {first_name|friend}"
    template on whatsapp "basket_v2"
    button "Open" to "https://example.com/b"
    image "https://example.com/b.png"
"""
EXTRAS = ['the button "Open" is left out', "the picture https://example.com/b.png is left out"]


def test_a_template_is_asked_for_by_name_in_a_language(plan_of: PlanOf) -> None:
    plan = plan_of(chain("send whatsapp, wait 2 h", "send sms", saying="saying basket"), also=TEMPLATE)
    assert steps(plan, Settings(language="lv")) == [EXACT, ("weakened", EXTRAS)]
    unsaid = 'the template "basket_v2" is asked for in English: no language is set'
    assert steps(plan) == [("weakened", [unsaid]), ("weakened", EXTRAS)]


def test_beside_other_channels_a_template_is_looked_for_by_its_text(plan_of: PlanOf) -> None:
    body = ("send viber, wait 2 h", "send whatsapp, wait 0.5 h", "send sms")
    plan = plan_of(chain(*body, saying="saying basket", stop="delivered"), also=TEMPLATE)
    unnamed = 'the template "basket_v2" is not named: 8x8 looks for the one that the text matches'
    assert steps(plan) == [("weakened", EXTRAS), ("weakened", [unnamed, *EXTRAS]), ("weakened", EXTRAS)]


def test_a_template_does_not_come_after_a_text(plan_of: PlanOf) -> None:
    plan = plan_of(chain("send sms, wait 2 h", "send whatsapp", saying="saying basket"), also=TEMPLATE)
    assert [status for status, _ in steps(plan)] == ["refused", "weakened"]
