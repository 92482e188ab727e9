"""Every faulty line is told in one run, and nothing else is: the rest of the script is read and checked."""

from __future__ import annotations

import random

import pytest

from cascadesim.language import examine_text
from tests.language.joined import joined, pieces, told

DRAWS, AT_ONCE = 200, 20


@pytest.mark.parametrize("group", range(DRAWS // AT_ONCE))
def test_ten_faulty_scripts_in_one(group: int) -> None:
    """Their faults, each where it was and in the same words, and no others."""
    for number in range(group * AT_ONCE, (group + 1) * AT_ONCE):
        draw = random.Random(number)
        drawn = draw.sample(pieces(), len(pieces()))
        framed = [piece for piece in drawn if piece.has_scenario][:1]  # a script has one scenario
        ten = [*framed[: draw.random() < 0.3], *(piece for piece in drawn if not piece.has_scenario)][:10]
        draw.shuffle(ten)
        text, expected = joined(ten)
        assert told(text) == expected, [piece.name for piece in ten]


def test_what_can_be_joined() -> None:
    """Nearly all, of every kind: indentation, block heads, tables, lines, names, meaning."""
    codes = {fault.split(" ")[1] for piece in pieces() for fault in piece.faults}
    assert len(pieces()) >= 200
    assert len(codes) >= 90
    assert codes >= {"C005", "C006", "C007", "C013", "C140", "C143", "C145", "C144", "C039", "C026", "C103"}
    assert codes >= {"C030", "C020", "C036", "C058", "C066", "C064", "C077", "C078", "C086"}


CHANNELS = "\n\nchannel a\n    opens 3%\n\nchannel b\n    opens 3%"
SEGMENTS = "\n\nsegment s\n    people 1\n\nsegment t\n    people 1"


def faults(script: str) -> list[str]:
    """Line and code of each fault."""
    return [f"{d.span.line} {d.code}" for d in examine_text(f"cascade 1\n{script}\n").diagnostics if d.span]


WHAT_GOES_ON = {
    "every line of a block": (
        "channel a\n    opns 3%\n    opens 34 percent\n    costs €3 per message sent\n    lasts",
        ["3 C140", "4 C113", "5 C104", "6 C008"],
    ),
    "the rest is checked": ("channel a\n    frobnicate\n    opens 134%", ["3 C014", "4 C040"]),
    "a misspelt heading, whose name is defined": (
        "chanel c\n    opens 134%\n\nchain d\n    send c" + SEGMENTS,
        ["2 C140", "3 C040"],
    ),
    "a heading of no kind goes with its lines": (
        "frobnicate a\n    opens 134%\n        never\n\nchannel b\n    opens 134%",
        ["2 C162", "7 C040"],
    ),
    "a heading with nothing below it": ("segment s\n\nchannel a\n    opens 134%", ["2 C007", "5 C040"]),
    "a block that is not indented": (
        "channel a\nopens 3%\nreaches 134%\n\nsegment s\n    people 0",
        ["2 C007", "4 C040", "7 C043"],
    ),
    "a faulty line of such a block": ("channel a\nreaches 3%\nopns 3%\ndelivers 134%", ["2 C007", "4 C140", "5 C040"]),
    "a faulty heading behind such a block": (
        "channel a\nreaches 3%\n\nChannel c\n    opens 134%",
        ["2 C007", "5 C141", "6 C040"],
    ),
    "a heading that is indented too deep": (
        "chain c\n    send a\n        if a opened\n        send b, wait 0 s\n    send b" + CHANNELS + SEGMENTS,
        ["4 C006", "5 C042"],
    ),
    "what a chain leaves open, and its channel does not": (
        "chain c\n    stop when clicked\n    frobnicate\n    send a" + CHANNELS + SEGMENTS,
        ["3 C078", "4 C166"],
    ),
    "what cannot be a name, told where it is one": (
        "channel opened\n    opens 3%\n\nchain c\n    stop when opened clicked\n    send opened it" + SEGMENTS,
        ["2 C018"],
    ),
    "such a name in a heading that cannot be read": ("segment segment s\n    people 0", ["2 C152", "3 C043"]),
    "a line that has lost its indentation": (
        "channel a\n    reaches 3%\nopens 3%\n    delivers 134%",
        ["4 C142", "5 C040"],
    ),
    "such a line that is faulty besides": (
        "channel a\n    reaches 3%\nopns 3%\n    delivers 134%",
        ["4 C142", "5 C040"],
    ),
    "lines that are indented too deep": (
        "channel a\n    reaches 3%\n        opens 3%\n      delivers 3%\n    clicks 134%",
        ["4 C006", "5 C006", "6 C040"],
    ),
    "lines between two levels": (
        "channel a\n    reaches 3%\n  opens 3%\n   delivers 3%\n    clicks 134%",
        ["4 C013", "5 C013", "6 C040"],
    ),
    "a heading that is indented": (
        "channel a\n    opens 3%\n    segment s\n        people 0\n    costs 3 EUR per message sent",
        ["4 C143", "5 C043", "6 C013"],
    ),
    "tabs, each line told": ("channel a\n\treaches 3%\n\topens 3%\n    clicks 134%", ["3 C005", "4 C005", "5 C040"]),
    "a tab on an empty line is nothing": ("channel a\n    reaches 3%\n\t\n    clicks 3% of delivered", []),
    "a text that is never closed": ('message m\n    text "Hello\n    subject "a\\tb"', ["3 C103", "4 C016"]),
    "a bracket that is never closed": (
        "chain c\n    if (a opened\n        send a, wait 0 s\n    send b" + CHANNELS + SEGMENTS,
        ["3 C008", "4 C042"],
    ),
    "faulty branches and what lies below them": (
        "chain c\n    send a\n    if a opend\n        frobnicate\n    else\n        send b, wait\n"
        "    send a, wait 0 s\n    send b" + CHANNELS + SEGMENTS,
        ["4 C138", "5 C166", "6 C121", "7 C008", "8 C042"],
    ),
    "faulty arms": (
        'chain c\n    splt\n        haf\n            send a, wait 0 s\n        50% "b\n'
        "            send b, wait 0 s\n    send b" + CHANNELS + SEGMENTS,
        ["3 C140", "4 C166", "5 C042", "6 C103", "7 C042"],
    ),
    "rows of a table": (
        "table opens\n    segment a b\n    s 3% 134%\n    t 0.3 4%" + CHANNELS + SEGMENTS,
        ["4 C040", "5 C136"],
    ),
    "a header of a table": ("table opens\n    segment a 3\n    s 3% 134%" + CHANNELS + SEGMENTS, ["3 C010", "4 C040"]),
    "a table without rows": (
        "table opens\n    segment a\n    34%\n\nchannel c\n    opens 134%",
        ["4 C010", "7 C040"],
    ),
    "a table of no verb": ("table frequency\n    segment a\n    s 134%" + CHANNELS + SEGMENTS, ["2 C010"]),
}


@pytest.mark.parametrize(("script", "expected"), WHAT_GOES_ON.values(), ids=WHAT_GOES_ON)
def test_reading_goes_on(script: str, expected: list[str]) -> None:
    assert faults(script) == expected


def test_without_a_version_the_rest_is_read() -> None:
    found = [d.code for d in examine_text("channel a\n    opens 134%\n").diagnostics]
    assert found == ["C011", "C040"]
    assert [d.code for d in examine_text("cascde 1\nchannel a\n    opens 134%\n").diagnostics] == ["C011", "C040"]


ECHOES = {
    "who is defined by a line that cannot be read": ("frobnicate c\n    opens 3%\n\nchain d\n    send c", "C030"),
    "who is taken from a file that is not there": ('use c from "nowhere.cascade"\n\nchain d\n    send c', "C030"),
    "how many people": ("segment c\n    people many\n    kinds 30% x x1.1, the rest y", "C036"),
    "how many open it": ("channel c\n    opens often\n    reaches 3%\n\nchain d\n    send c", "C058"),
    "how many open it, in a table": (
        "channel c\n    reaches 3%\n\ntable opens\n    segment c\n    s often\n    t 3%\n\nchain d for s\n    send c",
        "C058",
    ),
    "what is best": ("optimize\n    maximize happiness\n    choose from a", "C037"),
    "when it starts": ("scenario\n    starts soon\n    seed 1\n\nchannel c\n    opens 3%\n    quiet on sunday", "C090"),
    "how long people are followed": (
        "scenario\n    runs fortnight\n    seed 1\n\nchain d\n    send a, wait 9 days\n    send b",
        "C073",
    ),
}
"""What a line would have said had it been read, and the fault of its absence."""


@pytest.mark.parametrize(("script", "code"), ECHOES.values(), ids=ECHOES)
def test_no_fault_is_an_echo_of_another(script: str, code: str) -> None:
    """The one fault is told alone; where the line is not there at all, its absence is."""
    script += CHANNELS + SEGMENTS
    (fault,) = faults(script)
    number = int(fault.split()[0]) - 2
    lines = script.split("\n")
    without = "\n".join([*lines[:number], *lines[number + 1 :]])
    assert code not in fault
    assert code in " ".join(faults(without))


def test_a_line_excuses_only_what_it_can_have_meant() -> None:
    """What its fault takes it for; and without a figure it says no length of time."""
    script = "scenario\n    {}\n    seed 1\n\nchain d\n    send a, wait 9 days\n    send b" + CHANNELS + SEGMENTS
    assert faults(script.format('weather "rain"')) == ["3 C163", "7 C073"]
    assert faults(script.format("currency EUR")) == ["3 C146", "7 C073"]
    assert faults(script.format("budget 500 EUR")) == ["3 C146", "7 C073"]
    assert faults(script.format("duration 10 days")) == ["3 C146"]
    assert faults(script.format("frobnicate 10 days")) == ["3 C163"]


def test_the_clock_is_told_of_on_a_line_that_could_be_read() -> None:
    script = "channel c\n    opens 3%\n    quiet 21:00 to 9:00\n\nchain d\n    send c\n    wait until 10:00\n    send c"
    assert faults(script + SEGMENTS) == ["4 C120", "8 C090"]


def test_another_block_stays_to_blame() -> None:
    """A faulty line excuses what it may have said, and nothing else."""
    script = (
        "segment c\n    people many\n\nsegment d\n    kinds 30% a x1.1\n\nsegment e\n    knds 30% a x1.1, the rest b"
    )
    assert [f for f in faults(script) if "C036" in f] == ["5 C036", "8 C036"]
