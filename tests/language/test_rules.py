"""Where the rules of meaning begin to find fault, and where they must be silent."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from cascadesim.language import examine_text
from cascadesim.language.rules.samples import difference, wilson

CHANNELS = """
channel viber
    opens  60%
    clicks 10%

channel sms
    opens   34%
    reports delivered
"""
SEGMENT = "\nsegment all\n    people 10k\n"


def codes(body: str, scenario: str = "", channels: str = CHANNELS, segment: str = SEGMENT) -> list[str]:
    """What is found in a script; without a `for` its chains are for the one segment."""
    head = f"\nscenario\n    {scenario}\n" if scenario else ""
    return [d.code for d in examine_text(f"cascade 1\n{head}{channels}{segment}\n{body}\n").diagnostics]


def chain(*lines: str, **more: str) -> list[str]:
    return codes("\n    ".join(["chain a", *lines]), **more)


def asked(*lines: str, channels: str = CHANNELS) -> list[str]:
    return codes("\n    ".join(["optimize", "choose from viber, sms", *lines]), channels=channels)


# ---- what has been sent before


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("if viber opened", "    stop", "send viber, wait 1 h", "send sms"), ["C094"]),
        (("send viber, wait 1 h", "if viber opened", "    stop", "send sms"), []),
        (("send sms, wait 1 h or until viber opened", "send viber"), ["C094"]),
        (("send viber, wait 1 h", "send sms, wait 1 h or until viber opened", "send viber"), []),
        (("if undelivered", "    send sms", "send viber"), ["C094"]),
        (("split", "    50%", "        send viber", "    the rest", "        send sms", "if viber opened", "    stop",
          "send sms"), []),
        (("if reachable on sms", "    send sms", "otherwise", "    send viber", "if viber opened", "    stop",
          "send sms"), []),
        (("send sms, wait 1 h", "if reachable on viber", "    send viber, wait 1 h", "if viber opened", "    stop",
          "send sms"), []),
        (("...", "if viber opened", "    stop", "send viber, wait 1 h", "send sms"), ["C017"]),
    ],
)  # fmt: skip
def test_conditions_look_back(lines: tuple[str, ...], found: list[str]) -> None:
    """What one way through a branch or a split has sent may have been sent; a hole may send anything."""
    assert chain(*lines) == found


def test_a_stop_rule_looks_at_the_whole_chain() -> None:
    assert chain("stop when viber opened", "send sms, wait 1 h", "send viber") == []
    assert chain("stop when viber opened", "send sms") == ["C094"]
    assert asked("maximize coverage", "covered when opened or viber clicked") == []


# ---- the horizon and quiet hours


@pytest.mark.parametrize(
    ("waits", "found"),
    [
        (("3 days", "3 days 23 h"), []),
        (("3 days", "4 days"), ["C079"]),
        (("3 days or until clicked", "4 days"), []),
        (("3 days but 1 h if undelivered", "4 days"), []),
        (("8 days", "1 h"), ["C073"]),
    ],
)
def test_waits_add_up_to_the_horizon(waits: tuple[str, str], found: list[str]) -> None:
    """Seven days: a step at their end comes too late. Waits that may end early count for the least."""
    first, second = waits
    assert chain(f"send viber, wait {first}", f"send viber, wait {second}", "send sms") == found


def test_the_quicker_branch_counts() -> None:
    quick = ("if viber opened", "    wait 1 h", "otherwise", "    wait 6 days", "send viber, wait 2 days", "send sms")
    assert chain("send viber", *quick) == []
    slow = tuple(line.replace("1 h", "6 days") for line in quick)
    assert chain("send viber", *slow) == ["C079"]


QUIET = CHANNELS.replace("reports delivered", "reports delivered\n    quiet from 21:00 to 9:00")


@pytest.mark.parametrize(
    ("starts", "wait", "found"),
    [
        ("22:00", "2 h", ["C095"]),
        ("20:00", "2 h", []),  # begins before the quiet hours
        ("22:00", "12 h", []),  # is over after them
        ("22:00", "11 h", []),  # is over with them
        ("12:00", "2 h", []),
    ],
)
def test_a_wait_within_quiet_hours(starts: str, wait: str, found: list[str]) -> None:
    scenario = f"starts 2027-03-01 {starts}"
    assert chain(f"send viber, wait {wait}", "send sms", scenario=scenario, channels=QUIET) == found


def test_quiet_hours_and_people_who_come_at_any_hour() -> None:
    """Of arrivals nobody can say that they wait in the night."""
    stream = "\nsegment all\n    people 10 per hour for 2 days\n"
    night = {"scenario": "starts 2027-03-01 22:00", "channels": QUIET, "segment": stream}
    assert chain("send viber, wait 2 h", "send sms", **night) == []


# ---- calls


def test_an_answered_call_counts_as_opened() -> None:
    """In what stops, in what is paid and in what is reported (S8)."""
    calls = "\nchannel call\n    answers 9%\n    costs 1 EUR per message opened\n    reports answered\n"
    assert chain("stop when opened", "send call", channels=calls) == []
    assert chain("stop when opened", "send call", channels=calls.replace("answered", "nothing")) == ["C077"]
    assert chain("stop when clicked", "send call", channels=calls) == ["C078"]


# ---- volume


@pytest.mark.parametrize(
    ("limit", "reaches", "quiet", "found"),
    [
        ("60 per hour", "100%", "", []),  # 10,080 in seven days
        ("59 per hour", "100%", "", ["C096"]),
        ("59 per hour", "90%", "", []),
        ("60 per hour", "100%", "quiet from 21:00 to 9:00", ["C096"]),
        ("120 per hour", "100%", "quiet from 21:00 to 9:00", []),
        ("60 per hour", "100%", "quiet from 21:00 to 9:00 on sunday", []),
    ],
)
def test_throughput_for_the_first_step(limit: str, reaches: str, quiet: str, found: list[str]) -> None:
    lines = f"\nchannel push\n    reaches {reaches}\n    opens 9%\n    sends up to {limit}\n    {quiet}".rstrip()
    assert chain("send push", scenario="starts 2027-03-01 10:00", channels=f"{lines}\n") == found


@pytest.mark.parametrize(("reacts", "found"), [("", []), ("reacts from 9:00 to 21:00", ["C096"])])
def test_calls_are_made_in_the_hours_in_which_people_react(reacts: str, found: list[str]) -> None:
    """Half the day is left, so that twice the throughput is needed (S8)."""
    calls = "\nchannel call\n    answers 9%\n    sends up to 60 per hour\n"
    segment = f"\nsegment all\n    people 10k\n    {reacts}".rstrip() + "\n"
    start = "starts 2027-03-01 10:00"
    assert chain("send call", scenario=start, channels=calls, segment=segment) == found


def test_throughput_is_not_asked_of_later_steps() -> None:
    """How many get that far is for the engines to say."""
    slow = CHANNELS.replace("    reports delivered", "    reports delivered\n    sends up to 1 per hour")
    assert chain("send viber, wait 1 h", "send sms", channels=slow) == []


# ---- branches


def test_branches_that_nobody_takes() -> None:
    two = SEGMENT + "\nsegment new\n    people 5k\n"
    other = "\n\nchain b for new\n    send viber, wait 1 h\n    send sms"
    one = "chain a for all\n    if segment is {}\n        send viber\n    otherwise\n        send sms" + other
    assert codes(one.format("new"), segment=two) == ["C097"]
    assert codes(one.format("all"), segment=two) == []
    assert codes(one.format("one of new, all"), segment=two) == []


def test_steps_behind_a_branch_that_always_stops() -> None:
    both = ("if viber opened", "    stop", "otherwise", "    send sms", "    stop", "send sms")
    assert chain("send viber, wait 1 h", *both) == ["C075"]
    assert chain("send viber, wait 1 h", *both[:2], "send sms") == []


# ---- what is unused


def test_unused_blocks_of_a_library_and_of_a_draft() -> None:
    assert codes("") == []
    assert chain("send viber, wait 1 h", "...") == ["C017"]
    assert chain("send viber") == ["C087"]
    assert chain("send viber, wait 1 h", "if reachable on sms", "    stop", "send viber") == []


def test_a_misspelt_channel_is_not_called_unused_too() -> None:
    assert chain("send viber, wait 1 h", "send smss") == ["C030"]


# ---- limits


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("coverage at least 60%", "coverage at most 60%", []),
        ("coverage over 60%", "coverage at most 60%", ["C098"]),
        ("coverage at most 50%", "coverage at least 60%", ["C098"]),
        ("coverage of all at most 50%", "coverage at least 60%", []),
        ("messages on sms at most 5", "messages on viber at least 6", []),
        ("total cost over 5 EUR", "total cost under 5 USD", []),  # one USD is 0.92 EUR below
    ],
)
def test_limits(one: str, other: str, found: list[str]) -> None:
    assert [c for c in asked("maximize coverage", f"keep {one}", f"keep {other}") if c != "C047"] == found


# ---- samples


@pytest.mark.parametrize(("count", "number"), [(0, 10), (3, 10), (340, 1000), (10, 10), (9_000, 120_000)])
def test_wilson_is_that_of_scipy(count: int, number: int) -> None:
    expected = binomtest(count, number).proportion_ci(0.95, method="wilson")
    assert wilson(count / number, number) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_newcombe_s_own_examples() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table II, method 10: 56/70 and 48/80; 9/10 and 3/10."""
    assert difference(56 / 70, 70, 48 / 80, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert difference(9 / 10, 10, 3 / 10, 10) == pytest.approx((0.1705, 0.8090), abs=5e-5)


@pytest.mark.parametrize(("of", "found"), [("100", ["C069"]), ("2k", [])])
def test_samples_of_two_channels(of: str, found: list[str]) -> None:
    measured = CHANNELS.replace("60%", f"40% measured on {of}").replace("34%", f"34% measured on {of}")
    assert asked("maximize coverage", channels=measured) == found


def test_rates_without_samples_are_taken_at_their_word() -> None:
    assert asked("maximize coverage", channels=CHANNELS.replace("60%", "60% measured on 9")) == []
    same = CHANNELS.replace("60%", "34% measured on 9").replace("34%\n", "34% measured on 9\n")
    assert asked("maximize coverage", channels=same) == []
