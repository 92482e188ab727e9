"""Whatever stands in a script, there is an answer: a model, or faults with a place. Never an exception."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadesim.language import examine_text, render
from cascadesim.language.codes import CODES
from cascadesim.language.grammar import words
from tests.language.mutations import mutated

GOOD = Path(__file__).parents[1] / "scripts" / "good"
SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = [path.read_text("utf-8") for path in sorted(SCENARIOS.glob("*.cascade"))]
TEXTS = [path.read_text("utf-8") for path in sorted(GOOD.rglob("*.cascade"))]
PIECES = [
    *sorted(words().values()), '"', '"text"', "34%", "0.34", "2 h", "12m", "0.045 EUR", "€5", "21:00", "2027-03-01",
    "x1.4", "10k", "EUR", "viber", "nobody", "\n", "\n    ", "\n        ", "\n  ", "\t", "#", " ", ":", "\u00a0", "é",
    "\\",
]  # fmt: skip


def holds_up(text: str, base: Path = GOOD) -> int:
    """Checks what is said of a text; returns how much that is."""
    reading = examine_text(text, base=base)
    assert (reading.script is None) == any(d.severity == "error" for d in reading.diagnostics)
    for diagnostic in reading.diagnostics:
        assert diagnostic.code in CODES
        assert render(diagnostic, reading.sources)
        if diagnostic.span is not None and diagnostic.span.file == "<text>":
            lines = re.sub("\r\n?", "\n", text.removeprefix("\ufeff")).split("\n")
            assert 1 <= diagnostic.span.line == diagnostic.span.end_line <= len(lines)
            assert 1 <= diagnostic.span.column <= diagnostic.span.end_column
            assert diagnostic.span.column <= len(lines[diagnostic.span.line - 1]) + 1
    return len(reading.diagnostics)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.data())
def test_a_script_with_a_slip(data: st.DataObject) -> None:
    """A good script, with a piece put in, taken out or doubled at a random place."""
    text = data.draw(st.sampled_from(TEXTS))
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.sampled_from([0, 0, 1, 2, 5, 20, 80]))
    holds_up(text[:start] + data.draw(st.sampled_from(["", *PIECES])) + text[start + length :])


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_words_in_any_order(pieces: list[str]) -> None:
    holds_up("cascade 1\n\n" + " ".join(pieces))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    holds_up(text)


@pytest.mark.parametrize("text", TEXTS)
def test_every_beginning_of_a_script(text: str) -> None:
    """As it is typed: cut off at some forty places, in the middle of words too."""
    for end in range(0, len(text), max(1, len(text) // 40)):
        holds_up(text[:end])


@pytest.mark.parametrize(
    "text",
    [
        "if " + "(" * 400 + "undelivered" + ")" * 400,
        "if " + "not " * 400 + "undelivered",
        "if undelivered" + " and undelivered" * 400,
        "send " + " and ".join(f"c{i}" for i in range(400)),
    ],
)
def test_long_lines(text: str) -> None:
    holds_up(f"cascade 1\n\nchain a\n    {text}\n        stop\n")
    holds_up(f"cascade 1\n\nchain a\n    {text}\n")


def test_deep_blocks() -> None:
    lines = ["cascade 1", "", "chain a"]
    lines += ["    " * (depth + 1) + "if undelivered" for depth in range(200)]
    holds_up("\n".join([*lines, "    " * 201 + "stop"]))


@pytest.mark.parametrize("group", range(20))
def test_shipped_scripts_with_one_thing_changed(group: int) -> None:
    """A hundred at a time; most of the changes are faults."""
    faulty = 0
    for number in range(100):
        draw = random.Random(100 * group + number)
        faulty += holds_up(mutated(draw.choice(SHIPPED), draw), SCENARIOS) > 0
    assert faulty >= 80
