"""Colours: every shipped script is taken apart without a remainder, and words are what they are."""

from __future__ import annotations

import re
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String

from cascadesim.language.grammar import GRAMMARS
from cascadesim.language.highlighting import textmate
from cascadesim.language.pygments_lexer import CascadeLexer
from cascadesim.language.words import word_table

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted([*(ROOT / "scenarios").rglob("*.cascade"), *(ROOT / "tests" / "scripts" / "good").rglob("*.cascade")])


def coloured(text: str) -> list[tuple[object, str]]:
    return [(token, value) for token, value in CascadeLexer().get_tokens(text) if value.strip()]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_nothing_in_a_script_is_unknown(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "".join(value for _, value in CascadeLexer().get_tokens(text)) == text
    assert [value for token, value in coloured(text) if token is Error] == []


def test_words_numbers_and_texts() -> None:
    heading = 'channel вайбер "Hi {first_name|there}\\n" # why\n'
    line = heading + "    opens of-day 34% measured on 4_200, half within 1 h 30 min\n"
    assert coloured(line) == [
        (Keyword, "channel"), (Name.Class, "вайбер"), (String.Double, '"'), (String.Double, "Hi "),
        (String.Interpol, "{first_name|there}"), (String.Escape, "\\n"), (String.Double, '"'),
        (Comment.Single, "# why"), (Name.Function, "opens"), (Name.Variable, "of-day"), (Number, "34%"),
        (Operator.Word, "measured"), (Operator.Word, "on"), (Number, "4_200"), (Operator, ","),
        (Operator.Word, "half"), (Operator.Word, "within"),
        (Number, "1 h 30 min"),
    ]  # fmt: skip


def test_a_text_that_is_never_closed_ends_with_its_line() -> None:
    assert coloured('subject "never closed\nstop\n')[-1] == (Keyword, "stop")


@pytest.mark.parametrize("word", word_table())
def test_every_word_has_a_colour_of_its_own(word: str) -> None:
    """In Pygments and in the TextMate grammar, and not as part of a longer name."""
    assert coloured(f" {word}\n")[0][0] is not Name.Variable
    assert coloured(f" {word}-1\n") == [(Name.Variable, f"{word}-1")]
    patterns = [(rule, re.sub(r"\\x\{(\w+)\}", r"\\u\1", rule["match"])) for rule in textmate()["patterns"][1:]]
    first = next(rule for rule, pattern in patterns if re.search(pattern, word))
    assert first["name"] != "variable.cascade"


def test_pygments_finds_the_lexer() -> None:
    """The entry point of the package names it."""
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (target,) = re.findall(r'\[project.entry-points."pygments.lexers"\]\ncascade = "(.*)"', declared)
    assert EntryPoint("cascade", target, "pygments.lexers").load() is CascadeLexer


def test_the_grammar_for_editors_ships_beside_the_grammar() -> None:
    assert (GRAMMARS / "cascade.tmLanguage.json").is_file()
