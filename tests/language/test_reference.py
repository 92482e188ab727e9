"""The language reference: its examples are read, and it leaves no word of the language out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cascadesim.language import examine_text
from cascadesim.language.grammar import GRAMMARS, parse, reserved_words, words

REFERENCE = (GRAMMARS / "README.md").read_text(encoding="utf-8")
SCRIPTS = re.findall(r"```cascade\n(.*?)```", REFERENCE, re.DOTALL)
GOOD = Path(__file__).parents[1] / "scripts" / "good"

_BLOCKS = {
    "At the top": "{}",
    "scenario": "scenario\n    {}",
    "channel": "channel a\n    {}",
    "segment": "segment a\n    {}",
    "message": "message a\n    {}",
    "chain": "chain a\n    {}",
    "optimize": "optimize\n    {}",
}


def examples() -> list[tuple[str, str]]:
    """Each example of a table, with the heading above it."""
    found, heading = [], ""
    for line in REFERENCE.split("\n"):
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        match = re.match(r"\| `(.+?)` \|", line)
        if match:
            found.append((heading, match[1].replace("\\|", "|")))
    return found


@pytest.mark.parametrize(("heading", "example"), examples())
def test_examples_are_read(heading: str, example: str) -> None:
    block = next(text for word, text in _BLOCKS.items() if heading.startswith(word))
    if example.startswith("cascade"):
        parse(f"{example}\n")
        return
    inner = f"{example}\n        stop" if example.startswith("if ") else example
    parse(f"cascade 1\n\n{block.format(inner)}\n")


@pytest.mark.parametrize("text", SCRIPTS)
def test_scripts_have_no_faults(text: str) -> None:
    assert examine_text(text, base=GOOD).diagnostics == ()


def test_no_word_is_left_out() -> None:
    known = {word for word in words().values() if word.isalpha()} - {"maximise", "minimise", "optimise"}
    assert known - set(re.findall(r"[a-z]+", REFERENCE)) == set()


def test_reserved_words_are_those_of_the_grammar() -> None:
    (listed,) = re.findall(r"because they may follow where a name may stand: `(.*?)`", REFERENCE, re.DOTALL)
    assert listed.split() == sorted(reserved_words())
