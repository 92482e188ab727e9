"""What may be written at a place: words that the grammar takes there, names of the right kind, units."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cascadesim.editor import complete, hover
from cascadesim.language import examine_text
from cascadesim.language.mentions import mentions
from cascadesim.language.statements import place
from cascadesim.language.words import Statement, statements, units, word_table

GOOD = Path(__file__).parents[1] / "scripts" / "good"
SCRIPT = """cascade 1

use viber from "shared/channels.cascade"

channel sms
    opens 3%

segment loyal
    people 10

message hello
    text "Hi"

chain first
    send sms
"""


def at(script: str) -> tuple[str, int, int]:
    """The text without the mark `|`, and the place where it stood."""
    before, _, after = script.partition("|")
    return before + after, before.count("\n"), len(before) - before.rfind("\n") - 1


def offered(lines: str, kind: str | None = None) -> list[str]:
    """What is offered at the mark in the lines behind the script."""
    found = complete(*at(f"{SCRIPT}{lines}"), base=GOOD)
    return [completion.text for completion in found if kind is None or completion.what == kind]


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("    send |", ["viber", "sms"]),
        ("    send sms and |", ["viber", "sms"]),
        ("    send sms saying |", ["hello"]),
        ("    send sms, wait 2 h or until viber opened, |", ["viber", "sms"]),
        ("    stop when |", ["viber", "sms"]),
        ("    if not |", ["viber", "sms"]),
        ("    if segment is |", ["loyal"]),
        ("    if segment is not |", ["loyal"]),
        ("    if segment is not one of loyal, |", ["loyal"]),
        ("    if (segment is loyal and |", ["viber", "sms"]),
        ("    if reachable on |", ["viber", "sms"]),
        ("\nchange |", ["viber", "sms"]),
        ('\nuse | from "shared/segments.cascade"', ["dormant"]),
        ("\nuse |", []),
        ("\nchain |", []),
        ("\nchain second for |", ["loyal"]),
        ("\nsegment new\n    opens |", ["viber", "sms"]),
        ("\nsegment new\n    reaches both viber and |", ["viber", "sms"]),
        ('\nsegment new\n    people from "c.csv" where tier is |', []),
        ("\nsegment new\n    kinds 3% |", []),
        ("\ntable opens\n    segment |", ["viber", "sms"]),
        ("\ntable opens\n    segment sms\n    |", ["loyal"]),
        ("\nmessage m\n    text on |", ["viber", "sms"]),
        ("\noptimize for |", ["loyal"]),
        ("\noptimize\n    choose from viber, |", ["viber", "sms"]),
        ("\noptimize\n    start with viber or |", ["viber", "sms"]),
        ("\noptimize\n    never viber after |", ["viber", "sms"]),
        ("\noptimize\n    keep coverage of |", ["loyal"]),
        ("\noptimize\n    keep messages on sms of |", ["loyal"]),
        ("\noptimize\n    covered when viber opened or |", ["viber", "sms"]),
        ("\noptimize\n    compare |", ["first"]),
        ("\noptimize\n    saying |", ["hello"]),
        ("\nscenario\n    quiet on holidays of |", []),
    ],
)
def test_names(lines: str, names: list[str]) -> None:
    assert offered(lines, "name") == names


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            "\n|",
            ["use", "scenario", "channel", "change", "message", "segment", "table", "chain", "optimize", "optimise"],
        ),
        ("    |", ["stop", "saying", "send", "wait", "if", "split"]),
        (
            "    if viber opened\n        send sms\n    |",
            ["stop", "saying", "send", "wait", "if", "otherwise", "split"],
        ),
        ("    if viber opened\n        |", ["stop", "send", "wait", "if", "split"]),
        (
            "    if viber opened\n        stop\n    otherwise\n        stop\n        |",
            ["stop", "send", "wait", "if", "split"],
        ),
        ("    split\n        |", ["the"]),
        ("    send sms, |", ["wait"]),
        ("    send sms, wa|it 2 h", ["wait"]),
        ("    wait until |", ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]),
        ("\nsegment new\n    people 330 |", ["per"]),
        ("\nchannel a\n    opens 3%, ha|", ["after", "curve", "half"]),
        ("    send sms # and |", []),
        ('    send sms saying "and |', []),
        ("    send send send |", []),
    ],
)
def test_words(lines: str, words: list[str]) -> None:
    assert sorted(offered(lines, "word")) == sorted(words)


def test_an_empty_script_begins_with_its_version() -> None:
    assert [c.text for c in complete("", 0, 0)] == ["cascade"]
    assert [c.text for c in complete("# a comment\n", 1, 0)] == ["cascade"]


def test_units() -> None:
    assert {"h", "min", "days"} <= set(offered("    send sms, wait 2 |", "unit"))
    assert offered("\nchannel a\n    costs 0.5 U|", "unit") == ["EUR"]
    assert offered("\nchannel b\n    costs 1 USD per message sent\n    costs 0.5 |", "unit") == ["USD"]
    assert offered("\nchannel a\n    opens 3|", "unit") == ["%"]
    assert offered("\noptimize\n    steps 1 |", "unit") == []


def test_a_broken_script_does_not_matter() -> None:
    """Neither faults above nor below, in this block or another."""
    broken = SCRIPT.replace("opens 3%", "opens 0,3 %").replace("text", "txet")
    found = complete(*at(f"{broken}    sned sms\n    stop wen\n    send vi|\n\noptimize\n  what\n"), base=GOOD)
    assert [c.text for c in found] == ["viber", "sms"]
    assert {(c.start, c.end) for c in found} == {(9, 11)}


def test_every_mention_could_have_been_completed() -> None:
    """In the script that uses every statement: each name, at its place, is among those offered, and is explained."""
    path = GOOD / "reference.cascade"
    text = path.read_text(encoding="utf-8")
    script = examine_text(text, path.name, GOOD).script
    assert script is not None
    checked = 0
    for thing in (*script.model.chains, *script.model.questions, *script.model.segments, *script.model.messages):
        for _, name in mentions(thing):
            span = place(name)
            if span is not None and span.file == path.name:
                where = (span.line - 1, span.column - 1)
                assert name in [c.text for c in complete(text, *where, path.name, GOOD)], span
                said = hover(text, *where, path.name, GOOD)
                assert said is not None
                assert said.markdown.startswith(f"**{name}**")
                checked += 1
    assert checked > 50


@pytest.mark.parametrize("statement", statements(), ids=lambda statement: statement.example[:40])
def test_every_word_of_every_example_is_offered_where_it_stands_and_explained(statement: Statement) -> None:
    for number, line in enumerate(statement.script.split("\n")):
        for match in re.finditer(r"(?<![\w-])[a-z]+(?![\w-])", re.sub('".*?"', lambda text: "_" * len(text[0]), line)):
            offered = {c.text: c for c in complete(statement.script, number, match.start())}
            said = hover(statement.script, number, match.start())
            if match[0] in units() and match[0] in offered and offered[match[0]].what == "unit":
                assert said is not None
                assert units()[match[0]].meaning in said.markdown
            elif match[0] in word_table():
                assert match[0] in offered
                assert said is not None
                assert word_table()[match[0]].meaning in said.markdown


@pytest.mark.parametrize("path", sorted(GOOD.rglob("*.cascade")), ids=lambda path: path.stem)
def test_there_is_an_answer_wherever_one_asks(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").replace("    send", "\tsend").replace(" when", "").split("\n")
    text = "\n".join(lines)
    for number in range(0, len(lines) + 2, 3):
        width = len(lines[number]) if number < len(lines) else 3
        for character in range(0, width + 3, 3):
            complete(text, number, character, base=GOOD)
            hover(text, number, character, base=GOOD)
