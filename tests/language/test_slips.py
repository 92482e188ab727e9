"""What is said of how people write, where the lines around a slip tell what is meant: the hint, and the fix."""

from __future__ import annotations

import re

import pytest

from cascadesim.errors import Diagnostic
from cascadesim.language import examine_text
from cascadesim.language.fixing import apply, fix_text
from cascadesim.language.opening import quiet_lines, silent_lines
from cascadesim.language.place import without_comment

FRAME = """cascade 1

scenario
    starts 2027-03-01 10:00

segment loyal
    people 10k

segment others
    people 10k

channel viber
    opens 61%

channel email
    opens 24%
    clicks 11%

channel call
    answers 31%
    lasts 2 min

"""


def only_fault(block: str) -> Diagnostic:
    """The one error of a block behind the frame."""
    found = [d for d in examine_text(FRAME + block).diagnostics if d.severity == "error"]
    assert len(found) == 1, [str(d) for d in found]
    return found[0]


MENDED = {
    # line of a chain: what its fix makes of it
    "if not opened": "if not email opened",
    "if opened but not clicked": "if email opened but not clicked",
    "if opened and not clicked": "if email opened but not clicked",
    "if email opened or clicked": "if email opened or email clicked",
    "if (opened or clicked) and segment is loyal": "if (email opened or email clicked) and segment is loyal",
    "if clicked then": "if email clicked",
    "if loyal": "if segment is loyal",
    "if tier is loyal": "if segment is loyal",
    "for loyal": "if segment is loyal",
    "only for loyal:": "if segment is loyal",
}


@pytest.mark.parametrize(("written", "mended"), MENDED.items())
def test_branches_take_what_they_lack_from_the_lines_around(written: str, mended: str) -> None:
    block = f"chain a\n    send email, wait 2 h\n    {written}\n        send viber\n"
    fault = only_fault(block)
    assert fault.fix is not None
    assert fault.hint == f"write: {mended}"
    assert apply(FRAME + block, [fault.fix]) == FRAME + block.replace(written, mended)


def test_the_channel_is_that_of_a_step_everybody_has_passed() -> None:
    block = "chain a\n    send email, wait 2 h\n    if segment is loyal\n        send viber, wait 1 h\n"
    fault = only_fault(f"{block}    if opened\n        send call\n")
    assert fault.hint == "write: if email opened"
    within = only_fault(f"{block}        if opened\n            send call\n")
    assert within.hint == "write: if viber opened"


def test_two_channels_leave_it_open() -> None:
    fault = only_fault("chain a\n    send email and viber, wait 2 h\n    if opened\n        send call\n")
    assert fault.code == "C128"
    assert fault.fix is None


STEPS = {
    "call": ["send call"],
    "phone call": ["send call"],
    'viber "Hello"': ['send viber saying "Hello"'],
    "try viber, wait 2 h": ["send viber, wait 2 h"],
    "send call, 3 times, every 4 h": ["send call, wait 4 h", "send call, wait 4 h", "send call"],
    "send call, wait 2 days, try 2 times": ["send call, wait 2 days", "send call, wait 2 days"],
    "call up to 2 times": ["send call, wait 1 h", "send call"],
    "after 2 h send viber": ["wait 2 h", "send viber"],
    "stop at 21:00": ["if time between 21:00 and 0:00", "    stop"],
}


@pytest.mark.parametrize(("written", "mended"), STEPS.items())
def test_steps_are_written_out(written: str, mended: list[str]) -> None:
    block = f"chain a\n    send email, wait 2 h\n    {written}\n    send viber\n"
    fault = only_fault(block)
    assert fault.fix is not None
    assert not fault.fix.safe
    text = apply(FRAME + block, [fault.fix])
    assert text == FRAME + block.replace(written, "\n    ".join(mended))
    assert examine_text(text).script is not None


SAFE = {
    # line of a block: what `check --fix` makes of it
    "channel c\n    opens 3%\n    {}": {
        "quiet sundays": "quiet on sunday",
        "quiet 21-9": "quiet from 21:00 to 9:00",
        "clicks 3%, 90% in 2 h": "clicks 3%, 90% within 2 h",
        "reports nothing but delivered": "reports delivered",
    },
    "segment s\n    {}": {
        "10k people": "people 10k",
        "people 10k people": "people 10k",
        "people about 10k": "people 10k",
    },
    "chain a\n    send email, wait 2 h\n    {}\n        send viber": {
        "if email fails": "if email undelivered",
        "if reachable viber": "if reachable on viber",
        "if time is 9:00 to 18:00": "if time between 9:00 and 18:00",
    },
    "optimize\n    maximize coverage\n    choose from viber, email\n    {}": {
        "keep at least 60% coverage": "keep coverage at least 60%",
        "start viber": "start with viber",
        "covered when they open": "covered when opened",
    },
}


@pytest.mark.parametrize(
    ("block", "written", "mended"), [(b, w, m) for b, lines in SAFE.items() for w, m in lines.items()]
)
def test_safe_fixes_come_to_a_script(block: str, written: str, mended: str) -> None:
    fixed = fix_text(f"{FRAME}{block.format(written)}\n")
    assert fixed.text == f"{FRAME}{block.format(mended)}\n"
    assert fixed.left.script is not None


UNASKED = (
    "send viber at 9 am",
    "send viber; wait 2 h; send email",
    "send viber after 2 h",
    "send viber if not opened",
    "wait 2-3 h",
    "stop after 3 messages",
    "unless opened",
    "if no reply",
)


@pytest.mark.parametrize("line", UNASKED)
def test_what_may_mean_something_else_is_not_mended_unasked(line: str) -> None:
    text = f"{FRAME}chain a\n    send email, wait 2 h\n    {line}\n    send viber\n"
    assert fix_text(text).text == text
    assert only_fault(text.removeprefix(FRAME)).hint


OF_ITS_OWN = {
    'contacts "people.csv"': 'people from "people.csv"',
    "contacts people.csv": 'people from "people.csv"',
    "budget 200 EUR in total": "keep total cost at most 200 EUR",
    "start 2027-03-06 12:00 Europe/Vienna": "starts 2027-03-06 12:00",
    "channel sms\n    opens 3%\n    limit 30 per hour": "write: sends up to 30 per hour",
    "channel sms\n    opens 3%\n    price 0.05 USD per message sent": "write: costs 0.05 USD per message sent",
    "segment new\n    people 3\n    worth 60EUR": "maximize profit at 60 EUR per covered person",
}


@pytest.mark.parametrize(("written", "said"), OF_ITS_OWN.items())
def test_a_hint_speaks_of_what_the_line_says(written: str, said: str) -> None:
    assert said in (only_fault(f"{written}\n").hint or "")


def test_a_rate_below_its_channel_is_put_on_one_line() -> None:
    block = "segment new\n    people 3\n    viber\n        opens 22%\n"
    fault = only_fault(block)
    assert fault.fix is not None
    assert apply(FRAME + block, [fault.fix]) == FRAME + "segment new\n    people 3\n    opens viber 22%\n"


def test_a_channel_behind_any_word_is_no_step() -> None:
    assert only_fault("chain a\n    send email, wait 2 h\n    goto viber\n    send viber\n").code == "C166"


def test_a_quote_in_a_text_does_not_end_it() -> None:
    assert without_comment(r'text "a \" # b"  # c') == r'text "a \" # b"'


def test_quotes_that_are_even_are_closed() -> None:
    assert only_fault('chain a\n    send viber\n    wait "Hi"\n    send email\n').code == "C159"
    assert only_fault('chain a\n    send viber saying "Hi", wiat 2 h\n    send email\n').code == "C138"
    assert only_fault('chain a\n    send viber saying "Hi, wait 2 h\n    send email\n').code == "C103"


# ---- hints that say how far

HOW_FAR = {
    "scenario\n    prices in EUR\n    1 EUR is 1.09 USD": "write it as: 1 USD is 0.917431 EUR",
    "segment s\n    people 3\n    kinds 60% a x2, the rest b": "x1.666 is the most that a can have",
    "segment s\n    people 3\n    kinds 20% a x2, 40% b x1.8, the rest c": "x1.4 is the most that a can have",
    "segment s\n    people 10.5": "write a whole number, or 10.5k for 10.5 thousand",
    "segment s\n    people 10.000": "write 10000, or 10k for 10.000",
    "table reaches\n    segment a": "a row for each segment",
    "optimize\n    maximize coverage\n    never after sms": "the channel comes first: never call after sms",
}


@pytest.mark.parametrize(("written", "said"), HOW_FAR.items())
def test_what_would_be_possible_is_said(written: str, said: str) -> None:
    hints = [d.hint or "" for d in examine_text(f"cascade 1\n\n{written}\n").diagnostics]
    assert any(said in hint for hint in hints), hints


PAIRS = """
channel a
    reaches 60%
channel b
    reaches 60%
channel c
    reaches 60%
segment s
    people 3
    reaches both a and b 50%
    reaches both a and c 50%
    reaches both b and c {}
"""


def test_how_many_must_have_two_channels() -> None:
    """50% have a and b, 50% a and c, and 60% have a at all: 40% have all three at the least."""
    (fault,) = examine_text(f"cascade 1\n{PAIRS.format('30%')}").diagnostics
    assert fault.code == "C066"
    share = int(re.findall(r"need (\d+)% at least", fault.hint or "")[0])
    assert 40 <= share <= 42
    assert examine_text(f"cascade 1\n{PAIRS.format(f'{share}%')}").script is not None


# ---- opening hours

WEEKS = {
    "9:00 to 18:00": ["quiet from 18:00 to 9:00"],
    "Mon-Fri 9:00-18:00": ["quiet from 18:00 to 9:00", "quiet on saturday and sunday"],
    "from 10:00 to 18:00 on weekdays": ["quiet from 18:00 to 10:00", "quiet on saturday and sunday"],
    "Mon to Fri 9:00 to 19:00, Sat 10:00 to 14:00": [
        "quiet from 19:00 to 9:00 on monday, tuesday, wednesday and thursday",
        "quiet from 19:00 to 10:00 on friday",
        "quiet from 14:00 to 0:00 on saturday",
        "quiet on sunday",
        "quiet from 0:00 to 9:00 on monday",
    ],
    "9:00 to 12:00, 13:00 to 18:00": [],
    "Mon 9:00 to 12:00, Mon 13:00 to 18:00": [],
    "9:00 to 18:00 except holidays": [],
    "every month from 9:00 to 18:00": [],
}


@pytest.mark.parametrize(("hours", "lines"), WEEKS.items())
def test_opening_hours_are_turned_round(hours: str, lines: list[str]) -> None:
    assert list(quiet_lines(hours)) == lines


def test_days_alone_leave_the_others_quiet() -> None:
    assert quiet_lines("weekdays only") == ("quiet on saturday and sunday",)


def test_silent_hours_are_taken_as_they_are() -> None:
    assert silent_lines("never on sunday") == ("quiet on sunday",)
    assert silent_lines("no messages from 18:00 to 9:00 on Sat") == ("quiet from 18:00 to 9:00 on saturday",)
    assert silent_lines(" between 22:00 and 08:00") == ("quiet from 22:00 to 8:00",)
    assert silent_lines(" between 22:00 and 08:00 in summer") == ()


@pytest.mark.parametrize("week", [lines for lines in WEEKS.values() if lines])
def test_what_is_turned_round_is_quiet_exactly_outside_the_hours(week: list[str]) -> None:
    """The lines are read, and the hours come out of the model's own clock again."""
    from cascadesim.model.calendar import Clock
    from cascadesim.units import HOUR

    lines = "\n    ".join(week)
    script = examine_text(FRAME + f"channel office\n    opens 3%\n    {lines}\n").script
    assert script is not None
    clock, rules = Clock(script.model.scenario), script.model.channel("office").quiet
    hours = next(text for text, found in WEEKS.items() if found == week)
    for hour in range(14 * 24):  # the campaign starts on a monday at 10:00
        instant = hour * HOUR + HOUR // 2
        reading = clock.local(instant, "UTC")
        is_quiet = clock.quiet_end(rules, "UTC", instant) != instant
        assert is_quiet == (not _is_open(hours, reading.weekday(), reading.hour)), reading


def _is_open(hours: str, day: int, hour: int) -> bool:
    """By the hours as they are written in `WEEKS`."""
    first, last = map(int, re.findall(r"(\d+):00", hours)[:2])
    if "Sat" in hours and day == 5:
        first, last = 10, 14
    elif day >= 5 and re.search("Fri|weekdays", hours):
        return False
    return first <= hour < last
