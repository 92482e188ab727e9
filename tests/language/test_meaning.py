"""What statements mean where a value of the model is not simply what stands in the script."""

from __future__ import annotations

import re
from datetime import date, time

import pytest

from cascadesim.language import examine_text, read_text
from cascadesim.language.assemble import DEFAULT_STEPS, DEFAULT_WAITS
from cascadesim.model import chain as m
from cascadesim.model.channel import Channel, Hours, Quiet
from cascadesim.model.model import Exchange, Model
from cascadesim.model.question import Question
from cascadesim.model.rates import Delay
from cascadesim.model.segment import Test
from cascadesim.units import Duration, Share

PUSH = "channel push\n    opens 10%\n\nchannel sms\n    opens 30%\n    reports delivered\n"


def model(text: str) -> Model:
    return read_text(f"cascade 1\n\n{text}").model


def channel(lines: str, before: str = "") -> Channel:
    return model(f"{before}channel a\n    {lines}\n").channel("a")


def question(lines: str) -> Question:
    body = lines.replace("\n", "\n    ")
    text = f"{PUSH}\nsegment all\n    people 10\n\noptimize\n    minimize cost per person\n    {body}\n"
    return model(text).questions[0]


def condition(text: str) -> m.Condition:
    found = model(
        f"scenario\n    starts 2027-03-01 10:00\n\n{PUSH}\n"
        "segment loyal\n    people 10\n\nsegment new\n    people 10\n\n"
        f"chain x\n    send push\n    if {text}\n        stop\n    send sms\n"
    )
    node = found.chain("x").body[1]
    assert isinstance(node, m.If)
    return node.branches[0].condition


def test_defaults() -> None:
    found = model("segment a\n    people 10\n")
    scenario = found.scenario
    assert (scenario.seed, scenario.zone, scenario.horizon) == (0, "UTC", 7 * 86_400 * 10**6)
    assert (scenario.starts, scenario.currency) == (None, "EUR")


def test_defaults_of_a_question() -> None:
    asked = question("choose from push, sms")
    assert (asked.min_steps, asked.max_steps) == (1, min(DEFAULT_STEPS, 2))
    assert asked.waits == DEFAULT_WAITS
    assert (asked.covered_when, asked.stop_when, asked.segments) == ((), None, None)
    assert asked.goal_events == asked.stop_events == (m.Event("opened"),)


def test_a_chain_without_a_stop_rule_stops_for_nothing() -> None:
    assert model(f"{PUSH}\nsegment a\n    people 1\n\nchain x\n    send push\n").chain("x").stop_when == ()


def test_the_only_currency_is_that_of_results() -> None:
    assert model("channel a\n    costs 1 USD per message sent\n").scenario.currency == "USD"
    assert model("scenario\n    prices in CHF\n").scenario.currency == "CHF"


@pytest.mark.parametrize(
    ("line", "rate"),
    [("1 USD is 0.92 EUR", "0.92"), ("100 JPY is 0.61 EUR", "0.0061"), ("10k HUF is 25 EUR", "0.0025")],
)
def test_exchange(line: str, rate: str) -> None:
    found = model(f"scenario\n    prices in EUR\n    {line}\n")
    assert found.scenario.exchange == (Exchange(line.split()[1], rate),)


@pytest.mark.parametrize(
    ("delay", "shape"),
    [
        ("half within 1 h", "exponential"),
        ("90% within 1 h", "exponential"),
        ("half within 1 h as exponential", "exponential"),
        ("half within 1 h, 90% within 6 h", "lognormal"),
        ("half within 1 h, 90% within 6 h as lognormal", "lognormal"),
        ("half within 1 h, 90% within 6 h as weibull", "weibull"),
        ("after 2 s", "fixed"),
    ],
)
def test_form_of_the_delay(delay: str, shape: str) -> None:
    found = channel(f"opens 3%, {delay}").rate("opens")
    assert found is not None
    assert found.delay is not None
    assert found.delay.shape == shape
    assert found.delay.points[0][0] == {"half": 0.5, "90%": 0.9, "afte": 1.0}[delay[:4].split()[0]]


@pytest.mark.parametrize(
    ("line", "quiet"),
    [
        ("quiet from 21:00 to 9:00", Quiet(Hours(time(21), time(9)))),
        ("quiet from 18:00 to 11:00 on saturday", Quiet(Hours(time(18), time(11)), (5,))),
        ("quiet on sunday, 2027-04-02 and monday", Quiet(None, (0, 6), (date(2027, 4, 2),))),
        ("quiet from 9:00 to 0:00 on 2027-04-02", Quiet(Hours(time(9), time(0)), (), (date(2027, 4, 2),))),
        ("quiet on holidays of LV", Quiet(None, (), (date(2027, 3, 26), date(2027, 3, 28), date(2027, 3, 29)))),
    ],
)
def test_quiet(line: str, quiet: Quiet) -> None:
    """Holidays become the dates of the campaign: here from 22 March to the end of the month (Easter 2027)."""
    scenario = "scenario\n    starts 2027-03-22 10:00\n    runs for 8 days\n\n"
    assert channel(line, scenario).quiet == (quiet,)


def test_holidays_reach_to_the_last_horizon() -> None:
    """Whoever enters on the last day of arrivals is followed for `runs for` from then on."""
    text = (
        "scenario\n    starts 2027-03-01 10:00\n    runs for 2 days\n    quiet on holidays of LV\n\n"
        "segment a\n    people 5 per hour for {days} days\n"
    )
    assert model(text.format(days=1)).scenario.quiet == ()
    (quiet,) = model(text.format(days=24)).scenario.quiet
    assert quiet.dates == (date(2027, 3, 26), date(2027, 3, 28))


def test_holidays_of_a_part_of_a_country() -> None:
    text = "scenario\n    starts 2027-01-02 10:00\n    quiet on holidays of DE-BY\n"
    assert model(text).scenario.quiet[0].dates == (date(2027, 1, 1), date(2027, 1, 6))


def test_people() -> None:
    assert str(model("segment a\n    people 1_500\n").segment("a").people) == "Headcount(count=1500)"
    assert str(model("segment a\n    people 0.5k\n").segment("a").people) == "Headcount(count=500)"


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("tier is gold", Test("tier", "is", ("gold",))),
        ('"last seen" is not "a week ago"', Test("last seen", "is not", ("a week ago",))),
        ("tier is one of gold, 2k and age over 17", Test("tier", "is one of", ("gold", "2000"))),
        ("tier is not one of gold, silver", Test("tier", "is not one of", ("gold", "silver"))),
        ("since at least 2026-01-31", Test("since", "at least", ("2026-01-31",))),
        ("spent under 1_000.50", Test("spent", "under", ("1000.5",))),
        ("visits at most 3", Test("visits", "at most", ("3",))),
    ],
)
def test_where(test: str, expected: Test, tmp_path: object) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    (tmp_path / "c.csv").write_text("id\n")
    text = f'cascade 1\n\nsegment a\n    people from "c.csv" where {test}\n'
    people = read_text(text, base=tmp_path).model.segment("a").people
    assert people.where[0] == expected  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("segment is loyal", m.InSegment(("loyal",))),
        ("segment is not loyal", m.Not(m.InSegment(("loyal",)))),
        ("segment is one of loyal, new", m.InSegment(("loyal", "new"))),
        ("segment is not one of loyal, new", m.Not(m.InSegment(("loyal", "new")))),
        ("not reachable on push", m.Not(m.Reachable("push"))),
        ("push opened", m.Reported("push", "opened")),
        ("undelivered", m.Undelivered()),
        ("push undelivered", m.Undelivered("push")),
        ("day is one of sunday, monday", m.DayIs((0, 6))),
        ("time between 22:00 and 6:00", m.TimeBetween(Hours(time(22), time(6)))),
        (
            "not undelivered and push opened",
            m.And((m.Not(m.Undelivered()), m.Reported("push", "opened"))),
        ),
        (
            "undelivered or (push opened and reachable on sms)",
            m.Or((m.Undelivered(), m.And((m.Reported("push", "opened"), m.Reachable("sms"))))),
        ),
        (
            "(undelivered or push opened) and not (reachable on sms)",
            m.And((m.Or((m.Undelivered(), m.Reported("push", "opened"))), m.Not(m.Reachable("sms")))),
        ),
    ],
)
def test_conditions(text: str, expected: m.Condition) -> None:
    assert condition(text) == expected


def test_and_binds_more_tightly_than_or() -> None:
    """Read so, with a warning whose fix puts the brackets in."""
    text = (
        f"cascade 1\n\n{PUSH}\nsegment a\n    people 1\n\nchain x\n    send push\n"
        "    if undelivered or push opened and reachable on sms\n        stop\n    send sms\n"
    )
    reading = examine_text(text)
    (warning,) = reading.diagnostics
    assert warning.code == "C072"
    assert warning.fix is not None
    assert warning.fix.replacement == "(push opened and reachable on sms)"
    assert reading.script is not None
    mended = read_text(text.replace("push opened and reachable on sms", warning.fix.replacement))
    assert mended.model == reading.script.model
    assert mended.diagnostics == ()


@pytest.mark.parametrize(
    ("written", "goal"),
    [
        ("minimize cost per person", "cost per person"),
        ("minimise time to open", "time to open"),
        ("maximize coverage", "coverage"),
        ("maximise coverage per cost", "coverage per cost"),
        ("maximize profit at 0.4 EUR per covered person", "profit"),
    ],
)
def test_objectives(written: str, goal: str) -> None:
    text = f"{PUSH}\nsegment a\n    people 1\n\noptimize\n    {written}\n    choose from push\n"
    assert model(text).questions[0].objective.goal == goal


def test_space() -> None:
    asked = question(
        "choose from push and sms\nsteps up to 4\nwaits 1 h, 2 h, and 1 day but 30 min if undelivered\n"
        "start with push or sms\nend with sms\nrepeat sms up to 3 times\nstop when push opened"
    )
    assert (asked.min_steps, asked.max_steps) == (1, 4)
    assert [str(wait) for wait in asked.waits] == ["1 h", "2 h", "1 day"]
    assert str(asked.undelivered_after) == "30 min"
    assert (asked.start_with, asked.end_with) == (("push", "sms"), ("sms",))
    assert asked.stop_events == (m.Event("opened", "push"),)


@pytest.mark.parametrize("reports", ["", "    reports answered\n"])
def test_an_answered_call_is_opened(reports: str) -> None:
    """Nothing is wrong with waiting for the open of a call: its answer is one (S8), and is reported as such."""
    text = (
        f"cascade 1\n\nchannel call\n    answers 30%\n{reports}\nsegment a\n    people 1\n\n"
        "chain x\n    stop when opened or call opened\n    send call, wait 1 h\n"
        "    if call opened but not answered\n        stop\n    send call\n\n"
        "optimize\n    covered when call opened\n    minimize cost per person\n    choose from call\n"
    )
    assert read_text(text).diagnostics == ()


def test_a_hole_among_arms_is_the_rest() -> None:
    """A draft of a split is a chain with a hole, which whoever runs chains refuses."""
    text = f"{PUSH}\nsegment a\n    people 1\n\nchain x\n    split\n        10%\n            send push\n        ...\n"
    (split,) = model(text).chain("x").body
    assert split == m.Split((m.Arm(Share(0.1), None, (m.Send(("push",)),)), m.Arm(None, None, (m.Hole(),))))


def test_holes_elsewhere_leave_nothing() -> None:
    kept = "channel push\n    opens 3%\n\nsegment a\n    people 1\n\ntable opens\n    segment push\n    a 3%\n"
    draft = re.sub("^(channel.*|segment.*|    segment.*)$", r"\1\n    ...", kept, flags=re.MULTILINE)
    reading = examine_text("cascade 1\n\n...\n\nscenario\n    ...\n\n" + draft)
    assert [d.code for d in reading.diagnostics] == ["C017"] * 5
    assert reading.script is not None
    assert reading.script.model == model(kept)


def test_texts_may_hold_quotes_and_new_lines() -> None:
    found = model(r"message a" + "\n" + r'    text "He said \"Hi\".\nC:\\tmp # no comment"' + "\n")
    assert found.message("a").contents[0].value == 'He said "Hi".\nC:\\tmp # no comment'


def test_names_are_the_same_however_their_letters_are_composed() -> None:
    text = "channel caf\u00e9\n    opens 3%\n\nsegment a\n    people 1\n\nchain x\n    send cafe\u0301\n"
    assert model(text).chain("x").channels == ("caf\u00e9",)


def test_a_curve_is_read_from_its_file(tmp_path: object) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    (tmp_path / "c.csv").write_bytes("\ufeffshare, within\r\n25%, 10 min\r\n\r\n100%,1 h 30 min\r\n".encode())
    found = read_text('cascade 1\n\nchannel a\n    opens 3%, curve from "c.csv"\n', base=tmp_path).model
    rate = found.channel("a").rate("opens")
    assert rate is not None
    assert rate.delay == Delay("curve", ((Share(0.25), Duration(600 * 10**6)), (Share(1.0), Duration(5400 * 10**6))))


def test_a_duration_may_have_several_parts() -> None:
    found = model("scenario\n    runs for 1 week 2 days 3 h 4 min 5.5 s\n")
    assert found.scenario.horizon == Duration.parse("9 days 3 h 4 min 5.5 s")


def test_what_reaches_nobody_is_stated_once_however_often() -> None:
    """`-` in two tables says the same twice, which is no contradiction."""
    tables = "table reaches\n    segment push sms\n    a 10% -\n\ntable opens\n    segment push sms\n    a 20% -\n"
    own = model(f"{PUSH}\nsegment a\n    people 1\n\n{tables}").segment("a").rates
    assert [(o.channel, o.rate.verb, float(o.rate.high)) for o in own] == [
        ("push", "reaches", 0.1),
        ("sms", "reaches", 0.0),
        ("push", "opens", 0.2),
    ]
